//! Each law fails once on a planted course, and a good one breaks none.

use super::{Bounds, Checkers, Faults, Law, Truth};
use si::{Newtons, Region};

const BOUNDS: Bounds = Bounds {
    region: Region::Lumbar,
    ceiling: Newtons::of(200.0),
    longest: 3_000,
    base: 60.0,
    down: 40.0,
    travel: 0.12,
    faults: Faults::Single,
    drive_fails: false,
    sensors_fail: 0,
    senses_lie: false,
    switch_fails: false,
    switch_doubted: false,
    stalled: 0,
    aged: 0,
    hangs: false,
};

/// A course of force under torque: each tick changed by `plant`.
fn course(bounds: Bounds, ticks: u32, plant: impl Fn(u32, &mut Truth)) -> Vec<Law> {
    let mut checkers = Checkers::new(bounds);
    for tick in 0..ticks {
        let mut truth = Truth {
            force: 180.0,
            torque: true,
            silent: Some(0),
            ..Truth::default()
        };
        plant(tick, &mut truth);
        checkers.see(&truth);
    }
    checkers.finish();
    checkers.violations.iter().map(|found| found.law).collect()
}

/// Pressed at 1 s: falls by 100 N/s from the third tick on, then free and without torque.
fn stopped(tick: u32, truth: &mut Truth) {
    truth.pressed = (100..140).contains(&tick);
    let since = f64::from(tick.saturating_sub(102));
    truth.force = (180.0 - since).max(0.0);
    truth.torque = tick < 300;
}

#[test]
fn a_session_that_is_stopped_as_it_should_be_breaks_nothing() {
    assert_eq!(course(BOUNDS, 2_000, stopped), []);
}

/// From each of these ticks on the patient makes 60 N of his own for half a second, on a drive
/// that runs back meanwhile.
fn guards(tick: u32, truth: &mut Truth, begins: &[u32]) {
    truth.treated = true;
    truth.asked = truth.force;
    if begins.iter().any(|from| (*from..from + 50).contains(&tick)) {
        truth.effort = 60.0;
        truth.force += 60.0;
        truth.velocity = -0.001;
    }
}

/// A change of one tick of a course.
type Plant = fn(u32, &mut Truth);

/// For each law a course that breaks it, and what that is held to.
fn plants() -> [(Law, Bounds, Plant); 14] {
    let pair = Bounds {
        faults: Faults::Pair,
        ..BOUNDS
    };
    let free = Bounds {
        faults: Faults::None,
        ..BOUNDS
    };
    [
        (Law::Overshoot, BOUNDS, |tick, truth| {
            stopped(tick, truth);
            truth.force += if tick == 50 { 71.0 } else { 0.0 };
        }),
        (Law::OvershootTime, BOUNDS, |tick, truth| {
            stopped(tick, truth);
            truth.force += if (20..31).contains(&tick) { 46.0 } else { 0.0 };
        }),
        (Law::Hardware, pair, |tick, truth| {
            stopped(tick, truth);
            truth.force += if tick == 50 { 900.0 } else { 0.0 };
        }),
        (Law::PulledAgainstPatient, BOUNDS, |tick, truth| {
            stopped(tick, truth);
            let coughs = (30..60).contains(&tick);
            truth.effort = if coughs { 60.0 } else { 0.0 };
            truth.velocity = if coughs { 0.002 } else { 0.0 };
        }),
        (Law::StopFalling, BOUNDS, |tick, truth| {
            stopped(tick.saturating_sub(6), truth);
            truth.pressed = (100..140).contains(&tick);
        }),
        (Law::StopOver, BOUNDS, |tick, truth| {
            stopped(tick, truth);
            truth.force = truth.force.max(if tick < 700 { 25.0 } else { 0.0 });
            truth.torque = tick < 700;
        }),
        (Law::Returned, BOUNDS, |tick, truth| {
            stopped(tick, truth);
            truth.force += if tick == 900 { 30.0 } else { 0.0 };
        }),
        (Law::Raised, BOUNDS, |tick, truth| {
            stopped(tick, truth);
            truth.forbidden = tick == 20;
            truth.force += if (40..60).contains(&tick) { 16.0 } else { 0.0 };
        }),
        (Law::TooFar, BOUNDS, |tick, truth| {
            stopped(tick, truth);
            truth.travel = if tick == 60 { 0.131 } else { 0.0 };
        }),
        (Law::LinkLost, BOUNDS, |tick, truth| {
            truth.silent = Some(tick);
            truth.force = if tick < 1_002 { 180.0 } else { 0.0 };
        }),
        (Law::ReleaseRate, BOUNDS, |tick, truth| {
            stopped(tick, truth);
            let since = f64::from(tick.saturating_sub(102));
            truth.force = (180.0 - 2.3 * since).max(0.0);
        }),
        (Law::TooLong, BOUNDS, |tick, truth| {
            truth.force = if tick < 9_050 { 180.0 } else { 0.0 };
        }),
        (Law::LeftOn, BOUNDS, |_, _| {}),
        (Law::Tracking, free, |tick, truth| {
            truth.hold = (tick < 400).then_some(180.0);
            truth.force += if tick == 300 { 5.5 } else { 0.0 };
            truth.force = if tick < 500 { truth.force } else { 0.0 };
        }),
    ]
}

