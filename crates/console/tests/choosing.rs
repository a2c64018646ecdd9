//! A practitioner chooses a mode on the plan page, sees it drawn, and signs it.

use axum::http::StatusCode;
use care::episode::Role;
use care::plan::{Proposal, PullMode};

use crate::browser::House;
use crate::steps::{chart, house, proposed, sign};

#[tokio::test]
async fn a_mode_shows_only_its_own_settings_and_what_is_known_of_it() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    let all = [
        "rest_s", "cycles", "least_n", "rise_s", "swing_n", "period_s",
    ];
    for mode in PullMode::ALL {
        let name = mode.as_str();
        let path = format!("{base}/plan?from=standard&mode={name}");
        let page = browser.get(&path).await.ok();
        for setting in all {
            let shown = page.body.contains(&format!("id=\"choose-{setting}\""));
            assert_eq!(
                shown,
                mode.settings().contains(&setting),
                "{name} {setting}"
            );
        }
        page.shows("data-test=\"mode-known\"")
            .shows("No mode was superior");
    }
    for (asked, place) in [("from=bold", "candidate"), ("mode=wavy", "mode")] {
        let page = browser.get(&format!("{base}/plan?{asked}")).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{asked}");
        page.shows(&format!("data-test=\"fault-place\">{place}<"));
    }
}

#[tokio::test]
async fn a_chosen_pull_is_proposed_drawn_and_signed() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    let page = browser.get(&format!("{base}/plan")).await.ok();
    let limit = page.after("id=\"choose-ceiling_n\"", "max");
    let chosen = [
        ("from", "gentle"),
        ("mode", "oscillating"),
        ("ceiling_n", limit.as_str()),
        ("swing_n", ""),
    ];
    let path = format!("{base}/plan/propose");
    let sent = browser.post(&path, &chosen).await;
    assert_eq!(sent.location(), format!("{base}/plan?candidate=chosen"));
    let page = browser.get(sent.location()).await.ok();
    page.shows("data-candidate=\"chosen\"")
        .shows("data-candidate=\"firm\"")
        .shows("curve-chosen")
        .shows(&format!("May be changed up to: {limit} N"))
        .shows("Oscillation below the force")
        .shows("id=\"look-swing_n\"")
        .shows("id=\"look-period_s\"");
    let longer = browser
        .get(&format!(
            "{base}/plan/preview?candidate=chosen&hold_s=57&swing_n=3"
        ))
        .await;
    longer.ok().shows("This is not the plan");
    let sha = page.after("id=\"sign-form\"", "name=\"plan_sha256\" value");
    let password = house.password("colin");
    let fields = [
        ("plan_sha256", sha.as_str()),
        ("candidate", "chosen"),
        ("password", password.as_str()),
    ];
    browser
        .post(&format!("{base}/plan/sign"), &fields)
        .await
        .ok();
    let kept = chart(&house, "Elin").await.episode.plan.clone();
    let kept = kept.expect("signed");
    assert_eq!(kept.candidate, "chosen");
    let plan = Proposal::read(&kept.plan).expect("a plan");
    let pull = &plan.candidate("chosen").expect("it").prescription;
    assert_eq!(pull.mode, PullMode::Oscillating);
    assert_eq!(
        pull.ceiling_n.map(|limit| format!("{limit:.0}")),
        Some(limit)
    );
    let page = browser.get(&format!("{base}/plan")).await.ok();
    page.shows("Signed: Chosen");
}

/// hazard: H1, H14
#[tokio::test]
async fn a_choice_beyond_the_limits_is_refused_and_proposes_nothing() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    let before = chart(&house, "Elin").await.sequence;
    for (setting, value) in [
        ("force_n", "900"),
        ("ceiling_n", "900"),
        ("swing_n", "500"),
        ("least_n", "20"),
        ("hold_s", "9000"),
        ("ramp_n_per_s", "49"),
        ("period_s", "NaN"),
    ] {
        let choice = [
            ("from", "gentle"),
            ("mode", "oscillating"),
            (setting, value),
        ];
        let path = format!("{base}/plan/propose");
        let page = browser.post(&path, &choice).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{setting}");
        page.shows(&format!("data-test=\"fault-place\">choice.{setting}<"));
    }
    assert_eq!(chart(&house, "Elin").await.sequence, before);
}

#[tokio::test]
async fn only_who_signs_plans_is_offered_the_choice() {
    let house = House::staffed().await;
    for role in [Role::Assistant, Role::FrontDesk] {
        let mut browser = house.as_role(role).await;
        let path = "/patients/00000000-0000-4000-8000-000000000001/plan/propose";
        let page = browser.post(path, &[("from", "gentle")]).await;
        assert!(page.status.is_client_error(), "{role:?}: {}", page.status);
    }
}

/// Somebody proposes anew while somebody else types the password: what was looked at is not signed,
/// and neither is what nobody looked at.
#[tokio::test]
async fn a_plan_that_changed_while_somebody_signed_it_is_not_signed() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    let page = browser.get(&format!("{base}/plan")).await.ok();
    let sha = page.after("id=\"sign-form\"", "name=\"plan_sha256\" value");
    let mut other = house.as_demo("nadia").await;
    let limit = page.after("id=\"choose-ceiling_n\"", "max");
    let chosen = [("from", "gentle"), ("ceiling_n", limit.as_str())];
    let anew = other.post(&format!("{base}/plan/propose"), &chosen).await;
    assert!(anew.status.is_redirection(), "{}", anew.body);
    let password = house.password("colin");
    let refused = sign(&mut browser, &base, &sha, &password).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    refused
        .shows("role=\"alert\"")
        .shows("data-test=\"fault-remedy\"");
    assert!(chart(&house, "Elin").await.episode.plan.is_none());
}

/// The numbers along both axes of a candidate's curve.
fn axes(page: &str, candidate: &str) -> Vec<String> {
    let (_, from) = page.split_once(&format!("curve-{candidate}-d")).unwrap();
    let (curve, _) = from.split_once("</svg>").unwrap();
    let texts = curve.split("<text ").skip(1).filter_map(|text| {
        let (_, words) = text.split_once('>')?;
        words.split_once('<').map(|(words, _)| words.to_owned())
    });
    texts
        .filter(|words| words.starts_with(|c: char| c.is_ascii_digit()))
        .collect()
}

#[tokio::test]
async fn the_curves_of_all_candidates_are_drawn_to_one_scale_and_signed_beneath() {
    let house = house().await;
    let mut browser = house.as_demo("colin").await;
    let base = proposed(&house, &mut browser).await;
    let page = browser.get(&format!("{base}/plan")).await.ok().body;
    let gentle = axes(&page, "gentle");
    assert!(gentle.len() > 3, "{gentle:?}");
    for candidate in ["standard", "firm"] {
        assert_eq!(axes(&page, candidate), gentle, "{candidate}");
    }
    let at = |mark: &str| page.find(mark).unwrap();
    assert!(at("id=\"sign\"") < at("class=\"evidence\""));
    assert!(at("id=\"sign\"") < at("id=\"look\""));
}
