//! Every way through a session, searched exhaustively on the functions the product
//! calls: `supervisor::next`, `supervisor::of_guard`, `acts::answer` and
//! `limiter::lowest`, around a force and a ceiling in five steps.
//!
//! One step of force is a quarter of the grant's ceiling; a tick moves force by one
//! step at most, up only where the plan's bounds let it. Every command comes with
//! every fact, every finding of the guard at any time; of causes that `next` cannot
//! tell apart (same action, kind and clearing) one stands for all.

use stateright::{Checker, Model, Property};
use std::collections::BTreeSet;
use traction::acts::{Facts, answer};
use traction::cause::{Action, Cause};
use traction::input::{Command, ResumeAct, StopKind, Symptom};
use traction::limiter::{Bound, Limit, lowest};
use traction::supervisor::{Event, Resume, SessionState, Stage, next, of_guard};

/// The grant's ceiling, in steps.
const FULL: u8 = 4;

/// The session, its force, and what must be remembered to judge it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Searched {
    state: SessionState,
    force: u8,
    ceiling: u8,
    /// Force when the last stop began.
    stopped_at: u8,
    tested: bool,
    /// Acts done since the last stop that a practitioner does deliberately.
    acts: u8,
    stopped: bool,
    symptom: bool,
    /// The drive has pulled above the ceiling.
    broke: bool,
    /// The full force was reached.
    full: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Act(Command, bool, bool),
    Found(Cause),
    TestSwitch,
    ForgetTest,
    Lapse,
    ProfileOver,
    Tick,
}

/// One cause for each that the supervisor can tell apart.
fn kinds() -> Vec<Cause> {
    let mut seen = BTreeSet::new();
    let different = |cause: &Cause| {
        let alone = matches!(cause, Cause::ReleaseOver | Cause::SymptomReported);
        let key = (
            of_guard(cause.action(), Some(*cause)).is_some(),
            cause.action(),
            cause.kind(),
            cause.clearing(),
            alone,
        );
        seen.insert(key)
    };
    Cause::ALL.iter().copied().filter(different).collect()
}

fn commands() -> Vec<Command> {
    let mut all = vec![
        Command::Start,
        Command::Pause,
        Command::Continue,
        Command::Lower,
        Command::NoIncrease,
        Command::AllowIncrease,
        Command::End,
        Command::Stop,
        Command::Symptom(Symptom::Crack),
        Command::Resume {
            act: ResumeAct::Prepare,
        },
        Command::Resume {
            act: ResumeAct::Confirm,
        },
    ];
    all.extend(StopKind::ALL.iter().map(|&kind| Command::Explain(kind)));
    all
}

impl Searched {
    const ARMED: Self = Self {
        state: SessionState::ARMED,
        force: 0,
        ceiling: FULL,
        stopped_at: 0,
        tested: false,
        acts: 0,
        stopped: false,
        symptom: false,
        broke: false,
        full: false,
    };

    fn event(self, event: Event) -> Self {
        let state = next(self.state, event);
        let stops = matches!(event, Event::Unload(_) | Event::TorqueOff(_));
        let began = stops && state.latch.is_some() && self.state.latch.is_none();
        let mut to = Self { state, ..self };
        if began {
            (to.stopped, to.acts, to.stopped_at) = (true, 0, self.force);
        }
        if state.stage != self.state.stage
            && matches!(state.stage, Stage::Unloading | Stage::Unloaded)
        {
            to.tested = false;
        }
        if event == Event::Lapse && state.latch.is_some() {
            to.acts = 0;
        }
        to
    }

