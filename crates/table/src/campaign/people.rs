//! What patient and staff do in one run of the campaign.
//!
//! They start the session as a clinic does, bring about the incident of the run when its
//! moment comes, and after a stop try to come back by the two acts, also where they may
//! not. What they truly did is told to the checkers.

use super::moment::Moment;
use crate::rng::Rng;
use traction::PER_SECOND;
use traction::input::{Command, ResumeAct, StopKind, Symptom};
use traction::supervisor::Stage;
use traction::{Output, Refusal};

/// What happens besides the faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incident {
    /// Nothing.
    None,
    /// The patient presses the switch.
    Press,
    /// Somebody presses STOP on a console.
    Stop,
    /// A stop symptom is told.
    Symptom,
    /// Discomfort reaches the stop score.
    ComfortStop,
    /// Discomfort reaches the score that forbids an increase, and is allowed again.
    ComfortRise,
    /// The staff pause and go on.
    Pause,
    /// The staff lower the ceiling.
    Lower,
    /// The staff forbid an increase and allow it again.
    NoIncrease,
    /// The staff end the session.
    End,
    /// The staff press whatever there is, twice a second.
    Monkey,
    /// The staff change mode or force, and again three seconds later.
    Change,
}

impl Incident {
    /// Those that any session may have; one of a wider session may be a change besides.
    pub(super) const DRAWN: [Self; 11] = [
        Self::None,
        Self::Press,
        Self::Stop,
        Self::Symptom,
        Self::ComfortStop,
        Self::ComfortRise,
        Self::Pause,
        Self::Lower,
        Self::NoIncrease,
        Self::End,
        Self::Monkey,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Press => "switch",
            Self::Stop => "console-stop",
            Self::Symptom => "symptom",
            Self::ComfortStop => "comfort-stop",
            Self::ComfortRise => "comfort-rise",
            Self::Pause => "pause",
            Self::Lower => "lower",
            Self::NoIncrease => "no-increase",
            Self::End => "end",
            Self::Monkey => "any-command",
            Self::Change => "change",
        }
    }
}

/// Discomfort on arrival.
pub(super) const ARRIVAL: u8 = 3;
/// A score that stops: three above arrival (CLINICAL §5).
const STOPS: u8 = ARRIVAL + 3;
/// A score that forbids an increase: two above arrival (CLINICAL §5).
pub(super) const FORBIDS: u8 = ARRIVAL + 2;
/// The switch is tried from and to these ticks.
const TRY: (u32, u32) = (10, 30);
/// The first start.
const START: u32 = 100;
/// Between two tries to start, ticks.
const AGAIN: u32 = PER_SECOND;
/// How often they try to start.
const TRIES: u32 = 5;
/// A run is looked at this long after its session was over, ticks.
const COASTS: u32 = 3 * PER_SECOND;

/// What they do in one tick.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Doing {
    pub(super) command: Option<Command>,
    pub(super) pressed: bool,
    pub(super) comfort: Option<u8>,
    /// Whether the patient's own control reaches the stop score in this tick.
    pub(super) comfort_stops: bool,
}

/// The people of one run.
#[derive(Clone, Debug)]
pub(super) struct People {
    incident: Incident,
    when: (Moment, u32),
    comes_back: bool,
    changes: [Command; 2],
    rng: Rng,
    tries: u32,
    next_try: u32,
    /// When the incident began.
    began: Option<u32>,
    /// When they saw that the session had stopped and was free of force.
    free: Option<u32>,
    /// When the session was over.
    over: Option<u32>,
    comfort: Option<u8>,
}

impl People {
    pub(super) fn new(
        incident: Incident,
        when: (Moment, u32),
        comes_back: bool,
        changes: [Command; 2],
        rng: Rng,
    ) -> Self {
        Self {
            incident,
            when,
            comes_back,
            changes,
            rng,
            tries: 0,
            next_try: START,
            began: None,
            free: None,
            over: None,
            comfort: None,
        }
    }

    /// Whether nobody will do anything more at `tick`.
    pub(super) fn are_done(&mut self, tick: u32, output: &Output) -> bool {
        let waiting = match output.state.stage {
            Stage::Armed => self.tries < TRIES,
            Stage::Unloaded => {
                let long = 8 * PER_SECOND;
                self.free.is_none_or(|free| tick < free + long)
            }
            Stage::Complete => {
                let since = *self.over.get_or_insert(tick);
                tick < since + COASTS
            }
            _ => true,
        };
        !waiting
    }

