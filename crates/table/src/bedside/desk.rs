//! What the bedside answers to each request, and who may ask it.
//!
//! What can only take force away, or tells what the patient feels, is taken
//! from every connection ([`super::lowering`]). What can lead to force needs the lease and
//! a one-time token ([`super::arming`]); what ends needs the lease. Alarms are
//! acknowledged and silenced by whoever sees them. No lock is held while a disk or the
//! loop is waited for. The desk decides who may ask, the session decides what it leads to.

use super::alarms::Alarms;
use super::evidence::Evidence;
use super::link::{Link, Order, Orders};
use super::memory::Memory;
use super::refusals;
use super::view::View;
use crate::TableInfo;
use crate::alarm::{Alarm, Conditions};
use crate::blackbox::{Recorder, Retention, Sessions};
use crate::lease::{ConnectionId, Lease, LeaseError};
use crate::sounder::Player;
use crate::token::Tokens;
use crate::wire::{MAX_BLOB, Purpose, Reply, Request, Simulated, Status};
use ed25519_dalek::VerifyingKey;
use si::{Newtons, Problem};
use std::collections::BTreeMap;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use traction::Mode;
use traction::input::{Command, ResumeAct, StopKind};
use traction::limits::WORST_COMFORT;

/// Sessions listed in one reply, so that it fits a frame.
const SESSIONS_A_REPLY: usize = 50;
/// Longest name of a console.
const MOST_NAME: usize = 64;
/// How long a new connection waits for a name whose last one is about to go (ours).
const NAME_FREES: Duration = Duration::from_millis(500);

/// What the desk is set up with.
pub(super) struct Setup {
    pub(super) info: TableInfo,
    pub(super) key: VerifyingKey,
    pub(super) seed: u64,
    pub(super) speed: u32,
    pub(super) memory: Memory,
}

/// One connection as the desk knows it.
#[derive(Clone)]
pub(super) struct Caller {
    pub(super) id: ConnectionId,
    console: Option<String>,
    subscription: Option<u8>,
}

impl Caller {
    pub(super) const fn new(id: ConnectionId) -> Self {
        Self {
            id,
            console: None,
            subscription: None,
        }
    }

    /// The rate of a subscription just asked for.
    pub(super) fn take_subscription(&mut self) -> Option<u8> {
        self.subscription.take()
    }
}

/// What only one connection may change at a time; the loop never locks it.
pub(super) struct Control {
    pub(super) lease: Lease,
    pub(super) tokens: Tokens,
    consoles: BTreeMap<ConnectionId, String>,
    /// The session armed last; whether it is still open is the loop's to say.
    pub(super) session: Option<[u8; 16]>,
    /// Whether a Grant is being armed.
    pub(super) arming: bool,
}

/// What has to do with the disk.
pub(super) type Kept = (Evidence, Arc<Recorder>, Arc<Mutex<Sessions>>);

/// The desk.
pub(super) struct Desk {
    pub(super) setup: Setup,
    pub(super) control: Mutex<Control>,
    pub(super) link: Arc<Link>,
    pub(super) orders: Orders,
    pub(super) view: Arc<Mutex<View>>,
    pub(super) alarms: Arc<Alarms>,
    player: Player,
    pub(super) evidence: Evidence,
    pub(super) recorder: Arc<Recorder>,
    sessions: Arc<Mutex<Sessions>>,
}

pub(super) type Answer = Result<(Reply, Vec<u8>), Problem>;

impl Desk {
    pub(super) fn new(
        setup: Setup,
        (link, orders): (Arc<Link>, Orders),
        (view, alarms, player): (Arc<Mutex<View>>, Arc<Alarms>, Player),
        (evidence, recorder, sessions): Kept,
    ) -> Self {
        let control = Control {
            lease: Lease::default(),
            tokens: Tokens::default(),
            consoles: BTreeMap::new(),
            session: None,
            arming: false,
        };
        Self {
            setup,
            control: Mutex::new(control),
            link,
            orders,
            view,
            alarms,
            player,
            evidence,
            recorder,
            sessions,
        }
    }

    /// Answers one request.
    pub(super) fn answer(&self, caller: &mut Caller, request: Request) -> (Reply, Vec<u8>) {
        self.try_answer(caller, request)
            .unwrap_or_else(|problem| (Reply::Refused(problem.into()), Vec::new()))
    }

    /// Forgets a connection that ended.
    pub(super) fn closed(&self, id: ConnectionId) {
        let mut control = lock(&self.control);
        control.lease.closed(id);
        control.consoles.remove(&id);
    }

    /// Writes out what is in the black box's ring, for at most `within`.
    pub(super) fn finish_recording(&self, within: Duration) {
        self.recorder.finish(within);
    }

