//! What the clinic's own courses show: outcomes, soreness, harm, who was not treated and why.

mod against;
mod harm;

use askama::Template;
use care::episode::Severity;
use care::outcomes::{Figures, Group, Outcome, Seen, Share};
use care::plan::PullMode;
use draw::{Caption, IntervalRow, IntervalRows};

use self::against::{Against, Turned, against, turned};
use self::harm::{Harm, harm};
use crate::clinic::Clinic;
use crate::door::{Reply, Visit, html};
use crate::frame::{Frame, Place};

/// Periods that can be looked at, days; none for everything. The first is shown unasked.
const PERIODS: [(&str, Option<i64>); 3] =
    [("year", Some(365)), ("quarter", Some(91)), ("all", None)];

#[derive(Template)]
#[template(path = "outcomes.html")]
struct Page {
    f: Frame,
    head: String,
    /// When that was counted.
    counted: String,
    periods: Vec<(&'static str, String, bool)>,
    pictures: Vec<(String, String)>,
    groups: Vec<Line>,
    after: Vec<(String, String)>,
    adverse: Vec<(String, u32)>,
    harmed: String,
    /// Soreness and harm by condition, then by mode.
    harm: Vec<Harm>,
    /// Who was not treated, by the last screening.
    against: Vec<Against>,
    /// Every screening that cleared nobody.
    turned: Vec<Turned>,
}

/// A group of courses in a list.
struct Line {
    number: String,
    name: String,
    courses: String,
    sessions: String,
    stopped: u32,
    /// Each instrument's name and what it shows.
    outcomes: Vec<(String, String)>,
}

/// GET `/outcomes`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Outcomes);
    let clinic = &visit.app.clinic;
    let asked = visit.query.get("since").unwrap_or_default();
    let period = PERIODS.iter().find(|(name, _)| *name == asked);
    let (name, days) = period.unwrap_or(&PERIODS[0]);
    let counted = clinic.courses(*days).await?;
    let shown = &counted.figures;
    let head = f.t.outcomes_head(shown.episodes);
    html(&Page {
        head,
        counted: f.t.outcomes_counted(f.when(&counted.at)),
        periods: PERIODS
            .map(|(one, _)| (one, f.t.outcomes_period(one), one == *name))
            .into(),
        pictures: pictures(&f, clinic, shown),
        groups: numbered(shown)
            .map(|(number, group)| line(&f, clinic, number, group))
            .collect(),
        after: after(&f, shown),
        adverse: [Severity::Mild, Severity::Moderate, Severity::Major]
            .map(|one| {
                (
                    f.t.severity(one),
                    shown.all.adverse.get(&one).copied().unwrap_or(0),
                )
            })
            .into(),
        harmed: share(&f, Share::of(shown.all.harmed, shown.all.courses)),
        harm: harm(&f, shown),
        against: against(&f, clinic, shown),
        turned: turned(&f, clinic, shown),
        f,
    })
}

/// Groups with a number each, by which pictures name them.
fn numbered(shown: &Figures) -> impl Iterator<Item = (String, &Group)> {
    let groups = (1..).zip(&shown.groups);
    groups.map(|(number, group): (u32, _)| (number.to_string(), group))
}

fn line(f: &Frame, clinic: &Clinic, number: String, group: &Group) -> Line {
    let course = &group.course;
    Line {
        number,
        name: name(f, group),
        courses: f.t.outcomes_courses(course.courses, course.discharged),
        sessions: f.t.outcomes_sessions(course.received, course.planned),
        stopped: course.often(Seen::Stopped).sessions,
        outcomes: group
            .outcomes
            .iter()
            .map(|one| (instrument(clinic, one), outcome(f, one)))
            .collect(),
    }
}

