//! The list of sources is closed and pinned, and evidence is no better than what it cites.
use super::logic::{SOURCES, booleans, rule};
use crate::support::knowledge;
use care::knowledge::check;
use sha2::{Digest, Sha256};

/// How many sources there are, and the hash of their ids, identifiers and addresses.
/// `sources.toml` is the list of what may be cited; it changes only together with
/// this line, and with the clinical reference where that is at hand.
const PINNED: (usize, &str) = (
    160,
    "179332b476a1011b6adace3d8591d5782dd183ca3da9959bb9543e8e3f6453f2",
);

#[test]
fn the_list_of_sources_does_not_grow_unseen() {
    let mut hasher = Sha256::new();
    let sources = knowledge().sources();
    for source in &sources {
        let identifier = source.identifier.as_deref().unwrap_or_default();
        let line = [&source.id, identifier, &source.at].join("\t");
        hasher.update(line.as_bytes());
        hasher.update(b"\n");
    }
    let found = (sources.len(), hex::encode(hasher.finalize()));
    assert_eq!(
        (found.0, found.1.as_str()),
        PINNED,
        "sources.toml changed: read it against the clinical reference, then pin it anew"
    );
}

#[test]
fn a_citation_says_who_when_what_and_what_was_read() {
    let cite = |id: &str| knowledge().source(id).expect("a source").cite();
    assert_eq!(
        cite("S58"),
        "Finucane 2020; “International framework for red flags…”; \
         IFOMPT (JOSPT 50(7):350-372); guideline [read: abstract; the title is cut in the address]"
    );
    assert!(
        cite("S03").contains("; year not stated; course text"),
        "{}",
        cite("S03")
    );
    assert!(
        cite("S70").starts_with("Deen, Rizzo and Fenton 2003; "),
        "{}",
        cite("S70")
    );
    assert_eq!(
        cite("ours"),
        "Our own judgement; needs a clinician's sign-off"
    );
}

#[test]
fn sources_are_listed_as_people_count_with_our_judgement_last() {
    let ids: Vec<&str> = knowledge()
        .sources()
        .iter()
        .map(|s| s.id.as_str())
        .collect();
    let place = |id: &str| ids.iter().position(|other| *other == id);
    assert!(place("S09") < place("S10") && place("S99b") < place("S100"));
    assert_eq!(ids.last(), Some(&"ours"));
}

/// The problems of one rule that cites one source of each kind.
fn problems(evidence: &str, kinds: &[&str]) -> Vec<String> {
    let source = |kind: &&str| {
        let at = if *kind == "ours" { "" } else { "somewhere" };
        let id = kind;
        format!(
            "[[source]]\nid = \"{id}\"\nkind = \"{kind}\"\ntitle = \"t\"\nyear = 2020\nat = \"{at}\"\n"
        )
    };
    let sources: String = kinds.iter().map(source).collect();
    let cited = format!("sources = {kinds:?}");
    let rules = rule("r", "refuse", "a")
        .replace("sources = [\"S01\"]", &cited)
        .replace("evidence = \"list\"", &format!("evidence = \"{evidence}\""));
    let files = [
        ("facts/f.toml", booleans()),
        ("rules/screening/r.toml", rules),
        ("sources.toml", sources + SOURCES),
    ];
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    check(&files).into_iter().map(|p| p.problem).collect()
}

#[test]
fn evidence_is_no_better_than_what_it_cites() {
    let refused = [
        ("strong", ["list", "label"], "cites no paper"),
        ("moderate", ["vendor", "ours"], "cites no paper"),
        ("weak", ["course-text", "news"], "cites no paper"),
        ("list", ["ours", "news"], "nothing but our own judgement"),
        (
            "expert-opinion",
            ["list", "consumer-page"],
            "so the evidence is `list`",
        ),
        ("list", ["forum", "news"], "stands alone"),
    ];
    for (evidence, kinds, expected) in refused {
        let found = problems(evidence, &kinds);
        assert_eq!(found.len(), 1, "{evidence} {kinds:?}: {found:?}");
        assert!(
            found[0].contains(expected),
            "{evidence} {kinds:?}: {found:?}"
        );
    }
    let fine: [(&str, &[&str]); 7] = [
        ("strong", &["paper", "list"]),
        ("moderate", &["guideline"]),
        ("weak", &["trial-registry", "news"]),
        ("list", &["label", "ours"]),
        ("list", &["paper"]),
        ("expert-opinion", &["ours"]),
        ("expert-opinion", &["news", "ours"]),
    ];
    for (evidence, kinds) in fine {
        assert_eq!(
            problems(evidence, kinds),
            Vec::<String>::new(),
            "{evidence} {kinds:?}"
        );
    }
}

#[test]
fn a_source_that_hides_what_it_is_is_refused() {
    let broken = [
        (SOURCES.replace("year = 2020\n", ""), "nor `seen`"),
        (
            SOURCES.replace("title = \"a list\"\n", "seen = \"a page\"\n"),
            "neither `title` nor `about`",
        ),
        (
            SOURCES.replace("at = \"somewhere\"\n", ""),
            "names where it was read",
        ),
        (
            SOURCES.replace("\"list\"", "\"ours\""),
            "the one source of kind `ours`",
        ),
        (SOURCES.replace("\"list\"", "\"rumour\""), "unknown variant"),
        ([SOURCES, SOURCES].concat(), "two sources share this id"),
    ];
    for (sources, expected) in broken {
        let found = check(&[("sources.toml", &sources)]);
        assert!(
            found
                .iter()
                .any(|p| p.problem.contains(expected) && p.place.starts_with("sources.toml:")),
            "{expected}: {found:?}"
        );
    }
}

#[test]
fn every_fact_says_what_it_rests_on_how_well_and_when_it_was_reviewed() {
    for fact in knowledge().catalogue().facts() {
        assert!(!fact.sources.is_empty(), "{}", fact.id);
        for id in &fact.sources {
            assert!(knowledge().source(id).is_some(), "{}: {id}", fact.id);
        }
        assert!(fact.reviewed.is_some(), "{}", fact.id);
    }
    let fact = |id: &str| knowledge().catalogue().get(id).expect("a fact");
    let cites = |id: &str| fact(id).sources.join(" ");
    assert_eq!(cites("urinary_retention"), "S59a S59c");
    assert_eq!(cites("body_weight"), "ours");
    assert_eq!(fact("msu_size").dissent.len(), 1);
}

#[test]
fn a_fact_is_refused_that_cites_nothing_known_or_was_never_reviewed() {
    let broken = |old: &str, new: &str| {
        let facts = booleans().replacen(old, new, 1);
        let rule = rule("r", "refuse", "a");
        check(&[
            ("facts/f.toml", facts.as_str()),
            ("rules/screening/r.toml", rule.as_str()),
            ("sources.toml", SOURCES),
        ])
    };
    assert!(broken("", "").is_empty());
    let cases = [
        ("sources = [\"S01\"]", "sources = [\"S999\"]", "S999"),
        ("sources = [\"S01\"]", "sources = []", "cites nothing"),
        (
            "evidence = \"list\"",
            "evidence = \"strong\"",
            "above `list`",
        ),
        ("reviewed = 2026-11-22", "", "reviewed"),
    ];
    for (old, new, problem) in cases {
        let found = broken(old, new);
        assert_eq!(found.len(), 1, "{new}: {found:?}");
        assert!(found[0].problem.contains(problem), "{}", found[0]);
        assert!(found[0].place.starts_with("facts/f.toml:"), "{}", found[0]);
    }
}
