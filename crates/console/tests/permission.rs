//! Clearances and overrides on the pages: who may, what is refused, what is kept.

use axum::http::StatusCode;
use care::episode::Role;
use si::Region;

use crate::browser::{Browser, House, PASSWORD};

/// A patient who cannot lie as the table asks, and who fell since the last visit.
async fn patient(house: &House) -> String {
    let base = format!("/patients/{}", house.pat(Region::Lumbar).await);
    let mut browser = house.as_role(Role::Practitioner).await;
    let answers = [
        ("f:can_lie", "no"),
        ("f:event_since_last", "yes"),
        ("f:cauda_equina_signs", "no"),
    ];
    browser
        .post(&format!("{base}/evaluate/answers"), &answers)
        .await
        .ok();
    base
}

const WHOLE: [(&str, &str); 4] = [
    ("reason", "lies with a wedge"),
    ("examination", "tried on the table"),
    ("patient_told", "yes"),
    ("until", "session"),
];

async fn go_on(
    browser: &mut Browser,
    base: &str,
    rule: &str,
    more: &[(&str, &str)],
) -> crate::browser::Page {
    let fields: Vec<(&str, &str)> = WHOLE.iter().chain(more).copied().collect();
    let path = format!("{base}/permissions/{rule}/override");
    browser.post(&path, &fields).await
}

#[tokio::test]
async fn only_those_who_decide_override_and_file_and_others_see_no_form() {
    let house = House::staffed().await;
    let base = patient(&house).await;
    for role in [Role::FrontDesk, Role::Assistant, Role::Administrator] {
        let mut browser = house.as_role(role).await;
        for act in ["override", "clearance", "withdraw"] {
            let path = format!("{base}/permissions/cannot-lie/{act}");
            let page = browser.post(&path, &WHOLE).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{role:?} {act}");
        }
    }
    let mut assistant = house.as_role(Role::Assistant).await;
    let page = assistant
        .get(&format!("{base}/permissions/cannot-lie"))
        .await;
    assert!(!page.body.contains("id=\"override\""), "{}", page.body);
    let mut lead = house.as_role(Role::ClinicalLead).await;
    let page = lead.get(&format!("{base}/permissions/cannot-lie")).await;
    page.shows("id=\"override\"")
        .shows("wish is never a reason");
}

#[tokio::test]
async fn what_may_not_be_softened_is_refused_with_its_reason() {
    let house = House::staffed().await;
    let base = patient(&house).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let never = go_on(&mut browser, &base, "cauda-equina", &[]).await;
    assert_eq!(never.code(), "never-overridden");
    let silent = go_on(&mut browser, &base, "recent-spinal-surgery", &[]).await;
    assert!(
        ["rule-not-fired", "second-clinician", "field-missing"].contains(&silent.code()),
        "{}",
        silent.code()
    );
    let path = format!("{base}/permissions/cannot-lie/override");
    let untold = browser.post(&path, &WHOLE[..2]).await;
    assert_eq!(untold.code(), "patient-not-told");
    let letter = [
        ("name", "Dr Example"),
        ("profession", "surgeon"),
        ("licence", "X 1"),
        ("issued", "2020-01-01"),
        ("expires", "2999-01-01"),
        ("document", "letter 1"),
        ("read", "yes"),
    ];
    let path = format!("{base}/permissions/cauda-equina/clearance");
    assert_eq!(browser.post(&path, &letter).await.code(), "never-cleared");
    let path = format!("{base}/permissions/cannot-lie/withdraw");
    let nothing = browser.post(&path, &[("reason", "none")]).await;
    assert_eq!(nothing.code(), "nothing-in-force");
    let unknown = browser
        .get(&format!("{base}/permissions/no-such-rule"))
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_second_clinician_is_another_licensed_person_who_shows_a_password() {
    let house = House::staffed().await;
    let base = patient(&house).await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let second = |login: &'static str, password: &'static str| {
        [("second", login), ("second_password", password)]
    };
    for (login, password) in [
        ("practitioner", PASSWORD),
        ("assistant", PASSWORD),
        ("clinical-lead", "not the password"),
    ] {
        let page = go_on(
            &mut browser,
            &base,
            "event-since-last",
            &second(login, password),
        )
        .await;
        assert_eq!(page.code(), "second-clinician", "{login}");
    }
    go_on(
        &mut browser,
        &base,
        "event-since-last",
        &second("clinical-lead", PASSWORD),
    )
    .await
    .ok();
    let page = browser.get(&base).await;
    page.shows("data-test=\"standing\"")
        .shows("The practitioner with The clinical-lead")
        .shows("Rule overridden");
    let mut lead = house.as_role(Role::ClinicalLead).await;
    lead.get("/overrides")
        .await
        .shows("data-clinician=\"The practitioner\"")
        .shows("event-since-last × 1");
}
