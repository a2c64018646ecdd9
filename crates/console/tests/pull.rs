//! The plan's sliders and the live picture move because of the spine's own engine.

use axum::http::StatusCode;
use care::episode::Role;

use crate::browser::House;
use crate::steps::{armed, bedside, chart, house, planned, proposed, stage, started, until};

/// Elongation at the last hold as a page tells it, mm.
fn elongation(page: &str) -> f64 {
    let (_, curve) = page.split_once("data-part=\"curve\"").unwrap();
    let (before, _) = curve.split_once(" mm at the last hold").unwrap();
    let number = before.rsplit('>').next().unwrap();
    number.trim().replace('−', "-").parse().unwrap()
}

#[tokio::test]
async fn more_force_is_more_elongation_and_the_middle_stays_when_the_doubt_comes() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    let before = chart(&house, "Elin").await.sequence;
    let mut last = f64::NEG_INFINITY;
    for force in ["20", "70", "120"] {
        let path = format!("{base}/plan/preview?force_n={force}");
        let middle = browser.get(&format!("{path}&part=middle")).await.ok();
        middle
            .shows("data-part=\"levels\"")
            .shows("How sure we are follows");
        let doubt = |page: &str| page.matches("class=\"whisk d\"").count();
        assert_eq!(doubt(&middle.body), 0, "no bar without its spines");
        let whole = browser.get(&path).await.ok();
        whole
            .shows("data-part=\"levels\"")
            .shows("class=\"whisk d\"")
            .shows("never shown tighter than ±0.5 mm")
            .shows("This is not the plan");
        let told = elongation(&whole.body);
        assert!(told > last, "{force} N: {told} mm after {last} mm");
        assert!((told - elongation(&middle.body)).abs() < 1e-9);
        last = told;
    }
    assert_eq!(
        chart(&house, "Elin").await.sequence,
        before,
        "looking changes nothing"
    );
}

/// The look beside the sliders drew 64 spines where the plan's own forecast draws 40.
#[tokio::test]
async fn of_one_pull_the_page_of_a_plan_says_the_same_twice() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    for candidate in ["gentle", "standard"] {
        let page = browser
            .get(&format!("{base}/plan?candidate={candidate}"))
            .await
            .ok();
        let card = format!("data-candidate=\"{candidate}\"");
        let (_, card) = page.body.split_once(&card).unwrap();
        let (before, after) = card.split_once(" opens about ").unwrap();
        let level = before.rsplit('>').next().unwrap();
        let (doubt, _) = after.split_once('<').unwrap();
        let said = format!("{level} opens about {doubt}<");
        let (_, look) = page.body.split_once("data-test=\"plan-told\"").unwrap();
        assert!(look.contains(&said), "{candidate}: {said}");
    }
}

#[tokio::test]
async fn hold_ramp_angle_and_colour_change_the_picture() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    let own = browser.get(&format!("{base}/plan/preview")).await.ok();
    assert!(!own.body.contains("This is not the plan"));
    for asked in [
        "hold_s=30",
        "ramp_n_per_s=0.5",
        "angle_deg=20",
        "output=pressure-change",
    ] {
        let page = browser
            .get(&format!("{base}/plan/preview?{asked}"))
            .await
            .ok();
        assert_ne!(page.body, own.body, "{asked}");
    }
}

#[tokio::test]
async fn what_lies_outside_the_candidate_is_refused_with_its_place() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    for (asked, place, code) in [
        ("force_n=5000", "force_n", "out-of-range"),
        ("force_n=NaN", "force_n", "out-of-range"),
        ("force_n=much", "force_n", "field-unreadable"),
        ("angle_deg=-90", "angle_deg", "out-of-range"),
        ("hold_s=100000", "hold_s", "out-of-range"),
        ("ramp_n_per_s=0", "ramp_n_per_s", "out-of-range"),
        ("output=hope", "output", "unknown-name"),
        ("candidate=brutal", "candidate", "candidate"),
    ] {
        for page in ["plan/preview", "plan"] {
            let page = browser.get(&format!("{base}/{page}?{asked}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{asked}");
            assert_eq!(page.code(), code, "{asked}");
            page.shows(&format!("data-test=\"fault-place\">{place}<"));
        }
    }
}