/// Region, condition and mode.
fn name(f: &Frame, group: &Group) -> String {
    let condition = condition(&group.region, group.condition.as_deref());
    let parts = [Some(group.region.clone()), condition, mode(f, &group.mode)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A row of dose without the region that it belongs to.
fn condition(region: &str, condition: Option<&str>) -> Option<String> {
    let condition = condition?;
    let own = condition.strip_prefix(region).unwrap_or(condition);
    Some(own.trim_start_matches('-').replace('-', " "))
}

fn mode(f: &Frame, mode: &str) -> Option<String> {
    PullMode::named(mode).map(|mode| f.t.mode(mode.traction()))
}

fn instrument(clinic: &Clinic, outcome: &Outcome) -> String {
    let known = clinic.knowledge().instruments().get(&outcome.instrument);
    known.map_or_else(|| outcome.instrument.clone(), |one| one.name.clone())
}

fn outcome(f: &Frame, of: &Outcome) -> String {
    let median = match of.interval {
        Some((low, high)) => {
            f.t.outcomes_median(points(of.median), points(low), points(high))
        }
        None => f.t.outcomes_few(points(of.median)),
    };
    let (better, worse) = (of.better.count, of.worse.count);
    let noticed =
        f.t.outcomes_noticed(better, worse, of.count, points(of.points));
    format!("{median} {noticed}")
}

fn points(value: f64) -> String {
    format!("{value:.1}")
}

/// A picture for each instrument of which a group has an interval.
fn pictures(f: &Frame, clinic: &Clinic, shown: &Figures) -> Vec<(String, String)> {
    let instruments = &clinic.knowledge().instruments().all;
    let drawn = instruments.iter().filter_map(|one| {
        let named: Vec<(String, &Outcome)> = numbered(shown)
            .filter_map(|(number, group)| {
                let mut all = group.outcomes.iter();
                let found = all.find(|outcome| outcome.instrument == one.id)?;
                Some((number, found))
            })
            .collect();
        named.iter().any(|(_, of)| of.interval.is_some()).then(|| {
            let picture = picture(f, (&one.id, &one.name), &named);
            (one.name.clone(), picture)
        })
    });
    drawn.collect()
}

fn picture(f: &Frame, (id, name): (&str, &str), named: &[(String, &Outcome)]) -> String {
    let rows: Vec<IntervalRow<'_>> = named
        .iter()
        .map(|(number, of)| {
            let (low, high) = of.interval.unwrap_or((f64::NAN, f64::NAN));
            let (mid, strong) = (of.median, false);
            IntervalRow {
                label: number,
                low,
                mid,
                high,
                strong,
            }
        })
        .collect();
    let (desc, unit) = (f.t.outcomes_picture(), f.t.outcomes_unit());
    draw::interval_rows(&IntervalRows {
        caption: Caption {
            id,
            title: name,
            desc: &desc,
        },
        width: 420.0,
        heading: name,
        unit: &unit,
        rows: &rows,
        bare: false,
        decimals: 1,
    })
}

fn after(f: &Frame, shown: &Figures) -> Vec<(String, String)> {
    let all = &shown.all;
    let row = |seen: Seen| {
        let what = match seen {
            Seen::Sore => f.t.outcomes_sore(),
            Seen::Adjust => f.t.outcomes_adjust(),
            Seen::Warned => f.t.outcomes_warned(),
            Seen::Silent => f.t.outcomes_silent(),
            Seen::Stopped => f.t.outcomes_stopped(),
        };
        let sessions = all.often(seen).sessions;
        let courses = share(f, all.share(seen));
        (what, f.t.outcomes_often(sessions, all.received, courses))
    };
    Seen::ALL.map(row).into()
}

fn share(f: &Frame, share: Option<Share>) -> String {
    let Some(share) = share else {
        return f.t.outcomes_nothing();
    };
    let percent = |part: f64| format!("{:.0}", 100.0 * part);
    let (value, low, high) = (
        percent(share.value()),
        percent(share.low),
        percent(share.high),
    );
    f.t.outcomes_share(share.count, share.of, value, low, high)
}
