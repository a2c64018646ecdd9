//! The session's loop: controller and guard in order, once a tick.
//!
//! It waits for nothing but the next tick. Orders come from a bounded queue,
//! what is urgent from flags, frames go to a bounded ring, and what it shows is copied
//! out with a lock that it only tries. Every client may die: the guard counts
//! the age of the last heartbeat, and unloads.
//!
//! At 1× a tick is 10 ms of wall time and its lateness is an input to the
//! guard; the table is then in the thread of a second guard ([`super::guard`]), which gives the
//! pace. At 10× and 60× (simulated tables only) it wakes every 2 ms and does
//! the ticks that fall into them; lateness then has no meaning for the body
//! and is only reported.

use super::Hook;
use super::alarms::{Alarms, conditions};
use super::asking::Asking;
use super::bench::Bench;
use super::guard::Done;
use super::jitter::Jitter;
use super::link::{Answer, Link, Order, Posted, no_session};
use super::refusals;
use super::scheduling::{self, Importance};
use super::stopping::Stopping;
use super::view::View;
use crate::Sensors;
use crate::alarm::{Alarm, Conditions};
use crate::blackbox::Ring;
use crate::cycle::{self, Cycle, Outside, refused};
use crate::summary::{is_complete, outcome};
use crate::wire::{Question, Simulated};
use si::Problem;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use traction::frame::Frame;
use traction::grant::Grant;
use traction::input::Command;
use traction::supervisor::Stage;
use traction::{PER_SECOND, Setup, TICK_MS};

/// Shortest wall time between two wake-ups.
const WAKE_LEAST: Duration = Duration::from_millis(2);
/// Orders looked at in one tick.
const ORDERS_A_TICK: usize = 16;
/// Commands that may wait for their tick; the queue of orders bounds them too.
const COMMANDS: usize = 64;
/// An unloaded session that nobody resumes closes by itself after this many ticks (ours, 10 min).
const UNLOADED_TICKS: u32 = 600 * PER_SECOND;
/// Why a session ended that was unloaded because the process ends.
pub(super) const BEDSIDE_STOPPED: &str = "bedside-stopped";
/// Why a session ended that was armed and never started.
const NOT_STARTED: &str = "not-started";
/// How long the end of a recording is offered to a full ring when the process ends.
const LAST_OFFERS: u32 = 200;

/// An open session.
struct Open {
    id: [u8; 16],
    cycle: Cycle,
    commands: VecDeque<(Command, SyncSender<Answer>)>,
    comfort: Option<u8>,
    /// The score on arrival.
    arrival: u8,
    asking: Asking,
    /// What the guard's thread had done by itself before this session.
    done: Option<Done>,
    watch: Stopping,
    last: Option<Frame>,
    unloaded: u32,
    /// Whether a silent console is an event.
    console_required: bool,
    /// Whether the process ended while this session was not over.
    left: bool,
}

impl Open {
    /// Whether the session has run its course or was stopped and is unloaded.
    fn is_over(&self) -> bool {
        let stage = self.last.map(|frame| frame.output.state.stage);
        matches!(stage, Some(Stage::Unloaded | Stage::Complete))
    }

    /// The score told last, by the staff or on the patient's own control, else that on arrival.
    fn told(&self, own: Option<u8>) -> u8 {
        let last = self.comfort.max(own).or(self.asking.score());
        last.unwrap_or(self.arrival)
    }

    /// What is commanded by nobody ([`Asking::follows`]).
    fn follows(&self, own: Option<u8>, answers: bool) -> Option<Command> {
        let stage = self.last.map(|frame| frame.output.state.stage);
        let answer = answers.then(|| self.told(own));
        self.asking.follows(stage, answer)
    }

    /// Whether a command leads back to force while nobody has answered.
    fn forbids(&self, command: Command) -> bool {
        let onwards = matches!(command, Command::Continue | Command::Resume { .. });
        onwards && self.asking.is_unanswered()
    }
}

/// When the loop wakes by its own clock, and how many ticks fall into one wake-up.
struct Pace {
    wake: Duration,
    ticks: u128,
    next: Instant,
}

