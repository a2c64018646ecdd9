//! What a session may never exceed: the limits of one session, the ceilings
//! compiled into the program, and the discomfort scores that end an increase.
//!
//! Nothing at run time raises a compiled ceiling; a grant can only ask for less.
//! `const` assertions tie the numbers of one region together.

use crate::Ticks;
use crate::codec::{Codec, Layout, Reader, Writer, closed};
use crate::numbers::Numbers;
use core::fmt;
use si::{Metres, Newtons, NewtonsPerSecond, Region};

/// Highest force of any lumbar session (ours, ENGINEERING §1; 200 lbf, the most
/// that published devices offer, reference/devices.md §1).
const LUMBAR_CEILING: Newtons = Newtons::of(890.0);
/// Highest force of any cervical session (ours, ENGINEERING §1).
const CERVICAL_CEILING: Newtons = Newtons::of(200.0);

/// Fastest therapy ramp, up or down (ours, devices §4b 4 and 11).
pub const MAX_RATE: NewtonsPerSecond = NewtonsPerSecond::of(50.0);
/// Fastest cervical ramp (ours).
const CERVICAL_MAX_RATE: NewtonsPerSecond = NewtonsPerSecond::of(20.0);
/// Longest session, pauses included (ours): the longest profile and ten minutes.
pub const MAX_TOTAL_TIME: Ticks = Ticks::from_secs(4200);
/// Longest travel of the harness from first contact (ours, devices H19 asks for
/// a cap per patient; 40 mm is its example).
pub const MAX_TRAVEL: Metres = Metres::of(0.150);
/// A resume, and `lower`, allow at most this share of the force (CLINICAL §5, ours).
pub const MAX_RESUME_FACTOR: f64 = 0.75;
/// Least and most of a lumbar guarding step (devices §4b 10: adjustable 10–60 N).
const LUMBAR_GUARDING: (Newtons, Newtons) = (Newtons::of(10.0), Newtons::of(60.0));
/// Least and most of a cervical guarding step: at most 8 N (CLINICAL §5); below half
/// of it the loop's own tracking would be taken for guarding (ours).
const CERVICAL_GUARDING: (Newtons, Newtons) = (Newtons::of(4.0), Newtons::of(8.0));
/// Highest discomfort score (0–10, higher is worse).
pub const WORST_COMFORT: u8 = 10;
/// Rise over arrival at which force stops increasing (CLINICAL §5).
pub const COMFORT_NO_INCREASE_RISE: u8 = 2;
/// Rise over arrival at which the session stops (CLINICAL §5).
pub const COMFORT_STOP_RISE: u8 = 3;
/// Score at which the session stops if it is above arrival (CLINICAL §5).
pub const COMFORT_STOP_SCORE: u8 = 7;

const _: () = assert!(COMFORT_NO_INCREASE_RISE < COMFORT_STOP_RISE);
const _: () = assert!(COMFORT_STOP_SCORE <= WORST_COMFORT);
const _: () = assert!(CERVICAL_CEILING.get() < LUMBAR_CEILING.get());
const _: () = assert!(CERVICAL_MAX_RATE.get() <= MAX_RATE.get());
const _: () = assert!(standard_fits(Region::Lumbar) && standard_fits(Region::Cervical));

const fn standard_fits(region: Region) -> bool {
    let (least, most) = guarding_range(region);
    let standard = standard_guarding(region).get();
    least.get() <= standard && standard <= most.get()
}

/// The highest force that this program can ask for in a region.
#[must_use]
pub const fn ceiling(region: Region) -> Newtons {
    match region {
        Region::Lumbar => LUMBAR_CEILING,
        Region::Cervical => CERVICAL_CEILING,
    }
}

/// The fastest therapy ramp in a region.
#[must_use]
pub const fn max_rate(region: Region) -> NewtonsPerSecond {
    match region {
        Region::Lumbar => MAX_RATE,
        Region::Cervical => CERVICAL_MAX_RATE,
    }
}

/// The least and the most rise that may be taken for guarding in a region.
#[must_use]
pub const fn guarding_range(region: Region) -> (Newtons, Newtons) {
    match region {
        Region::Lumbar => LUMBAR_GUARDING,
        Region::Cervical => CERVICAL_GUARDING,
    }
}

/// The rise that is taken for guarding where nobody asks for another.
#[must_use]
pub const fn standard_guarding(region: Region) -> Newtons {
    Numbers::of(region).guarding
}

