//! What our own names mean, as resources: CodeSystems, and a StructureDefinition an extension.

use super::terms::{TERMS, words};
use super::words::{EXTENSION, FACT, RULE, TERM, choice_words, prune};
use care::episode::What;
use care::fact::{Fact, Kind};
use care::knowledge::Knowledge;
use serde_json::{Value, json};

/// An extension of ours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extension {
    /// The last part of its address.
    pub(crate) name: &'static str,
    /// The types of resource or element it stands on.
    pub(crate) on: &'static [&'static str],
    /// The type of its value; `parts` where it has parts instead.
    pub(crate) takes: &'static str,
    /// What it says.
    pub(crate) says: &'static str,
}

const fn ours(
    name: &'static str,
    on: &'static [&'static str],
    takes: &'static str,
    says: &'static str,
) -> Extension {
    Extension {
        name,
        on,
        takes,
        says,
    }
}

/// Every one.
pub(crate) const EXTENSIONS: &[Extension] = &[
    ours(
        "assessment",
        &["DetectedIssue"],
        "Reference",
        "The decision that raised the issue.",
    ),
    ours(
        "by",
        &["Observation"],
        "code",
        "Who or what the reading comes from: patient, practitioner, assistant, device, imaging or record.",
    ),
    ours(
        "candidate",
        &["CarePlan", "ServiceRequest", "Procedure"],
        "code",
        "Which candidate of the plan was signed: gentle, standard, firm or chosen.",
    ),
    ours(
        "carnes",
        &["AdverseEvent"],
        "Coding",
        "The class of Carnes 2010: mild, moderate or major.",
    ),
    ours(
        "class-judged",
        &["AdverseEvent"],
        "boolean",
        "Whether somebody who decides has judged the class; otherwise it is as the program put it.",
    ),
    ours(
        "cost",
        &["Consent"],
        "string",
        "What the patient was told that the course costs.",
    ),
    ours(
        "document",
        &["Observation"],
        "string",
        "The document or device that the reading comes from; what follows a # is the place inside it.",
    ),
    ours(
        "examined",
        &["Flag"],
        "dateTime",
        "When the patient was examined before sessions went on.",
    ),
    ours(
        "explained-by",
        &["Consent"],
        "string",
        "Who explained the text.",
    ),
    ours(
        "force-permitted",
        &["Procedure"],
        "Quantity",
        "The force that was permitted for the session, tension at the load cells.",
    ),
    ours(
        "form",
        &["QuestionnaireResponse"],
        "code",
        "Which form the answers stand on.",
    ),
    ours(
        "index",
        &["Observation"],
        "string",
        "Which one of an indexed fact, its parts with commas between them.",
    ),
    ours(
        "interpreter",
        &["Consent"],
        "string",
        "The interpreter, where one was needed.",
    ),
    ours(
        "knowledge-sha256",
        &["Questionnaire", "RiskAssessment"],
        "string",
        "SHA-256 of the knowledge that decided, or that the form is made from.",
    ),
    ours(
        "knowledge-version",
        &["RiskAssessment"],
        "string",
        "Version of the program that carries the knowledge.",
    ),
    ours(
        "outcome",
        &["EpisodeOfCare"],
        "string",
        "How the episode ended, in a sentence.",
    ),
    ours(
        "prescription",
        &["ServiceRequest"],
        "parts",
        "The pull, setting by setting, each with its unit.",
    ),
    ours(
        "public-key",
        &["Signature"],
        "string",
        "The signer's Ed25519 key; the signature covers the plan's SHA-256, the candidate, the signer and the instant.",
    ),
    ours(
        "questions",
        &["Consent"],
        "string",
        "What the patient asked, and what was answered.",
    ),
    ours(
        "reason",
        &["Consent", "EpisodeOfCare", "Flag"],
        "string",
        "Why it ended.",
    ),
    ours(
        "received",
        &["AdverseEvent"],
        "string",
        "What the patient had received in the 72 hours before.",
    ),
    ours(
        "recording-sha256",
        &["Procedure"],
        "string",
        "SHA-256 of the session's recording.",
    ),
    ours(
        "referral-end",
        &["ServiceRequest"],
        "Coding",
        "What came of the referral.",
    ),
    ours(
        "region",
        &["EpisodeOfCare"],
        "code",
        "The treated region: lumbar or cervical.",
    ),
    ours(
        "relation",
        &["AdverseEvent"],
        "string",
        "Relation of the event to traction, as it was judged.",
    ),
    ours(
        "settles",
        &["Observation"],
        "string",
        "Why a practitioner settled a disagreement with this reading.",
    ),
    ours(
        "sha256",
        &[
            "Attachment",
            "CarePlan",
            "DetectedIssue",
            "RiskAssessment",
            "ServiceRequest",
        ],
        "string",
        "SHA-256 (hex) of what it stands for: an attachment's bytes, a plan's, a decision's.",
    ),
    ours(
        "signed-name",
        &["Consent"],
        "string",
        "The name that the patient signed with.",
    ),
    ours(
        "simulated",
        &["Device", "Procedure"],
        "boolean",
        "Whether the table is simulated: nobody is pulled.",
    ),
    ours(
        "urgency",
        &["RiskAssessment"],
        "code",
        "How soon somebody must act: emergency, urgent, routine or none.",
    ),
    ours(
        "valid-until",
        &["DocumentReference"],
        "dateTime",
        "When a letter ends.",
    ),
];