impl Pace {
    fn of(speed: u32) -> Self {
        let real = Duration::from_millis(u64::from(TICK_MS));
        let tick = real / speed;
        let wake = tick.max(WAKE_LEAST.min(real));
        Self {
            wake,
            ticks: (wake.as_nanos() / tick.as_nanos().max(1)).max(1),
            next: Instant::now() + wake,
        }
    }

    /// Sleeps until the next wake-up; how late it is, and its ticks.
    fn wait(&mut self) -> (Duration, u128) {
        std::thread::sleep(self.next.saturating_duration_since(Instant::now()));
        let late = self.next.elapsed();
        // A loop that was held up goes on from now: it never runs ticks faster to catch up.
        self.next = if late > self.wake {
            Instant::now() + self.wake
        } else {
            self.next + self.wake
        };
        (late, self.ticks)
    }
}

/// The loop.
pub(super) struct Motion {
    bench: Bench,
    orders: Receiver<Posted>,
    link: Arc<Link>,
    shown: Arc<Mutex<View>>,
    alarms: Arc<Alarms>,
    ring: Ring,
    speed: u32,
    open: Option<Open>,
    each_tick: Option<Hook>,
    /// What the patient's own control on a simulated table tells.
    own: Option<u8>,
    view: View,
    jitter: Jitter,
    /// Since the last arming.
    session_jitter: Jitter,
}

impl Motion {
    pub(super) fn new(
        bench: Bench,
        orders: Receiver<Posted>,
        (link, shown, alarms): (Arc<Link>, Arc<Mutex<View>>, Arc<Alarms>),
        ring: Ring,
        (speed, each_tick): (u32, Option<Hook>),
    ) -> Self {
        Self {
            bench,
            orders,
            link,
            shown,
            alarms,
            ring,
            speed: speed.max(1),
            open: None,
            each_tick,
            own: None,
            view: View::default(),
            jitter: Jitter::default(),
            session_jitter: Jitter::default(),
        }
    }

    /// Runs until the process is to end and the patient is unloaded.
    pub(super) fn run(mut self) {
        let importance = match self.bench {
            Bench::Guarded(_) => Importance::Controller,
            Bench::Own(_) => Importance::Simulation,
        };
        self.link.runs_as(scheduling::real_time(importance));
        let mut pace = Pace::of(self.speed);
        loop {
            if let Some(each_tick) = &mut self.each_tick {
                each_tick();
            }
            let (late, ticks) = match &mut self.bench {
                Bench::Guarded(guarded) => (guarded.wait(), 1),
                Bench::Own(_) => pace.wait(),
            };
            self.jitter.add(late);
            self.session_jitter.add(late);
            self.link.controller_beats();
            for index in 0..ticks {
                let felt = if self.speed == 1 && index == 0 {
                    late
                } else {
                    Duration::ZERO
                };
                self.tick(u16::try_from(felt.as_millis()).unwrap_or(u16::MAX));
            }
            self.show();
            if self.link.is_closing() && self.open.is_none() {
                break;
            }
        }
        self.link.controller_ends();
        self.leave();
    }

    fn tick(&mut self, late_ms: u16) {
        self.take_orders();
        match self.open.take() {
            Some(open) => self.tick_open(open, late_ms),
            None => {
                self.link.urgent.controller.clear();
                self.alarms.tell(Conditions::NONE);
                self.view.sensors = Some(cycle::idle(self.bench.table()));
                self.bench.hand_on(None);
            }
        }
        self.ring.poll();
    }

