//! A decision as a value: result, reasons, doubts, next questions.
use super::{Gate, RuleSet, Urgency, Verdict};
use crate::fact::{Answer, By, Fact, Reading, Value};
use crate::knowledge::Chosen;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How well a rule is founded.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Several primary papers agree.
    Strong,
    /// One good primary paper, or several weak ones.
    Moderate,
    /// Case reports, or primary papers that contradict each other.
    Weak,
    /// Published lists, labels and course texts.
    List,
    /// Our own judgement; needs a clinician's sign-off.
    ExpertOpinion,
}

impl Evidence {
    /// Every class, best first.
    pub const ALL: [Self; 5] = [
        Self::Strong,
        Self::Moderate,
        Self::Weak,
        Self::List,
        Self::ExpertOpinion,
    ];

    /// In words for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Moderate => "moderate",
            Self::Weak => "weak",
            Self::List => "list",
            Self::ExpertOpinion => "expert opinion, needs a clinician's sign-off",
        }
    }
}

/// A fact that a rule stands on, as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Given {
    /// `id` or `id[index,…]`.
    pub fact: String,
    /// Short name for people.
    pub label: String,
    /// The value, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The answer in its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// UCUM unit of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// When it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
    /// Who or what it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<By>,
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The document or device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// From a record that no practitioner has confirmed yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unconfirmed: bool,
}

impl Given {
    /// A reading as a reason.
    #[must_use]
    pub fn of(reading: &Reading, label: &str, unit: Option<&str>) -> Self {
        let answer = match &reading.content {
            crate::fact::Content::Answer(answer) => Some(*answer),
            crate::fact::Content::Value(_) => None,
        };
        let number = matches!(reading.as_value(), Some(Value::Number(_)));
        let unit = reading.unit.clone().or_else(|| unit.map(str::to_owned));
        Self {
            fact: reading.key().to_string(),
            label: label.to_owned(),
            value: reading.as_value().cloned(),
            answer,
            unit: unit.filter(|unit| number && unit != "1"),
            at: Some(reading.at),
            by: Some(reading.by),
            who: reading.who.clone(),
            source: reading.source.clone(),
            unconfirmed: reading.unconfirmed,
        }
    }

    /// What a clinic's policy says, with who approved it.
    pub(super) fn of_policy(fact: &Fact, chosen: &Chosen) -> Self {
        Self {
            fact: fact.id.clone(),
            label: fact.label.clone(),
            value: fact.default.clone(),
            answer: None,
            unit: None,
            at: None,
            by: None,
            who: Some(format!("{} ({})", chosen.approver, chosen.licence)),
            source: Some(format!(
                "the clinic's policy of {}: {}",
                chosen.date, chosen.reason
            )),
            unconfirmed: false,
        }
    }
}

/// What kind of condition.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ConditionKind {
    /// A limit on the dose.
    Dose,
    /// Something that must be used.
    Equipment,
    /// Something that must be entered before, during or after the session.
    Monitoring,
    /// A document that must be on file.
    Document,
}

impl ConditionKind {
    /// In a word for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dose => "dose",
            Self::Equipment => "equipment",
            Self::Monitoring => "monitoring",
            Self::Document => "document",
        }
    }
}

/// When a monitored fact must be entered.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum MonitorAt {
    /// Without it the session cannot start.
    Before,
    /// While the patient is on the table.
    During,
    /// Without it the session cannot close.
    After,
}

impl MonitorAt {
    /// In a word for people.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::During => "during",
            Self::After => "after",
        }
    }
}

/// What a decision asks for (CLINICAL §1.9).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Which kind.
    pub kind: ConditionKind,
    /// In words for people.
    pub text: String,
    /// The rules that ask for it; filled by the engine.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Dose: the candidates that are left (`gentle`, `standard`, `firm`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub candidates: Option<Vec<String>>,
    /// Dose: the greatest force, N.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_force_n: Option<f64>,
    /// Dose: the greatest force as a fraction of body weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_body_weight_fraction: Option<f64>,
    /// Equipment: the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Monitoring: the fact to enter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<String>,
    /// Monitoring: when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<MonitorAt>,
    /// Monitoring: criteria at which the session stops.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_at: Option<String>,
}

impl Condition {
    /// A condition that says nothing but its text.
    #[must_use]
    pub fn text(kind: ConditionKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            rules: Vec::new(),
            candidates: None,
            max_force_n: None,
            max_body_weight_fraction: None,
            item: None,
            fact: None,
            when: Vec::new(),
            stop_at: None,
        }
    }
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fired {
    /// The rule, by id.
    pub rule: String,
    /// The set it belongs to.
    pub set: RuleSet,
    /// When it counts.
    pub gate: Gate,
    /// What it says.
    pub verdict: Verdict,
    /// How soon somebody must act.
    pub urgency: Urgency,
    /// In the patient's words.
    pub statement: String,
    /// In a practitioner's words.
    pub practitioner: String,
    /// Why.
    pub why: String,
    /// What it stands on.
    pub facts: Vec<Given>,
    /// Where it comes from.
    pub sources: Vec<String>,
    /// How well it is founded.
    pub evidence: Evidence,
    /// What other sources say.
    #[serde(default)]
    pub dissent: Vec<String>,
    /// What it asks for.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// Whether the readings it stands on disagree and the worst was taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub conflict: bool,
    /// The rule's own verdict, where a clearance or an override turned it into `caution`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub softened_from: Option<Verdict>,
    /// Who softened it and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub softened_by: Option<String>,
}

