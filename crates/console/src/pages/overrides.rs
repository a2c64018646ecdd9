//! Overrides counted per clinician, for the clinical lead (CLINICAL.md §1.11).
//!
//! Counted from the patients' own streams, lapsed and withdrawn ones included,
//! so that no second list can disagree with them.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use jiff::SignedDuration;
use uuid::Uuid;

use super::permission;
use crate::door::{Reply, Visit, html};
use crate::frame::{Frame, Place};

const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Template)]
#[template(path = "overrides.html")]
struct Page {
    f: Frame,
    head: String,
    rows: Vec<(String, Count)>,
}

/// What one clinician overrode.
#[derive(Debug, Default)]
struct Count {
    total: usize,
    recent: usize,
    in_force: usize,
    patients: BTreeSet<Uuid>,
    rules: BTreeMap<String, usize>,
}

impl Count {
    fn rules(&self) -> String {
        let mut rules: Vec<(&String, &usize)> = self.rules.iter().collect();
        rules.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
        let words = |(rule, times): (&String, &usize)| format!("{rule} × {times}");
        rules.into_iter().map(words).collect::<Vec<_>>().join(", ")
    }
}

/// GET `/overrides`.
pub async fn show(visit: Visit) -> Reply {
    let f = Frame::new(&visit, Place::Overrides);
    let clinic = &visit.app.clinic;
    let now = f.now.timestamp();
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for patient in clinic.overridden().await? {
        let Some(chart) = clinic.readable(patient).await? else {
            continue;
        };
        let holds = permission::acts_in_force(clinic, &chart, now);
        for (act, holds) in chart.episode.overrides.iter().zip(holds) {
            let count = counts.entry(act.by.clone()).or_default();
            count.total += 1;
            count.recent += usize::from(now.duration_since(act.at) <= RECENT);
            count.in_force += usize::from(holds);
            count.patients.insert(patient);
            *count.rules.entry(act.rule.clone()).or_default() += 1;
        }
    }
    let total: usize = counts.values().map(|count| count.total).sum();
    let head = f.t.overrides_head(total);
    let mut rows: Vec<(String, Count)> = counts.into_iter().collect();
    rows.sort_by_key(|(_, count)| std::cmp::Reverse(count.total));
    html(&Page { f, head, rows })
}
