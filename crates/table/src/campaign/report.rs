//! What a campaign came to: counts, worst cases, and how to run each failure again.

use super::checkers::{Faults, Violation};
use super::{Outcome, Scenario};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Failures that are kept in full; the rest are counted.
const KEPT: usize = 200;

/// A law that was broken in one run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// The seed that makes it again.
    pub seed: u64,
    /// The law.
    pub law: String,
    /// When first, s after arming.
    pub at_s: f64,
    /// The worst that was measured.
    pub value: f64,
    /// What it may be.
    pub bound: f64,
    /// The scenario in words.
    pub scenario: String,
}

/// Sums over many runs; sums of parts are the sum of the whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Sessions run.
    pub sessions: u64,
    /// Sessions with at least one fault.
    pub faulted: u64,
    /// Sessions with two.
    pub pairs: u64,
    /// Sessions with the whole spine.
    pub whole_spine: u64,
    /// Sessions of clinical length.
    pub full_length: u64,
    /// Sessions that came to their planned end.
    pub completed: u64,
    /// Faults that began.
    pub faults: u64,
    /// Times a law was broken.
    pub violations: u64,
    /// Simulated time, s.
    pub simulated_s: f64,
    /// Highest force above the ceiling without a fault, with one and with two, N.
    pub worst_overshoot_by_faults_n: [f64; 3],
    /// Highest force above the ceiling while the patient makes force of his own, N.
    pub worst_patient_n: f64,
    /// Longest from the switch until force fell, without a pair of faults, ms.
    pub worst_falling_ms: f64,
    /// Longest from a stop until the patient was free, the same three, ms.
    pub worst_stop_ms: [f64; 3],
    /// Largest distance from the profile in a hold without fault, N.
    pub worst_tracking_n: f64,
    /// Fastest release by command, as a share of what its region allows: where every
    /// sensor is sound, where one lies, where two do.
    pub worst_rate_share: [f64; 3],
    /// How often each fault began at each moment.
    pub began: BTreeMap<String, BTreeMap<String, u64>>,
    /// How each session ended.
    pub ends: BTreeMap<String, u64>,
    /// The first failures.
    pub failures: Vec<Failure>,
}

impl Report {
    /// Adds a run.
    pub(super) fn add(&mut self, scenario: &Scenario, outcome: &Outcome) {
        let place = match scenario.faults() {
            Faults::None => 0,
            Faults::Single => 1,
            Faults::Pair => 2,
        };
        self.sessions += 1;
        self.faulted += u64::from(place > 0);
        self.pairs += u64::from(place > 1);
        self.whole_spine += u64::from(scenario.whole_spine);
        self.full_length += u64::from(scenario.is_full_length());
        self.completed += u64::from(outcome.completed);
        self.violations += outcome.violations.len() as u64;
        self.simulated_s += f64::from(outcome.ticks) / f64::from(traction::PER_SECOND);
        let most = |slot: &mut f64, value: f64| *slot = slot.max(value);
        most(
            &mut self.worst_overshoot_by_faults_n[place],
            outcome.worst_over,
        );
        most(&mut self.worst_stop_ms[place], outcome.worst_stop_ms);
        most(&mut self.worst_patient_n, outcome.worst_patient);
        if place < 2 {
            most(&mut self.worst_falling_ms, outcome.worst_falling_ms);
        }
        most(&mut self.worst_tracking_n, outcome.worst_tracking);
        let lies = scenario.bounds().sensors_fail.min(2);
        most(&mut self.worst_rate_share[lies], outcome.worst_rate);
        for (fault, moment) in &outcome.began {
            self.faults += 1;
            let moments = self.began.entry(fault.clone()).or_default();
            *moments.entry(moment.as_str().to_owned()).or_default() += 1;
        }
        *self.ends.entry(outcome.end.clone()).or_default() += 1;
        for violation in &outcome.violations {
            self.fail(scenario, violation);
        }
    }

    fn fail(&mut self, scenario: &Scenario, violation: &Violation) {
        if self.failures.len() < KEPT {
            self.failures.push(Failure {
                seed: scenario.seed,
                law: violation.law.as_str().to_owned(),
                at_s: f64::from(violation.tick) / f64::from(traction::PER_SECOND),
                value: violation.value,
                bound: violation.bound,
                scenario: scenario.to_string(),
            });
        }
    }

    /// Adds another report, of later seeds.
    pub fn join(&mut self, other: Self) {
        self.sessions += other.sessions;
        self.faulted += other.faulted;
        self.pairs += other.pairs;
        self.whole_spine += other.whole_spine;
        self.full_length += other.full_length;
        self.completed += other.completed;
        self.faults += other.faults;
        self.violations += other.violations;
        self.simulated_s += other.simulated_s;
        let most = |slot: &mut f64, value: f64| *slot = slot.max(value);
        for place in 0..3 {
            let (over, stop) = (
                &mut self.worst_overshoot_by_faults_n,
                &mut self.worst_stop_ms,
            );
            most(&mut over[place], other.worst_overshoot_by_faults_n[place]);
            most(&mut stop[place], other.worst_stop_ms[place]);
        }
        for (ours, theirs) in self.worst_rate_share.iter_mut().zip(other.worst_rate_share) {
            most(ours, theirs);
        }
        most(&mut self.worst_patient_n, other.worst_patient_n);
        most(&mut self.worst_falling_ms, other.worst_falling_ms);
        most(&mut self.worst_tracking_n, other.worst_tracking_n);
        for (fault, moments) in other.began {
            let ours = self.began.entry(fault).or_default();
            for (moment, count) in moments {
                *ours.entry(moment).or_default() += count;
            }
        }
        for (end, count) in other.ends {
            *self.ends.entry(end).or_default() += count;
        }
        let room = KEPT.saturating_sub(self.failures.len());
        self.failures.extend(other.failures.into_iter().take(room));
    }
}
