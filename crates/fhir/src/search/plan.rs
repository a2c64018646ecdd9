//! How a query is looked for: what can be read off the values that entries are ordered by, and
//! what is asked of one value.

use jiff::Timestamp;

use super::query::{Criterion, End, Op, Query, Test};
use super::value::{ORDER, Row, at};

/// Ways in which two criteria of one date are asked together *(ours: two ends of two tests each)*.
const TOGETHER: usize = 8;

/// How a query is looked for in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The name of the values by which entries are ordered.
    pub order: String,
    /// Greatest first.
    pub descending: bool,
    /// What holds of these values themselves.
    pub within: Vec<Criterion>,
    /// What else holds.
    pub rest: Vec<Criterion>,
}

impl Test {
    /// Whether this row is what is asked for.
    pub(super) fn holds(&self, row: &Row) -> bool {
        self.name == row.name
            && self.bounds.iter().all(|(end, op, text)| {
                let own = match end {
                    End::Value => &row.value,
                    End::Until => &row.until,
                };
                match op {
                    Op::Is => own == text,
                    Op::Least => own >= text,
                    Op::Above => own > text,
                    Op::Most => own <= text,
                    Op::Below => own < text,
                }
            })
    }
}

/// Whether something is asked of the one date that a resource has.
fn is_date(one: &Criterion) -> bool {
    let single = |test: &Test| test.name.ends_with(".date") || test.name.ends_with("._lastUpdated");
    let mut tests = one.any.iter();
    let first = one.any.first().filter(|first| single(first));
    !one.negated
        && first.is_some_and(|first| {
            tests.all(|test| test.name == first.name && !test.bounds.is_empty())
        })
}

/// Whether both are asked of the same date; few enough that they can be asked together.
fn is_same_date(one: &Criterion, other: &Criterion) -> bool {
    is_date(one)
        && is_date(other)
        && one.any[0].name == other.any[0].name
        && one.any.len() * other.any.len() <= TOGETHER
}

/// One of these and one of those, of the same value.
fn both(these: &[Test], those: &[Test]) -> Vec<Test> {
    let pairs = these
        .iter()
        .flat_map(|one| those.iter().map(move |other| (one, other)));
    let pairs = pairs.map(|(one, other)| Test {
        name: one.name.clone(),
        bounds: [one.bounds.as_slice(), &other.bounds].concat(),
    });
    pairs.collect()
}

impl Query {
    /// Between which instants this date of whatever fits begins and ends; wider where that cannot
    /// be said.
    #[must_use]
    pub fn between(&self, date: &str) -> (Option<Timestamp>, Option<Timestamp>) {
        let name = format!("{}.{date}", self.searched.kind);
        let asked = self.all.iter();
        let asked = asked.filter(|one| is_date(one) && one.any[0].name == name);
        let (mut from, mut until) = (None, None);
        for one in asked {
            let each = |ops: &[Op]| -> Option<Vec<Timestamp>> {
                let tests = one.any.iter();
                let first = |test: &Test| {
                    let mut bounds = test.bounds.iter();
                    let bound = bounds.find(|(_, op, _)| ops.contains(op));
                    bound.and_then(|(_, _, text)| at(text))
                };
                tests.map(first).collect()
            };
            let least = each(&[Op::Is, Op::Least, Op::Above]);
            let most = each(&[Op::Is, Op::Most, Op::Below]);
            from = from.max(least.and_then(|all| all.into_iter().min()));
            let most = most.and_then(|all| all.into_iter().max());
            until = [until, most].into_iter().flatten().min();
        }
        (from, until)
    }

    /// How it is looked for. A resource has at most one date and one instant of its last change:
    /// all that is asked of one of them holds of one value, and where it is sorted by, too, its own
    /// row says both. Where nobody says how to sort, what a date is asked of comes by it, the last
    /// first.
    #[must_use]
    pub fn plan(&self) -> Plan {
        let by_date = self.all.iter().find(|one| !self.sorted && is_date(one));
        let own = match by_date {
            Some(one) => &one.any[0].name,
            None => self.order.trim_end_matches(ORDER),
        };
        let mut plan = Plan {
            order: self.order.clone(),
            // What is asked since a day stands at the end: read from there, a page is full at once.
            descending: self.descending || by_date.is_some(),
            within: Vec::new(),
            rest: Vec::new(),
        };
        for one in &self.all {
            match plan.rest.iter_mut().find(|other| is_same_date(other, one)) {
                Some(other) => other.any = both(&other.any, &one.any),
                None => plan.rest.push(one.clone()),
            }
        }
        let of_order = |one: &Criterion| is_date(one) && one.any[0].name == own;
        if plan.rest.iter().any(of_order) {
            own.clone_into(&mut plan.order);
            (plan.within, plan.rest) = plan.rest.into_iter().partition(of_order);
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_of_the_date_that_is_sorted_by_is_asked_of_its_own_rows() {
        let planned = |asked: &[(&str, &str)]| {
            let owned = asked
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let asked: Vec<(String, String)> = owned.collect();
            Query::read("Observation", &asked, "").unwrap().plan()
        };
        let plan = |asked: &[(&str, &str)]| {
            let plan = planned(asked);
            (plan.order, plan.within, plan.rest)
        };
        let descends = |asked: &[(&str, &str)]| planned(asked).descending;
        let two_ends = [("date", "ge2026"), ("status", "final"), ("date", "le2027")];
        let (order, within, rest) = plan(&[&two_ends[..], &[("_sort", "date")]].concat());
        assert_eq!(
            (order.as_str(), within.len(), rest.len()),
            ("Observation.date", 1, 1)
        );
        assert_eq!(rest[0].any[0].name, "Observation.status");
        // Later or within, and earlier or within: of one value.
        assert_eq!(within[0].any.len(), 4);
        assert_eq!(within[0].any[3].bounds.len(), 4);
        let (order, within, rest) = plan(&[&two_ends[..], &[("_sort", "_lastUpdated")]].concat());
        let last = "Observation._lastUpdated~";
        assert_eq!((order.as_str(), within.len(), rest.len()), (last, 0, 2));
        let (order, within, rest) = plan(&two_ends);
        assert!(descends(&two_ends) && !descends(&[("status", "final")]));
        assert!(!descends(&[&two_ends[..], &[("_sort", "date")]].concat()));
        let date = "Observation.date";
        assert_eq!((order.as_str(), within.len(), rest.len()), (date, 1, 1));
        for missing in ["true", "false"] {
            let (order, within, _) = plan(&[("date:missing", missing), ("_sort", "date")]);
            assert_eq!((order.as_str(), within.len()), ("Observation.date~", 0));
        }
    }

    #[test]
    fn what_fits_lies_between_two_instants() {
        for (dates, from, until) in [
            (&["2026-03-01"][..], Some("2026-03-01"), Some("2026-03-02")),
            (
                &["ge2026-03-01", "lt2026-03-05"],
                Some("2026-03-01"),
                Some("2026-03-05"),
            ),
            (&["gt2026-03-01"], Some("2026-03-02"), None),
            (&["le2026-03-01", "le2026-02"], None, Some("2026-03-01")),
            (&["ne2026-03-01"], None, None),
        ] {
            let asked = dates
                .iter()
                .map(|date| ("date".to_owned(), (*date).to_owned()));
            let asked: Vec<_> = asked.collect();
            let query = Query::read("AuditEvent", &asked, "").unwrap();
            let begin = |day: &str| format!("{day}T00:00:00Z").parse().unwrap();
            assert_eq!(
                query.between("date"),
                (from.map(begin), until.map(begin)),
                "{dates:?}"
            );
        }
    }
}
