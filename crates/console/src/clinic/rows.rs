//! Read models: what lists need, as a pure function of one stream's events.
//!
//! | model | one row for each | key | sorted by |
//! |---|---|---|---|
//! | `patients` | patient | its id | open episodes first, then by name |
//! | `names` | word of a name, date of birth | the word and the name | – (holds all words) |
//! | `alarms` | alarm nobody took | its number | urgency, then age |
//! | `waits` | patient whose check-in waits for an answer | its id | when it is first asked for |
//! | `lapsed` | patient who missed appointments, or whose last session no review looked at | its id | first those, then the session's end |
//! | `wakes` | patient of whom something falls due | its id | when it does |
//! | `unlearned` | session that nothing was learned from yet | its id | its end |
//! | `letters` | letter that nobody told the end of | its number | its signature |
//! | `overrides` | patient of whom a rule was overridden | its id | – |
//! | `courses` | episode, in figures | its number | its beginning |
//! | `rules` | rule that ever fired | its id | those that count now above others, then when last |
//! | `facts` | fact with a reading | its id | those of an open episode above others, then when last |
//! | `sessions`, `links` | session; link to a check-in | its id; the token's hash | grant; end |
//! | `users` | account of whoever works here | login | name |
//! | `patient-logins` | patient's own account, while it is open | login | name |
//! | `patient-accounts` | the same, open or closed | patient | name |
//! | `audit-records` | record that somebody visited on a day | record, day, person | – |
//! | `audit-people` | person who did something on a day | person, day | – |
//!
//! Instants are sorted by to the second, rounded down: who asks for what is due finds all of it.

use std::collections::BTreeMap;

use care::decide::Urgency;
use care::episode::{Episode, wakes_at};
use care::outcomes::Tally;
use care::review::{missed, unreviewed};
use care::triage::due;
use jiff::Timestamp;
use record::{Projection, Projector, Row, Stored, Stream, StreamKind};
use serde::Serialize;
use uuid::Uuid;

use super::audit;
use super::files;
use super::patients::Summary;
use super::search::names;
use super::users::{self, User};

/// Counts up whenever any row becomes another than it was for the same events: a store whose
/// rows are older is rebuilt when it is opened.
pub(super) const VERSION: &str = "11";
/// Where a store says of which version its rows are.
pub(super) const VERSION_MODEL: &str = "rows";
pub(super) const VERSION_KEY: &str = "version";

/// The projector of every stream of a clinic, for `journal rebuild`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows;

impl Projector for Rows {
    fn begin(&self, stream: Stream) -> Box<dyn Projection> {
        match stream.kind {
            StreamKind::Patient => Box::new(OfPatient {
                id: stream.id,
                episode: Episode::default(),
            }),
            StreamKind::User => Box::new(OfUser {
                id: stream.id,
                user: None,
            }),
            StreamKind::Clinic => Box::new(OfClinic),
            StreamKind::Audit => Box::new(OfAudit(audit::Index::default())),
            StreamKind::Table => Box::new(OfNothing),
        }
    }
}

struct OfPatient {
    id: Uuid,
    episode: Episode,
}

impl Projection for OfPatient {
    fn event(&mut self, event: &Stored) -> Result<(), String> {
        let episode = std::mem::take(&mut self.episode);
        self.episode = files::folded(episode, event).map_err(|problem| problem.log())?;
        Ok(())
    }

    fn rows(self: Box<Self>) -> Result<Vec<Row>, String> {
        Ok(of_patient(self.id, &self.episode))
    }
}

struct OfUser {
    id: Uuid,
    user: Option<User>,
}

impl Projection for OfUser {
    fn event(&mut self, event: &Stored) -> Result<(), String> {
        self.user =
            users::folded(self.id, self.user.take(), event).map_err(|problem| problem.log())?;
        Ok(())
    }

    fn rows(self: Box<Self>) -> Result<Vec<Row>, String> {
        Ok(of_user(self.user.as_ref()))
    }
}

struct OfAudit(audit::Index);

