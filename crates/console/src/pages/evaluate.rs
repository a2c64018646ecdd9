//! Evaluate: the most decisive question first, the decision beside it with its
//! reasons, everything unknown as an item of its own. What is not saved yet is decided on by
//! [`preview()`], which writes nothing.

mod preview;

use askama::Template;
use care::decide::{Ask, Decision, Gate, Question, QuestionReason};
use care::episode::{Command, Episode, Path};
use care::fact::{Baseline, FactKey, Kind, Moment, Reading, UNASKED};
use jiff::Timestamp;
use si::{Problem, Region};

use super::body;
use super::decision::DecisionView;
use super::examined::Examined;
use super::inputs::{self, Input, Voice};
use super::intake::Intake;
use super::permission::{self, OnFile};
use super::who::{Desk, Who};
use crate::clinic::Clinic;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "evaluate.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    first: Option<Asked>,
    then: Vec<Asked>,
    decision: DecisionView,
    kept: Option<String>,
    unsaved: bool,
    sections: Vec<Section>,
    conflicts: Vec<Input>,
    intake: Option<Intake>,
    /// Questions of everyone that nobody answered yet.
    everyone: usize,
    file: Vec<OnFile>,
    whole: bool,
    known: Examined,
}

struct Asked {
    input: Input,
    whom: String,
    could: String,
    confirm: bool,
    yes_no: bool,
}

struct Section {
    name: String,
    words: String,
    answered: String,
    inputs: Vec<Input>,
    deniable: bool,
}

/// GET `/patients/{patient}/evaluate`; `?form=intake` shows the questions of everyone and
/// what their answers opened, `?form=all` every question.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Evaluate);
    let (clinic, episode) = (&visit.app.clinic, &desk.chart.episode);
    let region = episode.region.ok_or(Fault::NotFound)?;
    let decision = decide(clinic, episode, region, f.now.timestamp());
    let form = visit.query.get("form");
    let whole = form == Some("all");
    let mut asked = asked(&f, clinic, &decision);
    let head = match asked.len() {
        0 => f.t.evaluate_nothing_open(),
        count => f.t.evaluate_open(count),
    };
    let then = asked.split_off(asked.len().min(1));
    let intake = Intake::of(&f, clinic, episode, region, &decision);
    let one_by_one = !whole && form != Some("intake");
    let page = Page {
        head,
        first: asked.pop(),
        // A form has its questions on it.
        then: if one_by_one { then } else { Vec::new() },
        kept: kept(&f, episode, &decision),
        unsaved: false,
        sections: if whole {
            sections(&f, clinic, episode, region)
        } else {
            Vec::new()
        },
        conflicts: conflicts(&f, clinic, &decision, region),
        decision: DecisionView::of(&f, &decision).for_patient(&f, clinic, desk.chart.id),
        file: permission::on_file(&f, clinic, &desk.chart),
        everyone: intake.everyone,
        intake: (form == Some("intake")).then_some(intake),
        whole,
        known: Examined::of(&f, clinic, episode, region, f.now.timestamp()),
        f,
        p,
    };
    html(&page)
}

/// POST `/patients/{patient}/evaluate/preview`: the parts of the page that a form moves.
pub async fn preview(visit: Visit) -> Reply {
    preview::show(visit).await
}

/// POST `/patients/{patient}/evaluate/answers`; with `deny`, the rest of that section is
/// denied in the same act.
pub async fn answer(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let clinic = &visit.app.clinic;
    let catalogue = clinic.knowledge().catalogue();
    let entry = desk.entry(&visit);
    let readings = inputs::readings(&visit.form, catalogue, &entry)?;
    if let Some(command) = command(&visit, &desk, (readings, &entry))? {
        desk.act(&visit, command).await?;
    }
    let query = match visit.form.get("form") {
        Some("all") => "?form=all",
        Some("intake") => "?form=intake",
        _ => "",
    };
    Ok(see(&format!("/patients/{}/evaluate{query}", desk.chart.id)))
}

