//! The diary: no double booking, what follows what, what a visit says.

use care::diary::{Change, Diary, Entry, Mark, Place, Purpose, Standing, decide, standing};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use si::Region;

use super::setting::{Story, after_session, days, hours, id, minutes, planned, start, went_well};

/// A table of the clinic.
const TABLE: &str = "Table 1";

fn place(from: Timestamp, length: i64, practitioner: u128, table: Option<&str>) -> Place {
    Place {
        from,
        until: from + minutes(length),
        practitioner: id(practitioner),
        table: table.map(str::to_owned),
    }
}

fn book(number: u128, patient: u128, place: Place) -> Change {
    Change::Book {
        id: id(number),
        patient: id(patient),
        purpose: Purpose::Session,
        place,
    }
}

fn zone() -> TimeZone {
    TimeZone::fixed(jiff::tz::offset(1))
}

/// The diary after these changes, each of which must be taken.
fn after(at: Timestamp, changes: &[Change]) -> Diary {
    let mut diary = Diary::default();
    for change in changes {
        let entry = decide(&diary, change, at, &zone()).expect("it is taken");
        diary.fold(at, &entry.expect("it says something new"));
    }
    diary
}

fn refused(diary: &Diary, change: &Change, at: Timestamp) -> si::Problem {
    decide(diary, change, at, &zone()).expect_err("it is refused")
}

#[test]
fn patient_practitioner_and_table_are_each_booked_once() {
    let at = start();
    let there = book(1, 10, place(at, 40, 20, Some(TABLE)));
    let diary = after(at, &[there]);
    let clock = at + minutes(20);
    for (shared, patient, practitioner, table) in [
        ("patient", 10, 21, "Table 2"),
        ("practitioner", 11, 20, "Table 2"),
        ("table", 11, 21, TABLE),
    ] {
        let change = book(2, patient, place(clock, 40, practitioner, Some(table)));
        let problem = refused(&diary, &change, at);
        assert_eq!((problem.code, &*problem.place), ("double-booking", shared));
        let next = (at + minutes(40))
            .to_zoned_datetime(zone())
            .strftime("%H:%M");
        assert_eq!(problem.remedy, format!("the next free time is {next}"));
    }
    // The minute in which one ends, the next begins.
    let next = book(2, 11, place(at + minutes(40), 40, 20, Some(TABLE)));
    assert!(decide(&diary, &next, at, &zone()).is_ok());
}

#[test]
fn what_was_missed_or_called_off_takes_no_time() {
    let at = start();
    for mark in [Mark::NoShow, Mark::Cancelled] {
        let marked = Change::Mark { id: id(1), mark };
        let diary = after(at, &[book(1, 10, place(at, 40, 20, Some(TABLE))), marked]);
        let same = book(2, 11, place(at, 40, 20, Some(TABLE)));
        assert!(decide(&diary, &same, at, &zone()).is_ok());
    }
}

#[test]
fn the_same_form_books_once() {
    let at = start();
    let change = book(1, 10, place(at, 40, 20, Some(TABLE)));
    let diary = after(at, std::slice::from_ref(&change));
    assert_eq!(decide(&diary, &change, at, &zone()), Ok(None));
    let other = book(1, 10, place(at + hours(2), 40, 20, Some(TABLE)));
    assert_eq!(refused(&diary, &other, at).code, "appointment-there");
}

#[test]
fn moving_makes_room_and_needs_some() {
    let at = start();
    let mut diary = after(
        at,
        &[
            book(1, 10, place(at, 40, 20, Some(TABLE))),
            book(2, 11, place(at + hours(1), 40, 20, Some(TABLE))),
        ],
    );
    let to = |from| Change::Move {
        id: id(1),
        place: place(from, 40, 20, Some(TABLE)),
    };
    assert_eq!(
        refused(&diary, &to(at + minutes(30)), at).place,
        "practitioner"
    );
    // A little later, over its own old time.
    let entry = decide(&diary, &to(at + minutes(10)), at, &zone());
    diary.fold(at, &entry.unwrap().unwrap());
    assert_eq!(diary.get(id(1)).unwrap().place.from, at + minutes(10));
    assert_eq!(diary.of(id(10)).count(), 1);
    let starts: Vec<_> = diary.between(at, at + hours(3)).map(|one| one.id).collect();
    assert_eq!(starts, [id(1), id(2)]);
}

#[test]
fn a_time_that_is_no_appointment_is_refused_with_its_place() {
    let at = start();
    let diary = Diary::default();
    for (wrong, at_place) in [
        (place(at, 4, 20, Some(TABLE)), "minutes"),
        (place(at, 241, 20, Some(TABLE)), "minutes"),
        (place(at + hours(1), -30, 20, Some(TABLE)), "minutes"),
        (place(at - hours(13), 40, 20, Some(TABLE)), "from"),
        (place(at + days(367), 40, 20, Some(TABLE)), "from"),
        (place(at, 40, 20, None), "table"),
    ] {
        assert_eq!(refused(&diary, &book(1, 10, wrong), at).place, at_place);
    }
    let unknown = Change::Mark {
        id: id(9),
        mark: Mark::Arrived,
    };
    assert_eq!(refused(&diary, &unknown, at).code, "appointment-unknown");
}

