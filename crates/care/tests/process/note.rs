//! The note of a visit: signed once, then only added to.

use care::episode::{BillingCode, Command, Note, Private, Role, What};
use si::Region;

use super::setting::{Story, after_session, minutes, planned, went_well};

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
    Command::SignNote { visit: 1, note }
}

fn add(words: &str) -> Command {
    let addendum = Private(words.to_owned());
    Command::AmendNote { visit: 1, addendum }
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
