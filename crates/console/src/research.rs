//! The data set for research: tables of numbers and codes, one row each, nobody named.
//!
//! The rules are those of 45 CFR 164.514(b)(2) ("Safe Harbor"), told in `docs/research.md`: days since
//! the first visit instead of dates, ages over 89 as 90, nothing that somebody wrote in words, ids
//! that only the clinic's key makes. A cell is a number or a code of this program; whatever else
//! stands on record becomes `other`, so that no text can slip through.

use care::episode::{Episode, Signed, Visit};
use care::fact::Value;
use care::knowledge::Knowledge;
use care::plan::Proposal;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

/// Ages from here on are one (45 CFR 164.514(b)(2)(i)(C)).
const OLDEST: i16 = 90;
/// Longest code *(ours: longer than any of the knowledge, shorter than an UUID of 32 digits)*.
const CODE: usize = 31;

/// A table: its name, and its columns with their units.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name, as in its address.
    pub name: &'static str,
    /// Its columns.
    pub columns: &'static [&'static str],
    rows: fn(&Subject<'_>, &mut Vec<Row>),
}

type Row = Vec<String>;

/// Every table.
pub const TABLES: [Table; 7] = [
    Table {
        name: "patients",
        columns: &[
            "study_id",
            "age_at_first_visit_years_90_is_90_or_more",
            "sex",
            "region",
            "condition",
            "episodes",
            "sessions",
        ],
        rows: patients,
    },
    Table {
        name: "scores",
        columns: &["study_id", "day", "score", "value"],
        rows: scores,
    },
    Table {
        name: "plans",
        columns: &[
            "study_id",
            "day",
            "region",
            "mode",
            "force_N",
            "base_N",
            "hold_s",
            "rest_s",
            "cycles",
            "angle_deg",
            "sessions",
            "sessions_per_week",
        ],
        rows: plans,
    },
    Table {
        name: "sessions",
        columns: &[
            "study_id",
            "session",
            "day",
            "region",
            "allowed_force_N",
            "peak_force_N",
            "tolerated_force_N",
            "duration_s",
            "end",
            "peak_discomfort_0_to_10",
            "simulated",
        ],
        rows: sessions,
    },
    Table {
        name: "check-ins",
        columns: &["study_id", "session", "day", "check_in", "missed", "result"],
        rows: check_ins,
    },
    Table {
        name: "adverse-events",
        columns: &[
            "study_id",
            "day_of_onset",
            "severity",
            "serious",
            "after_a_session",
            "closed",
        ],
        rows: adverse_events,
    },
    Table {
        name: "decisions",
        columns: &["study_id", "day", "decision"],
        rows: decisions,
    },
];

/// One patient, as the tables know them.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The id of the study.
    pub id: &'a str,
    /// The record.
    pub episode: &'a Episode,
    /// What conditions are called.
    pub knowledge: &'a Knowledge,
    /// Where days end.
    pub zone: &'a TimeZone,
}

/// A table of these patients as CSV (RFC 4180). Rows stand in the order of the ids, which says
/// nothing of who came first.
#[must_use]
pub fn csv(table: &Table, subjects: &[Subject<'_>]) -> String {
    let mut ordered: Vec<&Subject<'_>> = subjects.iter().collect();
    ordered.sort_by_key(|subject| subject.id);
    let mut rows = Vec::new();
    for subject in ordered {
        (table.rows)(subject, &mut rows);
    }
    let mut text = table.columns.join(",") + "\r\n";
    for row in rows {
        text.push_str(&row.join(","));
        text.push_str("\r\n");
    }
    text
}

impl Subject<'_> {
    fn date(&self, at: Timestamp) -> Date {
        at.to_zoned_datetime(self.zone.clone()).date()
    }

    /// The day of the first visit, or of the registration where nobody came yet.
    fn first(&self) -> Option<Date> {
        let arrived = self.episode.visits.iter().map(|visit| visit.arrived).min();
        arrived.or(self.episode.opened).map(|at| self.date(at))
    }

    /// Days since the first visit.
    fn day(&self, at: Timestamp) -> String {
        let since = |first: Date| self.date(at).since(first).ok();
        let days = self.first().and_then(since).map(|span| span.get_days());
        days.map(|days| days.to_string()).unwrap_or_default()
    }

    fn age(&self) -> String {
        let born = self.episode.demographics.0.birth_date;
        let years = born.zip(self.first()).and_then(|(born, first)| {
            let years = first.year() - born.year();
            let before = (first.month(), first.day()) < (born.month(), born.day());
            (years >= 0).then(|| years - i16::from(before))
        });
        years
            .map(|years| years.clamp(0, OLDEST).to_string())
            .unwrap_or_default()
    }

    fn region(&self, of: Option<si::Region>) -> String {
        code(of.map_or("", si::Region::as_str))
    }

    fn row(&self, cells: impl IntoIterator<Item = String>) -> Row {
        std::iter::once(self.id.to_owned()).chain(cells).collect()
    }

    /// Visits whose session pulled, with the number of the session.
    fn pulled(&self) -> impl Iterator<Item = (usize, &Visit)> {
        let visits = self.episode.visits.iter();
        let started = |visit: &&Visit| {
            visit
                .session
                .as_ref()
                .is_some_and(|one| one.started.is_some())
        };
        visits
            .filter(started)
            .enumerate()
            .map(|(place, visit)| (place + 1, visit))
    }
}