/// What a form with these answers tells: with what a whole picture leaves unmarked, and with what
/// it denies together, all of one instant. Nothing where it tells nothing.
fn command(
    visit: &Visit,
    desk: &Desk,
    (mut readings, entry): (Vec<Reading>, &inputs::Entry),
) -> Result<Option<Command>, Fault> {
    let clinic = &visit.app.clinic;
    if visit.form.get(body::WHOLE).is_some() {
        let region = desk.chart.episode.region.ok_or(Fault::NotFound)?;
        let catalogue = clinic.knowledge().catalogue();
        readings.extend(body::unmarked(catalogue, region, &readings, entry)?);
    }
    let mut sections = Vec::new();
    if let Some(section) = visit.form.get("deny") {
        let region = desk.chart.episode.region.ok_or(Fault::NotFound)?;
        let mut negatives = denied(clinic, &desk.chart.episode, section, region, entry)?;
        negatives.retain(|no| readings.iter().all(|given| given.key() != no.key()));
        readings.extend(negatives);
        sections.push(section.to_owned());
    }
    let denied = sections;
    Ok((!readings.is_empty()).then_some(Command::RecordFacts { readings, denied }))
}

/// POST `/patients/{patient}/evaluate/denied`: a section, all asked, all denied.
pub async fn deny(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let section = visit.form.need("section")?.to_owned();
    let region = desk.chart.episode.region.ok_or(Fault::NotFound)?;
    let readings = denied(
        &visit.app.clinic,
        &desk.chart.episode,
        &section,
        region,
        &desk.entry(&visit),
    )?;
    desk.act(
        &visit,
        Command::RecordFacts {
            readings,
            denied: vec![section],
        },
    )
    .await?;
    Ok(see(&format!(
        "/patients/{}/evaluate?form=all&said=saved",
        desk.chart.id
    )))
}

/// POST `/patients/{patient}/evaluate/decide`: makes the decision and keeps it.
pub async fn keep(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let chart = desk.act(&visit, Command::Evaluate).await?;
    let next = visit.app.clinic.next_step(&chart.episode);
    let href = super::who::href(&chart, next);
    Ok(see(&format!("{href}?said=decided")))
}

/// POST `/patients/{patient}/evaluate/resolve`: ends a disagreement between sources.
pub async fn resolve(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let mut readings = inputs::readings(&visit.form, catalogue, &desk.entry(&visit))?;
    let mut reading = readings.pop().ok_or_else(|| {
        Problem::new(
            "value-missing",
            "value",
            "",
            "what holds was not said",
            "give the value that holds",
        )
    })?;
    reading.by = care::fact::By::Practitioner;
    let reason = visit.form.need("reason")?.to_owned();
    desk.act(&visit, Command::ResolveConflict { reading, reason })
        .await?;
    Ok(see(&format!(
        "/patients/{}/evaluate?said=saved",
        desk.chart.id
    )))
}

/// The decision as of now, not kept: what the page previews.
pub fn decide(clinic: &Clinic, episode: &Episode, region: Region, at: Timestamp) -> Decision {
    care::decide::evaluate(
        &episode.facts(),
        region,
        Gate::EVALUATE,
        clinic.knowledge(),
        at,
        clinic.zone(),
    )
}

/// When a decision was kept that nothing told since has changed.
fn kept(f: &Frame, episode: &Episode, decision: &Decision) -> Option<String> {
    let kept = episode.decision.as_ref();
    kept.filter(|kept| kept.decision.says_the_same_as(decision))
        .map(|kept| f.when(&kept.at))
}

/// What is asked next, the most decisive first.
fn asked(f: &Frame, clinic: &Clinic, decision: &Decision) -> Vec<Asked> {
    let next = decision.next_questions.iter();
    next.filter_map(|question| ask(f, clinic, question))
        .collect()
}

fn ask(f: &Frame, clinic: &Clinic, question: &Question) -> Option<Asked> {
    let catalogue = clinic.knowledge().catalogue();
    let key = FactKey::parse(&question.fact)?;
    let fact = catalogue.get(key.fact.as_str())?;
    // A patient is asked in a patient's words; what it means for a practitioner stands beneath.
    let voice = match question.ask {
        Ask::Patient => Voice::Patient,
        _ => Voice::Practitioner,
    };
    let mut input = Input::of(f.t, fact, &key, voice);
    input.hint = match voice {
        Voice::Patient => fact.practitioner.clone(),
        Voice::Practitioner => String::new(),
    };
    Some(Asked {
        input,
        whom: whom(f, question.ask),
        could: findings(clinic, &question.rules),
        confirm: question.reason == QuestionReason::Confirm,
        yes_no: fact.kind == Kind::Boolean,
    })
}

