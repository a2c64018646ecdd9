//! What the session must answer to: a patient who guards, staff who pause or lower, wires
//! that are in doubt.
//!
//! | law | what is true |
//! |---|---|
//! | [`Law::Yielded`] | the patient's own force, risen by 30 N (neck 12 N) in 200 ms, holds F 30 N (10 N) above the profile for 100 ms under torque: the carriage runs back, where it is not at its inner end |
//! | [`Law::Guarded`] | from 100 ms to 1.9 s after such a rise nothing pulls for 100 ms |
//! | [`Law::Rested`] | paused, or risen so twice in 60 s: F at base force as soon as the therapy rate can, and for at least 55 s of the second |
//! | [`Law::LetGo`] | risen so three times: F < 20 N after 6 s |
//! | [`Law::Lowered`] | the ceiling lowered at a force F₀: F ≤ ¾ F₀ + 15 N as soon as the therapy rate can |
//! | [`Law::Raised`] | half the way there F rises by 15 N at most |
//! | [`Law::Doubted`] | two thirds of the time a pole of the switch is open that nobody presses, or no cell gives a number: F rises by 15 N at most |
//!
//! Rises are 1.5 times what devices §4b 10 and CLINICAL §5 count, and a second and a third
//! count only 2 s after the one before (ours): whatever counts here, the session counts too.
//! The rest of 60 s is devices §4b 10, the yielding within 100 ms the issue of the session,
//! ¾ CLINICAL §5; 15 N, and 3 s for what lags, are ours. F is force without what the patient
//! makes himself. Shown by `campaign::checkers::planted`.

use super::{
    BACK_N, Bounds, CREEPS_M_PER_S, Checkers, FREE_N, Faults, Law, RESUMED, STOP_TICKS, Truth, ms,
};
use traction::PER_SECOND;

/// Sudden is what rises by so many times the region's guarding step (ours).
const SURELY: f64 = 1.5;
/// In this time, ticks (devices §4b 10).
const WINDOW: usize = 20;
/// A carriage nearer to its inner end has nothing left to give, m (ours).
const HOME_M: f64 = 1e-3;
/// A hold that changes by less in a second is steady, N (devices §4b 2: the tracking band).
const STEADY_N: f64 = 5.0;
const SECOND: usize = 100;
/// A patient settles at least so long from arming on, ticks (devices §4b 10: 5 min of tension).
const SETTLES: u32 = 300 * PER_SECOND;
/// What must be answered within this is not judged before, ticks (issue of the session).
const ANSWER: u32 = 10;
/// One contraction is counted once in this time, ticks (ours: twice the session's own).
const ONCE: u32 = 2 * PER_SECOND;
/// Nothing pulls after it for so long, ticks (ours: the session's 3 s, less the second in
/// which it counts one contraction once, and a tenth).
const CALM: u32 = PER_SECOND * 19 / 10;
/// Two in this time rest, ticks (devices §4b 10).
const TWICE: u32 = 60 * PER_SECOND;
/// Nobody goes on before this, ticks (devices §4b 10: 60 s; ours).
const REST: u32 = 55 * PER_SECOND;
/// What lags behind a therapy rate, ticks (ours).
const LAGS: u32 = 3 * PER_SECOND;
/// A third is let go within this, ticks: a stop's time, and a second (ours).
const GO: u32 = STOP_TICKS + PER_SECOND;
/// Wires are in doubt where they are so in this many of the last [`WINDOW`] ticks (ours).
const DOUBTFUL: usize = WINDOW * 2 / 3;

/// A force that must be reached, and when.
#[derive(Clone, Copy, Debug)]
struct Due {
    since: u32,
    by: u32,
    force: f64,
}

/// What was found in one tick: a law, its value and its bound.
type Found = (Law, f64, f64);

