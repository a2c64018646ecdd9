//! Who was not treated and why, and every screening that cleared nobody.

use care::decide::Verdict;
use care::outcomes::{Figures, TurnedAway};

use super::super::glyph;
use crate::clinic::Clinic;
use crate::frame::Frame;

/// The verdicts that stand against a pull.
const AGAINST: [Verdict; 2] = [Verdict::Refuse, Verdict::EvaluateFirst];

/// Those whose last screening says so.
pub(super) struct Against {
    pub(super) glyph: &'static str,
    pub(super) words: String,
    pub(super) reasons: Vec<Reason>,
}

/// A rule and how often it stood against somebody.
pub(super) struct Reason {
    /// Empty where no rule did.
    pub(super) rule: String,
    pub(super) says: String,
    pub(super) often: String,
    count: u32,
}

/// Screenings with a verdict.
pub(super) struct Turned {
    pub(super) glyph: &'static str,
    pub(super) words: String,
    pub(super) reasons: Vec<Reason>,
    /// Who decided, by role.
    pub(super) by: String,
}

pub(super) fn against(f: &Frame, clinic: &Clinic, shown: &Figures) -> Vec<Against> {
    let of = |verdict: Verdict| {
        let count = shown.untreated.get(&verdict).copied().unwrap_or(0);
        let because = shown.because.iter();
        let because = because.filter(|((said, _), _)| *said == verdict);
        let reasons = because.map(|((_, rule), count)| {
            reason(f, clinic, rule, (*count, f.t.outcomes_times(*count)))
        });
        Against {
            glyph: glyph(verdict.as_str()),
            words: f.t.outcomes_against(count, f.t.verdict(verdict.as_str())),
            reasons: most_first(reasons.collect()),
        }
    };
    AGAINST.map(of).into()
}

/// Every screening of these episodes that cleared nobody; nothing where there was none.
pub(super) fn turned(f: &Frame, clinic: &Clinic, shown: &Figures) -> Vec<Turned> {
    let of = |verdict: &Verdict| {
        let away = shown.turned.get(verdict)?;
        let words = f.t.verdict(verdict.as_str());
        let reasons = away.rules.iter().map(|(rule, (screenings, episodes))| {
            let often = f.t.outcomes_screenings(*screenings, *episodes);
            reason(f, clinic, rule, (*screenings, often))
        });
        Some(Turned {
            glyph: glyph(verdict.as_str()),
            words: f.t.outcomes_turned(
                words,
                f.t.outcomes_screenings(away.screenings, away.episodes),
            ),
            reasons: most_first(reasons.collect()),
            by: by(f, away),
        })
    };
    AGAINST.iter().filter_map(of).collect()
}

fn by(f: &Frame, away: &TurnedAway) -> String {
    let roles = away.by.iter();
    let roles = roles.map(|(role, count)| f.t.outcomes_by_role(f.t.role(*role), *count));
    f.t.outcomes_by(roles.collect::<Vec<_>>().join(", "))
}

fn reason(f: &Frame, clinic: &Clinic, rule: &str, (count, often): (u32, String)) -> Reason {
    let known = clinic.knowledge().rule(rule);
    let says = match rule {
        "" => f.t.outcomes_undecided(),
        // A rule of an earlier edition is named as it was kept.
        _ => known.map_or_else(|| rule.to_owned(), |known| known.finding().to_owned()),
    };
    Reason {
        rule: rule.to_owned(),
        says,
        often,
        count,
    }
}

fn most_first(mut reasons: Vec<Reason>) -> Vec<Reason> {
    reasons.sort_by_key(|reason| core::cmp::Reverse(reason.count));
    reasons
}
