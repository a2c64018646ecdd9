//! The one route table: what is not here does not exist, and nobody comes in
//! who is not named here. A test walks it for every role.

macro_rules! call {
    ($handler:path) => {
        |visit| Box::pin($handler(visit))
    };
}

mod kinds;
mod programs;
mod research;
mod systems;

use self::kinds::{
    ahead, chart, decide, enter, fill, form, get, glance, life, list, lower, mine, page, post,
    read, record, unlocked, write,
};
use self::programs::PROGRAMS;
use self::research::RESEARCH;
use self::systems::SYSTEMS;
use crate::assets;
use crate::door::role::{
    ADMINISTRATION, ANYBODY, CLINIC, CLINICAL, DECIDING, KEEPING, LEADING, PATIENT, STAFF,
};
use crate::door::route::{Access, Route, Scope};
use crate::pages::{
    account, audit, checkin, clients, clock, consent, contact, design, diary, evaluate, evidence,
    feed, former, forms, health, import, inbox, invite, keeping, knowledge, leaving, live, login,
    mail, mine, note, on_table, outcomes, overrides, paper, patient, permission, plan, recover,
    referral, restricted, review, rmdq, safety, second, session, therapies, today, treat, users,
    welcome,
};

const PUBLIC: Access = Access::Public;
const LINK: Access = Access::Link;
const NONE: Scope = Scope::None;

/// Every route.
pub const TABLE: &[Route] = &joined();

const PARTS: [&[Route]; 4] = [PROGRAMS, RESEARCH, SYSTEMS, PEOPLE];
const ALL: usize = PROGRAMS.len() + RESEARCH.len() + SYSTEMS.len() + PEOPLE.len();

const fn joined() -> [Route; ALL] {
    let mut all = [PEOPLE[0]; ALL];
    let (mut at, mut part, mut of_part) = (0, 0, 0);
    while at < ALL {
        if of_part == PARTS[part].len() {
            (part, of_part) = (part + 1, 0);
        } else {
            all[at] = PARTS[part][of_part];
            (at, of_part) = (at + 1, of_part + 1);
        }
    }
    all
}

