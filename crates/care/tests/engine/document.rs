//! The page for people has every rule, fact, number and source, once.
use crate::support::knowledge;
use care::knowledge::Policy;
use care::knowledge::document::{document, policy};

fn page() -> String {
    document(knowledge()).expect("the page can be written")
}

#[test]
fn every_rule_has_a_section_with_all_that_it_says() {
    let page = page();
    for rule in knowledge().all_rules() {
        let head = format!("\n#### `{}`\n", rule.id);
        assert_eq!(page.matches(&head).count(), 1, "{}", rule.id);
        let section = page.split(&head).nth(1).unwrap_or_default();
        let section = section.split("\n#").next().unwrap_or_default();
        let flat = |text: &str| {
            text.split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
                .replace('|', "\\|")
        };
        let said = [
            &rule.practitioner,
            &rule.statement,
            &rule.why,
            &rule.known_limits,
        ];
        for text in said.into_iter().chain(&rule.dissent).chain(&rule.clearance) {
            assert!(section.contains(&flat(text)), "{}: {text}", rule.id);
        }
        assert!(section.contains(rule.when.trim()), "{}", rule.id);
        for condition in &rule.conditions {
            assert!(section.contains(&flat(&condition.text)), "{}", rule.id);
        }
        for source in &rule.sources {
            let link = format!("[{source}](#{})", source.to_lowercase());
            assert!(section.contains(&link), "{}: {source}", rule.id);
        }
        let words = [
            rule.verdict.as_str(),
            rule.urgency.as_str(),
            rule.evidence.as_str(),
        ];
        for word in words.into_iter().chain([rule.override_by.as_str()]) {
            assert!(section.contains(word), "{}: {word}", rule.id);
        }
    }
}

#[test]
fn every_fact_and_every_source_stands_on_the_page_once() {
    let page = page();
    for fact in knowledge().catalogue().facts() {
        let row = format!("\n| `{}` | ", fact.id);
        assert_eq!(page.matches(&row).count(), 1, "{}", fact.id);
    }
    for source in knowledge().sources() {
        let anchor = format!("<a id=\"{}\"></a>", source.id.to_lowercase());
        assert_eq!(page.matches(&anchor).count(), 1, "{}", source.id);
    }
}

#[test]
fn every_link_of_the_page_has_its_target() {
    let page = page();
    let anchor = |heading: &str| {
        let kept = |c: &char| c.is_alphanumeric() || *c == ' ' || *c == '-';
        heading
            .to_lowercase()
            .chars()
            .filter(kept)
            .collect::<String>()
            .replace(' ', "-")
    };
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let mut targets: Vec<String> = headings
        .map(|line| anchor(line.trim_start_matches(['#', ' '])))
        .collect();
    let marks = page
        .split("<a id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    targets.extend(marks.map(str::to_owned));
    for link in page
        .split("](#")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        assert!(
            targets.iter().any(|target| target == link),
            "#{link} leads nowhere"
        );
    }
}

#[test]
fn the_counts_are_those_of_the_knowledge() {
    let (page, rules) = (page(), knowledge().all_rules());
    let facts = knowledge().catalogue().facts().len();
    assert!(page.contains(&format!("\n{facts} facts, {} rules with ", rules.len())));
    let own = rules.iter().filter(|rule| rule.sources == ["ours"]).count();
    let table = page
        .split("| evidence | rules |")
        .nth(1)
        .unwrap_or_default();
    let row = table
        .lines()
        .find(|line| line.starts_with("| expert opinion"));
    let last = row.and_then(|row| row.trim_end_matches(" |").split("| ").last());
    assert_eq!(last, Some(own.to_string().as_str()), "{row:?}");
}

#[test]
fn a_choice_of_policy_is_shown_with_its_fence_and_its_dissent() {
    let contested: Policy = toml::from_str(
        "[[choice]]\nid = \"imaging\"\nfact = \"policy_imaging\"\ncontested = 1\nquestion = \"An image first?\"\n\
         default = \"required\"\nfence = [\"required\", \"when-indicated\"]\ndissent = [\"NICE says no.\"]\n\
         [[choice.stands]]\nvalue = \"required\"\nsources = [\"S01\"]\nwhy = \"It finds what excludes.\"\n\
         [[settled]]\nid = \"level\"\ncontested = 13\nquestion = \"A level?\"\nanswer = \"No.\"\nreason = \"A pull is not specific.\"\nsources = [\"S18\"]\n",
    )
    .expect("a policy");
    assert_eq!(
        policy(&contested),
        "\n### `imaging` (question 1)\nAn image first?\n\n\
         The clinic chooses `policy_imaging` from required, when-indicated, strictest first; `required` until it does.\n\n\
         - `required`: It finds what excludes. [S01](#s01)\n- Dissent: NICE says no.\n\n\
         ### `level` (question 13)\nA level?\n\nSettled: No. A pull is not specific. [S18](#s18)\n"
    );
    assert!(policy(&Policy::default()).starts_with("Every contested question"));
}

#[test]
fn every_row_of_evidence_and_every_instrument_stands_on_the_page_once() {
    let page = page();
    for row in &knowledge().evidence().rows {
        assert_eq!(
            page.matches(&format!("\n- `{}` (", row.id)).count(),
            1,
            "{}",
            row.id
        );
        assert!(page.contains(&row.says), "{}", row.id);
    }
    for one in &knowledge().instruments().all {
        assert_eq!(
            page.matches(&format!("\n| `{}` {} |", one.id, one.name))
                .count(),
            1
        );
        assert!(page.contains(&one.licence), "{}", one.id);
    }
}

#[test]
fn every_rule_names_its_finding_in_a_line() {
    let rule = knowledge().rule("cauda-equina").expect("a rule");
    assert_eq!(rule.finding(), "Suspected cauda equina syndrome");
    for rule in knowledge().all_rules() {
        let length = rule.finding().chars().count();
        assert!((1..=130).contains(&length), "{}: {length}", rule.id);
    }
}
