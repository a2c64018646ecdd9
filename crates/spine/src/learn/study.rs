//! Does the belief cover the truth, and does it get better? Synthetic patients say.
//!
//! A hidden person is drawn from the population (stratified, fixed seed) and
//! goes through several sessions on a noisy table, its harness, clothing and
//! tone new every day ([`super::day_to_day`]). Before each session the belief predicts
//! what the table will measure (instrument and model error included) and how
//! far every level will separate; after it the belief learns.
//!
//! ```text
//! covered: the truth lies in the 5–95 % range of the predictive members
//! error:   |median of the predictive − truth| over that output's spread in the population
//! ```
//!
//! The truth of a feature is what the noisy table reads for the coverage, and
//! what it would read without noise for the error; levels have no noise. The
//! error of a belief is its mean over the same [`REHEARSALS`] possible next
//! sessions of that person, not one: the day's chance would otherwise drown
//! what the fourth session adds to the third. The
//! study is generic over the model, so that it runs on the axial one and on the
//! column alike. It tests inference, not the model: the hidden patients obey
//! the model that learns, up to the discrepancy in the noise.

use super::day::Day;
use super::{FEATURES, Feature, Features, Forward, LearnError, Measured, Noise, today, update};
use crate::unknown::{Belief, COUNT, Draw, quantile};
use si::Region;

/// Most levels of a chain.
pub const LEVELS: usize = 8;
/// Outputs that are predicted: features, then levels.
pub const OUTPUTS: usize = FEATURES + LEVELS;

/// Possible next sessions over which an error is averaged.
pub const REHEARSALS: usize = 12;

/// What one spine shows in one session.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shown {
    /// What the table can measure.
    pub features: Features,
    /// Separation of every level at the end of the last hold, m.
    pub separations: [f64; LEVELS],
}

impl Shown {
    /// Features first, then levels, m.
    #[must_use]
    pub fn outputs(&self) -> [f64; OUTPUTS] {
        core::array::from_fn(|index| {
            if index < FEATURES {
                self.features.0[index]
            } else {
                self.separations[index - FEATURES]
            }
        })
    }
}

/// A forward model that also tells what no table can measure.
pub trait Trial: Forward {
    /// Levels in use, at most [`LEVELS`].
    fn levels(&self) -> usize;

    /// What each of `draws` shows; `out` is as long.
    ///
    /// # Errors
    /// A spine the model refuses.
    fn shown(&self, draws: &[Draw<f64>], out: &mut [Shown]) -> Result<(), Self::Error>;
}

/// How many patients, how often, how finely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Study {
    /// Hidden patients.
    pub patients: u32,
    /// Sessions of each.
    pub sessions: usize,
    /// Members of a predictive ensemble.
    pub members: u32,
    /// Seed of patients and noise.
    pub seed: u64,
}

/// What a study found.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Outputs in use: features and levels.
    pub outputs: usize,
    /// Patients.
    pub patients: u32,
    /// Share of truths inside the 90 % range, by session and output.
    pub coverage: Vec<[f64; OUTPUTS]>,
    /// Mean error in spreads of the population, by session and output.
    pub error: Vec<[f64; OUTPUTS]>,
    /// Mean width of the 90 % range in spreads of the population, by session and output.
    pub width: Vec<[f64; OUTPUTS]>,
    /// Sessions that fitted no spine of the belief.
    pub refused: u32,
    /// Mean linearisations an update.
    pub iterations: f64,
}

impl Report {
    /// The name of an output.
    #[must_use]
    pub fn name(output: usize) -> String {
        Feature::ALL.get(output).map_or_else(
            || format!("level_{}", output - FEATURES),
            |feature| feature.as_str().to_owned(),
        )
    }

    /// Coverage of an output over the sessions from `first` on.
    #[must_use]
    pub fn covered(&self, output: usize, first: usize) -> f64 {
        let of = self.coverage.iter().skip(first).map(|row| row[output]);
        of.sum::<f64>() / (self.coverage.len() - first) as f64
    }

    /// Mean error of the features before a session, in spreads of the population.
    #[must_use]
    pub fn feature_error(&self, session: usize) -> f64 {
        self.error[session][..FEATURES].iter().sum::<f64>() / FEATURES as f64
    }

    /// Mean error of the levels before a session, in spreads of the population.
    #[must_use]
    pub fn level_error(&self, session: usize) -> f64 {
        let levels = &self.error[session][FEATURES..self.outputs];
        levels.iter().sum::<f64>() / levels.len().max(1) as f64
    }
}