    fn act(self, command: Command, pressed: bool, limited: bool) -> Self {
        let facts = Facts {
            pressed,
            limited,
            force_on: self.force > 0,
            tested: self.tested,
            resting: false,
            worth_resuming: self.stopped_at > 1,
        };
        let Ok(event) = answer(self.state, facts, command) else {
            return self;
        };
        let symptom = matches!(
            command,
            Command::Symptom(_) | Command::Explain(StopKind::Symptom)
        );
        let mut to = event.map_or(self, |event| self.event(event));
        to.symptom |= symptom && to.state.stage != Stage::Complete;
        match command {
            Command::Lower => to.ceiling = to.ceiling.min(self.force * 3 / 4),
            Command::Resume {
                act: ResumeAct::Prepare,
            } => to.acts = 1,
            Command::Resume {
                act: ResumeAct::Confirm,
            } => {
                to.acts += 1;
                to.ceiling = to.ceiling.min(self.stopped_at * 3 / 4);
            }
            _ => {}
        }
        to
    }

    /// Where force goes, as the plan asks the limiter.
    fn goal(self) -> u8 {
        let base = |stage| matches!(stage, Stage::TakeUp | Stage::Paused);
        let profile = match self.state.stage {
            stage if base(stage) => 1,
            Stage::Running => FULL,
            _ => 0,
        };
        let bounds = [
            Bound::of(Limit::None, f64::from(profile)),
            Bound::of(Limit::Lowered, f64::from(self.ceiling)),
            Bound::when(
                self.state.held.is_some(),
                Limit::Held,
                f64::from(self.force),
            ),
        ];
        lowest(&bounds).value as u8
    }

    fn tick(self) -> Self {
        if !self.state.stage.energised() {
            return Self { force: 0, ..self };
        }
        let goal = self.goal();
        let force = match goal.cmp(&self.force) {
            std::cmp::Ordering::Greater => self.force + 1,
            std::cmp::Ordering::Equal => self.force,
            std::cmp::Ordering::Less => self.force - 1,
        };
        let to = Self {
            force,
            broke: self.broke || (force > self.force && force > self.ceiling),
            full: self.full || force == FULL,
            ..self
        };
        match self.state.stage {
            Stage::TakeUp if force >= 1 => to.event(Event::Contact),
            Stage::Ending if force == 0 => to.event(Event::Emptied),
            Stage::Unloading if force == 0 => to.event(Event::TorqueOff(Cause::ReleaseOver)),
            _ => to,
        }
    }

    /// Whether the drive may pull.
    fn pulls(&self) -> bool {
        matches!(
            self.state.stage,
            Stage::TakeUp | Stage::Running | Stage::Paused
        )
    }
}

struct Search {
    causes: Vec<Cause>,
    commands: Vec<Command>,
}

impl Model for Search {
    type State = Searched;
    type Action = Step;

    fn init_states(&self) -> Vec<Searched> {
        vec![Searched::ARMED]
    }

    fn actions(&self, from: &Searched, steps: &mut Vec<Step>) {
        for &command in &self.commands {
            for pressed in [false, true] {
                for limited in [false, true] {
                    steps.push(Step::Act(command, pressed, limited));
                }
            }
        }
        steps.extend(self.causes.iter().map(|&cause| Step::Found(cause)));
        steps.extend([Step::Tick, Step::Lapse, Step::ForgetTest]);
        if !from.state.stage.energised() {
            steps.push(Step::TestSwitch);
        }
        if from.state.stage == Stage::Running {
            steps.push(Step::ProfileOver);
        }
    }

