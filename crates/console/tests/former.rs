//! What once was: every line of the timeline leads somewhere, plans and decisions open as they
//! were kept, a session shows what it gave and everything checked, with who and when.

use std::sync::Arc;

use care::episode::{Episode, Of, Visit, What};
use console::clinic::Chart;

use crate::browser::House;
use crate::steps::chart;

/// Of the demonstration, the first whose course is so.
async fn somebody(house: &House, is: impl Fn(&Episode) -> bool) -> Arc<Chart> {
    let clinic = &house.server.app().clinic;
    for summary in clinic.patients().await.unwrap() {
        let chart = clinic.chart(summary.id).await.unwrap();
        if is(&chart.episode) {
            return chart;
        }
    }
    panic!("nobody of the demonstration is so");
}

/// A visit with a session and a leaving check.
fn is_over(visit: &Visit) -> bool {
    let session = visit.session.as_ref();
    visit.leaving.is_some() && session.is_some_and(|one| one.summary.is_some())
}

/// The links of a patient's timeline.
fn links(page: &str) -> Vec<String> {
    let list = page.split("data-test=\"timeline\"").nth(1).unwrap();
    let list = list.split("</ol>").next().unwrap();
    let links = list.split("href=\"").skip(1);
    links
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn every_line_of_a_timeline_leads_to_its_page() {
    let house = House::open(|options| options.demo = true).await;
    let mut colin = house.as_demo("colin").await;
    for name in ["Elin", "Ruth", "Oskar"] {
        let chart = chart(&house, name).await;
        let page = colin.get(&format!("/patients/{}", chart.id)).await.ok();
        let all = links(&page.body);
        assert_eq!(all.len(), chart.episode.timeline.len(), "{name}");
        for link in all {
            colin.get(&link).await.ok();
        }
    }
}

#[tokio::test]
async fn former_plans_and_decisions_open_as_they_were_kept() {
    let house = House::open(|options| options.demo = true).await;
    let mut colin = house.as_demo("colin").await;
    let elin = somebody(&house, |episode| episode.visits.iter().any(is_over)).await;
    let clinic = &house.server.app().clinic;
    let told = clinic.told(elin.id).await.unwrap();
    assert_eq!(told.len(), elin.episode.timeline.len());
    let (mut plans, mut decisions) = (0, 0);
    for (at, event) in told.iter().enumerate() {
        let number = at + 1;
        match &event.what {
            What::PlanSigned { plan_sha256, .. } => {
                let path = format!("/patients/{}/plans/{number}", elin.id);
                let page = colin.get(&path).await.ok();
                page.shows(plan_sha256)
                    .shows(&event.by.name)
                    .shows("data-test=\"former-signed\"");
                page.shows("data-test=\"former-decision\"");
                plans += 1;
            }
            What::Decided { decision } => {
                let path = format!("/patients/{}/decisions/{number}", elin.id);
                let page = colin.get(&path).await.ok();
                page.shows(&event.by.name);
                for fired in &decision.fired {
                    page.shows(&format!("data-rule=\"{}\"", fired.rule));
                }
                decisions += 1;
            }
            _ => {}
        }
    }
    assert!(plans > 0 && decisions > 0);
    for wrong in [
        "plans/1",
        "decisions/1",
        "plans/0",
        "decisions/99999",
        "plans/x",
    ] {
        let page = colin.get(&format!("/patients/{}/{wrong}", elin.id)).await;
        assert_eq!(page.status, axum::http::StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn a_session_that_is_over_shows_force_comfort_and_everything_checked_with_who_and_when() {
    let house = House::open(|options| options.demo = true).await;
    let mut colin = house.as_demo("colin").await;
    let elin = somebody(&house, |episode| episode.visits.iter().any(is_over)).await;
    let mut visits = elin.episode.visits.iter();
    let visit = visits
        .find(|visit| is_over(visit))
        .expect("a visit that is over");
    let session = visit.session.as_ref().expect("its session");
    let page = colin.get(&format!("/patients/{}", elin.id)).await.ok();
    let summary = session.summary.as_ref().expect("a summary");
    let [peak, held] =
        [summary.peak_force_n, summary.tolerated_n].map(|force| format!("{force:.0}"));
    page.shows(&format!(
        "Peak {peak} N, {held} N held to the end of a hold, "
    ));
    page.shows("worst discomfort");
    let over = colin
        .get(&format!("/patients/{}/session/{}", elin.id, session.id))
        .await
        .ok();
    over.shows("data-test=\"recorded-curve\"")
        .shows("data-test=\"given\"")
        .shows("Worst discomfort");
    let left = colin
        .get(&format!("/patients/{}/leaving/{}", elin.id, session.id))
        .await
        .ok();
    for page in [&over, &left] {
        for (key, readings) in [("arrival", &visit.arrival), ("start", &visit.start)] {
            page.shows(&format!("data-test=\"checked-{key}\""));
            let who = readings[0].who.as_deref().expect("somebody");
            page.shows(&format!("<bdi>{who}, "));
        }
        page.shows("data-test=\"checked-left\"");
    }
    let ends = elin
        .episode
        .timeline
        .iter()
        .filter(|entry| entry.kind == "session-ended");
    assert!(
        ends.clone().count() > 0
            && ends
                .clone()
                .all(|entry| matches!(entry.of, Some(Of::Session(_))))
    );
}
