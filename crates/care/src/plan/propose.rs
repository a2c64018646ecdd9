//! From the chart and a decision to the candidates.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use si::{Newtons, Problem, Region};
use spine::unknown::Belief;

use super::body::Body;
use super::build::{Bounds, Frame, Strength, build};
use super::choice::choose;
use super::{Candidate, Choice, Dose};
use crate::decide::{Condition, Decision, KnowledgeRef, Urgency, Verdict};
use crate::evidence::Evidence;
use crate::fact::FactSet;

/// What the sessions so far tell the next plan.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct History {
    /// Sessions of this episode that pulled.
    pub sessions: u32,
    /// When the last of them ended.
    pub last: Option<Timestamp>,
    /// Force last tolerated to the end of a hold, N.
    pub tolerated_n: Option<f64>,
    /// Force the last session peaked at, N.
    pub peak_n: Option<f64>,
    /// The last response was no more than expected soreness.
    pub settled: bool,
    /// A triage result of `adjust` or worse since the last plan was signed.
    pub adjusted: bool,
}

/// What a plan is made from.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The chart.
    pub facts: &'a FactSet,
    /// The region to be treated.
    pub region: Region,
    /// The screening decision of this moment.
    pub decision: &'a Decision,
    /// The sessions so far.
    pub history: History,
    /// The table's own ceiling, where it is lower than ours.
    pub table_ceiling: Option<Newtons>,
    /// What is believed of this spine, the prior or what sessions taught: only the forecast
    /// reads it, and without it there is none.
    pub belief: Option<&'a Belief>,
    /// The numbers of dose.
    pub dose: &'a Dose,
    /// What guidelines and reviews say.
    pub evidence: &'a Evidence,
    /// What a practitioner chose instead of the candidates' own settings, if anything.
    pub choice: Option<&'a Choice>,
    /// Now.
    pub at: Timestamp,
}

/// Up to three candidates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidates {
    /// The least pull.
    pub gentle: Candidate,
    /// The usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<Candidate>,
    /// The caps themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firm: Option<Candidate>,
    /// What a practitioner chose, within the caps of one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Candidate>,
}

/// A candidate that is not offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Withheld {
    /// Which.
    pub candidate: String,
    /// Why.
    pub why: String,
}

/// A plan before anybody signed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Number of this form of document.
    pub schema: String,
    /// The region to be treated.
    #[serde(with = "crate::words::region")]
    #[schemars(with = "String")]
    pub region: Region,
    /// When it was made.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// SHA-256 of the decision it rests on, hex.
    pub decision_hash: String,
    /// That decision's verdict.
    pub verdict: Verdict,
    /// That decision's urgency.
    pub urgency: Urgency,
    /// After this nothing starts under it.
    #[schemars(with = "String")]
    pub expires: Timestamp,
    /// The weight every cap is a share of.
    pub body_weight_kg: f64,
    /// The row of dose that the condition treated chose, if one was named and has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition_row: Option<String>,
    /// The candidates.
    pub candidates: Candidates,
    /// Those that are not offered.
    pub withheld: Vec<Withheld>,
    /// What the decision asks for.
    pub conditions: Vec<Condition>,
    /// The clinician who approved the caps; without one only a simulated table may be used.
    pub caps_approved_by: Option<String>,
    /// What guidelines and reviews say about traction for this region and condition.
    pub dissent: Vec<String>,
    /// Which knowledge decided.
    pub knowledge: KnowledgeRef,
}

/// Up to three candidates inside every cap, and what a practitioner chose beside them.
///
/// # Errors
/// The choice lies outside what its candidate allows; the decision does not permit traction, is for another region, or the weight is missing.
pub fn propose(request: &Request<'_>) -> Result<Proposal, Problem> {
    permitted(request)?;
    let body = Body::read(request.facts, request.dose, (request.region, request.at))?;
    let settings = request.dose.settings(request.region, &body.treated);
    let frame = Frame {
        request,
        body: &body,
        settings: &settings,
    };
    let bounds = Bounds::of(&frame);
    let mut withheld = Vec::new();
    let gentle = build(&frame, &bounds, Strength::Gentle)?;
    let mut stronger = |strength: Strength| -> Result<Option<Candidate>, Problem> {
        if let Some(why) = forbidden(request.decision, strength.as_str()) {
            withheld.push(Withheld {
                candidate: strength.as_str().to_owned(),
                why,
            });
            return Ok(None);
        }
        build(&frame, &bounds, strength).map(Some)
    };
    let standard = stronger(Strength::Standard)?;
    let firm = stronger(Strength::Firm)?;
    let decision = request.decision;
    let mut proposal = Proposal {
        schema: Proposal::SCHEMA.to_owned(),
        region: request.region,
        at: request.at,
        decision_hash: hex::encode(decision.hash()),
        verdict: decision.verdict,
        urgency: decision.urgency,
        expires: expires(request),
        body_weight_kg: body.mass.get(),
        condition_row: settings.row.map(|row| row.id.clone()),
        candidates: Candidates {
            gentle,
            standard,
            firm,
            chosen: None,
        },
        withheld,
        conditions: decision.conditions.clone(),
        caps_approved_by: request.dose.approver.clone(),
        dissent: dissent(request),
        knowledge: decision.knowledge.clone(),
    };
    if let Some(choice) = request.choice {
        proposal.candidates.chosen = Some(choose(&frame, &proposal, choice)?);
        proposal
            .sound(request.dose)
            .map_err(|found| choice.refused(found))?;
    }
    Ok(proposal)
}

