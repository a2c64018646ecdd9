//! Stories of one patient, and the source that an export reads them from.

use super::setting::{
    Story, all_well, arrival, broken_off, choice, consent, days, grant, hours, id, knowledge,
    minutes, number, planned, pre_start, ready, session, sign, start, went_well, yes,
};
use care::episode::{
    BillingCode, Command, EndCause, Event, Imported, Note, Private, Referral, ReferralEnd, Role,
    Severity, TherapyVisit, What,
};
use care::fact::{Answer, By, FactKey, Reading};
use fhir::export::{Clinic, Export, Happened, Source, Told, export};
use fhir::questionnaire::Form;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use si::Region;
use std::sync::OnceLock;
use uuid::Uuid;

/// The patient's stream.
pub(crate) const PATIENT: Uuid = Uuid::from_u128(0x5eed_0000_0000_4000_8000_0000_0000_0001);
const CLINIC: Uuid = Uuid::from_u128(0xc11c);
static ZONE: TimeZone = TimeZone::UTC;

/// A stream of these events, one an entry.
pub(crate) fn told(events: &[Event]) -> Vec<Told<'_>> {
    (1..)
        .zip(events)
        .map(|(sequence, event)| Told {
            sequence,
            at: event.at,
            what: Happened::Event(event),
        })
        .collect()
}

/// A source of this stream alone.
pub(crate) fn source<'a>(told: &'a [Told<'a>]) -> Source<'a> {
    Source {
        patient: PATIENT,
        told,
        knowledge: knowledge(),
        clinic: Clinic {
            id: CLINIC,
            name: "Clinic & Sons",
            zone: &ZONE,
        },
        people: &[],
        appointments: &[],
        audit: &[],
    }
}

/// The export of these events.
pub(crate) fn of(events: &[Event]) -> Export {
    export(&source(&told(events)))
}

type Named = (&'static str, Vec<Event>);

/// Every story by name, told once.
pub(crate) fn all() -> &'static [Named] {
    static TOLD: OnceLock<Vec<Named>> = OnceLock::new();
    TOLD.get_or_init(|| {
        vec![
            ("round", tell_round()),
            ("stopped", tell_stopped()),
            ("answers", tell_answers()),
            ("kinds", tell_every_kind()),
            ("blank", super::beside::tell_nothing()),
            ("imaged", super::imaged::tell_imaged()),
        ]
    })
}

/// A course: planned, treated, an alarm, its adverse event, a referral, the end.
pub(crate) fn round() -> &'static [Event] {
    &all()[0].1
}

/// A neck session that a symptom stopped, and what was said of it later.
pub(crate) fn stopped() -> &'static [Event] {
    &all()[1].1
}

/// What patients answer in place of a value, what imaging found, what was settled, who objects.
pub(crate) fn answers() -> &'static [Event] {
    &all()[2].1
}

/// One event of every kind, as care's golden files hold them, in the order of the path of care.
pub(crate) fn every_kind() -> &'static [Event] {
    &all()[3].1
}

fn facts(story: &mut Story, role: Role, readings: Vec<Reading>) {
    let command = Command::RecordFacts {
        readings,
        denied: vec![],
    };
    story.does(role, command);
}

fn check_in(story: &mut Story, session: u128, readings: Vec<Reading>) {
    let command = Command::AnswerCheckIn {
        session: id(session),
        number: None,
        form: None,
        readings,
    };
    story.does(Role::Patient, command);
}

fn tell_round() -> Vec<Event> {
    let mut story = planned(Region::Lumbar, "standard");
    let treated = choice("treated_condition", "sciatica", By::Practitioner, story.at);
    facts(&mut story, Role::Practitioner, vec![treated]);
    sign(&mut story, "gentle");
    session(&mut story, 11, went_well());
    let note = |code| Note {
        subjective: Private("Less pain in the leg.".to_owned()),
        objective: Private("15 min at 150 N.".to_owned()),
        assessment: Private("Better <now> & steady.".to_owned()),
        plan: Private("As planned.".to_owned()),
        code,
    };
    let encounter = care::episode::Encounter::Visit(1);
    story.does(
        Role::Practitioner,
        Command::SignNote {
            visit: encounter,
            note: note(Some(BillingCode::HcpcsS9090)),
        },
    );
    story.later(hours(24));
    let readings = all_well(Region::Lumbar, story.at);
    check_in(&mut story, 11, readings);
    story.later(days(1));
    session(&mut story, 12, went_well());
    story.later(hours(5));
    let mut readings = all_well(Region::Lumbar, story.at);
    readings.retain(|reading| reading.fact.as_str() != "since_saddle_numbness");
    readings.push(yes("since_saddle_numbness", By::Patient, story.at));
    check_in(&mut story, 12, readings);
    aftermath(&mut story);
    story.events
}

