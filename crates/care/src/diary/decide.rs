//! What may be booked, moved and marked.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use si::Problem;
use uuid::Uuid;

use super::{Appointment, Change, Diary, Entry, Mark, Place, Purpose};

/// Shortest and longest appointment, minutes (ours).
const MINUTES: (i64, i64) = (5, 240);
/// How far back somebody who came without one is entered, and how far ahead one is booked (ours).
const BACK_HOURS: i64 = 12;
const AHEAD_DAYS: i64 = 366;
/// Free times are offered on these minutes (ours).
const GRID_MINUTES: i64 = 5;
/// How far a free time is looked for (ours).
const SEARCH_HOURS: i64 = 10;

/// Decides a change of the diary; nothing where it says nothing new.
///
/// # Errors
/// An appointment that is not there or is over, a time that is no appointment, or somebody or
/// something that is taken: the place names which, the remedy the next time that is free.
pub fn decide(
    diary: &Diary,
    change: &Change,
    at: Timestamp,
    zone: &TimeZone,
) -> Result<Option<Entry>, Problem> {
    match change {
        Change::Book {
            id,
            patient,
            purpose,
            place,
        } => {
            if let Some(there) = diary.get(*id) {
                return again(there, (*patient, *purpose, place));
            }
            span(place, at)?;
            table(*purpose, place)?;
            free(diary, None, *patient, place, zone)?;
            Ok(Some(Entry::Booked {
                id: *id,
                patient: *patient,
                purpose: *purpose,
                place: place.clone(),
            }))
        }
        Change::Move { id, place } => {
            let there = find(diary, *id)?;
            if there.place == *place {
                return Ok(None);
            }
            if there.mark.is_some() {
                return Err(over(there));
            }
            span(place, at)?;
            table(there.purpose, place)?;
            free(diary, Some(*id), there.patient, place, zone)?;
            let (id, place) = (*id, place.clone());
            Ok(Some(Entry::Moved { id, place }))
        }
        Change::Mark { id, mark } => marked(find(diary, *id)?, *mark, at),
    }
}

/// The same booking sent twice.
fn again(
    there: &Appointment,
    (patient, purpose, place): (Uuid, Purpose, &Place),
) -> Result<Option<Entry>, Problem> {
    if there.patient == patient && there.purpose == purpose && there.place == *place {
        return Ok(None);
    }
    Err(Problem::new(
        "appointment-there",
        "id",
        there.id.to_string(),
        "this form was used for another appointment",
        "load the page again and book anew",
    ))
}

fn find(diary: &Diary, id: Uuid) -> Result<&Appointment, Problem> {
    diary.get(id).ok_or_else(|| {
        Problem::new(
            "appointment-unknown",
            "id",
            id.to_string(),
            "there is no such appointment",
            "load the day again",
        )
    })
}

fn over(there: &Appointment) -> Problem {
    Problem::new(
        "appointment-over",
        "id",
        there.id.to_string(),
        "the patient came, or it was missed, called off or is over",
        "book another one",
    )
}

/// Only what was said last can be followed by something else.
fn marked(there: &Appointment, mark: Mark, at: Timestamp) -> Result<Option<Entry>, Problem> {
    let last = there.mark.map(|(_, mark)| mark);
    if last == Some(mark) {
        return Ok(None);
    }
    let follows = match last {
        None => mark != Mark::Done,
        Some(Mark::Arrived) => matches!(mark, Mark::Done | Mark::Cancelled),
        // Who came after all, came.
        Some(Mark::NoShow) => mark == Mark::Arrived,
        Some(Mark::Done | Mark::Cancelled) => false,
    };
    if !follows {
        return Err(over(there));
    }
    if mark == Mark::NoShow && at < there.place.from {
        return Err(Problem::new(
            "appointment-ahead",
            "mark",
            "no-show",
            "nobody has missed what has not begun",
            "wait until its time, or cancel it",
        ));
    }
    Ok(Some(Entry::Marked { id: there.id, mark }))
}

