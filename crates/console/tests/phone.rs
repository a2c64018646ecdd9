//! A check-in on a phone without a network: its triage is the server's.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command as Process, Stdio};

use care::decide::RuleSet;
use care::episode::{CheckIn, Episode, Session, Visit};
use care::fact::{By, FactKey, Kind, Reading, Value};
use care::knowledge::Knowledge;
use care::triage::{Moment, SITES, Sheet, sheet, triage};
use console::assets::TRIAGE;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use si::Region;

/// When the session ended.
const ENDED: Timestamp = Timestamp::constant(1_795_600_000, 0);

static UTC: TimeZone = TimeZone::UTC;

/// What stood before the answers.
struct Before {
    region: Region,
    /// Scores at arrival per site, and how far down the pain reached.
    arrival: Option<([f64; 3], &'static str)>,
    /// Hours since the session.
    hours: i64,
    /// Whether nothing is wrong but for what is told, or nothing is answered.
    well: bool,
    /// A score of the back that was told since the session and is over.
    told: Option<&'static str>,
}

type Told = (String, String);

fn reading(key: &str, word: &str, at: Timestamp) -> Reading {
    let knowledge = Knowledge::embedded().unwrap();
    let key = FactKey::parse(key).unwrap();
    let fact = knowledge.catalogue().get(key.fact.as_str()).unwrap();
    let value = match fact.kind {
        Kind::Boolean => Value::Bool(word == "yes"),
        Kind::Choice => Value::Choice(word.to_owned()),
        _ => Value::Number(word.parse().unwrap()),
    };
    let told = Reading::value(key, value, at, By::Patient);
    match fact.unit.as_deref() {
        Some(unit) if unit != "1" => told.with_unit(unit),
        _ => told,
    }
}

impl Before {
    fn now(&self) -> Timestamp {
        ENDED + SignedDuration::from_hours(self.hours)
    }

    fn session(&self) -> Session {
        Session {
            check_ins: self
                .told
                .map(|score| self.told_before(score))
                .into_iter()
                .collect(),
            ..Session::of_end(ENDED)
        }
    }

    fn told_before(&self, score: &str) -> CheckIn {
        let at = ENDED + SignedDuration::from_hours(2);
        CheckIn {
            number: Some(0),
            form: None,
            at,
            readings: vec![reading("pain_worst_since[spine]", score, at)],
            missed: false,
            triage: None,
        }
    }

    fn visit(&self) -> Visit {
        let arrived = ENDED - SignedDuration::from_hours(1);
        let scored = |(scores, distal): &([f64; 3], &str)| {
            let sites = SITES.iter().zip(scores);
            let scores = sites.map(|(site, score)| {
                reading(&format!("pain_now[{site}]"), &score.to_string(), arrived)
            });
            scores
                .chain([reading("distal_extent", distal, arrived)])
                .collect::<Vec<_>>()
        };
        Visit {
            number: 1,
            episode: 1,
            region: Some(self.region),
            arrived,
            arrival: self.arrival.as_ref().map(scored).unwrap_or_default(),
            start: Vec::new(),
            session: Some(self.session()),
            leaving: None,
            note: None,
        }
    }

    fn moment(&self) -> Moment<'static> {
        Moment {
            knowledge: Knowledge::embedded().unwrap(),
            at: self.now(),
            zone: &UTC,
        }
    }

    /// Answers to every question of the form: all of them, or those on either side of a border.
    fn options(&self, every: bool) -> Vec<Told> {
        let mut options = Vec::new();
        let mut offer = |key: &str, words: &[&str]| {
            options.extend(
                words
                    .iter()
                    .map(|word| (key.to_owned(), (*word).to_owned())),
            );
        };
        for key in signs(self.region) {
            offer(&key, &["yes", "no"]);
        }
        let all = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
        let borders = ["0", "4", "6", "9"];
        let scores = if every { &all[..] } else { &borders };
        for site in SITES {
            offer(&format!("pain_now[{site}]"), scores);
            offer(&format!("pain_worst_since[{site}]"), scores);
        }
        let far = [
            "none",
            "spine",
            "buttock-or-shoulder",
            "thigh-or-upper-arm",
            "below-knee-or-elbow",
            "foot-or-hand",
        ];
        offer("distal_extent", if every { &far } else { &far[1..3] });
        let gone = ["0", "12", "24.5", "48.5", "72.5"];
        offer(
            "soreness_gone_after",
            if every { &gone } else { &gone[1..4] },
        );
        options
    }

    /// What stands on the form before anything is told.
    fn base(&self) -> Vec<Told> {
        if !self.well {
            return Vec::new();
        }
        let (scores, distal) = self.arrival.unwrap_or(([0.0; 3], "none"));
        let signs = signs(self.region)
            .into_iter()
            .map(|key| (key, "no".to_owned()));
        let scores = SITES.iter().zip(scores).flat_map(|(site, score)| {
            ["pain_now", "pain_worst_since"]
                .map(|fact| (format!("{fact}[{site}]"), score.to_string()))
        });
        let distal = ("distal_extent".to_owned(), distal.to_owned());
        signs.chain(scores).chain([distal]).collect()
    }
}

/// The questions with a yes and a no.
fn signs(region: Region) -> Vec<String> {
    let catalogue = Knowledge::embedded().unwrap().catalogue();
    let of = |name: &'static str| {
        catalogue
            .section(name)
            .filter(move |fact| fact.is_for(region))
    };
    let asked = of("emergency-signs")
        .chain(of("today-signs"))
        .chain(of("check-in-function"));
    asked.map(|fact| fact.id.clone()).collect()
}

