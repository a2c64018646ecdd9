//! What the clinic's courses show: counted anew at each look while that is quick, and kept for a
//! while where it is not.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use care::outcomes::{Figures, Tally, figures};
use jiff::{SignedDuration, Timestamp};
use record::{RowQuery, StoredRow};
use si::Problem;
use tokio::sync::Mutex;

use super::{Clinic, rows};

/// What took no longer is never kept (ours): some thousand courses.
const QUICK: Duration = Duration::from_millis(20);
/// So long is the rest (ours): what a year of courses shows does not change by the minute.
const KEPT: SignedDuration = SignedDuration::from_mins(15);

/// What the courses show, as of an instant.
#[derive(Clone, Debug)]
pub struct Counted {
    /// What they show.
    pub figures: Arc<Figures>,
    /// When that was counted.
    pub at: Timestamp,
    took: Duration,
}

impl Counted {
    fn holds(&self, now: Timestamp) -> bool {
        self.took > QUICK && now.duration_since(self.at) < KEPT
    }
}

/// The last count of each period, by its days.
#[derive(Debug, Default)]
pub(super) struct Courses(Mutex<BTreeMap<Option<i64>, Counted>>);

impl Clinic {
    /// What the episodes show that began within so many days, or all of them.
    /// Who asks while they are counted waits for that count.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub async fn courses(&self, days: Option<i64>) -> Result<Counted, Problem> {
        let mut kept = self.courses.0.lock().await;
        let now = self.now();
        if let Some(counted) = kept.get(&days).filter(|counted| counted.holds(now)) {
            return Ok(counted.clone());
        }
        let counted = self.count(days, now).await?;
        kept.insert(days, counted.clone());
        Ok(counted)
    }

    async fn count(&self, days: Option<i64>, now: Timestamp) -> Result<Counted, Problem> {
        let begun = Instant::now();
        let since = days.map_or(Timestamp::UNIX_EPOCH, |days| {
            let span = SignedDuration::from_hours(24 * days);
            now.checked_sub(span).unwrap_or(now)
        });
        let query = RowQuery::of("courses").sort_from(rows::second(since));
        let rows = self.all(query).await?;
        let instruments = self.knowledge.instruments();
        // Many of them are work for a thread that answers no page.
        let counted = tokio::task::spawn_blocking(move || figures(&read(&rows), instruments));
        let figures = counted.await.map_err(|_| lost())?;
        Ok(Counted {
            figures: Arc::new(figures),
            at: now,
            took: begun.elapsed(),
        })
    }
}

fn read(rows: &[StoredRow]) -> Vec<Tally> {
    let read = |row: &StoredRow| serde_json::from_slice(&row.row.body).ok();
    rows.iter().filter_map(read).collect()
}

fn lost() -> Problem {
    Problem::new(
        "count-lost",
        "outcomes",
        "",
        "the count ended without an answer",
        "load the page again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_count_is_made_anew_and_a_slow_one_is_kept_for_a_while() {
        let at = Timestamp::UNIX_EPOCH;
        let counted = |took| Counted {
            figures: Arc::default(),
            at,
            took,
        };
        let (soon, late) = (at + KEPT / 2, at + KEPT);
        assert!(!counted(QUICK).holds(soon));
        assert!(counted(2 * QUICK).holds(soon));
        assert!(!counted(2 * QUICK).holds(late));
    }
}
