//! A patient who comes back: the figures of the new episode begin anew.

use crate::browser::{Browser, House};
use crate::paper::printing;
use crate::steps::{answers, chart, fill};

/// Tomás, whose pain fell, is discharged, comes back, and tells a pain of 9.
async fn back(house: &House, colin: &mut Browser) -> String {
    let base = format!("/patients/{}", chart(house, "Tom").await.id);
    colin.get(&base).await.ok().shows("Pain is down");
    let over = [("reason", "goals met"), ("outcome", "much better")];
    let path = format!("{base}/discharge");
    colin.post(&path, &over).await.ok();
    let region = [("region", "lumbar")];
    colin.post(&format!("{base}/reopen"), &region).await.ok();
    let page = colin.get(&format!("{base}/treat")).await.ok();
    let fields = answers(&page, &[("pain_now", "9"), ("distal_extent", "spine")]);
    let path = format!("{base}/treat/arrival");
    fill(colin, &path, &fields, &[]).await.ok();
    base
}

#[tokio::test]
async fn the_course_of_a_new_episode_does_not_reach_back_into_the_former() {
    let house = printing().await;
    let mut colin = house.as_demo("colin").await;
    let base = back(&house, &mut colin).await;
    let page = colin.get(&base).await.ok();
    page.shows("9, scored once");
    for former in ["Pain is", "(was", "data-sign=\"good\""] {
        assert!(!page.body.contains(former), "{former}: {}", page.body);
    }
    let review = colin.get(&format!("{base}/review")).await.ok();
    review.shows("from 9 to 9");
    assert!(!review.body.contains("Pain is"));
    let paper = colin.get(&format!("{base}/course/pdf")).await.ok();
    paper.shows("from 9 to 9");
    assert!(!paper.body.contains("Pain is"), "{}", paper.body);
    let visits = chart(&house, "Tom").await.episode.visits.len();
    let note = colin.get(&format!("{base}/note/{visits}")).await.ok();
    assert!(!note.body.contains("Pain is"));
    // A note of then speaks of the course as it was then.
    let former = colin.get(&format!("{base}/note/{}", visits - 1)).await.ok();
    former.shows("Pain is");
}