    fn try_answer(&self, caller: &mut Caller, request: Request) -> Answer {
        if let Request::Hello { console } = request {
            return self.hello(caller, console);
        }
        if caller.console.is_none() {
            return Err(refusals::hello_first());
        }
        if let Some(answer) = self.lower(caller, &request) {
            return answer;
        }
        match request {
            Request::Ack => {
                self.look_at_alarms();
                self.alarms.acknowledge(self.link.now_ms());
                done(Ok(()))
            }
            Request::Silence => {
                self.alarms.silence(self.link.now_ms());
                done(Ok(()))
            }
            Request::Status => Ok((Reply::Status(Box::new(self.status())), Vec::new())),
            Request::Subscribe { hz } => done(subscribe(caller, hz)),
            Request::SessionsSince { after } => {
                let listed = lock(&self.sessions);
                let ended = listed.since(after).iter();
                let sessions = ended.take(SESSIONS_A_REPLY).cloned().collect();
                Ok((Reply::Sessions { sessions }, Vec::new()))
            }
            Request::Sealed { line, sha256 } => {
                let retention = Retention::of(&mut lock(&self.sessions), line, &sha256);
                done(retention.and_then(|retention| retention.carry_out()))
            }
            Request::FetchFrames {
                session,
                offset,
                length,
            } => self.fetch(&session, offset, length),
            Request::Simulate { act } => done(self.simulate(act)),
            Request::Arm { grant, signature } => self.arm(caller, &grant, &signature),
            request => self.control(caller, request),
        }
    }

    fn hello(&self, caller: &mut Caller, console: String) -> Answer {
        let printable = console.chars().all(|c| !c.is_control());
        if console.is_empty() || console.len() > MOST_NAME || !printable {
            return Err(refusals::console_name(&console));
        }
        if caller.console.is_some() {
            return Err(refusals::second_hello(&console));
        }
        self.register(caller.id, &console)?;
        caller.console = Some(console);
        let info = &self.setup.info;
        let reply = Reply::Welcome {
            table: hex::encode(info.id),
            simulated: info.simulated,
            regions: info.regions.iter().map(ToString::to_string).collect(),
            hardware_ceiling_n: info.hardware_ceiling.get(),
            frame_bytes: frame_bytes(),
        };
        Ok((reply, Vec::new()))
    }

    /// Gives a connection its name, which no other has. One that is about to go is waited for.
    fn register(&self, id: ConnectionId, console: &str) -> Result<(), Problem> {
        let since = Instant::now();
        loop {
            let mut control = lock(&self.control);
            if !control.consoles.values().any(|name| name == console) {
                control.consoles.insert(id, console.to_owned());
                return Ok(());
            }
            drop(control);
            if since.elapsed() >= NAME_FREES {
                return Err(refusals::console_taken(console));
            }
            std::thread::sleep(NAME_FREES / 20);
        }
    }

    /// Errs unless a connection is in control.
    pub(super) fn check_lease(
        &self,
        control: &Control,
        caller: ConnectionId,
    ) -> Result<(), Problem> {
        let checked = control.lease.check(caller, self.link.now_ms());
        checked.map_err(refusals::lease_problem)
    }

    /// Requests that have to do with control of the table.
    fn control(&self, caller: &Caller, request: Request) -> Answer {
        let mut control = lock(&self.control);
        let now = self.link.now_ms();
        if matches!(request, Request::Heartbeat) {
            control.lease.heard(caller.id, now);
            self.tell_loop(&control);
            return done(Ok(()));
        }
        if matches!(request, Request::LeaseTake) {
            let name = caller.console.as_deref().unwrap_or_default();
            let taken = control.lease.take(name, caller.id, now);
            self.tell_loop(&control);
            return done(taken.map_err(refusals::lease_problem));
        }
        control
            .lease
            .check(caller.id, now)
            .map_err(refusals::lease_problem)?;
        match request {
            Request::LeaseHandOver { to } => {
                let handed = hand_over(&mut control, caller.id, &to, now);
                self.tell_loop(&control);
                done(handed.map_err(refusals::lease_problem))
            }
            Request::LeaseRelease => done(
                control
                    .lease
                    .release(caller.id, now)
                    .map_err(refusals::lease_problem),
            ),
            Request::Token { purpose } => {
                drop(control);
                self.token(caller.id, purpose)
            }
            request => {
                let order = self.order(&mut control, caller.id, request)?;
                drop(control);
                done(self.orders.post(order))
            }
        }
    }

    /// The order that a request of the controlling console is for the loop.
    fn order(
        &self,
        control: &mut Control,
        caller: ConnectionId,
        request: Request,
    ) -> Result<Order, Problem> {
        let mut spend = |token: &str, purpose| self.spend(control, caller, token, purpose);
        Ok(Order::Command(match request {
            Request::Start { token } => {
                spend(&token, Purpose::Start)?;
                Command::Start
            }
            Request::Resume { token } => {
                spend(&token, Purpose::Resume)?;
                let act = ResumeAct::Confirm;
                Command::Resume { act }
            }
            Request::Continue { token } => {
                spend(&token, Purpose::Continue)?;
                Command::Continue
            }
            Request::AllowIncrease { token } => {
                spend(&token, Purpose::AllowIncrease)?;
                Command::AllowIncrease
            }
            Request::Change {
                token,
                mode,
                force_n,
            } => {
                let mode =
                    Mode::from_name(&mode).ok_or_else(|| refusals::unknown_name("mode", &mode))?;
                spend(&token, Purpose::Change)?;
                let force = Newtons::raw(force_n);
                Command::Change { mode, force }
            }
            Request::Close => return Ok(Order::Close),
            Request::End => Command::End,
            Request::Explain { stop, token } => {
                let kind = StopKind::from_name(&stop);
                let kind = kind.ok_or_else(|| refusals::unknown_name("stop", &stop))?;
                spend(&token, Purpose::Explain)?;
                Command::Explain(kind)
            }
            _ => return Err(refusals::unknown_name("kind", "")),
        }))
    }

