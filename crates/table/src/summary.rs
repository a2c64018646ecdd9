//! What a session came to, told from its frames alone.
//!
//! Bedside, command line and record compute the same summary from the same
//! recording; nothing in it comes from anywhere else.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use traction::cause::Cause;
use traction::frame::Frame;
use traction::input::{Command, Pole};
use traction::numbers::RELEASED;
use traction::profile::Phase;
use traction::supervisor::Stage;
use traction::{Output, TICK_MS};

/// A fall of the force that is more than the noise of a cell, N (five of its standard deviations).
pub(crate) const FALL_N: f64 = 1.5;

/// Ticks at the start of a hold in which the force still catches up with its ramp (ours, 2 s).
const SETTLING: u32 = 2 * traction::PER_SECOND;

/// How one stop went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// Seconds of session time after arming.
    pub at_s: f64,
    /// Its cause.
    pub cause: String,
    /// What kind of stop it is, as far as was known at its end.
    pub kind: String,
    /// The force when it came, N.
    pub from_n: f64,
    /// From its cause to the drive's command, ms.
    pub command_ms: Option<u32>,
    /// From its cause until the force fell, ms.
    pub falling_ms: Option<u32>,
    /// From its cause until the force was below 20 N, ms.
    pub unloaded_ms: Option<u32>,
}

/// One discomfort score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Seconds after arming.
    pub at_s: f64,
    /// 0–10, higher is worse.
    pub score: u8,
}

/// What a session came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Whether the whole profile was delivered.
    pub completed: bool,
    /// Why the session ended, or its stage if it has not.
    pub outcome: String,
    /// From arming to the last frame, s.
    pub duration_s: f64,
    /// Time of the profile delivered, s.
    pub delivered_s: f64,
    /// Highest force, N.
    pub peak_n: f64,
    /// Mean force of all holds, N; 0 without one.
    pub mean_hold_n: f64,
    /// Time in hold while the profile was followed, s.
    pub hold_s: f64,
    /// Largest distance from the set point in hold, two seconds after each began, while
    /// nothing limited, N.
    pub worst_hold_error_n: f64,
    /// Force times time, N·s.
    pub impulse_n_s: f64,
    /// Every stop.
    pub stops: Vec<Stop>,
    /// Whether it was resumed after a stop.
    pub resumed: bool,
    /// Every change of discomfort.
    pub comfort: Vec<Score>,
    /// Seconds that each cause limited the force.
    pub limited_s: BTreeMap<String, f64>,
}

impl Summary {
    /// The summary of a whole recording.
    #[must_use]
    pub fn of(frames: impl IntoIterator<Item = Frame>) -> Self {
        let mut summing = Summing::default();
        for frame in frames {
            summing.add(&frame);
        }
        summing.finish()
    }
}

/// Watches frames for stops and times them.
#[derive(Clone, Debug, Default)]
pub(crate) struct StopWatch {
    stops: Vec<Stop>,
    open_since: Option<u32>,
    seen: u32,
    stopping: bool,
}

impl StopWatch {
    /// Looks at one frame; true when a stop began in it.
    pub(crate) fn see(&mut self, frame: &Frame) -> bool {
        let tick = frame.output.tick.count();
        let switch = frame.input.switch;
        let released = switch.a == Pole::Closed && switch.b == Pole::Closed;
        self.open_since = (!released).then(|| self.open_since.unwrap_or(tick));
        let stage = frame.output.state.stage;
        let stopped = matches!(stage, Stage::Unloading | Stage::Unloaded);
        let began = stopped && !self.stopping;
        if began {
            self.begin(tick, &frame.output);
        }
        self.stopping = stopped;
        if stopped {
            self.follow(tick, &frame.output);
        }
        began
    }

    fn begin(&mut self, tick: u32, output: &Output) {
        let latch = output.state.latch;
        let by_switch = latch.is_some_and(|latch| latch.cause == Cause::PatientSwitch);
        self.seen = match self.open_since {
            Some(since) if by_switch => since,
            _ => tick,
        };
        self.stops.push(Stop {
            at_s: seconds(tick),
            cause: latch.map_or_else(String::new, |latch| latch.cause.as_str().into()),
            kind: String::new(),
            from_n: output.force.get(),
            command_ms: Some(ms(tick.saturating_sub(self.seen))),
            falling_ms: None,
            unloaded_ms: None,
        });
    }

