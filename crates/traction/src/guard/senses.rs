//! Whether the sensors can be believed: fresh, finite, in range, noisy as a live
//! cell is, and in agreement with each other and with the motor (devices §4b 8–9).

use super::deaf::Deaf;
use super::{Blind, Config, Found};
use crate::cause::Cause;
use crate::input::{Input, Sample};
use crate::numbers::{LOST_MS, Numbers, RELEASED, STALE_MS};
use crate::{MetresPerSecond, PER_SECOND, TICK_MS, Ticks};
use si::Newtons;

/// A live cell leaves this band, ±N, within [`FROZEN`] (noise below 0.05 N rms).
const FROZEN_BAND: f64 = 0.1;
/// How long a cell may stay in the band.
const FROZEN: u32 = PER_SECOND / 2;
/// How long while the carriage moves under load.
const FROZEN_MOVING: u32 = PER_SECOND / 5;
/// The carriage moves from this speed on, m/s.
const MOVING: f64 = 0.5e-3;
/// How long the cells may differ (devices §4b 9: 100 ms).
const DISAGREE: Ticks = Ticks::from_ms(100);
/// How long cells and motor may differ (devices §4b 9: 300 ms).
const MOTOR_DISAGREES: Ticks = Ticks::from_ms(300);
/// No carriage moves faster than this, m/s (ours): a reading that jumps is no reading.
const FASTEST: f64 = 0.2;
/// No force at the motor changes by more than this share of a cell's full scale between two
/// readings (ours: twenty times the fastest that is plausible in a tick).
const MOTOR_LEAPS: f64 = 0.1;
/// A cell that reads less than this was zeroed under load, or lies: no cord pushes
/// (devices H20; with torque narrower than devices §4b 9 asks, ours).
const ZERO_OFF: f64 = -10.0;
/// Cells that read less than this are not compared with the motor by a ratio, N (ours).
pub(super) const LEAST_COMPARED: f64 = 4.0;
/// Sensors that were implausible this often need service (devices §4b 9).
const SERVICE_AFTER: u8 = 2;
/// Highest plausible reading, as a share of full scale.
const HIGHEST: f64 = 1.1;

const _: () = assert!(TICK_MS < STALE_MS);

/// One sensor: its last number, how old it is, and whether this tick's is broken.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sense {
    value: f64,
    age_ms: u32,
    invalid: bool,
    anchor: f64,
    still: u32,
}

impl Sense {
    const NEW: Self = Self {
        value: 0.0,
        age_ms: u32::MAX,
        invalid: false,
        anchor: f64::INFINITY,
        still: 0,
    };

    fn step(self, sample: Option<Sample>) -> Self {
        match sample {
            Some(s) if s.value.is_finite() => {
                let still = (s.value - self.anchor).abs() <= FROZEN_BAND;
                Self {
                    value: s.value,
                    age_ms: u32::from(s.age_ms),
                    invalid: false,
                    anchor: if still { self.anchor } else { s.value },
                    still: if still {
                        self.still.saturating_add(1)
                    } else {
                        0
                    },
                }
            }
            other => Self {
                age_ms: self.age_ms.saturating_add(TICK_MS),
                invalid: other.is_some(),
                ..self
            },
        }
    }

    /// The same for a position.
    fn step_position(self, sample: Option<Sample>) -> Self {
        let gap_ms = self.age_ms.saturating_add(TICK_MS).min(LOST_MS);
        self.step_within(FASTEST * f64::from(gap_ms) / 1000.0, sample)
    }

    /// The same for what cannot jump: a change of more than `reach` is no reading.
    fn step_within(self, reach: f64, sample: Option<Sample>) -> Self {
        let known = self.age_ms < u32::MAX;
        let jumped = |s: Sample| known && (s.value - self.value).abs() > reach;
        match sample {
            Some(s) if jumped(s) => Self {
                invalid: true,
                ..self.step(None)
            },
            other => self.step(other),
        }
    }

    fn alive(&self) -> Option<f64> {
        (self.age_ms <= LOST_MS).then_some(self.value)
    }
}

/// All sensors, and how long they have disagreed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct State {
    a: Sense,
    b: Sense,
    travel: Sense,
    motor: Sense,
    force: f64,
    cells_apart: u32,
    motor_apart: u32,
    deaf: Deaf,
    frozen: bool,
    out_of_range: bool,
    /// Whether they were implausible in the last tick, and how often they became so.
    doubted: bool,
    doubts: u8,
}

impl State {
    pub(super) const NEW: Self = Self {
        a: Sense::NEW,
        b: Sense::NEW,
        travel: Sense::NEW,
        motor: Sense::NEW,
        force: 0.0,
        cells_apart: 0,
        motor_apart: 0,
        deaf: Deaf::NEW,
        frozen: false,
        out_of_range: false,
        doubted: false,
        doubts: 0,
    };

    /// The higher of the cells that are alive; the last one known if none is.
    pub(super) fn force(&self) -> Newtons {
        Newtons::raw(self.force)
    }

    /// 1 up to one tick of age, falling to 0 where no increase is allowed any more.
    pub(super) fn freshness(&self) -> f64 {
        let oldest = self.a.age_ms.max(self.b.age_ms).min(STALE_MS);
        let left = f64::from(STALE_MS.saturating_sub(oldest));
        (left / f64::from(STALE_MS - TICK_MS)).min(1.0)
    }

    /// Whether the motor contradicts the cells in this tick.
    pub(super) const fn motor_contradicts(&self) -> bool {
        self.motor_apart > 0
    }

