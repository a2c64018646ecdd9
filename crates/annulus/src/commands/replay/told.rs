//! What a replay showed, in words and as the JSON contract.

use super::Done;
use super::signature::Signature;
use crate::failure::Failure;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use table::blackbox::PROGRAM;
use table::blackbox::format::Tail;
use table::replay::{Difference, Replayed};
use table::summary::Summary;
use traction::PER_SECOND;
use traction::frame::Frame;
use traction::limiter::Limit;

const SCHEMA: &str = "annulus.replay/1";

/// The contract.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    schema: &'static str,
    file: String,
    /// `frames` for a raw recording, or `parquet`.
    form: &'static str,
    session: String,
    table: String,
    simulated: bool,
    seed: u64,
    armed_at: String,
    recorded_by: Option<String>,
    replayed_by: &'static str,
    /// Of the header, from which the chain of hashes starts.
    header_sha256: String,
    /// Whether the clinic signed the Grant: `verified`, `unknown-key` or `not-checked`.
    signature: Signature,
    replay: Replay,
    summary: Summary,
    /// Seconds in which each limit held force or velocity below what was asked.
    limits_s: BTreeMap<&'static str, f64>,
    worst: Worst,
}

#[derive(Debug, Serialize)]
struct Replay {
    equal: bool,
    /// Ticks whose outputs came out again.
    ticks: u64,
    /// Whether the file has its end; otherwise its intact part was replayed.
    whole: bool,
    /// Ticks that the bedside could not record.
    lost: u64,
    difference: Option<Differs>,
    /// The tick before which others are missing.
    gap: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Differs {
    tick: u32,
    at_s: f64,
    field: &'static str,
    recorded: String,
    replayed: String,
}

/// The slowest of everything that has a time, ms.
#[derive(Debug, Serialize)]
struct Worst {
    /// By how much a tick began late.
    late_ms: u16,
    /// From a stop's cause to the command to unload.
    command_ms: Option<u32>,
    /// From a stop's cause until the force fell.
    falling_ms: Option<u32>,
    /// From a stop's cause until the force was below 20 N.
    unloaded_ms: Option<u32>,
}

fn seconds(tick: u32) -> f64 {
    f64::from(tick) / f64::from(PER_SECOND)
}

impl Told {
    pub(super) fn of(done: &Done) -> Self {
        let header = &done.contents.header;
        let summary = Summary::of(done.frames.iter().copied());
        let armed = jiff::Timestamp::from_millisecond(header.armed_at_ms);
        Self {
            schema: SCHEMA,
            file: done.file.clone(),
            form: done.form,
            session: hex::encode(header.session),
            table: hex::encode(header.table),
            simulated: header.simulated,
            seed: header.seed,
            armed_at: armed.map_or_else(|_| "unknown".to_owned(), |at| at.to_string()),
            recorded_by: header.program.clone(),
            replayed_by: PROGRAM,
            header_sha256: hex::encode(Sha256::digest(header.bytes())),
            signature: done.signature,
            replay: Replay::of(done),
            limits_s: limits(&done.frames),
            worst: Worst::of(&done.frames, &summary),
            summary,
        }
    }

    pub(super) fn json(&self) -> Result<String, Failure> {
        let text = serde_json::to_string_pretty(self);
        text.map_err(|error| Failure::new("writing JSON", error))
    }

    /// Why the replay is no proof of the recording, if it is none.
    pub(super) fn verdict(&self) -> Option<String> {
        if let Some(found) = &self.replay.difference {
            return Some(format!(
                "tick {} ({:.2} s): {} was recorded as {} and came out as {}",
                found.tick, found.at_s, found.field, found.recorded, found.replayed
            ));
        }
        self.replay.gap.map(|tick| {
            format!(
                "ticks are missing before tick {tick} ({:.2} s), and nothing after them can be \
                 compared; the recording counts {} lost",
                seconds(tick),
                self.replay.lost
            )
        })
    }

    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for line in self.lines() {
            let _ = writeln!(out, "{line}");
        }
        out
    }

