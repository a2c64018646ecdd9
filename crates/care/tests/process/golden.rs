//! Stored events stay readable: one golden file per kind and version.
//!
//! The files are never deleted. `ANNULUS_BLESS=1` writes the missing ones; it
//! never changes one that is there.

mod notes;

use std::collections::BTreeSet;
use std::path::PathBuf;

use care::decide::{Decision, RuleSet, Urgency, Verdict};
use care::episode::{
    Actor, ConsentGiven, Demographics, EndCause, Event, Imported, Judged, Kept, Leaving, Private,
    Referral, ReferralEnd, Role, Severity, SuspendedBy, TherapyVisit, What,
};
use care::fact::{By, Clearance, Override, Reading};
use care::lesson::{Doubt, Lesson, Posterior, Taught, Tied};
use care::subject::BeliefDocument;
use jiff::Timestamp;
use si::Region;

use super::setting::{hours, id, number, pain_now, someone, start, went_well, yes};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn later() -> Timestamp {
    start().checked_add(hours(8)).expect("an instant")
}

fn kept(set: RuleSet, verdict: Verdict) -> Kept {
    // As it was stored: fields that a later version adds have their defaults.
    let stored = serde_json::json!({
        "schema": "annulus.decision/1",
        "urgency": "none",
        "verdict": verdict.as_str(),
        "set": set.as_str(),
        "region": "lumbar",
        "at": start().to_string(),
        "gates": ["eligibility", "today"],
        "fired": [],
        "undecided": [],
        "next_questions": [],
        "conditions": [],
        "knowledge": { "version": "0.1.0", "sha256": "00".repeat(32) },
    });
    Kept::new(serde_json::from_value::<Decision>(stored).expect("a decision"))
}

fn readings() -> Vec<Reading> {
    let weight = number("body_weight", 80.5, By::Assistant, start()).with_unit("kg");
    let mut readings = vec![
        weight.with_who("somebody"),
        yes("can_lie", By::Practitioner, start()),
    ];
    readings.extend(pain_now([3.0, 4.0, 0.0], By::Patient, start()));
    readings
}

fn demographics() -> Private<Demographics> {
    Private(Demographics {
        name: "Ada Sample".to_owned(),
        birth_date: Some(jiff::civil::date(1980, 5, 17)),
        sex: Some("female".to_owned()),
        phone: Some("+1 555 0100".to_owned()),
        email: None,
        identifiers: vec!["MRN 1".to_owned()],
    })
}

fn referral() -> Referral {
    let part = |text: &str| Private(text.to_owned());
    Referral {
        to: "Emergency department".to_owned(),
        urgency: Urgency::Emergency,
        reason: part("Numb between the legs"),
        onset: part("27 Nov 2026, 21:00"),
        findings: part("Straight leg raise 40 degrees on the right."),
        request: part("Please examine and image today."),
    }
}

fn intake() -> Vec<What> {
    vec![
        What::Registered {
            pseudonym: id(1),
            demographics: demographics(),
            region: Region::Lumbar,
            language: "en".to_owned(),
        },
        What::ContactChanged {
            demographics: demographics(),
        },
        What::RecordImported(Imported {
            source: "FHIR R4 bundle".to_owned(),
            original: Private("{\"resourceType\":\"Bundle\"}".to_owned()),
            readings: readings(),
            unmapped: vec!["entry[3]: 123 is not mapped".to_owned()],
            asks: vec!["osteoporosis".to_owned()],
            deceased: false,
        }),
        What::FactsRecorded {
            readings: readings(),
            denied: vec!["infection".to_owned()],
        },
        What::ConflictResolved {
            reading: readings().remove(1),
            reason: "examined".to_owned(),
        },
        What::Decided {
            decision: kept(RuleSet::Screening, Verdict::Cleared),
        },
        What::ConsentGiven(ConsentGiven {
            text_version: "00".repeat(32),
            language: "en".to_owned(),
            explained_by: "A practitioner".to_owned(),
            interpreter: Some("An interpreter".to_owned()),
            questions: Private("How long?".to_owned()),
            signed_by: Private("Ada Sample".to_owned()),
            ..ConsentGiven::default()
        }),
        What::ConsentWithdrawn {
            reason: String::new(),
        },
    ]
}

