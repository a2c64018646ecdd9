//! The numbers of dose are data, cited, and refused where they are wrong.

use care::knowledge::check;
use care::plan::Dose;
use si::{Newtons, Region};

use super::plan::{Asked, dose};
use super::setting::knowledge;
use crate::support::{borrowed, embedded};

#[test]
fn every_number_of_dose_cites_what_is_listed_or_says_it_is_ours() {
    let dose = dose();
    let all = dose
        .common
        .all()
        .chain(dose.lumbar.all())
        .chain(dose.cervical.all());
    for (name, number) in all {
        let listed = |id: &String| knowledge().source(id).is_some();
        assert!(
            number.sources.iter().all(listed),
            "{name}: {:?}",
            number.sources
        );
        if number.sources.is_empty() {
            let honest =
                number.evidence.contains("sign-off") || number.evidence.contains("reference");
            assert!(honest, "{name}: {}", number.evidence);
        }
    }
    let rows = dose.angle.iter().map(|row| &row.sources);
    let rows = rows.chain(dose.position.iter().map(|row| &row.sources));
    for id in rows.flatten() {
        assert!(knowledge().source(id).is_some(), "{id}");
    }
}

#[test]
fn a_broken_number_of_dose_is_refused_with_its_place() {
    let text = knowledge().document("dose.toml").expect("dose.toml");
    let changes = [
        ("unit = \"N/s\"", "unit = \"N\"", "dose-wrong"),
        ("value = 534.0", "value = 5340.0", "dose-above-ceiling"),
        ("value = 534.0", "value = -1.0", "dose-wrong"),
        ("[lumbar.step]", "[lumbar.leap]", "dose-unreadable"),
        ("\"C2-C3\", ", "", "dose-incomplete"),
    ];
    for (from, to, code) in changes {
        assert!(text.contains(from), "{from}");
        let problem = Dose::read(&text.replacen(from, to, 1)).expect_err("a problem");
        assert_eq!(problem.code, code, "{problem}");
    }
}

/// Loads the embedded knowledge with another `dose.toml`.
fn loaded(text: &str) -> Vec<si::Problem> {
    let mut files = embedded();
    files.retain(|(path, _)| path != "dose.toml");
    files.push(("dose.toml".to_owned(), text.to_owned()));
    check(&borrowed(&files))
}

#[test]
fn bad_numbers_of_dose_are_refused_when_knowledge_loads_with_file_line_and_column() {
    let text = knowledge().document("dose.toml").expect("dose.toml");
    assert!(loaded(text).is_empty(), "{:?}", loaded(text));
    // behind this text, this, becomes that
    let rows = [
        ("", "sources = [\"S24\"]", "sources = [\"S999\"]"),
        ("[common.gap]", "value = 14.0", "value = fourteen"),
        ("[lumbar.step]", "unit = \"N\"", "unit = \"lb\""),
        ("[lumbar.ceiling]", "value = 534.0", "value = 5340.0"),
        ("lumbar-disc-acute", "value = 0.3", "value = 0.6"),
        ("lumbar-disc-acute", "value = 0.2", "value = 0.0"),
        ("lumbar-disc-acute", "unit = \"s\"", "unit = \"min\""),
        ("lumbar-disc-acute", "value = 15.0", "value = 1.0"),
        ("lumbar-disc-acute", "value = 480.0", "value = 4800.0"),
        ("lumbar-disc-acute", "\"intermittent\"", "\"oscillating\""),
        ("lumbar-disc-acute", "\"intermittent\"", "\"shaken\""),
        ("lumbar-disc-acute", "\"sciatica\"", "\"sciatika\""),
        ("lumbar-disc-acute", "\"acute\"", "\"fresh\""),
        (
            "lumbar-disc-acute",
            "region = \"lumbar\"",
            "region = \"thoracic\"",
        ),
        ("lumbar-disc-acute", "S14", "S998"),
        ("lumbar-large-herniation", "\"extrusion\"", "\"burst\""),
        ("lumbar-central-herniation", "\"central\"", "\"middle\""),
        ("lumbar-chronic-pain", "value = 10.0", "value = 30.0"),
        (
            "lumbar-facet",
            "id = \"lumbar-facet\"",
            "id = \"lumbar-stenosis\"",
        ),
        ("[notes.side]", "[notes.side]", "[notes.sight]"),
    ];
    for (behind, from, to) in rows {
        let anchor = text.find(behind).expect("the anchor");
        // An id stands in its own line; the text to change may begin it.
        let anchor = text[..anchor].rfind('\n').map_or(0, |line| line + 1);
        let (head, tail) = text.split_at(anchor);
        assert!(tail.contains(from), "{behind}: {from}");
        let problems = loaded(&format!("{head}{}", tail.replacen(from, to, 1)));
        let words = format!("{behind}: {from} -> {to}: {problems:?}");
        let problem = problems.first().unwrap_or_else(|| panic!("{words}"));
        let place: Vec<&str> = problem.place.split(':').collect();
        let line: usize = place
            .get(1)
            .and_then(|line| line.parse().ok())
            .expect(&words);
        assert!(place[0] == "dose.toml" && place.len() == 3, "{words}");
        let near = head.matches('\n').count();
        let far = if behind.is_empty() {
            usize::MAX
        } else {
            near + 75
        };
        assert!(
            (near..=far).contains(&line) || to.contains("sight"),
            "{words}, line {near}"
        );
        assert!(!problem.remedy.is_empty(), "{words}");
    }
}

#[test]
fn every_setting_has_a_reason_and_every_reason_a_basis() {
    let settings = [
        "target",
        "position",
        "mode",
        "force_n",
        "base_n",
        "ramp_n_per_s",
        "hold_s",
        "angle_deg",
        "ceiling_n",
        "first_ceiling_n",
        "step_n",
        "sessions",
        "per_week",
        "max_rate_n_per_s",
        "max_duration_s",
    ];
    for region in Region::ALL {
        let plan = Asked::new(region, 80.0, Some("female")).plan();
        let reasons = &plan.candidates.gentle.prescription.reasons;
        for setting in settings {
            let reason = reasons.iter().find(|reason| reason.setting == setting);
            let reason = reason.unwrap_or_else(|| panic!("{region}: no reason for {setting}"));
            assert!(
                !reason.why.is_empty() && !reason.evidence.is_empty(),
                "{setting}"
            );
            for source in &reason.sources {
                assert!(
                    knowledge().source(source).is_some(),
                    "{setting} cites {source}"
                );
            }
        }
        assert!(
            !plan.dissent.is_empty(),
            "{region}: what guidelines say is shown"
        );
    }
}

#[test]
fn limits_of_a_session_carry_its_force_and_the_arrival_score() {
    let plan = Asked::new(Region::Cervical, 80.0, None).plan();
    let candidate = &plan.candidates.gentle;
    let force = Newtons::of(candidate.prescription.force_n);
    let limits = candidate.limits((force, force), 4).expect("limits");
    assert_eq!(limits.ceiling, force);
    assert_eq!((limits.comfort.arrival(), limits.comfort.stop_at()), (4, 7));
    let profile = candidate.prescription.profile(force).expect("a profile");
    assert!(profile.total() <= limits.total_time);
    assert!(profile.spec().ramp <= limits.rate_up);
    assert_eq!(
        candidate
            .limits((force, force), 11)
            .expect_err("no such score")
            .code,
        "limits-impossible"
    );
}
