//! What every page of the path says: an alarm that nobody took, and one next step.

use crate::browser::House;
use crate::steps::chart;

const PATH: [&str; 5] = ["evaluate", "plan", "treat", "recover", "review"];

#[tokio::test]
async fn an_alarm_that_nobody_took_stands_on_every_page_of_its_patient() {
    let house = House::open(|options| options.demo = true).await;
    let mut colin = house.as_demo("colin").await;
    let ruth = chart(&house, "Ruth").await.id;
    for page in PATH {
        let page = colin.get(&format!("/patients/{ruth}/{page}")).await.ok();
        page.shows("data-test=\"open-alarm\"").shows("Emergency");
    }
    let page = colin.get(&format!("/patients/{ruth}/evaluate")).await.ok();
    page.shows("data-test=\"urgency\">Emergency: act now (an alarm is open)<");
    // Who has none is not spoken of.
    let tomas = chart(&house, "Tom").await.id;
    let page = colin.get(&format!("/patients/{tomas}/evaluate")).await.ok();
    assert!(!page.body.contains("open-alarm"), "{}", page.body);
}

#[tokio::test]
async fn a_page_of_the_path_leads_to_the_next_step_where_that_is_another_page() {
    let house = House::open(|options| options.demo = true).await;
    let mut colin = house.as_demo("colin").await;
    let clinic = &house.server.app().clinic;
    for name in ["Ruth", "Tom", "Henrik", "Oskar"] {
        let chart = chart(&house, name).await;
        let next = console::pages::who::href(&chart, clinic.next_step(&chart.episode));
        for page in PATH {
            let path = format!("/patients/{}/{page}", chart.id);
            let body = colin.get(&path).await.ok().body;
            let leads = body.contains(&format!("class=\"btn next go-next\" href=\"{next}\""));
            assert_eq!(leads, next != path, "{name}: {path}, next {next}");
        }
    }
}

/// The cap of the first sessions binds those that are left of them, not as many as when the plan
/// was made.
#[tokio::test]
async fn the_fence_of_the_first_sessions_goes_with_them() {
    let house = House::open(|options| options.demo = true).await;
    let mut colin = house.as_demo("colin").await;
    let clinic = &house.server.app().clinic;
    let bound = clinic.dose().common.bound_sessions.value as usize;
    let mut seen = [false, false];
    for name in ["Ruth", "Tom"] {
        let chart = chart(&house, name).await;
        let ended = |session: &&care::episode::Session| session.ended.is_some();
        let done = chart.episode.treated().filter(ended).count();
        let page = colin
            .get(&format!("/patients/{}/plan", chart.id))
            .await
            .ok();
        let left = bound.saturating_sub(done);
        let fence = page.body.contains("<svg class=\"fence\"");
        assert_eq!(fence, left > 0, "{name}: {left} of {bound} are left");
        let said = match left {
            1 => "in the next session: ".to_owned(),
            _ => format!("in the next {left} sessions: "),
        };
        assert_eq!(page.body.contains(&said), left > 0, "{name}: {said}");
        seen[usize::from(left > 0)] = true;
    }
    assert_eq!(seen, [true, true], "both were seen");
}
