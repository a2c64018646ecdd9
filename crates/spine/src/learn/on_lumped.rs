//! The axial model as a forward model of a session.
//!
//! What the axial model shares with the column is mapped onto its
//! [`Parameters`]; what it has beside it (mobilised friction under the slices,
//! the cervical toe, creep beyond the toe) stays at its value, the last scaled
//! by the amount of creep. Holds are one step each, which the model takes
//! exactly; ramps are steps of at most 1 s.

use super::study::{LEVELS, Shown, Trial};
use super::{Features, Forward, LearnError, MARKS, Mark, Session};
use crate::lumped::{ColumnError, Load, Lumped, Parameters, Scratch, State, step};
use crate::tables::{creep, friction};
use crate::unknown::{Draw, Unknown};
use si::{Newtons, Radians, Region, Seconds};

/// Longest step of a ramp, s.
const RAMP_STEP: f64 = 1.0;

/// The axial model's parameters of one spine.
#[must_use]
pub fn parameters(region: Region, of: &Draw<f64>) -> Parameters {
    use Unknown as U;
    // Lumbar levels start at T11–T12, the axial chain at L1–L2.
    let (creep_scale, weight_scale, first) = match region {
        Region::Lumbar => (1.0, friction::LOWER_BODY.value, 2),
        Region::Cervical => (creep::CERVICAL_RATIO.value - 1.0, 1.0, 0),
    };
    let nominal = Parameters::nominal(region);
    Parameters {
        subject: of[U::Subject],
        relief: of[U::Relief],
        linear: of[U::Tension],
        toe_force: of[U::ToeForce],
        levels: core::array::from_fn(|level| {
            U::LEVELS
                .get(level + first)
                .map_or(1.0, |unknown| of[*unknown])
        }),
        creep: of[U::Creep] * creep_scale,
        linear_creep: of[U::Creep] * nominal.linear_creep,
        fast_time: of[U::FastTime],
        slow_time: of[U::SlowTime],
        fast_share: of[U::FastShare],
        recovery: of[U::Recovery],
        friction: of[U::Friction],
        rolling: of[U::Rolling],
        weight: of[U::Weight] * weight_scale,
        harness: of[U::Harness],
        harness_toe: of[U::HarnessToe],
        harness_toe_force: of[U::HarnessToeForce],
        harness_creep: of[U::HarnessCreep],
        harness_creep_time: of[U::HarnessCreepTime],
        ..nominal
    }
}

/// One patient on one couch in one session, by the axial model.
#[derive(Clone, Debug)]
pub struct OnLumped {
    column: Lumped,
    angle: f64,
    plan: Vec<Stride>,
}

/// One step of the model.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Stride {
    /// s.
    dt: f64,
    /// Pull at its end, N.
    force: f64,
    /// Marks at its end: a static session has its first and last hold in one.
    reads: usize,
}

impl OnLumped {
    /// The session of the patient and couch of `column`.
    ///
    /// # Errors
    /// A session whose features are not stated.
    pub fn new(column: Lumped, session: Session) -> Result<Self, LearnError<ColumnError>> {
        let session = session.checked()?;
        Ok(Self {
            column,
            angle: session.angle,
            plan: plan(&session),
        })
    }

    /// Travel at every mark and the openings at the end of the last hold.
    fn run(&self, draw: &Draw<f64>) -> Result<Shown, ColumnError> {
        let region = self.column.region();
        let column = self.column.with_parameters(&parameters(region, draw))?;
        let (mut state, mut scratch) = (State::rest(&column), Scratch::new());
        let (mut travel, mut separations) = ([0.0; MARKS], [0.0; LEVELS]);
        let mut mark = 0;
        for stride in &self.plan {
            let load = Load {
                tension: Newtons::raw(stride.force),
                angle: Radians::raw(self.angle),
            };
            let dt = Seconds::raw(stride.dt);
            step(&column, &mut state, &mut scratch, load, dt)?;
            for _ in 0..stride.reads {
                if let Some(slot) = travel.get_mut(mark) {
                    *slot = state.travel(&column).get();
                }
                if mark == Mark::Last as usize {
                    for (opening, level) in separations.iter_mut().zip(state.levels()) {
                        *opening = level.opening().get();
                    }
                }
                mark += 1;
            }
        }
        Ok(Shown {
            features: Session::features(&travel),
            separations,
        })
    }
}

