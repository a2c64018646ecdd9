//! Consent: what the text holds for each region and condition, and what the event keeps.

use care::consent::{Text, of_episode, text};
use care::episode::{ConsentGiven, Episode};
use care::evidence::{CONDITION_FACT, Direction, Kind};
use care::fact::{By, FactKey, Reading, Value};
use care::knowledge::Knowledge;
use sha2::{Digest, Sha256};
use si::Region;

use super::setting::{knowledge, planned, start};

/// Every region alone and with each of its conditions.
fn all() -> Vec<(Region, Option<&'static str>)> {
    let evidence = knowledge().evidence();
    let mut all = Vec::new();
    for region in Region::ALL {
        all.push((region, None));
        let conditions = evidence.conditions(region);
        all.extend(conditions.map(|condition| (region, Some(condition.id.as_str()))));
    }
    all
}

fn of(region: Region, condition: Option<&str>) -> Text {
    text(knowledge(), region, condition).expect("the text")
}

fn section(text: &Text, heading: &str) -> String {
    let found = text.sections.iter().find(|(name, _)| name == heading);
    found
        .unwrap_or_else(|| panic!("no section {heading}"))
        .1
        .join("\n")
}

#[test]
fn consent_of_every_condition_quotes_guidelines_against_it_and_every_harm() {
    assert_eq!(all().len(), 10);
    for (region, condition) in all() {
        let text = of(region, condition);
        for row in &knowledge().evidence().rows {
            let here = row.region == "all" || row.region == region.as_str();
            let against = row.kind == Kind::Guideline && row.direction == Direction::Against;
            let heading = match row.kind {
                _ if against => "What guidelines say",
                Kind::Harm => "What may go wrong",
                _ => continue,
            };
            let shown = section(&text, heading).contains(&row.says);
            assert_eq!(shown, here, "{region} {condition:?}: {}", row.id);
        }
        let position = section(&text, "What guidelines say");
        let honest = position.contains("Advise against traction: 2")
            || position.contains("Guidelines read: 0");
        assert!(honest, "{region} {condition:?}: {position}");
    }
}

#[test]
fn consent_holds_what_the_law_of_the_house_asks_for() {
    // CLINICAL.md §1.15: worsening, no treatment, questions, interpreter, cost, research, withdrawal.
    let rows = [
        ("What may go wrong", "Pain may get worse"),
        ("What else there is", "no treatment"),
        ("Your questions", "interpreter"),
        ("What it costs", "price"),
        ("What is kept", "off unless you say yes"),
        ("You may stop", "without giving a reason"),
    ];
    for (region, condition) in all() {
        let text = of(region, condition);
        for (heading, words) in rows {
            assert!(
                section(&text, heading).contains(words),
                "{region} {condition:?}: {heading}"
            );
        }
        assert!(
            text.sections
                .iter()
                .all(|(_, paragraphs)| !paragraphs.is_empty())
        );
    }
}

#[test]
fn consent_shows_trials_on_both_sides_of_the_condition_alone() {
    let sciatica = section(&of(Region::Lumbar, Some("sciatica")), "What trials found");
    for id in ["[S26, S27]", "[S34]", "[S25b]"] {
        assert!(sciatica.contains(id), "{id}");
    }
    assert!(
        !sciatica.contains("[S31]"),
        "a trial of chronic low back pain"
    );
    let facet = section(&of(Region::Lumbar, Some("facet")), "What trials found");
    assert!(facet.contains("no trial was found"), "{facet}");
    let named = section(&of(Region::Cervical, Some("neck-pain")), "What is proposed");
    assert!(named.contains("neck pain without nerve signs"), "{named}");
    let unnamed = of(Region::Cervical, None).plain();
    assert!(!unnamed.contains("{condition}"), "{unnamed}");
}

#[test]
fn the_version_changes_with_the_condition_and_with_the_evidence() {
    let versions: std::collections::BTreeSet<String> = all()
        .into_iter()
        .map(|(region, condition)| of(region, condition).version)
        .collect();
    assert_eq!(versions.len(), all().len());
    let files =
        crate::engine::evidence::changed("evidence.toml", "WHO 2023 advises", "WHO advises");
    let other = Knowledge::load(&crate::engine::evidence::borrowed(&files)).expect("knowledge");
    for (region, condition) in all() {
        let changed = text(&other, region, condition).expect("the text").version;
        assert_eq!(
            changed == of(region, condition).version,
            region == Region::Cervical,
            "{region} {condition:?}"
        );
    }
}

#[test]
fn a_condition_of_another_region_has_no_text() {
    for (region, condition) in [(Region::Cervical, "sciatica"), (Region::Lumbar, "gout")] {
        let problem = text(knowledge(), region, Some(condition)).expect_err("no text");
        assert_eq!(
            (problem.code, problem.value.as_str()),
            ("unknown-condition", condition)
        );
        assert!(problem.remedy.contains("use one of"));
    }
}

#[test]
fn the_text_is_of_the_condition_that_the_chart_names() {
    let key = FactKey::plain(CONDITION_FACT);
    let value = Value::Choice("stenosis".to_owned());
    let mut episode = Episode {
        region: Some(Region::Lumbar),
        ..Episode::default()
    };
    let before = of_episode(knowledge(), &episode).expect("the text");
    assert_eq!(before, of(Region::Lumbar, None));
    episode
        .readings
        .push(Reading::value(key, value, start(), By::Practitioner));
    let after = of_episode(knowledge(), &episode).expect("the text");
    assert_eq!(after, of(Region::Lumbar, Some("stenosis")));
    assert_eq!(after.condition.as_deref(), Some("stenosis"));
}

#[test]
fn the_event_keeps_the_words_that_were_shown() {
    let story = planned(Region::Cervical, "gentle");
    let given = story.episode.consent.expect("consent").given;
    let words = given.words.expect("the words");
    assert_eq!(
        given.text_version,
        hex::encode(Sha256::digest(words.as_bytes()))
    );
    assert!(words.contains("9 had an unwanted reaction"));
}

#[test]
fn a_consent_from_before_these_fields_is_still_read() {
    let old = include_str!("../golden/consent-given.v1.json");
    let event: serde_json::Value = serde_json::from_str(old).expect("JSON");
    let given: ConsentGiven = serde_json::from_value(event["body"].clone()).expect("a consent");
    assert_eq!(
        (given.cost, given.condition, given.words),
        (None, None, None)
    );
}
