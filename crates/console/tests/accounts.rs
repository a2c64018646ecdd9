//! Accounts: what an administrator keeps of a colleague, passwords that somebody else chose, and
//! the second factor.

use axum::http::StatusCode;
use care::episode::{Licence, Role};
use console::clinic::{ColleagueSet, NewUser, User};
use console::door::totp;
use data_encoding::BASE32_NOPAD;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::browser::{Browser, House, PASSWORD, Page};

/// The device of a test: it was given a secret and knows the time.
pub(crate) struct Device(totp::Secret);

impl Device {
    pub(crate) fn code(&self, steps: i64) -> String {
        let step = Timestamp::now().as_second() / 30 + steps;
        totp::code(&self.0, u64::try_from(step).unwrap())
    }
}

async fn user(house: &House, login: &str) -> User {
    let clinic = &house.server.app().clinic;
    clinic.user_by_login(login).await.unwrap().unwrap()
}

/// Sets a second factor up, and tells its device and its codes on paper.
pub(crate) async fn secured(browser: &mut Browser) -> (Device, Vec<String>) {
    let page = browser.get("/account/second-factor").await.ok();
    let nonce = page.after("name=\"nonce\"", "value");
    let typed = page.body.split_once("second-secret\">").unwrap().1;
    let secret = BASE32_NOPAD.decode(typed.split_once('<').unwrap().0.as_bytes());
    let device = Device(secret.unwrap().try_into().unwrap());
    let code = device.code(-1);
    let fields = [
        ("nonce", nonce.as_str()),
        ("code", &code),
        ("password", PASSWORD),
    ];
    let page = browser.post("/account/second-factor", &fields).await.ok();
    let list = page.body.split("<li><code>").skip(1);
    let codes = list.map(|rest| rest.split_once('<').unwrap().0.to_owned());
    (device, codes.collect())
}

pub(crate) async fn with_code(browser: &mut Browser, code: &str) -> Page {
    browser.login("assistant", PASSWORD).await;
    browser.get("/login/code").await;
    browser.post("/login/code", &[("code", code)]).await
}

#[tokio::test]
async fn a_second_factor_is_asked_for_once_its_device_showed_that_it_has_it() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Assistant).await;
    let page = browser.get("/account/second-factor").await.ok();
    let nonce = page.after("name=\"nonce\"", "value");
    for (code, password) in [("000000", PASSWORD), ("000000", "not the password")] {
        let fields = [
            ("nonce", nonce.as_str()),
            ("code", code),
            ("password", password),
        ];
        let page = browser.post("/account/second-factor", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert!(user(&house, "assistant").await.second.is_none());

    let (device, paper) = secured(&mut browser).await;
    assert_eq!(paper.len(), 10);
    assert_eq!(browser.get("/").await.location(), "/login", "logged out");
    let page = browser.login("assistant", PASSWORD).await;
    assert_eq!(page.location(), "/login/code");
    assert_eq!(
        browser.get("/").await.location(),
        "/login",
        "a password alone"
    );
    let code = device.code(0);
    assert_eq!(with_code(&mut browser, &code).await.location(), "/");
    browser.get("/").await.ok();
}

#[tokio::test]
async fn no_code_counts_twice_and_a_lost_device_has_codes_on_paper() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Assistant).await;
    let (device, paper) = secured(&mut browser).await;
    // The code that set it up, and one that was used.
    let (spent, code) = (device.code(-1), device.code(0));
    assert_eq!(
        with_code(&mut browser, &spent).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(with_code(&mut browser, &code).await.location(), "/");
    let mut other = house.browser();
    assert_eq!(
        with_code(&mut other, &code).await.status,
        StatusCode::UNAUTHORIZED
    );
    let written = paper[3].to_uppercase().replace('-', " ");
    assert_eq!(with_code(&mut other, &written).await.location(), "/");
    let mut third = house.browser();
    assert_eq!(
        with_code(&mut third, &paper[3]).await.status,
        StatusCode::UNAUTHORIZED
    );
    other
        .get("/account/second-factor")
        .await
        .ok()
        .shows("9 codes on paper are left");
}

