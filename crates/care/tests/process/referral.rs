//! Letters to other places, followed until somebody tells what came of them.

use care::decide::Urgency;
use care::episode::{Command, Private, Referral, ReferralEnd, Role, What, wakes_at};
use jiff::SignedDuration;
use si::Region;

use super::setting::{Story, days, hours, minutes, register};

fn letter(urgency: Urgency) -> Referral {
    let part = |text: &str| Private(text.to_owned());
    Referral {
        to: "Emergency department".to_owned(),
        urgency,
        reason: part("Numb between the legs"),
        onset: part("27 Nov 2026, 21:00"),
        findings: part(""),
        request: part("Please examine today."),
    }
}

/// A letter about an emergency.
pub(crate) fn emergency() -> Command {
    Command::Refer(letter(Urgency::Emergency))
}

fn told(referral: u32, end: ReferralEnd) -> Command {
    Command::CloseReferral {
        referral,
        end,
        words: Private("No compression on the image.".to_owned()),
    }
}

fn tick() -> Command {
    let on_call = vec!["one".to_owned(), "two".to_owned()];
    Command::KeepTime { on_call }
}

fn registered() -> Story {
    let mut story = Story::new();
    story.does(Role::FrontDesk, register(Region::Lumbar));
    story
}

fn sent(urgency: Urgency) -> Story {
    let mut story = registered();
    story.does(Role::Practitioner, Command::Refer(letter(urgency)));
    story
}

/// The alarms of one tick: how urgent, and about what.
fn alarms(story: &mut Story) -> Vec<(String, String)> {
    let events = story.does(Role::Program, tick());
    let alarms = events.into_iter().filter_map(|event| match event.what {
        What::Notified {
            urgency,
            about,
            attempt: 1,
            ..
        } => Some((urgency, about)),
        _ => None,
    });
    alarms.collect()
}

#[test]
fn a_letter_is_asked_after_again_and_again_until_somebody_tells_what_came_of_it() {
    let terms: [(Urgency, SignedDuration, &str); 3] = [
        (Urgency::Emergency, hours(24), "urgent"),
        (Urgency::Urgent, days(7), "routine"),
        (Urgency::Routine, days(42), "routine"),
    ];
    for (urgency, term, alarm) in terms {
        let mut story = sent(urgency);
        for _ in 0..2 {
            let due = story.at.checked_add(term).unwrap();
            assert_eq!(wakes_at(&story.episode), Some(due), "{urgency}");
            story.later(term - minutes(1));
            assert_eq!(alarms(&mut story), [], "{urgency}");
            story.later(minutes(1));
            let about = "referral: no answer to letter 1".to_owned();
            let expected = [(alarm.to_owned(), about)];
            assert_eq!(alarms(&mut story), expected, "{urgency}");
            assert_eq!(alarms(&mut story), [], "{urgency}: once a term");
            let alert = story.episode.alerts.last().unwrap().number;
            let note = "calling there".to_owned();
            story.does(Role::Assistant, Command::Acknowledge { alert, note });
        }
        story.does(Role::Assistant, told(1, ReferralEnd::Answered));
        assert_eq!(wakes_at(&story.episode), None, "{urgency}");
        story.later(days(100));
        assert_eq!(alarms(&mut story), [], "{urgency}");
        let closed = story.episode.referrals[0].closed.as_ref().unwrap();
        assert_eq!(
            (closed.1.role, closed.2),
            (Role::Assistant, ReferralEnd::Answered)
        );
    }
}

#[test]
fn an_emergency_nobody_has_told_the_end_of_reaches_whoever_is_on_call() {
    let mut story = sent(Urgency::Emergency);
    story.later(hours(24));
    alarms(&mut story);
    story.does(Role::Program, tick());
    let told = &story.episode.alerts[0].notified;
    let to: Vec<&str> = told.iter().map(|(_, to)| to.as_str()).collect();
    assert_eq!(to, ["practitioner", "one"]);
}

#[test]
fn what_is_sent_twice_is_one_letter_and_another_has_a_number_of_its_own() {
    let mut story = sent(Urgency::Urgent);
    let again = Command::Refer(letter(Urgency::Urgent));
    assert_eq!(story.does(Role::Practitioner, again), []);
    story.does(Role::ClinicalLead, Command::Refer(letter(Urgency::Routine)));
    story.does(Role::Assistant, told(2, ReferralEnd::NotSeen));
    let open: Vec<u32> = story
        .episode
        .open_referrals()
        .map(|one| one.number)
        .collect();
    assert_eq!(open, [1]);
    assert_eq!(
        story.refused(Role::Assistant, told(2, ReferralEnd::Answered)),
        "referral-unknown"
    );
    // The same words again are a new letter once the first is closed.
    let words = letter(Urgency::Routine);
    assert_eq!(
        story.does(Role::Practitioner, Command::Refer(words)).len(),
        1
    );
    assert_eq!(story.episode.referrals.last().unwrap().number, 3);
}

