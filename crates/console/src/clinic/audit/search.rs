//! Looking into the audit stream: newest first, a page at a time, or to its end.

use std::fmt;
use std::num::ParseIntError;
use std::ops::ControlFlow;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use record::{Row, RowQuery, Stored, StoredRow};
use si::Problem;
use uuid::Uuid;

use super::super::Clinic;
use super::index::{self, OF_PERSON, OF_RECORD, day, person};
use super::{Access, Deed};

/// Events that are read at once.
const PAGE: u64 = 256;
/// Events that one look reads at most; the next look goes on from there.
const MOST: u64 = 50_000;
/// How far a line may stand before one that was noted earlier: clocks of servers differ *(ours)*.
const OFF: SignedDuration = SignedDuration::from_mins(2);
/// Rows of the index that are read at once.
const ROWS: u32 = 2_000;

/// Which lines are wanted; what is not named does not matter.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Whose record.
    pub patient: Option<Uuid>,
    /// Who did it, or whose account it was done to.
    pub user: Option<Uuid>,
    /// What was done.
    pub act: Option<Deed>,
    /// The first day, in the clinic's zone.
    pub from: Option<Date>,
    /// The last day, in the clinic's zone.
    pub until: Option<Date>,
    /// Lines before this one only: the next page.
    pub before: Option<Place>,
}

/// A place among the lines, the oldest first: an event, and of the records that it names one.
/// Written `12`, or `12.3` for what is not the event's first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u64, usize);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self(sequence, 0) => write!(f, "{sequence}"),
            Self(sequence, nth) => write!(f, "{sequence}.{nth}"),
        }
    }
}

impl FromStr for Place {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        match text.split_once('.') {
            Some((sequence, nth)) => Ok(Self(sequence.parse()?, nth.parse()?)),
            None => Ok(Self(text.parse()?, 0)),
        }
    }
}

/// A line, of one record at most, and where it stands.
#[derive(Debug)]
pub struct Line {
    /// The place of its event in the stream.
    pub sequence: u64,
    /// Which of the event's records it is of.
    nth: usize,
    /// When it was written.
    pub at: Timestamp,
    /// What it says.
    pub access: Access,
}

/// Lines that were found, newest first.
#[derive(Debug, Default)]
pub struct Lines {
    /// At most as many as were asked for.
    pub lines: Vec<Line>,
    /// From where the next look goes on; none where there are no more.
    pub older: Option<Place>,
}

impl Line {
    const fn place(&self) -> Place {
        Place(self.sequence, self.nth)
    }
}

/// The instants that are wanted: from, until.
struct Span(Timestamp, Timestamp);

impl Span {
    fn of(wanted: &Wanted, zone: &TimeZone) -> Self {
        let begin = |date: Date| zone.to_ambiguous_zoned_datetime(date.into()).compatible();
        let instant = |date: Date| begin(date).map(|at| at.timestamp()).ok();
        let from = wanted.from.and_then(instant);
        let until = wanted.until.and_then(|date| date.tomorrow().ok());
        let until = until.and_then(instant);
        Self(
            from.unwrap_or(Timestamp::MIN),
            until.unwrap_or(Timestamp::MAX),
        )
    }

    fn holds(&self, at: Timestamp) -> bool {
        self.0 <= at && at < self.1
    }
}

impl Clinic {
    /// Lines of the audit log, newest first: as many as are asked for, or as one look finds.
    pub async fn accesses(&self, wanted: &Wanted, most: usize) -> Result<Lines, Problem> {
        let mut lines = Vec::new();
        let older = self
            .walk(wanted, MOST, |line| {
                if lines.len() == most {
                    return ControlFlow::Break(());
                }
                lines.push(line);
                ControlFlow::Continue(())
            })
            .await?;
        Ok(Lines { lines, older })
    }

    /// All lines that are wanted, newest first, however far the log has to be read; none is kept
    /// here. It ends where whoever is told of them has enough.
    pub(crate) async fn each_access(
        &self,
        wanted: &Wanted,
        each: impl FnMut(Line) -> ControlFlow<()> + Send,
    ) -> Result<(), Problem> {
        self.walk(wanted, u64::MAX, each).await.map(drop)
    }