fn aftermath(story: &mut Story) {
    let note = "calling now".to_owned();
    story.does(Role::Practitioner, Command::Acknowledge { alert: 1, note });
    story.later(minutes(30));
    let part = |text: &str| Private(text.to_owned());
    story.does(
        Role::Practitioner,
        Command::Refer(Referral {
            to: "Emergency department".to_owned(),
            urgency: care::decide::Urgency::Emergency,
            reason: part("Numb between the legs"),
            onset: part("today"),
            findings: part("Straight leg raise 40 degrees."),
            request: part("Please examine and image today."),
        }),
    );
    let news = Command::NoteAdverseEvent {
        event: 1,
        note: part("Imaged: no compression."),
        severity: Some(Severity::Moderate),
        serious: Some(false),
        relation: Some("possible".to_owned()),
        action: Some("sent to the emergency department".to_owned()),
    };
    story.does(Role::Practitioner, news);
    story.later(days(1));
    closed(story);
}

/// Everything that was open is closed, and the episode with it.
fn closed(story: &mut Story) {
    let part = |text: &str| Private(text.to_owned());
    story.does(
        Role::Practitioner,
        Command::CloseReferral {
            referral: 1,
            end: ReferralEnd::Answered,
            words: part("No compression on the image."),
        },
    );
    story.does(
        Role::Practitioner,
        Command::CloseAdverseEvent {
            event: 1,
            outcome: part("resolved"),
            relation: "possible".to_owned(),
        },
    );
    let open: Vec<u32> = story.episode.suspended().map(|one| one.number).collect();
    for suspension in open {
        let examined = story.at;
        let reason = "examined: normal".to_owned();
        story.does(
            Role::Practitioner,
            Command::LiftSuspension {
                suspension,
                examined,
                reason,
            },
        );
    }
    let at = story.at;
    story.does(
        Role::Practitioner,
        Command::RecordTherapy(TherapyVisit {
            kind: "exercise".to_owned(),
            region: "lumbar".to_owned(),
            at,
            detail: "20 min".to_owned(),
            response: part("good"),
            reaction: None,
        }),
    );
    story.does(Role::Practitioner, Command::Review);
    story.does(
        Role::Practitioner,
        Command::Discharge {
            reason: "an emergency".to_owned(),
            outcome: "pain as before".to_owned(),
        },
    );
}

fn tell_stopped() -> Vec<Event> {
    let mut story = planned(Region::Cervical, "gentle");
    ready(&mut story);
    let command = grant(31, &story);
    story.does(Role::Practitioner, command);
    story.does(Role::Program, Command::StartSession { session: id(31) });
    story.later(minutes(1));
    let readings = vec![number("discomfort", 6.0, By::Patient, story.at)];
    story.does(
        Role::Patient,
        Command::ReportInSession {
            session: id(31),
            readings,
        },
    );
    story.does(
        Role::Program,
        Command::EndSession {
            session: id(31),
            summary: broken_off(EndCause::Unexplained),
        },
    );
    story.does(
        Role::Practitioner,
        Command::ExplainStop {
            session: id(31),
            cause: EndCause::Symptom,
            reason: "the patient felt faint".to_owned(),
        },
    );
    let kept = story.episode.decision.clone().expect("a decision").decision;
    story.given(What::GrantIssued {
        visit: 1,
        session: id(32),
        table: id(2),
        plan_sha256: String::new(),
        candidate: "gentle".to_owned(),
        attendant: "An assistant".to_owned(),
        force_n: 30.0,
        expires: story.at,
        grant: String::new(),
        simulated: true,
        decision: kept,
    });
    let reason = "the patient wants no more".to_owned();
    let outcome = "as before".to_owned();
    story.does(Role::Practitioner, Command::Discharge { reason, outcome });
    story.later(days(30));
    let region = Region::Lumbar;
    story.does(Role::Practitioner, Command::Reopen { region });
    story.events
}

fn tell_answers() -> Vec<Event> {
    let mut story = Story::new();
    story.does(Role::FrontDesk, super::setting::register(Region::Lumbar));
    let at = story.at;
    let answer =
        |fact: &str, answer| Reading::answer(FactKey::plain(fact), answer, at, By::Patient);
    facts(
        &mut story,
        Role::Patient,
        vec![
            answer("osteoporosis", Answer::AskedUnknown),
            answer("anticoagulant", Answer::Declined),
            yes("infection_signs", By::Patient, at),
        ],
    );
    let scan = |fact: &str, word: &str| {
        choice(fact, word, By::Imaging, at).with_source("MRI of 12 Oct 2026#finding 2")
    };
    facts(
        &mut story,
        Role::Practitioner,
        vec![
            scan("herniation_type", "protrusion"),
            scan("herniation_side", "left"),
            number("body_height", 1.73, By::Assistant, at).with_unit("m"),
            number("body_weight", 80.5, By::Assistant, at)
                .with_unit("kg")
                .with_who("Someone & Co"),
            number("pain_now[limb-left]", 6.0, By::Patient, at),
            number("dxa_t_score", -1.5, By::Record, at).with_source("report#1"),
        ],
    );
    story.later(hours(1));
    let at = story.at;
    let mut settled = super::setting::told(
        "infection_signs",
        care::fact::Value::Bool(false),
        By::Practitioner,
        at,
    );
    settled.resolves = Some("no fever, no sweats, examined".to_owned());
    story.given(What::ConflictResolved {
        reading: settled,
        reason: "no fever, no sweats, examined".to_owned(),
    });
    story.does(Role::Practitioner, Command::Evaluate);
    story.does(Role::Practitioner, consent(Region::Lumbar));
    let reason = "wants to think".to_owned();
    story.does(Role::Patient, Command::WithdrawConsent { reason });
    let readings = arrival(story.at);
    story.given(What::ArrivalRecorded { visit: 1, readings });
    let readings = pre_start(story.at);
    story.given(What::StartChecked { visit: 1, readings });
    story.does(Role::Practitioner, brought_in(story.at));
    doubtful(&mut story);
    story.events
}