/// The findings that an answer could decide, the first few by name.
fn findings(clinic: &Clinic, rules: &[String]) -> String {
    const NAMED: usize = 3;
    let named = rules.iter().filter_map(|id| clinic.knowledge().rule(id));
    let mut names: Vec<&str> = named
        .take(NAMED)
        .map(care::knowledge::Rule::finding)
        .collect();
    if rules.len() > NAMED {
        names.push("…");
    }
    names.join("; ")
}

fn whom(f: &Frame, ask: Ask) -> String {
    match ask {
        Ask::Patient => f.t.evaluate_asks_patient(),
        Ask::Examination => f.t.asks_examination(),
        Ask::Measurement => f.t.asks_measurement(),
        Ask::Record => f.t.asks_record(),
        Ask::Test => f.t.asks_test(),
        Ask::Attendant => f.t.asks_attendant(),
    }
}

/// Every question of the region that has no fresh value, by section.
fn sections(f: &Frame, clinic: &Clinic, episode: &Episode, region: Region) -> Vec<Section> {
    let catalogue = clinic.knowledge().catalogue();
    let facts = episode.facts();
    let known = |key: &FactKey| facts.of(key).last().map(inputs::raw).unwrap_or_default();
    let mut sections = Vec::new();
    for name in catalogue.sections() {
        if UNASKED.contains(&name) {
            continue;
        }
        let mut inputs = Vec::new();
        for fact in catalogue.section(name).filter(|fact| fact.is_for(region)) {
            for index in fact.indices(region) {
                let key = FactKey {
                    fact: fact.id.as_str().into(),
                    index,
                };
                let mut input = Input::of(f.t, fact, &key, Voice::Practitioner);
                // What is on record is shown beside the field; only new answers are sent.
                input.known = known(&key);
                inputs.push(input);
            }
        }
        let deniable =
            !care::input::deny(name, clinic.knowledge(), region, f.now.timestamp()).is_empty();
        let known = inputs
            .iter()
            .filter(|input| !input.known.is_empty())
            .count();
        sections.push(Section {
            name: name.to_owned(),
            words: name.replace(['-', '_'], " "),
            answered: f.t.section_answered(known, inputs.len()),
            inputs,
            deniable,
        });
    }
    sections.retain(|section| !section.inputs.is_empty());
    sections
}

fn conflicts(f: &Frame, clinic: &Clinic, decision: &Decision, region: Region) -> Vec<Input> {
    let catalogue = clinic.knowledge().catalogue();
    let ids = decision.conflicts.iter().map(String::as_str);
    let mut inputs = Input::listed(f.t, catalogue, ids, region, Voice::Practitioner);
    // The same question may stand in the form too: an id stands once on a page.
    for input in &mut inputs {
        input.id.insert_str(0, "settle-");
    }
    inputs
}

/// The declared negatives of every unanswered fact of a section.
fn denied(
    clinic: &Clinic,
    episode: &Episode,
    section: &str,
    region: Region,
    entry: &inputs::Entry,
) -> Result<Vec<Reading>, Problem> {
    let facts = episode.facts();
    let moment = Moment {
        at: entry.at,
        zone: clinic.zone(),
    };
    let view = clinic.knowledge().view(&facts, moment, Baseline::First);
    let open = |reading: &Reading| {
        view.get(&reading.key())
            .is_none_or(|known| known.alternatives.is_empty())
    };
    let negatives = care::input::deny(section, clinic.knowledge(), region, entry.at);
    let who = |reading: Reading| entry.who.iter().cloned().fold(reading, Reading::with_who);
    let readings: Vec<Reading> = negatives.into_iter().filter(open).map(who).collect();
    match readings.is_empty() {
        false => Ok(readings),
        true => Err(Problem::new(
            "section-not-deniable",
            "section",
            section,
            "nothing in this section is open and can be denied together",
            "ask its questions one by one",
        )),
    }
}
