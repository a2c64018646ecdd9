//! What force and travel do: too much, too fast, gone, further than told, or
//! pushed up by a patient who guards (devices §4b 1, 9, 10; CLINICAL §5).

use super::felt::MOST_LIE;
use super::senses::{self, LEAST_COMPARED};
use super::{Config, Found, Watch};
use crate::cause::Cause;
use crate::limits::MAX_TRAVEL;
use crate::numbers::{
    GUARDING_CALM, GUARDING_ONCE, GUARDING_TWICE, GUARDING_WINDOW, RELEASE_TIME, RELEASED,
    SETTLING, SETTLING_SHARE, TRACKING_N,
};
use crate::supervisor::Stage;
use crate::ticks::TICK;
use crate::{MetresPerSecond, PER_SECOND, Ticks};
use si::Newtons;

/// Force that changes by this within 50 ms changes faster than 500 N/s.
const JUMP: f64 = 25.0;
const JUMP_TICKS: usize = 5;
/// Force that was at this share of what is steered for …
const KEPT: f64 = 0.8;
/// … and within this time is below this share of it, is on its way to be lost (ours).
const KEPT_FOR: u32 = 3 * PER_SECOND;
const HALF: f64 = 0.5;
const WINDOW: usize = GUARDING_WINDOW.count() as usize;
/// Almost no force for this long, while much is asked for, is force lost (ours).
const GONE: u32 = PER_SECOND / 2;
/// The carriage may lag by a tenth of a second of its speed, besides the region's
/// [`crate::numbers::Numbers::astray`] (ours).
const ASTRAY_S: f64 = 0.1;
/// What is forgotten of that difference in a tick (ours: about 1 s).
const FORGET: f64 = 0.99;
/// An encoder that moves by less than this stands still, m (ours).
const STANDS: f64 = 0.5e-3;
/// Share of a tick's reading in the smoothed force of the motor (ours: about 50 ms).
const MOTOR_NEW: f64 = 0.2;
/// A carriage that goes out while force is above what unloads at once may be this
/// much further out than told, m (ours: at 15 N/mm less than 4 N).
const ASTRAY_HIGH: f64 = 0.25e-3;
/// The overshoot limit follows a lowered ceiling at this share of the therapy rate
/// that brings force down to it (ours).
const FOLLOW: f64 = 0.5;

const _: () = assert!(JUMP_TICKS as f64 * TICK.get() * 500.0 <= JUMP);

/// The last `N` values, oldest first to be replaced.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Ring<const N: usize> {
    values: [f64; N],
    at: usize,
    full: bool,
}

impl<const N: usize> Ring<N> {
    const NEW: Self = Self {
        values: [0.0; N],
        at: 0,
        full: false,
    };

    fn push(mut self, value: f64) -> Self {
        if let Some(slot) = self.values.get_mut(self.at) {
            *slot = value;
        }
        let next = self.at.saturating_add(1);
        self.full |= next >= N;
        self.at = if next >= N { 0 } else { next };
        self
    }

