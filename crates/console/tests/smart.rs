//! Annulus opened from another record system: what is asked there, and what is taken.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use care::episode::Role;
use console::clinic::Wanted;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::audit::log;
use crate::browser::{Browser, House, PASSWORD, Page, encode};
use crate::ehr::{CLIENT, Ehr, TOKEN, page, weight};

/// A clinic at which a record system is registered.
pub(crate) async fn met() -> (House, Ehr, Uuid) {
    let (house, ehr) = (House::staffed().await, Ehr::open().await);
    let system = register(&house, &ehr.base()).await;
    (house, ehr, system)
}

pub(crate) async fn register(house: &House, base: &str) -> Uuid {
    let clinic = &house.server.app().clinic;
    let ours = (CLIENT, console::smart::ASKED);
    let made = clinic.register_system(Uuid::nil(), ("The hospital", base), ours);
    made.await.unwrap().id
}

pub(crate) fn query(text: &str) -> BTreeMap<String, String> {
    let query = text.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// Asks for the launch and returns what the browser takes to the record system.
pub(crate) async fn begin(
    browser: &mut Browser,
    issuer: &str,
) -> Result<BTreeMap<String, String>, Page> {
    let path = format!(
        "/launch/begin?{}",
        encode(&[("iss", issuer), ("launch", "l-1")])
    );
    let page = browser.get(&path).await;
    if page.status != StatusCode::OK {
        return Err(page);
    }
    let to = page
        .after("http-equiv=\"refresh\"", "content")
        .replace("&#38;", "&");
    Ok(query(&to))
}

/// Comes back with a code.
pub(crate) async fn back(browser: &mut Browser, state: &str) -> Page {
    let path = format!(
        "/launch/back?{}",
        encode(&[("code", "c-1"), ("state", state)])
    );
    browser.get(&path).await
}

/// A whole launch, with a token that `change` makes another.
pub(crate) async fn launch(
    browser: &mut Browser,
    ehr: &Ehr,
    change: impl FnOnce(&mut Value),
) -> Page {
    let asked = begin(browser, &ehr.base()).await.unwrap();
    ehr.grants(&asked["nonce"], change);
    back(browser, &asked["state"]).await
}

pub(crate) async fn take(browser: &mut Browser, page: &Page) -> Page {
    let value = |name: &str| page.after(&format!("name=\"{name}\""), "value");
    let (offer, record) = (value("offer"), value("record"));
    let fields = [
        ("offer", &*offer),
        ("record", &*record),
        ("region", "lumbar"),
    ];
    browser.post("/launch/take", &fields).await
}

pub(crate) async fn patients(house: &House) -> usize {
    house.server.app().clinic.patients().await.unwrap().len()
}

/// It was refused for this, and nobody came of it.
pub(crate) async fn refused(house: &House, page: &Page, code: &str, at: &str) {
    assert_eq!(
        page.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "{at}: {}",
        page.body
    );
    assert_eq!(page.code(), code, "{at}: {}", page.body);
    assert!(!page.body.contains(TOKEN), "{at}");
    assert_eq!(patients(house).await, 0, "{at}");
}

#[tokio::test]
async fn a_launch_reads_a_record_shows_it_and_a_second_one_brings_what_is_new() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let shown = launch(&mut browser, &ehr, |_| ()).await;
    shown
        .shows("Ida Launched")
        .shows("Osteoporosis")
        .shows("70.5")
        .shows("Practitioner/u1")
        .shows("Procedure");
    assert_eq!(patients(&house).await, 0, "looking takes nothing");
    let taken = take(&mut browser, &shown).await;
    let record = taken.location().to_owned();
    assert!(record.starts_with("/patients/"), "{}", taken.body);
    assert_eq!(patients(&house).await, 1);

    let again = launch(&mut browser, &ehr, |_| ()).await;
    let known = record.split('?').next().unwrap();
    assert_eq!(again.location(), format!("{known}?said=launched-nothing"));

    let weights = [
        weight("w1", 70.5, "2026-01-02"),
        weight("w2", 69.0, "2026-02-03"),
    ];
    ehr.says("Observation", 200, &page(&weights));
    let more = launch(&mut browser, &ehr, |_| ()).await;
    more.shows("One fact is new").shows("69").shows(known);
    let taken = take(&mut browser, &more).await;
    assert!(taken.location().starts_with(known), "{}", taken.body);
    assert_eq!(patients(&house).await, 1, "nobody is registered twice");
    browser
        .get(&format!("{known}/facts"))
        .await
        .shows("69")
        .shows("70.5");

    assert!(!browser.all.contains(TOKEN), "no page shows the token");
    let lines = log(&house, Wanted::default()).await;
    let of = |route: &str| {
        lines
            .iter()
            .filter(|line| line.access.route == route)
            .count()
    };
    assert_eq!(
        (of("/launch/take"), of("/launch/back") > 0),
        (4, true),
        "two notes each"
    );
    assert!(journal_lacks(&house, TOKEN), "and none is stored");
}