impl Study {
    /// Runs the study; `trial` makes the session of a patient by number.
    ///
    /// # Errors
    /// What the model or the update refuses.
    pub fn run<T: Trial>(
        &self,
        region: Region,
        trial: impl Fn(u32) -> T,
    ) -> Result<Report, LearnError<T::Error>> {
        let mut tally = Tally::new(self);
        for (patient, person) in (0..).zip(population(self)) {
            let trial = trial(patient);
            let mut chance = Chance::new(self.seed, patient);
            self.follow(region, &trial, person, &mut chance, &mut tally)?;
        }
        Ok(tally.report(self))
    }

    /// One patient through all sessions.
    fn follow<T: Trial>(
        &self,
        region: Region,
        trial: &T,
        person: [f64; COUNT],
        chance: &mut Chance,
        tally: &mut Tally,
    ) -> Result<(), LearnError<T::Error>> {
        let mut belief = Belief::prior(region);
        let hidden = Hidden {
            trial,
            population: Belief::prior(region),
            person,
        };
        let rehearsals = hidden.days(REHEARSALS, chance)?;
        let sessions = hidden.days(self.sessions, chance)?;
        tally.outputs = FEATURES + trial.levels().min(LEVELS);
        let mut spread = [1.0; OUTPUTS];
        for (session, truth) in sessions.iter().enumerate() {
            let read = read(&truth.features, chance);
            let members = self.predictive(&today(&belief)?, trial, chance)?;
            if session == 0 {
                spread = members.spread();
            }
            let seen = Seen {
                truth,
                read: &read,
                rehearsals: &rehearsals,
                spread: &spread,
            };
            tally.count(session, &members, &seen);
            let learned = update(&belief, &Measured::new(&read, &Noise::TABLE), trial)?;
            tally.learned(&learned);
            belief = learned.posterior;
        }
        Ok(())
    }

    /// What the members of a belief would show.
    fn predictive<T: Trial>(
        &self,
        belief: &Belief,
        trial: &T,
        chance: &mut Chance,
    ) -> Result<Predictive, LearnError<T::Error>> {
        let draws: Vec<_> = (0..self.members)
            .map(|index| belief.member(index))
            .collect();
        let mut shown = vec![Shown::default(); draws.len()];
        trial
            .shown(&draws, &mut shown)
            .map_err(LearnError::Forward)?;
        let quiet = |output: usize| sorted(shown.iter().map(|one| one.outputs()[output]));
        let noisy: Vec<_> = shown
            .iter()
            .map(|one| read(&one.features, chance))
            .collect();
        Ok(Predictive {
            quiet: core::array::from_fn(quiet),
            noisy: core::array::from_fn(|feature| sorted(noisy.iter().map(|one| one.0[feature]))),
        })
    }
}

/// The hidden people: a Latin hypercube over the population, so that the luck of
/// the draw does not decide a coverage.
fn population(study: &Study) -> Vec<[f64; COUNT]> {
    let mut chance = Chance::new(study.seed, u32::MAX);
    let mut people = vec![[0.0; COUNT]; study.patients as usize];
    for coordinate in 0..COUNT {
        let mut strata: Vec<u32> = (0..study.patients).collect();
        for last in (1..strata.len()).rev() {
            let other = (chance.next() % (last as u64 + 1)) as usize;
            strata.swap(last, other);
        }
        for (person, stratum) in people.iter_mut().zip(strata) {
            let share = (f64::from(stratum) + chance.uniform()) / f64::from(study.patients);
            person[coordinate] = quantile(share);
        }
    }
    people
}

/// A hidden person.
struct Hidden<'a, T> {
    trial: &'a T,
    population: Belief,
    person: [f64; COUNT],
}

impl<T: Trial> Hidden<'_, T> {
    /// What the person shows on `count` days.
    fn days(&self, count: usize, chance: &mut Chance) -> Result<Vec<Shown>, LearnError<T::Error>> {
        let shares = Day::shares();
        let draws: Vec<_> = (0..count)
            .map(|_| {
                let eta = core::array::from_fn(|_| chance.normal());
                self.population.at(&shares.on(&self.person, &eta))
            })
            .collect();
        let mut shown = vec![Shown::default(); count];
        self.trial
            .shown(&draws, &mut shown)
            .map_err(LearnError::Forward)?;
        Ok(shown)
    }
}

