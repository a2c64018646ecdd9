//! Documents where the program that sets them is not there yet, refuses, or does not end.

use std::os::unix::fs::PermissionsExt as _;

use axum::http::StatusCode;
use console::paper::PrintSettings;

use crate::browser::House;
use crate::steps::{chart, planned};

/// A house whose printer is this script.
async fn printed_by(script: &str) -> (House, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("annulus-print");
    std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let house = House::open(|options| {
        options.demo = true;
        options.print = PrintSettings {
            program: Some(program),
            fonts: vec!["/fonts of ours".into()],
        };
    })
    .await;
    (house, folder)
}

#[tokio::test]
async fn without_the_program_a_page_says_so_and_prints_by_the_browser() {
    let house = House::open(|options| options.demo = true).await;
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let page = colin.get(&format!("{base}/evaluate")).await.ok();
    page.shows("annulus-print is not beside the program");
    let refused = colin.get(&format!("{base}/evaluation/pdf")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.code(), "printer-missing");
}

#[tokio::test]
async fn what_the_program_refuses_is_told_with_its_remedy() {
    let said = r#"{"code":"letter-without-font","place":"about[0].value","value":"U+674E","problem":"is a letter that no font here has","remedy":"x"}"#;
    let (house, _folder) = printed_by(&format!("cat >/dev/null; echo '{said}' >&2; exit 2")).await;
    let mut colin = house.as_demo("colin").await;
    let path = format!("/patients/{}/check-in/pdf", chart(&house, "Elin").await.id);
    let refused = colin.get(&path).await;
    assert_eq!(refused.code(), "letter-without-font");
    refused.shows("U+674E").shows("under [print]");
}

#[tokio::test]
async fn the_program_gets_the_document_and_the_fonts_and_nothing_of_the_environment() {
    let (house, _folder) = printed_by("echo \"$1 $2\"; env | grep -c . ; cat").await;
    let mut colin = house.as_demo("colin").await;
    let id = chart(&house, "Elin").await.id;
    let page = colin
        .get(&format!("/patients/{id}/check-in/pdf"))
        .await
        .ok();
    page.shows("--fonts /fonts of ours");
    page.shows("annulus.document/1").shows("Elin Rose Marsh");
    let variables = page.body.lines().nth(1).unwrap();
    // The shell's own: PWD, SHLVL, OLDPWD, _.
    assert!(variables.parse::<u32>().unwrap() <= 4, "{variables}");
    assert_eq!(page.headers["content-type"], "application/pdf");
}

#[tokio::test]
async fn a_program_that_reads_nothing_and_fails_holds_nobody_up() {
    let (house, _folder) = printed_by("exit 3").await;
    let mut colin = house.as_demo("colin").await;
    let path = format!("/patients/{}/check-in/pdf", chart(&house, "Elin").await.id);
    assert_eq!(colin.get(&path).await.code(), "not-printed");
    assert_eq!(colin.get(&path).await.code(), "not-printed");
}