fn span(place: &Place, at: Timestamp) -> Result<(), Problem> {
    let minutes = place.until.duration_since(place.from).as_mins();
    let (least, most) = MINUTES;
    let wrong = |place: &str, value: String, problem: String| {
        Err(Problem::new(
            "appointment-time",
            place,
            value,
            problem,
            "choose another time",
        ))
    };
    if !(least..=most).contains(&minutes) {
        let problem = format!("an appointment takes {least} to {most} minutes");
        return wrong("minutes", minutes.to_string(), problem);
    }
    let ahead = place.from.duration_since(at);
    if ahead < SignedDuration::from_hours(-BACK_HOURS) {
        let problem = format!("lies more than {BACK_HOURS} hours back");
        return wrong("from", place.from.to_string(), problem);
    }
    if ahead > SignedDuration::from_hours(24 * AHEAD_DAYS) {
        let problem = format!("lies more than {AHEAD_DAYS} days ahead");
        return wrong("from", place.from.to_string(), problem);
    }
    Ok(())
}

fn table(purpose: Purpose, place: &Place) -> Result<(), Problem> {
    if purpose == Purpose::Session && place.table.is_none() {
        return Err(Problem::new(
            "appointment-table",
            "table",
            "",
            "a session needs a table",
            "choose one",
        ));
    }
    Ok(())
}

/// What an appointment would take from another one.
fn clash<'a>(
    diary: &'a Diary,
    but: Option<Uuid>,
    patient: Uuid,
    place: &Place,
) -> Option<(&'static str, &'a Appointment)> {
    let longest = SignedDuration::from_mins(MINUTES.1);
    let since = place.from.saturating_sub(longest).unwrap_or(Timestamp::MIN);
    let mut others = diary
        .between(since, place.until)
        .filter(|other| Some(other.id) != but && other.holds() && other.place.overlaps(place));
    others.find_map(|other| {
        let shared = if other.patient == patient {
            "patient"
        } else if other.place.practitioner == place.practitioner {
            "practitioner"
        } else if other.place.table.is_some() && other.place.table == place.table {
            "table"
        } else {
            return None;
        };
        Some((shared, other))
    })
}

fn free(
    diary: &Diary,
    but: Option<Uuid>,
    patient: Uuid,
    place: &Place,
    zone: &TimeZone,
) -> Result<(), Problem> {
    let Some((shared, other)) = clash(diary, but, patient, place) else {
        return Ok(());
    };
    let clock = |at: Timestamp| {
        at.to_zoned_datetime(zone.clone())
            .strftime("%H:%M")
            .to_string()
    };
    let value = match shared {
        "table" => place.table.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let taken = format!(
        "the {shared} is taken from {} to {}",
        clock(other.place.from),
        clock(other.place.until)
    );
    let remedy = match next_free(diary, but, patient, place) {
        Some(next) => format!("the next free time is {}", clock(next)),
        None => "choose another day".to_owned(),
    };
    Err(Problem::new("double-booking", shared, value, taken, remedy))
}

/// The next time on the grid at which all of it is free.
fn next_free(diary: &Diary, but: Option<Uuid>, patient: Uuid, place: &Place) -> Option<Timestamp> {
    let grid = GRID_MINUTES * 60;
    let second = place.from.as_second();
    let first = second + (grid - second.rem_euclid(grid));
    let length = place.until.duration_since(place.from);
    let starts = (0..SEARCH_HOURS * 60 / GRID_MINUTES).map(|step| first + step * grid);
    starts
        .filter_map(|second| Timestamp::from_second(second).ok())
        .find(|from| {
            let until = from.checked_add(length).unwrap_or(Timestamp::MAX);
            let (from, there) = (*from, place.clone());
            clash(
                diary,
                but,
                patient,
                &Place {
                    from,
                    until,
                    ..there
                },
            )
            .is_none()
        })
}
