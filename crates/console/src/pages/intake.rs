//! Intake: the questions of everyone on one page, then what their answers opened.
//!
//! The minimum data set of the region comes first (CLINICAL.md §1.5), one tap an
//! answer. Once it is complete the engine's own next questions follow, so that a
//! single finding is asked only after the yes that opened it.

use care::decide::Decision;
use care::episode::Episode;
use care::fact::{Baseline, Fact, FactKey, Moment, View};
use si::Region;

use super::inputs::{Input, Voice};
use crate::clinic::Clinic;
use crate::frame::Frame;

/// The form, as far as it is not answered yet.
#[derive(Debug)]
pub struct Intake {
    /// What is left.
    pub head: String,
    /// How to answer.
    pub lead: Option<String>,
    /// Its questions.
    pub groups: Vec<Group>,
    /// How many questions of everyone are open.
    pub everyone: usize,
}

/// Questions that stand together.
#[derive(Debug)]
pub struct Group {
    /// `patient`, `examination`, or the section of the catalogue.
    pub name: String,
    /// Its heading.
    pub words: String,
    /// The questions.
    pub inputs: Vec<Input>,
    /// The questions that may be denied in one act, by name; empty where that saves nothing.
    pub denies: String,
}

impl Intake {
    /// What is still to be asked of a patient.
    #[must_use]
    pub fn of(
        f: &Frame,
        clinic: &Clinic,
        episode: &Episode,
        region: Region,
        decision: &Decision,
    ) -> Self {
        let groups = everyone(f, clinic, episode, region);
        let everyone = groups.iter().map(|group| group.inputs.len()).sum();
        if everyone > 0 {
            let head = f.t.intake_head(everyone);
            let lead = Some(f.t.intake_lead());
            return Self {
                head,
                lead,
                groups,
                everyone,
            };
        }
        let groups = opened(f, clinic, region, decision);
        let done = groups.is_empty();
        Self {
            head: if done {
                f.t.intake_head_done()
            } else {
                f.t.intake_head_opened()
            },
            lead: (!done).then(|| f.t.intake_lead_opened()),
            groups,
            everyone,
        }
    }
}

/// The questions of everyone that have no answer of today and no fresh value.
fn everyone(f: &Frame, clinic: &Clinic, episode: &Episode, region: Region) -> Vec<Group> {
    let knowledge = clinic.knowledge();
    let Some(set) = knowledge.minimum(region) else {
        return Vec::new();
    };
    let facts = episode.facts();
    let moment = Moment {
        at: f.now.timestamp(),
        zone: clinic.zone(),
    };
    let view = knowledge.view(&facts, moment, Baseline::First);
    let open = |id: &String| is_open(clinic, &view, id, region);
    let group = |name: &str, words: String, ids: &[String]| Group {
        name: name.to_owned(),
        words,
        inputs: ids
            .iter()
            .filter(|id| open(id))
            .filter_map(|id| knowledge.catalogue().get(id))
            .map(|fact| spoken(f, fact))
            .collect(),
        denies: String::new(),
    };
    let mut groups = vec![
        group("patient", f.t.intake_patient(), &set.patient),
        group("examination", f.t.intake_examination(), &set.examination),
    ];
    groups.retain(|group| !group.inputs.is_empty());
    groups
}

/// Whether a question of everyone has neither a value in force nor an answer in its
/// place, and is to be asked of this patient.
fn is_open(clinic: &Clinic, view: &View<'_>, id: &str, region: Region) -> bool {
    let key = FactKey::plain(id);
    let known = view
        .get(&key)
        .is_some_and(|known| !known.alternatives.is_empty() || known.answer.is_some());
    !known && clinic.knowledge().needed(&key, region, view) != care::criteria::Kleene::False
}

/// A question in the words for whoever answers it, the other wording as its hint.
fn spoken(f: &Frame, fact: &Fact) -> Input {
    let voice = match fact.ask {
        care::decide::Ask::Patient => Voice::Patient,
        _ => Voice::Practitioner,
    };
    let mut input = Input::of(f.t, fact, &FactKey::plain(&fact.id), voice);
    input.hint = match fact.needed_when {
        Some(_) => f.t.intake_where_needed(),
        None if voice == Voice::Patient => fact.label.clone(),
        None => String::new(),
    };
    input
}

/// The engine's next questions, by section, in the order in which they decide.
fn opened(f: &Frame, clinic: &Clinic, region: Region, decision: &Decision) -> Vec<Group> {
    let catalogue = clinic.knowledge().catalogue();
    let mut groups: Vec<Group> = Vec::new();
    for question in &decision.next_questions {
        let Some((key, fact)) = FactKey::parse(&question.fact)
            .and_then(|key| catalogue.get(key.fact.as_str()).map(|fact| (key, fact)))
        else {
            continue;
        };
        let input = Input::of(f.t, fact, &key, Voice::Practitioner);
        match groups.iter_mut().find(|group| group.name == fact.section) {
            Some(group) => group.inputs.push(input),
            None => groups.push(Group {
                name: fact.section.clone(),
                words: fact.section.replace(['-', '_'], " "),
                inputs: vec![input],
                denies: String::new(),
            }),
        }
    }
    let now = f.now.timestamp();
    for group in &mut groups {
        let negatives = care::input::deny(&group.name, clinic.knowledge(), region, now);
        let denied = |input: &&Input| {
            negatives
                .iter()
                .any(|no| input.name == format!("f:{}", no.key()))
        };
        let labels: Vec<&str> = group
            .inputs
            .iter()
            .filter(denied)
            .map(|input| input.hint.as_str())
            .collect();
        if labels.len() > 1 {
            group.denies = labels.join(", ");
        }
    }
    groups
}