    fn tick_open(&mut self, mut open: Open, late_ms: u16) {
        if self.link.is_closing() && !open.is_over() {
            open.left = true;
        }
        let leaves = (open.left && !open.is_over()).then_some(Command::Stop);
        let urgent = leaves.or_else(|| self.link.urgent.controller.take());
        let own = self.bench.table().comfort().or(self.own);
        let urgent = urgent.or_else(|| open.follows(own, self.bench.table().answers()));
        let (command, answer) = next_command(&mut open, urgent);
        let frame = open.cycle.tick(
            self.bench.table(),
            Outside {
                comfort: worse(own, open.comfort),
                command,
                heartbeat_age_ms: self.link.heartbeat_age_ms(),
                late_ms,
            },
        );
        self.bench.hand_on(Some(&frame));
        self.ring.push(frame.encode());
        if let Some(answer) = answer {
            let _ = answer.try_send(command_answer(&frame));
        }
        if let Some(Command::Comfort(score)) = command {
            open.comfort = Some(score);
        }
        self.view.comfort = own.max(open.comfort);
        open.watch.see(&frame);
        open.asking.see(&frame);
        let unanswered = open.asking.is_unanswered();
        let there = conditions(&frame, open.console_required);
        self.alarms.tell(there.with_if(Alarm::NoAnswer, unanswered));
        open.last = Some(frame);
        self.view_open(&open, &frame);
        match end_of(&mut open, &frame, self.link.is_closing()) {
            Some(reason) => self.end(&open, &reason),
            None => self.open = Some(open),
        }
    }

    fn take_orders(&mut self) {
        for _ in 0..ORDERS_A_TICK {
            let Ok(posted) = self.orders.try_recv() else {
                return;
            };
            self.take_order(posted);
        }
    }

    fn take_order(&mut self, posted: Posted) {
        let (order, answer) = posted.open();
        let outcome = match order {
            Order::Prepare(grant) => self.prepare(&grant).map(Some),
            Order::Arm(grant, setup) => self.arm(&grant, &setup).map(|()| None),
            Order::Command(command) => return self.queue(|_| command, answer),
            Order::Well => {
                let own = self.bench.table().comfort().or(self.own);
                return self.queue(|open| Command::Comfort(open.told(own)), answer);
            }
            Order::Abandon => {
                if self.open.is_none() {
                    self.ring.end(false, NOT_STARTED);
                }
                Ok(None)
            }
            Order::Close => self.close().map(|()| None),
            Order::Simulate(act) => {
                match act {
                    Simulated::Comfort { score } => self.own = Some(score),
                    act => {
                        self.bench.table().simulate(act);
                    }
                }
                Ok(None)
            }
        };
        let _ = answer.try_send(outcome);
    }

    /// Puts a command into the open session's queue; its tick answers.
    fn queue(&mut self, command: impl FnOnce(&Open) -> Command, answer: SyncSender<Answer>) {
        let open = self.open.as_mut();
        let Some(open) = open.filter(|open| open.commands.len() < COMMANDS) else {
            let _ = answer.try_send(Err(no_session()));
            return;
        };
        let command = command(open);
        if open.forbids(command) {
            let _ = answer.try_send(Err(refusals::unanswered()));
        } else {
            open.commands.push_back((command, answer));
        }
    }

    /// Makes the table ready for a Grant, closing what is over and was not closed yet.
    fn prepare(&mut self, grant: &Grant) -> Result<Setup, Problem> {
        if self.link.is_closing() {
            return Err(refusals::leaving());
        }
        if self.open.is_some() {
            self.close()?;
        }
        if !self.ring.poll() {
            return Err(refusals::recorder_behind());
        }
        let setup = self.bench.table().prepare(grant.limits.region)?;
        Cycle::arm(grant, &setup).map_err(|error| refused(&error))?;
        self.bench.table().hold_under(grant.limits.ceiling)?;
        Ok(setup)
    }

    fn arm(&mut self, grant: &Grant, setup: &Setup) -> Result<(), Problem> {
        let cycle = Cycle::arm(grant, setup).map_err(|error| {
            self.ring.end(false, NOT_STARTED);
            refused(&error)
        })?;
        self.bench.arm(grant, setup).inspect_err(|_| {
            self.ring.end(false, NOT_STARTED);
        })?;
        self.view.stop = None;
        self.own = None;
        self.session_jitter = Jitter::default();
        self.open = Some(Open {
            id: grant.session,
            cycle,
            commands: VecDeque::with_capacity(COMMANDS),
            comfort: None,
            arrival: grant.limits.comfort.arrival(),
            asking: Asking::default(),
            done: self.bench.done(),
            watch: Stopping::default(),
            last: None,
            unloaded: 0,
            console_required: setup.console_required,
            left: false,
        });
        Ok(())
    }

