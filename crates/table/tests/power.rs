//! The power is cut: what was not synced is gone, torn, or there in parts.
//!
//! The disk here keeps a log of writes and syncs. A cut may come between any two of
//! them; each 512-byte sector of what was written since the last sync has then reached
//! the disk or has not, and a sector that the file grew into and that did not holds
//! noughts. Time is made up, 10 ms a tick, so that nothing depends on this machine.

use crate::support::*;
use proptest::prelude::*;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use table::blackbox::format::Tail;
use table::blackbox::{Contents, Disk, Sessions, Tape, file_name, recover};
use table::replay::{Replayed, replay, replay_intact};
use table::rng::Rng;
use table::runner::{Start, run};
use table::simulated::{Act, Script};
use traction::input::Command;

const SECTOR: usize = 512;
const TICK: Duration = Duration::from_millis(10);
/// What may be lost, in ticks (devices.md §4b.12).
const MOST_LOST: usize = 25;

/// What a disk was told, in order.
#[derive(Clone)]
enum Told {
    Write { at: usize, bytes: Vec<u8> },
    Sync,
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<Told>>>);

impl Log {
    fn told(&self) -> Vec<Told> {
        self.0.lock().expect("unpoisoned").clone()
    }

    fn len(&self) -> usize {
        self.0.lock().expect("unpoisoned").len()
    }
}

impl Disk for Log {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> std::io::Result<()> {
        let at = usize::try_from(offset).expect("a short file");
        let bytes = bytes.to_vec();
        self.0
            .lock()
            .expect("unpoisoned")
            .push(Told::Write { at, bytes });
        Ok(())
    }

    fn sync(&mut self) -> std::io::Result<()> {
        self.0.lock().expect("unpoisoned").push(Told::Sync);
        Ok(())
    }
}

/// Which sectors of an unsynced write reached the disk.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// None of them, and the file did not grow.
    Lost,
    /// The first so many bytes, whole sectors and the rest of the last.
    Torn(usize),
    /// Each or not, by chance.
    Scattered(u64),
}