fn permissions() -> Vec<What> {
    vec![
        What::ClearanceFiled(Clearance {
            rule: "spinal-surgery-recent".to_owned(),
            region: "lumbar".to_owned(),
            name: "Dr Sample".to_owned(),
            profession: "surgeon".to_owned(),
            licence: "MD 1".to_owned(),
            conditions: vec!["at most 150 N".to_owned()],
            issued: start(),
            expires: later(),
            document: "letter.pdf".to_owned(),
            confirmed_by: "A practitioner".to_owned(),
        }),
        What::RuleOverridden(Override {
            rule: "imaging-missing".to_owned(),
            reason: "examined without a sign".to_owned(),
            examination: "neurology normal".to_owned(),
            patient_told: true,
            by: "A practitioner".to_owned(),
            second: None,
            at: start(),
            until: later(),
            one_session: false,
        }),
        What::PermissionWithdrawn {
            rule: "imaging-missing".to_owned(),
            reason: "the second clinician no longer agrees".to_owned(),
        },
    ]
}

fn treatment() -> Vec<What> {
    vec![
        What::PlanProposed {
            plan: "{\"schema\": \"annulus.plan/1\"}".to_owned(),
            plan_sha256: "11".repeat(32),
            decision_sha256: "22".repeat(32),
            expires: later(),
        },
        What::PlanSigned {
            plan_sha256: "11".repeat(32),
            candidate: "gentle".to_owned(),
            verdict: "cleared".to_owned(),
            decision_sha256: "22".repeat(32),
            expires: later(),
            document: None,
        },
        What::ArrivalRecorded {
            visit: 1,
            readings: pain_now([3.0, 4.0, 0.0], By::Patient, start()),
        },
        What::StartChecked {
            visit: 1,
            readings: vec![yes("start_skin_intact", By::Assistant, start())],
        },
        What::GrantIssued {
            visit: 1,
            session: id(7),
            table: id(2),
            plan_sha256: "11".repeat(32),
            candidate: "gentle".to_owned(),
            attendant: "An assistant".to_owned(),
            force_n: 117.0,
            expires: later(),
            grant: "ab".repeat(32),
            simulated: true,
            decision: kept(RuleSet::Screening, Verdict::Cleared),
        },
        What::SessionStarted { session: id(7) },
        What::SessionReported {
            session: id(7),
            readings: vec![number("discomfort", 5.0, By::Patient, start())],
            decision: kept(RuleSet::InSession, Verdict::HoldNoIncrease),
        },
        What::SessionEnded {
            session: id(7),
            summary: went_well(),
        },
        What::StopExplained {
            session: id(7),
            cause: EndCause::Operator,
            reason: "the phone rang".to_owned(),
        },
        What::SpineLearned(lesson()),
        What::LeavingChecked(Leaving {
            session: id(7),
            readings: vec![yes("leaving_walks_steady", By::Assistant, start())],
            warning_card: true,
        }),
    ]
}

/// What a session taught; its belief is cut short, as no reader minds.
fn lesson() -> Lesson {
    Lesson {
        session: id(7),
        region: Region::Lumbar,
        simulated: true,
        recording_sha256: "22".repeat(32),
        software: "annulus 0.1.0".to_owned(),
        after: Some(id(6)),
        taught: Taught::Learned(Posterior {
            belief: BeliefDocument {
                schema: BeliefDocument::SCHEMA.to_owned(),
                region: Region::Lumbar,
                mean: vec![0.25],
                factor: vec![0.5],
            },
            misfit: 0.5,
            doubts: vec![Doubt {
                unknown: "harness_stiffness".to_owned(),
                removed: 0.25,
                known: 0.5,
            }],
            ties: vec![Tied {
                one: "disc_compliance".to_owned(),
                other: "harness_stiffness".to_owned(),
                correlation: 0.25,
            }],
        }),
    }
}

fn after() -> Vec<What> {
    vec![
        What::LinkIssued {
            session: id(7),
            token_sha256: "33".repeat(32),
            expires: later(),
        },
        What::CheckInAnswered {
            session: id(7),
            number: Some(1),
            form: None,
            readings: pain_now([3.0, 4.0, 0.0], By::Patient, start()),
        },
        What::CheckInMissed {
            session: id(7),
            number: 2,
        },
        What::CheckInBegun {
            session: id(7),
            form: id(8),
            readings: pain_now([3.0, 4.0, 0.0], By::Patient, start()),
        },
        What::CheckInAbandoned {
            session: id(7),
            form: id(8),
        },
        What::Triaged {
            session: id(7),
            number: Some(1),
            result: "well".to_owned(),
            received: vec!["traction, peak 117 N".to_owned()],
            decision: kept(RuleSet::Triage, Verdict::Well),
        },
        What::Suspended {
            suspension: 1,
            because: SuspendedBy::Triage {
                result: "adjust".to_owned(),
                session: id(7),
            },
        },
        What::SuspensionLifted {
            suspension: 1,
            examined: start(),
            reason: "examined".to_owned(),
        },
        What::AdverseEventOpened {
            event: 1,
            description: Private("sharp pain".to_owned()),
            onset: start(),
            severity: Severity::Moderate,
            serious: false,
            session: Some(id(7)),
            received: vec![],
            judged: Judged::default(),
        },
        What::AdverseEventNoted {
            event: 1,
            note: Private("better".to_owned()),
            severity: Some(Severity::Mild),
            serious: None,
            relation: Some("possible".to_owned()),
            action: None,
            judged: Judged::default(),
        },
    ]
}

