//! What nobody vouches for stands over every page, until somebody does.

use care::episode::Role;
use care::knowledge::Knowledge;
use console::clinic::Approver;
use jiff::Timestamp;

use crate::browser::{House, PASSWORD, server};

fn amara() -> Approver {
    Approver {
        by: "Amara Okafor".into(),
        licence: "PT 4411".into(),
        at: Timestamp::now(),
    }
}

#[tokio::test]
async fn a_banner_counts_what_is_not_approved_and_goes_with_the_last_approval() {
    let house = House::staffed().await;
    let rules = Knowledge::embedded().unwrap().all_rules().len();
    let mut browser = house.as_role(Role::Practitioner).await;
    let words = format!("{rules} of the rules and the dose caps are not approved");
    for page in ["/", "/knowledge", "/import"] {
        let page = browser.get(page).await;
        assert!(page.body.contains(&words), "{}", page.body);
    }
    let entries: Vec<&str> = Knowledge::embedded()
        .unwrap()
        .entries()
        .keys()
        .map(String::as_str)
        .collect();
    let clinic = &house.server.app().clinic;
    clinic.approve(&amara(), &entries[1..]).await.unwrap();
    let (folder, standing) = (house.folder.path().to_owned(), clinic.standing());
    assert_eq!(standing.rules, rules, "it counts from the next start on");
    clinic.close().await.unwrap();
    drop(browser);
    let House {
        server: first,
        folder: kept,
    } = house;
    drop(first);

    let second = House {
        server: server(folder.clone(), |_| ()).await,
        folder: kept,
    };
    let mut browser = second.browser();
    browser.login(Role::Practitioner.as_str(), PASSWORD).await;
    let page = browser.get("/").await;
    let one = page.body.contains("One of the rules is not approved")
        || page.body.contains("The dose caps are not approved");
    assert!(one, "{}", page.body);
    let clinic = &second.server.app().clinic;
    clinic.approve(&amara(), &entries[..1]).await.unwrap();
    clinic.close().await.unwrap();
    drop(browser);
    let House {
        server: last,
        folder: kept,
    } = second;
    drop(last);

    let third = House {
        server: server(folder, |_| ()).await,
        folder: kept,
    };
    let mut browser = third.browser();
    browser.login(Role::Practitioner.as_str(), PASSWORD).await;
    let page = browser.get("/").await;
    assert!(
        !page.body.contains("data-test=\"unapproved\""),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn a_page_before_the_login_carries_no_banner() {
    let house = House::staffed().await;
    let page = house.browser().get("/login").await;
    assert!(!page.body.contains("data-test=\"unapproved\""));
}

/// Knowledge under a policy that images only when indicated, for as long as the test runs.
fn loosened() -> &'static Knowledge {
    let text = "[[choice]]\nid = \"imaging\"\nvalue = \"when-indicated\"\napprover = \"Amara Okafor\"\n\
                licence = \"PT 4411\"\ndate = 2026-11-02\nreason = \"imaging takes weeks\"\n";
    Box::leak(Box::new(Knowledge::with_policy(text).unwrap()))
}

#[tokio::test]
async fn a_loosened_policy_stands_on_every_page_of_a_decision() {
    let house = House::open(|options| {
        options.demo = true;
        options.knowledge = Some(loosened());
    })
    .await;
    let mut browser = house.as_demo("colin").await;
    let id = crate::steps::chart(&house, "Elin").await.id;
    for step in ["", "/evaluate", "/treat"] {
        let page = browser.get(&format!("/patients/{id}{step}")).await;
        assert!(
            page.body.contains("Looser than the default here: Clinic policy: imaging: when-indicated, approved by Amara Okafor"),
            "{step}: {}",
            page.body
        );
    }
    let strict = House::open(|options| options.demo = true).await;
    let mut browser = strict.as_demo("colin").await;
    let id = crate::steps::chart(&strict, "Elin").await.id;
    let page = browser.get(&format!("/patients/{id}/evaluate")).await;
    assert!(!page.body.contains("Looser than the default"));
}