    /// Tells of the lines that are wanted, newest first, in so many events; returns from where to
    /// go on, which is with the line that was too much, where one was.
    async fn walk(
        &self,
        wanted: &Wanted,
        events: u64,
        mut each: impl FnMut(Line) -> ControlFlow<()> + Send,
    ) -> Result<Option<Place>, Problem> {
        let span = Span::of(wanted, self.zone());
        let mut read = 0;
        for (first, last) in self.stretches(wanted, &span).await? {
            let mut end = last;
            while end >= first {
                let begin = first.max(end.saturating_sub(PAGE - 1));
                let page = self.lines((begin, end), wanted.patient).await?;
                for line in page.into_iter().rev() {
                    let next = Place(line.sequence, line.nth + 1);
                    if fits(wanted, &span, &line) && each(line).is_break() {
                        return Ok(Some(next));
                    }
                }
                read += end - begin + 1;
                if read >= events {
                    return Ok((begin > 1).then_some(Place(begin, 0)));
                }
                end = begin - 1;
            }
        }
        Ok(None)
    }

    /// Where lines that are wanted can stand: first and last of each stretch, the last first,
    /// and none of them twice.
    async fn stretches(&self, wanted: &Wanted, span: &Span) -> Result<Vec<(u64, u64)>, Problem> {
        let end = self.journal.stream(self.streams.audit.id).await;
        let end = end
            .map_err(|e| e.problem())?
            .map_or(0, |info| info.sequence);
        let last = |Place(sequence, nth)| {
            if nth == 0 {
                sequence.saturating_sub(1)
            } else {
                sequence
            }
        };
        let end = wanted.before.map_or(end, |before| end.min(last(before)));
        if end == 0 {
            return Ok(Vec::new());
        }
        match (wanted.patient, wanted.user) {
            (Some(patient), user) => {
                let of = (OF_RECORD, patient.simple().to_string());
                self.rows_within(of, user.map(|user| person(Some(user))), (span, end))
                    .await
            }
            (None, Some(user)) => {
                let of = (OF_PERSON, person(Some(user)));
                self.rows_within(of, None, (span, end)).await
            }
            (None, None) => self.between(span, end).await,
        }
    }