/// What guidelines and reviews say for the region and the condition that the chart names.
fn dissent(request: &Request<'_>) -> Vec<String> {
    let (evidence, region) = (request.evidence, request.region);
    evidence.dissent(region, evidence.condition_of(request.facts.iter(), region))
}

fn permitted(request: &Request<'_>) -> Result<(), Problem> {
    let decision = request.decision;
    if decision.region != request.region.as_str() {
        return Err(Problem::new(
            "decision-region",
            "decision.region",
            &decision.region,
            format!("the decision is not for the {} region", request.region),
            "evaluate for the region that is to be treated",
        ));
    }
    if decision.permits_traction() {
        return Ok(());
    }
    let stands = |rule: &str| rule.to_owned();
    let fired = decision.fired.iter().map(|fired| stands(&fired.rule));
    let open = decision.undecided.iter().map(|rule| stands(&rule.rule));
    let rules: Vec<String> = fired.chain(open).take(5).collect();
    let ask = decision
        .next_questions
        .first()
        .map(|question| question.fact.as_str());
    Err(Problem::new(
        "not-permitted",
        "decision.verdict",
        decision.verdict.as_str(),
        format!(
            "no plan exists for this verdict; it stands on {}",
            rules.join(", ")
        ),
        match ask {
            Some(fact) => format!("ask next: {fact}"),
            None => "refer the patient; the decision names the findings".to_owned(),
        },
    ))
}

/// Why a candidate is not offered: `caution` leaves gentle alone unless its rule allows more.
fn forbidden(decision: &Decision, candidate: &str) -> Option<String> {
    let allows = |condition: &Condition| {
        let list = condition.candidates.as_ref()?;
        Some(list.iter().any(|name| name == candidate))
    };
    let closed = decision
        .conditions
        .iter()
        .find(|condition| allows(condition) == Some(false));
    if let Some(condition) = closed {
        return Some(condition.text.clone());
    }
    if decision.verdict != Verdict::Caution {
        return None;
    }
    let opens = |rule: &str| {
        let asked_by = |condition: &&Condition| condition.rules.iter().any(|name| name == rule);
        let mut own = decision.conditions.iter().filter(asked_by);
        own.any(|condition| allows(condition) == Some(true))
    };
    let fired = decision
        .fired
        .iter()
        .filter(|fired| fired.verdict == Verdict::Caution);
    let fired = fired.map(|fired| (fired.rule.as_str(), fired.softened_by.is_some()));
    let open = decision
        .undecided
        .iter()
        .filter(|rule| rule.verdict == Verdict::Caution);
    let mut cautions = fired.chain(open.map(|rule| (rule.rule.as_str(), false)));
    let (rule, _) = cautions.find(|(rule, softened)| *softened || !opens(rule))?;
    Some(format!("{rule} asks for caution: gentle only"))
}

fn expires(request: &Request<'_>) -> Timestamp {
    let hours = request.dose.common.plan_valid.value * 24.0;
    // A checked parameter: at most some thousand hours.
    let span = SignedDuration::from_hours(hours as i64);
    request.at.checked_add(span).unwrap_or(request.at)
}

impl Proposal {
    /// The form this code writes.
    pub const SCHEMA: &'static str = "annulus.plan/1";

    /// The bytes to be kept and signed; whoever has them never writes them again.
    ///
    /// # Errors
    /// A number that is not finite.
    pub fn bytes(&self) -> Result<String, Problem> {
        serde_json::to_string_pretty(self).map_err(|fault| {
            Problem::new(
                "plan-unwritable",
                "plan",
                "",
                fault.to_string(),
                "report this as a defect: a plan holds finite numbers only",
            )
        })
    }

    /// Reads a plan.
    ///
    /// # Errors
    /// Bytes that are no plan of this form.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let unreadable = |place: String, value: &str, fault: String| {
            Problem::new(
                "plan-unreadable",
                place,
                value,
                fault,
                "give the file that `plan` wrote, unchanged",
            )
        };
        let plan: Self = serde_json::from_str(text).map_err(|fault| {
            let place = format!("line {}, column {}", fault.line(), fault.column());
            unreadable(place, "", fault.to_string())
        })?;
        if plan.schema != Self::SCHEMA {
            let fault = format!("this is not {}", Self::SCHEMA);
            return Err(unreadable("schema".to_owned(), &plan.schema, fault));
        }
        Ok(plan)
    }

    /// The candidates that are offered, by name, gentlest first, and what was chosen last.
    pub fn offered(&self) -> impl Iterator<Item = (&'static str, &Candidate)> {
        let Candidates {
            gentle,
            standard,
            firm,
            chosen,
        } = &self.candidates;
        [
            ("gentle", Some(gentle)),
            ("standard", standard.as_ref()),
            ("firm", firm.as_ref()),
            (Choice::NAME, chosen.as_ref()),
        ]
        .into_iter()
        .filter_map(|(name, candidate)| Some((name, candidate?)))
    }

    /// One candidate.
    ///
    /// # Errors
    /// It is not offered, or nobody ever heard of it.
    pub fn candidate(&self, name: &str) -> Result<&Candidate, Problem> {
        if let Some((_, candidate)) = self.offered().find(|(offered, _)| *offered == name) {
            return Ok(candidate);
        }
        let why = self
            .withheld
            .iter()
            .find(|withheld| withheld.candidate == name);
        let names: Vec<&str> = self.offered().map(|(offered, _)| offered).collect();
        Err(Problem::new(
            "candidate-not-offered",
            "candidate",
            name,
            why.map_or("the plan has no such candidate", |withheld| {
                withheld.why.as_str()
            }),
            format!("choose one of: {}", names.join(", ")),
        ))
    }
}
