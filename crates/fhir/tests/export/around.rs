//! What stands beside the stream.

use super::beside::whole;
use super::stories::round;

#[test]
fn an_appointment_has_the_version_that_the_diary_gives_it() {
    let export = whole(round());
    let statuses: Vec<(&str, &str)> = export
        .of("Appointment")
        .map(|one| {
            let text = |value: &'static str| one[value].as_str().unwrap_or_default();
            (
                text("status"),
                one["meta"]["versionId"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(statuses, [("booked", "3"), ("noshow", "5")]);
}

#[test]
fn a_line_of_the_audit_log_names_who_what_and_whose() {
    let export = whole(round());
    let lines: Vec<_> = export.of("AuditEvent").collect();
    assert_eq!(lines.len(), 3);
    let read = lines
        .iter()
        .find(|one| one["action"] == "R")
        .expect("a read");
    let who = read["agent"][0]["who"]["reference"]
        .as_str()
        .expect("a person");
    let (kind, id) = who.split_once('/').expect("a type and an id");
    let person = export.get(kind, id).expect("the person");
    assert_eq!(person["name"][0]["text"], "Pat Practitioner");
    assert_eq!(read["entity"][0]["role"]["code"], "1");
    let write = lines
        .iter()
        .find(|one| one["action"] == "U" && one["purposeOfEvent"].is_null())
        .expect("a write");
    assert_eq!(write["agent"][0]["who"]["display"], "A personal link");
    let broke = lines.iter().filter(|one| {
        let purpose = &one["purposeOfEvent"][0]["coding"][0]["code"];
        *purpose == "BTG"
    });
    assert_eq!(broke.count(), 1, "one opened a restricted record");
}

#[test]
fn nobody_registered_has_no_export() {
    let export = whole(&[]);
    assert!(export.is_empty());
    assert_eq!(export.at, None);
}
