//! Equal inputs give equal outputs, bit by bit, on any machine and in any build.
//!
//! A recording is replayed years later, by another build on another computer, and must come
//! out the same; the guard of the bedside runs beside the session's own and must agree with
//! it. Random sessions with random faults and commands, a guard whose controller asks for
//! anything, and a controller without a guard are run from seeds; everything they answer is
//! summed (FNV-1a, 64 bits), and the sums stand in `golden/bits_*.txt`. A change of behaviour
//! that was meant is written there with `UPDATE_BITS=1 cargo test -p traction`, and is then
//! seen in the review as what it is; one that was not meant fails here.

mod alone;
mod dice;
mod grid;
mod sessions;
mod wrong;

use std::fmt::Write as _;

/// One sum for so many runs: where a change is felt can be told from the file.
const TOGETHER: u64 = 8;
const MOST_LINES: u64 = 40;
const SESSIONS: u64 = 240;
const GUARDS: u64 = 64;
const CONTROLLERS: u64 = 64;
const GRIDS: u64 = 3_200;

/// FNV-1a over 64-bit words.
pub(crate) struct Sum(u64);

impl Sum {
    pub(crate) const NEW: Self = Self(0xcbf2_9ce4_8422_2325);

    pub(crate) fn word(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        self.0 ^= self.0 >> 29;
    }

    pub(crate) fn number(&mut self, number: f64) {
        self.word(number.to_bits());
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }
}

fn sums(name: &str, runs: u64, run: impl Fn(u64, &mut Sum)) -> String {
    let mut lines = String::new();
    let together = TOGETHER.max(runs / MOST_LINES);
    for first in (0..runs).step_by(together as usize) {
        let mut sum = Sum::NEW;
        for seed in first..first + together {
            run(seed, &mut sum);
        }
        writeln!(lines, "{name} {first} {:016x}", sum.0).expect("a string takes it");
    }
    lines
}

/// The sums kept of this name; with `UPDATE_BITS` those of now are written instead.
fn kept(name: &str, now: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/bits_");
    let path = format!("{path}{name}.txt");
    if std::env::var_os("UPDATE_BITS").is_some() {
        std::fs::write(&path, now).expect("the golden file is written");
    }
    std::fs::read_to_string(&path).expect("tests/golden/bits_*.txt; UPDATE_BITS=1 writes them")
}

#[test]
fn random_sessions_answer_the_bits_that_they_answered_before() {
    let now = sums("session", SESSIONS, sessions::run);
    assert_eq!(now, kept("session", &now));
}

#[test]
fn a_guard_whose_controller_asks_for_anything_answers_the_bits_it_answered_before() {
    let now = sums("guard", GUARDS, alone::guard);
    assert_eq!(now, kept("guard", &now));
}

#[test]
fn a_guard_on_its_thresholds_answers_the_bits_it_answered_before() {
    let now = sums("grid", GRIDS, grid::guard);
    assert_eq!(now, kept("grid", &now));
}

#[test]
fn a_controller_without_a_guard_asks_for_the_bits_it_asked_for_before() {
    let now = sums("controller", CONTROLLERS, alone::controller);
    assert_eq!(now, kept("controller", &now));
}