/// The memory of these laws.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    tick: u32,
    efforts: [f64; WINDOW],
    forces: Vec<f64>,
    doubts: [bool; WINDOW],
    /// Whether the patient has made force of a sudden, and still does.
    made: bool,
    /// For how long that has held force above the profile, and for how long the drive pulls
    /// after it, ticks.
    above: u32,
    pulls: u32,
    /// For how long a profile has been followed, ticks.
    treated: usize,
    /// When he last did, and how often.
    guarded: Option<u32>,
    count: u32,
    paused: Option<Due>,
    rest: Option<Due>,
    gone: Option<u32>,
    lowered: Option<(Due, f64)>,
    doubted: Option<f64>,
}

impl Answers {
    /// Before the first tick.
    pub(super) fn new() -> Self {
        Self {
            forces: vec![0.0; SECOND],
            ..Self::default()
        }
    }

    /// One tick: the laws that it breaks.
    fn see(&mut self, bounds: &Bounds, now: &Truth) -> Vec<Found> {
        let mut found = Vec::new();
        self.guards(bounds, now);
        found.extend(self.yields(bounds, now));
        found.extend(self.calm(now));
        found.extend(self.rests(bounds, now));
        found.extend(self.goes(now));
        found.extend(self.lowers(bounds, now));
        found.extend(self.doubts(now));
        self.tick += 1;
        found
    }

    /// Whether the patient's own force rises of a sudden, and counts.
    fn guards(&mut self, bounds: &Bounds, now: &Truth) {
        let place = self.tick as usize % WINDOW;
        let rose = now.effort - self.efforts[place] > SURELY * bounds.sudden();
        self.efforts[place] = now.effort;
        self.made = now.effort > bounds.effort() && (self.made || rose);
        let once = self.guarded.is_none_or(|last| self.tick - last >= ONCE);
        let felt = self.felt(bounds, now);
        // Who lies back from a lift only ends what he did.
        let counts = rose && now.effort > bounds.effort();
        // What rises while slack is still taken up is told by no profile.
        self.treated = if now.treated { self.treated + 1 } else { 0 };
        let followed = self.treated >= WINDOW;
        if !(counts && felt && once && followed) {
            return;
        }
        let twice = self.guarded.is_some_and(|last| self.tick - last <= TWICE);
        self.guarded = Some(self.tick);
        self.count += 1;
        if twice {
            self.rest = Some(self.to_base(bounds, now));
        }
        if self.count >= 3 {
            self.gone.get_or_insert(self.tick);
        }
    }

    /// Whether force stands so far above the profile that a drive which yields has had to;
    /// or, while the patient settles, above what it was steadily in the second before: then it is above what is steered for.
    fn felt(&mut self, bounds: &Bounds, now: &Truth) -> bool {
        let place = self.tick as usize % SECOND;
        let then = self.forces[(self.tick as usize + SECOND - WINDOW) % SECOND];
        let before = self.forces[place];
        self.forces[place] = own(now);
        let settles = self.tick < SETTLES && now.force - then > bounds.settling();
        // What rises while a profile is only begun may have been asked for.
        let followed = self.treated >= SECOND;
        let steady = followed && (then - before).abs() < STEADY_N && settles;
        steady || now.force - now.asked > bounds.effort().max(bounds.settling())
    }

    /// When base force is due from the force of now.
    fn to_base(&self, bounds: &Bounds, now: &Truth) -> Due {
        let way = (own(now) - bounds.base).max(0.0) / bounds.down;
        Due {
            since: self.tick,
            by: self.tick + LAGS + ticks(way),
            force: bounds.base + BACK_N,
        }
    }

    fn yields(&mut self, bounds: &Bounds, now: &Truth) -> Option<Found> {
        let over = now.asked > 0.0 && now.force - now.asked > bounds.made();
        let stands = now.torque && now.velocity > -CREEPS_M_PER_S && now.travel > HOME_M;
        let held = self.made && over && stands;
        self.above = if held { self.above + 1 } else { 0 };
        (self.above > ANSWER).then(|| (Law::Yielded, ms(self.above), ms(ANSWER)))
    }

