//! The rows of evidence: cited, on both sides, and refused where they are wrong.
use crate::support::knowledge;
use care::evidence::{CONDITION_FACT, Direction, Evidence, Kind};
use care::fact::{By, FactKey, Reading, Value};
use care::knowledge::{Knowledge, check};
use jiff::Timestamp;
use si::{Problem, Region};
use std::collections::BTreeSet;

fn evidence() -> &'static Evidence {
    knowledge().evidence()
}

/// The embedded files with one of them changed.
pub(crate) fn changed(path: &str, from: &str, to: &str) -> Vec<(String, String)> {
    let files = Knowledge::embedded_files().iter().map(|(name, text)| {
        let text = if *name == path {
            assert!(text.contains(from), "{path} has no {from}");
            text.replacen(from, to, 1)
        } else {
            (*text).to_owned()
        };
        ((*name).to_owned(), text)
    });
    files.collect()
}

pub(crate) fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect()
}

fn problems(path: &str, from: &str, to: &str) -> Vec<Problem> {
    check(&borrowed(&changed(path, from, to)))
}

#[test]
fn conditions_are_those_of_the_fact_that_names_them() {
    let ids: BTreeSet<&str> = evidence()
        .conditions
        .iter()
        .map(|one| one.id.as_str())
        .collect();
    let ours = [
        "cervical-radiculopathy",
        "chronic-low-back-pain",
        "degenerative-disc",
        "disc-herniation",
        "facet",
        "neck-pain",
        "sciatica",
        "stenosis",
    ];
    assert_eq!(ids, ours.into());
    if let Some(fact) = knowledge().catalogue().get(CONDITION_FACT) {
        assert_eq!(ids, fact.values.iter().map(String::as_str).collect());
    }
}

#[test]
fn every_row_cites_what_is_listed_and_no_two_share_an_id() {
    let mut ids = BTreeSet::new();
    for row in &evidence().rows {
        assert!(ids.insert(&row.id), "{}", row.id);
        assert!(!row.sources.is_empty(), "{}", row.id);
        for source in &row.sources {
            assert!(knowledge().source(source).is_some(), "{}: {source}", row.id);
        }
    }
    assert!(ids.len() > 35, "{} rows", ids.len());
}

#[test]
fn every_condition_has_both_sides_or_says_what_was_not_found() {
    for region in Region::ALL {
        for condition in evidence().conditions(region) {
            let rows: Vec<_> = evidence().of(region, Some(&condition.id)).collect();
            let towards = |side| rows.iter().any(|row| row.direction == side);
            let gap = rows
                .iter()
                .any(|row| row.kind == Kind::Gap && row.conditions.contains(&condition.id));
            assert!(
                gap || (towards(Direction::For) && towards(Direction::Against)),
                "{}",
                condition.id
            );
            assert!(
                rows.iter().any(|row| row.kind == Kind::Harm),
                "{}",
                condition.id
            );
        }
    }
}

#[test]
fn prediction_rules_inform_and_never_decide() {
    for row in evidence()
        .rows
        .iter()
        .filter(|row| row.kind == Kind::PredictionRule)
    {
        assert_ne!(row.direction, Direction::For, "{}", row.id);
    }
    for region in Region::ALL {
        let shown = evidence().dissent(region, None).join("\n");
        for name in ["Cai", "Raney"] {
            assert!(!shown.contains(name), "a rule is no guideline: {name}");
        }
    }
}

#[test]
fn a_plan_shows_guidelines_and_reviews_of_the_region_and_the_condition() {
    let of = |region, condition| evidence().dissent(region, condition).join("\n");
    for condition in [None, Some("facet"), Some("sciatica")] {
        let shown = of(Region::Lumbar, condition);
        for name in ["WHO 2023", "NICE NG59", "Cochrane 2013"] {
            assert!(shown.contains(name), "{condition:?}: {name}");
        }
        assert!(!shown.contains("neck"), "{condition:?}");
    }
    assert!(of(Region::Lumbar, Some("sciatica")).contains("[S56a]"));
    assert!(!of(Region::Lumbar, Some("facet")).contains("[S56a]"));
    assert!(of(Region::Cervical, Some("cervical-radiculopathy")).contains("[S56d]"));
    assert!(!of(Region::Cervical, Some("neck-pain")).contains("[S56d]"));
}