/// The same of what the session must answer to.
fn unanswered() -> [(Law, Bounds, Plant); 6] {
    [
        (Law::Yielded, BOUNDS, |tick, truth| {
            stopped(tick.saturating_sub(900), truth);
            guards(tick, truth, &[30]);
            truth.velocity = 0.0;
            truth.travel = 0.02;
        }),
        (Law::Guarded, BOUNDS, |tick, truth| {
            stopped(tick.saturating_sub(900), truth);
            guards(tick, truth, &[30]);
            let pulls = (150..170).contains(&tick);
            truth.velocity = if pulls { 0.001 } else { truth.velocity };
        }),
        (Law::Rested, BOUNDS, |tick, truth| {
            stopped(tick.saturating_sub(900), truth);
            guards(tick, truth, &[30, 240]);
        }),
        (Law::LetGo, BOUNDS, |tick, truth| {
            truth.force = if tick < 1_100 { 60.0 } else { 0.0 };
            guards(tick, truth, &[30, 240, 450]);
        }),
        (Law::Lowered, BOUNDS, |tick, truth| {
            stopped(tick.saturating_sub(900), truth);
            truth.lowered = tick == 100;
            truth.treated = true;
        }),
        (Law::Doubted, BOUNDS, |tick, truth| {
            stopped(tick.saturating_sub(900), truth);
            truth.unsure = (50..100).contains(&tick) && tick % 5 > 0;
            truth.force -= if tick < 85 { 16.0 } else { 0.0 };
        }),
    ]
}

#[test]
fn each_law_finds_what_is_planted_against_it() {
    let planted = [plants().as_slice(), &unanswered()].concat();
    for (law, bounds, plant) in planted.iter().copied() {
        let ticks = if law == Law::TooLong { 9_100 } else { 1_200 };
        let found = course(bounds, ticks, plant);
        assert!(found.contains(&law), "{} found {found:?}", law.as_str());
        assert!(found.len() <= 2, "{} found {found:?}", law.as_str());
    }
    assert_eq!(
        Law::ALL.to_vec(),
        planted.iter().map(|(law, _, _)| *law).collect::<Vec<_>>()
    );
}

#[test]
fn torque_after_a_latch_needs_the_two_acts_and_a_symptom_never_comes_back() {
    let again = |resumed: bool, symptom: bool| {
        course(BOUNDS, 1_500, move |tick, truth| {
            stopped(tick, truth);
            truth.symptom = symptom && tick == 100;
            truth.resumed = resumed && tick == 600;
            let pulls = (700..900).contains(&tick);
            truth.torque |= pulls;
            truth.velocity = if pulls { 0.001 } else { 0.0 };
            truth.force += if pulls { 90.0 } else { 0.0 };
        })
    };
    assert_eq!(again(true, false), []);
    assert!(again(false, false).contains(&Law::Returned));
    assert!(again(true, true).contains(&Law::Returned));
}

#[test]
fn a_patient_who_holds_himself_up_is_let_go_like_any_other() {
    let lifted = course(BOUNDS, 2_000, |tick, truth| {
        stopped(tick, truth);
        truth.effort = -100.0;
    });
    assert_eq!(lifted, []);
}