    fn next_state(&self, from: &Searched, step: Step) -> Option<Searched> {
        let to = match step {
            Step::Act(command, pressed, limited) => from.act(command, pressed, limited),
            Step::Found(cause)
                if !from.state.stage.energised() && cause.action() >= Action::Unload =>
            {
                *from
            }
            Step::Found(cause) => {
                of_guard(cause.action(), Some(cause)).map_or(*from, |event| from.event(event))
            }
            Step::TestSwitch => Searched {
                tested: true,
                ..*from
            },
            Step::ForgetTest => Searched {
                tested: false,
                ..*from
            },
            Step::Lapse => from.event(Event::Lapse),
            Step::ProfileOver => from.event(Event::End),
            Step::Tick => from.tick(),
        };
        (to != *from).then_some(to)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("force ≤ limit", |_, s: &Searched| {
                s.force <= FULL && !s.broke
            }),
            Property::always("a way to unload", |_, s: &Searched| {
                let stopped = s.act(Command::Stop, false, false);
                let after = (0..=FULL).fold(stopped, |s, _| s.tick());
                after.force == 0 && !after.state.stage.energised()
            }),
            Property::always(
                "after a latch no tension without two acts",
                |_, s: &Searched| {
                    let gone =
                        s.stopped && s.state.latch.is_none() && s.state.stage != Stage::Complete;
                    !(s.pulls() && s.state.latch.is_some()) && (!gone || s.acts == 2)
                },
            ),
            Property::always("after a symptom no tension at all", |_, s: &Searched| {
                !s.symptom || (!s.pulls() && !s.state.resumable())
            }),
            Property::always(
                "a resume is used once, under a lower ceiling",
                |_, s: &Searched| {
                    s.state.resume != Resume::Used || (!s.state.resumable() && s.ceiling < FULL)
                },
            ),
            Property::always(
                "what is latched is unloading or unloaded",
                |_, s: &Searched| {
                    let down = matches!(s.state.stage, Stage::Unloading | Stage::Unloaded);
                    s.state.latch.is_some() == down
                },
            ),
            Property::sometimes("a full session completes", |_, s: &Searched| {
                s.full && !s.stopped && s.state.stage == Stage::Complete
            }),
            Property::sometimes("a resumed session completes", |_, s: &Searched| {
                s.stopped && s.state.stage == Stage::Complete && s.state.resume == Resume::Used
            }),
        ]
    }
}

fn search() -> Search {
    Search {
        causes: kinds(),
        commands: commands(),
    }
}

/// hazard: H13, H22
#[test]
fn every_way_through_a_session_keeps_to_its_limit_and_its_latch() {
    let checker = search().checker().spawn_bfs().join();
    checker.assert_properties();
    assert!(checker.is_done() && checker.unique_state_count() > 1_000);
}

/// How much force a stage can have: what makes a way up or down.
fn height(stage: Stage) -> u8 {
    match stage {
        Stage::Armed | Stage::Unloaded | Stage::Complete => 0,
        Stage::Unloading | Stage::Ending => 1,
        Stage::Paused => 2,
        Stage::TakeUp | Stage::Running => 3,
    }
}

#[test]
fn only_a_deliberate_act_leads_up_from_any_state_reached() {
    let (seen, all) = stateright::StateRecorder::new_with_accessor();
    search().checker().visitor(seen).spawn_bfs().join();
    let mut events: Vec<Event> = StopKind::ALL.iter().map(|&k| Event::Explain(k)).collect();
    for &cause in Cause::ALL {
        events.extend([
            Event::Pause(cause),
            Event::Hold(cause),
            Event::Unload(cause),
            Event::TorqueOff(cause),
        ]);
    }
    events.extend([
        Event::Contact,
        Event::End,
        Event::Emptied,
        Event::Prepare,
        Event::Lapse,
    ]);
    for reached in all() {
        let from = reached.state;
        for &event in &events {
            let to = next(from, event);
            let contact = event == Event::Contact;
            assert!(height(to.stage) <= height(from.stage), "{from:?} {event:?}");
            assert!(!contact || height(to.stage) == height(from.stage));
            assert!(
                from.held.is_none() || to.held.is_some(),
                "{from:?} {event:?}"
            );
            let symptom = from.latch.is_some_and(|l| l.kind == StopKind::Symptom);
            assert!(!symptom || to.closes_day(), "{from:?} {event:?}");
        }
    }
}

#[test]
fn every_cause_that_unloads_becomes_a_stop_and_none_other_does() {
    for &cause in Cause::ALL {
        let event = of_guard(cause.action(), Some(cause));
        let stops = matches!(event, Some(Event::Unload(_) | Event::TorqueOff(_)));
        assert_eq!(stops, cause.action() >= Action::Unload, "{cause}");
    }
}