/// The steps of a session: ramps in steps of at most 1 s, and every mark the end of one.
fn plan(session: &Session) -> Vec<Stride> {
    /// Instants closer than this are one.
    const SAME: f64 = 1e-6;
    let instants = session.instants();
    let mut plan = Vec::new();
    let mut from = (0.0, 0.0);
    for to in session.corners().skip(1) {
        let pieces = if to.1 == from.1 {
            1.0
        } else {
            libm::ceil((to.0 - from.0) / RAMP_STEP)
        };
        let grid = (1..=pieces as u32).map(|piece| {
            let way = f64::from(piece) / pieces;
            from.0 + (to.0 - from.0) * way
        });
        let inside = |at: &f64| *at > from.0 + SAME && *at < to.0 - SAME;
        let mut times: Vec<f64> = grid.chain(instants.into_iter().filter(inside)).collect();
        times.sort_unstable_by(f64::total_cmp);
        times.dedup_by(|later, earlier| *later - *earlier <= SAME);
        let mut before = from.0;
        for at in times {
            let way = (at - from.0) / (to.0 - from.0);
            plan.push(Stride {
                dt: at - before,
                force: from.1 + (to.1 - from.1) * way,
                reads: instants
                    .iter()
                    .filter(|mark| (**mark - at).abs() <= SAME)
                    .count(),
            });
            before = at;
        }
        from = to;
    }
    plan
}

impl Forward for OnLumped {
    type Error = ColumnError;

    fn features(&self, draws: &[Draw<f64>], out: &mut [Features]) -> Result<(), ColumnError> {
        for (draw, features) in draws.iter().zip(out) {
            *features = self.run(draw)?.features;
        }
        Ok(())
    }
}

impl Trial for OnLumped {
    fn levels(&self) -> usize {
        self.column.segments().len()
    }

    fn shown(&self, draws: &[Draw<f64>], out: &mut [Shown]) -> Result<(), ColumnError> {
        for (draw, shown) in draws.iter().zip(out) {
            *shown = self.run(draw)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lumped::{Patient, Support};
    use si::Kilograms;

    #[test]
    fn every_mark_is_read_once_and_the_plan_is_as_long_as_the_session() {
        for cycles in [1, 2, 15] {
            let session = Session {
                cycles,
                ..Session::common(Region::Lumbar)
            };
            let plan = plan(&session);
            assert_eq!(plan.iter().map(|stride| stride.reads).sum::<usize>(), MARKS);
            let long: f64 = plan.iter().map(|stride| stride.dt).sum();
            assert!((long - session.duration()).abs() < 1e-6);
            assert!(plan.iter().all(|stride| stride.dt > 0.0));
        }
    }

    #[test]
    fn the_median_spine_is_the_nominal_column_of_both_regions() {
        let patient = Patient {
            sex: None,
            age_years: 46.0,
            height: None,
            mass: Kilograms::of(71.0),
        };
        for region in Region::ALL {
            let told = parameters(region, &crate::unknown::Belief::prior(region).member(0));
            let nominal = Parameters::nominal(region);
            let close = |one: f64, other: f64| (one - other).abs() <= 1e-12 * other;
            assert!(close(told.linear, nominal.linear) && close(told.weight, nominal.weight));
            assert!(close(told.creep, nominal.creep) && close(told.harness, nominal.harness));
            let column = Lumped::new(&patient, region, &Support::level(true)).expect("common");
            let trial = OnLumped::new(column, Session::common(region)).expect("common");
            let mut shown = [Shown::default()];
            let draws = [crate::unknown::Belief::prior(region).member(0)];
            trial.shown(&draws, &mut shown).expect("a common pull");
            assert!(shown[0].features.0.iter().all(|feature| *feature > 0.0));
        }
    }
}
