//! Read models: what lists need, as a pure function of one stream's events.

use care::episode::Episode;
use record::{Projection, Projector, Row, Stored, Stream, StreamKind};
use serde::Serialize;
use uuid::Uuid;

use super::files;
use super::patients::Summary;
use super::users::{self, User};

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
            StreamKind::Table | StreamKind::Clinic | StreamKind::Audit => Box::new(OfNothing),
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
    let mut rows = vec![Row::new(
        "patients",
        id.to_string(),
        cut(&summary.name.to_lowercase()),
        json(&summary),
    )];
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

/// The list of users, by login.
pub(super) fn of_user(user: Option<&User>) -> Vec<Row> {
    user.map(|user| Row::new("users", cut(&user.login), cut(&user.name), json(user)))
        .into_iter()
        .collect()
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
