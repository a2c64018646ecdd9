//! Whom a rule or a fact touched.

use jiff::Timestamp;
use record::{Row, RowQuery, StoredRow, Stream, StreamKind};
use si::Problem;
use uuid::Uuid;

use super::search::read;
use super::{Clinic, Summary};

/// Somebody whom a rule or a fact touched.
#[derive(Debug)]
pub struct Touch {
    /// Who.
    pub who: Summary,
    /// When last.
    pub at: Timestamp,
    /// Whether it counts now; else it did once.
    pub now: bool,
}

/// A part of those whom something touched.
#[derive(Debug)]
pub struct Touched {
    /// Those of whom it counts now first, then the latest.
    pub listed: Vec<Touch>,
    /// What to ask for the next part with, if there are others.
    pub next: Option<String>,
}

impl Clinic {
    /// The patients of whom a rule ever fired.
    pub async fn touched(
        &self,
        rule: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Touched, Problem> {
        self.part("rules", rule, after, limit).await
    }

    /// The patients of whom a fact was recorded.
    pub async fn recorded(
        &self,
        fact: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Touched, Problem> {
        self.part("facts", fact, after, limit).await
    }

    async fn part(
        &self,
        model: &str,
        key: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Touched, Problem> {
        let mut query = RowQuery::of(model).key(key).descending();
        // What nobody of us wrote begins at the beginning.
        if let Some(last) = after.and_then(|text| place(model, key, text)) {
            query = query.after(&last);
        }
        let query = query.limit(limit.saturating_add(1));
        let mut rows = self.journal.rows(&query).await.map_err(|e| e.problem())?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(cursor);
        let mut listed = Vec::new();
        for row in &rows {
            listed.extend(self.touch(row).await?);
        }
        Ok(Touched { listed, next })
    }

    async fn touch(&self, row: &StoredRow) -> Result<Option<Touch>, Problem> {
        let patient = RowQuery::of("patients").key(row.stream.id.to_string());
        let found = self.journal.rows(&patient.limit(1)).await;
        let found = found.map_err(|e| e.problem())?;
        let who = found.first().and_then(read);
        let sort = row.row.sort.split_once('_');
        let read = |(now, at): (&str, &str)| Some((now == "1", format!("{at}Z").parse().ok()?));
        Ok(who
            .zip(sort.and_then(read))
            .map(|(who, (now, at))| Touch { who, at, now }))
    }
}

/// Where a part ended, for an address.
fn cursor(last: &StoredRow) -> String {
    format!("{}~{}", last.row.sort, last.stream.id)
}

fn place(model: &str, key: &str, text: &str) -> Option<StoredRow> {
    let (sort, id) = text.split_once('~')?;
    let id: Uuid = id.parse().ok()?;
    Some(StoredRow {
        stream: Stream {
            kind: StreamKind::Patient,
            id,
        },
        row: Row::new(model, key, sort, Vec::new()),
    })
}
