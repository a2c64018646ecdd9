//! Screenings that turned somebody away, counted as they were kept.
//!
//! The screening of now says why somebody is not treated now. Who was refused, examined and
//! treated after it, or refused a second time, shows only in every screening there was.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::decide::{Decision, Verdict};
use crate::episode::{Episode, Role};

/// Screenings of an episode with one verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Turned {
    /// How many were kept.
    pub screenings: u32,
    /// In how many of them each rule said so; an empty name where none did and something was
    /// not asked or examined.
    pub rules: BTreeMap<String, u32>,
    /// How many followed from the act of each role.
    pub by: BTreeMap<Role, u32>,
}

/// The same over many episodes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TurnedAway {
    /// Screenings.
    pub screenings: u32,
    /// Episodes with at least one.
    pub episodes: u32,
    /// Screenings and episodes by rule.
    pub rules: BTreeMap<String, (u32, u32)>,
    /// Screenings by role.
    pub by: BTreeMap<Role, u32>,
}

impl TurnedAway {
    pub(super) fn add(&mut self, of: &Turned) {
        self.screenings += of.screenings;
        self.episodes += u32::from(of.screenings > 0);
        for (rule, count) in &of.rules {
            let (screenings, episodes) = self.rules.entry(rule.clone()).or_default();
            *screenings += count;
            *episodes += 1;
        }
        for (role, count) in &of.by {
            *self.by.entry(*role).or_default() += count;
        }
    }
}

impl Episode {
    /// Counts a screening that clears nobody.
    pub(crate) fn turn_away(&mut self, decision: &Decision, by: Role) {
        let verdict = decision.verdict;
        if !matches!(verdict, Verdict::Refuse | Verdict::EvaluateFirst) {
            return;
        }
        let turned = self.turned.entry(verdict).or_default();
        turned.screenings += 1;
        *turned.by.entry(by).or_default() += 1;
        let fired = decision.fired.iter();
        let fired = fired.filter(|fired| fired.verdict == verdict);
        let mut rules: Vec<String> = fired.map(|fired| fired.rule.clone()).collect();
        if rules.is_empty() {
            rules.push(String::new());
        }
        for rule in rules {
            *turned.rules.entry(rule).or_default() += 1;
        }
    }
}
