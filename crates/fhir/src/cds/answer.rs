//! From a request to its cards.

use super::card::{Finding, Gaps, Writer};
use super::order::is_traction;
use super::request::{Prefetched, Request, parse, resources};
use super::service::{ORDERS, PREFETCH, Service};
use crate::import::{Import, read};
use crate::view::View;
use care::decide::{Decision, Gate, Question, QuestionReason, Verdict, evaluate};
use care::fact::FactSet;
use care::knowledge::Knowledge;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use si::{Problem, Region};
use std::collections::BTreeSet;
use uuid::Uuid;

/// With what a request is answered.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The knowledge.
    pub knowledge: &'c Knowledge,
    /// The clinic's time zone.
    pub zone: &'c TimeZone,
    /// The instant of decision.
    pub at: Timestamp,
}

/// An answer, and what an audit line says of the call.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Which call of the hook it was.
    pub instance: Uuid,
    /// The FHIR id of the patient: never to be written as it is.
    pub patient: String,
    /// How many orders of traction were in sight.
    pub orders: usize,
    /// The body of the answer.
    pub body: Value,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The request is not one: 400.
    Request(Problem),
    /// Nothing of the patient was sent along: 412.
    Precondition(Problem),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Request(problem)
    }
}

/// Answers a call of a service.
///
/// # Errors
/// A request that is none, with the place of what is wrong with it; nothing of the patient's
/// record, where an order of traction is in sight or the orders on record were not sent.
pub fn answer(service: Service, bytes: &[u8], context: &Context<'_>) -> Result<Answered, Refusal> {
    let body = parse(bytes)?;
    let request = Request::read(service, &body)?;
    let mut orders = Vec::new();
    for order in &request.orders {
        if is_traction(order)? {
            orders.push(order);
        }
    }
    let writer = Writer {
        request: &request,
        knowledge: context.knowledge,
        orders: &orders,
    };
    let missed = match service {
        Service::PatientView => missed(&request, ORDERS.0),
        Service::OrderSelect | Service::OrderSign => Vec::new(),
    };
    let cards = if orders.is_empty() {
        unseen(&writer, missed)?
    } else {
        screened(&writer, missed, context)?
    };
    Ok(Answered {
        instance: request.instance,
        patient: request.patient.to_owned(),
        orders: orders.len(),
        body: json!({ "cards": cards }),
    })
}

/// The cards where no order of traction is in sight: none, unless orders on record did not come.
fn unseen(writer: &Writer<'_, '_>, missed: Vec<String>) -> Result<Vec<Value>, Refusal> {
    if missed.is_empty() {
        return Ok(Vec::new());
    }
    let orders = writer.request.prefetched(ORDERS.0);
    if orders == Prefetched::Missing && nothing_came(writer.request) {
        return Err(nothing_prefetched());
    }
    Ok(vec![writer.gaps(&Gaps {
        record: missed,
        ..Gaps::default()
    })])
}

/// The cards for somebody for whom traction was ordered.
fn screened(
    writer: &Writer<'_, '_>,
    missed: Vec<String>,
    context: &Context<'_>,
) -> Result<Vec<Value>, Refusal> {
    let mut gaps = Gaps {
        record: missed,
        ..Gaps::default()
    };
    let record = record(writer.request, &mut gaps)?;
    let imports = imported(&record, context, &mut gaps);
    let decisions: Vec<Decision> = imports
        .iter()
        .map(|(region, import)| decided(import, *region, context))
        .collect();
    for (_, import) in &imports {
        for ask in &import.asks {
            let label = context.knowledge.catalogue().label(&ask.fact);
            let line = format!("{label}: the record has a code that does not decide it");
            if !gaps.asked.contains(&line) {
                gaps.asked.push(line);
            }
        }
    }
    gaps.questions = open(&decisions);
    let mut cards: Vec<Value> = findings(&decisions)
        .iter()
        .map(|one| writer.finding(one))
        .collect();
    if !gaps.record.is_empty() || !gaps.asked.is_empty() || !gaps.questions.is_empty() {
        cards.push(writer.gaps(&gaps));
    }
    Ok(cards)
}

/// What was sent along as one record; what did not come is named.
fn record(request: &Request<'_>, gaps: &mut Gaps<'_>) -> Result<Value, Refusal> {
    if nothing_came(request) {
        return Err(nothing_prefetched());
    }
    let mut entries = Vec::new();
    for (key, _) in PREFETCH {
        gaps.record.extend(missed(request, key));
        let Some(value) = request.prefetched(key).came() else {
            continue;
        };
        let all = resources(value, &format!("prefetch.{key}"))?.into_iter();
        let own: Vec<View<'_>> = all.filter(|one| one.kind != "OperationOutcome").collect();
        of_patient(request, key, &own)?;
        entries.extend(
            own.iter()
                .map(|resource| json!({ "resource": resource.body })),
        );
    }
    Ok(json!({ "resourceType": "Bundle", "type": "collection", "entry": entries }))
}

