//! One scenario, tick by tick.

use super::checkers::{Checkers, Truth, Violation};
use super::people::{ARRIVAL, Doing, FORBIDS, People};
use super::{Hazard, Injection, Moment, Scenario};
use crate::Table;
use crate::cycle::{Cycle, Outside, refused};
use crate::links::Links;
use crate::simulated::SimulatedTable;
use crate::summary::{is_complete, outcome as ending};
use crate::wire::Simulated;
use si::Problem;
use traction::input::{Command, Input, ResumeAct, Sample, Switch};
use traction::profile::Phase;
use traction::supervisor::Stage;
use traction::{Output, PER_SECOND, TICK_MS};

/// What one run came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Ticks run.
    pub ticks: u32,
    /// Whether the whole profile was given.
    pub completed: bool,
    /// How it ended.
    pub end: String,
    /// Which faults began, and at which moment.
    pub began: Vec<(String, Moment)>,
    /// Highest force above the ceiling, N.
    pub worst_over: f64,
    /// The same while the patient makes force of his own, and just after, N.
    pub worst_patient: f64,
    /// Longest from the switch until force fell, ms.
    pub worst_falling_ms: f64,
    /// Longest from a stop until the patient was free, ms.
    pub worst_stop_ms: f64,
    /// Largest distance from the profile in a hold without fault, N.
    pub worst_tracking: f64,
    /// Fastest release by command, as a share of what its region allows.
    pub worst_rate: f64,
    /// Laws that were broken.
    pub violations: Vec<Violation>,
}

/// How long each moment that somebody waits for has lasted.
#[derive(Clone, Copy, Debug)]
struct Waits {
    moment: Moment,
    since: Option<u32>,
}

impl Waits {
    const fn new(moment: Moment) -> Self {
        Self {
            moment,
            since: None,
        }
    }

    /// Ticks since the moment was first reached; it goes on counting after it.
    fn lasted(&mut self, tick: u32, now: Option<Moment>) -> Option<u32> {
        if now == Some(self.moment) {
            self.since.get_or_insert(tick);
        }
        self.since.map(|since| tick - since)
    }
}

/// Runs a scenario.
///
/// # Errors
/// A table or a grant that cannot be made ready.
pub fn run(scenario: &Scenario) -> Result<Outcome, Problem> {
    watch(scenario, |_, _, _, _| {})
}

/// The same; `seen` looks at every tick: its number, the answer, the truth, what was read.
///
/// # Errors
/// As [`run`].
pub fn watch(
    scenario: &Scenario,
    mut seen: impl FnMut(u32, &Output, &Truth, &Input),
) -> Result<Outcome, Problem> {
    Running::start(scenario)?.run_out(&mut seen)
}

/// The same with these checks switched off.
///
/// # Errors
/// As [`run`].
#[cfg(feature = "blind")]
pub fn watch_blind(
    scenario: &Scenario,
    off: &[traction::guard::Check],
    mut seen: impl FnMut(u32, &Output, &Truth, &Input),
) -> Result<Outcome, Problem> {
    let mut running = Running::start(scenario)?;
    for check in off {
        running.cycle.blind(*check);
    }
    running.run_out(&mut seen)
}

/// The two acts of a resume lie at most this far apart, ticks (CLINICAL §5).
const TWO_ACTS: u32 = 30 * PER_SECOND;

/// The age of a sample from which on nothing may increase, ms (devices §4b 8).
const STALE_MS: u16 = 30;

/// What the profile asks for in this tick, N.
fn asked(output: &Output) -> f64 {
    match output.state.stage {
        Stage::TakeUp | Stage::Running => output.set_point.get(),
        _ => 0.0,
    }
}

/// Whether what was read of the force is older than allows an increase (devices §4b 8).
fn too_old(input: &Input) -> bool {
    let old = |sample: Option<Sample>| sample.is_none_or(|sample| sample.age_ms > STALE_MS);
    old(input.force_a) && old(input.force_b)
}

/// Whether the session is in its course or its pause.
const fn treated(output: &Output) -> bool {
    matches!(output.state.stage, Stage::Running | Stage::Paused)
}

