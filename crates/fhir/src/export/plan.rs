//! The plan: proposed, signed, carried out, ended; and the order that it is.

use super::book::push;
use super::words::{
    CPT, base64, coding, extension, narrative, part, plain, quantity, reference, sha256, term,
};
use super::writer::Writer;
use care::plan::{Candidate, Prescription, Proposal, SignedPlan};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The plan that stands: its resources.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    care_plan: String,
    order: Option<String>,
    plan: String,
    sha256: String,
}

impl Writer<'_> {
    /// Candidates were written; the last proposal nobody signed is over.
    pub(crate) fn proposed(&mut self, plan: &str, hash: &str, expires: Timestamp) {
        if let Some(old) = self.threads.proposal.take() {
            self.book.amend("CarePlan", &old.care_plan, |members| {
                members.insert("status".to_owned(), json!("revoked"));
            });
        }
        let body = json!({
            "text": narrative(&["A plan of traction, proposed and not signed.".to_owned()]),
            "extension": [sha256(hash)],
            "status": "draft",
            "intent": "proposal",
            "category": [term("plan.traction")],
            "title": "Plan of traction",
            "subject": self.subject(),
            "period": { "start": self.at.to_string(), "end": expires.to_string() },
            "created": self.at.to_string(),
            "author": self.staff(),
            "addresses": self.condition().into_iter().collect::<Vec<_>>(),
        });
        let care_plan = self.book.add("CarePlan", body);
        self.threads.proposal = Some(Standing {
            care_plan,
            order: None,
            plan: plan.to_owned(),
            sha256: hash.to_owned(),
        });
    }

    /// One candidate was signed: the plan is in force, and traction is ordered.
    pub(crate) fn signed(&mut self, hash: &str, candidate: &str, document: Option<&str>) {
        let ours = |one: &mut Standing| one.sha256 == hash;
        let Some(mut standing) = self.threads.proposal.take_if(ours) else {
            return;
        };
        let replaced = self.threads.plan.as_ref().map(|old| old.care_plan.clone());
        self.end_plan("revoked");
        let read = Proposal::read(&standing.plan).ok();
        let chosen = read
            .as_ref()
            .and_then(|plan| plan.candidate(candidate).ok());
        let order = self.order_of(chosen, (candidate, hash), &standing.care_plan);
        let mut lines = vec![format!("Plan of traction, {candidate}.")];
        if let Some(chosen) = chosen {
            lines.push(in_words(chosen));
            let conditions = chosen.prescription.conditions.iter();
            lines.extend(conditions.map(|one| one.text.clone()));
        }
        if let Some(plan) = &read {
            lines.extend(plan.dissent.iter().cloned());
        }
        let author = self.staff();
        let notes: Vec<Value> = chosen
            .into_iter()
            .flat_map(|chosen| &chosen.prescription.reasons)
            .map(|reason| json!({ "text": format!("{}: {}", reason.setting, reason.why) }))
            .collect();
        let activity = reference("ServiceRequest", &order);
        self.book.amend("CarePlan", &standing.care_plan, |members| {
            members.insert("status".to_owned(), json!("active"));
            members.insert("intent".to_owned(), json!("plan"));
            members.insert("author".to_owned(), json!(author));
            members.insert("text".to_owned(), narrative(&lines));
            members.insert("description".to_owned(), json!(lines.join(" ")));
            members.insert("activity".to_owned(), json!([{ "reference": activity }]));
            members.insert("note".to_owned(), json!(notes));
            if let Some(old) = replaced {
                members.insert("replaces".to_owned(), json!([reference("CarePlan", &old)]));
            }
            push(
                members,
                "extension",
                extension("candidate", "valueCode", candidate),
            );
        });
        self.signature(document);
        standing.order = Some(order);
        self.threads.plan = Some(standing);
        // Signed while sessions are blocked, it waits.
        if !self.threads.blocked.is_empty() {
            self.hold_plan(true);
        }
    }

    fn order_of(
        &mut self,
        chosen: Option<&Candidate>,
        (candidate, hash): (&str, &str),
        care_plan: &str,
    ) -> String {
        let mut code = term("procedure.traction");
        // What is ordered; what a session may be billed as is said where it was done.
        if let Some(codings) = code["coding"].as_array_mut() {
            codings.push(coding(CPT, "97012"));
        }
        let mut extensions = vec![sha256(hash), extension("candidate", "valueCode", candidate)];
        extensions.extend(chosen.map(|chosen| prescription(&chosen.prescription)));
        let timing = chosen.map(|chosen| {
            json!({ "repeat": {
                "count": chosen.course.sessions,
                "frequency": chosen.course.per_week,
                "period": 1,
                "periodUnit": "wk",
            }})
        });
        let words = chosen.map(|chosen| plain(&in_words(chosen)));
        let site = chosen.map(|chosen| {
            plain(&format!(
                "{} spine, {}",
                chosen.prescription.region, chosen.prescription.target
            ))
        });
        let body = json!({
            "extension": extensions,
            "basedOn": [reference("CarePlan", care_plan)],
            "status": "active",
            "intent": "order",
            "code": code,
            "orderDetail": words.into_iter().collect::<Vec<_>>(),
            "subject": self.subject(),
            "occurrenceTiming": timing,
            "authoredOn": self.at.to_string(),
            "requester": self.staff(),
            "reasonReference": self.condition().into_iter().collect::<Vec<_>>(),
            "bodySite": site.into_iter().collect::<Vec<_>>(),
        });
        self.book.add("ServiceRequest", body)
    }

    /// The signature as the practitioner's key made it.
    fn signature(&mut self, document: Option<&str>) {
        let Some(signed) = document.and_then(|text| SignedPlan::read(text).ok()) else {
            return;
        };
        let bytes = unhex(&signed.signature).unwrap_or_default();
        self.threads.signature = Some(json!({
            "extension": [extension("public-key", "valueString", signed.public_key)],
            "type": [{ "system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1" }],
            "when": signed.at.to_string(),
            "who": self.staff(),
            "sigFormat": "application/octet-stream",
            "data": base64(&bytes),
        }));
    }

    /// The order in force.
    pub(crate) fn order(&self) -> Option<Value> {
        let order = self.threads.plan.as_ref()?.order.as_ref()?;
        Some(reference("ServiceRequest", order))
    }

    /// The plan in force and its order are over.
    pub(crate) fn end_plan(&mut self, status: &str) {
        if let Some(plan) = self.threads.plan.take() {
            self.restate(&plan, status);
        }
    }

    /// Sessions are blocked, or may go on.
    pub(crate) fn hold_plan(&mut self, held: bool) {
        if let Some(plan) = self.threads.plan.clone() {
            self.restate(&plan, if held { "on-hold" } else { "active" });
        }
    }

    /// A draft that can no longer be signed.
    pub(crate) fn drop_proposal(&mut self) {
        if let Some(old) = self.threads.proposal.take() {
            self.restate(&old, "revoked");
        }
    }

    fn restate(&mut self, plan: &Standing, status: &str) {
        self.book.amend("CarePlan", &plan.care_plan, |members| {
            members.insert("status".to_owned(), json!(status));
        });
        if let Some(order) = &plan.order {
            self.book.amend("ServiceRequest", order, |members| {
                members.insert("status".to_owned(), json!(status));
            });
        }
    }
}