/// What a slider says at one of its ends.
fn stop<'a>(page: &'a str, name: &str, side: &str) -> &'a str {
    let mark = format!("id=\"look-{name}-{side}\"");
    let (_, rest) = page.split_once(&mark).expect("the end's words");
    let (_, words) = rest.split_once('>').unwrap();
    words.split_once("</p>").unwrap().0
}

#[tokio::test]
async fn each_slider_ends_where_the_plan_does_and_says_why_and_from_whom() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    let chosen = [("from", "gentle"), ("mode", "intermittent")];
    let path = format!("{base}/plan/propose");
    browser.post(&path, &chosen).await.ok();
    let path = format!("{base}/plan?candidate=chosen");
    let page = browser.get(&path).await.ok();
    let longest = "the whole then lasts 30 min. Later sessions last 15 to 30 minutes; none lasts longer. (S03, S17)";
    let shortest = "the shortest that a table&#39;s loop holds or rests (ours)";
    for (name, low, high) in [
        ("force_n", "the weakest pull", "("),
        ("angle_deg", "along the table", "makers claim"),
        ("hold_s", shortest, longest),
        ("rest_s", shortest, longest),
        (
            "ramp_n_per_s",
            "(",
            "No ramp is steeper than this, however short. (ours)",
        ),
    ] {
        for (side, bound, words, beyond) in [("low", "min", low, -1.0), ("high", "max", high, 1.0)]
        {
            let end = page.after(&format!("id=\"look-{name}\""), bound);
            let told = stop(&page.body, name, side);
            assert!(
                told.contains(words) && told.contains(&end),
                "{name}: {told}"
            );
            let ask = format!("{base}/plan/preview?candidate=chosen&{name}");
            let there = browser.get(&format!("{ask}={end}")).await.ok();
            there.shows("data-part=\"levels\"");
            let further = end.parse::<f64>().unwrap() + beyond;
            let outside = browser.get(&format!("{ask}={further}")).await;
            assert_eq!(outside.code(), "out-of-range", "{name}={further}");
        }
    }
    let slow = format!("{base}/plan?candidate=chosen&angle_deg=30");
    let there = browser.get(&slow).await.ok();
    assert_eq!(there.after("class=\"slider angle_deg\"", "data-at"), "high");
    assert_eq!(page.after("class=\"slider hold_s\"", "data-at"), "");
}

#[tokio::test]
async fn without_script_the_form_shows_another_pull_and_the_plan_stays() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    let own = browser.get(&format!("{base}/plan")).await.ok();
    own.shows("id=\"look-form\"").shows("data-part=\"curve\"");
    let sha = own.after("id=\"sign-form\"", "name=\"plan_sha256\" value");
    let page = browser.get(&format!("{base}/plan?force_n=30")).await.ok();
    page.shows("This is not the plan");
    assert!(elongation(&page.body) < elongation(&own.body));
    assert_eq!(page.after("id=\"look-force_n\"", "value"), "30");
    assert_eq!(
        page.after("id=\"sign-form\"", "name=\"plan_sha256\" value"),
        sha
    );
}

#[tokio::test]
async fn a_preview_needs_a_login_a_clinical_role_and_a_patient() {
    let house = House::staffed().await;
    let other = "/patients/00000000-0000-4000-8000-000000000001/plan/preview";
    let nobody = house.browser().get(other).await;
    assert!(nobody.location().starts_with("/login?then="));
    let page = house.as_role(Role::Administrator).await.get(other).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let page = house.as_role(Role::Practitioner).await.get(other).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_live_spine_opens_under_the_measured_force() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    let rest = browser.get(&session).await.ok();
    rest.shows("data-test=\"live-spine\"").shows("L5-S1 0.0");
    started(&mut browser, &session).await;
    stage(&house, &["running"]).await;
    let mut told = rest.after("id=\"live-spine\"", "data-test");
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        told = browser.get(&session).await.ok().body;
        if !told.contains("L4-L5 0.0") && told.contains("L4-L5 ") {
            break;
        }
    }
    assert!(
        !told.contains("L4-L5 0.0"),
        "the spine never opened: {told}"
    );
    browser.post(&format!("{session}/stop"), &[]).await.ok();
    until(&house, "Elin", "the session is on record", |c| {
        c.episode.running().is_some() || c.episode.treated().any(|s| s.ended.is_some())
    })
    .await;
    bedside.stop().unwrap();
}
