//! The note of a visit: signed once, then only added to.

use care::episode::{BillingCode, Command, Encounter, Note, Private, Role, What};
use jiff::civil::{Date, date};
use si::Region;

use super::setting::{Story, after_session, days, id, minutes, planned, went_well};

fn note(plan: &str) -> Note {
    let part = |text: &str| Private(text.to_owned());
    Note {
        subjective: part("Less pain in the leg."),
        objective: part("10 minutes at 160 N."),
        assessment: part("Better."),
        plan: part(plan),
        code: Some(BillingCode::Cpt97012),
    }
}

fn sign(note: Note) -> Command {
    let visit = Encounter::Visit(1);
    Command::SignNote { visit, note }
}

fn add(words: &str) -> Command {
    let (visit, addendum) = (Encounter::Visit(1), Private(words.to_owned()));
    Command::AmendNote { visit, addendum }
}

fn treated() -> Story {
    after_session(Region::Lumbar, went_well())
}

#[test]
fn a_note_is_signed_once_and_then_only_added_to() {
    let mut story = treated();
    assert_eq!(
        story.refused(Role::Practitioner, add("too early")),
        "note-unsigned"
    );
    story.does(Role::Practitioner, sign(note("As planned.")));
    story.later(minutes(1));
    // Sent twice it is signed once.
    assert_eq!(
        story.does(Role::Practitioner, sign(note("As planned."))),
        []
    );
    let other = story.refused(Role::Practitioner, sign(note("Something else.")));
    assert_eq!(other, "note-signed");
    story.does(Role::ClinicalLead, add("The stairs were no trouble."));
    let kept = story.episode.visits[0].note.as_ref().unwrap();
    assert_eq!(kept.note, note("As planned."));
    assert_eq!(kept.addenda.len(), 1);
    assert_eq!(kept.addenda[0].1.role, Role::ClinicalLead);
    assert!(kept.at < kept.addenda[0].0);
}

#[test]
fn every_part_must_say_something_and_an_addendum_too() {
    let mut story = treated();
    for place in [
        "note.subjective",
        "note.objective",
        "note.assessment",
        "note.plan",
    ] {
        let mut empty = note("As planned.");
        let part = match place {
            "note.subjective" => &mut empty.subjective,
            "note.objective" => &mut empty.objective,
            "note.assessment" => &mut empty.assessment,
            _ => &mut empty.plan,
        };
        part.0 = "  ".to_owned();
        let problem = story.ask(Role::Practitioner, sign(empty)).unwrap_err();
        assert_eq!((problem.code, &*problem.place), ("not-said", place));
    }
    story.does(Role::Practitioner, sign(note("As planned.")));
    assert_eq!(story.refused(Role::Practitioner, add(" ")), "not-said");
}

#[test]
fn what_was_not_given_has_no_code() {
    let mut story = planned(Region::Lumbar, "gentle");
    let unknown = story.refused(Role::Practitioner, sign(note("As planned.")));
    assert_eq!(unknown, "visit-unknown");
    let readings = super::setting::arrival(story.at);
    story.does(Role::Practitioner, Command::RecordArrival { readings });
    let coded = story.refused(Role::Practitioner, sign(note("Not today.")));
    assert_eq!(coded, "code-without-session");
    let mut plain = note("Not today.");
    plain.code = None;
    let signed = story.does(Role::Practitioner, sign(plain));
    assert!(matches!(signed[0].what, What::NoteSigned { visit: 1, .. }));
}

#[test]
fn a_code_is_kept_as_the_code_itself() {
    for code in [BillingCode::Cpt97012, BillingCode::HcpcsS9090] {
        let kept = serde_json::to_string(&code).unwrap();
        assert_eq!(kept, format!("\"{}\"", code.as_str()));
        assert_eq!(code.as_str().parse(), Ok(code));
    }
    assert_eq!("97012+S9090".parse::<BillingCode>(), Err(()));
}

fn on(day: Date, appointment: Option<u128>) -> Encounter {
    let appointment = appointment.map(id);
    Encounter::Day { day, appointment }
}

fn plain() -> Note {
    Note {
        code: None,
        ..note("Sessions twice a week.")
    }
}

#[test]
fn the_day_of_a_screening_has_a_note_of_its_own_without_an_arrival() {
    let mut story = planned(Region::Lumbar, "gentle");
    let day = story.at.to_zoned_datetime(story.zone.clone()).date();
    assert_eq!(story.episode.examined_on(&story.zone), [day]);
    let visit = on(day, None);
    let coded = Command::SignNote {
        visit,
        note: note("As planned."),
    };
    assert_eq!(
        story.refused(Role::Practitioner, coded),
        "code-without-session"
    );
    let sign = |note| Command::SignNote { visit, note };
    let signed = story.does(Role::Practitioner, sign(plain()));
    assert!(matches!(&signed[0].what, What::ExaminationNoted { day: on, .. } if *on == day));
    assert_eq!(story.does(Role::Practitioner, sign(plain())), []);
    let mut other = plain();
    other.plan.0 = "Something else.".to_owned();
    let refused = story.refused(Role::Practitioner, sign(other));
    assert_eq!(refused, "note-signed");
    let addendum = Private("The films came later.".to_owned());
    story.does(Role::ClinicalLead, Command::AmendNote { visit, addendum });
    let kept = story.episode.examination(day).unwrap();
    assert_eq!(
        (kept.note.note.clone(), kept.note.addenda.len()),
        (plain(), 1)
    );
    // It is no visit to a table: nothing waits for a leaving check.
    assert!(story.episode.visits.is_empty());
}

#[test]
fn a_day_without_an_examination_has_no_note_unless_the_diary_says_that_they_came() {
    let mut story = planned(Region::Lumbar, "gentle");
    story.later(days(3));
    let today = story.at.to_zoned_datetime(story.zone.clone()).date();
    let sign = |day, appointment| Command::SignNote {
        visit: on(day, appointment),
        note: plain(),
    };
    let unknown = story.refused(Role::Practitioner, sign(today, None));
    assert_eq!(unknown, "visit-unknown");
    let ahead = today.tomorrow().unwrap();
    assert_eq!(
        story.refused(Role::Practitioner, sign(ahead, Some(7))),
        "visit-unknown"
    );
    story.does(Role::Practitioner, sign(today, Some(7)));
    assert!(story.episode.examination(today).is_some());
}

#[test]
fn a_day_with_an_arrival_has_the_note_of_that_visit_alone() {
    let mut story = treated();
    let arrived = story.episode.visits[0].arrived;
    let day = arrived.to_zoned_datetime(story.zone.clone()).date();
    assert!(!story.episode.examined_on(&story.zone).contains(&day));
    let sign = Command::SignNote {
        visit: on(day, Some(7)),
        note: plain(),
    };
    assert_eq!(story.refused(Role::Practitioner, sign), "visit-there");
}

#[test]
fn what_a_note_is_about_is_a_number_or_a_day() {
    let read = |text: &str| serde_json::from_str::<Encounter>(text).unwrap();
    assert_eq!(read("3"), Encounter::Visit(3));
    let day = date(2026, 11, 2);
    assert_eq!(read("{\"day\":\"2026-11-02\"}"), on(day, None));
    for visit in [Encounter::Visit(3), on(day, None), on(day, Some(7))] {
        assert_eq!(read(&serde_json::to_string(&visit).unwrap()), visit);
    }
}
