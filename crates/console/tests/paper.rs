//! Documents where the program that sets them is not there yet, refuses, or does not end.

use std::os::unix::fs::PermissionsExt as _;

use axum::http::StatusCode;
use console::paper::{PrintSettings, Size};

use crate::browser::{House, server};
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
            paper: Size::UsLetter,
        };
    })
    .await;
    (house, folder)
}

/// A demonstration with a place for a bedside, whose printer gives each document back as it came.
pub(crate) async fn printing() -> House {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("annulus-print");
    std::fs::write(&program, "#!/bin/sh\ncat\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let socket = folder.path().join("bedside.sock");
    let server = server(folder.path().to_owned(), |options| {
        options.demo = true;
        options.bedside = Some(socket);
        options.print = PrintSettings {
            program: Some(program),
            ..PrintSettings::default()
        };
    })
    .await;
    House { server, folder }
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
    page.shows("\"paper\":\"us-letter\"");
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

#[tokio::test]
async fn a_check_in_on_paper_has_the_body_to_mark_and_what_the_pain_feels_like() {
    let (house, _folder) = printed_by("cat").await;
    let mut colin = house.as_demo("colin").await;
    let elin = chart(&house, "Elin").await;
    let path = format!("/patients/{}/check-in/pdf", elin.id);
    let page = colin.get(&path).await.ok();
    let catalogue = house.server.app().clinic.knowledge().catalogue();
    for id in ["pain_area", "pain_feel"] {
        page.shows(&catalogue.get(id).unwrap().patient);
    }
    page.shows("\"block\":\"figure\"")
        .shows("Mark where it hurts");
    page.shows("burning");
}

#[tokio::test]
async fn the_consent_on_record_is_printed_with_its_words_and_who_signed() {
    let (house, _folder) = printed_by("cat").await;
    let mut colin = house.as_demo("colin").await;
    let clinic = &house.server.app().clinic;
    let mut signed = None;
    for summary in clinic.patients().await.unwrap() {
        let chart = clinic.chart(summary.id).await.unwrap();
        signed = signed.or(chart.episode.consent.is_some().then_some(chart));
    }
    let elin = signed.expect("somebody who has signed");
    let consent = elin.episode.consent.clone().expect("a consent");
    let base = format!("/patients/{}/consent", elin.id);
    let page = colin.get(&base).await.ok();
    page.shows(&format!("{base}/pdf"));
    let page = colin.get(&format!("{base}/pdf")).await.ok();
    page.shows("Consent to traction")
        .shows(&consent.given.signed_by.0)
        .shows(&consent.given.explained_by);
    let words = consent.given.words.expect("the words");
    page.shows(words.lines().next().unwrap());
    let withdraw = [("reason", "changed my mind")];
    colin.post(&format!("{base}/withdraw"), &withdraw).await;
    let refused = colin.get(&format!("{base}/pdf")).await;
    assert_eq!(refused.code(), "no-consent");
}

/// A printer that refuses more than ten findings as more than a page.
const SHORT: &str = r#"text=$(cat); count=$(printf %s "$text" | grep -o 'finding [0-9]' | wc -l)
case "$text" in *'"one_page":true'*) ;; *) exit 3;; esac
if [ "$count" -gt 10 ]; then echo '{"code":"more-than-a-page","place":"blocks","value":"2 pages","problem":"do not fit","remedy":"x"}' >&2; exit 2; fi
printf %s "$text""#;

#[tokio::test]
async fn a_letter_with_long_findings_is_one_page_and_says_what_it_leaves_out() {
    let (house, _folder) = printed_by(SHORT).await;
    let mut colin = house.as_demo("colin").await;
    let ruth = chart(&house, "Ruth").await;
    let base = format!("/patients/{}/referrals", ruth.id);
    let findings: Vec<String> = (0..40).map(|n| format!("finding {n}")).collect();
    let findings = findings.join("\n");
    let fields = [
        ("reason", "Numb between the legs"),
        ("onset", "today"),
        ("to", "The hospital"),
        ("urgency", "emergency"),
        ("findings", findings.as_str()),
        ("request", "Please examine."),
    ];
    let sent = colin.post(&base, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let page = colin.get(&format!("{base}/1/pdf")).await.ok();
    page.shows("finding 0")
        .shows("Left out so that this is one page");
    assert!(!page.body.contains("finding 39"));
    let whole = chart(&house, "Ruth").await;
    assert!(
        whole.episode.referrals[0]
            .letter
            .findings
            .0
            .contains("finding 39")
    );
}

#[tokio::test]
async fn the_letter_of_a_screening_says_what_was_known_what_comes_next_and_who_decided() {
    let (house, _folder) = printed_by("cat").await;
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    let page = colin.get(&format!("{base}/evaluation/pdf")).await.ok();
    for said in [
        "Complaint and history",
        "Main symptom: limb pain",
        "Examination",
        "Body weight: 68.4 kg",
        "Oswestry Disability Index: 38 of 100, the first.",
        "Prescribed: ",
        "Decided by Colin Abara, DEMO-PT-1002, ",
    ] {
        page.shows(said);
    }
    // Whom it refuses or asks more has no plan; the next questions stand in its place.
    for name in ["Mira", "Oskar"] {
        let id = chart(&house, name).await.id;
        let page = colin.get(&format!("/patients/{id}/evaluation/pdf")).await;
        let page = page.ok();
        page.shows("To ask next").shows("Decided by ");
        assert!(!page.body.contains("Prescribed: "), "{name}");
    }
}

#[tokio::test]
async fn the_letter_has_the_picture_of_the_pain_and_the_roots_as_they_were_that_day() {
    let (house, _folder) = printed_by("cat").await;
    let mut colin = house.as_demo("colin").await;
    let elin = chart(&house, "Elin").await;
    let base = format!("/patients/{}", elin.id);
    let before = colin.get(&format!("{base}/evaluation/pdf")).await.ok();
    assert!(!before.body.contains("Where it hurts"), "nothing is marked");
    let found = [
        ("f:pain_area[calf-left]", "yes"),
        ("picture", "whole"),
        ("f:dermatome[L5,left]", "altered"),
        ("f:myotome[L5,left]", "4"),
    ];
    let answers = format!("{base}/evaluate/answers");
    colin.post(&answers, &found).await.ok();
    // What came after the screening is not on its letter.
    let same = colin.get(&format!("{base}/evaluation/pdf")).await.ok();
    assert!(!same.body.contains("Where it hurts"), "{}", same.body);
    colin
        .post(&format!("{base}/evaluate/decide"), &[])
        .await
        .ok();
    let page = colin.get(&format!("{base}/evaluation/pdf")).await.ok();
    page.shows("Where it hurts")
        .shows("\"block\":\"figure\"")
        .shows("[\"L5\",\"altered\",\"–\",\"4\",\"–\"]");
    assert!(
        page.body.to_lowercase().contains("calf"),
        "the places in words"
    );
}