/// Whoever sits down at an open page and knows the password has no code of the device: theirs
/// does not take its place.
#[tokio::test]
async fn another_device_takes_no_place_without_a_code_of_the_first() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Assistant).await;
    let (device, _) = secured(&mut browser).await;
    with_code(&mut browser, &device.code(0)).await;
    browser.get("/account").await.ok();
    let user = user(&house, "assistant").await;
    let clinic = &house.server.app().clinic;
    let offer = clinic.offer_second(&user, None);
    let secret = BASE32_NOPAD.decode(offer.typed.as_bytes()).unwrap();
    let other = Device(secret.try_into().unwrap());
    let code = other.code(0);
    let fields = [
        ("nonce", offer.nonce.as_str()),
        ("code", &code),
        ("password", PASSWORD),
    ];
    let page = browser.post("/account/second-factor", &fields).await;
    assert_eq!(page.code(), "second-factor-there");
    let path = "/account/second-factor/remove";
    let wrong = [("code", code.as_str()), ("password", PASSWORD)];
    assert_eq!(browser.post(path, &wrong).await.code(), "code-wrong");
    let code = device.code(1);
    let right = [("code", code.as_str()), ("password", PASSWORD)];
    browser.post(path, &right).await.ok();
    assert_eq!(browser.login("assistant", PASSWORD).await.location(), "/");
}

#[tokio::test]
async fn wrong_codes_make_who_knows_the_password_wait_wherever_they_are() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Assistant).await;
    let (device, _) = secured(&mut browser).await;
    for _ in 0..5 {
        let mut anywhere = house.browser();
        let page = with_code(&mut anywhere, "000000").await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    let page = with_code(&mut browser, &device.code(1)).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    // Nobody else waits, and the password does not.
    house.as_role(Role::Practitioner).await.get("/").await.ok();
}

#[tokio::test]
async fn half_a_login_opens_nothing_and_ends_with_the_password() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Assistant).await;
    let (device, _) = secured(&mut browser).await;
    browser.login("assistant", PASSWORD).await;
    browser.get("/login/code").await.ok();
    let user = user(&house, "assistant").await;
    let clinic = &house.server.app().clinic;
    let new = "another password of theirs".to_owned();
    clinic
        .set_password(user.id, &user, new, false)
        .await
        .unwrap();
    let page = browser
        .post("/login/code", &[("code", &device.code(0))])
        .await;
    assert_eq!(page.location(), "/login");
    for made_up in [
        "",
        "x",
        &"0".repeat(74),
        &format!("{}ffffffffff{}", user.id.simple(), "0".repeat(32)),
    ] {
        browser
            .cookies
            .insert("annulus-half".into(), made_up.into());
        assert_eq!(
            browser.get("/login/code").await.location(),
            "/login",
            "{made_up}"
        );
    }
}

#[tokio::test]
async fn a_clinic_that_asks_for_a_second_factor_opens_nothing_without_one() {
    let house = House::open(|options| options.second_factor = true).await;
    house.hire(Role::Practitioner).await;
    house.hire(Role::Assistant).await;
    let mut browser = house.browser();
    let page = browser.login("assistant", PASSWORD).await;
    assert_eq!(page.location(), "/account/second-factor");
    assert_eq!(browser.get("/").await.location(), "/account/second-factor");
    let patient = house.pat(si::Region::Lumbar).await;
    let stop = format!("/patients/{patient}/session/{}/stop", Uuid::nil());
    let page = browser.post(&stop, &[]).await;
    assert_ne!(
        page.location(),
        "/account/second-factor",
        "STOP asks for nothing"
    );
    let (device, _) = secured(&mut browser).await;
    with_code(&mut browser, &device.code(0)).await;
    browser.get("/").await.ok();
}