/// What is on the disk after a cut behind the first `done` things it was told.
fn after_a_cut(told: &[Told], done: usize, fate: Fate) -> Vec<u8> {
    let synced = told[..done]
        .iter()
        .rposition(|one| matches!(one, Told::Sync))
        .map_or(0, |at| at + 1);
    let mut file = Vec::new();
    for (number, one) in told[..done].iter().enumerate() {
        let Told::Write { at, bytes } = one else {
            continue;
        };
        if number < synced {
            put(&mut file, *at, bytes);
        } else {
            match fate {
                Fate::Lost => {}
                Fate::Torn(length) => put(&mut file, *at, &bytes[..length.min(bytes.len())]),
                Fate::Scattered(seed) => scatter(&mut file, *at, bytes, seed),
            }
        }
    }
    file
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

/// The file grows, and its sectors are written or stay as they were.
fn scatter(file: &mut Vec<u8>, at: usize, bytes: &[u8], seed: u64) {
    let mut chance = Rng::new(seed ^ at as u64);
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    let mut from = at;
    while from < end {
        let to = ((from / SECTOR + 1) * SECTOR).min(end);
        if chance.unit() < 0.5 {
            file[from..to].copy_from_slice(&bytes[from - at..to - at]);
        }
        from = to;
    }
}

/// A session's recording and its frames, one by one.
fn session() -> (Contents, Vec<Vec<u8>>) {
    let script = Script::routine().at(1_500, Act::Staff(Command::Stop));
    let start = Start {
        at_ms: NOW_MS,
        seed: 1,
    };
    let signed = signed(&grant(static_profile(200.0, 20.0)));
    let recording = run(&signed, &mut table(1), script, start).expect("a session");
    let contents = Contents::read(&recording.bytes).expect("a recording");
    let frames = contents.frames().map(<[u8]>::to_vec).collect();
    (contents, frames)
}

/// The session on a tape; after every tick, how many things the disk had been told.
/// `held_up` ticks pass before the writer gets a turn.
fn taped(contents: &Contents, frames: &[Vec<u8>], held_up: usize) -> (Log, Vec<usize>) {
    let log = Log::default();
    let mut tape = Tape::start(Box::new(log.clone()), &contents.header).expect("a disk");
    let mut after = Vec::with_capacity(frames.len());
    let mut waiting = Vec::new();
    let mut now = Duration::ZERO;
    for frame in frames {
        now += TICK;
        waiting.push(frame);
        if waiting.len() > held_up {
            for frame in waiting.drain(..) {
                tape.take(frame);
            }
            tape.keep(now).expect("a disk");
        }
        after.push(log.len());
    }
    for frame in waiting {
        tape.take(frame);
    }
    tape.close(contents.end.as_ref().expect("closed"));
    tape.keep_all(now).expect("a disk");
    (log, after)
}

/// What is left is a recording, its chain holds up to there, and it lacks at most 250 ms.
fn assert_kept(file: &[u8], ticks: usize, frames: &[Vec<u8>], case: &dyn Fn() -> String) {
    let contents = Contents::read(file).unwrap_or_else(|refused| panic!("{}: {refused}", case()));
    let kept = contents.frame_count();
    assert!(kept + MOST_LOST >= ticks, "{}: {kept} of {ticks}", case());
    assert!(kept <= ticks, "{}: {kept} of {ticks}", case());
    let same = contents
        .frames()
        .eq(frames[..kept].iter().map(Vec::as_slice));
    assert!(same, "{}: other frames than were recorded", case());
    // Cut to what its chain holds for, it is whole up to there.
    let intact = Contents::read(&file[..contents.intact]).expect("its prefix");
    assert_eq!((intact.tail, intact.frame_count()), (Tail::Open, kept));
}

/// hazard: H24
#[test]
fn a_power_cut_at_any_tick_loses_at_most_a_quarter_second_and_the_chain_holds() {
    let (contents, frames) = session();
    // A writer in time, one held up by 50 ms, one by 100 ms.
    for held_up in [0, 5, 10] {
        let (log, after) = taped(&contents, &frames, held_up);
        let told = log.told();
        for (tick, done) in after.iter().enumerate().step_by(3) {
            let fates = [
                Fate::Lost,
                Fate::Torn(tick * 37 % 1_700),
                Fate::Scattered(tick as u64),
            ];
            for fate in fates {
                let file = after_a_cut(&told, *done, fate);
                let case = || format!("held up {held_up}, tick {tick}, {fate:?}");
                assert_kept(&file, tick + 1, &frames, &case);
            }
        }
    }
}

/// hazard: H24
#[test]
fn a_power_cut_between_any_two_acts_of_the_disk_leaves_what_was_synced() {
    let (contents, frames) = session();
    let (log, after) = taped(&contents, &frames, 0);
    let told = log.told();
    let header = contents.header.bytes();
    // The header's own write and sync come before the session may start.
    for done in 2..=told.len() {
        for fate in [Fate::Lost, Fate::Scattered(done as u64), Fate::Torn(SECTOR)] {
            let file = after_a_cut(&told, done, fate);
            assert_eq!(file[..header.len()], header[..], "act {done}, {fate:?}");
            let kept = Contents::read(&file).expect("a recording").frame_count();
            let ticks = after.partition_point(|acts| *acts < done);
            assert!(kept + MOST_LOST >= ticks, "act {done}: {kept} of {ticks}");
        }
    }
}

/// hazard: H24
#[test]
fn after_a_power_cut_the_restart_closes_the_recording_and_it_replays() {
    let (contents, frames) = session();
    let (log, after) = taped(&contents, &frames, 3);
    let told = log.told();
    for (tick, done) in after.iter().enumerate().skip(7).step_by(331) {
        let file = after_a_cut(&told, *done, Fate::Scattered(tick as u64));
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join(file_name(&contents.header.session));
        std::fs::write(&path, &file).expect("written");
        let before = Contents::read(&file).expect("a recording");
        let ticks = before.frame_count() as u64;
        assert_eq!(replay_intact(&before), Ok(Replayed::Equal { ticks }));
        let mut sessions = Sessions::open(dir.path()).expect("empty");
        assert_eq!(recover(&mut sessions), Ok(1));
        let closed = Contents::read(&std::fs::read(&path).expect("there")).expect("a recording");
        assert_eq!(closed.tail, Tail::Closed);
        assert_eq!(
            closed.end.as_ref().expect("closed").reason,
            "bedside-restarted"
        );
        assert_eq!(replay(&closed), Ok(Replayed::Equal { ticks }));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    /// hazard: H24
    #[test]
    fn a_power_cut_of_any_kind_leaves_a_recording(
        cut in any::<prop::sample::Index>(),
        held_up in 0_usize..=10,
        seed in any::<u64>(),
        torn in 0_usize..2_000,
        scattered in any::<bool>(),
    ) {
        let (contents, frames) = session();
        let frames = &frames[..600];
        let (log, after) = taped(&contents, frames, held_up);
        let tick = cut.index(after.len());
        let fate = if scattered { Fate::Scattered(seed) } else { Fate::Torn(torn) };
        let file = after_a_cut(&log.told(), after[tick], fate);
        assert_kept(&file, tick + 1, frames, &|| format!("tick {tick}, {fate:?}"));
    }
}
