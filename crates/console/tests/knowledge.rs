//! The pages of the knowledge: found without script, and whole.

use care::decide::Urgency;
use care::episode::Role;
use care::knowledge::Knowledge;

use crate::browser::House;

fn knowledge() -> &'static Knowledge {
    Knowledge::embedded().expect("the embedded knowledge loads")
}

/// Text as a page shows it.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&#38;").replace('<', "&#60;");
    let text = text.replace('>', "&#62;").replace('"', "&#34;");
    text.replace('\'', "&#39;")
}

/// The rules that a list shows.
fn listed(page: &str) -> Vec<&str> {
    let rows = page.split("data-rule=\"").skip(1);
    rows.filter_map(|row| row.split('"').next()).collect()
}

#[tokio::test]
async fn every_rule_has_a_page_with_all_that_it_says() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    for rule in knowledge().all_rules() {
        let page = browser
            .get(&format!("/knowledge/rules/{}", rule.id))
            .await
            .ok();
        let said = [
            &rule.practitioner,
            &rule.statement,
            &rule.why,
            &rule.known_limits,
            &rule.file,
        ];
        for text in said.into_iter().chain(&rule.dissent).chain(&rule.clearance) {
            page.shows(&escaped(text));
        }
        for id in &rule.sources {
            let source = knowledge().source(id).expect("it resolves");
            page.shows(&escaped(&source.line()));
            page.shows(&format!("<span class=\"kind\">{}</span>", source.kind));
        }
        for fact in rule.facts() {
            page.shows(&format!("<a href=\"/knowledge/facts/{fact}\">{fact}</a>"));
        }
        for condition in &rule.conditions {
            page.shows(&escaped(&condition.text));
        }
        for case in &rule.vignettes {
            page.shows(&escaped(&case.name));
        }
        page.shows("nobody yet: simulated table only");
        page.shows(&rule.reviewed.to_string());
    }
}

#[tokio::test]
async fn every_fact_has_a_page_that_says_how_it_is_asked_and_who_reads_it() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    for fact in knowledge().catalogue().facts() {
        let page = browser
            .get(&format!("/knowledge/facts/{}", fact.id))
            .await
            .ok();
        let said = [
            &fact.label,
            &fact.patient,
            &fact.practitioner,
            &fact.absence,
            &fact.fresh,
        ];
        for text in said
            .into_iter()
            .chain(&fact.needed_when)
            .chain(&fact.values)
        {
            page.shows(&escaped(text));
        }
        for id in &fact.sources {
            let source = knowledge().source(id).expect("it resolves");
            page.shows(&escaped(&source.line()));
        }
        let reviewed = fact.reviewed.expect("a date of review").to_string();
        page.shows(&format!("<dt>Reviewed</dt><dd>{reviewed}</dd>"));
        for text in &fact.dissent {
            page.shows(&escaped(text));
        }
        for code in &fact.codes {
            for text in [&code.system, &code.code, &code.version, &code.status] {
                page.shows(&escaped(text));
            }
        }
        let readers = knowledge().all_rules().iter();
        for rule in readers.filter(|rule| rule.facts().contains(&fact.id)) {
            page.shows(&format!("href=\"/knowledge/rules/{}\"", rule.id))
                .shows(&rule.sources.join(", "));
            for text in &rule.dissent {
                page.shows(&escaped(text));
            }
        }
    }
}

#[tokio::test]
async fn the_list_is_grouped_by_set_and_has_every_rule_once() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Assistant).await;
    let page = browser.get("/knowledge").await.ok();
    let mut found = listed(&page.body);
    let mut all: Vec<&str> = knowledge()
        .all_rules()
        .iter()
        .map(|r| r.id.as_str())
        .collect();
    page.shows(&format!("{0} of {0} rules", all.len()));
    let (screening, triage) = (
        page.body.find("id=\"set-screening\""),
        page.body.find("id=\"set-triage\""),
    );
    assert!(screening.is_some() && screening < triage);
    let first = found.first().and_then(|id| knowledge().rule(id));
    let first = first.map(|rule| rule.urgency);
    assert_eq!(
        first,
        Some(Urgency::Emergency),
        "the most pressing is read first"
    );
    found.sort_unstable();
    all.sort_unstable();
    assert_eq!(found, all);
}

#[tokio::test]
async fn a_query_narrows_the_list_by_word_set_and_evidence() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let page = browser.get("/knowledge?q=osteopenia").await.ok();
    let found = listed(&page.body);
    assert!(
        found.contains(&"low-bone-density") && !found.contains(&"cauda-equina"),
        "{found:?}"
    );
    page.shows("value=\"osteopenia\"");
    let page = browser
        .get("/knowledge?set=triage&evidence=moderate")
        .await
        .ok();
    let mut found = listed(&page.body);
    let moderate = |r: &&care::knowledge::Rule| r.evidence == care::decide::Evidence::Moderate;
    let triage = knowledge().rules(care::decide::RuleSet::Triage);
    let mut all: Vec<&str> = triage.filter(moderate).map(|r| r.id.as_str()).collect();
    found.sort_unstable();
    all.sort_unstable();
    assert!(!all.is_empty());
    assert_eq!(found, all);
    page.shows("<option value=\"triage\" selected>");
    let page = browser.get("/knowledge?q=finucane").await.ok();
    let cites = |id: &str| {
        knowledge()
            .rule(id)
            .is_some_and(|r| r.sources.contains(&"S58".into()))
    };
    assert!(
        listed(&page.body).into_iter().all(cites),
        "a source is found by its author"
    );
    assert!(!listed(&page.body).is_empty());
    let page = browser.get("/knowledge?q=no+such+word").await.ok();
    assert!(listed(&page.body).is_empty());
    page.shows("No rule matches.");
    page.shows("No fact matches.");
}

#[tokio::test]
async fn what_is_typed_into_the_search_is_shown_as_text_and_an_unknown_filter_is_no_filter() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let page = browser.get("/knowledge?q=%22%3E%3Cscript%3E").await.ok();
    assert!(!page.body.contains("\"><script>"));
    let page = browser
        .get("/knowledge?set=nonsense&evidence=nonsense")
        .await
        .ok();
    assert_eq!(listed(&page.body).len(), knowledge().all_rules().len());
}

#[tokio::test]
async fn rules_are_folded_by_set_until_something_is_looked_for_and_each_has_a_place() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let page = browser.get("/knowledge").await.ok().body;
    assert!(page.contains("<details class=\"section\" id=\"set-"));
    assert!(!page.contains("\" open>"), "everything is folded");
    for rule in knowledge().all_rules() {
        assert!(
            page.contains(&format!("<tr id=\"{}\"", rule.id)),
            "{}",
            rule.id
        );
    }
    let page = browser.get("/knowledge?evidence=moderate").await.ok().body;
    let sets = page.matches("<details class=\"section\" id=\"set-").count();
    assert!(sets > 0);
    assert_eq!(
        page.matches("\" open>").count(),
        sets,
        "what is found lies open"
    );
}