/// A rule that could not be decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Undecided {
    /// The rule, by id.
    pub rule: String,
    /// What it would say if it fired.
    pub verdict: Verdict,
    /// Its statement, for people.
    pub statement: String,
    /// The facts it misses.
    pub missing: Vec<String>,
    /// Why it is undecided although nothing is missing: the rule or a reading is broken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Whom to ask.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// The patient.
    Patient,
    /// An examination by a practitioner.
    Examination,
    /// A measurement on the spot.
    Measurement,
    /// A record or document.
    Record,
    /// A test or image.
    Test,
    /// The attendant at the table.
    Attendant,
}

/// Why a question is asked.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionReason {
    /// An imported record says so and a rule fired on it: confirm or refute it.
    Confirm,
    /// A rule is undecided without it.
    Undecided,
    /// A rule fired for want of a detail that could lower it.
    Detail,
}

/// A question still to be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// `id` or `id[index,…]`.
    pub fact: String,
    /// Short name for people.
    pub label: String,
    /// In the patient's words.
    pub patient: String,
    /// In a practitioner's words.
    pub practitioner: String,
    /// Whom to ask.
    pub ask: Ask,
    /// Why it is asked.
    pub reason: QuestionReason,
    /// The rules it bears on.
    pub rules: Vec<String>,
    /// Whether its answer alone decides one of them.
    pub decides_alone: bool,
    /// What was already answered today in place of a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answer>,
}

/// Which knowledge decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KnowledgeRef {
    /// Version of the program that carries it.
    pub version: String,
    /// SHA-256 over its files, hexadecimal.
    pub sha256: String,
}

/// The result of one rule set over one patient at one instant.
#[must_use = "a decision that nobody reads protects nobody"]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Number of this form of document.
    pub schema: String,
    /// How soon somebody must act: the worst over the rules that fired.
    pub urgency: Urgency,
    /// The worst over the rules that fired and those undecided.
    pub verdict: Verdict,
    /// The set that was decided.
    pub set: RuleSet,
    /// The region it was decided for.
    pub region: String,
    /// The instant it was decided for.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// The gates that counted.
    pub gates: Vec<Gate>,
    /// The rules that fired, worst first.
    pub fired: Vec<Fired>,
    /// The rules that could not be decided, worst first.
    pub undecided: Vec<Undecided>,
    /// What to ask next, most decisive first.
    pub next_questions: Vec<Question>,
    /// What the decision asks for.
    pub conditions: Vec<Condition>,
    /// Facts whose sources disagree; the worst was taken until a practitioner settles it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<String>,
    /// Facts with readings that this knowledge does not have, so no rule read them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// Policies that the clinic set looser than the default, where a rule read them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loosened: Vec<Given>,
    /// Which knowledge decided.
    pub knowledge: KnowledgeRef,
}

impl Decision {
    /// The form this code writes.
    pub const SCHEMA: &'static str = "annulus.decision/1";

    /// The document of the JSON contract.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a decision has only text keys and finite numbers")
    }

    /// SHA-256 over the JSON document with its fields in declared order.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        let bytes =
            serde_json::to_vec(self).expect("a decision has only text keys and finite numbers");
        Sha256::digest(bytes).into()
    }

    /// The JSON Schema of a decision.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// Whether it and another come to the same by the same rules: nothing that was told
    /// between them changed it.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let rules = |decision: &Self| -> Vec<(String, Verdict)> {
            let fired = decision
                .fired
                .iter()
                .map(|one| (one.rule.clone(), one.verdict));
            let open = decision.undecided.iter();
            fired
                .chain(open.map(|one| (one.rule.clone(), one.verdict)))
                .collect()
        };
        (self.verdict, self.urgency) == (other.verdict, other.urgency)
            && self.conditions == other.conditions
            && rules(self) == rules(other)
    }

    /// Whether a plan may exist on it: `cleared` or `caution`.
    #[must_use]
    pub fn permits_traction(&self) -> bool {
        matches!(self.verdict, Verdict::Cleared | Verdict::Caution)
            && matches!(self.set, RuleSet::Screening)
    }

    /// Whether it is worse than another of the same set, in verdict or in urgency.
    #[must_use]
    pub fn is_worse_than(&self, other: &Self) -> bool {
        self.set.rank(self.verdict) < self.set.rank(other.verdict) || self.urgency > other.urgency
    }
}
