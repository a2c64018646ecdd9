//! Policy: what the sources contest, the fence round each choice, and what a clinic chose.
//!
//! `policy.toml` asks the questions and says what holds by default (CLINICAL.md
//! §1.12); a clinic's own file answers some of them, each answer with who
//! approved it. An answer outside its fence is refused when the knowledge loads.
use super::Source;
use super::load::{File, Loader};
use crate::fact::{Catalogue, Fact, Kind, Value};
use crate::plan::Dose;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use toml::Spanned;

/// Where the questions stand.
const FILE: &str = "policy.toml";
/// Where a clinic's own file lies among the knowledge.
pub(super) const CLINIC: &str = "clinic/policy.toml";
/// The section of facts that a clinic answers and no patient.
const SECTION: &str = "policy";
const REMEDY: &str = "write id, value, approver, licence, date and reason in each [[choice]]";

/// A value that a choice takes.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Setting {
    /// A number of dose, in the unit of its parameter.
    Number(f64),
    /// A word of a policy fact.
    Word(String),
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// A question that a clinic answers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its id.
    pub id: String,
    /// Its number in §8 of the clinical reference.
    pub contested: u8,
    /// In words.
    pub question: String,
    /// The policy fact it sets,
    #[serde(default)]
    pub fact: Option<String>,
    /// or the number of dose, such as `lumbar.ceiling`.
    #[serde(default)]
    pub dose: Option<String>,
    /// Whether only whole numbers make sense.
    #[serde(default)]
    pub whole: bool,
    /// What holds while the clinic has said nothing.
    pub default: Setting,
    /// Every word, or both ends of the numbers; the strictest first.
    pub fence: Vec<Setting>,
    /// What stands for which value.
    pub stands: Vec<Stand>,
    /// What other sources say.
    pub dissent: Vec<String>,
    /// What the clinic said.
    #[serde(skip_deserializing, default)]
    pub chosen: Option<Chosen>,
}

/// What stands for one value.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stand {
    /// The value.
    pub value: Setting,
    /// Ids of `sources.toml`.
    pub sources: Vec<String>,
    /// What they say for it.
    pub why: String,
}

/// A clinic's answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chosen {
    /// The value.
    pub value: Setting,
    /// Who approved it.
    pub approver: String,
    /// Their licence to practise.
    pub licence: String,
    /// When.
    pub date: String,
    /// Why.
    pub reason: String,
}

/// A contested question that is nobody's choice.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// Its id.
    pub id: String,
    /// Its number in §8 of the clinical reference.
    pub contested: u8,
    /// In words.
    pub question: String,
    /// What holds.
    pub answer: String,
    /// Why nobody chooses.
    pub reason: String,
    /// Ids of `sources.toml`.
    pub sources: Vec<String>,
}

/// Every contested question with its answer.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What a clinic answers.
    #[serde(rename = "choice", default)]
    pub choices: Vec<Choice>,
    /// What nobody chooses.
    #[serde(default)]
    pub settled: Vec<Settled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClinicFile {
    #[serde(rename = "choice", default)]
    choices: Vec<Answer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    id: Spanned<String>,
    value: Spanned<Setting>,
    approver: Spanned<String>,
    licence: Spanned<String>,
    date: Spanned<toml::value::Datetime>,
    reason: Spanned<String>,
}

impl Choice {
    /// What holds: the clinic's answer, or the default.
    #[must_use]
    pub fn in_force(&self) -> &Setting {
        self.chosen
            .as_ref()
            .map_or(&self.default, |chosen| &chosen.value)
    }

    /// Whether what holds is looser than the default.
    #[must_use]
    pub fn is_loosened(&self) -> bool {
        self.looseness(self.in_force()) > self.looseness(&self.default)
    }

    /// How far a value lies from the strict end of the fence; nothing outside it.
    fn looseness(&self, value: &Setting) -> Option<f64> {
        let number = |setting: Option<&Setting>| match setting {
            Some(Setting::Number(number)) => Some(*number),
            _ => None,
        };
        let Setting::Number(value) = value else {
            let place = self.fence.iter().position(|own| own == value)?;
            return u32::try_from(place).ok().map(f64::from);
        };
        let (strict, loose) = (number(self.fence.first())?, number(self.fence.last())?);
        let (low, high) = (strict.min(loose), strict.max(loose));
        let inside = (low..=high).contains(value) && !(self.whole && value.fract() != 0.0);
        inside.then(|| (value - strict).abs())
    }