/// A situation as the server sees it.
struct Served<'b> {
    before: &'b Before,
    visit: Visit,
    episode: Episode,
    base: BTreeMap<String, Reading>,
}

impl<'b> Served<'b> {
    fn of(before: &'b Before) -> Self {
        let visit = before.visit();
        let base = before.base().into_iter();
        Self {
            before,
            episode: Episode {
                number: 1,
                region: Some(before.region),
                visits: vec![visit.clone()],
                ..Episode::default()
            },
            visit,
            base: base
                .map(|(key, word)| (key.clone(), reading(&key, &word, before.now())))
                .collect(),
        }
    }

    fn sheet(&self) -> Sheet {
        let session = self.visit.session.as_ref().unwrap();
        sheet(&self.episode, &self.visit, session, &self.before.moment()).unwrap()
    }

    /// The result of a form, by its place among all results.
    fn verdict(&self, told: &[&Told]) -> char {
        let at = self.before.now();
        let untold = self.base.iter();
        let untold = untold.filter(|(key, _)| !told.iter().any(|(other, _)| other == *key));
        let said = told.iter().map(|(key, word)| reading(key, word, at));
        let answers: Vec<Reading> = untold.map(|(_, old)| old.clone()).chain(said).collect();
        let session = self.visit.session.as_ref().unwrap();
        let moment = self.before.moment();
        let decision = triage(&self.episode, &self.visit, session, &answers, &moment);
        let rank = RuleSet::Triage.rank(decision.verdict);
        char::from_digit(u32::try_from(rank).unwrap(), 10).unwrap()
    }
}

/// No option, every one, every two and every three, in the order of `phone.mjs`.
fn each<'o>(
    options: &'o [Told],
    from: usize,
    told: &mut Vec<&'o Told>,
    visit: &mut impl FnMut(&[&'o Told]),
) {
    visit(told);
    if told.len() == 3 {
        return;
    }
    for (at, option) in options.iter().enumerate().skip(from) {
        if told.iter().all(|(fact, _)| *fact != option.0) {
            told.push(option);
            each(options, at + 1, told, visit);
            told.pop();
        }
    }
}

/// One situation, with the server's result of every form.
fn judged(before: &Before, options: &[Told]) -> serde_json::Value {
    let served = Served::of(before);
    let mut verdicts = String::new();
    each(options, 0, &mut Vec::new(), &mut |told| {
        verdicts.push(served.verdict(told));
    });
    let base: BTreeMap<_, _> = before.base().into_iter().collect();
    json!({
        "sheet": served.sheet(), "now": before.now().as_millisecond(), "base": base,
        "options": options, "verdicts": verdicts,
    })
}

/// All combinations of up to three answers, on a form that is empty else and on one that is
/// well else. With `ANNULUS_LONG` every number of a score, at more hours.
#[test]
fn a_phone_without_a_network_is_never_milder_than_the_server() {
    assert!(!TRIAGE.is_empty(), "built without Node");
    let every = std::env::var_os("ANNULUS_LONG").is_some();
    let sore = Some(([3.0, 3.0, 0.0], "spine"));
    let of = |region, hours, arrival, well| Before {
        region,
        arrival,
        hours,
        well,
        told: None,
    };
    let mut cases = vec![
        of(Region::Lumbar, 30, sore, true),
        of(Region::Cervical, 80, sore, true),
        Before {
            told: Some("8"),
            ..of(Region::Lumbar, 80, sore, false)
        },
        of(Region::Cervical, 30, None, true),
    ];
    if every {
        cases.push(of(Region::Lumbar, 4, sore, true));
        cases.push(of(Region::Cervical, 60, sore, false));
    }
    let (left, right) = cases.split_at(cases.len() / 2);
    let told = |half: &[Before]| {
        half.iter()
            .map(|one| judged(one, &one.options(every)))
            .collect::<Vec<_>>()
    };
    let all = std::thread::scope(|threads| {
        let first = threads.spawn(|| told(left));
        let second = told(right);
        [first.join().unwrap(), second].concat()
    });
    let told = compared(&json!(all));
    let count = |name: &str| told[name].as_u64().unwrap();
    assert_eq!(count("milder"), 0, "{told}");
    assert_eq!(
        count("worse"),
        0,
        "the phone alarms where the server does not: {told}"
    );
    assert!(count("asked") > 100_000, "{told}");
}

/// The comparison itself: a phone whose rules are milder, or harder, is seen.
#[test]
fn a_phone_that_is_milder_is_seen() {
    let before = Before {
        region: Region::Lumbar,
        arrival: Some(([3.0, 3.0, 0.0], "spine")),
        hours: 30,
        well: true,
        told: None,
    };
    let options = [
        ("since_fall", "yes"),
        ("since_fall", "no"),
        ("distal_extent", "none"),
    ];
    let options = options.map(|(key, word)| (key.to_owned(), word.to_owned()));
    let mut case = judged(&before, &options);
    let rules = case["sheet"]["rules"].as_array_mut().unwrap();
    rules.retain(|rule| rule["rule"] != "fall-after");
    let told = compared(&json!([case]));
    assert_eq!(
        (&told["asked"], &told["milder"], &told["worse"]),
        (&json!(6), &json!(2), &json!(0)),
        "{told}"
    );
}

/// What `phone.mjs` says of these cases.
fn compared(cases: &serde_json::Value) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("triage.mjs");
    std::fs::write(&bundle, TRIAGE).unwrap();
    let mut node = Process::new("node");
    node.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/phone.mjs"))
        .arg(&bundle);
    let mut node = node
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    let mut stdin = node.stdin.take().unwrap();
    stdin.write_all(cases.to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}
