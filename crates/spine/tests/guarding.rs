//! Laws of the reflex.

use proptest::prelude::*;
use spine::tissue::guarding::{GuardState, GuardStep, Guarding, Stimulus};
use spine::unknown::{COUNT, Draw};

const L4_L5: usize = 23;

/// A person whose reflex is as published.
fn person() -> Guarding<f64> {
    Guarding::build(&Draw([1.0; COUNT]))
}

/// Activation over time under a pull of `force(t)`, in steps of `dt`.
fn run(dt: f64, until: f64, pain: f64, effort: f64, force: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let (person, step) = (person(), GuardStep::prepare(dt));
    let mut state = GuardState::rest(0.0);
    let mut out = Vec::new();
    for index in 0..(until / dt).round() as u32 {
        let (before, after) = (f64::from(index) * dt, f64::from(index + 1) * dt);
        let stimulus = Stimulus {
            rate: (force(after) - force(before)) / dt,
            stretch: [force(before), force(after)],
            pain,
            effort,
        };
        person.advance(&step, &stimulus, &mut state);
        out.push((after, state.activation));
    }
    out
}

/// 10 s up to `top`, then held.
fn ramp(top: f64) -> impl Fn(f64) -> f64 {
    move |t: f64| top * (t / 10.0).min(1.0)
}

fn most(trace: &[(f64, f64)]) -> f64 {
    trace.iter().map(|one| one.1).fold(0.0, f64::max)
}

#[test]
fn a_relaxed_person_guards_with_about_one_per_cent() {
    let peak = most(&run(0.1, 600.0, 0.0, 0.0, ramp(300.0)));
    assert!((0.005..0.02).contains(&peak), "{peak}");
}

#[test]
fn a_person_in_pain_guards_with_about_four_per_cent() {
    let peak = most(&run(0.1, 600.0, 5.0, 0.0, ramp(300.0)));
    assert!((0.025..0.07).contains(&peak), "{peak}");
}

#[test]
fn the_reflex_is_nearly_gone_after_four_to_six_minutes() {
    let trace = run(0.1, 360.0, 0.0, 0.0, ramp(300.0));
    let peak = most(&trace);
    let at = |t: f64| trace[(t / 0.1) as usize - 1].1;
    assert!(at(60.0) > 0.4 * peak, "still there after a minute");
    assert!(at(240.0) < 0.2 * peak && at(360.0) < 0.12 * peak);
}

#[test]
fn settled_guarding_stays_below_five_per_cent_even_in_pain() {
    let trace = run(0.1, 600.0, 10.0, 0.0, ramp(600.0));
    assert!(
        trace
            .iter()
            .filter(|one| one.0 > 360.0)
            .all(|one| one.1 < 0.05)
    );
}

#[test]
fn a_constant_pull_draws_less_than_a_sinusoidal_one_of_the_same_mean() {
    let mean =
        |trace: &[(f64, f64)]| trace.iter().map(|one| one.1).sum::<f64>() / trace.len() as f64;
    let constant = mean(&run(0.1, 600.0, 0.0, 0.0, |_| 250.0));
    let sine = |t: f64| 250.0 + 150.0 * libm::sin(0.5 * t);
    let sinusoidal = mean(&run(0.1, 600.0, 0.0, 0.0, sine));
    assert!(sinusoidal > constant, "{sinusoidal} {constant}");
}

#[test]
fn a_person_who_resists_compresses_the_disc_and_one_who_relaxes_does_not() {
    let person = person();
    let force = |effort: f64| {
        let trace = run(0.1, 60.0, 0.0, effort, ramp(300.0));
        let activation = trace.last().expect("a minute of steps").1;
        let state = GuardState {
            activation,
            habituation: 0.0,
        };
        person.force(&state, L4_L5)
    };
    assert!(force(0.0) < 0.2 * 300.0, "relaxed: {} N", force(0.0));
    assert!(force(0.2) > 300.0, "resisting: {} N", force(0.2));
}

#[test]
fn without_a_pull_nothing_happens() {
    assert_eq!(most(&run(0.1, 60.0, 8.0, 0.0, |_| 0.0)), 0.0);
}

#[test]
fn habituation_comes_back_more_slowly_than_it_went() {
    let pulled = |t: f64| {
        if (300.0..=400.0).contains(&t) {
            0.0
        } else {
            300.0
        }
    };
    let trace = run(0.1, 420.0, 0.0, 0.0, pulled);
    let first = most(&trace[..1000]);
    let second = most(&trace[4020..]);
    assert!(second < first, "{second} {first}");
}

#[test]
fn long_steps_end_where_short_ones_do() {
    let end = |dt: f64| run(dt, 200.0, 3.0, 0.0, |_| 250.0).last().expect("steps").1;
    let fine = end(0.001);
    for dt in [0.01, 0.1, 1.0, 10.0] {
        let off = (end(dt) / fine - 1.0).abs();
        assert!(off < 0.06, "{dt} s: {off}");
    }
    assert!((end(1.0) / fine - 1.0).abs() < 0.01);
}

proptest! {
    #[test]
    fn activation_stays_between_nothing_and_everything(
        dt in 1.0e-3..10.0, pain in -5.0..20.0, effort in -1.0..3.0,
        loads in proptest::collection::vec((-5.0e3..5.0e3, -500.0..3.0e3), 1..60),
    ) {
        let (person, step) = (person(), GuardStep::prepare(dt));
        let mut state = GuardState::rest(0.0);
        for (rate, stretch) in loads {
            let stimulus = Stimulus { rate, stretch: [stretch; 2], pain, effort };
            person.advance(&step, &stimulus, &mut state);
            prop_assert!((0.0..=1.0).contains(&state.activation));
            prop_assert!((0.0..=1.0).contains(&state.habituation));
        }
    }
}