#[tokio::test]
async fn a_password_that_somebody_else_chose_is_changed_before_anything_else() {
    let house = House::staffed().await;
    let mut admin = house.as_role(Role::Administrator).await;
    let assistant = user(&house, "assistant").await.id;
    let chosen = "chosen by the administrator";
    admin
        .post(
            &format!("/users/{assistant}/password"),
            &[("password", chosen)],
        )
        .await
        .ok();
    let mut browser = house.browser();
    assert_eq!(
        browser.login("assistant", chosen).await.location(),
        "/account"
    );
    assert_eq!(browser.get("/").await.location(), "/account");
    browser.get("/account").await.ok().shows("password-first");
    let fields = [("old", chosen), ("new", "a password of my own")];
    browser.post("/account/password", &fields).await.ok();
    browser.login("assistant", "a password of my own").await;
    browser.get("/").await.ok();
}

#[tokio::test]
async fn a_licence_is_renewed_and_a_role_changed_without_a_new_account() {
    let house = House::staffed().await;
    let mut admin = house.as_role(Role::Administrator).await;
    let mut practitioner = house.as_role(Role::Practitioner).await;
    let before = user(&house, "practitioner").await;
    let path = format!("/users/{}", before.id);
    let until = [
        ("name", "The practitioner"),
        ("role", "practitioner"),
        ("licence", "T-2"),
        ("licence_until", "2031-03-01"),
    ];
    admin.post(&path, &until).await.ok();
    let after = user(&house, "practitioner").await;
    let licence = after.licence.unwrap();
    assert_eq!(
        (licence.number.as_str(), after.role),
        ("T-2", Role::Practitioner)
    );
    assert_eq!(licence.expires.to_string(), "2031-03-01T00:00:00Z");
    practitioner.get("/").await.ok();
    let role = [("name", "The practitioner"), ("role", "assistant")];
    admin.post(&path, &role).await.ok();
    assert_eq!(
        practitioner.get("/").await.location(),
        "/login",
        "a new role, a new login"
    );
    assert_eq!(user(&house, "practitioner").await.role, Role::Assistant);
    let patient = [("name", "x"), ("role", "patient")];
    assert_eq!(admin.post(&path, &patient).await.code(), "role-unknown");
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let house = House::staffed().await;
    let mut admin = house.as_role(Role::Administrator).await;
    let one = user(&house, "administrator").await;
    let path = format!("/users/{}", one.id);
    let page = admin.post(&format!("{path}/close"), &[]).await;
    assert_eq!(page.code(), "last-administrator");
    let role = [("name", "x"), ("role", "front-desk")];
    assert_eq!(admin.post(&path, &role).await.code(), "last-administrator");
    let second = NewUser {
        login: "second".into(),
        name: "A second one".into(),
        role: Role::Administrator,
        licence: None,
        patient: None,
        password: PASSWORD.into(),
        temporary: false,
    };
    let clinic = &house.server.app().clinic;
    clinic.add_user(one.id, second).await.unwrap();
    admin.post(&format!("{path}/close"), &[]).await.ok();
    assert!(user(&house, "administrator").await.closed);
}

/// Two servers, or two administrators, at the same time: both changes count.
#[tokio::test]
async fn changes_of_one_account_at_once_are_all_kept() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let one = user(&house, "practitioner").await;
    let changes = (0..6).map(|number| {
        let (one, by) = (one.clone(), one.id);
        async move {
            let licence = Licence {
                number: format!("T-{number}"),
                expires: Timestamp::now() + SignedDuration::from_hours(48),
            };
            let set = ColleagueSet {
                name: one.name.clone(),
                role: one.role,
                licence: Some(licence),
            };
            let password = format!("password number {number}");
            let (set, password) = tokio::join!(
                clinic.change_colleague(by, &one, set),
                clinic.set_password(by, &one, password, false)
            );
            set.unwrap();
            password.unwrap();
        }
    });
    futures_util::future::join_all(changes).await;
    assert_eq!(
        user(&house, "practitioner").await.sequence,
        one.sequence + 12
    );
}