    /// What the motor says, N, if it says anything that can be.
    pub(super) fn motor(&self, numbers: &Numbers) -> Option<f64> {
        let most = HIGHEST * numbers.full_scale.get();
        self.motor.alive().filter(|motor| motor.abs() <= most)
    }

    pub(super) fn is_empty(&self, numbers: &Numbers) -> bool {
        let most = RELEASED + numbers.motor_near;
        let felt = self.motor(numbers).is_some_and(|motor| motor >= most.get());
        self.force() < RELEASED && !felt
    }

    pub(super) const fn service_due(&self) -> bool {
        self.doubts >= SERVICE_AFTER
    }

    /// Counts how often the sensors became implausible under torque.
    fn counted(self, energised: bool) -> Self {
        let apart = self.cells_apart >= DISAGREE.count();
        let motor = self.motor_apart >= MOTOR_DISAGREES.count();
        let doubted = energised && (apart || motor || self.frozen || self.out_of_range);
        let new = doubted && !self.doubted;
        Self {
            doubted,
            doubts: self.doubts.saturating_add(u8::from(new)),
            ..self
        }
    }

    /// How many times the cells' force the motor reads; 1 where either says little.
    pub(super) fn motor_share(&self, numbers: &Numbers) -> f64 {
        let motor = self.motor(numbers).filter(|_| self.force >= LEAST_COMPARED);
        motor.map_or(1.0, |motor| motor / self.force)
    }

    pub(super) fn travel(&self) -> Option<f64> {
        self.travel.alive()
    }

    pub(super) fn step(
        self,
        config: &Config,
        input: &Input,
        told: MetresPerSecond,
        energised: bool,
    ) -> Self {
        let numbers = &config.numbers;
        let (a, b) = (self.a.step(input.force_a), self.b.step(input.force_b));
        let motor = if energised {
            let leap = MOTOR_LEAPS * numbers.full_scale.get();
            self.motor.step_within(leap, input.motor_force)
        } else {
            self.motor.step(input.motor_force)
        };
        let force = match (a.alive(), b.alive()) {
            (Some(a), Some(b)) => a.max(b),
            (a, b) => a.or(b).unwrap_or(self.force),
        };
        let counted = |count: u32, apart: bool| if apart { count.saturating_add(1) } else { 0 };
        let moving = told.get().abs() > MOVING && force >= numbers.contact.get();
        let longest_still = if moving { FROZEN_MOVING } else { FROZEN };
        let frozen = |cell: &Sense| energised && cell.still >= longest_still;
        let taut = energised && force >= numbers.contact.get();
        let deaf = self.deaf.seen(taut.then_some(force), told.get());
        Self {
            a,
            b,
            travel: if energised {
                self.travel.step_position(input.travel)
            } else {
                self.travel.step(input.travel)
            },
            motor,
            force,
            cells_apart: counted(self.cells_apart, cells_differ(numbers, &a, &b)),
            motor_apart: counted(self.motor_apart, motor_differs(numbers, force, &motor)),
            deaf,
            frozen: frozen(&a) || frozen(&b) || deaf.is(),
            out_of_range: outside(numbers, &a) || outside(numbers, &b),
            doubted: self.doubted,
            doubts: self.doubts,
        }
        .counted(energised)
        .woken(energised)
    }

    /// Stillness counts only from when the drive has torque.
    fn woken(self, energised: bool) -> Self {
        let awake = |cell: Sense| Sense { still: 0, ..cell };
        if energised {
            self
        } else {
            Self {
                a: awake(self.a),
                b: awake(self.b),
                ..self
            }
        }
    }

    /// Whether nothing is so wrong with the cells that it would stop a session.
    pub(super) fn believable(&self, blind: Blind) -> bool {
        let mut found = Found {
            blind,
            ..Found::NONE
        };
        self.cells(&mut found);
        found.strongest.is_none()
    }

    fn cells(&self, found: &mut Found) {
        let lasted = |count: u32, span: Ticks| count >= span.count();
        let lost = self.a.age_ms > LOST_MS || self.b.age_ms > LOST_MS;
        found.add(Cause::SampleLost, lost);
        found.add(Cause::OutOfRange, self.out_of_range);
        found.add(Cause::CellsDisagree, lasted(self.cells_apart, DISAGREE));
        found.add(
            Cause::MotorDisagrees,
            lasted(self.motor_apart, MOTOR_DISAGREES),
        );
        found.add(Cause::CellFrozen, self.frozen);
    }

    /// Tells what is wrong, and gives itself back.
    pub(super) fn report(self, found: &mut Found) -> Self {
        self.cells(found);
        let all = [self.a, self.b, self.travel, self.motor];
        let older = |ms: u32| all.iter().any(|sense| sense.age_ms > ms);
        found.add(Cause::SampleLost, older(LOST_MS));
        found.add(Cause::SampleStale, older(STALE_MS));
        found.add(Cause::SampleInvalid, all.iter().any(|sense| sense.invalid));
        self
    }
}

fn cells_differ(numbers: &Numbers, a: &Sense, b: &Sense) -> bool {
    match (a.alive(), b.alive()) {
        (Some(a), Some(b)) => {
            let share = numbers.cells_share * a.abs().max(b.abs());
            (a - b).abs() > numbers.cells.get().max(share)
        }
        _ => false,
    }
}

fn motor_differs(numbers: &Numbers, force: f64, motor: &Sense) -> bool {
    motor.alive().is_some_and(|motor| {
        let share = numbers.motor_share * force.abs();
        (motor - force).abs() > numbers.motor.get().max(share)
    })
}

fn outside(numbers: &Numbers, cell: &Sense) -> bool {
    let most = HIGHEST * numbers.full_scale.get();
    cell.alive()
        .is_some_and(|value| value < ZERO_OFF || value > most)
}