/// The routes of people.
const PEOPLE: &[Route] = &[
    get("/health", PUBLIC, NONE, call!(health::show)),
    get("/assets/{file}", PUBLIC, NONE, call!(assets::show)),
    get("/login", PUBLIC, NONE, call!(login::show)),
    post("/login", PUBLIC, NONE, call!(login::enter)),
    get("/login/code", PUBLIC, NONE, call!(login::ask)),
    post("/login/code", PUBLIC, NONE, call!(login::prove)),
    form("/logout", ANYBODY, call!(login::leave)),
    page("/account", ANYBODY, call!(account::show)),
    page("/design", ANYBODY, call!(design::show)),
    form("/account/password", ANYBODY, call!(account::change)),
    page("/account/second-factor", ANYBODY, call!(second::show)),
    form("/account/second-factor", ANYBODY, call!(second::set)),
    form(
        "/account/second-factor/remove",
        ANYBODY,
        call!(second::remove),
    ),
    get("/c/", PUBLIC, NONE, call!(checkin::start)),
    get("/check-in-worker.js", PUBLIC, NONE, call!(assets::worker)),
    get(
        "/check-in.webmanifest",
        PUBLIC,
        NONE,
        call!(checkin::manifest),
    ),
    get("/c/{token}", LINK, NONE, call!(checkin::show)),
    post("/c/{token}", LINK, NONE, call!(checkin::answer)),
    post("/c/{token}/begun", LINK, NONE, call!(checkin::begin)),
    get("/feed/{token}", LINK, NONE, call!(feed::show)),
    get("/w/{token}", LINK, NONE, call!(welcome::show)),
    post("/w/{token}", LINK, NONE, call!(welcome::choose)),
    get("/t/{token}", LINK, NONE, call!(on_table::show)),
    get("/t/{token}/stream", LINK, NONE, call!(on_table::stream)),
    post("/t/{token}/stop", LINK, NONE, call!(on_table::stop)),
    post("/t/{token}/comfort", LINK, NONE, call!(on_table::comfort)),
    get("/", Access::Of(ANYBODY), Scope::List, call!(today::show)),
    glance("/inbox", call!(inbox::show)),
    glance("/renewed", call!(today::renewed)),
    list("/diary", call!(diary::show)),
    enter("/diary", call!(diary::book)),
    enter("/diary/{appointment}/move", call!(diary::change)),
    enter("/diary/{appointment}/mark", call!(diary::mark)),
    get(
        "/import",
        Access::Of(CLINICAL),
        Scope::List,
        call!(import::show),
    ),
    record(post(
        "/import",
        Access::Of(CLINICAL),
        Scope::List,
        call!(import::take),
    )),
    list("/register", call!(contact::register)),
    enter("/import/by-hand", call!(import::by_hand)),
    page("/knowledge", STAFF, call!(knowledge::show)),
    page("/knowledge/evidence", STAFF, call!(evidence::show)),
    page("/knowledge/rules/{rule}", STAFF, call!(knowledge::rule)),
    page("/knowledge/facts/{fact}", STAFF, call!(knowledge::fact)),
    page("/knowledge/forms/{form}", STAFF, call!(forms::show)),
    page("/users", ADMINISTRATION, call!(users::show)),
    form("/users", ADMINISTRATION, call!(users::add)),
    form(
        "/users/{user}/password",
        ADMINISTRATION,
        call!(users::password),
    ),
    form("/users/{user}/close", ADMINISTRATION, call!(users::close)),
    form("/users/{user}", ADMINISTRATION, call!(users::change)),
    form(
        "/users/{user}/second-factor",
        ADMINISTRATION,
        call!(users::forget_second),
    ),
    get(
        "/audit",
        Access::Of(ADMINISTRATION),
        Scope::List,
        call!(audit::show),
    ),
    page("/clients", ADMINISTRATION, call!(clients::show)),
    form("/clients", ADMINISTRATION, call!(clients::register)),
    form(
        "/clients/{client}/withdraw",
        ADMINISTRATION,
        call!(clients::withdraw),
    ),
    form(
        "/clients/{client}/keys",
        ADMINISTRATION,
        call!(clients::keys),
    ),
    page("/clock", LEADING, call!(clock::show)),
    form("/clock", LEADING, call!(clock::forward)),
    get("/mail", Access::Of(LEADING), Scope::List, call!(mail::show)),
    get(
        "/outcomes",
        Access::Of(DECIDING),
        Scope::List,
        call!(outcomes::show),
    ),
    get(
        "/overrides",
        Access::Of(LEADING),
        Scope::List,
        call!(overrides::show),
    ),
    mine("/patients/{patient}/mine", call!(mine::show)),
    mine("/patients/{patient}/mine/pdf", call!(paper::record)),
    mine("/patients/{patient}/mine/json", call!(mine::file)),
    mine("/patients/{patient}/mine/fhir", call!(keeping::fhir)),
    write(
        "/patients/{patient}/mine/check-in",
        PATIENT,
        call!(mine::check_in),
    ),
    unlocked(read(
        "/patients/{patient}/keeping",
        KEEPING,
        call!(keeping::show),
    )),
    read(
        "/patients/{patient}/keeping/json",
        KEEPING,
        call!(keeping::file),
    ),
    read(
        "/patients/{patient}/keeping/fhir",
        KEEPING,
        call!(keeping::fhir),
    ),
    unlocked(write(
        "/patients/{patient}/keeping/hold",
        KEEPING,
        call!(keeping::hold),
    )),
    unlocked(write(
        "/patients/{patient}/keeping/lift",
        KEEPING,
        call!(keeping::lift),
    )),
    unlocked(write(
        "/patients/{patient}/keeping/erase",
        KEEPING,
        call!(keeping::erase),
    )),
    unlocked(read(
        "/patients/{patient}/restriction",
        LEADING,
        call!(restricted::restriction),
    )),
    unlocked(write(
        "/patients/{patient}/restriction",
        LEADING,
        call!(restricted::restrict),
    )),
    unlocked(write(
        "/patients/{patient}/restriction/lift",
        LEADING,
        call!(restricted::lift),
    )),
    unlocked(read(
        "/patients/{patient}/emergency",
        CLINICAL,
        call!(restricted::emergency),
    )),
    unlocked(write(
        "/patients/{patient}/emergency",
        CLINICAL,
        call!(restricted::open),
    )),
    get(
        "/openings",
        Access::Of(KEEPING),
        Scope::List,
        call!(restricted::openings),
    ),
    post(
        "/openings/{opening}/review",
        Access::Of(KEEPING),
        Scope::List,
        call!(restricted::review),
    ),
    read("/patients/{patient}", CLINICAL, call!(patient::show)),
    read("/patients/{patient}/contact", CLINIC, call!(contact::show)),
    write(
        "/patients/{patient}/contact",
        CLINIC,
        call!(contact::change),
    ),
    chart("/patients/{patient}/account", call!(invite::show)),
    fill("/patients/{patient}/account", call!(invite::make)),
    fill("/patients/{patient}/account/close", call!(invite::close)),
    read("/patients/{patient}/facts", CLINICAL, call!(import::facts)),
    record(fill("/patients/{patient}/answers", call!(forms::take))),
    chart("/patients/{patient}/note/{visit}", call!(note::show)),
    chart("/patients/{patient}/note/{visit}/pdf", call!(paper::note)),
    chart(
        "/patients/{patient}/evaluation/pdf",
        call!(paper::evaluation),
    ),
    chart("/patients/{patient}/check-in/pdf", call!(paper::form)),
    chart(
        "/patients/{patient}/session/{session}/pdf",
        call!(paper::session),
    ),
    chart("/patients/{patient}/course/pdf", call!(paper::course)),
    chart(
        "/patients/{patient}/adverse/{event}/pdf",
        call!(paper::adverse),
    ),
    chart(
        "/patients/{patient}/referrals/{referral}/pdf",
        call!(paper::referral),
    ),
    chart("/patients/{patient}/referrals", call!(referral::show)),
    decide("/patients/{patient}/referrals", call!(referral::sign)),
    fill(
        "/patients/{patient}/referrals/{referral}/close",
        call!(referral::close),
    ),
    decide("/patients/{patient}/note/{visit}/sign", call!(note::sign)),
    decide("/patients/{patient}/note/{visit}/add", call!(note::add)),
    chart("/patients/{patient}/evaluate", call!(evaluate::show)),
    fill(
        "/patients/{patient}/evaluate/answers",
        call!(evaluate::answer),
    ),
    ahead(
        "/patients/{patient}/evaluate/preview",
        call!(evaluate::preview),
    ),
    fill("/patients/{patient}/evaluate/denied", call!(evaluate::deny)),
    decide("/patients/{patient}/evaluate/decide", call!(evaluate::keep)),
    decide(
        "/patients/{patient}/evaluate/resolve",
        call!(evaluate::resolve),
    ),
    chart(
        "/patients/{patient}/permissions/{rule}",
        call!(permission::show),
    ),
    decide(
        "/patients/{patient}/permissions/{rule}/override",
        call!(permission::go_on),
    ),
    decide(
        "/patients/{patient}/permissions/{rule}/clearance",
        call!(permission::file),
    ),
    decide(
        "/patients/{patient}/permissions/{rule}/withdraw",
        call!(permission::withdraw),
    ),
    chart(
        "/patients/{patient}/decisions/{entry}",
        call!(former::decision),
    ),
    chart("/patients/{patient}/plans/{entry}", call!(former::plan)),
    read("/patients/{patient}/plan", CLINICAL, call!(plan::show)),
    chart("/patients/{patient}/plan/preview", call!(plan::preview)),
    decide("/patients/{patient}/plan/propose", call!(plan::propose)),
    write("/patients/{patient}/plan/sign", DECIDING, call!(plan::sign)),
    chart("/patients/{patient}/consent", call!(consent::show)),
    chart("/patients/{patient}/consent/pdf", call!(paper::consent)),
    decide("/patients/{patient}/consent", call!(consent::give)),
    fill(
        "/patients/{patient}/consent/withdraw",
        call!(consent::withdraw),
    ),
    read("/patients/{patient}/treat", CLINICAL, call!(treat::show)),
    fill("/patients/{patient}/treat/arrival", call!(treat::arrive)),
    fill("/patients/{patient}/treat/start", call!(treat::check)),
    fill(
        "/patients/{patient}/treat/switch",
        call!(treat::test_switch),
    ),
    write("/patients/{patient}/treat/arm", DECIDING, call!(treat::arm)),
    chart(
        "/patients/{patient}/session/{session}",
        call!(session::show),
    ),
    chart(
        "/patients/{patient}/session/{session}/patient",
        call!(on_table::link),
    ),
    chart(
        "/patients/{patient}/session/{session}/stream",
        call!(live::stream),
    ),
    lower(
        "/patients/{patient}/session/{session}/stop",
        call!(session::stop),
    ),
    lower(
        "/patients/{patient}/session/{session}/pause",
        call!(session::pause),
    ),
    lower(
        "/patients/{patient}/session/{session}/lower",
        call!(session::lower),
    ),
    lower(
        "/patients/{patient}/session/{session}/no-increase",
        call!(session::no_increase),
    ),
    lower(
        "/patients/{patient}/session/{session}/comfort",
        call!(session::comfort),
    ),
    lower(
        "/patients/{patient}/session/{session}/well",
        call!(session::well),
    ),
    lower(
        "/patients/{patient}/session/{session}/symptom",
        call!(session::symptom),
    ),
    lower(
        "/patients/{patient}/session/{session}/monitor",
        call!(session::monitor),
    ),
    lower(
        "/patients/{patient}/session/{session}/ack",
        call!(session::ack),
    ),
    lower(
        "/patients/{patient}/session/{session}/silence",
        call!(session::silence),
    ),
    fill(
        "/patients/{patient}/session/{session}/end",
        call!(session::end),
    ),
    decide(
        "/patients/{patient}/session/{session}/close",
        call!(session::close),
    ),
    decide(
        "/patients/{patient}/session/{session}/prepare",
        call!(session::prepare),
    ),
    decide(
        "/patients/{patient}/session/{session}/confirm",
        call!(session::confirm),
    ),
    read(
        "/patients/{patient}/session/{session}/change",
        DECIDING,
        call!(session::preview),
    ),
    decide(
        "/patients/{patient}/session/{session}/continue",
        call!(session::go_on),
    ),
    decide(
        "/patients/{patient}/session/{session}/allow",
        call!(session::allow),
    ),
    decide(
        "/patients/{patient}/session/{session}/control",
        call!(session::control),
    ),
    decide(
        "/patients/{patient}/session/{session}/hand-over",
        call!(session::hand_over),
    ),
    decide(
        "/patients/{patient}/session/{session}/keep",
        call!(session::keep),
    ),
    life(
        "/patients/{patient}/session/{session}/heartbeat",
        call!(session::heartbeat),
    ),
    decide(
        "/patients/{patient}/session/{session}/explain",
        call!(session::explain),
    ),
    decide(
        "/patients/{patient}/session/{session}/explained",
        call!(session::explained),
    ),
    fill(
        "/patients/{patient}/session/{session}/simulate",
        call!(session::simulate),
    ),
    chart(
        "/patients/{patient}/leaving/{session}",
        call!(leaving::show),
    ),
    fill(
        "/patients/{patient}/leaving/{session}",
        call!(leaving::close),
    ),
    chart("/patients/{patient}/recover", call!(recover::show)),
    fill(
        "/patients/{patient}/recover/{session}/link",
        call!(recover::link),
    ),
    chart(
        "/patients/{patient}/recover/{session}/enter",
        call!(recover::enter),
    ),
    fill(
        "/patients/{patient}/recover/{session}/enter",
        call!(recover::entered),
    ),
    read("/patients/{patient}/safety", CLINICAL, call!(safety::show)),
    fill("/patients/{patient}/safety/suspend", call!(safety::suspend)),
    decide(
        "/patients/{patient}/suspensions/{suspension}/lift",
        call!(safety::lift),
    ),
    fill(
        "/patients/{patient}/alerts/{alert}/acknowledge",
        call!(safety::acknowledge),
    ),
    write("/patients/{patient}/adverse", CLINICAL, call!(safety::open)),
    fill(
        "/patients/{patient}/adverse/{event}/note",
        call!(safety::note),
    ),
    decide(
        "/patients/{patient}/adverse/{event}/close",
        call!(safety::close),
    ),
    chart("/patients/{patient}/therapies", call!(therapies::show)),
    decide("/patients/{patient}/therapies", call!(therapies::record)),
    read("/patients/{patient}/review", CLINICAL, call!(review::show)),
    decide("/patients/{patient}/review", call!(review::decide)),
    fill("/patients/{patient}/review/scores", call!(review::scores)),
    chart("/patients/{patient}/review/rmdq", call!(rmdq::show)),
    fill("/patients/{patient}/review/rmdq", call!(rmdq::count)),
    decide("/patients/{patient}/discharge", call!(review::discharge)),
    decide("/patients/{patient}/reopen", call!(review::reopen)),
];
