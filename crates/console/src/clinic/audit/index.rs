//! Where in the audit stream somebody's visits stand: one row for a record, a day and a person,
//! and one for a person and a day. Looking for who opened a record reads these, then the lines
//! between the first and the last; a row for each line would be as long as the log. The last is
//! named to a stretch of [`STRETCH`] lines only, so that a program that reads the same records all
//! day long writes their rows now and then.

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

/// Lines that are read in vain at most, for a row that is not written *(ours: 16 reads of 256)*.
const STRETCH: u64 = 4096;

/// A model and a key of it.
pub(super) type Key = (&'static str, String);

/// Between which places in the stream visits of one day stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Span {
    pub(super) first: u64,
    /// The end of the stretch in which the last one stands.
    pub(super) last: u64,
}

/// Rows of a stream, or those of it that a batch touches.
#[derive(Debug, Default)]
pub(in crate::clinic) struct Index(BTreeMap<Key, Span>);

impl Index {
    /// One more line.
    pub(in crate::clinic) fn add(&mut self, sequence: u64, at: Timestamp, access: &Access) {
        let last = sequence.next_multiple_of(STRETCH);
        for key in keys(at, access) {
            let first = sequence;
            self.0.entry(key).or_insert(Span { first, last }).last = last;
        }
    }

    /// What stands there already.
    pub(super) fn known(&mut self, key: Key, span: Span) {
        self.0.insert(key, span);
    }

    pub(super) fn get(&self, key: &Key) -> Option<Span> {
        self.0.get(key).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All of it.
    pub(in crate::clinic) fn rows(&self) -> Vec<Row> {
        self.0.iter().map(|(key, span)| row(key, *span)).collect()
    }

    /// Those that are other now than they were.
    pub(super) fn changed(&self, before: Vec<(Key, Option<Span>)>) -> Vec<Row> {
        let before = before.into_iter();
        let changed = before.filter_map(|(key, before)| {
            let now = self.get(&key)?;
            (Some(now) != before).then(|| row(&key, now))
        });
        changed.collect()
    }
}

fn row((model, key): &Key, span: Span) -> Row {
    let body = serde_json::to_vec(&span).unwrap_or_default();
    Row::new(*model, key, "", body)
}

/// The rows that an event belongs to: of whoever did it, and of whose account it was done to.
pub(super) fn keys(at: Timestamp, access: &Access) -> Vec<Key> {
    let day = day(at);
    let subject = access.subject.filter(|_| access.subject != access.user);
    let people = std::iter::once(access.user).chain(subject.map(Some));
    let mut keys = Vec::new();
    for who in people.map(person) {
        keys.push((OF_PERSON, format!("{who}/{day}")));
        keys.extend(access.records().map(|patient| {
            let key = format!("{}/{day}/{who}", patient.simple());
            (OF_RECORD, key)
        }));
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

#[cfg(test)]
mod tests {
    use super::super::Deed;
    use super::*;

    #[test]
    fn a_row_changes_when_a_day_begins_and_when_a_stretch_ends() {
        let access = Access {
            user: Some(Uuid::from_u128(1)),
            role: "client".to_owned(),
            patient: None,
            patients: [2, 3].map(Uuid::from_u128).into(),
            act: Deed::Read,
            route: "/fhir/{type}".to_owned(),
            correlation: Uuid::nil(),
            client: None,
            subject: None,
            address: None,
        };
        let at = Timestamp::UNIX_EPOCH;
        let mut index = Index::default();
        let mut changed = |sequence| {
            let keys = keys(at, &access).into_iter();
            let before = keys.map(|key| (key.clone(), index.get(&key))).collect();
            index.add(sequence, at, &access);
            index.changed(before).len()
        };
        // One of the person, and one of each record.
        assert_eq!(changed(10), 3);
        assert_eq!((changed(11), changed(STRETCH)), (0, 0));
        assert_eq!((changed(STRETCH + 1), changed(STRETCH + 2)), (3, 0));
    }
}