    fn follow(&mut self, tick: u32, output: &Output) {
        let since = ms(tick.saturating_sub(self.seen));
        let Some(stop) = self.stops.last_mut() else {
            return;
        };
        if let Some(latch) = output.state.latch {
            stop.cause = latch.cause.as_str().into();
            stop.kind = latch.kind.as_str().into();
        }
        let force = output.force.get();
        if force < stop.from_n - FALL_N || force < RELEASED.get() {
            stop.falling_ms.get_or_insert(since);
        }
        if force < RELEASED.get() {
            stop.unloaded_ms.get_or_insert(since);
        }
    }
}

#[derive(Default)]
struct Summing {
    watch: StopWatch,
    last: Option<Output>,
    resumed: bool,
    hold_ticks: u32,
    /// Ticks of the present hold.
    this_hold: u32,
    hold_sum: f64,
    worst: f64,
    comfort: Vec<Score>,
    limited: BTreeMap<&'static str, u32>,
}

impl Summing {
    fn add(&mut self, frame: &Frame) {
        let output = &frame.output;
        let was_stopped = self.watch.stopping;
        self.watch.see(frame);
        self.resumed |= was_stopped && output.state.stage == Stage::TakeUp;
        if output.state.stage == Stage::Running && output.phase == Phase::Hold {
            self.hold(output);
        } else {
            self.this_hold = 0;
        }
        if let Some(cause) = output.cause {
            *self.limited.entry(cause.as_str()).or_default() += 1;
        }
        self.feel(frame);
        self.last = Some(*output);
    }

    fn hold(&mut self, output: &Output) {
        self.hold_ticks += 1;
        self.this_hold += 1;
        self.hold_sum += output.force.get();
        if output.cause.is_none() && self.this_hold > SETTLING {
            let error = (output.force - output.set_point).abs().get();
            self.worst = self.worst.max(error);
        }
    }

    fn feel(&mut self, frame: &Frame) {
        let told = match frame.input.command {
            Some(Command::Comfort(score)) => Some(score),
            _ => frame.input.comfort,
        };
        let known = self.comfort.last().map(|last| last.score);
        if let Some(score) = told.filter(|score| Some(*score) != known) {
            let at_s = seconds(frame.output.tick.count());
            self.comfort.push(Score { at_s, score });
        }
    }

    fn finish(self) -> Summary {
        let last = self.last.as_ref();
        let hold_ticks = f64::from(self.hold_ticks.max(1));
        Summary {
            completed: last.is_some_and(is_complete),
            outcome: last.map_or_else(|| "empty".into(), outcome),
            duration_s: last.map_or(0.0, |output| seconds(output.tick.count())),
            delivered_s: last.map_or(0.0, |output| output.elapsed.seconds().get()),
            peak_n: last.map_or(0.0, |output| output.peak.get()),
            mean_hold_n: self.hold_sum / hold_ticks,
            hold_s: seconds(self.hold_ticks),
            worst_hold_error_n: self.worst,
            impulse_n_s: last.map_or(0.0, |output| output.impulse_n_s),
            stops: self.watch.stops,
            resumed: self.resumed,
            comfort: self.comfort,
            limited_s: self
                .limited
                .into_iter()
                .map(|(cause, ticks)| (cause.to_owned(), seconds(ticks)))
                .collect(),
        }
    }
}

/// Whether the whole profile was delivered.
pub(crate) fn is_complete(output: &Output) -> bool {
    output.state.stage == Stage::Complete && output.remaining.count() == 0
}

/// Why a session is over: `completed`, `ended` by the staff, or what latched it.
pub(crate) fn outcome(output: &Output) -> String {
    match (output.state.stage, output.state.latch) {
        (Stage::Complete, _) if is_complete(output) => "completed".into(),
        (Stage::Complete, _) => "ended".into(),
        (_, Some(latch)) => latch.cause.as_str().into(),
        (stage, None) => stage.as_str().into(),
    }
}

fn seconds(ticks: u32) -> f64 {
    f64::from(ticks) / f64::from(traction::PER_SECOND)
}

const fn ms(ticks: u32) -> u32 {
    ticks.saturating_mul(TICK_MS)
}