#[test]
fn a_profile_that_begins_again_in_a_silence_is_no_departure() {
    let course = |leap: bool| {
        course(BOUNDS, 2_000, move |tick, truth| {
            stopped(tick.saturating_sub(1_000), truth);
            truth.pressed = false;
            let silent = (100..300).contains(&tick);
            truth.silent = Some(if silent { tick } else { 0 });
            truth.force = truth
                .force
                .min(100.0 + 0.1 * f64::from(tick.saturating_sub(310)));
            let asks = if leap { tick > 200 } else { tick > 0 };
            let behind = if leap { 0.0 } else { f64::from(tick) * 0.1 };
            truth.asked = if asks { 120.0 + behind } else { 0.0 };
        })
    };
    assert_eq!(course(true), []);
    assert_eq!(
        course(false),
        [Law::Raised],
        "a ramp that went on without force"
    );
}

#[test]
fn a_press_that_is_over_before_it_could_be_read_is_no_stop() {
    let pressed = |ticks: u32| {
        course(BOUNDS, 2_000, move |tick, truth| {
            stopped(tick.saturating_sub(1_000), truth);
            truth.pressed = (100..100 + ticks).contains(&tick);
        })
    };
    assert_eq!(pressed(1), []);
    assert_eq!(pressed(2), [Law::StopFalling, Law::StopOver]);
}

/// hazard: H7, H27
#[test]
fn a_patient_who_guards_is_yielded_to_rested_and_let_go_and_breaks_nothing() {
    let answered = course(BOUNDS, 2_000, |tick, truth| {
        let since = |from: u32| f64::from(tick.saturating_sub(from));
        truth.force = (180.0 - 0.4 * since(240)).max(60.0) - since(700).min(60.0);
        guards(tick, truth, &[30, 240, 700]);
        truth.torque = tick < 1_200;
    });
    assert_eq!(answered, []);
}

/// hazard: H11, H27
#[test]
fn a_pause_goes_to_base_a_lowering_down_and_a_doubted_wire_no_further() {
    let answered = course(BOUNDS, 2_000, |tick, truth| {
        stopped(tick.saturating_sub(1_500), truth);
        let since = |from: u32| f64::from(tick.saturating_sub(from));
        truth.force = truth.force.min(180.0 - 0.4 * since(100)).max(60.0);
        truth.force -= since(1_500).min(truth.force);
        truth.pressed = false;
        truth.treated = tick < 1_500;
        truth.lowered = tick == 100;
        truth.paused = tick == 300;
        truth.unsure = (600..700).contains(&tick);
    });
    assert_eq!(answered, []);
}

/// He has lain nearer to the pull for long, which the drive has followed, and comes back.
#[test]
fn force_that_a_patient_makes_by_lying_back_is_no_force_of_the_tables() {
    let broken = |comes_back: bool| {
        course(BOUNDS, 2_000, |tick, truth| {
            stopped(tick.saturating_sub(900), truth);
            let later = (500..520).contains(&tick);
            truth.effort = if tick < 500 || !comes_back {
                -900.0
            } else {
                0.0
            };
            truth.force += if later { 900.0 } else { 0.0 };
            // The table lets go at once.
            truth.torque &= tick < 500;
        })
    };
    assert_eq!(broken(true), []);
    assert!(broken(false).contains(&Law::Hardware));
}

/// He makes 30 N of the 60 of a pause, and lets go of them: the drive brings back what falls.
#[test]
fn base_force_is_brought_back_to_a_patient_who_lets_go_in_a_pause() {
    let broken = |rests: bool| {
        course(BOUNDS, 2_000, |tick, truth| {
            stopped(tick.saturating_sub(900), truth);
            let lifts = (30..50).contains(&tick);
            (truth.treated, truth.rests) = (true, rests);
            truth.force = (truth.force - 120.0).max(0.0);
            truth.effort = if lifts { 30.0 } else { 0.0 };
            truth.velocity = if lifts { 0.001 } else { 0.0 };
        })
    };
    assert_eq!(broken(true), []);
    assert_eq!(broken(false), [Law::PulledAgainstPatient]);
}

#[test]
fn a_patient_who_lies_back_from_a_lift_has_not_guarded() {
    let lifted = course(BOUNDS, 2_000, |tick, truth| {
        stopped(tick.saturating_sub(900), truth);
        let lifts = (30..150).contains(&tick);
        truth.treated = true;
        truth.effort = if lifts { -60.0 } else { 0.0 };
        truth.force += truth.effort;
        truth.velocity = if (170..250).contains(&tick) {
            0.001
        } else {
            0.0
        };
        truth.asked = truth.force;
    });
    assert_eq!(lifted, []);
}
