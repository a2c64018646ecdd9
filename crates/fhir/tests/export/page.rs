//! The page on the export is the one that the code writes.

use std::path::PathBuf;

#[test]
fn the_page_says_what_the_code_does() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/fhir.md");
    let text = fhir::export::mapping_document(super::setting::knowledge());
    if std::env::var_os("ANNULUS_BLESS").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "docs/fhir.md: bless it with ANNULUS_BLESS=1"
    );
}
