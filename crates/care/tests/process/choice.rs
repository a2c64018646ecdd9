//! What a practitioner chooses beside the candidates: every mode, within every cap.

use care::plan::{Candidate, Choice, History, Proposal, PullMode, SignedPlan, session_force};
use ed25519_dalek::SigningKey;
use serde_json::{Value as Json, json};
use si::{Newtons, Problem, Region};
use traction::Ticks;
use traction::profile::Profile;

use super::plan::{Asked, dose};
use super::setting::{choice as of_list, start};
use care::fact::By;

fn asked(region: Region) -> Asked {
    Asked::new(region, 80.0, Some("male"))
}

pub(super) fn of(from: &str, mode: PullMode) -> Choice {
    Choice {
        from: from.to_owned(),
        mode: Some(mode),
        ..Choice::default()
    }
}

fn with(region: Region, choice: Choice) -> Result<Proposal, Problem> {
    let mut asked = asked(region);
    asked.choice = Some(choice);
    asked.propose()
}

fn chosen(plan: &Proposal) -> &Candidate {
    plan.candidates.chosen.as_ref().expect("a chosen candidate")
}

fn sign(plan: &str) -> Result<SignedPlan, Problem> {
    let key = SigningKey::from_bytes(&[7; 32]);
    SignedPlan::sign(plan, Choice::NAME, "PT 1", start(), (&key, &dose()))
}

fn seconds(profile: &Profile) -> f64 {
    profile.total().seconds().get()
}

#[test]
fn every_mode_can_be_chosen_and_signed() {
    for region in Region::ALL {
        let bare = asked(region).plan();
        for mode in PullMode::ALL {
            for from in ["gentle", "standard", "firm"] {
                let plan = with(region, of(from, mode))
                    .unwrap_or_else(|problem| panic!("{region} {from} {mode:?}: {problem}"));
                let own = bare.candidate(from).expect("offered");
                assert_eq!(
                    plan.candidate(from).expect("offered"),
                    own,
                    "it changes none"
                );
                let candidate = chosen(&plan);
                let pull = &candidate.prescription;
                assert_eq!(pull.mode, mode);
                assert!(pull.force_n <= own.prescription.force_n);
                let profile = pull.profile(Newtons::of(pull.force_n)).expect("possible");
                assert_eq!(profile.spec().mode, mode.traction());
                let first = if from == "gentle" { 300.0 } else { 600.0 };
                assert!(seconds(&profile) <= first + 1.0, "{region} {from} {mode:?}");
                assert!(mode == PullMode::Static || pull.cycles >= mode.fewest());
                let said = |setting: &str| {
                    let mut reasons = pull.reasons.iter();
                    reasons.any(|reason| reason.setting == setting)
                };
                for setting in mode.settings().iter().filter(|name| **name != "cycles") {
                    assert!(said(setting), "{mode:?} does not say why of {setting}");
                }
                assert!(said("choice") && said("mode"));
                let text = plan.bytes().expect("bytes");
                assert_eq!(Proposal::read(&text).expect("a plan"), plan);
                sign(&text).expect("signed");
            }
        }
    }
}

/// The honest word stands with every mode that was chosen, and none is praised.
#[test]
fn no_mode_is_chosen_without_what_is_not_known_of_it() {
    for mode in PullMode::ALL {
        let plan = with(Region::Lumbar, of("gentle", mode)).expect("a plan");
        let reasons = &chosen(&plan).prescription.reasons;
        let of_mode: Vec<_> = reasons.iter().filter(|r| r.setting == "mode").collect();
        let against = of_mode.iter().flat_map(|reason| &reason.dissent);
        assert!(
            against
                .clone()
                .any(|words| words.contains("No mode was superior")),
            "{mode:?}: {of_mode:?}"
        );
        let early = of_mode
            .iter()
            .any(|reason| reason.why.contains("first session"));
        assert_eq!(
            early,
            mode != PullMode::Static,
            "static is what texts begin with"
        );
    }
}

#[test]
fn a_chosen_mode_keeps_its_shape_at_every_force_of_its_course() {
    for region in Region::ALL {
        for mode in PullMode::ALL {
            let plan = with(region, of("firm", mode)).expect("a plan");
            let (pull, course) = (&chosen(&plan).prescription, &chosen(&plan).course);
            let own = pull.profile(Newtons::of(pull.force_n)).expect("possible");
            let mut force = (pull.force_n * 0.5).max(25.0).floor();
            while force <= course.ceiling_n {
                let profile = pull.profile(Newtons::of(force));
                let profile = profile.unwrap_or_else(|p| panic!("{region} {mode:?} {force}: {p}"));
                let (lasts, most) = (seconds(&profile), course.max_duration_s);
                assert!(lasts <= most, "{region} {mode:?} at {force} N: {lasts} s");
                if force <= pull.force_n {
                    assert!(
                        lasts <= seconds(&own) + 1.0,
                        "{region} {mode:?} at {force} N"
                    );
                }
                let (mut top, mut at) = (0.0_f64, Ticks::ZERO);
                while at <= profile.total() {
                    top = top.max(profile.at(at).force.get());
                    at = at.plus(Ticks::new(50));
                }
                assert!(top <= force, "{region} {mode:?}: {top} of {force}");
                force += 13.0;
            }
        }
    }
}

