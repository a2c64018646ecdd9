//! What was checked at a visit, item by item with who and when: one list for the page before
//! the pull, the leaving page, the page of the session and its report on paper.

use care::episode::{Episode, Session, Visit};
use care::fact::{Catalogue, Reading};
use jiff::Timestamp;

use super::note::named;
use super::session::{ended_by, explanation};
use crate::frame::Frame;

/// One item.
pub(super) struct Item {
    pub(super) what: String,
    pub(super) value: String,
    pub(super) by: String,
}

/// Items under one head.
pub(super) struct List {
    pub(super) key: &'static str,
    pub(super) head: String,
    pub(super) items: Vec<Item>,
}

impl Item {
    fn of(f: &Frame, catalogue: &Catalogue, reading: &Reading) -> Self {
        let (what, value) = named(catalogue, reading);
        let who = reading.who.clone().unwrap_or_else(|| f.t.unknown());
        let by = f.t.checked_by(who, f.when(&reading.at));
        Self { what, value, by }
    }

    /// For paper.
    pub(super) fn line(&self) -> String {
        format!("{}: {} ({})", self.what, self.value, self.by)
    }
}

/// The lists of a visit that hold anything, in the order of the day.
pub(super) fn lists(f: &Frame, catalogue: &Catalogue, episode: &Episode, of: &Visit) -> Vec<List> {
    let items = |readings: &[Reading]| -> Vec<Item> {
        let all = readings.iter();
        all.map(|one| Item::of(f, catalogue, one)).collect()
    };
    let list = |key, head, items| List { key, head, items };
    let all = vec![
        list("arrival", f.t.paper_session_arrival(), items(&of.arrival)),
        list(
            "rescreen",
            f.t.checked_rescreen(),
            items(&rescreened(episode, of)),
        ),
        list("start", f.t.paper_session_start(), items(&of.start)),
        list("during", f.t.paper_session_during(), items(&reported(of))),
        left(f, catalogue, of),
    ];
    all.into_iter()
        .filter(|list| !list.items.is_empty())
        .collect()
}

/// The leaving check.
pub(super) fn left(f: &Frame, catalogue: &Catalogue, of: &Visit) -> List {
    let mut items = Vec::new();
    if let Some(left) = &of.leaving {
        let told = left.check.readings.iter();
        items.extend(told.map(|one| Item::of(f, catalogue, one)));
        items.push(Item {
            what: f.t.leaving_card(),
            value: if left.check.warning_card {
                f.t.yes()
            } else {
                f.t.no()
            },
            by: f.t.checked_by(&left.by.name, f.when(&left.at)),
        });
    }
    List {
        key: "left",
        head: f.t.paper_session_left(),
        items,
    }
}

fn reported(of: &Visit) -> Vec<Reading> {
    let reports = of.session.iter().flat_map(|session| &session.reports);
    reports.flat_map(|report| report.readings.clone()).collect()
}

/// What was asked anew between arrival and the pull, beside the two lists.
fn rescreened(episode: &Episode, of: &Visit) -> Vec<Reading> {
    let until = of.session.as_ref().map_or_else(
        || of.leaving.as_ref().map_or(Timestamp::MAX, |left| left.at),
        |session| session.granted,
    );
    let next = episode.visits.iter().filter(|one| one.number > of.number);
    let until = next
        .map(|one| one.arrived)
        .min()
        .map_or(until, |next| next.min(until));
    let listed = |one: &Reading| of.arrival.contains(one) || of.start.contains(one);
    let all = episode.readings.iter();
    let told = all.filter(|one| of.arrived <= one.at && one.at <= until && !listed(one));
    told.cloned().collect()
}

/// What a session gave, in figures: label and value.
pub(super) fn given(f: &Frame, session: &Session) -> Vec<(String, String)> {
    let t = f.t;
    let whole = |number: f64| format!("{number:.0}");
    let mut given = vec![(t.paper_session_allowed(), whole(session.force_n))];
    if let Some(summary) = &session.summary {
        let worst = summary.peak_discomfort;
        let worst = worst.map(|worst| t.paper_session_of_ten(worst));
        let minutes = format!("{:.1}", summary.duration_s / 60.0);
        given.extend([
            (t.paper_session_force(), whole(summary.peak_force_n)),
            (t.paper_session_tolerated(), whole(summary.tolerated_n)),
            (t.paper_session_minutes(), minutes),
            (t.paper_session_peak(), worst.unwrap_or_else(|| t.unknown())),
            (
                t.paper_session_end(),
                ended_by(t, session).unwrap_or_else(|| t.unknown()),
            ),
        ]);
    }
    let explained = explanation(f, session).into_iter();
    given.extend(explained.map(|words| (t.paper_session_explained(), words)));
    given
}
