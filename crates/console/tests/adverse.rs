//! An adverse event that triage opened: nothing of it is judged before somebody judges it.

use axum::http::StatusCode;
use care::episode::Severity;

use crate::browser::{Browser, House};
use crate::paper::printing;
use crate::steps::{answers, chart, fill};

/// A check-in by telephone after Tomás' last session that opens an event.
async fn opened(house: &House, colin: &mut Browser) -> String {
    let of = chart(house, "Tom").await;
    let session = of.episode.treated().next_back().unwrap().id;
    let base = format!("/patients/{}", of.id);
    let path = format!("{base}/recover/{session}/enter");
    let page = colin.get(&path).await.ok();
    let form = page.after("name=\"form\"", "value");
    let given = [
        ("since_fever", "yes"),
        ("since_", "no"),
        ("pain_", "4"),
        ("distal_extent", "spine"),
        ("soreness", ""),
    ];
    let fields = answers(&page, &given);
    fill(colin, &path, &fields, &[("form", form.as_str())])
        .await
        .ok();
    let of = chart(house, "Tom").await;
    assert_eq!(of.episode.adverse_events.len(), 1);
    base
}

#[tokio::test]
async fn what_triage_opened_is_not_yet_judged_until_a_practitioner_judges_it() {
    let house = printing().await;
    let mut colin = house.as_demo("colin").await;
    let base = opened(&house, &mut colin).await;
    let (safety, pdf) = (format!("{base}/safety"), format!("{base}/adverse/1/pdf"));
    let page = colin.get(&safety).await.ok();
    page.shows("seriousness not yet judged, since")
        .shows("not yet judged (so far: ")
        .shows("Relation to traction: not yet judged");
    let paper = colin.get(&pdf).await.ok().body.replace(": ", ":");
    assert!(!paper.contains("\"value\":\"No\""), "{paper}");
    assert_eq!(paper.matches("not yet judged").count(), 3, "{paper}");

    let note = format!("{base}/adverse/1/note");
    let judged = [
        ("note", "seen at the hospital"),
        ("action", "sent on"),
        ("severity", "major"),
        ("serious", "yes"),
        ("relation", "possible"),
    ];
    let mut sofia = house.as_demo("sofia").await;
    let refused = sofia.post(&note, &judged).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.code(), "role-may-not");
    sofia.post(&note, &judged[..2]).await.ok();
    colin.post(&note, &judged).await.ok();
    let of = chart(&house, "Tom").await;
    let event = &of.episode.adverse_events[0];
    assert_eq!((event.severity, event.serious), (Severity::Major, true));
    let page = colin.get(&safety).await.ok();
    page.shows("Relation to traction: possible");
    let paper = colin.get(&pdf).await.ok();
    paper.shows("possible").shows("needs further treatment");
    assert!(!page.body.contains("judged, since") && !page.body.contains("so far"));
    assert!(!paper.body.contains("not yet judged"), "{}", paper.body);
}
