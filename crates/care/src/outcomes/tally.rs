//! One episode of care in figures.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use si::Region;

use super::Turned;
use crate::decide::Verdict;
use crate::episode::{Episode, Session, Severity, Signed};
use crate::fact::{Reading, Value};
use crate::plan::Proposal;
use crate::session::{cause, sessions_under};

/// Facts that are scores of an instrument are named so.
const SCORE: &str = "score_";

/// What a clinic counts of one episode, without who it was. It is kept as a row of lists, so
/// that nothing in it may depend on knowledge that changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Which episode of the patient.
    pub number: u32,
    /// When it began.
    pub opened: Option<Timestamp>,
    /// The treated region.
    pub region: String,
    /// The last screening's verdict, if there was one.
    pub verdict: Option<Verdict>,
    /// The rules that made it so.
    pub because: Vec<String>,
    /// Every screening of the episode that cleared nobody.
    #[serde(default)]
    pub turned: BTreeMap<Verdict, Turned>,
    /// The row of dose of what is treated, where the plan named one.
    pub condition: Option<String>,
    /// How the last signed plan applies force; none where nothing was signed.
    pub mode: Option<String>,
    /// Which candidate of the last plan was signed.
    #[serde(default)]
    pub protocol: Option<String>,
    /// Sessions received under former plans and signed under the last one.
    pub planned: u32,
    /// Sessions that pulled.
    pub received: u32,
    /// Those that ended before their time.
    pub stopped: u32,
    /// Sessions by the worst that triage said after them; `contact-patient` where nobody was
    /// heard of.
    pub after: BTreeMap<Verdict, u32>,
    /// Adverse events by Carnes class.
    pub adverse: BTreeMap<Severity, u32>,
    /// First and last score of each instrument that was scored twice.
    pub scores: BTreeMap<String, [Scored; 2]>,
    /// Whether the episode is over.
    pub discharged: bool,
}

/// A score as it was recorded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// The number.
    pub value: f64,
    /// Its unit, where it has one.
    pub unit: Option<String>,
}

impl Tally {
    /// Of the patient's present episode.
    #[must_use]
    pub fn of(episode: &Episode) -> Self {
        let signed = episode.plan.as_ref().or(episode.former_plan.as_ref());
        let plan = signed.and_then(|signed| Some((signed, read(signed)?)));
        let (verdict, because) = screened(episode);
        let received = count(episode.treated().count());
        let mut tally = Self {
            number: episode.number,
            opened: episode.opened,
            region: episode.region.map_or("", Region::as_str).to_owned(),
            verdict,
            because,
            turned: episode.turned.clone(),
            received,
            stopped: count(episode.treated().filter(|one| is_stopped(one)).count()),
            scores: scores(episode),
            discharged: episode.discharged.is_some(),
            ..Self::default()
        };
        if let Some((signed, read)) = plan {
            let former = received.saturating_sub(sessions_under(episode, &signed.plan_sha256));
            tally.planned = former.saturating_add(read.sessions);
            (tally.condition, tally.mode) = (read.condition, Some(read.mode));
            tally.protocol = Some(signed.candidate.clone());
        }
        for session in episode.treated() {
            if let Some(worst) = worst_after(session) {
                *tally.after.entry(worst).or_default() += 1;
            }
        }
        let opened = episode.opened.unwrap_or(Timestamp::MIN);
        let adverse = episode.adverse_events.iter();
        for event in adverse.filter(|event| event.at >= opened) {
            *tally.adverse.entry(event.severity).or_default() += 1;
        }
        tally
    }
}

struct Read {
    condition: Option<String>,
    mode: String,
    sessions: u32,
}

/// What a signed plan says of the pull; nothing where its bytes are none.
fn read(signed: &Signed) -> Option<Read> {
    let proposal = Proposal::read(&signed.plan).ok()?;
    let candidate = proposal.candidate(&signed.candidate).ok()?;
    Some(Read {
        mode: candidate.prescription.mode.as_str().to_owned(),
        sessions: candidate.course.sessions,
        condition: proposal.condition_row.clone(),
    })
}

/// The verdict and every rule that says the same.
fn screened(episode: &Episode) -> (Option<Verdict>, Vec<String>) {
    let Some(kept) = &episode.decision else {
        return Default::default();
    };
    let verdict = kept.decision.verdict;
    let fired = kept.decision.fired.iter();
    let because = fired.filter(|fired| fired.verdict == verdict);
    (
        Some(verdict),
        because.map(|fired| fired.rule.clone()).collect(),
    )
}

fn is_stopped(session: &Session) -> bool {
    cause(session).is_some_and(|cause| cause.is_stop())
}

/// The worst that was said after a session, once anything was.
fn worst_after(session: &Session) -> Option<Verdict> {
    let told = session.check_ins.iter();
    let triages = told.filter_map(|check_in| check_in.triage.as_ref());
    let results = triages.map(|triage| triage.decision.verdict);
    // Silence says nothing of how somebody is; of the others the first is the worst.
    results.min_by_key(|verdict| (*verdict == Verdict::ContactPatient, *verdict))
}

/// First and last of each score of this episode; those of one instant are one.
fn scores(episode: &Episode) -> BTreeMap<String, [Scored; 2]> {
    let opened = episode.opened.unwrap_or(Timestamp::MIN);
    let mut ends: BTreeMap<&str, [(Timestamp, &Reading); 2]> = BTreeMap::new();
    let own = episode.readings.iter().filter(|one| one.at >= opened);
    for reading in own.filter(|one| one.fact.as_str().starts_with(SCORE)) {
        let this = (reading.at, reading);
        let [first, last] = ends.entry(reading.fact.as_str()).or_insert([this, this]);
        if this.0 < first.0 {
            *first = this;
        }
        if this.0 >= last.0 {
            *last = this;
        }
    }
    let twice = ends
        .into_iter()
        .filter(|(_, [first, last])| first.0 < last.0);
    let scored = twice.filter_map(|(fact, [first, last])| {
        Some((fact.to_owned(), [scored(first.1)?, scored(last.1)?]))
    });
    scored.collect()
}

fn scored(reading: &Reading) -> Option<Scored> {
    match reading.as_value() {
        Some(Value::Number(value)) => Some(Scored {
            value: *value,
            unit: reading.unit.clone(),
        }),
        _ => None,
    }
}

pub(super) fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