impl Projection for OfAudit {
    fn event(&mut self, event: &Stored) -> Result<(), String> {
        if let Some(payload) = event.payload.as_ref().filter(|_| !event.is_own()) {
            let access = serde_json::from_slice(payload).map_err(|e| e.to_string())?;
            self.0.add(event.sequence, event.at, &access);
        }
        Ok(())
    }

    fn rows(self: Box<Self>) -> Result<Vec<Row>, String> {
        Ok(self.0.rows())
    }
}

struct OfClinic;

impl Projection for OfClinic {
    fn event(&mut self, _: &Stored) -> Result<(), String> {
        Ok(())
    }

    fn rows(self: Box<Self>) -> Result<Vec<Row>, String> {
        Ok(of_clinic())
    }
}

struct OfNothing;

impl Projection for OfNothing {
    fn event(&mut self, _: &Stored) -> Result<(), String> {
        Ok(())
    }

    fn rows(self: Box<Self>) -> Result<Vec<Row>, String> {
        Ok(Vec::new())
    }
}

/// The list of patients, and the links that lead to them.
pub(super) fn of_patient(id: Uuid, episode: &Episode) -> Vec<Row> {
    // A stream that was erased or never registered has no rows.
    if episode.number == 0 {
        return Vec::new();
    }
    let summary = Summary::of(id, episode);
    let mut rows = listed(&summary);
    rows.extend(courses(episode));
    rows.extend(rules(episode));
    rows.extend(facts(episode));
    rows.extend(alarms(episode));
    rows.extend(clock(id, episode));
    rows.extend(episode.unlearned().map(|session| {
        let ended = second(session.ended.unwrap_or(session.granted));
        Row::new("unlearned", session.id.to_string(), ended, Vec::new())
    }));
    rows.extend(episode.open_referrals().map(|one| {
        let at = second(one.at);
        Row::new("letters", one.number.to_string(), at, Vec::new())
    }));
    if !episode.overrides.is_empty() {
        rows.push(Row::new("overrides", id.to_string(), "", Vec::new()));
    }
    // Of former episodes too: a late recording or an open link still finds its patient.
    for session in episode.all_sessions() {
        rows.push(Row::new(
            "sessions",
            session.id.to_string(),
            session.granted.to_string(),
            Vec::new(),
        ));
        for link in &session.links {
            rows.push(Row::new(
                "links",
                link.token_sha256.clone(),
                link.expires.to_string(),
                session.id.to_string(),
            ));
        }
    }
    rows
}

/// What lists and searches of patients show.
fn listed(summary: &Summary) -> Vec<Row> {
    let name = summary.name.to_lowercase();
    let body = json(summary);
    let group = if summary.discharged { "1" } else { "0" };
    let id = summary.id.to_string();
    let mut rows = vec![Row::new(
        "patients",
        id,
        cut(&format!("{group} {name}")),
        body.clone(),
    )];
    let names = names(summary).into_iter();
    rows.extend(names.map(|(key, words)| Row::new("names", cut(&key), cut(&words), body.clone())));
    rows
}

/// Every episode that the patient had, in figures.
fn courses(episode: &Episode) -> impl Iterator<Item = Row> {
    let present = Tally::of(episode);
    let all = episode.former.iter().cloned().chain([present]);
    all.map(|tally| {
        let (number, opened) = (tally.number.to_string(), tally.opened.unwrap_or_default());
        Row::new("courses", number, second(opened), json(&tally))
    })
}

/// Every rule that ever fired, as [`Touch`](super::Touch) reads it.
fn rules(episode: &Episode) -> impl Iterator<Item = Row> {
    let now = episode.touched_now();
    let all = episode.touched.iter();
    all.map(move |(rule, touch)| touched("rules", rule, now.contains(&**rule), touch.at))
}

/// Every fact with a reading: a rule that reads it has used that, positive or not.
fn facts(episode: &Episode) -> impl Iterator<Item = Row> {
    let mut last: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for reading in &episode.readings {
        let at = last.entry(reading.fact.as_str()).or_insert(reading.at);
        *at = reading.at.max(*at);
    }
    let open = episode.discharged.is_none();
    let all = last.into_iter();
    all.map(move |(fact, at)| touched("facts", fact, open, at))
}