/// Whether no key holds anything of the patient, nor says that there is nothing.
fn nothing_came(request: &Request<'_>) -> bool {
    PREFETCH
        .iter()
        .all(|(key, _)| match request.prefetched(key) {
            Prefetched::Missing | Prefetched::Failed => true,
            Prefetched::Nothing => *key == "patient",
            Prefetched::Partly(_) | Prefetched::Given(_) => false,
        })
}

fn nothing_prefetched() -> Refusal {
    Refusal::Precondition(Problem::new(
        "nothing-prefetched",
        "prefetch",
        "",
        "holds nothing of the patient, and nothing is fetched",
        "send what GET /cds-services asks for under prefetch",
    ))
}

/// What did not come for a key, in words.
fn missed(request: &Request<'_>, key: &str) -> Vec<String> {
    let came = request.prefetched(key);
    let mut all = match came {
        Prefetched::Missing => vec!["not sent"],
        // The client looked: that there is no condition on record is no finding either.
        Prefetched::Nothing if key == "patient" => vec!["the other system has no such patient"],
        Prefetched::Failed => vec!["the other system could not read it"],
        Prefetched::Partly(_) => vec!["the other system could not read a part of it"],
        Prefetched::Nothing | Prefetched::Given(_) => Vec::new(),
    };
    if came.came().is_some_and(is_page) {
        all.push("only the first page was sent");
    }
    all.iter().map(|what| format!("{key}: {what}")).collect()
}

/// The Patient that was sent is the one of the context.
fn of_patient(request: &Request<'_>, key: &str, sent: &[View<'_>]) -> Result<(), Problem> {
    let id = |one: &View<'_>| {
        let id = one.body.get("id").and_then(Value::as_str);
        id.unwrap_or_default().to_owned()
    };
    let other = sent.iter().find(|one| id(one) != request.patient);
    if key != "patient" || (other.is_none() && !sent.is_empty()) {
        return Ok(());
    }
    Err(Problem::new(
        "another-patient",
        "prefetch.patient",
        other.map_or_else(String::new, |one| format!("{}/{}", one.kind, id(one))),
        "is not the patient of the context",
        "send the record of the patient in context.patientId",
    ))
}

fn is_page(value: &Value) -> bool {
    let links = value["link"].as_array().into_iter().flatten();
    links.into_iter().any(|link| link["relation"] == "next")
}

/// The record read for each region; one that cannot be read is named, and screens nobody.
fn imported(record: &Value, context: &Context<'_>, gaps: &mut Gaps<'_>) -> Vec<(Region, Import)> {
    let mut all = Vec::new();
    let empty = record["entry"].as_array().is_none_or(Vec::is_empty);
    for region in Region::ALL {
        if empty {
            all.push((region, Import::empty(context.at)));
            continue;
        }
        match read(record, context.knowledge, region, Some(context.at)) {
            Ok(import) => all.push((region, import)),
            Err(problem) => {
                let line = format!(
                    "it cannot be read ({}): {} {}; {}",
                    problem.code, problem.place, problem.problem, problem.remedy
                );
                if !gaps.record.contains(&line) {
                    gaps.record.push(line);
                }
                all.push((region, Import::empty(context.at)));
            }
        }
    }
    all
}

fn decided(import: &Import, region: Region, context: &Context<'_>) -> Decision {
    let mut facts = FactSet::new();
    import
        .readings
        .iter()
        .for_each(|reading| facts.insert(reading.clone()));
    evaluate(
        &facts,
        region,
        Gate::EVALUATE,
        context.knowledge,
        context.at,
        context.zone,
    )
}

/// The rules that fired, each once, the worst first.
fn findings(decisions: &[Decision]) -> Vec<Finding<'_>> {
    let mut all: Vec<Finding<'_>> = Vec::new();
    for decision in decisions {
        for fired in &decision.fired {
            if !matches!(
                fired.verdict,
                Verdict::Refuse | Verdict::EvaluateFirst | Verdict::Caution
            ) {
                continue;
            }
            if let Some(known) = all.iter_mut().find(|one| one.fired.rule == fired.rule) {
                known.regions.push(&decision.region);
                continue;
            }
            let details = decision.next_questions.iter().filter(|question| {
                question.reason == QuestionReason::Detail && question.rules.contains(&fired.rule)
            });
            all.push(Finding {
                fired,
                regions: vec![&decision.region],
                questions: details.collect(),
            });
        }
    }
    all.sort_by_key(|one| one.fired.set.rank(one.fired.verdict));
    all
}

/// The questions that rules are undecided without, each once.
fn open(decisions: &[Decision]) -> Vec<&Question> {
    let mut seen = BTreeSet::new();
    let all = decisions
        .iter()
        .flat_map(|decision| &decision.next_questions);
    all.filter(|question| question.reason == QuestionReason::Undecided)
        .filter(|question| seen.insert(question.fact.as_str()))
        .collect()
}