/// Whether a pole is open that nobody presses, or no cell gives a number.
fn unsure(input: &Input, pressed: bool) -> bool {
    let none = |sample: Option<Sample>| sample.is_none_or(|sample| !sample.value.is_finite());
    let open = input.switch != Switch::RELEASED && !pressed;
    open || (none(input.force_a) && none(input.force_b))
}

/// In a hold that is followed without a limit: what the profile asks for, N. Only the
/// tracking of a run without fault is judged by it.
fn followed(output: &Output) -> Option<f64> {
    let holds = output.state.stage == Stage::Running && output.phase == Phase::Hold;
    let steers = (output.target - output.set_point).abs().get() < 0.1;
    let follows = holds && steers && output.cause.is_none();
    follows.then_some(output.set_point.get())
}

struct Running<'a> {
    scenario: &'a Scenario,
    table: SimulatedTable,
    cycle: Cycle,
    people: People,
    links: Links,
    prepared: Option<u32>,
    /// Discomfort as it was told last.
    score: u8,
    incident: Waits,
    waits: Vec<Waits>,
    /// When each fault began.
    began: Vec<Option<u32>>,
    moments: Vec<(String, Moment)>,
    checkers: Checkers,
    last: Option<Output>,
    ticks: u32,
}

impl<'a> Running<'a> {
    fn start(scenario: &'a Scenario) -> Result<Self, Problem> {
        let mut table = SimulatedTable::new(scenario.table())?;
        let setup = table.prepare(scenario.region)?;
        let cycle = Cycle::arm(&scenario.grant()?, &setup);
        let cycle = cycle.map_err(|error| refused(&error))?;
        let people = scenario.people();
        let waits = |one: &Injection| Waits::new(one.moment);
        Ok(Self {
            incident: Waits::new(people.waits_for()),
            waits: scenario.injections.iter().map(waits).collect(),
            began: vec![None; scenario.injections.len()],
            moments: Vec::new(),
            checkers: Checkers::new(scenario.bounds()),
            scenario,
            table,
            cycle,
            people,
            links: Links::new(true),
            prepared: None,
            score: ARRIVAL,
            last: None,
            ticks: 0,
        })
    }

    fn run_out(
        mut self,
        seen: &mut impl FnMut(u32, &Output, &Truth, &Input),
    ) -> Result<Outcome, Problem> {
        for tick in 0..self.scenario.most_ticks() {
            if self.tick(tick, seen)? {
                break;
            }
        }
        Ok(self.finish())
    }

    /// One tick; true when the run is over.
    fn tick(
        &mut self,
        tick: u32,
        seen: &mut impl FnMut(u32, &Output, &Truth, &Input),
    ) -> Result<bool, Problem> {
        let moment = self.last.as_ref().map(Moment::of);
        self.links.tick();
        self.inject(tick, moment);
        let lasted = self.incident.lasted(tick, moment);
        let doing = self.people.act(tick, self.last.as_ref(), lasted);
        if let Some(command) = doing.command {
            self.links.desk(command);
        }
        let pressed = doing.pressed;
        self.table.simulate(Simulated::Switch { pressed });
        let slept = self.links.take_stall();
        for _ in 0..slept / TICK_MS {
            self.table.elapse()?;
            self.links.tick();
            let truth = self.truth(tick, &Doing::default(), None, None, None);
            self.checkers.see(&truth);
        }
        let outside = Outside {
            comfort: doing.comfort,
            command: self.links.next(),
            heartbeat_age_ms: self.links.heartbeat_age_ms(),
            late_ms: u16::try_from(slept).unwrap_or(u16::MAX),
        };
        let frame = self.cycle.tick(&mut self.table, outside);
        let (output, read) = (Some(&frame.output), Some(&frame.input));
        let truth = self.truth(tick, &doing, outside.command, output, read);
        self.checkers.see(&truth);
        seen(tick, &frame.output, &truth, &frame.input);
        self.last = Some(frame.output);
        self.ticks = tick + 1;
        let done = self.people.are_done(tick, &frame.output);
        Ok(done && tick > self.scenario.least_ticks())
    }

