//! Who recorded which resources, when, in which act, from which document.

use super::words::{hl7, reference, term};
use super::writer::Writer;
use care::episode::{Event, Role};
use jiff::Timestamp;
use serde_json::{Value, json};

/// What a patient does: everything else in their name follows from it.
const TOLD: [&str; 6] = [
    "facts-recorded",
    "consent-withdrawn",
    "session-reported",
    "check-in-answered",
    "check-in-begun",
    "check-in-abandoned",
];

impl Writer<'_> {
    /// Who recorded what, in which act.
    pub(crate) fn provenance(&mut self, event: &Event, recorded: Timestamp) {
        let targets: Vec<Value> = self
            .book
            .touched()
            .iter()
            .map(|(kind, id)| reference(kind, id))
            .collect();
        if targets.is_empty() {
            return;
        }
        let entity = self.threads.evidence.take();
        let body = json!({
            "target": targets,
            "occurredDateTime": event.at.to_string(),
            "recorded": recorded.to_string(),
            "activity": term(&format!("event.{}", event.kind())),
            "agent": self.agents(event),
            "entity": entity.map(|what| json!([{ "role": "source", "what": what }])),
            "signature": self.threads.signature.take().map(|one| json!([one])),
        });
        self.book.add("Provenance", body);
    }

    /// Who answers for an event. What follows by rule from what a patient told is the program's,
    /// and the patient its informant.
    fn agents(&self, event: &Event) -> Vec<Value> {
        let agent = |kind: &str, role: Role, who: &Value| {
            json!({
                "type": hl7("provenance-participant-type", kind),
                "role": [term(&format!("role.{}", role.as_str()))],
                "who": who,
                "onBehalfOf": self.by_staff.then(|| json!({
                    "reference": format!("Organization/{}", self.source.clinic.id),
                })),
            })
        };
        let by = event.by.role;
        if by == Role::Patient && !TOLD.contains(&event.kind()) {
            return vec![
                agent("author", Role::Program, &self.agent()),
                agent("informant", by, &self.by),
            ];
        }
        vec![agent("author", by, &self.by)]
    }
}
