//! What may be cited is what the clinical reference lists, where that is at hand.

use crate::run::samples;
use care::knowledge::{Knowledge, Source, SourceKind};

/// What of a source does not stand in the reference: its id and address in the list of
/// sources; an id of our own only for a paper that the text names by its address.
fn missing(source: &Source, text: &str) -> Vec<String> {
    let listed = source.id.starts_with('S');
    let list = text.split("## 9. SOURCES").nth(1).unwrap_or_default();
    let list = if listed { list } else { text };
    let mut words = list.split(|c: char| !c.is_ascii_alphanumeric());
    let mut missing = Vec::new();
    if listed && !words.any(|word| word == source.id) {
        missing.push(source.id.clone());
    }
    let addresses = source.at.split(" ; ").flat_map(|part| part.split(" , "));
    missing.extend(
        addresses
            .filter(|part| !list.contains(part))
            .map(str::to_owned),
    );
    let number = source
        .identifier
        .as_deref()
        .and_then(|identifier| identifier.split(' ').next_back());
    let known = |number: &&str| !text.to_lowercase().contains(&number.to_lowercase());
    missing.extend(number.filter(known).map(str::to_owned));
    missing
}

#[test]
fn every_source_stands_in_the_clinical_reference() {
    let test = "every source stands in the clinical reference";
    let Some(path) = samples(test).map(|folder| folder.join("../reference/clinical.md")) else {
        return;
    };
    let text = std::fs::read_to_string(&path).expect("the reference lies beside the samples");
    let knowledge = Knowledge::embedded().expect("the embedded knowledge loads");
    let cited = knowledge.sources();
    for source in cited.iter().filter(|s| s.kind != SourceKind::Ours) {
        assert_eq!(
            missing(source, &text),
            Vec::<String>::new(),
            "{}",
            source.id
        );
    }
    let mut invented = cited[0].clone();
    invented.id = "S999".to_owned();
    invented.at = "https://example.org/invented".to_owned();
    invented.identifier = Some("PMID 99999999".to_owned());
    assert_eq!(
        missing(&invented, &text).len(),
        3,
        "an invented source is refused"
    );
}