    fn lines(&self) -> Vec<String> {
        let kind = if self.simulated { "simulated" } else { "real" };
        let by = self
            .recorded_by
            .as_deref()
            .unwrap_or("a program that did not say");
        let mut lines = vec![
            format!("session {}", self.session),
            format!("table {} ({kind}, seed {})", self.table, self.seed),
            format!("armed at {}, recorded by {by}", self.armed_at),
            self.signature.words().to_owned(),
        ];
        lines.push(match self.verdict() {
            None => format!(
                "{} ticks replayed, every output the same bit by bit",
                self.replay.ticks
            ),
            Some(_) => format!("{} ticks replayed, then not the same", self.replay.ticks),
        });
        if !self.replay.whole {
            lines.push("the file is not whole: this is its intact part".into());
        }
        if self.replay.lost > 0 {
            lines.push(format!(
                "the bedside could not record {} ticks",
                self.replay.lost
            ));
        }
        let summary = &self.summary;
        lines.push(format!(
            "{:.1} s, of these {:.1} s of the profile; peak {:.1} N; {}",
            summary.duration_s, summary.delivered_s, summary.peak_n, summary.outcome
        ));
        lines.extend(summary.stops.iter().map(|stop| {
            format!(
                "stop at {:.2} s from {:.1} N: {} ({}); command {}, falling {}, below 20 N {}",
                stop.at_s,
                stop.from_n,
                stop.cause,
                stop.kind,
                ms(stop.command_ms),
                ms(stop.falling_ms),
                ms(stop.unloaded_ms)
            )
        }));
        lines.push(format!("latest tick: {} ms late", self.worst.late_ms));
        lines.extend(listed("limited by", &self.limits_s));
        lines.extend(listed("because of", &self.summary.limited_s));
        lines
    }
}

fn ms(ms: Option<u32>) -> String {
    ms.map_or_else(|| "never".to_owned(), |ms| format!("{ms} ms"))
}

/// Names with seconds, the longest first; what rounds to nothing is left out.
fn listed<K: AsRef<str>>(what: &str, of: &BTreeMap<K, f64>) -> Option<String> {
    let mut all: Vec<(&str, f64)> = of.iter().map(|(name, s)| (name.as_ref(), *s)).collect();
    all.retain(|(_, seconds)| *seconds >= 0.05);
    all.sort_by(|one, other| other.1.total_cmp(&one.1));
    let items: Vec<String> = all
        .iter()
        .map(|(name, s)| format!("{name} {s:.1} s"))
        .collect();
    (!items.is_empty()).then(|| format!("{what} {}", items.join(", ")))
}

fn limits(frames: &[Frame]) -> BTreeMap<&'static str, f64> {
    let mut ticks: BTreeMap<&'static str, u32> = BTreeMap::new();
    for frame in frames {
        let limit = frame.output.limit;
        if !matches!(limit, Limit::None | Limit::Unknown) {
            *ticks.entry(limit.as_str()).or_default() += 1;
        }
    }
    let in_seconds = |(name, ticks)| (name, seconds(ticks));
    ticks.into_iter().map(in_seconds).collect()
}

impl Replay {
    fn of(done: &Done) -> Self {
        let end = done.contents.end.as_ref();
        let first = done
            .frames
            .first()
            .map_or(0, |frame| frame.output.tick.count());
        let until = |tick: u32| u64::from(tick.saturating_sub(first));
        let (ticks, difference, gap) = match &done.replayed {
            Replayed::Equal { ticks } => (*ticks, None, None),
            Replayed::Differs(found) => (until(found.tick), Some(Differs::of(found)), None),
            Replayed::Gap { tick } => {
                let before = |frame: &&Frame| frame.output.tick.count() < *tick;
                let ticks = done.frames.iter().take_while(before).count();
                (ticks as u64, None, Some(*tick))
            }
        };
        Self {
            equal: difference.is_none() && gap.is_none(),
            ticks,
            whole: done.contents.tail == Tail::Closed,
            lost: end.map_or(0, |end| end.lost),
            difference,
            gap,
        }
    }
}

impl Differs {
    fn of(found: &Difference) -> Self {
        Self {
            tick: found.tick,
            at_s: seconds(found.tick),
            field: found.field,
            recorded: found.recorded.clone(),
            replayed: found.replayed.clone(),
        }
    }
}

impl Worst {
    fn of(frames: &[Frame], summary: &Summary) -> Self {
        let stops = || summary.stops.iter();
        Self {
            late_ms: frames
                .iter()
                .map(|frame| frame.input.late_ms)
                .max()
                .unwrap_or(0),
            command_ms: stops().filter_map(|stop| stop.command_ms).max(),
            falling_ms: stops().filter_map(|stop| stop.falling_ms).max(),
            unloaded_ms: stops().filter_map(|stop| stop.unloaded_ms).max(),
        }
    }
}
