//! The one route table: what is not here does not exist, and nobody comes in
//! who is not named here. A test walks it for every role.

use crate::assets;
use crate::door::role::{
    ADMINISTRATION, ANYBODY, CLINIC, CLINICAL, DECIDING, LEADING, Roles, STAFF,
};
use crate::door::route::{Access, Handler, Note, Route, Scope, Verb};
use crate::pages::{
    account, checkin, clock, consent, diary, evaluate, evidence, health, import, knowledge,
    leaving, live, login, mail, note, outcomes, overrides, paper, patient, permission, plan,
    recover, referral, review, rmdq, safety, session, therapies, today, treat, users,
};

/// A form with answers.
const FORM: usize = 256 * 1024;
/// A record from outside.
const RECORD: usize = 16 * 1024 * 1024;

macro_rules! call {
    ($handler:path) => {
        |visit| Box::pin($handler(visit))
    };
}

const fn get(path: &'static str, access: Access, scope: Scope, handler: Handler) -> Route {
    Route {
        method: Verb::Get,
        path,
        access,
        scope,
        note: Note::Before,
        body: 0,
        handler,
    }
}

const fn post(path: &'static str, access: Access, scope: Scope, handler: Handler) -> Route {
    Route {
        method: Verb::Post,
        path,
        access,
        scope,
        note: Note::Before,
        body: FORM,
        handler,
    }
}

/// A page about nobody's record.
const fn page(path: &'static str, roles: Roles, handler: Handler) -> Route {
    get(path, Access::Of(roles), Scope::None, handler)
}

/// A form about nobody's record.
const fn form(path: &'static str, roles: Roles, handler: Handler) -> Route {
    post(path, Access::Of(roles), Scope::None, handler)
}

/// A page or document about a patient, for whoever works at the table.
const fn chart(path: &'static str, handler: Handler) -> Route {
    read(path, CLINICAL, handler)
}

/// Looks at a list of the clinic.
const fn list(path: &'static str, handler: Handler) -> Route {
    get(path, Access::Of(CLINIC), Scope::List, handler)
}

/// Enters something in one.
const fn enter(path: &'static str, handler: Handler) -> Route {
    post(path, Access::Of(CLINIC), Scope::List, handler)
}

/// Reads one patient's record.
const fn read(path: &'static str, roles: Roles, handler: Handler) -> Route {
    get(path, Access::Of(roles), Scope::Patient, handler)
}

/// Writes to one patient's record.
const fn write(path: &'static str, roles: Roles, handler: Handler) -> Route {
    post(path, Access::Of(roles), Scope::Patient, handler)
}

/// Tells the table to lower, or what was seen of its alarms: nothing waits for the record before it is told.
const fn lower(path: &'static str, handler: Handler) -> Route {
    Route {
        note: Note::After,
        ..write(path, CLINICAL, handler)
    }
}

/// A page's sign of life, several a second: no record is touched and no visit noted.
const fn life(path: &'static str, handler: Handler) -> Route {
    Route {
        note: Note::Never,
        ..write(path, CLINICAL, handler)
    }
}

const fn record(route: Route) -> Route {
    Route {
        body: RECORD,
        ..route
    }
}

const PUBLIC: Access = Access::Public;
const LINK: Access = Access::Link;
const NONE: Scope = Scope::None;