/// The pull in a sentence.
fn in_words(chosen: &Candidate) -> String {
    let pull = &chosen.prescription;
    let course = &chosen.course;
    let holds = if pull.cycles == 1 {
        "one hold".to_owned()
    } else {
        format!("{} holds", pull.cycles)
    };
    format!(
        "Traction of {}, {}: {} N, {holds} of {} s, {}; {} sessions, {} a week, none above {} N.",
        pull.target,
        pull.mode.as_str(),
        pull.force_n,
        pull.hold_s,
        pull.position.as_str(),
        course.sessions,
        course.per_week,
        course.ceiling_n
    )
}

/// Every setting as its own part, with its unit.
fn prescription(pull: &Prescription) -> Value {
    let measured = [
        ("force", Some(pull.force_n), "N"),
        ("base", Some(pull.base_n), "N"),
        ("ramp", Some(pull.ramp_n_per_s), "N/s"),
        ("release", pull.release_n_per_s, "N/s"),
        ("hold", Some(pull.hold_s), "s"),
        ("rest", Some(pull.rest_s), "s"),
        ("least", pull.least_n, "N"),
        ("rise", pull.rise_s, "s"),
        ("swing", pull.swing_n, "N"),
        ("period", pull.period_s, "s"),
        ("ceiling", pull.ceiling_n, "N"),
        ("angle", Some(pull.angle_deg), "deg"),
    ];
    let mut parts = vec![
        part("mode", "valueCode", pull.mode.as_str()),
        part("target", "valueString", pull.target.to_string()),
        part("position", "valueString", pull.position.as_str()),
        part("split", "valueBoolean", pull.table_split),
        part("cycles", "valueInteger", pull.cycles),
    ];
    parts.extend(measured.into_iter().filter_map(|(name, value, unit)| {
        Some(part(name, "valueQuantity", quantity(value?, unit)))
    }));
    json!({ "url": format!("{}prescription", super::words::EXTENSION), "extension": parts })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| u8::try_from(digit.to_digit(16)?).ok())
        .collect();
    Some(
        digits?
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |sum, digit| sum * 16 + digit))
            .collect(),
    )
}