fn touched(model: &str, key: &str, now: bool, at: Timestamp) -> Row {
    let sort = format!("{}_{}", u8::from(now), second(at));
    Row::new(model, key, sort, Vec::new())
}

fn alarms(episode: &Episode) -> impl Iterator<Item = Row> {
    episode.open_alerts().map(|alert| {
        let mut all = Urgency::ALL.iter().rev();
        let place = all.position(|urgency| urgency.as_str() == alert.urgency);
        let sort = format!("{} {}", place.unwrap_or(0), second(alert.at));
        Row::new("alarms", alert.number.to_string(), sort, Vec::new())
    })
}

/// What the clock must look at, and when.
fn clock(id: Uuid, episode: &Episode) -> impl Iterator<Item = Row> {
    let all = due(episode, Timestamp::MAX).into_iter();
    let waits = all.filter(|due| due.is_open()).map(|due| due.from).min();
    let row = move |model, at: Option<Timestamp>| {
        at.map(|at| Row::new(model, id.to_string(), second(at), Vec::new()))
    };
    let rows = [row("waits", waits), row("wakes", wakes_at(episode))];
    rows.into_iter().flatten().chain(lapsed(id, episode))
}

/// Whom a review may wait for: at once who missed appointments, after a gap who did not come.
fn lapsed(id: Uuid, episode: &Episode) -> Option<Row> {
    if episode.discharged.is_some() || episode.deceased {
        return None;
    }
    let sort = match missed(episode) {
        true => AT_ONCE.to_owned(),
        false => second(unreviewed(episode)?),
    };
    Some(Row::new("lapsed", id.to_string(), sort, Vec::new()))
}

/// Sorted before every instant.
const AT_ONCE: &str = "0";

/// An instant as rows are sorted by it.
pub(super) fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Of which version the rows of this store are.
pub(super) fn of_clinic() -> Vec<Row> {
    vec![Row::new(VERSION_MODEL, VERSION_KEY, VERSION, Vec::new())]
}

/// The list of users, by login. Patients' own accounts are kept apart, by login while they are
/// open and by patient: there may be as many as patients.
pub(super) fn of_user(user: Option<&User>) -> Vec<Row> {
    let Some(user) = user else { return Vec::new() };
    let row = |model, key| Row::new(model, key, cut(&user.name), json(user));
    match user.patient {
        None => vec![row("users", cut(&user.login))],
        Some(patient) => {
            let open = (!user.closed).then(|| row("patient-logins", cut(&user.login)));
            let of = row("patient-accounts", patient.simple().to_string());
            open.into_iter().chain([of]).collect()
        }
    }
}

/// A sort value within the journal's bound, on a whole character.
fn cut(text: &str) -> String {
    let mut end = text.len().min(record::NAME_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::of_patient;
    use care::episode::{Episode, Session, Visit};
    use jiff::Timestamp;
    use uuid::Uuid;

    #[test]
    fn a_session_of_a_former_episode_still_finds_its_patient() {
        let then = Timestamp::UNIX_EPOCH;
        let session = Session {
            id: Uuid::from_u128(7),
            table: Uuid::nil(),
            plan_sha256: String::new(),
            attendant: String::new(),
            force_n: 0.0,
            granted: then,
            grant: String::new(),
            expires: then,
            simulated: true,
            started: None,
            reports: Vec::new(),
            ended: None,
            summary: None,
            explained: None,
            check_ins: Vec::new(),
            begun: None,
            links: Vec::new(),
        };
        let visit = Visit {
            number: 1,
            episode: 1,
            region: Some(si::Region::Lumbar),
            arrived: then,
            arrival: Vec::new(),
            start: Vec::new(),
            session: Some(session),
            leaving: None,
            note: None,
        };
        let reopened = Episode {
            number: 2,
            visits: vec![visit],
            ..Episode::default()
        };
        assert_eq!(reopened.sessions().count(), 0, "it is not of this episode");
        let rows = of_patient(Uuid::from_u128(1), &reopened);
        assert!(rows.iter().any(|row| row.model == "sessions"), "{rows:?}");
    }
}
