//! What must hold on the patient, whatever controller and guard believe.
//!
//! Each checker reads the truth of the simulation and what people truly did, one tick
//! at a time, and says when its law is broken. None reads an output of `traction`.
//!
//! | checker | law | source |
//! |---|---|---|
//! | [`Law::Overshoot`] | F ≤ ceiling + 50 N (neck 20 N) | devices §4b 1, CLINICAL §5 |
//! | [`Law::OvershootTime`] | above ceiling + 25 N (neck 10 N) for at most 100 ms, and as much longer as samples are old that are told as fresh | the same |
//! | [`Law::Hardware`] | F ≤ 1,000 N (neck 300 N, ours) in pairs of faults | devices §4b 1 |
//! | [`Law::PulledAgainstPatient`] | 100 ms after the patient makes force of his own above what the profile, or a pause, asks the drive does not pull | issue of the session, ours |
//! | [`Law::StopFalling`] | 50 ms after the switch the force falls; 150 ms where its wires are in doubt, 350 ms where the loop stalls and the watchdog lets go | devices §4b 3 |
//! | [`Law::StopOver`] | F < 20 N within 5 s of a stop; by torque-off at 5 s where the drive fails, a second later where a sensor lies (ours) | CLINICAL §5 |
//! | [`Law::Returned`] | after a stop no force again without two acts; never after a symptom; none after rope or harness gave way under more than 40 N (H8) | CLINICAL §5 |
//! | [`Law::Raised`] | F rises by no more than 15 N on half the way to a lowered ceiling, and while the staff, a score a console that is silent for 1 s or samples older than 30 ms forbid it, or after force departed for that, until it is allowed | devices §4b 7–8, CLINICAL §5 |
//! | [`Law::TooFar`] | from the first tension on no more travel than the Grant's and 10 mm | devices H19 |
//! | [`Law::LinkLost`] | 10 s after the console fell silent F < 20 N; as much later as a stop may take where a drive or sensors fail (ours) | devices §4b 7 |
//! | [`Law::ReleaseRate`] | F falls no faster than 200 N/s (neck 50 N/s) under torque, 1.6 times that where a sensor lies, twice where two do, as both cells together (ours) | CLINICAL §5 |
//! | [`Law::TooLong`] | no force a minute after the session's longest time | ours |
//! | [`Law::LeftOn`] | at the end of a run F < 20 N | ours |
//! | [`Law::Tracking`] | in a hold without fault F within 5 N or 2 % of the profile | devices §4b 2 |
//! | [`Law::Yielded`] | 100 ms after a patient's sudden force holds F 30 N (neck 10 N) above the profile the carriage runs back | issue of the session, devices H7 |
//! | [`Law::Guarded`] | nothing pulls from 100 ms to 1.9 s after it | devices §4b 10, ours |
//! | [`Law::Rested`] | a pause, and a second of it within 60 s, go to base force | devices §4b 10, H27 |
//! | [`Law::LetGo`] | a third lets go within 6 s | devices §4b 10 |
//! | [`Law::Lowered`] | a lowered ceiling is three quarters of F | CLINICAL §5 |
//! | [`Law::Doubted`] | F rises by no more than 15 N while a pole of the switch is open that nobody presses, or no cell gives a number, two thirds of the time | devices H11, H18 |
//!
//! Symbols: F true force on the patient (N), C the Grant's ceiling (N). Shown by
//! `campaign::checkers::*`: each fails once on a planted course.

mod answers;
mod law;
#[cfg(test)]
mod planted;

use answers::Answers;
pub use law::{Bounds, Faults, Law, Truth, Violation};

use traction::PER_SECOND;