    /// What the rows of a record or of a person name, on the days of a span and up to a line: all
    /// of them, a page at a time, for what a row of an older day names may reach into a newer
    /// one's. Of a record the rows of one person, where one is wanted.
    async fn rows_within(
        &self,
        (model, whose): (&'static str, String),
        who: Option<String>,
        (span, end): (&Span, u64),
    ) -> Result<Vec<(u64, u64)>, Problem> {
        let (prefix, first) = (format!("{whose}/"), day(span.0));
        let mut after = self.after_day(model, &prefix, day(span.1));
        let mut stretches = Vec::new();
        loop {
            let query = RowQuery::of(model).key_prefix(&prefix).by_key();
            let query = query.descending().after(&after).limit(ROWS);
            let rows = self.journal.rows(&query).await.map_err(|e| e.problem())?;
            let in_span = |row: &&StoredRow| date(row).is_none_or(|date| first <= date);
            let inside = rows.iter().take_while(in_span).count();
            let wanted = rows[..inside]
                .iter()
                .filter(|row| is_by(row, who.as_deref()));
            let spans = wanted.filter_map(|row| serde_json::from_slice(&row.row.body).ok());
            let spans = spans.filter(|span: &index::Span| span.first <= end);
            stretches.extend(spans.map(|span| (span.first, span.last.min(end))));
            stretches.sort_unstable_by(|a, b| b.cmp(a));
            stretches = merged(stretches);
            match rows.into_iter().next_back() {
                Some(last) if inside == ROWS as usize => after = last,
                _ => return Ok(stretches),
            }
        }
    }

    /// A row as it would stand after all of a day, and before those of the next.
    fn after_day(&self, model: &str, prefix: &str, day: Date) -> StoredRow {
        // A key ends with its day, or goes on with `/`: both stand before `0`.
        let key = format!("{prefix}{day}0");
        StoredRow {
            stream: self.streams.audit,
            row: Row::new(model, key, "", []),
        }
    }

    /// All lines of a span of time, and some before and after it.
    async fn between(&self, span: &Span, end: u64) -> Result<Vec<(u64, u64)>, Problem> {
        let (from, until) = (span.0.saturating_sub(OFF), span.1.saturating_add(OFF));
        let first = self
            .first_since(from.unwrap_or(Timestamp::MIN), end)
            .await?;
        let last = self
            .first_since(until.unwrap_or(Timestamp::MAX), end)
            .await?;
        let last = last.saturating_sub(1);
        Ok(if first <= last {
            vec![(first, last)]
        } else {
            Vec::new()
        })
    }

    /// The first line at or after an instant, as far as instants grow in the stream; one more than the last where there is none.
    async fn first_since(&self, at: Timestamp, end: u64) -> Result<u64, Problem> {
        let (mut low, mut high) = (1, end + 1);
        while low < high {
            let middle = low.midpoint(high);
            let line = self.lines((middle, middle), None).await?;
            match line.first() {
                Some(line) if line.at >= at => high = middle,
                _ => low = middle + 1,
            }
        }
        Ok(low)
    }

    /// Lines of a stretch; of an event that names several records those of one, where one is
    /// wanted.
    async fn lines(
        &self,
        (first, last): (u64, u64),
        of: Option<Uuid>,
    ) -> Result<Vec<Line>, Problem> {
        let limit = u32::try_from(last + 1 - first).unwrap_or(u32::MAX);
        let id = self.streams.audit.id;
        let events = self.journal.read_after(id, first - 1, limit).await;
        let events = events.map_err(|e| e.problem())?;
        Ok(events.iter().flat_map(|event| lines(event, of)).collect())
    }
}

fn lines(stored: &Stored, of: Option<Uuid>) -> Vec<Line> {
    let payload = stored.payload.as_deref();
    let access = payload.and_then(|payload| serde_json::from_slice::<Access>(payload).ok());
    let Some(mut access) = access else {
        return Vec::new();
    };
    let line = |nth, access| Line {
        sequence: stored.sequence,
        nth,
        at: stored.at,
        access,
    };
    let patients = std::mem::take(&mut access.patients);
    if patients.is_empty() {
        return vec![line(0, access)];
    }
    let each = patients.into_iter().enumerate();
    let each = each.filter(|(_, patient)| of.is_none_or(|of| of == *patient));
    let each = each.map(|(nth, patient)| {
        let patient = Some(patient);
        line(
            nth,
            Access {
                patient,
                ..access.clone()
            },
        )
    });
    each.collect()
}

fn fits(wanted: &Wanted, span: &Span, line: &Line) -> bool {
    let access = &line.access;
    let user = |user| access.user == Some(user) || access.subject == Some(user);
    wanted
        .patient
        .is_none_or(|patient| access.patient == Some(patient))
        && wanted.user.is_none_or(user)
        && wanted.act.is_none_or(|act| access.act == act)
        && wanted.before.is_none_or(|before| line.place() < before)
        && span.holds(line.at)
}

/// The day of a row, which is UTC's.
fn date(row: &StoredRow) -> Option<Date> {
    row.row.key.split('/').nth(1)?.parse().ok()
}

/// Whether a row of a record is of this person; of anybody where none is wanted.
fn is_by(row: &StoredRow, who: Option<&str>) -> bool {
    who.is_none_or(|who| row.row.key.split('/').nth(2) == Some(who))
}

/// Stretches that touch or overlap are one. The one that begins last comes first.
fn merged(stretches: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    let mut merged: Vec<(u64, u64)> = Vec::new();
    for (first, last) in stretches {
        match merged.last_mut() {
            Some(before) if before.0 <= last + 1 => {
                before.0 = before.0.min(first);
                before.1 = before.1.max(last);
            }
            _ => merged.push((first, last)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn stretches_are_read_once_the_last_first() {
        let stretches = vec![(20, 30), (12, 25), (11, 11), (4, 6), (1, 9)];
        assert_eq!(merged(stretches), [(11, 30), (1, 9)]);
    }
}