closed! {
    /// What a discomfort score asks of the session.
    pub enum ComfortAnswer {
        /// Go on.
        Continue = 1 "continue",
        /// No increase of force, and tell the staff.
        NoIncrease = 2 "hold-no-increase",
        /// Unload and latch.
        Stop = 3 "stop",
    }
}

/// Discomfort scores of one session, written by `care` with the arrival score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComfortLimits {
    arrival: u8,
    no_increase_at: u8,
    stop_at: u8,
}

impl ComfortLimits {
    /// The standard limits for an arrival score; nothing above 10.
    #[must_use]
    pub const fn from_arrival(arrival: u8) -> Option<Self> {
        if arrival > WORST_COMFORT {
            return None;
        }
        let by_rise = arrival.saturating_add(COMFORT_STOP_RISE);
        let by_score = if arrival < COMFORT_STOP_SCORE {
            COMFORT_STOP_SCORE
        } else {
            arrival.saturating_add(1)
        };
        Some(Self {
            arrival,
            no_increase_at: arrival.saturating_add(COMFORT_NO_INCREASE_RISE),
            stop_at: if by_rise < by_score {
                by_rise
            } else {
                by_score
            },
        })
    }

    /// Limits stricter than the standard ones, or equal; nothing if looser, or if
    /// the arrival score itself would already be answered.
    #[must_use]
    pub const fn new(arrival: u8, no_increase_at: u8, stop_at: u8) -> Option<Self> {
        let Some(standard) = Self::from_arrival(arrival) else {
            return None;
        };
        let looser = no_increase_at > standard.no_increase_at || stop_at > standard.stop_at;
        if looser || no_increase_at <= arrival || stop_at <= arrival {
            return None;
        }
        Some(Self {
            arrival,
            no_increase_at,
            stop_at,
        })
    }

    /// The score at arrival.
    #[must_use]
    pub const fn arrival(&self) -> u8 {
        self.arrival
    }

    /// From this score on the force no longer increases.
    #[must_use]
    pub const fn no_increase_at(&self) -> u8 {
        self.no_increase_at
    }

    /// From this score on the session stops.
    #[must_use]
    pub const fn stop_at(&self) -> u8 {
        self.stop_at
    }

    /// What a score asks for under these limits; one above 10 is a broken input and stops.
    #[must_use]
    pub const fn judge(&self, now: u8) -> ComfortAnswer {
        if now >= self.stop_at || now > WORST_COMFORT {
            ComfortAnswer::Stop
        } else if now >= self.no_increase_at {
            ComfortAnswer::NoIncrease
        } else {
            ComfortAnswer::Continue
        }
    }

    /// What the standard limits answer to `now` after `arrival` (CLINICAL §5); for
    /// the proof that `care`'s rules and the bedside agree on all 11 × 11 pairs.
    #[must_use]
    pub const fn answer(arrival: u8, now: u8) -> ComfortAnswer {
        match Self::from_arrival(arrival) {
            Some(limits) => limits.judge(now),
            None => ComfortAnswer::Stop,
        }
    }
}

closed! {
    /// A number of the limits, for errors.
    pub enum LimitPart {
        /// Highest force.
        Ceiling = 1 "ceiling_n",
        /// Fastest rise.
        RateUp = 2 "rate_up_n_per_s",
        /// Fastest therapy descent.
        RateDown = 3 "rate_down_n_per_s",
        /// Longest session.
        TotalTime = 4 "total_time_s",
        /// Longest travel.
        Travel = 5 "travel_m",
        /// Share of force after a resume.
        ResumeFactor = 6 "resume_factor",
        /// Rise that is taken for guarding.
        GuardingStep = 7 "guarding_step_n",
    }
}

/// What limits are made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitsSpec {
    /// Where the force is applied.
    pub region: Region,
    /// Highest force of this session.
    pub ceiling: Newtons,
    /// Fastest rise.
    pub rate_up: NewtonsPerSecond,
    /// Fastest descent by therapy (end, pause, lower); the release on a stop has its own.
    pub rate_down: NewtonsPerSecond,
    /// Longest session from the first tension to the end, pauses included.
    pub total_time: Ticks,
    /// Longest travel of the harness after first contact.
    pub travel: Metres,
    /// Share of the force that `lower` and a resume allow.
    pub resume_factor: f64,
    /// Discomfort scores.
    pub comfort: ComfortLimits,
    /// A rise within 200 ms that nobody asked for and that is taken for guarding:
    /// within [`guarding_range`].
    pub guarding_step: Newtons,
}

