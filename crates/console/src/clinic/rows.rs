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
    for session in episode.sessions() {
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