    fn calm(&mut self, now: &Truth) -> Option<Found> {
        let since = self.guarded.map_or(u32::MAX, |last| self.tick - last);
        let judged = (ANSWER..CALM).contains(&since) && now.treated;
        let pulls = judged && now.torque && now.velocity > CREEPS_M_PER_S;
        self.pulls = if pulls { self.pulls + 1 } else { 0 };
        (self.pulls > ANSWER).then(|| (Law::Guarded, ms(self.pulls), ms(ANSWER)))
    }

    fn rests(&mut self, bounds: &Bounds, now: &Truth) -> Option<Found> {
        if now.resumed {
            (self.paused, self.rest) = (None, None);
        }
        if now.paused && own(now) > FREE_N && now.torque && self.paused.is_none() {
            self.paused = Some(self.to_base(bounds, now));
        }
        if now.goes_on {
            self.paused = None;
            self.rest = self.rest.filter(|due| self.tick - due.since < REST);
        }
        let due = [self.paused, self.rest];
        let mut over = due.iter().flatten().filter(|due| self.tick > due.by);
        let late = over.find(|due| own(now) > due.force.max(FREE_N))?;
        Some((Law::Rested, own(now), late.force))
    }

    fn goes(&mut self, now: &Truth) -> Option<Found> {
        self.gone = self.gone.filter(|_| !now.resumed);
        let late = self.gone.is_some_and(|since| self.tick - since > GO);
        (late && own(now) > FREE_N).then(|| (Law::LetGo, own(now), FREE_N))
    }

    /// A ceiling that was lowered stays so; a lower one takes its place. It goes by the force
    /// that is there, whoever makes it: no cell tells what the patient adds.
    fn lowers(&mut self, bounds: &Bounds, now: &Truth) -> Option<Found> {
        if now.lowered && now.treated && own(now) > FREE_N {
            let way = (1.0 - RESUMED) * now.force / bounds.down;
            let force = RESUMED * now.force + BACK_N;
            let lower = self.lowered.is_none_or(|(due, _)| force < due.force);
            let due = Due {
                since: self.tick,
                by: self.tick + LAGS + ticks(way),
                force,
            };
            if lower {
                self.lowered = Some((due, now.force));
            }
        }
        let (due, from) = self.lowered?;
        let way = (due.by - due.since - LAGS) / 2;
        if self.tick <= due.since + way {
            let rose = own(now) - from;
            return (rose > BACK_N).then_some((Law::Raised, rose, BACK_N));
        }
        let late = self.tick > due.by && own(now) > due.force.max(FREE_N + BACK_N);
        late.then(|| (Law::Lowered, own(now), due.force))
    }

    fn doubts(&mut self, now: &Truth) -> Option<Found> {
        let place = self.tick as usize % WINDOW;
        self.doubts[place] = now.unsure;
        let many = self.doubts.iter().filter(|doubt| **doubt).count() >= DOUBTFUL;
        self.doubted = many.then(|| self.doubted.unwrap_or(own(now)).min(own(now)));
        let rose = own(now) - self.doubted?.max(FREE_N);
        (rose > BACK_N).then_some((Law::Doubted, rose, BACK_N))
    }
}

impl Checkers {
    /// What the session must answer to, where drive and sensors are whole.
    pub(super) fn answers(&mut self, now: &Truth) {
        let found = self.answers.see(&self.bounds, now);
        let whole = !self.bounds.drive_fails && !self.bounds.senses_lie;
        let single = !self.bounds.drive_fails && self.bounds.faults != Faults::Pair;
        for (law, value, bound) in found {
            let judged = if law == Law::Doubted { single } else { whole };
            self.law(law, !judged, value, bound);
        }
    }
}

/// Force without what the patient makes himself, N.
fn own(now: &Truth) -> f64 {
    now.force - now.effort.max(0.0)
}

/// Seconds as ticks.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a therapy rate takes less than an hour"
)]
fn ticks(seconds: f64) -> u32 {
    (seconds * f64::from(PER_SECOND)).ceil() as u32
}