/// Why limits were refused: a number is not in the range that is compiled in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LimitsError {
    /// Which number.
    pub part: LimitPart,
    /// What it was.
    pub value: f64,
    /// The least it may be; nought where it need only be above nought.
    pub least: f64,
    /// The most it may be; it must also be finite and above nought.
    pub most: f64,
}

impl fmt::Display for LimitsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            part,
            value,
            least,
            most,
        } = self;
        write!(f, "limits.{part}: {value} must be ")?;
        if *least > 0.0 {
            write!(f, "at least {least}")?;
        } else {
            f.write_str("above 0")?;
        }
        write!(f, " and at most {most}")
    }
}

impl core::error::Error for LimitsError {}

/// Checked limits of one session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits(LimitsSpec);

impl Limits {
    /// Checks every number against what is compiled in for the region.
    pub fn new(spec: LimitsSpec) -> Result<Self, LimitsError> {
        let rate = max_rate(spec.region).get();
        let checks = [
            (
                LimitPart::Ceiling,
                spec.ceiling.get(),
                ceiling(spec.region).get(),
            ),
            (LimitPart::RateUp, spec.rate_up.get(), rate),
            (LimitPart::RateDown, spec.rate_down.get(), rate),
            (
                LimitPart::TotalTime,
                spec.total_time.seconds().get(),
                MAX_TOTAL_TIME.seconds().get(),
            ),
            (LimitPart::Travel, spec.travel.get(), MAX_TRAVEL.get()),
            (
                LimitPart::ResumeFactor,
                spec.resume_factor,
                MAX_RESUME_FACTOR,
            ),
        ];
        for (part, value, most) in checks {
            let fits = value.is_finite() && value > 0.0 && value <= most;
            if !fits {
                return Err(LimitsError {
                    part,
                    value,
                    least: 0.0,
                    most,
                });
            }
        }
        let (least, most) = guarding_range(spec.region);
        if !(least..=most).contains(&spec.guarding_step) {
            return Err(LimitsError {
                part: LimitPart::GuardingStep,
                value: spec.guarding_step.get(),
                least: least.get(),
                most: most.get(),
            });
        }
        Ok(Self(spec))
    }

    /// The numbers.
    #[must_use]
    pub const fn spec(&self) -> &LimitsSpec {
        &self.0
    }
}

impl core::ops::Deref for Limits {
    type Target = LimitsSpec;
    fn deref(&self) -> &LimitsSpec {
        &self.0
    }
}

impl Codec for ComfortLimits {
    const SIZE: usize = 3;
    fn put(&self, out: &mut Writer<'_>) {
        out.bytes(&[self.arrival, self.no_increase_at, self.stop_at]);
    }
    fn take(from: &mut Reader<'_>) -> Option<Self> {
        let [arrival, no_increase_at, stop_at] = from.bytes()?;
        Self::new(arrival, no_increase_at, stop_at)
    }
}

impl Limits {
    /// Bytes they take in a layout.
    pub(crate) const fn bytes(layout: Layout) -> usize {
        let guarding = match layout {
            Layout::One => 0,
            Layout::Two => Newtons::SIZE,
        };
        1 + 3 * 8 + 4 + 2 * 8 + ComfortLimits::SIZE + guarding
    }

    pub(crate) fn put(&self, out: &mut Writer<'_>, layout: Layout) {
        out.item(&self.region);
        out.item(&self.ceiling);
        out.item(&self.rate_up);
        out.item(&self.rate_down);
        out.item(&self.total_time);
        out.item(&self.travel);
        out.f64(self.resume_factor);
        out.item(&self.comfort);
        if layout == Layout::Two {
            out.item(&self.guarding_step);
        }
    }

    pub(crate) fn take(from: &mut Reader<'_>, layout: Layout) -> Option<Self> {
        let region = from.item()?;
        Self::new(LimitsSpec {
            region,
            ceiling: from.item()?,
            rate_up: from.item()?,
            rate_down: from.item()?,
            total_time: from.item()?,
            travel: from.item()?,
            resume_factor: from.f64()?,
            comfort: from.item()?,
            guarding_step: match layout {
                Layout::One => standard_guarding(region),
                Layout::Two => from.item()?,
            },
        })
        .ok()
    }
}
