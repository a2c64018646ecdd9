//! What a store says of its clinic, read without touching it: for whoever checks an installation.

use care::episode::Role;
use care::knowledge::Approvals;
use jiff::{SignedDuration, Timestamp};
use record::{OpenOptions, RowQuery, StreamKind};
use si::Problem;

use super::accounts::is_of_staff;
use super::{Home, User, open, rows};

/// A licence that ends within this is named (ours: a renewal takes weeks).
const NEAR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What was found.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Whether it is a demonstration.
    pub demo: bool,
    /// Whether its lists are those of this program.
    pub rows_current: bool,
    /// Open accounts of administrators.
    pub administrators: usize,
    /// Open accounts of whoever works here.
    pub staff: usize,
    /// Of those, how many have no second factor.
    pub without_second: usize,
    /// Of those, how many have a licence that has lapsed or will within a month.
    pub licences_due: usize,
    /// When the newest entry of the audit log or the clinic's own stream was written.
    pub last_event: Option<Timestamp>,
    /// Who vouched for which rules.
    pub approvals: Approvals,
}

/// Reads a store.
///
/// # Errors
/// When it is not there, cannot be reached or cannot be read.
pub async fn examine(home: &Home, now: Timestamp) -> Result<Examined, Problem> {
    let journal = home
        .standing_journal(OpenOptions::new().read_only())
        .await?;
    let problem = |error: record::Error| error.problem();
    let mut last_event = None;
    let mut own = open::Own::default();
    let mut rows_current = false;
    for kind in [StreamKind::Audit, StreamKind::Clinic] {
        for info in journal.streams(kind).await.map_err(problem)? {
            let last = info.sequence.saturating_sub(1);
            let read = journal.read_after(info.stream.id, last, 1).await;
            let at = read.map_err(problem)?.first().map(|event| event.at);
            last_event = last_event.max(at);
            if kind == StreamKind::Clinic {
                own = open::read_own(&journal, info.stream).await?;
                let id = info.stream.id;
                let row = journal
                    .row(rows::VERSION_MODEL, rows::VERSION_KEY, id)
                    .await;
                rows_current = row
                    .map_err(problem)?
                    .is_some_and(|row| row.sort == rows::VERSION);
            }
        }
    }
    let found = journal
        .rows(&RowQuery::of("users"))
        .await
        .map_err(problem)?;
    let users = found
        .iter()
        .filter_map(|row| serde_json::from_slice::<User>(&row.row.body).ok());
    let staff: Vec<User> = users
        .filter(|user| !user.closed && is_of_staff(user.role))
        .collect();
    let count = |what: fn(&User) -> bool| staff.iter().filter(|user| what(user)).count();
    let due = |user: &&User| {
        let licence = user.licence.as_ref();
        licence.is_some_and(|licence| licence.expires.duration_since(now) < NEAR)
    };
    Ok(Examined {
        demo: own.is_demo(),
        rows_current,
        administrators: count(|user| user.role == Role::Administrator),
        without_second: count(|user| user.second.is_none()),
        licences_due: staff.iter().filter(due).count(),
        staff: staff.len(),
        last_event,
        approvals: own.approvals,
    })
}