#[test]
fn every_mark_follows_what_it_may_follow_and_nothing_else() {
    use Mark::{Arrived, Cancelled, Done, NoShow};
    let at = start();
    let taken = |before: &[Mark], mark| {
        let mut changes = vec![book(1, 10, place(at, 40, 20, Some(TABLE)))];
        changes.extend(before.iter().map(|mark| Change::Mark {
            id: id(1),
            mark: *mark,
        }));
        let diary = after(at, &changes);
        decide(&diary, &Change::Mark { id: id(1), mark }, at, &zone()).is_ok()
    };
    for (before, may) in [
        (&[][..], &[Arrived, NoShow, Cancelled][..]),
        (&[Arrived], &[Arrived, Done, Cancelled]),
        (&[NoShow], &[NoShow, Arrived]),
        (&[Cancelled], &[Cancelled]),
        (&[Arrived, Done], &[Done]),
    ] {
        for mark in [Arrived, Done, NoShow, Cancelled] {
            assert_eq!(
                taken(before, mark),
                may.contains(&mark),
                "{before:?} then {mark:?}"
            );
        }
    }
    let ahead = after(
        at,
        &[book(1, 10, place(at + hours(1), 40, 20, Some(TABLE)))],
    );
    let missed = Change::Mark {
        id: id(1),
        mark: NoShow,
    };
    assert_eq!(refused(&ahead, &missed, at).code, "appointment-ahead");
}

/// The appointment that a story's next visit belongs to.
fn standing_of(story: &Story, from: Timestamp, marks: &[Mark]) -> Standing {
    let mut changes = vec![book(1, 10, place(from, 40, 20, Some(TABLE)))];
    changes.extend(marks.iter().map(|mark| Change::Mark {
        id: id(1),
        mark: *mark,
    }));
    let diary = after(from, &changes);
    standing(diary.get(id(1)).unwrap(), &story.episode, &zone())
}

#[test]
fn a_visit_on_record_says_where_its_appointment_stands() {
    let before = planned(Region::Lumbar, "gentle");
    assert_eq!(standing_of(&before, before.at, &[]), Standing::Booked);
    assert_eq!(
        standing_of(&before, before.at, &[Mark::Arrived]),
        Standing::Arrived
    );
    assert_eq!(
        standing_of(&before, before.at, &[Mark::NoShow]),
        Standing::NoShow
    );
    let treated = after_session(Region::Lumbar, went_well());
    let arrived = treated.episode.visits[0].arrived;
    let stands = standing_of(&treated, arrived, &[]);
    assert!(
        matches!(stands, Standing::InSession | Standing::Done),
        "{stands:?}"
    );
    // Who was marked as missing and came after all, came.
    assert_eq!(standing_of(&treated, arrived, &[Mark::NoShow]), stands);
    // The visit of one day says nothing of the next.
    assert_eq!(
        standing_of(&treated, arrived + days(1), &[]),
        Standing::Booked
    );
}

proptest! {
    /// Whatever is asked in whatever order, no two appointments that hold share anything.
    #[test]
    fn nothing_is_ever_booked_twice(asked in prop::collection::vec((0_u128..4, 0_u128..3, 0_usize..2, 0_i64..60, 1_i64..12, 0_u8..5), 1..60)) {
        let (at, tables) = (start(), ["Table 1", "Table 2"]);
        let mut diary = Diary::default();
        for (number, (patient, practitioner, table, from, length, act)) in (1_u128..).zip(asked) {
            let place = place(at + minutes(10 * from), 5 * length, practitioner, Some(tables[table]));
            let some = id(1 + (from as u128) % number);
            let change = match act {
                0 => Change::Move { id: some, place },
                1 => Change::Mark { id: some, mark: Mark::Cancelled },
                _ => book(number, patient, place),
            };
            if let Ok(Some(entry)) = decide(&diary, &change, at, &zone()) {
                diary.fold(at, &entry);
            }
        }
        let all: Vec<_> = diary.between(at, at + days(2)).filter(|one| one.holds()).collect();
        for (index, one) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                let shares = one.patient == other.patient
                    || one.place.practitioner == other.place.practitioner
                    || one.place.table == other.place.table;
                let apart = one.place.until <= other.place.from || other.place.until <= one.place.from;
                prop_assert!(apart || !shares, "{one:?} {other:?}");
            }
        }
    }
}

#[test]
fn entries_are_kept_as_they_were_first_written() {
    let (from, until) = (start(), start() + minutes(40));
    let (one, other) = (id(1), id(10));
    let place = place(from, 40, 10, Some(TABLE));
    let kept = format!(
        r#"{{"from":"{from}","until":"{until}","practitioner":"{other}","table":"Table 1"}}"#
    );
    let booked = Entry::Booked {
        id: one,
        patient: other,
        purpose: Purpose::ReEvaluation,
        place: place.clone(),
    };
    let mark = Mark::NoShow;
    for (entry, first) in [
        (
            booked,
            format!(
                r#"{{"what":"booked","id":"{one}","patient":"{other}","purpose":"re-evaluation","place":{kept}}}"#
            ),
        ),
        (
            Entry::Moved { id: one, place },
            format!(r#"{{"what":"moved","id":"{one}","place":{kept}}}"#),
        ),
        (
            Entry::Marked { id: one, mark },
            format!(r#"{{"what":"marked","id":"{one}","mark":"no-show"}}"#),
        ),
    ] {
        assert_eq!(serde_json::to_string(&entry).unwrap(), first);
        assert_eq!(serde_json::from_str::<Entry>(&first).unwrap(), entry);
    }
}