#[test]
fn a_letter_says_to_whom_why_since_when_and_what_is_asked() {
    let mut story = registered();
    let empty: [fn(&mut Referral); 4] = [
        |letter| letter.to = " ".to_owned(),
        |letter| letter.reason.0.clear(),
        |letter| letter.onset.0.clear(),
        |letter| letter.request.0.clear(),
    ];
    for change in empty {
        let mut letter = letter(Urgency::Urgent);
        change(&mut letter);
        let code = story.refused(Role::Practitioner, Command::Refer(letter));
        assert_eq!(code, "not-said");
    }
    let idle = Command::Refer(letter(Urgency::None));
    assert_eq!(story.refused(Role::Practitioner, idle), "referral-urgency");
    assert_eq!(story.episode.referrals, []);
    story.does(Role::Practitioner, Command::Refer(letter(Urgency::Urgent)));
    let silent = Command::CloseReferral {
        referral: 1,
        end: ReferralEnd::Withdrawn,
        words: Private(" ".to_owned()),
    };
    assert_eq!(story.refused(Role::Assistant, silent), "not-said");
}

#[test]
fn who_has_left_the_clinics_care_is_still_followed_and_who_died_is_not() {
    let mut story = sent(Urgency::Emergency);
    story.does(
        Role::Practitioner,
        Command::Discharge {
            reason: "moved away".to_owned(),
            outcome: "unknown".to_owned(),
        },
    );
    story.does(Role::Practitioner, Command::Refer(letter(Urgency::Routine)));
    story.does(Role::Practitioner, told(2, ReferralEnd::Withdrawn));
    story.later(hours(24));
    assert_eq!(alarms(&mut story).len(), 1);
    story.episode.deceased = true;
    assert_eq!(wakes_at(&story.episode), None);
    story.later(days(9));
    let kept = story.does(Role::Program, tick());
    assert_eq!(kept, [], "nobody asks after somebody who died");
}

#[test]
fn an_alarm_ends_with_its_letter_and_is_one_however_long_nobody_takes_it() {
    let mut story = sent(Urgency::Emergency);
    for _ in 0..3 {
        story.later(hours(24));
        story.does(Role::Program, tick());
    }
    assert_eq!(story.episode.open_alerts().count(), 1);
    story.does(Role::Assistant, told(1, ReferralEnd::Answered));
    assert_eq!(story.episode.open_alerts().count(), 0);
    assert_eq!(wakes_at(&story.episode), None);
}

#[test]
fn who_was_not_seen_is_somebodys_today_and_only_who_writes_letters_withdraws_one() {
    for (urgency, alarms) in [
        (Urgency::Emergency, 1),
        (Urgency::Urgent, 1),
        (Urgency::Routine, 0),
    ] {
        let mut story = sent(urgency);
        let withdrawn = told(1, ReferralEnd::Withdrawn);
        assert_eq!(story.refused(Role::Assistant, withdrawn), "role-may-not");
        story.does(Role::Assistant, told(1, ReferralEnd::NotSeen));
        let open: Vec<_> = story.episode.open_alerts().collect();
        assert_eq!(open.len(), alarms, "{urgency}");
        assert!(open.iter().all(|alert| alert.urgency == "urgent"));
    }
    let mut story = sent(Urgency::Emergency);
    story.does(Role::Practitioner, told(1, ReferralEnd::Withdrawn));
    assert_eq!(story.episode.open_referrals().count(), 0);
}

/// A silence, and two letters, fall due while nobody keeps the time.
#[test]
fn alarms_that_fall_due_at_once_have_numbers_of_their_own() {
    let mut story = super::setting::after_session(Region::Lumbar, super::setting::went_well());
    story.does(Role::Practitioner, emergency());
    let mut other = letter(Urgency::Emergency);
    "Another place".clone_into(&mut other.to);
    story.does(Role::Practitioner, Command::Refer(other));
    story.later(hours(24));
    let events = story.does(Role::Program, tick());
    let numbers = events.iter().filter_map(|event| match event.what {
        What::Notified {
            alert, attempt: 1, ..
        } => Some(alert),
        _ => None,
    });
    let mut numbers: Vec<u32> = numbers.collect();
    let all = numbers.len();
    assert!(all >= 3, "{events:?}");
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), all, "{events:?}");
}