fn patients(of: &Subject<'_>, rows: &mut Vec<Row>) {
    let episode = of.episode;
    let region = episode.region.unwrap_or(si::Region::Lumbar);
    let evidence = of.knowledge.evidence();
    let condition = evidence.condition_of(&episode.readings, region);
    let sex = episode.demographics.0.sex.as_deref();
    let known = ["female", "male", "other"]
        .into_iter()
        .find(|one| sex == Some(*one));
    rows.push(of.row([
        of.age(),
        code(known.unwrap_or("unknown")),
        of.region(episode.region),
        code(condition.unwrap_or("unknown")),
        episode.number.to_string(),
        of.pulled().count().to_string(),
    ]));
}

/// Scores of the instruments: baseline and what came after, told apart by their days.
fn scores(of: &Subject<'_>, rows: &mut Vec<Row>) {
    for reading in &of.episode.readings {
        let score = reading.fact.as_str().strip_prefix("score_");
        if let (Some(score), Some(Value::Number(value))) = (score, reading.as_value()) {
            rows.push(of.row([of.day(reading.at), code(score), number(*value)]));
        }
    }
}

/// The plan before and the plan in force.
fn plans(of: &Subject<'_>, rows: &mut Vec<Row>) {
    let all = [&of.episode.former_plan, &of.episode.plan];
    let all = all.into_iter().flatten();
    rows.extend(all.filter_map(|signed| plan(of, signed)));
}

fn plan(of: &Subject<'_>, signed: &Signed) -> Option<Row> {
    let proposal = Proposal::read(&signed.plan).ok()?;
    let candidate = proposal.candidate(&signed.candidate).ok()?;
    let pull = &candidate.prescription;
    Some(of.row([
        of.day(signed.at),
        of.region(Some(pull.region)),
        word(&pull.mode),
        number(pull.force_n),
        number(pull.base_n),
        number(pull.hold_s),
        number(pull.rest_s),
        pull.cycles.to_string(),
        number(pull.angle_deg),
        candidate.course.sessions.to_string(),
        candidate.course.per_week.to_string(),
    ]))
}

fn sessions(of: &Subject<'_>, rows: &mut Vec<Row>) {
    for (place, visit) in of.pulled() {
        let Some(session) = &visit.session else {
            continue;
        };
        let told = session.summary.as_ref();
        let measured = |of: fn(&care::episode::SessionSummary) -> f64| {
            told.map(|told| number(of(told))).unwrap_or_default()
        };
        let discomfort = told.and_then(|told| told.peak_discomfort);
        rows.push(
            of.row([
                place.to_string(),
                session.started.map(|at| of.day(at)).unwrap_or_default(),
                of.region(visit.region),
                number(session.force_n),
                measured(|told| told.peak_force_n),
                measured(|told| told.tolerated_n),
                measured(|told| told.duration_s),
                told.map(|told| word(&told.cause)).unwrap_or_default(),
                discomfort
                    .map(|worst| worst.to_string())
                    .unwrap_or_default(),
                yes(session.simulated),
            ]),
        );
    }
}

fn check_ins(of: &Subject<'_>, rows: &mut Vec<Row>) {
    for (place, visit) in of.pulled() {
        for check_in in visit.session.iter().flat_map(|session| &session.check_ins) {
            let result = check_in.triage.as_ref().map(|triage| code(&triage.result));
            let due = check_in.number.map(|number| number.to_string());
            rows.push(of.row([
                place.to_string(),
                of.day(check_in.given_at()),
                due.unwrap_or_default(),
                yes(check_in.missed),
                result.unwrap_or_default(),
            ]));
        }
    }
}

fn adverse_events(of: &Subject<'_>, rows: &mut Vec<Row>) {
    for event in &of.episode.adverse_events {
        rows.push(of.row([
            of.day(event.onset),
            word(&event.severity),
            yes(event.serious),
            yes(event.session.is_some()),
            yes(event.closed.is_some()),
        ]));
    }
}

/// What reviews decided, and that the episode of now is over.
fn decisions(of: &Subject<'_>, rows: &mut Vec<Row>) {
    for review in &of.episode.reviews {
        rows.push(of.row([of.day(review.at), code(&review.result)]));
    }
    if let Some(end) = &of.episode.discharged {
        rows.push(of.row([of.day(end.at), code("discharged")]));
    }
}

/// A code of this program; anything else is `other`.
fn code(text: &str) -> String {
    let plain = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter)
    };
    // A day or a telephone begins with a digit; a code begins with a letter.
    let named = text.is_empty() || text.starts_with(|first: char| first.is_ascii_lowercase());
    match named && text.len() <= CODE && text.chars().all(plain) {
        true => text.to_owned(),
        false => "other".to_owned(),
    }
}

/// The word by which a choice is stored.
fn word(choice: &impl Serialize) -> String {
    let told = serde_json::to_value(choice).ok();
    let told = told.as_ref().and_then(serde_json::Value::as_str);
    code(told.unwrap_or("other"))
}

fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" {
        "0".to_owned()
    } else {
        short.to_owned()
    }
}

fn yes(holds: bool) -> String {
    if holds { "yes" } else { "no" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_a_number_or_a_code_and_never_a_sentence() {
        assert_eq!(code("re-evaluate"), "re-evaluate");
        for text in [
            "Ada Example",
            "fell, twice",
            "=1+1",
            "a\nb",
            "1980-01-02",
            "555-0100",
            &"x".repeat(32),
        ] {
            assert_eq!(code(text), "other", "{text}");
        }
        assert_eq!(number(150.0), "150");
        assert_eq!(number(12.345), "12.35");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(0.0), "0");
    }
}