    /// The fence in words.
    #[must_use]
    pub fn fence_in_words(&self) -> String {
        let words: Vec<String> = self.fence.iter().map(ToString::to_string).collect();
        let whole = if self.whole { ", whole" } else { "" };
        match self.dose {
            Some(_) => format!("{}{whole}", words.join(" to ")),
            None => words.join(", "),
        }
    }
}

impl Policy {
    /// A choice by its id.
    #[must_use]
    pub fn choice(&self, id: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.id == id)
    }

    /// The numbers of the questions, in order.
    pub fn numbers(&self) -> impl Iterator<Item = u8> {
        let choices = self.choices.iter().map(|choice| choice.contested);
        let settled = self.settled.iter().map(|one| one.contested);
        let numbers: BTreeSet<u8> = choices.chain(settled).collect();
        numbers.into_iter()
    }

    /// The choice that sets a policy fact.
    #[must_use]
    pub fn of_fact(&self, fact: &str) -> Option<&Choice> {
        let sets = |choice: &&Choice| choice.fact.as_deref() == Some(fact);
        self.choices.iter().find(sets)
    }

    /// The value of a policy fact.
    pub(super) fn value_of(&self, fact: &Fact) -> Option<Value> {
        if fact.section != SECTION {
            return None;
        }
        match self.of_fact(&fact.id)?.in_force() {
            Setting::Word(word) => Some(Value::Choice(word.clone())),
            Setting::Number(_) => None,
        }
    }

    /// Writes the clinic's numbers over those of dose, each with who approved it.
    pub(crate) fn apply(&self, dose: &mut Dose) {
        for choice in &self.choices {
            let (Some(path), Some(chosen)) = (&choice.dose, &choice.chosen) else {
                continue;
            };
            if let (Setting::Number(number), Some(parameter)) =
                (&chosen.value, dose.parameter_mut(path))
            {
                let own = format!(
                    " The clinic's policy lowers {} to {number} ({}, {}).",
                    parameter.value, chosen.approver, chosen.date
                );
                if *number != parameter.value {
                    parameter.why.push_str(&own);
                }
                parameter.value = *number;
            }
        }
    }
}

/// Whether a fact is the clinic's to answer and no patient's.
pub(crate) fn is_policy(fact: &Fact) -> bool {
    fact.section == SECTION
}

impl<'f> Loader<'f> {
    /// The questions, and what the clinic's file answers.
    pub(super) fn policy(&mut self) -> Policy {
        let mut policy = Policy::default();
        for file in self.exactly(FILE) {
            policy = self.read(file).unwrap_or_default();
        }
        for file in self.exactly(CLINIC) {
            let Some(read) = self.read_or::<ClinicFile>(file, REMEDY) else {
                continue;
            };
            for answer in read.choices {
                self.answered(file, &mut policy, answer);
            }
        }
        policy
    }

    fn answered(&mut self, file: File<'f>, policy: &mut Policy, answer: Answer) {
        let id = answer.id.get_ref().as_str();
        let Some(choice) = policy.choices.iter_mut().find(|choice| choice.id == id) else {
            let known: Vec<&str> = policy.choices.iter().map(|c| c.id.as_str()).collect();
            let remedy = format!("the choices are {}", known.join(", "));
            self.at(file, &answer.id, id, "no choice has this id", &remedy);
            return;
        };
        if choice.chosen.is_some() {
            self.at(file, &answer.id, id, "it is chosen twice", "keep one");
        }
        let (value, fence) = (answer.value.get_ref(), choice.fence_in_words());
        if choice.looseness(value).is_none() {
            let text = value.to_string();
            let problem = format!("lies outside the fence of `{id}`");
            let remedy = format!("from the strictest on: {fence}");
            self.at(file, &answer.value, &text, &problem, &remedy);
        }
        let said = [
            (&answer.approver, "`approver` names nobody"),
            (&answer.licence, "`licence` is empty"),
            (&answer.reason, "`reason` says nothing"),
        ];
        for (text, problem) in said
            .iter()
            .filter(|(text, _)| text.get_ref().trim().is_empty())
        {
            self.at(file, text, "", problem, REMEDY);
        }
        if answer.date.get_ref().date.is_none() {
            let time = answer.date.get_ref().to_string();
            self.at(file, &answer.date, &time, "`date` is no date", REMEDY);
        }
        choice.chosen = Some(Chosen {
            value: value.clone(),
            approver: answer.approver.into_inner(),
            licence: answer.licence.into_inner(),
            date: answer.date.get_ref().to_string(),
            reason: answer.reason.into_inner(),
        });
    }