    /// The values kept so far.
    fn kept(&self) -> impl Iterator<Item = f64> + '_ {
        let count = if self.full { N } else { self.at };
        self.values.iter().copied().take(count)
    }

    fn oldest(&self) -> Option<f64> {
        let at = if self.full { self.at } else { 0 };
        self.kept().nth(at)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct State {
    now: Ticks,
    forces: Ring<JUMP_TICKS>,
    unasked: Ring<WINDOW>,
    ceiling: Newtons,
    over: u32,
    /// How long the motor alone has been far above the ceiling.
    motor_over: u32,
    /// What the motor says, smoothed, and what the cells say, as late.
    motor: Option<f64>,
    cells: Option<f64>,
    /// By how much that is above the ceiling and what the motor may err by, N.
    motor_excess: f64,
    /// How many times the cells' force it was, where it was more than it may err by.
    hidden_share: f64,
    gone: u32,
    /// The force steered for when it was last there, and how long ago.
    kept: Option<(Newtons, u32)>,
    /// Ticks for which what falls is what the patient made.
    his: u32,
    /// How long force has been left after an ending asked for none.
    remains: u32,
    /// Time under tension.
    settled: u32,
    /// Position at first contact, and at the start.
    zero: Option<f64>,
    home: Option<f64>,
    last_travel: Option<f64>,
    astray: f64,
    /// Where the encoder has stood still, m, and how far the carriage was sent since.
    stood: Option<f64>,
    sent: f64,
    guardings: u8,
    last_guarding: Option<Ticks>,
}

impl State {
    pub(super) const fn new(ceiling: Newtons) -> Self {
        Self {
            now: Ticks::ZERO,
            forces: Ring::NEW,
            unasked: Ring::NEW,
            ceiling,
            over: 0,
            motor_over: 0,
            motor: None,
            cells: None,
            motor_excess: 0.0,
            hidden_share: 1.0,
            gone: 0,
            kept: None,
            his: 0,
            remains: 0,
            settled: 0,
            zero: None,
            home: None,
            last_travel: None,
            astray: 0.0,
            stood: None,
            sent: 0.0,
            guardings: 0,
            last_guarding: None,
        }
    }

    /// Time under tension, counts of guarding and the place of first contact outlive a tick
    /// without torque.
    const fn idle(self) -> Self {
        Self {
            now: self.now,
            settled: self.settled,
            zero: self.zero,
            guardings: self.guardings,
            last_guarding: self.last_guarding,
            ..Self::new(self.ceiling)
        }
    }

    pub(super) fn step(
        self,
        config: &Config,
        senses: &senses::State,
        watch: &Watch,
        told: MetresPerSecond,
        found: &mut Found,
    ) -> Self {
        let state = Self {
            now: self.now.next(),
            ..self
        };
        if !watch.state.stage.energised() {
            return state.idle();
        }
        let force = senses.force();
        state
            .too_much(config, watch, force, found)
            .felt_by_motor(config, force, senses.motor(&config.numbers), found)
            .too_fast(watch, force, found)
            .lost(config, watch, force, found)
            .remains(config, senses, watch, found)
            .too_far(config, force, senses.travel(), found)
            .astray(config, watch, senses, told, found)
            .guarding(config, watch, force, found)
    }

    fn too_much(self, config: &Config, watch: &Watch, force: Newtons, found: &mut Found) -> Self {
        let numbers = &config.numbers;
        let step = config.release * FOLLOW * TICK;
        // Slack has no force that would have to follow: a resume begins under its own ceiling.
        let slack = watch.state.stage == Stage::TakeUp;
        let least = if slack {
            watch.ceiling
        } else {
            self.ceiling - step
        };
        let lowered = least.max(watch.ceiling);
        let ceiling = lowered.min(self.ceiling).min(config.limits.ceiling);
        let over = if force > ceiling + numbers.over_soon {
            self.over.saturating_add(1)
        } else {
            0
        };
        let long = over >= numbers.over_time.count();
        let much = force > ceiling + numbers.over_now;
        found.add(Cause::OverForce, much || long);
        Self {
            ceiling,
            over,
            ..self
        }
    }

    /// The motor as a witness of its own: both cells may lie low together (devices H4).
    /// Far above the ceiling it unloads; a little above, while the cells say that
    /// all is well, nothing is pulled and what it feels is let out.
    fn felt_by_motor(
        self,
        config: &Config,
        force: Newtons,
        motor: Option<f64>,
        found: &mut Found,
    ) -> Self {
        let numbers = &config.numbers;
        let over = |of: Newtons| motor.is_some_and(|m| m > (self.ceiling + of).get());
        let motor_over = if over(numbers.motor_over) {
            self.motor_over.saturating_add(1)
        } else {
            0
        };
        let later =
            |old: Option<f64>, new: f64| old.map_or(new, |old| old + MOTOR_NEW * (new - old));
        let smooth = motor.map(|m| later(self.motor, m));
        let cells = later(self.cells, force.get());
        let near = (self.ceiling + numbers.motor_near).get();
        let unseen = force <= self.ceiling + numbers.over_soon;
        let felt = smooth.filter(|_| unseen);
        let motor_excess = felt.map_or(0.0, |m| (m - near).max(0.0));
        // Both as late: a fall that the motor is late to show hides nothing.
        let hidden = smooth.filter(|m| m - cells > numbers.motor_near.get());
        let hidden = hidden.filter(|_| cells >= LEAST_COMPARED);
        let share = hidden.map_or(1.0, |m| (m / cells).min(MOST_LIE));
        let faded = 1.0 + FORGET * (self.hidden_share - 1.0);
        if motor_over >= numbers.motor_time.count() {
            found.add(Cause::OverForce, true);
            found.quarrel |= unseen;
        }
        found.add(Cause::MotorAbove, motor_excess > 0.0);
        Self {
            motor_over,
            motor: smooth,
            cells: Some(cells),
            motor_excess,
            hidden_share: share.max(faded),
            ..self
        }
    }

    /// N that the motor feels above the ceiling and its own error.
    pub(super) const fn motor_excess(&self) -> f64 {
        self.motor_excess
    }

    /// How many times softer cells that read less than the motor feels may have made the
    /// patient: 1 where they agree within its error, [`MOST_LIE`] at most.
    pub(super) const fn hidden_share(&self) -> f64 {
        self.hidden_share
    }

    /// Whether the carriage is further out than where the harness first came taut, or than
    /// where it began, as far as anybody knows.
    pub(super) fn is_out(&self, travel: Option<f64>) -> bool {
        let from = self.zero.or(self.home);
        travel.zip(from).is_none_or(|(travel, from)| travel > from)
    }

    fn too_fast(self, watch: &Watch, force: Newtons, found: &mut Found) -> Self {
        let change = self.forces.oldest().map_or(0.0, |old| force.get() - old);
        let held = watch.state.stage != Stage::Unloading;
        found.add(Cause::ForceRate, held && change > JUMP);
        found.add(Cause::ForceLost, held && change < -JUMP);
        Self {
            forces: self.forces.push(force.get()),
            ..self
        }
    }

    fn lost(self, config: &Config, watch: &Watch, force: Newtons, found: &mut Found) -> Self {
        let following = matches!(watch.state.stage, Stage::Running | Stage::Paused);
        // Much is asked for and slack is felt; or nothing, where the base keeps it taut.
        let contact = config.numbers.contact;
        let slack = watch.target >= RELEASED && force < contact;
        let taut = config.base >= contact && watch.target >= contact;
        let nothing = taut && force < contact * 0.5;
        let state = self.keeps(config, watch, force);
        let gone = if following && (slack || nothing || state.slips(config, watch, force)) {
            self.gone.saturating_add(1)
        } else {
            0
        };
        found.add(Cause::ForceLost, gone >= GONE);
        Self { gone, ..state }
    }

    /// Remembers when force was where it is steered to. What a patient makes is yielded to,
    /// and falls away with him: that is no loss, nor what comes within three seconds of it.
    fn keeps(self, config: &Config, watch: &Watch, force: Newtons) -> Self {
        let made = force - watch.target >= config.numbers.patient_made;
        let there = watch.target >= RELEASED && force >= watch.target * KEPT;
        let older = |(target, age): (Newtons, u32)| (target, age.saturating_add(1));
        let his = if made {
            KEPT_FOR
        } else {
            self.his.saturating_sub(1)
        };
        let kept = match (his > 0, there) {
            (true, _) => None,
            (false, true) => Some((watch.target, 0)),
            (false, false) => self.kept.map(older),
        };
        Self { his, kept, ..self }
    }

    /// Whether force that was there has fallen away under a pull that asks for no more.
    fn slips(&self, config: &Config, watch: &Watch, force: Newtons) -> bool {
        let held = self.kept.is_some_and(|(target, age)| {
            age <= KEPT_FOR && watch.target <= target + Newtons::of(TRACKING_N)
        });
        let fallen = watch.target - force >= config.numbers.over_now;
        held && fallen && force < watch.target * HALF
    }

    /// An ending that leaves force on the harness is no completed session.
    fn remains(
        self,
        config: &Config,
        senses: &senses::State,
        watch: &Watch,
        found: &mut Found,
    ) -> Self {
        let asked = watch.state.stage == Stage::Ending && watch.target <= Newtons::ZERO;
        let remains = if asked && !senses.is_empty(&config.numbers) {
            self.remains.saturating_add(1)
        } else {
            0
        };
        found.add(Cause::ForceRemains, remains > RELEASE_TIME.count());
        Self { remains, ..self }
    }

    fn too_far(
        self,
        config: &Config,
        force: Newtons,
        travel: Option<f64>,
        found: &mut Found,
    ) -> Self {
        let Some(travel) = travel else {
            return self;
        };
        let taut = (force >= config.numbers.contact).then_some(travel);
        let state = Self {
            zero: self.zero.or(taut),
            home: self.home.or(Some(travel)),
            ..self
        };
        let beyond = |from: Option<f64>, most: f64| from.is_some_and(|from| travel - from > most);
        let cap = config.limits.travel.get();
        let far = beyond(state.zero, cap) || beyond(state.home, MAX_TRAVEL.get() + cap);
        found.add(Cause::OverTravel, far);
        state
    }

    /// A carriage further out than told, or that stays behind, unloads: the drive is
    /// dead, or the encoder is and would hide all further travel. Torque goes at once
    /// only where force confirms it, because a lying encoder must not drop a patient.
    fn astray(
        self,
        config: &Config,
        watch: &Watch,
        senses: &senses::State,
        told: MetresPerSecond,
        found: &mut Found,
    ) -> Self {
        let travel = senses.travel();
        let asked = told.get() * TICK.get();
        let moved = match (travel, self.last_travel) {
            (Some(now), Some(before)) => now - before,
            _ => asked,
        };
        let astray = (self.astray + moved - asked) * FORGET;
        let most = config.numbers.astray.get() + told.get().abs() * ASTRAY_S;
        let numbers = &config.numbers;
        let high = senses.force() > watch.target + numbers.over_soon;
        let over = senses.force() > self.ceiling + numbers.over_now;
        let least = ASTRAY_HIGH + told.get().abs() * ASTRAY_S;
        let ignores = (astray > most && high) || (astray > least && over);
        found.add(Cause::DriveIgnores, ignores);
        let state = self.behind(travel, asked);
        let stuck = state.sent.abs() > most;
        found.add(Cause::DriveAstray, astray.abs() > most || stuck);
        Self {
            astray,
            last_travel: travel,
            ..state
        }
    }

    /// How far the carriage was sent since the encoder last moved: one that stands still
    /// teaches no stiffness and counts no travel, however slow the pull is.
    fn behind(self, travel: Option<f64>, asked: f64) -> Self {
        let stands = match (self.stood, travel) {
            (Some(stood), Some(now)) => (now - stood).abs() < STANDS,
            (Some(_), None) => true,
            (None, _) => false,
        };
        if stands {
            Self {
                sent: self.sent + asked,
                ..self
            }
        } else {
            Self {
                stood: travel,
                sent: 0.0,
                ..self
            }
        }
    }

    /// The rise that counts as guarding: half while the patient settles, but not so
    /// little that the loop's own tracking would count.
    fn guarding_step(&self, config: &Config) -> Newtons {
        let step = config.limits.guarding_step;
        if self.settled >= SETTLING.count() {
            return step;
        }
        (step * SETTLING_SHARE)
            .max(config.numbers.settling_least)
            .min(step)
    }

    /// Counts rises of force over what is steered for; two in a minute go to base,
    /// the third of the session unloads.
    fn guarding(self, config: &Config, watch: &Watch, force: Newtons, found: &mut Found) -> Self {
        let following = matches!(watch.state.stage, Stage::Running | Stage::Paused);
        if !following {
            return Self {
                unasked: Ring::NEW,
                ..self
            };
        }
        let unasked = (force - watch.target).get();
        let least = self.unasked.kept().fold(unasked, f64::min);
        let since = |last: Option<Ticks>| last.map(|last| self.now.since(last));
        let again = since(self.last_guarding).is_none_or(|span| span > GUARDING_ONCE);
        let settled = self.settled.saturating_add(1);
        let rose = unasked - least > self.guarding_step(config).get();
        let counted = rose && unasked > 0.0 && again;
        let soon = since(self.last_guarding).is_some_and(|span| span <= GUARDING_TWICE);
        let state = Self {
            settled,
            unasked: self.unasked.push(unasked),
            guardings: self.guardings.saturating_add(u8::from(counted)),
            last_guarding: if counted {
                Some(self.now)
            } else {
                self.last_guarding
            },
            ..self
        };
        let calm = since(state.last_guarding).is_some_and(|span| span < GUARDING_CALM);
        found.add(Cause::GuardingThrice, counted && state.guardings >= 3);
        found.add(Cause::GuardingTwice, counted && soon);
        found.add(Cause::Guarding, calm);
        state
    }
}