/// A choice from gentle with one setting.
fn set(mode: PullMode, setting: &str, value: f64) -> Choice {
    let mut choice = serde_json::to_value(of("gentle", mode)).expect("JSON");
    choice[setting] = match setting {
        "cycles" => json!(value as u16),
        _ => json!(value),
    };
    serde_json::from_value(choice).expect("a choice")
}

/// hazard: H1, H14
#[test]
fn a_choice_beyond_its_candidate_is_refused() {
    use PullMode::{Intermittent, Logarithmic, Oscillating, Progressive, Static};
    let own = asked(Region::Lumbar).plan();
    let own = &own.candidates.gentle;
    let (force, ceiling) = (own.prescription.force_n, own.course.ceiling_n);
    // mode, setting, value, and where it is refused if not there
    let rows = [
        (Static, "force_n", force + 1.0, ""),
        (Static, "force_n", 0.0, ""),
        (Static, "ceiling_n", ceiling + 1.0, ""),
        (Static, "ceiling_n", force - 1.0, ""),
        (Static, "ramp_n_per_s", 50.0, ""),
        (Static, "release_n_per_s", 50.0, ""),
        (Static, "hold_s", 900.0, ""),
        (Static, "hold_s", 1.0, ""),
        (Static, "swing_n", 5.0, ""),
        (Static, "rest_s", 5.0, ""),
        (Intermittent, "cycles", 12.0, "hold_s"),
        (Progressive, "least_n", force, ""),
        (Progressive, "cycles", 1.0, ""),
        (Logarithmic, "rise_s", 1.0, ""),
        (Oscillating, "swing_n", force, ""),
        (Oscillating, "period_s", 2.0, ""),
    ];
    let rows = rows.map(|(mode, setting, value, at)| {
        let at = if at.is_empty() { setting } else { at };
        (set(mode, setting, value), at)
    });
    let no_number = Choice {
        force_n: Some(f64::NAN),
        ..of("gentle", Static)
    };
    let strange = [
        (of("bold", Static), "from"),
        (of(Choice::NAME, Static), "from"),
        (no_number, "force_n"),
    ];
    for (choice, at) in rows.into_iter().chain(strange) {
        let told = format!("{choice:?}");
        let problem = with(Region::Lumbar, choice).expect_err(&told);
        assert_eq!(problem.place, format!("choice.{at}"), "{told}: {problem}");
        assert!(!problem.remedy.is_empty() && !problem.problem.is_empty());
    }
}

#[test]
fn a_chosen_candidate_beyond_its_own_is_unsound() {
    let plan = with(Region::Lumbar, of("gentle", PullMode::Oscillating)).expect("a plan");
    let text = plan.bytes().expect("bytes");
    sign(&text).expect("as it was proposed");
    let force = plan.candidates.gentle.prescription.force_n;
    let course = &plan.candidates.gentle.course;
    let rows = [
        ("prescription.force_n", json!(force + 1.0)),
        ("prescription.ceiling_n", json!(course.ceiling_n + 1.0)),
        ("prescription.ceiling_n", json!(force - 1.0)),
        ("prescription.swing_n", json!(force)),
        ("prescription.swing_n", json!(null)),
        ("prescription.period_s", json!(0.5)),
        ("prescription.least_n", json!(20.0)),
        ("prescription.hold_s", json!(2.0)),
        ("prescription.mode", json!("static")),
        ("course.first_ceiling_n", json!(course.first_ceiling_n)),
        ("course.sessions", json!(course.sessions - 1)),
        ("from", json!(null)),
        ("from", json!("chosen")),
        ("from", json!("bold")),
    ];
    for (place, value) in rows {
        let mut document: Json = serde_json::from_str(&text).expect("JSON");
        let mut part = &mut document["candidates"]["chosen"];
        for key in place.split('.') {
            part = &mut part[key];
        }
        *part = value.clone();
        let problem = sign(&document.to_string()).expect_err(place);
        assert!(
            matches!(problem.code, "plan-unsound" | "prescription-impossible"),
            "{place} {value}: {problem}"
        );
        assert!(problem.place.starts_with("candidates.chosen"), "{problem}");
    }
    let mut document: Json = serde_json::from_str(&text).expect("JSON");
    document["candidates"]["gentle"]["from"] = json!("firm");
    let problem = sign(&document.to_string()).expect_err("the plan's own start from none");
    assert_eq!(problem.place, "candidates.gentle.from");
}

