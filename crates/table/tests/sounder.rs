//! The sounder at the table: its tones, its thread, and a bedside that nobody looks at.

use crate::support::*;
use std::path::Path;
use std::time::Duration;
use table::bedside::{Bedside, Parts};
use table::simulated::SimulatedTable;
use table::sounder::{Command, Player, RATE_HZ, Sounder, burst};
use table::wire::AlarmPriority;
use table::wire::AlarmPriority::{High, Low, Medium};

fn samples(priority: AlarmPriority) -> Vec<i16> {
    let wav = burst(priority);
    assert_eq!((&wav[..4], &wav[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
    let length = u32::from_le_bytes(wav[4..8].try_into().expect("four"));
    assert_eq!(length as usize + 8, wav.len());
    let words = wav[44..].chunks_exact(2);
    words
        .map(|two| i16::from_le_bytes([two[0], two[1]]))
        .collect()
}

/// Where it sounds: first sample and length of each pulse; 20 ms of silence part two.
fn pulses(samples: &[i16]) -> Vec<(usize, usize)> {
    let gap = RATE_HZ as usize / 50;
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (at, _) in samples.iter().enumerate().filter(|(_, s)| s.abs() > 100) {
        match found.last_mut() {
            Some((start, length)) if at < *start + *length + gap => *length = at + 1 - *start,
            _ => found.push((at, 1)),
        }
    }
    found
}

/// Power at a frequency, by one bin of a Fourier sum.
fn power(samples: &[i16], hz: f64) -> f64 {
    let turn = std::f64::consts::TAU * hz / f64::from(RATE_HZ);
    let sum = |wave: fn(f64) -> f64| -> f64 {
        let terms = samples.iter().enumerate();
        terms
            .map(|(at, s)| f64::from(*s) * wave(turn * at as f64))
            .sum()
    };
    sum(f64::sin).hypot(sum(f64::cos)) / samples.len() as f64
}

#[test]
fn a_high_burst_has_two_times_five_pulses_a_medium_three_and_a_low_one() {
    for (priority, count) in [(High, 10), (Medium, 3), (Low, 1)] {
        let found = pulses(&samples(priority));
        assert_eq!(found.len(), count, "{priority:?}: {found:?}");
    }
    let high = pulses(&samples(High));
    let gaps: Vec<_> = high.windows(2).map(|two| two[1].0 - two[0].0).collect();
    assert_eq!(gaps[..4], gaps[5..], "the second five sound as the first");
    assert!(
        gaps[2] > gaps[1] && gaps[4] > gaps[2],
        "3+2, pause, 3+2: {gaps:?}"
    );
}

/// devices.md, IEC 60601-1-8 row: a fundamental in 150–1,000 Hz, at least four harmonics in
/// 300–4,000 Hz; within 15 dB of it.
#[test]
fn every_tone_has_its_pitch_and_four_harmonics_of_like_strength() {
    for (priority, pitch) in [(High, 700.0), (Medium, 500.0), (Low, 350.0)] {
        assert!((150.0..=1_000.0).contains(&pitch));
        let all = samples(priority);
        let base = power(&all, pitch);
        let strong = |hz: f64| (20.0 * (power(&all, hz) / base).log10()).abs() < 15.0;
        let harmonics = (2..=5).map(|k| f64::from(k) * pitch);
        assert!(
            harmonics
                .clone()
                .all(|hz| (300.0..=4_000.0).contains(&hz) && strong(hz))
        );
        assert!(!strong(pitch * 1.5), "it is a tone and no noise");
    }
}

#[test]
fn a_command_hears_the_wav_and_one_that_fails_is_told() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("heard.wav");
    let mut good = Command::new(format!("cat > {}", file.display()));
    good.sound(Medium).expect("a command that works");
    assert_eq!(std::fs::read(&file).expect("a file"), burst(Medium));
    for bad in ["exit 3", "no-such-command-here"] {
        let problem = Command::new(bad).sound(High).expect_err("nobody heard it");
        assert_eq!((problem.code, problem.value.as_str()), ("sounder", bad));
        assert!(problem.remedy.contains("--sounder"));
    }
}

#[test]
fn a_command_that_hangs_is_ended_with_what_it_started() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("pid");
    let script = format!("sleep 1000 & echo $! > {}; wait", file.display());
    let mut hangs = Command::new(script).within(Duration::from_millis(300));
    hangs.sound(High).expect_err("it never ends");
    let pid = std::fs::read_to_string(&file).expect("it began");
    let alive = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
        stat.is_ok_and(|stat| !stat.contains(") Z "))
    };
    until("the end of what it started", || !alive());
}

/// A sounder that never returns.
struct Hangs;

impl Sounder for Hangs {
    fn name(&self) -> &'static str {
        "hangs"
    }

    fn sound(&mut self, _priority: AlarmPriority) -> Result<(), si::Problem> {
        loop {
            std::thread::park();
        }
    }
}

/// hazard: H23
#[test]
fn a_sounder_that_hangs_holds_nobody_up() {
    let player = Player::start(Box::new(Hangs)).expect("a thread");
    for _ in 0..1_000 {
        player.play(High);
    }
    assert_eq!(player.now().heard, 0);
    let dir = tempfile::tempdir().expect("a directory");
    let mut parts = Parts::of(Box::new(table(1)));
    parts.sounder = Box::new(Hangs);
    let bedside = Bedside::start_on(parts, options(dir.path(), 60)).expect("a bedside");
    let rig = Rig {
        dir,
        bedside: Some(bedside),
    };
    let console = rig.control("desk");
    console.start(&fresh_grant(static_profile(200.0, 1_200.0), 1));
    console.client.stop().expect("open to all");
    wait(&console.client, "unloaded", |status| {
        status.stage == "unloaded"
    });
}

/// hazard: H23
#[test]
fn a_sounder_that_fails_is_an_alarm_of_its_own() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut parts = Parts::of(Box::new(table(1)));
    parts.sounder = Box::new(Command::new("exit 1"));
    let bedside = Bedside::start_on(parts, options(dir.path(), 60)).expect("a bedside");
    let rig = Rig {
        dir,
        bedside: Some(bedside),
    };
    let status = wait(&rig.connect("desk"), "its alarm", |status| status.alarm);
    assert_eq!(status.alarms[0].cause, "sounder");
    assert!(status.sounder.failing && status.sounder.heard == 0);
}

/// A bedside process with a sounder that keeps what it plays in `dir`; see `crash.rs`.
pub(crate) fn parts_that_write(dir: &Path) -> Parts {
    let table = SimulatedTable::new(options(dir, 60).table).expect("the default patient");
    let mut parts = Parts::of(Box::new(table));
    let command = format!("cat > {0}/new && mv {0}/new {0}/$$.wav", dir.display());
    parts.sounder = Box::new(Command::new(command));
    parts
}