    /// One tick; `last` is what the session answered before it, `seen` how long the
    /// incident's moment has lasted.
    pub(super) fn act(&mut self, tick: u32, last: Option<&Output>, moment: Option<u32>) -> Doing {
        let mut doing = Doing {
            pressed: (TRY.0..TRY.1).contains(&tick),
            ..Doing::default()
        };
        if let Some(last) = last {
            self.start(tick, last, &mut doing);
            if self.began.is_none() && moment.is_some_and(|lasted| lasted >= self.when.1) {
                self.began = Some(tick);
            }
            if let Some(began) = self.began {
                self.incident(tick - began, &mut doing);
            }
            self.come_back(tick, last, &mut doing);
        }
        doing.comfort = self.comfort;
        doing
    }

    /// The moment that the incident waits for.
    pub(super) const fn waits_for(&self) -> Moment {
        self.when.0
    }

    fn start(&mut self, tick: u32, last: &Output, doing: &mut Doing) {
        let open = last.state.stage == Stage::Armed && self.tries < TRIES;
        if open && tick >= self.next_try {
            self.tries += 1;
            self.next_try = tick + AGAIN;
            doing.command = Some(Command::Start);
        }
        if last.refused == Some(Refusal::SwitchUntested) && last.state.stage == Stage::Armed {
            doing.pressed |= tick % AGAIN < 20;
        }
    }

    fn incident(&mut self, since: u32, doing: &mut Doing) {
        let second = since == 3 * PER_SECOND;
        match (self.incident, since) {
            (Incident::Press, since) if since < 40 => doing.pressed = true,
            (Incident::Stop, 0) => {
                doing.command = Some(Command::Stop);
            }
            (Incident::Symptom, 0) => {
                doing.command = Some(Command::Symptom(Symptom::Numbness));
            }
            (Incident::ComfortStop, 0) => {
                self.comfort = Some(STOPS);
                doing.comfort_stops = true;
            }
            (Incident::ComfortRise, 0) => self.comfort = Some(FORBIDS),
            (Incident::ComfortRise, _) if second => {
                self.comfort = Some(ARRIVAL);
                doing.command = Some(Command::AllowIncrease);
            }
            (Incident::Pause, 0) => doing.command = Some(Command::Pause),
            (Incident::Pause, _) if second => doing.command = Some(Command::Continue),
            (Incident::Lower, 0) => doing.command = Some(Command::Lower),
            (Incident::NoIncrease, 0) => doing.command = Some(Command::NoIncrease),
            (Incident::NoIncrease, _) if second => {
                doing.command = Some(Command::AllowIncrease);
            }
            (Incident::End, 0) => doing.command = Some(Command::End),
            (Incident::Change, 0) => doing.command = Some(self.changes[0]),
            (Incident::Change, _) if second => doing.command = Some(self.changes[1]),
            (Incident::Monkey, since) if since % (PER_SECOND / 2) == 0 => self.anything(doing),
            _ => {}
        }
    }

    /// Any command but those that are told apart as stops; resumes are counted as made.
    fn anything(&mut self, doing: &mut Doing) {
        let commands = [
            Command::Start,
            Command::Pause,
            Command::Continue,
            Command::Lower,
            Command::NoIncrease,
            Command::AllowIncrease,
            Command::Explain(StopKind::Comfort),
            Command::Explain(StopKind::Technical),
            Command::Comfort(FORBIDS),
        ];
        let place = self.rng.next_u64() as usize % commands.len();
        doing.command = commands.get(place).copied();
    }

    /// After a stop: the switch is tried, the stop is called a comfort stop, and the two
    /// acts are made, whatever the stop was.
    fn come_back(&mut self, tick: u32, last: &Output, doing: &mut Doing) {
        if last.state.stage != Stage::Unloaded {
            self.free = None;
            return;
        }
        let free = *self.free.get_or_insert(tick);
        if !self.comes_back {
            return;
        }
        self.comfort = self.comfort.map(|_| ARRIVAL);
        let since = tick - free;
        doing.pressed |= (50..70).contains(&since);
        match since {
            100 => doing.command = Some(Command::Explain(StopKind::Comfort)),
            120 => {
                let act = ResumeAct::Prepare;
                doing.command = Some(Command::Resume { act });
            }
            320 => {
                let act = ResumeAct::Confirm;
                doing.command = Some(Command::Resume { act });
            }
            _ => {}
        }
    }
}