fn afterwards() -> Vec<What> {
    vec![
        What::AdverseEventClosed {
            event: 1,
            outcome: Private("resolved".to_owned()),
            relation: "possible".to_owned(),
        },
        What::Notified {
            alert: 1,
            urgency: "urgent".to_owned(),
            about: "check-in: see-clinician-today".to_owned(),
            to: "practitioner".to_owned(),
            attempt: 1,
        },
        What::Acknowledged {
            alert: 1,
            note: "calling".to_owned(),
        },
        What::ReferralWritten {
            referral: 1,
            letter: referral(),
        },
        What::ReferralOverdue { referral: 1 },
        What::ReferralClosed {
            referral: 1,
            end: ReferralEnd::Answered,
            words: Private("No compression on the image.".to_owned()),
        },
        What::TherapyRecorded(TherapyVisit {
            kind: "exercise".to_owned(),
            region: "lumbar".to_owned(),
            at: start(),
            detail: "20 min".to_owned(),
            response: Private("good".to_owned()),
            reaction: None,
        }),
        What::AppointmentMissed {
            appointment: id(8),
            from: start(),
        },
        What::AppointmentKept { appointment: id(8) },
        What::Reviewed {
            result: "continue".to_owned(),
            decision: kept(RuleSet::Review, Verdict::Continue),
        },
        What::Discharged {
            reason: "goals met".to_owned(),
            outcome: "pain free".to_owned(),
        },
        What::Reopened {
            region: Region::Cervical,
        },
    ]
}

/// One event of every kind.
pub(crate) fn one_of_each() -> Vec<Event> {
    let all = intake()
        .into_iter()
        .chain(permissions())
        .chain(treatment())
        .chain(after())
        .chain(notes::all())
        .chain(afterwards());
    all.map(|what| Event::new(start(), someone(Role::Practitioner), what))
        .collect()
}

#[test]
fn every_kind_has_an_example_and_a_golden_file() {
    let kinds: BTreeSet<&str> = one_of_each().iter().map(Event::kind).collect();
    assert_eq!(kinds, What::KINDS.iter().copied().collect());
    for event in one_of_each() {
        let path = folder().join(format!("{}.v{}.json", event.kind(), event.v));
        let mut text = serde_json::to_string_pretty(&event).expect("JSON");
        text.push('\n');
        if !path.exists() && std::env::var_os("ANNULUS_BLESS").is_some() {
            std::fs::create_dir_all(folder()).expect("the folder");
            std::fs::write(&path, &text).expect("a golden file");
        }
        let golden =
            std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("no {}", path.display()));
        assert_eq!(
            golden,
            text,
            "{} changed its shape: raise its version",
            event.kind()
        );
    }
}

#[test]
fn every_golden_file_is_read_into_an_event_of_today() {
    let mut read = 0;
    for entry in std::fs::read_dir(folder()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name");
        let (kind, v) = name.rsplit_once(".v").expect("kind and version");
        let bytes = std::fs::read(&path).expect("bytes");
        let event = Event::read(kind, v.parse().expect("a version"), &bytes)
            .unwrap_or_else(|problem| panic!("{problem}"));
        assert_eq!(event.kind(), kind);
        let written = event.bytes().expect("bytes");
        assert_eq!(
            Event::read(kind, event.v, &written).expect("an event"),
            event
        );
        read += 1;
    }
    assert!(read >= What::KINDS.len());
}

#[test]
fn an_event_from_a_newer_program_is_refused_by_name() {
    let event = one_of_each().remove(0);
    let bytes = event.bytes().expect("bytes");
    assert_eq!(
        Event::read("registered", 2, &bytes)
            .expect_err("newer")
            .code,
        "event-unknown"
    );
    assert_eq!(
        Event::read("no-such-kind", 1, &bytes)
            .expect_err("unknown")
            .code,
        "event-unknown"
    );
    assert_eq!(
        Event::read("registered", 1, b"{").expect_err("broken").code,
        "event-unreadable"
    );
}

#[test]
fn no_name_or_free_text_reaches_a_debug_print() {
    let secrets = [
        "Ada Sample",
        "1980",
        "555 0100",
        "MRN 1",
        "How long?",
        "sharp pain",
        "better",
    ];
    for event in one_of_each() {
        let print = format!("{event:?}");
        for secret in secrets {
            assert!(!print.contains(secret), "{} prints {secret}", event.kind());
        }
    }
    let _ = Actor::program();
}