/// Every route.
pub const TABLE: &[Route] = &[
    get("/health", PUBLIC, NONE, call!(health::show)),
    get("/assets/{file}", PUBLIC, NONE, call!(assets::show)),
    get("/login", PUBLIC, NONE, call!(login::show)),
    post("/login", PUBLIC, NONE, call!(login::enter)),
    form("/logout", ANYBODY, call!(login::leave)),
    page("/account", ANYBODY, call!(account::show)),
    form("/account/password", ANYBODY, call!(account::change)),
    get("/c/{token}", LINK, NONE, call!(checkin::show)),
    post("/c/{token}", LINK, NONE, call!(checkin::answer)),
    post("/c/{token}/begun", LINK, NONE, call!(checkin::begin)),
    get("/", Access::Of(ANYBODY), Scope::List, call!(today::show)),
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
    post(
        "/import/by-hand",
        Access::Of(CLINIC),
        Scope::List,
        call!(import::by_hand),
    ),
    page("/knowledge", STAFF, call!(knowledge::show)),
    page("/knowledge/evidence", STAFF, call!(evidence::show)),
    page("/knowledge/rules/{rule}", STAFF, call!(knowledge::rule)),
    page("/knowledge/facts/{fact}", STAFF, call!(knowledge::fact)),
    page("/users", ADMINISTRATION, call!(users::show)),
    form("/users", ADMINISTRATION, call!(users::add)),
    form(
        "/users/{user}/password",
        ADMINISTRATION,
        call!(users::password),
    ),
    form("/users/{user}/close", ADMINISTRATION, call!(users::close)),
    page("/audit", ADMINISTRATION, call!(users::audit)),
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
    read("/patients/{patient}", CLINICAL, call!(patient::show)),
    read("/patients/{patient}/facts", CLINICAL, call!(import::facts)),
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
    write(
        "/patients/{patient}/referrals",
        DECIDING,
        call!(referral::sign),
    ),
    write(
        "/patients/{patient}/referrals/{referral}/close",
        CLINICAL,
        call!(referral::close),
    ),
    write(
        "/patients/{patient}/note/{visit}/sign",
        DECIDING,
        call!(note::sign),
    ),
    write(
        "/patients/{patient}/note/{visit}/add",
        DECIDING,
        call!(note::add),
    ),
    chart("/patients/{patient}/evaluate", call!(evaluate::show)),
    write(
        "/patients/{patient}/evaluate/answers",
        CLINICAL,
        call!(evaluate::answer),
    ),
    write(
        "/patients/{patient}/evaluate/denied",
        CLINICAL,
        call!(evaluate::deny),
    ),
    write(
        "/patients/{patient}/evaluate/decide",
        DECIDING,
        call!(evaluate::keep),
    ),
    write(
        "/patients/{patient}/evaluate/resolve",
        DECIDING,
        call!(evaluate::resolve),
    ),
    chart(
        "/patients/{patient}/permissions/{rule}",
        call!(permission::show),
    ),
    write(
        "/patients/{patient}/permissions/{rule}/override",
        DECIDING,
        call!(permission::go_on),
    ),
    write(
        "/patients/{patient}/permissions/{rule}/clearance",
        DECIDING,
        call!(permission::file),
    ),
    write(
        "/patients/{patient}/permissions/{rule}/withdraw",
        DECIDING,
        call!(permission::withdraw),
    ),
    read("/patients/{patient}/plan", CLINICAL, call!(plan::show)),
    chart("/patients/{patient}/plan/preview", call!(plan::preview)),
    write(
        "/patients/{patient}/plan/propose",
        DECIDING,
        call!(plan::propose),
    ),
    write("/patients/{patient}/plan/sign", DECIDING, call!(plan::sign)),
    chart("/patients/{patient}/consent", call!(consent::show)),
    write(
        "/patients/{patient}/consent",
        DECIDING,
        call!(consent::give),
    ),
    write(
        "/patients/{patient}/consent/withdraw",
        CLINICAL,
        call!(consent::withdraw),
    ),
    read("/patients/{patient}/treat", CLINICAL, call!(treat::show)),
    write(
        "/patients/{patient}/treat/arrival",
        CLINICAL,
        call!(treat::arrive),
    ),
    write(
        "/patients/{patient}/treat/start",
        CLINICAL,
        call!(treat::check),
    ),
    write(
        "/patients/{patient}/treat/switch",
        CLINICAL,
        call!(treat::test_switch),
    ),
    write("/patients/{patient}/treat/arm", DECIDING, call!(treat::arm)),
    chart(
        "/patients/{patient}/session/{session}",
        call!(session::show),
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
    write(
        "/patients/{patient}/session/{session}/end",
        CLINICAL,
        call!(session::end),
    ),
    write(
        "/patients/{patient}/session/{session}/close",
        DECIDING,
        call!(session::close),
    ),
    write(
        "/patients/{patient}/session/{session}/prepare",
        DECIDING,
        call!(session::prepare),
    ),
    write(
        "/patients/{patient}/session/{session}/confirm",
        DECIDING,
        call!(session::confirm),
    ),
    read(
        "/patients/{patient}/session/{session}/change",
        DECIDING,
        call!(session::preview),
    ),
    write(
        "/patients/{patient}/session/{session}/continue",
        DECIDING,
        call!(session::go_on),
    ),
    write(
        "/patients/{patient}/session/{session}/allow",
        DECIDING,
        call!(session::allow),
    ),
    write(
        "/patients/{patient}/session/{session}/control",
        DECIDING,
        call!(session::control),
    ),
    write(
        "/patients/{patient}/session/{session}/hand-over",
        DECIDING,
        call!(session::hand_over),
    ),
    write(
        "/patients/{patient}/session/{session}/keep",
        DECIDING,
        call!(session::keep),
    ),
    life(
        "/patients/{patient}/session/{session}/heartbeat",
        call!(session::heartbeat),
    ),
    write(
        "/patients/{patient}/session/{session}/explain",
        DECIDING,
        call!(session::explain),
    ),
    write(
        "/patients/{patient}/session/{session}/explained",
        DECIDING,
        call!(session::explained),
    ),
    write(
        "/patients/{patient}/session/{session}/simulate",
        CLINICAL,
        call!(session::simulate),
    ),
    chart(
        "/patients/{patient}/leaving/{session}",
        call!(leaving::show),
    ),
    write(
        "/patients/{patient}/leaving/{session}",
        CLINICAL,
        call!(leaving::close),
    ),
    chart("/patients/{patient}/recover", call!(recover::show)),
    write(
        "/patients/{patient}/recover/{session}/link",
        CLINICAL,
        call!(recover::link),
    ),
    chart(
        "/patients/{patient}/recover/{session}/enter",
        call!(recover::enter),
    ),
    write(
        "/patients/{patient}/recover/{session}/enter",
        CLINICAL,
        call!(recover::entered),
    ),
    read("/patients/{patient}/safety", CLINICAL, call!(safety::show)),
    write(
        "/patients/{patient}/safety/suspend",
        CLINICAL,
        call!(safety::suspend),
    ),
    write(
        "/patients/{patient}/suspensions/{suspension}/lift",
        DECIDING,
        call!(safety::lift),
    ),
    write(
        "/patients/{patient}/alerts/{alert}/acknowledge",
        CLINICAL,
        call!(safety::acknowledge),
    ),
    write("/patients/{patient}/adverse", CLINICAL, call!(safety::open)),
    write(
        "/patients/{patient}/adverse/{event}/note",
        CLINICAL,
        call!(safety::note),
    ),
    write(
        "/patients/{patient}/adverse/{event}/close",
        DECIDING,
        call!(safety::close),
    ),
    chart("/patients/{patient}/therapies", call!(therapies::show)),
    write(
        "/patients/{patient}/therapies",
        DECIDING,
        call!(therapies::record),
    ),
    read("/patients/{patient}/review", CLINICAL, call!(review::show)),
    write(
        "/patients/{patient}/review",
        DECIDING,
        call!(review::decide),
    ),
    write(
        "/patients/{patient}/review/scores",
        CLINICAL,
        call!(review::scores),
    ),
    chart("/patients/{patient}/review/rmdq", call!(rmdq::show)),
    write(
        "/patients/{patient}/review/rmdq",
        CLINICAL,
        call!(rmdq::count),
    ),
    write(
        "/patients/{patient}/discharge",
        DECIDING,
        call!(review::discharge),
    ),
    write(
        "/patients/{patient}/reopen",
        DECIDING,
        call!(review::reopen),
    ),
];