    fn simulate(&self, act: Simulated) -> Result<(), Problem> {
        if !self.setup.info.simulated {
            return Err(refusals::not_simulated());
        }
        match act {
            Simulated::Inject { fault } => fault.check()?,
            Simulated::Comfort { score } if score > WORST_COMFORT => {
                return Err(refusals::comfort_range(score));
            }
            _ => {}
        }
        self.orders.post(Order::Simulate(act))
    }

    fn fetch(&self, session: &str, offset: u64, length: u32) -> Answer {
        let unknown = || refusals::session_unknown(session);
        let mut id = [0; 16];
        hex::decode_to_slice(session, &mut id).map_err(|_| unknown())?;
        let (path, listed) = {
            let sessions = lock(&self.sessions);
            (sessions.path(&id), sessions.find(session).is_some())
        };
        let file = std::fs::File::open(path).map_err(|error| {
            let gone = listed && error.kind() == std::io::ErrorKind::NotFound;
            if gone {
                refusals::recording_gone(session)
            } else {
                unknown()
            }
        })?;
        let total = file.metadata().map_err(|_| unknown())?.len();
        let left = usize::try_from(total.saturating_sub(offset)).unwrap_or(usize::MAX);
        let wanted = usize::try_from(length).unwrap_or(MAX_BLOB).min(MAX_BLOB);
        let mut blob = vec![0; wanted.min(left)];
        file.read_exact_at(&mut blob, offset)
            .map_err(|_| unknown())?;
        Ok((Reply::Frames { offset, total }, blob))
    }

    /// The status now.
    pub(super) fn status(&self) -> Status {
        let now = self.link.now_ms();
        let mut status = lock(&self.view).status(self.setup.info.simulated, self.setup.speed);
        self.look_at_alarms();
        self.alarms.show(now, &mut status);
        status.sounder = self.player.now();
        let control = lock(&self.control);
        status.lease = control.lease.holder(now).map(str::to_owned);
        status.link_age_ms = control.lease.age_ms(now);
        status.ring = self.recorder.figures();
        status.loop_figures.memory_locked = self.setup.memory == Memory::Locked;
        status.scheduling = self.link.scheduled().as_str().to_owned();
        status.memory = self.setup.memory.as_str().to_owned();
        status
    }

    /// Takes in what the loop has told, and what is the matter beside it.
    fn look_at_alarms(&self) {
        let (controller, guard) = self.link.hung();
        let own = Conditions::NONE
            .with_if(Alarm::ControllerHung, controller)
            .with_if(Alarm::GuardHung, guard)
            .with_if(
                Alarm::Disk,
                self.recorder.figures().failing || self.evidence.hangs(),
            )
            .with_if(Alarm::Sounder, self.player.is_failing());
        self.alarms.look(self.link.now_ms(), own);
    }

    /// Has the sounder make the burst that is due, if one is. Waits for no sounder.
    pub(super) fn sound_alarms(&self) {
        self.look_at_alarms();
        if let Some(priority) = self.alarms.take_burst() {
            self.player.play(priority);
        }
    }

    /// Tells the loop when the controlling console was last heard.
    fn tell_loop(&self, control: &Control) {
        let now = self.link.now_ms();
        if let Some(age) = control.lease.age_ms(now) {
            self.link.heard(now.saturating_sub(age));
        }
    }
}

fn hand_over(
    control: &mut Control,
    from: ConnectionId,
    to: &str,
    now: u64,
) -> Result<(), LeaseError> {
    let target = control.consoles.iter().find(|(_, name)| *name == to);
    let (id, name) = target.ok_or_else(|| LeaseError::Absent(to.to_owned()))?;
    let (id, name) = (*id, name.clone());
    control.lease.hand_over(from, &name, id, now)
}

pub(super) fn done(outcome: Result<(), Problem>) -> Answer {
    outcome.map(|()| (Reply::Done, Vec::new()))
}

fn subscribe(caller: &mut Caller, hz: u8) -> Result<(), Problem> {
    if !(1..=20).contains(&hz) {
        return Err(refusals::subscribe_range(hz));
    }
    caller.subscription = Some(hz);
    Ok(())
}

pub(super) fn frame_bytes() -> u32 {
    u32::try_from(traction::frame::Frame::BYTES).unwrap_or(u32::MAX)
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
