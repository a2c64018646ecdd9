//! Activity of the back's muscle under a pull: rise, fading, waves, pain (Cholewicki, Letchuman).

use super::Results;
use super::bench::{Spine, names, over};
use crate::tissue::guarding::{GuardState, GuardStep, Guarding, Stimulus};
use si::Region;

/// Activity (% of maximal voluntary) at every tenth of a second under a pull.
fn activity(spine: &Spine, pain: f64, seconds: f64, force: impl Fn(f64) -> f64) -> Vec<f64> {
    const DT: f64 = 0.1;
    let (reflex, step) = (Guarding::build(&spine.draw), GuardStep::prepare(DT));
    let mut state = GuardState::rest(0.0);
    (0..(seconds / DT) as u32)
        .map(|index| {
            let (before, after) = (f64::from(index) * DT, f64::from(index + 1) * DT);
            let stimulus = Stimulus {
                rate: (force(after) - force(before)) / DT,
                stretch: [force(before), force(after)],
                pain,
                effort: 0.0,
            };
            reflex.advance(&step, &stimulus, &mut state);
            100.0 * state.activation
        })
        .collect()
}

/// A092–A101: 300 N after a ramp of 10 s, ten minutes.
pub(super) fn guarding() -> Results {
    let ramp = |t: f64| 300.0 * (0.1 * t).min(1.0);
    let cases = names(&["settled", "angle", "waveform", "pain", "time"]);
    over(Region::Lumbar, &cases, |spine| {
        let trace = activity(spine, 0.0, 600.0, ramp);
        let mean = |trace: &[f64]| trace.iter().sum::<f64>() / trace.len() as f64;
        let settled = mean(trace.get(3600..)?);
        let sine = |t: f64| 250.0 + 150.0 * libm::sin(0.5 * t);
        let waves = mean(&activity(spine, 0.0, 600.0, sine));
        let steady = mean(&activity(spine, 0.0, 600.0, |_| 250.0));
        let most = |trace: &[f64]| trace.iter().fold(0.0_f64, |one, other| one.max(*other));
        let peak = most(&trace);
        let last = trace.iter().rposition(|now| *now > 0.15 * peak)?;
        Some(vec![
            settled,
            // The reflex knows no angle (A098): its force does not depend on it.
            0.0,
            waves - steady,
            most(&activity(spine, 5.0, 600.0, ramp)),
            (last as f64 + 1.0) * 0.1 / 60.0,
        ])
    })
}
