//! What is found by its values: entries that somebody makes from a stream, each with named values
//! to look for.
//!
//! They are derived and nothing depends on them: a copy of a journal has none, erasure removes
//! them, and whoever serves them makes them again where a stream has moved on ([`Index::behind`]).
//! They are sealed under a key that is not in the database: what was changed there is never served,
//! and `verify` finds it, whatever was changed, taken away or put back.

pub(crate) mod seal;

use std::collections::BTreeMap;
use std::fmt;

use uuid::Uuid;

pub use self::seal::IndexKey;
use crate::store::Store;
use crate::{Error, Journal, Result, StreamKind};

/// The longest value and key that are kept, bytes: PostgreSQL's index takes 2,704 a row
/// (`BTMaxItemSize`), for a name, a value, its end and a key together.
pub const FOUND_MAX: usize = 500;

/// One thing that can be found.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its key, of all entries of a journal.
    pub key: String,
    /// What changes whenever the entry does.
    pub version: String,
    /// The entry itself, opaque here.
    pub body: Vec<u8>,
    /// What it is found by.
    pub values: Vec<Named>,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// A value under a name; compared as bytes. What is longer than [`FOUND_MAX`] is cut, here and
/// in what is looked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The value, or where a range begins.
    pub value: String,
    /// Where a range ends; empty for what is none.
    pub until: String,
}

impl fmt::Debug for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Named")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What of a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The value, or where its range begins.
    Value,
    /// Where its range ends.
    Until,
}

/// How it is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The same.
    Is,
    /// The same or greater.
    Least,
    /// Greater.
    Above,
    /// The same or less.
    Most,
    /// Less.
    Below,
}

/// What holds of a value, all of it; nothing for any.
pub type Bounds = Vec<(Side, Compare, String)>;

/// A value of this name for which all of these hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// The name.
    pub name: String,
    /// What holds for one value.
    pub bounds: Bounds,
}

/// What has to hold of an entry: one of these tests, or none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Tests of which one is enough.
    pub any: Vec<Test>,
    /// Whether none of them may hold.
    pub negated: bool,
}

/// Which entries are looked for, in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// The name of a value that every entry that is meant has once: their order, then by key.
    pub order: String,
    /// Greatest first.
    pub descending: bool,
    /// What holds of that value itself, a range that does not end before it begins: of each of
    /// these, one. They are read in order, so that a wide span costs no more than a narrow one.
    pub within: Vec<Vec<Bounds>>,
    /// All of these hold.
    pub all: Vec<Criterion>,
    /// Only entries after this value and key, in the order: the next page.
    pub after: Option<(String, String)>,
    /// At most so many.
    pub limit: u32,
}

/// An entry that was found.
#[derive(Clone, PartialEq, Eq)]
pub struct Found {
    /// Its key.
    pub key: String,
    /// The value that it is ordered by.
    pub order: String,
    /// The entry.
    pub body: Vec<u8>,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Found").finish_non_exhaustive()
    }
}

/// As it is kept and looked for: no longer than it may be, and without NUL, which PostgreSQL's
/// text cannot hold.
pub(crate) fn kept(text: &str) -> String {
    let mut end = text.len().min(FOUND_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace('\0', " ")
}

impl Journal {
    /// What is found of this journal by its values, sealed with a key.
    #[must_use]
    pub fn found_by(&self, key: IndexKey) -> Index {
        let journal = self.clone();
        Index { journal, key }
    }
}

/// The entries of a journal, for who has their key.
#[derive(Clone, Debug)]
pub struct Index {
    journal: Journal,
    key: IndexKey,
}

impl Index {
    /// Sets all that is found of a stream, as of its event at `sequence`; `made` says how it was
    /// made. An entry that is there in this version, made in this way, stays as it is. Where the
    /// stream has moved on since, nothing is set: who looks next makes it anew.
    ///
    /// # Errors
    /// When the store cannot be written, or there is no such stream.
    pub async fn set(
        &self,
        stream: Uuid,
        (sequence, made): (u64, &str),
        entries: &[Entry],
    ) -> Result<()> {
        self.writable()?;
        let all = (Some(sequence), made);
        self.store().index(&self.key, stream, all, entries).await
    }

    /// Sets these entries of a stream, beside those that it has; those that were made in another
    /// way go.
    ///
    /// # Errors
    /// As [`Index::set`].
    pub async fn add(&self, stream: Uuid, made: &str, entries: &[Entry]) -> Result<()> {
        self.writable()?;
        let more = (None, made);
        self.store().index(&self.key, stream, more, entries).await
    }

    /// Takes away all that is found of a stream.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn forget(&self, stream: Uuid) -> Result<()> {
        self.writable()?;
        self.store().unindex(stream).await
    }

    /// To be called when much was set at once: the database finds by what it knows of its rows.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn weigh(&self) -> Result<()> {
        self.writable()?;
        self.store().weigh().await
    }

    /// Streams of a kind of which not everything can be found that was made in this way.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn behind(&self, kind: StreamKind, made: &str) -> Result<Vec<Uuid>> {
        self.store().behind(kind, made).await
    }

    /// Whether everything can be found of a stream as it stands, made in this way.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn stands(&self, stream: Uuid, made: &str) -> Result<bool> {
        self.store().found_stands(stream, made).await
    }

    /// The versions of a stream's entries by key; empty for one that was made in another way.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn versions(&self, stream: Uuid, made: &str) -> Result<BTreeMap<String, String>> {
        self.store().versions(stream, made).await
    }

    /// The body of one entry.
    ///
    /// # Errors
    /// When the store cannot be read; [`Error::Unsealed`] when it is not the one that was set.
    pub async fn entry(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let mut all = self.entries(&[key.to_owned()]).await?;
        Ok(all.remove(key))
    }

    /// The bodies of those entries that are there, by their keys.
    ///
    /// # Errors
    /// As [`Index::entry`].
    pub async fn entries(&self, keys: &[String]) -> Result<BTreeMap<String, Vec<u8>>> {
        self.store().entries(&self.key, keys).await
    }

    /// Entries that fit, in their order.
    ///
    /// # Errors
    /// As [`Index::entry`].
    pub async fn find(&self, find: &Find) -> Result<Vec<Found>> {
        self.store().find(&self.key, find).await
    }

    /// How many entries fit.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn count(&self, find: &Find) -> Result<u64> {
        self.store().found(find).await
    }

    fn store(&self) -> &Store {
        &self.journal.inner.store
    }

    fn writable(&self) -> Result<()> {
        match self.journal.read_only() {
            None => Ok(()),
            Some(why) => Err(Error::ReadOnly(why.clone())),
        }
    }
}
