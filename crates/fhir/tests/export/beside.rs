//! What stands beside the stream of a story; and a story in which nobody writes anything.

use super::setting::{id, someone, start};
use super::stories::{PATIENT, source, tell_every_kind, told};
use care::diary::{Appointment, Mark, Place, Purpose};
use care::episode::{Event, Role};
use fhir::export::{Access, Export, Person, Source, Told, export};
use jiff::Timestamp;

/// What stands beside the stream: an account, two appointments, two lines of the audit log.
pub(crate) fn appointments() -> [Appointment; 2] {
    let at = |text: &str| -> Timestamp { text.parse().expect("an instant") };
    let one = |number, version, purpose, mark, table: Option<&str>| Appointment {
        id: id(number),
        patient: PATIENT,
        purpose,
        place: Place {
            from: at("2026-11-04T09:00:00Z"),
            until: at("2026-11-04T09:40:00Z"),
            practitioner: someone(Role::Practitioner).id,
            table: table.map(str::to_owned),
        },
        mark,
        changed: start(),
        version,
    };
    [
        one(71, 3, Purpose::Session, None, Some("Table 1")),
        one(
            72,
            5,
            Purpose::FirstVisit,
            Some((start(), Mark::NoShow)),
            None,
        ),
    ]
}

/// A source with all of it.
pub(crate) fn beside<'a>(
    told: &'a [Told<'a>],
    people: &'a [Person<'a>],
    appointments: &'a [&'a Appointment],
    audit: &'a [Access<'a>],
) -> Source<'a> {
    Source {
        people,
        appointments,
        audit,
        ..source(told)
    }
}

/// The export of a story with what stands beside it.
pub(crate) fn whole(events: &[Event]) -> Export {
    let told = told(events);
    let appointments = appointments();
    let booked = [&appointments[0], &appointments[1]];
    let people = [Person {
        id: someone(Role::Practitioner).id,
        name: "Pat Practitioner",
        role: Role::Practitioner,
        licence: Some("PT 1"),
    }];
    let line = |sequence, user, role, wrote| Access {
        sequence,
        at: start(),
        user,
        role,
        wrote,
        emergency: false,
        refused: false,
        route: "/patients/{patient}",
        correlation: id(4),
    };
    let audit = [
        line(8, Some(people[0].id), "practitioner", false),
        line(9, None, "link", true),
        Access {
            emergency: true,
            ..line(10, Some(people[0].id), "practitioner", true)
        },
    ];
    export(&beside(&told, &people, &booked, &audit))
}

/// The same with nothing written where people may write: what nobody fills in must be exported.
pub(crate) fn tell_nothing() -> Vec<Event> {
    const WRITTEN: [&str; 34] = [
        "name",
        "phone",
        "email",
        "language",
        "reason",
        "note",
        "addendum",
        "description",
        "outcome",
        "words",
        "about",
        "to",
        "action",
        "relation",
        "detail",
        "response",
        "reaction",
        "cost",
        "interpreter",
        "explained_by",
        "signed_by",
        "questions",
        "examination",
        "document",
        "attendant",
        "candidate",
        "source",
        "original",
        "subjective",
        "objective",
        "assessment",
        "plan",
        "findings",
        "who",
    ];
    fn blank(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, one) in members {
                    if one.is_string() && WRITTEN.contains(&name.as_str()) {
                        *one = " ".into();
                    }
                    blank(one);
                }
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(blank),
            _ => {}
        }
    }
    let mut events = Vec::new();
    for event in tell_every_kind() {
        // What the program writes is never blank.
        if event.kind() == "spine-learned" {
            events.push(event);
            continue;
        }
        let mut value = serde_json::to_value(&event).expect("JSON");
        blank(&mut value);
        let bytes = value.to_string();
        let read = Event::read(event.kind(), event.v, bytes.as_bytes());
        events.push(read.unwrap_or_else(|problem| panic!("{problem}")));
    }
    events
}