/// A patient is free below this, N (CLINICAL §5).
const FREE_N: f64 = 20.0;
/// A stop is over after this, ticks (CLINICAL §5).
const STOP_TICKS: u32 = 5 * PER_SECOND;
/// What torque-off at 5 s takes to let go, ticks (ours: the damping of the free carriage).
const COASTING_TICKS: u32 = PER_SECOND * 3 / 2;
/// What a release may take longer where a sensor lies, ticks (ours): torque may go before
/// its end, and the last 30 N coast.
const BLIND_TICKS: u32 = PER_SECOND;
/// Force must fall this long after the switch, ticks (devices §4b 3).
const FALLING_TICKS: u32 = 5;
/// A switch whose inputs hang or whose poles differ is pressed this much later, ticks: 30 ms
/// for its sign of life, 50 ms of doubt (devices H11), a tick for each to be read.
const DOUBT_TICKS: u32 = 10;
/// A loop that stalls reads no switch: the drive's watchdog lets go (devices H16).
const WATCHDOG_TICKS: u32 = 30;
/// Force may be far above its ceiling this long, ticks (devices §4b 1).
const FAR_TICKS: u32 = 10;
/// The drive may pull against the patient this long, ticks (issue of the session).
const AGAINST_TICKS: u32 = 10;
/// Force counts as come back beyond this, N (ours: noise and creep stay below).
const BACK_N: f64 = 15.0;
/// A resume allows this share of the force at the stop (CLINICAL §5).
const RESUMED: f64 = 0.75;
/// What follows within this time of a patient's own force is his, ticks (ours).
const AFTER_EFFORT: u32 = 3 * PER_SECOND;
/// A drive that goes slower than this does not pull, m/s (ours).
const CREEPS_M_PER_S: f64 = 5e-4;
/// A patient moves beyond this, N (ours: what the simulation rounds stays below).
const MOVES_N: f64 = 0.5;
/// The console may be silent this long before a stop begins, ticks (devices §4b 7: 5 s to be
/// noticed, 5 s to let go).
const SILENT_TICKS: u32 = 5 * PER_SECOND;
/// Release by command may be this much faster than its limit: the drive's lag (ours).
const RATE_SLACK: f64 = 1.1;
/// The same where sensors lie and nobody knows how stiff the patient is, until the fall
/// itself tells: where one lies, and where two do, as both cells together (ours;
/// worst that was found 1.43 and 1.67).
const BLIND_SLACK: (f64, f64) = (1.6, 2.0);
/// What the carriage may do beyond its travel until it is stopped, m (ours).
const BEYOND_M: f64 = 0.01;
/// No harness has more slack, m (ours: a minute of taking up, and 10 mm).
const SLACK_M: f64 = 0.18;
/// A console that is silent for longer allows no increase, ticks (devices §4b 7).
const LATE_TICKS: u32 = PER_SECOND;
/// Force that lags by so much more behind the profile has departed from it, N (ours: twice
/// the tracking band, and what a pull at its fastest lags).
const DEPARTED_N: f64 = 15.0;
/// A hold is judged this long after it began, ticks (ours; devices §4b 2 asks "in hold").
const SETTLED_TICKS: u32 = 2 * PER_SECOND;

/// A stop that somebody made.
#[derive(Clone, Copy, Debug)]
struct Stop {
    at: u32,
    from: f64,
    by_switch: bool,
    falling: Option<u32>,
    over: Option<u32>,
}

/// All checkers over one run.
#[derive(Clone, Debug)]
pub struct Checkers {
    bounds: Bounds,
    tick: u32,
    before: Truth,
    /// Force of the last tenth of a second.
    recent: [f64; FAR_TICKS as usize],
    far: u32,
    against: u32,
    /// What the patient made himself in the last 200 ms, N.
    efforts: [f64; 20],
    /// Whether he has made force of a sudden, and still does.
    guards: bool,
    /// Ticks since the patient last made force of his own.
    effort_ago: u32,
    /// What he made by moving, also by lying back from a lift: at most the force that is there.
    made: f64,
    held: u32,
    tense: u32,
    symptom: bool,
    /// Whether the one resume was made.
    resumed: bool,
    /// Whether the drive has had torque and lost it again, and not been resumed.
    latched: bool,
    /// For how long the switch has truly been pressed, ticks.
    pressed: u32,
    /// The ceiling of now: the Grant's, or that of the resume.
    ceiling: f64,
    /// Highest force so far, N.
    highest: f64,
    /// What force was when an increase was forbidden, N.
    forbidden: Option<f64>,
    /// What it was, and how far behind the profile, when the console fell silent or the
    /// samples grew old, N.
    silent: Option<(f64, f64)>,
    /// Where the carriage was when the harness came taut, m.
    zero: Option<f64>,
    /// The least force since rope or harness gave way, N.
    torn: Option<f64>,
    stop: Option<Stop>,
    freed: Option<f64>,
    answers: Answers,
    /// Highest force above the ceiling, N.
    pub worst_over: f64,
    /// The same while the patient makes force of his own, and just after, N.
    pub worst_patient: f64,
    /// Longest from the switch until force fell, ticks.
    pub worst_falling: u32,
    /// Longest from a stop until the patient was free, ticks.
    pub worst_stop: u32,
    /// Largest distance from the profile in a hold without fault, N.
    pub worst_tracking: f64,
    /// Fastest release by command, as a share of what its region allows.
    pub worst_rate: f64,
    /// Each law that was broken, since when and how far.
    pub violations: Vec<Violation>,
}