/// Once the first-session caps are over, the candidate that it starts from still binds.
///
/// hazard: H1, H14
#[test]
fn a_later_choice_pulls_no_harder_than_its_candidate_either() {
    let mut asked = asked(Region::Lumbar);
    asked.history = History {
        sessions: 5,
        last: Some(start()),
        tolerated_n: Some(150.0),
        peak_n: Some(150.0),
        settled: true,
        adjusted: false,
    };
    asked.choice = Some(of("firm", PullMode::Regressive));
    let plan = asked.plan();
    let (own, force) = (&chosen(&plan).course, chosen(&plan).prescription.force_n);
    assert!(force + 1.0 < own.ceiling_n, "no cap but its candidate");
    let text = plan.bytes().expect("bytes");
    sign(&text).expect("as it was proposed");
    let mut document: Json = serde_json::from_str(&text).expect("JSON");
    document["candidates"]["chosen"]["prescription"]["force_n"] = json!(force + 1.0);
    let problem = sign(&document.to_string()).expect_err("harder");
    assert_eq!(problem.place, "candidates.chosen.prescription.force_n");
    asked.choice = Some(set(PullMode::Static, "force_n", force + 1.0));
    let problem = asked.propose().expect_err("harder");
    assert_eq!(problem.place, "choice.force_n");
}

#[test]
fn where_a_fragment_may_move_no_other_mode_can_be_chosen() {
    let mut asked = asked(Region::Lumbar);
    let by = By::Practitioner;
    let facts = [
        of_list("treated_condition", "disc-herniation", by, start()),
        of_list("herniation_type", "extrusion", by, start()),
    ];
    for fact in facts {
        asked.facts.insert(fact);
    }
    asked.choice = Some(of("gentle", PullMode::Static));
    let text = asked.plan().bytes().expect("bytes");
    let mut document: Json = serde_json::from_str(&text).expect("JSON");
    let pull = &mut document["candidates"]["chosen"]["prescription"];
    pull["mode"] = json!("cyclic");
    let problem = sign(&document.to_string()).expect_err("edited");
    assert_eq!(problem.place, "candidates.chosen.prescription.mode");
    for mode in PullMode::ALL {
        asked.choice = Some(of("gentle", mode));
        match asked.propose() {
            Ok(plan) => assert_eq!(chosen(&plan).prescription.mode, PullMode::Static),
            Err(problem) => {
                assert_ne!(mode, PullMode::Static, "{problem}");
                assert_eq!(problem.place, "choice.mode");
            }
        }
    }
}

/// hazard: H14, H22
#[test]
fn a_signed_limit_raises_a_sessions_ceiling_and_never_above_a_cap_or_a_step() {
    let limit = Choice {
        ceiling_n: Some(300.0),
        ..of("firm", PullMode::Static)
    };
    let plan = with(Region::Lumbar, limit).expect("a plan");
    let bare = asked(Region::Lumbar).plan();
    let bare = bare.candidates.firm.as_ref().expect("firm");
    let tolerated = |newtons: f64, sessions: u32, settled: bool| History {
        sessions,
        last: Some(start()),
        tolerated_n: Some(newtons),
        peak_n: Some(newtons),
        settled,
        adjusted: false,
    };
    let adjusted = |newtons: f64| History {
        adjusted: true,
        ..tolerated(newtons, 5, false)
    };
    let rows = [
        // history, sessions under the plan, force, ceiling
        (History::default(), 0, 196.0, 196.0),
        (tolerated(150.0, 1, true), 1, 172.0, 172.0),
        (tolerated(196.0, 1, true), 1, 196.0, 196.0),
        (tolerated(196.0, 2, true), 2, 218.0, 218.0),
        (tolerated(196.0, 2, false), 2, 196.0, 196.0),
        (tolerated(290.0, 5, true), 5, 300.0, 300.0),
        (tolerated(190.0, 2, true), 0, 196.0, 212.0),
        (tolerated(350.0, 5, true), 0, 196.0, 300.0),
        (tolerated(350.0, 5, false), 0, 196.0, 196.0),
        (adjusted(350.0), 3, 196.0, 196.0),
        (adjusted(200.0), 3, 150.0, 150.0),
    ];
    for (history, under, force, ceiling) in rows {
        let next = session_force(chosen(&plan), &history, under, &dose(), start());
        let (is, most) = (next.force.get(), next.ceiling.get());
        assert_eq!((is, most), (force, ceiling), "{history:?} {under}");
        let own = session_force(bare, &history, under, &dose(), start());
        assert_eq!(own.ceiling, own.force, "nobody signed a limit");
        let limits = chosen(&plan).limits((next.force, next.ceiling), 3);
        assert_eq!(limits.expect("limits").spec().ceiling.get(), ceiling);
    }
    let now = session_force(
        chosen(&plan),
        &tolerated(350.0, 5, true),
        0,
        &dose(),
        start(),
    );
    assert_eq!(
        now.under(Newtons::of(250.0)).ceiling.get(),
        250.0,
        "lighter today"
    );
}