/// No file of the store holds the text.
fn journal_lacks(house: &House, text: &str) -> bool {
    let files = std::fs::read_dir(house.folder.path()).unwrap();
    files
        .filter_map(Result::ok)
        .filter(|file| file.path().is_file())
        .all(|file| {
            let bytes = std::fs::read(file.path()).unwrap();
            !bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        })
}

#[tokio::test]
async fn what_is_asked_for_is_bound_to_this_launch_and_proved_with_pkce() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let asked = begin(&mut browser, &format!("{}/", ehr.base()))
        .await
        .unwrap();
    let says = |name: &str| asked[name].as_str();
    assert_eq!((says("response_type"), says("client_id")), ("code", CLIENT));
    assert_eq!(says("redirect_uri"), "http://127.0.0.1/launch/callback");
    assert_eq!(
        (says("launch"), says("aud")),
        ("l-1", &*format!("{}/", ehr.base()))
    );
    assert_eq!(
        says("scope").split(' ').count(),
        console::smart::ASKED
            .split(' ')
            .filter(|s| !s.is_empty())
            .count()
    );
    assert_eq!(says("code_challenge_method"), "S256");
    let other = begin(&mut browser, &ehr.base()).await.unwrap();
    for once in ["state", "nonce", "code_challenge"] {
        assert!(
            asked[once].len() >= 32 && asked[once] != other[once],
            "{once}"
        );
    }
    ehr.grants(&asked["nonce"], |_| ());
    ehr.asked();
    back(&mut browser, &asked["state"])
        .await
        .shows("Ida Launched");
    let heard = ehr.asked();
    let token = heard.iter().find(|one| one.what == "POST /token").unwrap();
    let sent = query(&format!("?{}", token.body));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(sent["code_verifier"].as_bytes()));
    assert_eq!(challenge, asked["code_challenge"]);
    assert_eq!((&*sent["client_id"], &*sent["code"]), (CLIENT, "c-1"));
    assert_eq!(token.authorization, None, "a public client has no secret");
    let read = heard
        .iter()
        .filter(|one| one.what.contains("/fhir/") && !one.what.contains("well-known"));
    for one in read {
        assert_eq!(
            one.authorization.as_deref(),
            Some(&*format!("Bearer {TOKEN}")),
            "{}",
            one.what
        );
    }
}

#[tokio::test]
async fn a_secret_stands_in_a_file_that_nobody_else_reads_and_goes_as_basic() {
    let (house, ehr, system) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let clinic = &house.server.app().clinic;
    let file = clinic.secret_file(system);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "hush\n").unwrap();
    let open = clinic.system_secret(system).unwrap_err();
    assert_eq!(open.code, "secret-is-open");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    launch(&mut browser, &ehr, |_| ())
        .await
        .shows("Ida Launched");
    let heard = ehr.asked();
    let token = heard.iter().find(|one| one.what == "POST /token").unwrap();
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{CLIENT}:hush"));
    assert_eq!(
        token.authorization.as_deref(),
        Some(&*format!("Basic {basic}"))
    );
    assert!(!token.body.contains("hush"));
}

#[tokio::test]
async fn a_launch_logs_nobody_in_and_waits_for_who_does() {
    let (house, ehr, _) = met().await;
    let mut browser = house.browser();
    // A browser that another site sends here brings no cookie: the page looks nothing up.
    let asked = encode(&[("iss", &ehr.base()), ("launch", "l-1")]);
    let page = browser.get(&format!("/launch?{asked}")).await;
    page.shows("http-equiv=\"refresh\"");
    assert!(ehr.asked().is_empty());
    let to = page
        .after("http-equiv=\"refresh\"", "content")
        .replace("&#38;", "&");
    let begin = to.strip_prefix("0;url=").unwrap();
    let login = browser.get(begin).await;
    assert!(
        login
            .location()
            .starts_with("/login?then=%2Flaunch%2Fbegin"),
        "{}",
        login.status
    );
    assert!(
        ehr.asked().is_empty(),
        "nobody is asked before somebody is logged in"
    );
    let fields = [
        ("login", "practitioner"),
        ("password", PASSWORD),
        ("then", begin),
    ];
    browser.get("/login").await;
    let onward = browser.post("/login", &fields).await;
    assert_eq!(onward.location(), begin);
    browser.get(begin).await.shows("code_challenge");
    for role in [Role::FrontDesk, Role::Administrator, Role::Researcher] {
        let page = house.as_role(role).await.get(begin).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{role:?}");
    }
}

#[tokio::test]
async fn what_is_not_granted_is_not_asked_for_and_said() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let fewer = "launch patient/Patient.r patient/Condition.rs";
    let page = launch(&mut browser, &ehr, |token| {
        token["scope"] = json!(fewer);
        token.as_object_mut().unwrap().remove("id_token");
    })
    .await;
    page.shows("Ida Launched")
        .shows("Observation")
        .shows("Not given by the record system");
    assert!(!page.body.contains("70.5"));
    let asked = ehr.asked();
    assert!(
        asked
            .iter()
            .any(|one| one.what.contains("/fhir/Condition?patient=p1"))
    );
    assert!(!asked.iter().any(|one| one.what.contains("Observation")));
}