/// What became of a prediction.
struct Seen<'a> {
    truth: &'a Shown,
    read: &'a Features,
    rehearsals: &'a [Shown],
    spread: &'a [f64; OUTPUTS],
}

/// What a noisy table reads, its noise as the learner believes it.
fn read(truth: &Features, chance: &mut Chance) -> Features {
    let deviations = Noise::TABLE.deviations(truth.get(Feature::Reach));
    Features(core::array::from_fn(|index| {
        truth.0[index] + deviations[index] * chance.normal()
    }))
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The members' outputs, sorted: without noise, and the features with it.
struct Predictive {
    quiet: [Vec<f64>; OUTPUTS],
    noisy: [Vec<f64>; FEATURES],
}

impl Predictive {
    /// 5 % and 95 % points of what will be seen of an output.
    fn range(&self, output: usize) -> [f64; 2] {
        let values = self.noisy.get(output).unwrap_or(&self.quiet[output]);
        [at_share(values, 0.05), at_share(values, 0.95)]
    }

    /// Half of the 16–84 % range of every output.
    fn spread(&self) -> [f64; OUTPUTS] {
        core::array::from_fn(|output| {
            let values = &self.quiet[output];
            let half = 0.5 * (at_share(values, 0.841) - at_share(values, 0.159));
            if half > 0.0 { half } else { 1.0 }
        })
    }
}

/// The value below which a share of sorted values lies.
fn at_share(values: &[f64], share: f64) -> f64 {
    let place = share * values.len() as f64 - 0.5;
    let last = values.len().saturating_sub(1);
    let below = (place.max(0.0) as usize).min(last);
    let above = (below + 1).min(last);
    let way = (place - below as f64).clamp(0.0, 1.0);
    match (values.get(below), values.get(above)) {
        (Some(low), Some(high)) => low + (high - low) * way,
        _ => f64::NAN,
    }
}

/// Sums over patients.
struct Tally {
    outputs: usize,
    coverage: Vec<[f64; OUTPUTS]>,
    error: Vec<[f64; OUTPUTS]>,
    width: Vec<[f64; OUTPUTS]>,
    refused: u32,
    iterations: usize,
}

impl Tally {
    fn new(study: &Study) -> Self {
        let empty = || vec![[0.0; OUTPUTS]; study.sessions];
        Self {
            outputs: FEATURES,
            coverage: empty(),
            error: empty(),
            width: empty(),
            refused: 0,
            iterations: 0,
        }
    }

    fn count(&mut self, session: usize, members: &Predictive, seen: &Seen<'_>) {
        let quiet = seen.truth.outputs();
        for (output, quiet) in quiet.into_iter().enumerate().take(self.outputs) {
            let truth = seen.read.0.get(output).copied().unwrap_or(quiet);
            let [low, high] = members.range(output);
            let median = at_share(&members.quiet[output], 0.5);
            let missed = seen.rehearsals.iter().fold(0.0, |sum, shown| {
                sum + (median - shown.outputs()[output]).abs()
            });
            let unit = seen.spread[output];
            self.coverage[session][output] += f64::from(u8::from(low <= truth && truth <= high));
            self.error[session][output] += missed / (unit * seen.rehearsals.len() as f64);
            self.width[session][output] += (high - low) / unit;
        }
    }

    fn learned(&mut self, learned: &super::Learned) {
        self.refused += u32::from(learned.outcome == super::Outcome::Refused);
        self.iterations += learned.iterations;
    }

    fn report(self, study: &Study) -> Report {
        let patients = f64::from(study.patients.max(1));
        let mean = |sums: Vec<[f64; OUTPUTS]>| {
            let over = |row: [f64; OUTPUTS]| row.map(|sum| sum / patients);
            sums.into_iter().map(over).collect()
        };
        Report {
            outputs: self.outputs,
            patients: study.patients,
            coverage: mean(self.coverage),
            error: mean(self.error),
            width: mean(self.width),
            refused: self.refused,
            iterations: self.iterations as f64 / (patients * study.sessions.max(1) as f64),
        }
    }
}

/// `SplitMix64` (Steele, Lea and Flood 2014): hidden patients and noise.
struct Chance(u64);

impl Chance {
    fn new(seed: u64, patient: u32) -> Self {
        let mut chance = Self(seed ^ (u64::from(patient) << 32));
        Self(chance.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// In (0, 1): halves of a grid of 2⁻⁵³ are never 0 nor 1.
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        quantile(self.uniform())
    }
}
