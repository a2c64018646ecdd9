//! Bursts of sound after IEC 60601-1-8, as WAV bytes made here.
//!
//! ```text
//! s(t) = A e(t) Σₖ₌₁⁵ sin(2π k f t) / 5
//! ```
//!
//! | symbol | what | value | source |
//! |---|---|---|---|
//! | f | fundamental | 700, 500, 350 Hz for high, medium, low | devices.md, IEC 60601-1-8 row: 150–1,000 Hz |
//! | k f | four harmonics beside it | 700–3,500 Hz | same row: at least four within 300–4,000 Hz |
//! | pulses | high 3+2 and again 3+2, medium 3, low 1 | [`pulses`] | same row |
//! | lengths, pauses | [`Pattern`] | | ours |
//! | e | rises and falls within a fifth of a pulse | | ours: no click |
//! | A | 0.8 of full scale | | ours |
//!
//! Limits of validity: loudness is the loudspeaker's; nobody has measured it. Shown by
//! `tests/sounder.rs`.

use crate::wire::AlarmPriority;
use std::f64::consts::TAU;

/// Samples a second: twice the highest harmonic and a little more.
pub const RATE_HZ: u32 = 8_000;
/// Share of full scale.
const LOUDNESS: f64 = 0.8;
/// Sine waves of equal size: the fundamental and four harmonics.
const PARTIALS: u32 = 5;
/// Share of a pulse in which it rises, and in which it falls.
const EDGE: f64 = 0.2;

/// One burst: its pitch, the length of a pulse and the pause after each.
struct Pattern {
    pitch_hz: f64,
    pulse_ms: u32,
    pauses_ms: &'static [u32],
}

/// Pauses of a high burst: 3+2, a longer pause, 3+2.
const HIGH: [u32; 10] = [100, 100, 300, 100, 500, 100, 100, 300, 100, 0];

const fn pattern(priority: AlarmPriority) -> Pattern {
    match priority {
        AlarmPriority::High => Pattern {
            pitch_hz: 700.0,
            pulse_ms: 150,
            pauses_ms: &HIGH,
        },
        AlarmPriority::Medium => Pattern {
            pitch_hz: 500.0,
            pulse_ms: 200,
            pauses_ms: &[200, 200, 0],
        },
        AlarmPriority::Low => Pattern {
            pitch_hz: 350.0,
            pulse_ms: 200,
            pauses_ms: &[0],
        },
    }
}

/// How many pulses a burst has.
#[must_use]
pub(super) const fn pulses(priority: AlarmPriority) -> usize {
    pattern(priority).pauses_ms.len()
}

/// The burst as a WAV file: one channel, 16 bit.
#[must_use]
pub fn burst(priority: AlarmPriority) -> Vec<u8> {
    let pattern = pattern(priority);
    let mut samples = Vec::new();
    for pause_ms in pattern.pauses_ms {
        pulse(&pattern, &mut samples);
        samples.resize(samples.len() + count(*pause_ms), 0);
    }
    wav(&samples)
}

const fn count(ms: u32) -> usize {
    (ms * (RATE_HZ / 1_000)) as usize
}

#[allow(clippy::cast_possible_truncation, reason = "below full scale")]
fn pulse(pattern: &Pattern, samples: &mut Vec<i16>) {
    let many = count(pattern.pulse_ms);
    let whole = many as f64;
    for index in 0..many {
        let at = index as f64;
        let edge = (at / whole).min((whole - at) / whole) / EDGE;
        let turn = TAU * pattern.pitch_hz * at / f64::from(RATE_HZ);
        let waves: f64 = (1..=PARTIALS).map(|k| (f64::from(k) * turn).sin()).sum();
        let share = LOUDNESS * edge.min(1.0) * waves / f64::from(PARTIALS);
        samples.push((share * f64::from(i16::MAX)) as i16);
    }
}

/// RIFF, as every player reads it.
fn wav(samples: &[i16]) -> Vec<u8> {
    let bytes = u32::try_from(samples.len() * 2).unwrap_or(u32::MAX);
    let mut file = Vec::with_capacity(44 + samples.len() * 2);
    file.extend(b"RIFF");
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(RATE_HZ.to_le_bytes());
    file.extend((RATE_HZ * 2).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(bytes.to_le_bytes());
    for sample in samples {
        file.extend(sample.to_le_bytes());
    }
    file
}