#[test]
fn verdicts_are_counted_in_plain_words() {
    let lumbar = evidence().summary(Region::Lumbar, Some("sciatica"));
    assert_eq!(
        lumbar.position()[0],
        "Guidelines read: 3. Advise against traction: 2. Advise it: 0. Take no side: 1."
    );
    assert_eq!(
        lumbar.results()[0],
        "Trials with a comparison group read: 5. Found no added benefit: 2. Found a benefit: 1. \
         Found a benefit in part: 2."
    );
    let neck = evidence().summary(Region::Cervical, None);
    assert_eq!(neck.position()[0], "Guidelines read: 0.");
    let facet = evidence().summary(Region::Lumbar, Some("facet"));
    assert_eq!(facet.results(), ["Trials with a comparison group read: 0."]);
    let disc = evidence().summary(Region::Lumbar, Some("degenerative-disc"));
    assert!(disc.results()[1].contains("cannot show"));
}

#[test]
fn the_condition_is_the_latest_that_the_region_knows() {
    let said = |id: &str, at: &str| {
        let at: Timestamp = at.parse().expect("an instant");
        let value = Value::Choice(id.to_owned());
        Reading::value(FactKey::plain(CONDITION_FACT), value, at, By::Practitioner)
    };
    let (early, late) = ("2026-11-01T08:00:00Z", "2026-11-20T08:00:00Z");
    let readings = [said("sciatica", late), said("facet", early)];
    let of = |readings: &[Reading], region| evidence().condition_of(readings, region);
    assert_eq!(of(&readings, Region::Lumbar), Some("sciatica"));
    assert_eq!(of(&readings, Region::Cervical), None);
    assert_eq!(of(&[said("nonsense", late)], Region::Lumbar), None);
    assert_eq!(of(&[], Region::Lumbar), None);
}

#[test]
fn broken_evidence_is_refused_with_its_place() {
    let rows = [
        (
            "sources = [\"S51\"]",
            "sources = [\"S999\"]",
            "`S999` is not in sources.toml",
        ),
        ("sources = [\"S51\"]", "sources = []", "it cites nothing"),
        (
            "conditions = [\"facet\"]",
            "conditions = [\"hips\"]",
            "no such condition",
        ),
        (
            "conditions = [\"cervical-radiculopathy\"]",
            "conditions = [\"sciatica\"]",
            "no such condition",
        ),
        (
            "direction = \"neutral\"",
            "direction = \"sideways\"",
            "sideways",
        ),
        ("kind = \"guideline\"", "kind = \"rumour\"", "rumour"),
        ("id = \"nice-ng59\"", "id = \"who-2023\"", "share this id"),
        (
            "kind = \"guideline\"\ndirection = \"neutral\"",
            "kind = \"harm\"\ndirection = \"for\"",
            "a harm",
        ),
        (
            "favours traction was found in what was read.",
            "favours it",
            "not a sentence",
        ),
        (
            "conditions = [\"facet\"]",
            "conditions = [\"stenosis\"]",
            "nothing speaks for it",
        ),
    ];
    for (from, to, problem) in rows {
        let found = problems("evidence.toml", from, to);
        let named = found.iter().find(|found| found.problem.contains(problem));
        let named = named.unwrap_or_else(|| panic!("{to}: {found:?}"));
        let place: Vec<&str> = named.place.split(':').collect();
        assert!(
            matches!(place.as_slice(), ["evidence.toml", line, column]
                if line.parse::<usize>().is_ok() && column.parse::<usize>().is_ok()),
            "{}",
            named.place
        );
        assert!(!named.remedy.is_empty());
    }
}

#[test]
fn a_broken_paragraph_of_consent_is_refused_with_its_place() {
    let rows = [
        (
            "sources = [\"S31\", \"S35\"]",
            "sources = [\"S999\"]",
            "not in sources.toml",
        ),
        ("region = \"lumbar\"", "region = \"knee\"", "nor a region"),
        ("section = \"What is kept\"", "section = \"\"", "no section"),
    ];
    for (from, to, problem) in rows {
        let found = problems("consent.toml", from, to);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].problem.contains(problem), "{}", found[0]);
        assert!(found[0].place.starts_with("consent.toml:"), "{}", found[0]);
    }
}
