//! A large index: whatever way a page is read, it holds what fits, in order; and none takes long.

use std::io::Write as _;
use std::time::{Duration, Instant};

use record::{Bounds, Compare, Criterion, Entry, Find, Index, Journal, Named, Side, Test};

use crate::support::{Place, index_key, on_both, patient, write};

/// More than are sorted, and more than are walked past, so that every way of looking is gone; in
/// the figures as many as ANNULUS_FOUND says.
fn things() -> u32 {
    let asked = std::env::var("ANNULUS_FOUND").ok();
    asked.map_or(12_000, |count| count.parse().expect("a count"))
}

fn digits(number: u32) -> String {
    format!("{number:06}")
}

/// A thing has a date, which is its number; what was changed last has the earliest.
#[derive(Clone, Copy)]
struct Thing {
    number: u32,
    of: u32,
}

impl Thing {
    fn values(self) -> Vec<(&'static str, String, String)> {
        let Self { number, of } = self;
        let begin = digits(number);
        let none = String::new;
        let status = if number.is_multiple_of(997) {
            "amended"
        } else {
            "final"
        };
        vec![
            ("changed~", digits(of - number), none()),
            ("date", begin.clone(), digits(number + 1)),
            ("date~", begin, none()),
            ("code", digits(number % 20), none()),
            ("person", digits(number / 64), none()),
            ("status", status.to_owned(), none()),
        ]
    }

    fn key(self) -> String {
        format!("thing/{}", digits(self.number))
    }

    fn entry(self) -> Entry {
        let named = |(name, value, until): (&str, String, String)| Named {
            name: name.to_owned(),
            value,
            until,
        };
        Entry {
            key: self.key(),
            version: "1".to_owned(),
            body: format!("{{\"number\":{}}}{}", self.number, " ".repeat(900)).into_bytes(),
            values: self.values().into_iter().map(named).collect(),
        }
    }

    fn holds(self, name: &str, bounds: &Bounds) -> bool {
        let values = self.values().into_iter();
        let mut named = values.filter(|(own, ..)| *own == name);
        named.any(|(_, value, until)| {
            bounds.iter().all(|(side, compare, text)| {
                let own = match side {
                    Side::Value => &value,
                    Side::Until => &until,
                };
                match compare {
                    Compare::Is => own == text,
                    Compare::Least => own >= text,
                    Compare::Above => own > text,
                    Compare::Most => own <= text,
                    Compare::Below => own < text,
                }
            })
        })
    }

    fn fits(self, find: &Find) -> bool {
        let any = |one: &Criterion| {
            one.any
                .iter()
                .any(|test| self.holds(&test.name, &test.bounds))
        };
        let mut within = find.within.iter();
        within.all(|any| any.iter().any(|bounds| self.holds(&find.order, bounds)))
            && find.all.iter().all(|one| any(one) != one.negated)
    }
}

async fn filled(place: &Place, of: u32) -> Journal {
    let journal = place.open().await;
    write(&journal, patient(1), "one").await;
    let all: Vec<Entry> = (0..of).map(|number| Thing { number, of }.entry()).collect();
    let index = journal.found_by(index_key());
    let begun = Instant::now();
    for (n, some) in (1..).zip(all.chunks(1000)) {
        let write = write(&journal, patient(n), "x");
        write.await;
        let stands = journal.stream(patient(n).id).await.expect("read");
        let sequence = stands.expect("a stream").sequence;
        let set = index.set(patient(n).id, (sequence, "so"), some);
        set.await.expect("indexed");
    }
    index.weigh().await.expect("weighed");
    let rate = f64::from(of) / begun.elapsed().as_secs_f64();
    tell(&format!("{rate:.0} entries/s are written"));
    journal
}

/// For the figures.
fn tell(text: &str) {
    if std::env::var_os("ANNULUS_FOUND").is_some() {
        let mut told = std::io::stderr().lock();
        told.write_all(format!("{text}\n").as_bytes())
            .expect("told");
    }
}

/// As a search says that a date is at or after this one: within its day, or ending after it.
fn since(from: u32) -> Vec<Bounds> {
    let (begin, end) = (digits(from), digits(from + 1));
    vec![
        vec![(Side::Until, Compare::Above, end.clone())],
        vec![
            (Side::Value, Compare::Least, begin),
            (Side::Until, Compare::Most, end),
        ],
    ]
}

/// That it is at or before it.
fn until(to: u32) -> Vec<Bounds> {
    let (begin, end) = (digits(to), digits(to + 1));
    vec![
        vec![(Side::Value, Compare::Below, begin.clone())],
        vec![
            (Side::Value, Compare::Least, begin),
            (Side::Until, Compare::Most, end),
        ],
    ]
}

