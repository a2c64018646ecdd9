//! Read models: rows that the journal stores and finds again but never interprets.
//!
//! A stream's rows are a pure function of that stream's events. Whoever
//! appends hands over the rows after the append; a [`Projector`] says the same
//! function once more for `rebuild` and `verify`.

use std::fmt;

use uuid::Uuid;

use crate::event::{NAME_MAX, NUL, Stored, Stream, check_name};
use crate::{Error, Result};

/// One row of a read model.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Which read model (`patients`, `due`, `logins`).
    pub model: String,
    /// Its key; unique per model and stream.
    pub key: String,
    /// What lists are ordered by; compared as bytes.
    pub sort: String,
    /// The row itself, opaque here.
    pub body: Vec<u8>,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl Row {
    /// A row from its parts.
    #[must_use]
    pub fn new(
        model: impl Into<String>,
        key: impl Into<String>,
        sort: impl Into<String>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            model: model.into(),
            key: key.into(),
            sort: sort.into(),
            body: body.into(),
        }
    }

    pub(crate) fn check(&self) -> Result<()> {
        check_name("row.model", &self.model)?;
        check_name("row.key", &self.key)?;
        if self.sort.len() > NAME_MAX {
            return Err(Error::Invalid {
                place: "row.sort",
                what: format!("{} bytes, at most {NAME_MAX}", self.sort.len()),
            });
        }
        if self.sort.contains('\0') {
            return Err(Error::Invalid {
                place: "row.sort",
                what: NUL.to_owned(),
            });
        }
        Ok(())
    }
}

/// What an append does to its stream's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// They stay as they are.
    Keep,
    /// These are all its rows now.
    Replace(Vec<Row>),
    /// Some are written, some are removed (by model and key), the rest stays.
    Change {
        /// Written, whether they were there or not.
        put: Vec<Row>,
        /// Removed, by model and key.
        remove: Vec<(String, String)>,
    },
}

impl From<Vec<Row>> for Rows {
    fn from(rows: Vec<Row>) -> Self {
        Self::Replace(rows)
    }
}

impl Rows {
    pub(crate) fn check(&self) -> Result<()> {
        match self {
            Self::Keep => Ok(()),
            Self::Replace(rows) | Self::Change { put: rows, .. } => {
                rows.iter().try_for_each(Row::check)
            }
        }
    }
}

/// A row and the stream that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// The stream.
    pub stream: Stream,
    /// The row.
    pub row: Row,
}

/// Which rows to read. Start from [`RowQuery::of`] and narrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowQuery {
    pub(crate) model: String,
    pub(crate) key: Option<String>,
    pub(crate) key_prefix: Option<String>,
    pub(crate) stream: Option<Uuid>,
    pub(crate) sort_from: Option<String>,
    pub(crate) sort_below: Option<String>,
    pub(crate) sort_holds: Vec<String>,
    pub(crate) by_key: bool,
    pub(crate) after: Option<(String, String, Uuid)>,
    pub(crate) descending: bool,
    pub(crate) limit: u32,
}

impl RowQuery {
    /// The first thousand rows of a model, by sort value, then key.
    #[must_use]
    pub fn of(model: impl Into<String>) -> Self {
        Self {
            model: model.into(),
            key: None,
            key_prefix: None,
            stream: None,
            sort_from: None,
            sort_below: None,
            sort_holds: Vec::new(),
            by_key: false,
            after: None,
            descending: false,
            limit: 1000,
        }
    }

    /// Only rows with exactly this key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Only rows whose key begins so.
    #[must_use]
    pub fn key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.key_prefix = Some(prefix.into());
        self
    }

    /// Only rows of this stream.
    #[must_use]
    pub fn stream(mut self, stream: Uuid) -> Self {
        self.stream = Some(stream);
        self
    }

    /// Only rows whose sort value is at least this.
    #[must_use]
    pub fn sort_from(mut self, sort: impl Into<String>) -> Self {
        self.sort_from = Some(sort.into());
        self
    }

    /// Only rows whose sort value is below this.
    #[must_use]
    pub fn sort_below(mut self, sort: impl Into<String>) -> Self {
        self.sort_below = Some(sort.into());
        self
    }

    /// Only rows whose sort value holds this somewhere; each text that is named must be there.
    #[must_use]
    pub fn sort_holds(mut self, text: impl Into<String>) -> Self {
        self.sort_holds.push(text.into());
        self
    }

    /// By key, whatever the sort value: a page of many rows with one prefix is read as far as
    /// it goes, where sorting would read them all.
    #[must_use]
    pub const fn by_key(mut self) -> Self {
        self.by_key = true;
        self
    }

    /// Only rows after this one, in the direction asked for: the next page.
    #[must_use]
    pub fn after(mut self, last: &StoredRow) -> Self {
        self.after = Some((last.row.sort.clone(), last.row.key.clone(), last.stream.id));
        self
    }

    /// Greatest sort value first.
    #[must_use]
    pub const fn descending(mut self) -> Self {
        self.descending = true;
        self
    }

    /// Every text that the query compares with.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let after = self.after.iter().flat_map(|(sort, key, _)| [sort, key]);
        let bounds = [
            &self.key,
            &self.key_prefix,
            &self.sort_from,
            &self.sort_below,
        ];
        std::iter::once(&self.model)
            .chain(bounds.into_iter().flatten())
            .chain(&self.sort_holds)
            .chain(after)
            .map(String::as_str)
    }

    /// At most so many.
    #[must_use]
    pub const fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }
}

/// The function from a stream's events to its rows, for `rebuild` and `verify`.
pub trait Projector: Send + Sync {
    /// A projection of this stream before its first event.
    fn begin(&self, stream: Stream) -> Box<dyn Projection>;
}

/// One stream on its way to rows: told its events in order, asked for its rows at the end.
pub trait Projection: Send {
    /// Takes the next event. An error stops the rebuild and changes nothing.
    ///
    /// # Errors
    /// When the event cannot be understood.
    fn event(&mut self, event: &Stored) -> std::result::Result<(), String>;

    /// All rows of the stream.
    ///
    /// # Errors
    /// When they cannot be computed.
    fn rows(self: Box<Self>) -> std::result::Result<Vec<Row>, String>;
}

/// A projector from a function of a whole stream, for streams that fit in memory.
pub struct WholeStream<F>(pub F);

impl<F> Projector for WholeStream<F>
where
    F: Fn(Stream, &[Stored]) -> std::result::Result<Vec<Row>, String>
        + Clone
        + Send
        + Sync
        + 'static,
{
    fn begin(&self, stream: Stream) -> Box<dyn Projection> {
        Box::new(Gathered {
            stream,
            events: Vec::new(),
            rows: self.0.clone(),
        })
    }
}

struct Gathered<F> {
    stream: Stream,
    events: Vec<Stored>,
    rows: F,
}

impl<F> Projection for Gathered<F>
where
    F: Fn(Stream, &[Stored]) -> std::result::Result<Vec<Row>, String> + Send,
{
    fn event(&mut self, event: &Stored) -> std::result::Result<(), String> {
        self.events.push(event.clone());
        Ok(())
    }

    fn rows(self: Box<Self>) -> std::result::Result<Vec<Row>, String> {
        (self.rows)(self.stream, &self.events)
    }
}
