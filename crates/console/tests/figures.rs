//! Every score that is recorded is drawn, whichever way is better.

use jiff::SignedDuration;

use crate::paper::printing;
use crate::steps::chart;

#[tokio::test]
async fn a_score_that_rises_a_change_and_the_pain_of_the_review_are_drawn() {
    let house = printing().await;
    let mut colin = house.as_demo("colin").await;
    let base = format!("/patients/{}", chart(&house, "Elin").await.id);
    let clinic = &house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    for (nprs, psfs, groc) in [("7", "4", "1"), ("6", "7", "5")] {
        let week = SignedDuration::from_hours(24 * 7);
        clinic.forward(lead.id, week.as_secs()).await.unwrap();
        let scores = [
            ("f:score_nprs", nprs),
            ("f:score_psfs", psfs),
            ("f:score_groc", groc),
        ];
        let path = format!("{base}/review/scores");
        colin.post(&path, &scores).await.ok();
    }
    let page = colin.get(&base).await.ok();
    page.shows("higher is better")
        .shows("7 (was 4)")
        .shows("a change people notice")
        .shows("Change since the start")
        .shows("+5");
    for path in ["review", "course/pdf"] {
        let page = colin.get(&format!("{base}/{path}")).await.ok();
        page.shows("Patient-Specific Functional Scale: from 4 to 7; higher is better")
            .shows("2 points or more above the first")
            .shows("Change since the start")
            .shows("+5");
    }
    let of = chart(&house, "Elin").await;
    let first = of.episode.readings.iter();
    let first = first.filter(|reading| reading.fact.as_str() == "score_nprs");
    assert!(first.count() >= 2);
    let review = colin.get(&format!("{base}/review")).await.ok();
    review.shows("Numeric pain rating scale: from ");
}