impl Checkers {
    /// Before the first tick.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            tick: 0,
            before: Truth::default(),
            recent: [0.0; FAR_TICKS as usize],
            far: 0,
            against: 0,
            efforts: [0.0; 20],
            guards: false,
            effort_ago: u32::MAX,
            made: 0.0,
            held: 0,
            tense: 0,
            symptom: false,
            resumed: false,
            latched: false,
            pressed: 0,
            ceiling: bounds.ceiling.get(),
            highest: 0.0,
            forbidden: None,
            silent: None,
            zero: None,
            torn: None,
            stop: None,
            freed: None,
            answers: Answers::new(),
            worst_over: 0.0,
            worst_patient: 0.0,
            worst_falling: 0,
            worst_stop: 0,
            worst_tracking: 0.0,
            worst_rate: 0.0,
            violations: Vec::new(),
        }
    }

    /// One tick.
    pub fn see(&mut self, now: &Truth) {
        let moves = now.effort.abs() > MOVES_N;
        self.effort_ago = if moves {
            0
        } else {
            self.effort_ago.saturating_add(1)
        };
        self.over(now);
        self.patient(now);
        self.stops(now);
        self.silence(now);
        self.raised(now);
        self.travels(now);
        self.tears(now);
        self.rate(now);
        self.duration(now);
        self.hold(now);
        self.answers(now);
        self.recent[self.tick as usize % self.recent.len()] = now.force;
        self.before = *now;
        self.tick += 1;
    }

    /// After the last tick.
    pub fn finish(&mut self) {
        let force = self.before.force - self.before.effort.max(0.0);
        let holds = force < FREE_N || self.bounds.hangs;
        self.law(Law::LeftOn, holds, force, FREE_N);
    }

    /// A law that was broken keeps when it was first, and its worst value.
    fn law(&mut self, law: Law, holds: bool, value: f64, bound: f64) {
        if holds {
            return;
        }
        if let Some(known) = self.violations.iter_mut().find(|known| known.law == law) {
            known.value = known.value.max(value);
            return;
        }
        let tick = self.tick;
        self.violations.push(Violation {
            law,
            tick,
            value,
            bound,
        });
    }

    /// Force above the ceiling. What the patient makes himself is no fault of the table:
    /// it is told apart, and so is what follows when he lies back.
    fn over(&mut self, now: &Truth) {
        let own = now.force - now.effort.max(0.0);
        let moved = self.made + now.effort - self.before.effort;
        self.made = moved.clamp(0.0, now.force.max(0.0));
        let most = self.bounds.hardware();
        let held = now.force - self.made.max(now.effort);
        self.law(Law::Hardware, held <= most, held, most);
        if self.effort_ago < AFTER_EFFORT {
            // What was asked for and was there counts, whoever moved.
            self.highest = self.highest.max(own.min(now.asked));
            self.worst_patient = self.worst_patient.max(now.force - self.ceiling);
            self.far = 0;
            return;
        }
        self.highest = self.highest.max(own);
        let over = own - self.ceiling;
        self.worst_over = self.worst_over.max(over);
        if self.bounds.faults == Faults::Pair {
            return;
        }
        let (moment, never) = self.bounds.over();
        self.far = if over > moment { self.far + 1 } else { 0 };
        self.law(Law::Overshoot, over <= never, over, never);
        // Nobody sees it before it is read.
        let moment = FAR_TICKS + self.bounds.aged;
        let (far, most) = (ms(self.far), ms(moment));
        self.law(Law::OvershootTime, self.far <= moment, far, most);
    }

    /// Force that the patient makes of a sudden: nobody can tell a slow one from the pull.
    fn patient(&mut self, now: &Truth) {
        let effort = self.bounds.effort();
        let place = self.tick as usize % self.efforts.len();
        let rise = now.effort - self.efforts[place];
        self.efforts[place] = now.effort;
        self.guards = now.effort > effort && (self.guards || rise > self.bounds.sudden());
        let rests = if now.rests { self.bounds.base } else { 0.0 };
        let too_much = self.guards && now.force - now.asked.max(rests) > effort;
        let pulls = too_much && now.torque && now.velocity > CREEPS_M_PER_S;
        self.against = if pulls { self.against + 1 } else { 0 };
        let judged = self.bounds.faults != Faults::Pair && !self.bounds.drive_fails;
        let holds = !judged || self.against <= AGAINST_TICKS;
        let (value, most) = (ms(self.against), ms(AGAINST_TICKS));
        self.law(Law::PulledAgainstPatient, holds, value, most);
    }

    fn stops(&mut self, now: &Truth) {
        self.symptom |= now.symptom;
        let told = !self.bounds.switch_fails;
        // A press of less than a tick is seen by nobody.
        self.pressed = if now.pressed { self.pressed + 1 } else { 0 };
        let pressed = told && self.pressed == 2;
        let begins = pressed || now.stopped || now.symptom;
        let own = now.force - now.effort.max(0.0);
        if now.resumed && !self.symptom && !self.resumed {
            self.ceiling = self.ceiling.min(RESUMED * self.highest + BACK_N);
            (self.stop, self.freed) = (None, None);
            (self.resumed, self.latched) = (true, false);
        } else if begins && self.stop.is_none() && (own > FREE_N || self.symptom) {
            self.stop = Some(Stop {
                at: self.tick - u32::from(pressed),
                from: now.force,
                by_switch: pressed,
                falling: None,
                over: None,
            });
        }
        if let Some(mut stop) = self.stop {
            self.follow(&mut stop, now);
            self.stop = Some(stop);
        }
        self.latched |= self.before.torque && !now.torque;
        let pulls =
            self.latched && now.torque && self.before.torque && now.velocity > CREEPS_M_PER_S;
        let holds = !pulls || self.bounds.drive_fails;
        self.law(Law::Returned, holds, now.force, 0.0);
    }

    fn follow(&mut self, stop: &mut Stop, now: &Truth) {
        let since = self.tick - stop.at;
        let own = now.force - now.effort;
        let pulled = now.force - now.effort.max(0.0);
        if pulled < stop.from - 0.05 || pulled < FREE_N {
            stop.falling.get_or_insert(since);
        }
        if now.force < FREE_N {
            stop.over.get_or_insert(since);
        }
        let judged = self.bounds.faults != Faults::Pair && !self.bounds.drive_fails;
        if stop.by_switch && judged && now.effort <= 0.0 {
            let took = stop.falling.unwrap_or(since);
            let most = if self.bounds.stalled > 0 {
                FALLING_TICKS + self.bounds.stalled.min(WATCHDOG_TICKS)
            } else if self.bounds.switch_doubted {
                FALLING_TICKS + DOUBT_TICKS
            } else {
                self.worst_falling = self.worst_falling.max(took);
                FALLING_TICKS
            };
            self.law(Law::StopFalling, took <= most, ms(took), ms(most));
        }
        let most = self.stop_takes();
        let took = stop.over.unwrap_or(since);
        if now.effort <= 0.0 && !self.bounds.hangs {
            self.worst_stop = self.worst_stop.max(took);
            self.law(Law::StopOver, took <= most, ms(took), ms(most));
        }
        if stop.over.is_some() {
            let least = self.freed.map_or(own, |least| least.min(own));
            self.freed = Some(least);
            let back = own - least;
            self.law(Law::Returned, back <= BACK_N, back, BACK_N);
        }
    }

    /// How long a stop may take, ticks.
    fn stop_takes(&self) -> u32 {
        let judged = self.bounds.faults != Faults::Pair && !self.bounds.drive_fails;
        match (judged, self.bounds.sensors_fail) {
            (true, 0) => STOP_TICKS,
            (true, _) => STOP_TICKS + BLIND_TICKS,
            (false, _) => STOP_TICKS + COASTING_TICKS,
        }
    }

    fn silence(&mut self, now: &Truth) {
        let silent = now.silent.unwrap_or(0);
        let over = silent > SILENT_TICKS + self.stop_takes();
        let holds = !over || now.force < FREE_N || now.effort > 0.0;
        self.law(Law::LinkLost, holds, now.force, FREE_N);
    }

    /// No more force while the staff, a score or a silent console forbid it.
    fn raised(&mut self, now: &Truth) {
        let own = now.force - now.effort.max(0.0);
        if now.allowed || now.resumed {
            (self.forbidden, self.silent) = (None, None);
        }
        if now.forbidden {
            self.forbidden = Some(self.forbidden.unwrap_or(own));
        }
        let behind = now.asked - now.force;
        let late = now.silent.is_some_and(|ticks| ticks > LATE_TICKS) || now.stale;
        // What the profile asks for leaps only where it begins again after a pause.
        let leaps = (now.asked - self.before.asked).abs() > DEPARTED_N / 2.0;
        self.silent = self.silent.filter(|_| late && !leaps);
        if late {
            self.silent.get_or_insert((own, behind));
        }
        let follows = now.asked > 0.0;
        if follows
            && self
                .silent
                // Force that comes down to the profile from above has not left it.
                .is_some_and(|(_, then)| behind - then.max(0.0) > DEPARTED_N)
        {
            self.forbidden = Some(self.forbidden.unwrap_or(own));
        }
        let silent = self.silent.map(|(force, _)| force);
        let least = match (self.forbidden, silent) {
            (Some(one), Some(other)) => Some(f64::min(one, other)),
            (one, other) => one.or(other),
        };
        let judged = self.bounds.faults != Faults::Pair
            && !self.bounds.drive_fails
            && !self.bounds.senses_lie
            && self.effort_ago >= AFTER_EFFORT;
        let rose = least.map_or(0.0, |least| own - least.max(FREE_N));
        self.law(Law::Raised, !judged || rose <= BACK_N, rose, BACK_N);
    }

    fn travels(&mut self, now: &Truth) {
        if now.force >= self.bounds.taut() {
            self.zero.get_or_insert(now.travel);
        }
        let most = self.bounds.travel + BEYOND_M;
        let taut = self.zero.map_or(0.0, |zero| now.travel - zero);
        let far = taut.max(now.travel - SLACK_M);
        let judged = self.bounds.faults != Faults::Pair && !self.bounds.drive_fails;
        self.law(Law::TooFar, !judged || far <= most, far, most);
    }

    /// Rope, harness or buckle that gave way to nothing is not pulled tight again.
    fn tears(&mut self, now: &Truth) {
        let own = now.force - now.effort;
        if now.resumed {
            self.torn = None;
        }
        if now.torn && self.before.force > 2.0 * FREE_N || self.torn.is_some() {
            self.torn = Some(self.torn.map_or(own, |least| least.min(own)));
        }
        let back = self
            .torn
            .filter(|least| *least < FREE_N / 4.0)
            .map_or(0.0, |least| own - least);
        let judged = self.bounds.faults != Faults::Pair && self.effort_ago >= AFTER_EFFORT;
        let most = FREE_N + BACK_N;
        self.law(Law::Returned, !judged || back <= most, back, most);
    }

    /// Over a tenth of a second, so that noise of the body does not count.
    fn rate(&mut self, now: &Truth) {
        let full = self.tick >= FAR_TICKS;
        let earlier = self.recent[self.tick as usize % self.recent.len()];
        let fell = (earlier - now.force) * f64::from(PER_SECOND) / f64::from(FAR_TICKS);
        let slack = match self.bounds.sensors_fail {
            0 => RATE_SLACK,
            1 => BLIND_SLACK.0,
            _ => BLIND_SLACK.1,
        };
        let most = self.bounds.fastest() * slack;
        let own = self.effort_ago <= FAR_TICKS;
        let judged = full && now.torque && !now.torn && !own && !self.bounds.drive_fails;
        if judged {
            self.worst_rate = self.worst_rate.max(fell / self.bounds.fastest());
        }
        self.law(Law::ReleaseRate, !judged || fell <= most, fell, most);
    }

    fn duration(&mut self, now: &Truth) {
        if now.force > FREE_N {
            self.tense += 1;
        }
        let most = self.bounds.longest + 60 * PER_SECOND;
        let tense = f64::from(self.tense) / f64::from(PER_SECOND);
        let bound = f64::from(most) / f64::from(PER_SECOND);
        self.law(Law::TooLong, self.tense <= most, tense, bound);
    }

    fn hold(&mut self, now: &Truth) {
        self.held = if now.hold.is_some() { self.held + 1 } else { 0 };
        let Some(asked) = now.hold.filter(|_| self.held > SETTLED_TICKS) else {
            return;
        };
        if self.bounds.faults != Faults::None {
            return;
        }
        let off = (now.force - asked).abs();
        let band = f64::max(5.0, 0.02 * asked);
        self.worst_tracking = self.worst_tracking.max(off);
        self.law(Law::Tracking, off <= band, off, band);
    }
}

/// Ticks as milliseconds.
fn ms(ticks: u32) -> f64 {
    f64::from(ticks.saturating_mul(traction::TICK_MS))
}