    /// Begins the faults whose moment has come.
    fn inject(&mut self, tick: u32, moment: Option<Moment>) {
        let places = self.waits.iter_mut().zip(&mut self.began);
        for ((waits, began), one) in places.zip(&self.scenario.injections) {
            let lasted = waits.lasted(tick, moment);
            if lasted.is_none_or(|lasted| lasted < one.delay) {
                continue;
            }
            let since = tick - *began.get_or_insert(tick);
            if since == 0 {
                self.moments.push((one.hazard.name(), one.moment));
            } else if !since.is_multiple_of(one.again) {
                continue;
            }
            match one.hazard {
                Hazard::Table(fault) => {
                    self.table.simulate(Simulated::Inject { fault });
                }
                Hazard::Link(act) => self.links.act(act),
            }
        }
    }

    /// What is true after this tick, in which `heard` reached the loop.
    fn truth(
        &mut self,
        tick: u32,
        doing: &Doing,
        heard: Option<Command>,
        output: Option<&Output>,
        read: Option<&Input>,
    ) -> Truth {
        let resumed = self.resumes(tick, heard);
        let forbidden = self.forbids(doing, heard);
        let table = self.table.truth();
        let torn = self.scenario.injections.iter().zip(&self.began);
        let silent = self.links.heartbeat_age_ms().map(|ms| ms / TICK_MS);
        Truth {
            force: table.force.get(),
            effort: table.patient_force.get(),
            velocity: table.velocity.get(),
            torque: table.torque,
            pressed: table.pressed,
            stopped: doing.comfort_stops || heard == Some(Command::Stop),
            symptom: matches!(heard, Some(Command::Symptom(_))),
            resumed,
            silent,
            travel: table.travel.get(),
            stale: read.is_some_and(too_old),
            treated: output.is_some_and(treated),
            rests: output.is_some_and(|output| output.state.stage == Stage::Paused),
            paused: heard == Some(Command::Pause),
            goes_on: heard == Some(Command::Continue),
            lowered: heard == Some(Command::Lower),
            unsure: read.is_some_and(|read| unsure(read, table.pressed)),
            forbidden,
            allowed: heard == Some(Command::AllowIncrease),
            torn: torn
                .filter(|(_, began)| began.is_some())
                .any(|(one, _)| one.hazard.tears()),
            asked: output.map_or(0.0, asked),
            hold: output.and_then(followed),
        }
    }

    /// Whether somebody forbids an increase: by word, or by a score that rises to it.
    fn forbids(&mut self, doing: &Doing, heard: Option<Command>) -> bool {
        let told = match heard {
            Some(Command::Comfort(score)) => Some(score),
            _ => None,
        };
        let score = doing.comfort.max(told);
        let before = self.score;
        self.score = score.unwrap_or(before);
        let hurts = score.is_some_and(|score| score >= FORBIDS && score > before);
        hurts || heard == Some(Command::NoIncrease)
    }

    /// Whether the second act reached the loop, the first not long before.
    fn resumes(&mut self, tick: u32, heard: Option<Command>) -> bool {
        let Some(Command::Resume { act }) = heard else {
            return false;
        };
        if act == ResumeAct::Prepare {
            self.prepared = Some(tick);
            return false;
        }
        self.prepared.is_some_and(|at| tick - at <= TWO_ACTS)
    }

    fn finish(mut self) -> Outcome {
        self.checkers.finish();
        let checkers = self.checkers;
        let ms = |ticks: u32| f64::from(ticks.saturating_mul(TICK_MS));
        let last = self.last.as_ref();
        Outcome {
            ticks: self.ticks,
            completed: last.is_some_and(is_complete),
            end: last.map_or_else(String::new, ending),
            began: self.moments,
            worst_over: checkers.worst_over,
            worst_patient: checkers.worst_patient,
            worst_falling_ms: ms(checkers.worst_falling),
            worst_stop_ms: ms(checkers.worst_stop),
            worst_tracking: checkers.worst_tracking,
            worst_rate: checkers.worst_rate,
            violations: checkers.violations,
        }
    }
}
