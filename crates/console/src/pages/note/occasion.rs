//! What a note is about: a visit with an arrival record, or the day of an examination.

use care::diary::{Appointment, Diary, Mark, Purpose};
use care::episode::{Encounter, Episode, SignedNote, Visit as OfPatient};
use jiff::Timestamp;
use jiff::civil::Date;
use si::Region;
use uuid::Uuid;

use super::super::who::Desk;
use crate::clinic::Chart;
use crate::door::{Fault, Visit};
use crate::frame::Frame;

/// One visit or examination.
pub(in crate::pages) struct Occasion<'a> {
    /// As a command names it.
    pub(super) encounter: Encounter,
    /// The visit, where there is an arrival record.
    pub(super) visit: Option<&'a OfPatient>,
    /// Its note, once signed.
    pub(in crate::pages) note: Option<&'a SignedNote>,
    /// The episode it belongs to.
    pub(super) episode: u32,
    /// What is treated in it.
    pub(super) region: Option<Region>,
    /// Its day begins.
    pub(super) from: Timestamp,
    /// Its note speaks of nothing from here on.
    pub(super) until: Timestamp,
    /// When it was, in words.
    pub(in crate::pages) when: String,
}

impl Occasion<'_> {
    /// As its address names it.
    pub(in crate::pages) fn key(&self) -> String {
        key(self.encounter)
    }
}

fn key(encounter: Encounter) -> String {
    match encounter {
        Encounter::Visit(number) => number.to_string(),
        Encounter::Day { day, .. } => day.to_string(),
    }
}

/// The occasion that an address names.
pub(in crate::pages) async fn of_patient<'a>(
    visit: &Visit,
    desk: &'a Desk,
    f: &Frame,
) -> Result<Occasion<'a>, Fault> {
    let named = visit.part("visit")?;
    let diary = visit.app.clinic.diary().await?;
    let mut all = encounters(f, &desk.chart, &diary).into_iter();
    let encounter = all.find(|one| key(*one) == named).ok_or(Fault::NotFound)?;
    occasion(f, &desk.chart.episode, encounter).ok_or(Fault::NotFound)
}

/// Every visit of a patient, and every day on which they were examined without one, oldest first.
fn encounters(f: &Frame, chart: &Chart, diary: &Diary) -> Vec<Encounter> {
    let episode = &chart.episode;
    let visits = episode.visits.iter();
    let visits = visits.map(|visit| (visit.arrived, Encounter::Visit(visit.number)));
    let mut all: Vec<(Timestamp, Encounter)> = visits.collect();
    for day in days(f, chart.id, episode, diary) {
        let appointment = came(f, chart.id, diary, day).map(|one| one.id);
        let from = span(f, day).map(|(from, _)| from);
        let encounter = Encounter::Day { day, appointment };
        all.extend(from.map(|from| (from, encounter)));
    }
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, one)| one).collect()
}

fn days(f: &Frame, patient: Uuid, episode: &Episode, diary: &Diary) -> Vec<Date> {
    let mut days = episode.examined_on(&f.zone);
    let kept = diary.of(patient).filter(|one| has_come(one));
    let kept = kept.map(|one| date(f, one.place.from));
    days.extend(kept.filter(|day| episode.arrived_on(*day, &f.zone).is_none()));
    days.extend(episode.examinations.iter().map(|one| one.day));
    days.retain(|day| *day <= f.now.date());
    days.sort_unstable();
    days.dedup();
    days
}

/// The appointment for an examination to which they came that day.
fn came<'a>(f: &Frame, patient: Uuid, diary: &'a Diary, day: Date) -> Option<&'a Appointment> {
    let mut all = diary.of(patient);
    all.find(|one| has_come(one) && date(f, one.place.from) == day)
}

fn has_come(one: &Appointment) -> bool {
    let examines = matches!(one.purpose, Purpose::FirstVisit | Purpose::ReEvaluation);
    examines && matches!(one.mark, Some((_, Mark::Arrived | Mark::Done)))
}

fn date(f: &Frame, at: Timestamp) -> Date {
    at.to_zoned_datetime(f.zone.clone()).date()
}

/// From its first instant to the first of the next day.
fn span(f: &Frame, day: Date) -> Option<(Timestamp, Timestamp)> {
    let begins = |day: Date| Some(day.to_zoned_datetime(f.zone.clone()).ok()?.timestamp());
    Some((begins(day)?, begins(day.tomorrow().ok()?)?))
}

fn occasion<'a>(f: &Frame, episode: &'a Episode, encounter: Encounter) -> Option<Occasion<'a>> {
    let visit = match encounter {
        Encounter::Visit(number) => episode.visits.iter().find(|visit| visit.number == number),
        Encounter::Day { .. } => None,
    };
    let day = match encounter {
        Encounter::Visit(_) => date(f, visit?.arrived),
        Encounter::Day { day, .. } => day,
    };
    let (from, ends) = span(f, day)?;
    let arrived = visit.map_or(from, |visit| visit.arrived);
    let later = episode.visits.iter().map(|visit| visit.arrived);
    let next = later.filter(|other| arrived < *other).min();
    let until = next.map_or(ends, |next| next.min(ends));
    let earlier = episode.visits.iter().filter(|one| one.arrived < arrived);
    let same_day = earlier
        .map(|one| one.arrived)
        .filter(|at| from <= *at)
        .max();
    let examined = episode.examination(day).filter(|_| visit.is_none());
    let open = match episode.has_begun(from.max(until)) {
        true => episode.number,
        false => episode.number.saturating_sub(1),
    };
    Some(Occasion {
        encounter,
        visit,
        note: match visit {
            Some(visit) => visit.note.as_ref(),
            None => examined.map(|one| &one.note),
        },
        episode: visit.map_or_else(
            || examined.map_or(open, |one| one.episode),
            |visit| visit.episode,
        ),
        region: visit.map_or(episode.region, |visit| visit.region),
        // Of two visits on a day the second has the findings that came after the first began.
        from: same_day.map_or(from, |_| arrived),
        until,
        when: match visit {
            Some(visit) => f.when(&visit.arrived),
            None => day.strftime("%-d %b %Y").to_string(),
        },
    })
}

/// What may be read or written of a patient, newest first: address, day, whether it is signed.
pub(in crate::pages) fn list(
    f: &Frame,
    chart: &Chart,
    diary: &Diary,
) -> Vec<(String, String, bool)> {
    let all = encounters(f, chart, diary).into_iter().rev();
    let all = all.filter_map(|one| occasion(f, &chart.episode, one));
    all.map(|one| (one.key(), one.when.clone(), one.note.is_some()))
        .collect()
}