#[tokio::test]
async fn pages_of_the_same_server_are_followed() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let mut first = page(&[weight("w1", 70.5, "2026-01-02")]);
    let next = format!("{}?_getpages=2", ehr.base());
    first["link"] = json!([{ "relation": "next", "url": next }]);
    ehr.says("Observation", 200, &first);
    ehr.at(
        "/fhir?_getpages=2",
        200,
        &page(&[weight("w2", 69.0, "2026-02-03")]),
    );
    launch(&mut browser, &ehr, |_| ())
        .await
        .shows("70.5")
        .shows("69");
}

#[tokio::test]
async fn what_was_read_is_taken_as_it_was_once_and_by_who_read_it() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let mut other = house.as_role(Role::ClinicalLead).await;
    let shown = launch(&mut browser, &ehr, |_| ()).await;
    let page = take(&mut other, &shown).await;
    refused(&house, &page, "launch-offer", "another login").await;
    let offer = shown.after("name=\"offer\"", "value");
    let record = shown.after("name=\"record\"", "value");
    let altered = format!("{record}A");
    let fields = [
        ("offer", &*offer),
        ("record", &*altered),
        ("region", "lumbar"),
    ];
    let page = browser.post("/launch/take", &fields).await;
    refused(&house, &page, "launch-offer", "altered").await;
    let page = take(&mut browser, &shown).await;
    refused(&house, &page, "launch-offer", "after that").await;

    let shown = launch(&mut browser, &ehr, |_| ()).await;
    assert_eq!(
        take(&mut browser, &shown).await.status,
        StatusCode::SEE_OTHER
    );
    let page = take(&mut browser, &shown).await;
    assert_eq!(page.code(), "launch-offer", "twice");
    assert_eq!(patients(&house).await, 1);
}

#[tokio::test]
async fn a_restricted_record_stays_closed_to_who_is_not_in_its_team() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let shown = launch(&mut browser, &ehr, |_| ()).await;
    take(&mut browser, &shown).await;
    let clinic = &house.server.app().clinic;
    let patient = clinic.patients().await.unwrap()[0].id;
    let lead = clinic
        .user_by_login("clinical-lead")
        .await
        .unwrap()
        .unwrap()
        .id;
    clinic
        .restrict(lead, patient, [lead].into(), "A colleague is treated here.")
        .await
        .unwrap();
    ehr.says(
        "Observation",
        200,
        &page(&[weight("w2", 69.0, "2026-02-03")]),
    );
    let closed = launch(&mut browser, &ehr, |_| ()).await;
    assert_eq!(closed.code(), "record-restricted", "{}", closed.body);
    assert!(!closed.body.contains("Ida Launched"));
    let mut member = house.as_role(Role::ClinicalLead).await;
    launch(&mut member, &ehr, |_| ())
        .await
        .shows("One fact is new");
}

#[tokio::test]
async fn an_administrator_registers_a_record_system_and_withdraws_it() {
    let (house, ehr) = (House::staffed().await, Ehr::open().await);
    let mut admin = house.as_role(Role::Administrator).await;
    let base = ehr.base();
    admin
        .get("/systems")
        .await
        .shows("http://127.0.0.1/launch/callback");
    let good = [
        ("name", "The hospital"),
        ("base", &*base),
        ("client_id", CLIENT),
        ("scopes", console::smart::ASKED),
    ];
    for (place, value, code) in [
        ("name", &*"x".repeat(201), "system-name"),
        ("base", "http://ehr.example/fhir", "system-base"),
        ("client_id", "a\u{7}b", "system-name"),
        (
            "scopes",
            "launch patient/Patient.r user/*.rs",
            "scope-unasked",
        ),
    ] {
        let fields = good.map(|(name, kept)| (name, if name == place { value } else { kept }));
        let page = admin.post("/systems", &fields).await;
        assert_eq!(page.code(), code, "{place}: {}", page.body);
    }
    admin.post("/systems", &good).await.ok();
    let listed = admin.get("/systems").await;
    listed
        .shows("The hospital")
        .shows(&base)
        .shows("Public client");
    assert_eq!(admin.post("/systems", &good).await.code(), "system-known");
    let mut browser = house.as_role(Role::Practitioner).await;
    assert!(begin(&mut browser, &base).await.is_ok());
    let id = listed.after("data-system=", "data-system");
    admin
        .post(&format!("/systems/{id}/withdraw"), &[])
        .await
        .ok();
    assert!(begin(&mut browser, &base).await.is_err());
    admin.get("/systems").await.shows("withdrawn");
    let lines = log(&house, Wanted::default()).await;
    let noted = lines
        .iter()
        .filter(|line| line.access.route.starts_with("/systems"));
    assert!(noted.count() >= 2);
}