/// The resources that say what our own names mean: the same for every patient.
#[must_use]
pub fn definitions(knowledge: &Knowledge) -> Vec<Value> {
    let rules = knowledge.all_rules().iter();
    let mut all = vec![
        system("fact", FACT, "Facts", knowledge.catalogue().facts().iter().map(fact)),
        system(
            "rule",
            RULE,
            "Rules",
            rules.map(|rule| {
                json!({ "code": rule.id, "display": rule.statement, "definition": rule.why })
            }),
        ),
        system("term", TERM, "Terms", terms()),
    ];
    all.extend(EXTENSIONS.iter().map(structure));
    all.iter_mut().for_each(prune);
    all
}

fn terms() -> impl Iterator<Item = Value> {
    let own = TERMS
        .iter()
        .map(|(code, words)| json!({ "code": code, "display": words }));
    let events = What::KINDS.iter().map(|kind| {
        let code = format!("event.{kind}");
        json!({ "code": code, "display": words(&code) })
    });
    own.chain(events)
}

fn fact(fact: &Fact) -> Value {
    let choices: Vec<Value> = match fact.kind {
        Kind::Choice => fact
            .values
            .iter()
            .map(|word| json!({ "code": format!("{}:{word}", fact.id), "display": choice_words(word) }))
            .collect(),
        _ => Vec::new(),
    };
    json!({
        "code": fact.id,
        "display": fact.label,
        "definition": fact.practitioner,
        "concept": choices,
    })
}

fn system(id: &str, url: &str, title: &str, concepts: impl Iterator<Item = Value>) -> Value {
    json!({
        "resourceType": "CodeSystem",
        "id": format!("annulus-{id}"),
        "url": url,
        "version": env!("CARGO_PKG_VERSION"),
        "name": format!("Annulus{title}"),
        "title": format!("Annulus: {}", title.to_lowercase()),
        "status": "active",
        "caseSensitive": true,
        "content": "complete",
        "concept": concepts.collect::<Vec<_>>(),
    })
}

fn structure(one: &Extension) -> Value {
    let name: String = one
        .name
        .split('-')
        .map(|word| {
            let (head, tail) = word.split_at(1);
            head.to_uppercase() + tail
        })
        .collect();
    let url = format!("{EXTENSION}{}", one.name);
    let mut elements = vec![
        json!({ "id": "Extension", "path": "Extension", "definition": one.says, "short": one.says }),
        json!({ "id": "Extension.url", "path": "Extension.url", "fixedUri": url }),
    ];
    if one.takes != "parts" {
        elements.push(json!({
            "id": "Extension.value[x]",
            "path": "Extension.value[x]",
            "min": 1,
            "type": [{ "code": one.takes }],
        }));
    }
    let context: Vec<Value> = one
        .on
        .iter()
        .map(|on| json!({ "type": "element", "expression": on }))
        .collect();
    json!({
        "resourceType": "StructureDefinition",
        "id": format!("annulus-{}", one.name),
        "url": url,
        "version": env!("CARGO_PKG_VERSION"),
        "name": format!("Annulus{name}"),
        "status": "active",
        "description": one.says,
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": false,
        "context": context,
        "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
        "derivation": "constraint",
        "differential": { "element": elements },
    })
}
