//! Where in the audit stream somebody's visits stand: one row for a record, a day and a person,
//! and one for a person and a day. Looking for who opened a record reads these, then the lines
//! between the first and the last; a row for each line would be as long as the log.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record::Row;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Access;

/// By record, day and person.
pub(in crate::clinic) const OF_RECORD: &str = "audit-records";
/// By person and day.
pub(in crate::clinic) const OF_PERSON: &str = "audit-people";

/// A model and a key of it.
pub(super) type Key = (&'static str, String);

/// Visits of one day, by their places in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) lines: u64,
}

/// Rows of a stream, or those of it that a batch touches.
#[derive(Debug, Default)]
pub(in crate::clinic) struct Index(BTreeMap<Key, Tally>);

impl Index {
    /// One more line.
    pub(in crate::clinic) fn add(&mut self, sequence: u64, at: Timestamp, access: &Access) {
        for key in keys(at, access) {
            let tally = self.0.entry(key).or_insert(Tally {
                first: sequence,
                last: sequence,
                lines: 0,
            });
            tally.last = sequence;
            tally.lines += 1;
        }
    }

    /// What stands there already.
    pub(super) fn known(&mut self, key: Key, tally: Tally) {
        self.0.insert(key, tally);
    }

    pub(super) fn has(&self, key: &Key) -> bool {
        self.0.contains_key(key)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All of it.
    pub(in crate::clinic) fn rows(&self) -> Vec<Row> {
        self.0.iter().map(|(key, tally)| row(key, tally)).collect()
    }

    /// Those with these keys.
    pub(super) fn rows_of(&self, keys: impl IntoIterator<Item = Key>) -> Vec<Row> {
        let found = keys.into_iter().filter_map(|key| {
            let tally = self.0.get(&key)?;
            Some(row(&key, tally))
        });
        found.collect()
    }
}

fn row((model, key): &Key, tally: &Tally) -> Row {
    let body = serde_json::to_vec(tally).unwrap_or_default();
    Row::new(*model, key, "", body)
}

/// The rows that a line belongs to.
pub(super) fn keys(at: Timestamp, access: &Access) -> Vec<Key> {
    let day = day(at);
    let who = person(access.user);
    let mut keys = vec![(OF_PERSON, format!("{who}/{day}"))];
    if let Some(patient) = access.patient {
        let key = format!("{}/{day}/{who}", patient.simple());
        keys.push((OF_RECORD, key));
    }
    if let Some(subject) = access
        .subject
        .filter(|subject| Some(*subject) != access.user)
    {
        keys.push((OF_PERSON, format!("{}/{day}", subject.simple())));
    }
    keys
}

/// A person as keys name them; `-` for who has no account, or is not known.
pub(super) fn person(user: Option<Uuid>) -> String {
    user.map_or_else(|| "-".to_owned(), |user| user.simple().to_string())
}

/// The day of an instant in UTC: an index must not change with a clinic's zone.
pub(super) fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}
