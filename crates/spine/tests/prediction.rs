//! What a prediction promises.

use crate::common::{Intermittent, column, patient};
use si::{Interval, Metres, Newtons, Region, Seconds, Segment};
use spine::lumped::{Lumped, Prediction, Steady, Support, predict};

fn told(age: f64, region: Region, force: f64) -> Prediction {
    let pull = Intermittent::session(force);
    predict(&column(age, region), &pull, Seconds::of(1230.0)).unwrap()
}

fn reaches_half_a_millimetre(shown: &Interval<Metres>) -> bool {
    let (low, mid, high) = (shown.low().mm(), shown.mid().mm(), shown.high().mm());
    mid - low >= 0.5 - 1e-9 && high - mid >= 0.5 - 1e-9
}

#[test]
fn every_treated_level_is_told_with_half_a_millimetre_of_doubt_at_least() {
    for (region, force) in [(Region::Lumbar, 160.0), (Region::Cervical, 60.0)] {
        let told = told(46.0, region, force);
        let segments: Vec<Segment> = told.levels.iter().map(|level| level.segment).collect();
        assert_eq!(segments, Segment::of(region));
        for level in &told.levels {
            assert!(level.opening.mid().mm() > 0.05);
            assert!(reaches_half_a_millimetre(&level.opening));
            assert!(reaches_half_a_millimetre(&level.after));
            assert!(level.course.iter().all(reaches_half_a_millimetre));
            assert!(level.opening_raw.low().get() > 0.0);
            assert!(level.after_raw.mid() < level.opening_raw.mid());
        }
    }
}

#[test]
fn the_reading_is_taken_at_the_end_of_the_last_hold() {
    let told = told(46.0, Region::Lumbar, 160.0);
    // 15 cycles of 80 s; the last hold ends 50 s into its cycle and falls by 2 % within 0.4 s.
    assert!((1170.0..1171.0).contains(&told.held_until.get()));
    assert!((told.applied.get() - 160.0).abs() < 3.3);
}

#[test]
fn the_course_runs_from_start_to_end_through_the_last_hold() {
    let told = told(46.0, Region::Lumbar, 160.0);
    let curve = &told.curve;
    assert_eq!(curve.at[0].get(), 0.0);
    assert_eq!(curve.at[curve.at.len() - 1].get(), 1230.0);
    assert!(curve.at.contains(&told.held_until));
    assert!(curve.at.windows(2).all(|pair| pair[0] < pair[1]));
    assert!((60..=122).contains(&curve.at.len()));
    assert_eq!(curve.at.len(), curve.applied.len());
    assert_eq!(curve.at.len(), curve.elongation.len());
    assert!(
        told.levels
            .iter()
            .all(|level| level.course.len() == curve.at.len())
    );
}

#[test]
fn what_an_unsplit_table_keeps_is_told_as_an_interval() {
    let lying = Lumped::new(&patient(46.0), Region::Lumbar, &Support::level(false)).unwrap();
    let told = predict(&lying, &Intermittent::session(300.0), Seconds::of(1200.0)).unwrap();
    let kept = 300.0 - told.delivered.mid().get();
    assert!((150.0..190.0).contains(&kept), "{kept}");
    assert!(told.delivered.low() < told.delivered.mid());
    assert!(told.levels[4].share_of_force < 0.5);
}

#[test]
fn a_lumbar_treatment_is_called_an_extrapolation() {
    assert!(told(46.0, Region::Lumbar, 160.0).extrapolated);
    assert!(!told(46.0, Region::Lumbar, 45.0).extrapolated);
    assert!(!told(46.0, Region::Cervical, 90.0).extrapolated);
}

#[test]
fn more_pull_opens_more_and_age_opens_less() {
    let mid = |told: &Prediction| told.levels[4].opening.mid();
    assert!(mid(&told(46.0, Region::Lumbar, 240.0)) > mid(&told(46.0, Region::Lumbar, 160.0)));
    assert!(mid(&told(70.0, Region::Lumbar, 160.0)) < mid(&told(40.0, Region::Lumbar, 160.0)));
}

#[test]
fn the_same_question_gives_the_same_bits() {
    assert_eq!(
        told(46.0, Region::Lumbar, 160.0),
        told(46.0, Region::Lumbar, 160.0)
    );
}

#[test]
fn coarse_steps_of_the_prediction_agree_with_a_millisecond() {
    let pull = Intermittent::session(250.0);
    let column = column(46.0, Region::Lumbar);
    let told = predict(&column, &pull, Seconds::of(1200.0)).unwrap();
    let mut bench = crate::common::Bench::new(column);
    use spine::lumped::Pull as _;
    for step in 1..=libm::round(told.held_until.get() * 1000.0) as usize {
        let t = Seconds::of(step as f64 * 0.001);
        bench.pull(pull.tension(t).get(), 0.001);
    }
    for (level, fine) in told.levels.iter().zip(bench.openings()) {
        let coarse = level.opening_raw.mid().mm();
        assert!((coarse - fine).abs() < 1e-3 * fine, "{coarse} {fine}");
    }
}

#[test]
fn the_published_elongations_lie_inside_the_raw_interval_at_51_newtons() {
    // The ensemble must hold the data that it was drawn around, at every age band.
    for band in spine::tables::lumbar::KURUTZ {
        let pull = Steady {
            tension: Newtons::of(51.0),
            angle: si::Radians::ZERO,
        };
        let told = predict(
            &column(band.age, Region::Lumbar),
            &pull,
            Seconds::of(1200.0),
        )
        .unwrap();
        let published = Metres::of(band.last);
        assert!(
            told.levels[3].opening_raw.contains(published),
            "{}",
            band.age
        );
    }
}

#[test]
fn every_level_of_a_neck_is_told_under_its_own_name() {
    let mut soft = spine::lumped::Parameters::nominal(Region::Cervical);
    soft.levels[7] = 3.0;
    let column = column(46.0, Region::Cervical)
        .with_parameters(&soft)
        .unwrap();
    let told = predict(&column, &Intermittent::session(60.0), Seconds::of(1200.0)).unwrap();
    let mid = |level: usize| told.levels[level].opening_raw.mid().get();
    assert_eq!(told.levels[5].segment, Segment::C7T1);
    assert!(mid(5) > 2.5 * mid(4) && (mid(4) - mid(0)).abs() < 1e-12);
}
