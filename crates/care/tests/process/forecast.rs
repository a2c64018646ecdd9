//! A plan's forecast: what it tells, what it listens to, and that it decides nothing.

use care::fact::By;
use care::plan::{Candidate, Forecast, Proposal, Range};
use si::{Region, Segment};
use spine::unknown::Belief;

use super::plan::Asked;
use super::setting::{number, start};

fn asked(region: Region) -> Asked {
    Asked {
        forecast: Some(Belief::prior(region)),
        ..Asked::new(region, 80.0, Some("male"))
    }
}

fn lumbar() -> Asked {
    asked(Region::Lumbar)
}

fn gentle(plan: &Proposal) -> &Forecast {
    forecast(&plan.candidates.gentle)
}

fn forecast(candidate: &Candidate) -> &Forecast {
    candidate.prediction.as_ref().expect("a forecast")
}

/// The same plan but for what is forecast.
fn same_but_for_forecast(one: &Proposal, other: &Proposal) {
    let bare = |plan: &Proposal| {
        let mut plan = plan.clone();
        let of = &mut plan.candidates;
        let all = [Some(&mut of.gentle), of.standard.as_mut(), of.firm.as_mut()];
        all.into_iter()
            .flatten()
            .for_each(|candidate| candidate.prediction = None);
        plan
    };
    assert_eq!(bare(one), bare(other));
}

fn ordered(range: Range) {
    assert!(
        range.low <= range.mid && range.mid <= range.high,
        "{range:?}"
    );
}

#[test]
fn every_treated_level_is_told_front_and_back_with_doubt() {
    for region in Region::ALL {
        let plan = asked(region).plan();
        let forecast = gentle(&plan);
        let told: Vec<Segment> = forecast.levels.iter().map(|level| level.segment).collect();
        assert_eq!(told, Segment::of(region));
        for level in &forecast.levels {
            for opening in [
                Some(level.opening_mm),
                level.anterior_mm,
                level.posterior_mm,
            ] {
                let opening = opening.expect("told");
                assert!(opening.mid - opening.low >= 0.499, "{opening:?}");
                assert!(opening.high - opening.mid >= 0.499, "{opening:?}");
            }
            for told in [
                level.rotation_deg,
                level.pressure_change_kpa,
                level.annulus_strain_share,
                level.ligament_strain_share,
            ] {
                ordered(told.expect("told"));
            }
            assert!((0.0..=1.2).contains(&level.share_of_force), "{level:?}");
        }
        ordered(forecast.stature_mm.expect("told"));
        let mut warnings = forecast.warnings.iter();
        let said = warnings.any(|words| words.contains("extrapolates"));
        assert_eq!(forecast.extrapolated, said, "{:?}", forecast.warnings);
    }
}

#[test]
fn the_curve_begins_at_rest_and_passes_through_the_elongation_that_is_told() {
    let plan = lumbar().plan();
    let forecast = gentle(&plan);
    let curve = forecast.curve.as_ref().expect("a curve");
    let count = curve.at_s.len();
    assert!((31..=33).contains(&count), "{count}");
    for list in [
        &curve.applied_n,
        &curve.low_mm,
        &curve.mid_mm,
        &curve.high_mm,
    ] {
        assert_eq!(list.len(), count);
    }
    assert_eq!((curve.at_s[0], curve.mid_mm[0]), (0.0, 0.0));
    let pull = &plan.candidates.gentle.prescription;
    let peak = curve.applied_n.iter().copied().fold(0.0, f64::max);
    assert!((peak - pull.force_n).abs() < 0.5, "{peak}");
    assert!(curve.mid_mm.contains(&forecast.elongation_mm.mid));
}

#[test]
fn a_grade_on_record_moves_the_forecast_and_nothing_else() {
    let mut asked = lumbar();
    let typical = asked.plan();
    let worn = number("disc_pfirrmann[L4-L5]", 5.0, By::Practitioner, start());
    asked.facts.insert(worn);
    let graded = asked.plan();
    let opening = |plan: &Proposal| gentle(plan).levels[3].opening_mm.mid;
    assert_eq!(gentle(&graded).levels[3].segment, Segment::L4L5);
    assert!(
        (opening(&typical) - opening(&graded)).abs() > 0.01,
        "{}",
        opening(&graded)
    );
    let warnings = &gentle(&graded).warnings;
    assert!(
        warnings.len() > gentle(&typical).warnings.len(),
        "{warnings:?}"
    );
    same_but_for_forecast(&typical, &graded);
}

#[test]
fn a_curve_without_apex_and_side_is_told_as_left_out() {
    let mut asked = lumbar();
    let straight = asked.plan();
    let cobb = |degrees| number("cobb_angle", degrees, By::Practitioner, start()).with_unit("deg");
    asked.facts.insert(cobb(24.0));
    let curved = asked.plan();
    let said = |plan: &Proposal| {
        let mut warnings = gentle(plan).warnings.iter();
        warnings.any(|words| words.contains("24°") && words.contains("straight spine"))
    };
    assert!(said(&curved) && !said(&straight));
    assert_eq!(gentle(&curved).levels, gentle(&straight).levels);
}

#[test]
fn what_sessions_taught_moves_the_forecast_of_its_region_and_nothing_else() {
    let mut asked = lumbar();
    let plain = asked.plan();
    let prior = Belief::prior(Region::Lumbar);
    let (mean, factor) = prior.to_parts();
    let shifted: Vec<f64> = mean.iter().map(|mean| mean + 0.5).collect();
    let learned = Belief::from_parts(Region::Lumbar, &shifted, factor).expect("a belief");
    asked.forecast = Some(learned);
    let taught = asked.plan();
    assert!(gentle(&taught).note.contains("earlier sessions"));
    assert_ne!(gentle(&taught).levels, gentle(&plain).levels);
    same_but_for_forecast(&taught, &plain);
    asked.forecast = Some(Belief::prior(Region::Cervical));
    assert!(asked.plan().candidates.gentle.prediction.is_none());
}

#[test]
fn a_forecast_from_before_the_whole_spine_is_still_read() {
    let text = r#"{
        "levels": [{"segment": "L4-L5", "opening_mm": {"low": 0.1, "mid": 0.6, "high": 1.1},
                    "share_of_force": 0.4}],
        "delivered_n": {"low": 60, "mid": 80, "high": 100},
        "elongation_mm": {"low": 1, "mid": 2, "high": 3},
        "extrapolated": false,
        "note": "A forecast."
    }"#;
    let old: Forecast = serde_json::from_str(text).expect("readable");
    assert_eq!((old.curve, old.stature_mm), (None, None));
    assert!(old.warnings.is_empty() && old.levels[0].rotation_deg.is_none());
}