    /// What the questions must get right: facts, numbers of dose, fences, sources.
    pub(super) fn fenced(
        &mut self,
        policy: &Policy,
        catalogue: &Catalogue,
        sources: &BTreeMap<String, Source>,
    ) {
        let Some(file) = self.exactly(FILE).pop() else {
            return;
        };
        let dose = self.untouched();
        let mut seen = BTreeSet::new();
        let settled = policy.settled.iter().map(|one| (&one.id, &one.sources));
        let stands = |choice: &'_ Choice| -> Vec<String> {
            choice
                .stands
                .iter()
                .flat_map(|s| s.sources.clone())
                .collect()
        };
        let chosen: Vec<_> = policy.choices.iter().map(|c| (&c.id, stands(c))).collect();
        for (id, cited) in settled.chain(chosen.iter().map(|(id, cited)| (*id, cited))) {
            if !seen.insert(id.clone()) {
                self.fault(file, id, "", "two questions share this id", "rename one");
            }
            if cited.is_empty() {
                self.fault(
                    file,
                    id,
                    "",
                    "it cites nothing",
                    "cite an id of sources.toml",
                );
            }
            for source in cited.iter().filter(|source| !sources.contains_key(*source)) {
                let problem = format!("source `{source}` is not in sources.toml");
                self.fault(file, id, source, &problem, "cite an id of the list");
            }
        }
        for choice in &policy.choices {
            for problem in wrong_with(choice, catalogue, dose.as_ref()) {
                self.fault(file, &choice.id, "", &problem, "mend the entry");
            }
        }
    }

    /// The numbers of dose as their file has them; what is wrong with it is told elsewhere.
    fn untouched(&self) -> Option<Dose> {
        let (_, text) = self.exactly("dose.toml").pop()?;
        Dose::read(text).ok()
    }
}

fn wrong_with(choice: &Choice, catalogue: &Catalogue, dose: Option<&Dose>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut claim = |holds: bool, problem: &str| {
        if !holds {
            wrong.push(problem.to_owned());
        }
    };
    claim(
        choice.fence.len() >= 2,
        "the fence needs two values or more",
    );
    claim(
        choice.looseness(&choice.default).is_some(),
        "the default lies outside the fence",
    );
    for stand in &choice.stands {
        claim(
            choice.looseness(&stand.value).is_some(),
            "something stands for a value outside the fence",
        );
    }
    match (&choice.fact, &choice.dose) {
        (Some(id), None) => {
            let fact = catalogue.get(id).filter(|fact| is_policy(fact));
            let fact = fact.filter(|fact| fact.kind == Kind::Choice);
            let words: Vec<Setting> = fact
                .map(|fact| fact.values.iter().cloned().map(Setting::Word).collect())
                .unwrap_or_default();
            claim(
                words == choice.fence,
                "the fence is not what the policy fact takes, in its order",
            );
            let each = |value: &Setting| choice.stands.iter().any(|stand| stand.value == *value);
            claim(choice.fence.iter().all(each), "nothing stands for a value");
        }
        (None, Some(path)) => {
            let own = dose
                .and_then(|dose| dose.parameter(path))
                .map(|own| own.value);
            claim(
                dose.is_none() || own.map(Setting::Number).as_ref() == Some(&choice.default),
                "the default is not the number of dose.toml",
            );
            claim(
                choice.fence.last() == Some(&choice.default) && choice.fence.len() == 2,
                "a number of dose is only tightened: its fence ends at the default",
            );
        }
        _ => claim(false, "it sets one policy fact, or one number of dose"),
    }
    wrong
}
