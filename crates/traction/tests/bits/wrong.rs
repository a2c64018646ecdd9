//! What goes wrong with what a loop reads, and with the patient and the drive.

use super::dice::Dice;
use crate::plant::Plant;
use traction::input::{Input, Pole, Sample};

/// Which reading.
#[derive(Clone, Copy)]
enum Which {
    A,
    B,
    Cells,
    Motor,
    Travel,
}

/// What is wrong with it.
#[derive(Clone, Copy)]
enum How {
    Gain(f64),
    Offset(f64),
    /// Drifts by so much a tick.
    Drifts(f64),
    /// Stands where it stood, with this noise.
    Stands(f64),
    Missing,
    Old(u16),
    Not(f64),
    /// Every so many ticks there is none.
    Drops(u32),
}

/// What else.
#[derive(Clone, Copy)]
enum Thing {
    Reading(Which, How),
    Poles(Pole, Pole),
    Silent,
    Late(u16),
    DriveFault,
    Muscle(f64),
    Slips(f64),
    Dead,
    Comfort(u8),
}

/// Something that is wrong from one tick to another.
pub(crate) struct Wrong {
    thing: Thing,
    from: u32,
    to: u32,
    /// What a reading that stands stood at.
    stood: [Option<f64>; 4],
}

fn how(dice: &mut Dice, travel: bool) -> How {
    let scale = if travel { 1e-3 } else { 1.0 };
    match dice.below(8) {
        0 => How::Gain(dice.between(0.4, 1.6)),
        1 => How::Offset(dice.between(-80.0, 80.0) * scale),
        2 => How::Drifts(dice.between(-0.6, 0.6) * scale),
        3 => How::Stands(dice.of(&[0.0, 0.5])),
        4 => How::Missing,
        5 => How::Old(dice.below(160) as u16),
        6 => How::Not(dice.of(&[f64::NAN, f64::INFINITY, -400.0, 1_300.0])),
        _ => How::Drops(2 + dice.below(8)),
    }
}

fn thing(dice: &mut Dice) -> Thing {
    let pole = [Pole::Closed, Pole::Open, Pole::Missing];
    match dice.below(13) {
        0..=4 => {
            let which = dice.of(&[
                Which::A,
                Which::B,
                Which::Cells,
                Which::Motor,
                Which::Travel,
            ]);
            let how = how(dice, matches!(which, Which::Travel));
            Thing::Reading(which, how)
        }
        5 => Thing::Poles(dice.of(&pole), dice.of(&pole)),
        6 => Thing::Silent,
        7 => Thing::Late(dice.below(150) as u16),
        8 => Thing::DriveFault,
        9 => Thing::Muscle(dice.between(-60.0, 120.0)),
        10 => Thing::Slips(dice.between(0.001, 0.04)),
        11 => Thing::Dead,
        _ => Thing::Comfort(dice.below(11) as u8),
    }
}

impl Wrong {
    /// Begins in the first `ticks`; lasts a moment, some seconds, or for good.
    pub(crate) fn drawn(dice: &mut Dice, ticks: u32) -> Self {
        let from = 60 + dice.below(ticks);
        let lasts = match dice.below(3) {
            0 => 1 + dice.below(12),
            1 => 30 + dice.below(400),
            _ => u32::MAX / 2,
        };
        Self {
            thing: thing(dice),
            from,
            to: from.saturating_add(lasts),
            stood: [None; 4],
        }
    }

    fn is_on(&self, tick: u32) -> bool {
        (self.from..self.to).contains(&tick)
    }

    /// What it does to patient and drive before they are read.
    pub(crate) fn acts(&self, tick: u32, plant: &mut Plant) {
        let begins = tick == self.from;
        match self.thing {
            Thing::Muscle(most) => {
                let rise = f64::from(tick.saturating_sub(self.from)).min(20.0) / 20.0;
                plant.muscle = if self.is_on(tick) { most * rise } else { 0.0 };
            }
            Thing::Slips(by) if begins => plant.slack += by,
            Thing::Dead => plant.dead = self.is_on(tick),
            _ => {}
        }
    }

    /// What it does to what is read.
    pub(crate) fn bends(&mut self, tick: u32, input: &mut Input) {
        if !self.is_on(tick) {
            return;
        }
        let since = tick - self.from;
        match self.thing {
            Thing::Reading(which, how) => {
                let all = [
                    &mut input.force_a,
                    &mut input.force_b,
                    &mut input.motor_force,
                    &mut input.travel,
                ];
                for (n, (sample, stood)) in all.into_iter().zip(&mut self.stood).enumerate() {
                    let bent = match which {
                        Which::A => n == 0,
                        Which::B => n == 1,
                        Which::Cells => n < 2,
                        Which::Motor => n == 2,
                        Which::Travel => n == 3,
                    };
                    if bent {
                        *sample = bend(how, *sample, stood, since);
                    }
                }
            }
            Thing::Poles(a, b) => (input.switch.a, input.switch.b) = (a, b),
            Thing::Silent => input.heartbeat_age_ms = Some(100 + 10 * since),
            Thing::Late(ms) => input.late_ms = ms,
            Thing::DriveFault => input.drive_fault = true,
            Thing::Comfort(score) => input.comfort = Some(score),
            Thing::Muscle(_) | Thing::Slips(_) | Thing::Dead => {}
        }
    }
}

fn bend(how: How, sample: Option<Sample>, stood: &mut Option<f64>, since: u32) -> Option<Sample> {
    let read = sample?;
    let said = |value: f64| Some(Sample { value, ..read });
    match how {
        How::Gain(gain) => said(read.value * gain),
        How::Offset(by) => said(read.value + by),
        How::Drifts(by) => said(read.value + by * f64::from(since)),
        How::Stands(noise) => {
            let at = *stood.get_or_insert(read.value);
            said(at + noise * f64::from(since % 3))
        }
        How::Missing => None,
        How::Old(age_ms) => Some(Sample { age_ms, ..read }),
        How::Not(value) => said(value),
        How::Drops(every) => (!since.is_multiple_of(every)).then_some(read),
    }
}
