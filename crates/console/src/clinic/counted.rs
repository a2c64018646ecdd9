//! What the clinic counts over its patients: courses, and whom a rule touched.

use care::outcomes::Tally;
use jiff::Timestamp;
use record::RowQuery;
use si::Problem;

use super::search::Found;
use super::{Clinic, rows};

impl Clinic {
    /// Every episode that began at or after this instant, in figures.
    pub async fn tallies(&self, since: Timestamp) -> Result<Vec<Tally>, Problem> {
        let query = RowQuery::of("courses").sort_from(rows::second(since));
        let rows = self.all(query).await?;
        let read = |body: &[u8]| serde_json::from_slice(body).ok();
        Ok(rows.iter().filter_map(|row| read(&row.row.body)).collect())
    }

    /// The patients in whose screening that counts a rule has its say, the latest first.
    pub async fn touched(&self, rule: &str, limit: u32) -> Result<Found, Problem> {
        let query = RowQuery::of("rules").key(rule).descending();
        let query = query.limit(limit.saturating_add(1));
        let mut rows = self.journal.rows(&query).await.map_err(|e| e.problem())?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let listed = rows.iter().filter_map(super::search::read).collect();
        Ok(Found { listed, more })
    }
}