/// A form of ours that the patient answered elsewhere, and a practitioner brings in.
fn brought_in(at: Timestamp) -> Command {
    let form = Form::Intake(Region::Lumbar);
    let mut age = number("age", 44.0, By::Patient, at).with_unit("a");
    age.who = Some("Ada Sample".to_owned());
    let readings = vec![
        age,
        Reading::answer(
            FactKey::plain("cancer_history"),
            Answer::AskedUnknown,
            at,
            By::Patient,
        ),
    ];
    let items = fhir::questionnaire::items(form, &readings, super::setting::knowledge());
    let response = serde_json::json!({
        "resourceType": "QuestionnaireResponse",
        "questionnaire": format!("{}|0.1.0", form.url()),
        "status": "completed",
        "authored": at.to_string(),
        "author": { "reference": "Practitioner/elsewhere", "display": "Dr Elsewhere" },
        "source": { "reference": "Patient/elsewhere", "display": "Ada Sample" },
        "item": items.expect("the form asks them"),
    });
    Command::ImportRecord(Imported {
        source: "FHIR R4".to_owned(),
        original: Private(response.to_string()),
        readings,
        unmapped: vec![],
        asks: vec![],
        deceased: false,
    })
}

/// A session in spite of what was found, another name for what is treated, a record of a death.
fn doubtful(story: &mut Story) {
    let kept = story.episode.decision.clone().expect("a decision").decision;
    assert!(!kept.fired.is_empty(), "something was found");
    story.given(What::GrantIssued {
        visit: 1,
        session: id(81),
        table: id(2),
        plan_sha256: String::new(),
        candidate: "gentle".to_owned(),
        attendant: "An assistant".to_owned(),
        force_n: 98.5,
        expires: story.at,
        grant: String::new(),
        simulated: false,
        decision: kept,
    });
    for (word, reason) in [("stenosis", "the image"), ("facet", "the examination")] {
        let reading = choice("treated_condition", word, By::Practitioner, story.at);
        story.given(What::ConflictResolved {
            reading,
            reason: reason.to_owned(),
        });
        story.later(minutes(1));
    }
    let mut reading = yes("diabetes", By::Record, story.at).with_source("fhir urn:a#entry[3]");
    reading.unconfirmed = true;
    story.given(What::RecordImported(Imported {
        source: "FHIR R4 bundle".to_owned(),
        original: Private("{\"resourceType\":\"Bundle\"}".to_owned()),
        readings: vec![reading],
        unmapped: vec![],
        asks: vec![],
        deceased: true,
    }));
}

pub(crate) fn tell_every_kind() -> Vec<Event> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../care/tests/golden");
    let read = |kind: &&str| {
        let bytes = std::fs::read(format!("{folder}/{kind}.v1.json")).expect("a golden file");
        Event::read(kind, 1, &bytes).unwrap_or_else(|problem| panic!("{problem}"))
    };
    let mut events: Vec<Event> = What::KINDS.iter().map(read).collect();
    for event in &mut events {
        match &mut event.what {
            // News, and not what the registration said.
            What::ContactChanged { demographics } => {
                demographics.0.email = Some("ada@a.example".to_owned());
            }
            What::ConsentGiven(given) => {
                given.cost = Some("80 a session".to_owned());
                given.words = Some("What is proposed\nA pull on the spine.\n".to_owned());
            }
            What::SessionEnded { summary, .. } => {
                summary.recording_sha256 = Some("44".repeat(32));
            }
            What::PlanSigned { document, .. } => *document = Some(signed()),
            What::Notified { to, .. } => *to = ON_CALL.to_owned(),
            _ => {}
        }
    }
    events
}

/// A signed plan whose signature is four bytes: nobody here checks it.
fn signed() -> String {
    let plan = care::plan::SignedPlan {
        schema: care::plan::SignedPlan::SCHEMA.to_owned(),
        plan: String::new(),
        plan_sha256: "11".repeat(32),
        candidate: "gentle".to_owned(),
        signer: "A practitioner".to_owned(),
        at: start(),
        public_key: "cc".repeat(32),
        signature: "aa".repeat(4),
    };
    serde_json::to_string(&plan).expect("JSON")
}

/// Who was told of the alert of that story.
pub(crate) const ON_CALL: &str = "Kim on call, +1 555 0199";
