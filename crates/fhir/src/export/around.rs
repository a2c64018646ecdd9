//! What stands beside the stream: appointments of the diary, lines of the audit log.

use super::people::Staff;
use super::source::{Access, Source};
use super::words::{hl7, hl7_coding, term};
use care::diary::{Appointment, Mark};
use serde_json::{Value, json};

/// An Appointment, with the version that the diary gives it.
pub(crate) fn appointment(
    source: &Source<'_>,
    staff: &mut Staff,
    one: &Appointment,
) -> (&'static str, String, Value) {
    let status = match one.mark {
        None => "booked",
        Some((_, Mark::Arrived)) => "arrived",
        Some((_, Mark::Done)) => "fulfilled",
        Some((_, Mark::NoShow)) => "noshow",
        Some((_, Mark::Cancelled)) => "cancelled",
    };
    let patient = json!({ "reference": format!("Patient/{}", source.patient) });
    let mut participants = vec![
        json!({ "actor": patient, "required": "required", "status": "accepted" }),
        json!({
            "actor": staff.account(one.place.practitioner, ""),
            "required": "required",
            "status": "accepted",
        }),
    ];
    if let Some(table) = &one.place.table {
        let actor = json!({ "display": table });
        participants
            .push(json!({ "type": [term("device.table")], "actor": actor, "status": "accepted" }));
    }
    let id = one.id.to_string();
    let body = json!({
        "resourceType": "Appointment",
        "id": id,
        "meta": {
            "versionId": one.version.to_string(),
            "lastUpdated": one.changed.to_string(),
            "source": super::writer::origin(source),
        },
        "identifier": [{ "system": "urn:annulus:appointment", "value": id }],
        "status": status,
        "serviceType": [term(&format!("visit.{}", one.purpose.as_str()))],
        "start": one.place.from.to_string(),
        "end": one.place.until.to_string(),
        "participant": participants,
    });
    ("Appointment", id, pruned(body))
}

/// One line of the audit log, as IHE's profile of basic audit patterns has it.
pub(crate) fn audit(
    source: &Source<'_>,
    staff: &mut Staff,
    line: &Access<'_>,
) -> (&'static str, String, Value) {
    let (action, interaction) = if line.wrote {
        ("U", "update")
    } else {
        ("R", "read")
    };
    let who = match line.user {
        Some(user) => staff.account(user, ""),
        None => json!({ "display": "A personal link" }),
    };
    // "Break the glass": somebody from outside the team needed the record at once.
    let purpose = line.emergency.then(|| json!([hl7("v3-ActReason", "BTG")]));
    let id = format!("{}-audit-{}", source.patient.simple(), line.sequence);
    let clinic = json!({ "reference": format!("Organization/{}", source.clinic.id) });
    let body = json!({
        "resourceType": "AuditEvent",
        "id": id,
        "meta": {
            "versionId": line.sequence.to_string(),
            "lastUpdated": line.at.to_string(),
            "source": super::writer::origin(source),
        },
        "type": hl7_coding("audit-event-type", "rest"),
        "subtype": [{ "system": "http://hl7.org/fhir/restful-interaction", "code": interaction }],
        "action": action,
        "recorded": line.at.to_string(),
        "purposeOfEvent": purpose,
        "outcome": if line.refused { "4" } else { "0" },
        "agent": [{
            "type": hl7("extra-security-role-type", "humanuser"),
            "role": [term(&format!("role.{}", line.role))],
            "who": who,
            "requestor": true,
        }],
        "source": { "observer": clinic, "type": [hl7_coding("security-source-type", "4")] },
        "entity": [
            {
                "what": { "reference": format!("Patient/{}", source.patient) },
                "type": hl7_coding("audit-entity-type", "1"),
                "role": hl7_coding("object-role", "1"),
            },
            {
                "type": hl7_coding("audit-entity-type", "2"),
                "role": hl7_coding("object-role", "24"),
                "name": line.route,
                "detail": [{ "type": "correlation", "valueString": line.correlation.to_string() }],
            },
        ],
    });
    ("AuditEvent", id, pruned(body))
}

fn pruned(mut body: Value) -> Value {
    super::words::prune(&mut body);
    body
}
