//! What needs somebody now, on every page of the staff.

use care::episode::Command;
use serde_json::Value;

use crate::browser::{Browser, House};

async fn inbox(browser: &mut Browser) -> Value {
    let page = browser.get("/inbox").await.ok();
    serde_json::from_str(&page.body).expect("the strip as JSON")
}

#[tokio::test]
async fn every_page_of_the_staff_says_how_many_need_somebody_and_how_urgently_and_not_who() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    for path in ["/knowledge", "/diary", "/outcomes", "/account"] {
        let page = browser.get(path).await.ok();
        page.shows("id=\"inbox-strip\" role=\"alert\" data-level=\"emergency\"");
        page.shows("<b data-words>One person needs you now.</b>");
    }
    let told = inbox(&mut browser).await;
    assert_eq!(
        (&told["people"], &told["level"]),
        (&1.into(), &"emergency".into())
    );
    let words = told["words"].as_str().unwrap();
    assert_eq!(words, "One person needs you now.");
    let more = told["more"].as_str().unwrap();
    assert!(more.starts_with("Most urgent: Emergency"), "{more}");
    assert!(!told.to_string().contains("Ruth"), "{told}");
    // Taken by somebody, it is gone everywhere.
    let clinic = &house.server.app().clinic;
    let ruth = crate::steps::chart(&house, "Ruth").await;
    let alert = ruth.episode.open_alerts().next().unwrap().number;
    let take = Command::Acknowledge {
        alert,
        note: "called".into(),
    };
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.act(ruth.id, &lead.actor(), take).await.unwrap();
    let told = inbox(&mut browser).await;
    assert_eq!((&told["people"], &told["words"]), (&0.into(), &"".into()));
    let page = browser.get("/knowledge").await.ok();
    page.shows("id=\"inbox-strip\"").shows("<b data-words></b>");
}

/// Today asks for itself anew: the same page, which keeps no login alive.
#[tokio::test]
async fn today_is_renewed_by_the_page_itself() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.as_demo("colin").await;
    let page = browser.get("/").await.ok();
    page.shows("data-renews").shows("data-people=\"1\"");
    let again = browser.get("/renewed").await.ok();
    let parts = |body: &str| body.matches("data-renew=\"").count();
    assert_eq!(parts(&again.body), parts(&page.body));
    assert_eq!(parts(&page.body), 8);
}

/// A patient's own page has no strip.
#[tokio::test]
async fn nobody_but_the_staff_is_told() {
    let house = House::open(|options| options.demo = true).await;
    let mut browser = house.browser();
    let page = browser.get("/login").await.ok();
    assert!(!page.body.contains("inbox-strip"));
}
