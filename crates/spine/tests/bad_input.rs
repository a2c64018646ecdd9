//! What the column refuses, and how it says so.

use crate::common::{Bench, column, hanging, patient, split};
use si::{Kilograms, Metres, Newtons, Radians, Region, Seconds, Segment};
use spine::lumped::{
    Carriage, ColumnError, Load, Lumped, Parameters, Patient, Pull, Scratch, State, Steady,
    Support, impose, predict, step,
};

fn place(result: Result<Lumped, ColumnError>) -> &'static str {
    result.unwrap_err().place()
}

#[test]
fn a_body_that_nobody_has_is_refused_by_name() {
    let build = |patient: Patient| Lumped::new(&patient, Region::Lumbar, &split());
    let heavy = Patient {
        mass: Kilograms::of(500.0),
        ..patient(46.0)
    };
    let tall = Patient {
        height: Some(Metres::of(168.0)),
        ..patient(46.0)
    };
    assert_eq!(place(build(patient(f64::NAN))), "patient.age_years");
    assert_eq!(place(build(patient(-3.0))), "patient.age_years");
    assert_eq!(place(build(heavy)), "patient.mass");
    assert_eq!(place(build(tall)), "patient.height");
}

#[test]
fn a_couch_that_stands_up_is_refused() {
    let steep = Support {
        incline: Radians::of(1.0),
        ..split()
    };
    let loose = Support {
        slack: Metres::of(-0.001),
        ..split()
    };
    let build = |support| Lumped::new(&patient(46.0), Region::Lumbar, &support);
    assert_eq!(place(build(steep)), "support.incline");
    assert_eq!(place(build(loose)), "support.slack");
}

#[test]
fn a_negative_stiffness_is_refused() {
    let mut parameters = Parameters::nominal(Region::Lumbar);
    parameters.linear = -1.0;
    let built = column(46.0, Region::Lumbar).with_parameters(&parameters);
    assert_eq!(place(built), "parameters.linear");
}

#[test]
fn a_pull_beyond_the_stated_range_is_refused_with_value_and_remedy() {
    let pull = Steady {
        tension: Newtons::of(300.0),
        angle: Radians::ZERO,
    };
    let error = predict(&column(46.0, Region::Cervical), &pull, Seconds::of(60.0)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "pull.tension: 300 N is outside 0 to 250 N; give a value inside the range"
    );
}

#[test]
fn a_pull_that_is_no_number_is_refused_before_anything_moves() {
    struct Broken;
    impl Pull for Broken {
        fn tension(&self, t: Seconds) -> Newtons {
            Newtons::raw(if t.get() > 30.0 { f64::NAN } else { 100.0 })
        }
        fn angle(&self) -> Radians {
            Radians::ZERO
        }
    }
    let error = predict(&column(46.0, Region::Lumbar), &Broken, Seconds::of(60.0)).unwrap_err();
    assert_eq!(error.place(), "pull.tension");
}

#[test]
fn durations_and_angles_outside_the_range_are_refused() {
    let pull = |degrees| Steady {
        tension: Newtons::of(100.0),
        angle: Radians::from_degrees(degrees).unwrap(),
    };
    let column = column(46.0, Region::Lumbar);
    let fault = |degrees, seconds| {
        let told = predict(&column, &pull(degrees), Seconds::raw(seconds));
        told.unwrap_err().place()
    };
    assert_eq!(fault(80.0, 60.0), "pull.angle");
    assert_eq!(fault(0.0, 0.0), "duration");
    assert_eq!(fault(0.0, f64::INFINITY), "duration");
    assert_eq!(fault(0.0, 1e6), "duration");
}

#[test]
fn a_step_with_a_broken_number_is_an_error_and_leaves_the_state_alone() {
    let column = column(46.0, Region::Lumbar);
    let (mut state, mut scratch) = (State::rest(&column), Scratch::new());
    let before = state;
    let dt = Seconds::of(0.01);
    let nan = Load::along(Newtons::raw(f64::NAN));
    assert!(step(&column, &mut state, &mut scratch, nan, dt).is_err());
    let load = Load::along(Newtons::of(10.0));
    for dt in [0.0, -1.0, f64::NAN, 1e9] {
        let error = step(&column, &mut state, &mut scratch, load, Seconds::raw(dt));
        assert_eq!(error.unwrap_err().place(), "dt");
    }
    let carriage = Carriage {
        travel: Metres::raw(f64::INFINITY),
        angle: Radians::ZERO,
    };
    assert!(impose(&column, &mut state, &mut scratch, carriage, dt).is_err());
    assert_eq!(state, before);
}

#[test]
fn a_number_that_overflows_names_level_and_step() {
    let mut bench = Bench::new(hanging(46.0, Region::Lumbar, |_| {}));
    bench.pull(10.0, 1.0);
    let load = Load {
        tension: Newtons::of(1e300),
        angle: Radians::of(1.0),
    };
    let dt = Seconds::of(1.0);
    let error = step(
        &bench.column,
        &mut bench.state,
        &mut bench.scratch,
        load,
        dt,
    )
    .unwrap_err();
    let named = ColumnError::NotFinite {
        segment: Some(Segment::L1L2),
        step: 2,
    };
    assert_eq!(error, named);
    assert!(error.to_string().starts_with("L1-L2: "));
}
