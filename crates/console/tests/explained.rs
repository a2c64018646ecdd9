//! A stop that nobody had explained, once somebody has.

use care::episode::EndCause;

use crate::paper::printing;
use crate::steps::{armed, bedside, chart, planned, stage, started, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_and_paper_says_what_the_stop_was_and_who_says_so() {
    let house = printing().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let session = armed(&mut colin, &base).await;
    started(&mut colin, &session).await;
    stage(&house, &["running"]).await;
    let score = [("score", "1")];
    colin.post(&format!("{session}/comfort"), &score).await.ok();
    colin.post(&format!("{session}/stop"), &[]).await.ok();
    stage(&house, &["unloaded"]).await;
    colin.post(&format!("{session}/close"), &[]).await.ok();
    until(&house, "Elin", "the end is on record", |c| {
        c.episode.treated().any(|s| s.ended.is_some())
    })
    .await;
    bedside.stop().unwrap();
    let open = colin.get(&session).await.ok();
    open.shows("unexplained stop").shows("id=\"explained\"");
    let why = [("stop", "comfort"), ("reason", "the strap pinched")];
    colin.post(&format!("{session}/explained"), &why).await.ok();
    let chart = chart(&house, "Elin").await;
    let of = chart.episode.treated().next().unwrap();
    assert_eq!(care::session::cause(of), Some(EndCause::Comfort));
    let id = of.id;
    for path in [session.clone(), format!("{session}/pdf")] {
        let page = colin.get(&path).await.ok();
        page.shows("the strap pinched").shows("Colin Abara");
    }
    for path in [
        session.clone(),
        format!("{session}/pdf"),
        format!("{base}/leaving/{id}"),
        format!("{base}/recover"),
        format!("{base}/note/1"),
        format!("{base}/course/pdf"),
    ] {
        let page = colin.get(&path).await.ok();
        let said = page.body.contains("unexplained stop");
        assert!(!said, "{path}: {}", page.body);
        page.shows("discomfort");
    }
    // The note of the visit has all of it: what was told, what stopped it, what that was.
    let note = colin.get(&format!("{base}/note/1")).await.ok();
    note.shows("Highest discomfort told on the table: 1 of 10.")
        .shows("the strap pinched")
        .shows("The table says of its stop: ")
        .shows("Prescribed: ");
}
