//! The questions of a check-in, and what a filled form says.

use care::decide::{Decision, Gate, Request, RuleSet};
use care::episode::Episode;
use care::fact::{Baseline, By, FactKey, FactSet, Kind, Reading, Value};
use si::{Problem, Region};

use super::super::inputs::{self, Entry, Input, Voice};
use super::super::{alert, body};
use crate::clinic::Clinic;
use crate::door::{Fault, Visit};
use crate::frame::Frame;

/// The section of signs that are seen today; most may be denied together.
const REST: &str = "today-signs";
/// Of fracture, and of infection or cancer: asked on their own, never denied with others
/// (CLINICAL.md §1.6).
const OWN: [&str; 2] = ["since_fall", "since_fever"];

/// The questions of a check-in.
#[derive(Debug)]
pub struct Form {
    /// Each a question of its own, with its own yes and no.
    pub flags: Vec<Input>,
    /// What the patient says of a sign at the desk of an emergency department, by its number.
    pub says: Vec<(usize, String)>,
    /// Ticked where they are so; "none of these" is an answer of its own.
    pub rest: Vec<Input>,
    /// Where it hurts, on a picture of the body.
    pub chart: Option<body::Asked>,
    /// What it feels like.
    pub feels: Option<body::Feels>,
    /// 0 to 10, each at every site.
    pub scores: Vec<Score>,
    /// The rest.
    pub others: Vec<Input>,
}

/// One question from 0 to 10, with the sites it is asked of.
#[derive(Debug)]
pub struct Score {
    /// What is asked.
    pub question: String,
    /// What its ends mean.
    pub anchors: String,
    /// Each site with its field.
    pub sites: Vec<(String, Input)>,
}

/// The questions of a region, in the patient's words, with the answers that are an emergency.
pub fn form(f: &Frame, clinic: &Clinic, episode: &Episode) -> Result<Form, Fault> {
    let region = episode.region.ok_or(Fault::NotFound)?;
    let catalogue = clinic.knowledge().catalogue();
    let section = |name: &'static str| {
        let facts = catalogue
            .section(name)
            .filter(move |fact| fact.is_for(region));
        facts
            .flat_map(|fact| Input::all(f.t, fact, region, Voice::Patient))
            .collect::<Vec<_>>()
    };
    let mut flags = section("emergency-signs");
    let (own, rest): (Vec<_>, Vec<_>) = section(REST).into_iter().partition(is_own);
    flags.extend(own);
    let mut says = Vec::new();
    for input in &mut flags {
        input.doubt = false;
        if let Some(words) = emergency(clinic, region, &input.name) {
            says.push((says.len() + 1, words));
            input.sign = says.len();
            input.emergency = vec!["yes"];
        }
    }
    let scores = ["pain_now", "pain_worst_since"];
    let scores = scores.map(|id| score(f, clinic, region, id));
    // How far down the pain reaches decides every milder result: it is always asked.
    let ids = [
        "distal_extent",
        "soreness_gone_after",
        "since_function_lost",
    ];
    let mut others = Input::listed(f.t, catalogue, ids, region, Voice::Patient);
    others.iter_mut().for_each(|input| input.doubt = false);
    Ok(Form {
        flags,
        says,
        rest,
        chart: body::asked(f, catalogue, region),
        feels: body::feels(f, catalogue, region),
        scores: scores.into_iter().flatten().collect(),
        others,
    })
}

/// A question from 0 to 10 at every site; nothing where the catalogue lacks it.
fn score(f: &Frame, clinic: &Clinic, region: Region, id: &str) -> Option<Score> {
    let catalogue = clinic.knowledge().catalogue();
    let question = catalogue.get(id)?.patient.clone();
    let inputs = Input::listed(f.t, catalogue, [id], region, Voice::Patient);
    let mut inputs = Input::anchored(inputs, clinic.knowledge().instruments());
    let mut anchors = String::new();
    for input in &mut inputs {
        anchors = std::mem::take(&mut input.anchors).join(" · ");
    }
    let sited = inputs.into_iter().map(|mut input| {
        let key = input.name.strip_prefix("f:").and_then(FactKey::parse);
        let site = key.and_then(|key| key.index.first().cloned());
        let site = f.t.site(site.as_deref().unwrap_or_default(), region);
        input.question = format!("{site}: {question}");
        (site, input)
    });
    Some(Score {
        sites: sited.collect(),
        question,
        anchors,
    })
}

fn is_own(input: &Input) -> bool {
    let key = input.name.strip_prefix("f:").unwrap_or(&input.name);
    OWN.contains(&key)
}

/// What was asked, not answered, and would decide a rule that is open.
pub(super) fn open(form: &Form, decision: &Decision) -> Vec<String> {
    let asked = form.flags.iter().chain(&form.rest);
    let scores = form.scores.iter().flat_map(|score| &score.sites);
    let asked = asked.chain(scores.map(|(_, input)| input));
    let asked = asked.chain(&form.others);
    let misses = |input: &&Input| {
        let key = input.name.strip_prefix("f:").unwrap_or(&input.name);
        let mut rules = decision.undecided.iter();
        rules.any(|rule| rule.missing.iter().any(|missing| missing == key))
    };
    asked
        .filter(misses)
        .map(|input| input.question.clone())
        .collect()
}

/// What a form of a check-in says. "None of these" denies what was not ticked.
pub(in super::super) fn answers(
    visit: &Visit,
    region: Region,
    entry: &Entry,
) -> Result<Vec<Reading>, Problem> {
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let mut readings = inputs::readings(&visit.form, catalogue, entry)?;
    if visit.form.get("none") != Some(REST) {
        return Ok(readings);
    }
    let rest = catalogue.section(REST).filter(|fact| fact.is_for(region));
    for fact in rest.filter(|fact| !OWN.contains(&fact.id.as_str())) {
        let key = fact.id.as_str();
        if !readings.iter().any(|told| told.fact.as_str() == key) {
            readings.push(inputs::reading(key, "no", catalogue, entry)?);
        }
    }
    Ok(readings)
}

/// What is said of it at the desk, where "yes" to this question alone is an emergency by the
/// triage rules.
fn emergency(clinic: &Clinic, region: Region, name: &str) -> Option<String> {
    let catalogue = clinic.knowledge().catalogue();
    let key = name.strip_prefix("f:").and_then(FactKey::parse);
    let key = key.filter(|key| {
        catalogue
            .get(key.fact.as_str())
            .is_some_and(|fact| fact.kind == Kind::Boolean)
    })?;
    let at = clinic.now();
    let facts: FactSet = [Reading::value(key, Value::Bool(true), at, By::Patient)]
        .into_iter()
        .collect();
    let decision = care::decide::decide(&Request {
        set: RuleSet::Triage,
        facts: &facts,
        region,
        gates: Gate::ALL,
        knowledge: clinic.knowledge(),
        at,
        zone: clinic.zone(),
        baseline: Baseline::First,
    });
    let mut says = alert::said_at_the_desk(clinic, &decision.fired).into_iter();
    says.next()
}