    /// Closes a session that has no torque.
    fn close(&mut self) -> Result<(), Problem> {
        let open = self.open.take().ok_or_else(no_session)?;
        let output = open.last.map(|frame| frame.output);
        if output.is_some_and(|output| output.state.stage.energised()) {
            self.open = Some(open);
            return Err(refusals::still_loaded());
        }
        let started = output.filter(|output| output.state.stage != Stage::Armed);
        let reason = started.map_or_else(|| NOT_STARTED.to_owned(), |output| outcome(&output));
        self.end(&open, &reason);
        Ok(())
    }

    fn end(&mut self, open: &Open, reason: &str) {
        let completed = open.last.is_some_and(|frame| is_complete(&frame.output));
        let done = self.bench.done().zip(open.done);
        let guard = done.map(|(now, before)| now.since(before));
        self.ring.end_guarded(completed, reason, guard);
        for (_, answer) in &open.commands {
            let _ = answer.try_send(Err(no_session()));
        }
        let own = self.session_jitter.figures();
        self.view.last_loop = Some(self.bench.session_figures().unwrap_or(own));
        self.view.session = None;
        self.view.question = Question::None;
        self.view.last = Some((open.id, reason.into()));
    }

    fn view_open(&mut self, open: &Open, frame: &Frame) {
        self.view.session = Some(open.id);
        self.view.question = open.asking.question();
        self.view.output = Some(frame.output);
        self.view.service_due |= open.cycle.service_due();
        self.view.stop = open.watch.figures();
        let input = &frame.input;
        self.view.sensors = Some(Sensors {
            force_a: input.force_a,
            force_b: input.force_b,
            travel: input.travel,
            motor_force: input.motor_force,
            switch: input.switch,
            drive_fault: input.drive_fault,
        });
    }

    fn show(&mut self) {
        if let Ok(mut shown) = self.shown.try_lock() {
            self.view.figures = self.jitter.figures();
            if let Bench::Guarded(guarded) = &self.bench
                && let Some((figures, done)) = guarded.figures()
            {
                self.view.controller = Some(self.view.figures);
                self.view.figures = figures;
                self.view.guard = Some(done);
            }
            self.view.openings = self.bench.table().openings();
            shown.clone_from(&self.view);
        }
    }

    /// The drive is off; the last recording is offered its end.
    fn leave(mut self) {
        cycle::idle(self.bench.table());
        self.bench.hand_on(None);
        for _ in 0..LAST_OFFERS {
            if self.ring.poll() {
                return;
            }
            std::thread::sleep(Duration::from_millis(u64::from(TICK_MS)));
        }
    }
}

/// The worse of the patient's own score and the one told by the staff, while the patient has
/// a control of his own: the session keeps what was told by itself.
fn worse(own: Option<u8>, told: Option<u8>) -> Option<u8> {
    own.map(|own| told.map_or(own, |told| own.max(told)))
}

/// What is urgent before all others; it answers nobody, its flag has been answered already.
fn next_command(
    open: &mut Open,
    urgent: Option<Command>,
) -> (Option<Command>, Option<SyncSender<Answer>>) {
    if urgent.is_some() {
        return (urgent, None);
    }
    match open.commands.pop_front() {
        Some((command, answer)) => (Some(command), Some(answer)),
        None => (None, None),
    }
}

/// Why the session ends with this tick, if it does.
fn end_of(open: &mut Open, frame: &Frame, leaving: bool) -> Option<String> {
    let stage = frame.output.state.stage;
    open.unloaded = if stage == Stage::Unloaded {
        open.unloaded + 1
    } else {
        0
    };
    let waited = leaving || open.unloaded >= UNLOADED_TICKS;
    let over = stage == Stage::Complete || (stage == Stage::Unloaded && waited);
    over.then(|| match open.left {
        true => BEDSIDE_STOPPED.to_owned(),
        false => outcome(&frame.output),
    })
}

fn command_answer(frame: &Frame) -> Answer {
    match frame.output.refused {
        None => Ok(None),
        Some(refusal) => Err(refusals::command_refused(refusal, frame.output.state.stage)),
    }
}