fn of(name: &str, bounds: Vec<Bounds>) -> Criterion {
    let test = |bounds| Test {
        name: name.to_owned(),
        bounds,
    };
    Criterion {
        any: bounds.into_iter().map(test).collect(),
        negated: false,
    }
}

fn is(name: &str, value: &str) -> Criterion {
    of(
        name,
        vec![vec![(Side::Value, Compare::Is, value.to_owned())]],
    )
}

fn find(order: &str, descending: bool, within: Vec<Vec<Bounds>>, all: Vec<Criterion>) -> Find {
    Find {
        order: order.to_owned(),
        descending,
        within,
        all,
        after: None,
        limit: 51,
    }
}

/// As a search asks for a date between two: what has one has it once.
fn between(all: u32) -> Vec<Bounds> {
    let pairs = since(all / 2).into_iter().flat_map(|one| {
        let both = move |other: Bounds| [one.clone(), other].concat();
        until(all * 9 / 10).into_iter().map(both)
    });
    pairs.collect()
}

/// What is asked of the dates that it is sorted by, in words, and how.
fn by_date(all: u32) -> Vec<(&'static str, Find)> {
    let (begin, end, between) = (all / 2, all * 9 / 10, || between(all));
    vec![
        (
            "a wide span, by date",
            find("date", false, vec![since(begin)], vec![]),
        ),
        (
            "the same, the last first",
            find("date", true, vec![until(end)], vec![]),
        ),
        (
            "two ends, by date",
            find("date", false, vec![between()], vec![]),
        ),
        (
            "two ends and a code, by date",
            find("date", true, vec![between()], vec![is("code", "000007")]),
        ),
        (
            "two ends and a status, by date",
            find("date", false, vec![between()], vec![is("status", "final")]),
        ),
    ]
}

/// What else is asked.
fn asked(all: u32) -> Vec<(&'static str, Find)> {
    let not = Criterion {
        negated: true,
        ..is("status", "final")
    };
    let span = || vec![of("date", between(all))];
    vec![
        ("all", find("changed~", false, vec![], vec![])),
        (
            "a wide span, by its last change",
            find("changed~", false, vec![], span()),
        ),
        (
            "the same, the last first",
            find("changed~", true, vec![], span()),
        ),
        (
            "the first dates, by a change that puts them last",
            find(
                "changed~",
                false,
                vec![],
                vec![of("date", until(all * 6 / 10))],
            ),
        ),
        (
            "a code and a status, by change",
            find(
                "changed~",
                false,
                vec![],
                vec![is("code", "000007"), is("status", "final")],
            ),
        ),
        (
            "few, by date",
            find("date~", false, vec![], vec![is("person", "000003")]),
        ),
        (
            "not a status, by date",
            find("date~", true, vec![], vec![not]),
        ),
        (
            "what is not there",
            find("date~", false, vec![], vec![is("status", "none")]),
        ),
    ]
}

async fn looked(index: &Index, find: &Find) -> (Vec<String>, Duration) {
    let begun = Instant::now();
    let found = index.find(find).await.expect("found");
    let took = begun.elapsed();
    (found.into_iter().map(|one| one.key).collect(), took)
}

async fn every_way_of_reading_a_page_finds_what_fits_in_order(place: Place) {
    let of = things();
    let journal = filled(&place, of).await;
    let index = journal.found_by(index_key());
    for (what, find) in by_date(of).into_iter().chain(asked(of)) {
        let order = find.order.clone();
        let value = |thing: &Thing| {
            let mut values = thing.values().into_iter();
            let (_, value, _) = values.find(|(name, ..)| *name == order).expect("a value");
            value
        };
        let all = (0..of).map(|number| Thing { number, of });
        let mut should: Vec<Thing> = all.filter(|thing| thing.fits(&find)).collect();
        should.sort_by_key(value);
        if find.descending {
            should.reverse();
        }
        let page = |from: usize| -> Vec<String> {
            let some = should.iter().skip(from).take(51);
            some.map(|thing| thing.key()).collect()
        };
        let (first, took) = looked(&index, &find).await;
        assert_eq!(first, page(0), "{what}");
        let begun = Instant::now();
        let total = index.count(&find).await.expect("counted");
        assert_eq!(total, should.len() as u64, "{what}");
        let counted = begun.elapsed();
        let middle = should.len() / 2;
        let mut told = format!("{what}: {took:?}, counted in {counted:?}");
        if let Some(last) = should.get(middle) {
            let after = Some((value(last), last.key()));
            let next = Find { after, ..find };
            let (next, took) = looked(&index, &next).await;
            assert_eq!(next, page(middle + 1), "{what}, a later page");
            told = format!("{told}, a page in the middle in {took:?}");
        }
        tell(&told);
    }
}

on_both!(every_way_of_reading_a_page_finds_what_fits_in_order);
