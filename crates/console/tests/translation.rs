//! Translations: nothing is shown that a named person did not review, and patients alone read it.

use std::collections::BTreeMap;
use std::path::Path;

use axum::body::Body;
use axum::http::{StatusCode, header};
use console::messages::translation::{Draft, Verdict, judge, latest_day, read};
use fluent_syntax::ast::{Entry, Expression, Pattern, PatternElement};
use fluent_syntax::{parser, serializer};
use tempfile::TempDir;

use crate::browser::{Browser, House, Page};
use crate::checkin::Treated;

const WISHES: &str = "de-AT,de;q=0.9";

/// The English files, every word in capitals and every argument as it was.
fn shouted() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("messages/en");
    let listed = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = listed.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let one = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let mut whole = parser::parse(std::fs::read_to_string(path).unwrap()).unwrap();
        for entry in &mut whole.body {
            if let Entry::Message(message) = entry {
                message.value.as_mut().into_iter().for_each(shout);
            }
        }
        (name, serializer::serialize(&whole))
    };
    files.iter().map(one).collect()
}

fn shout(pattern: &mut Pattern<String>) {
    for element in &mut pattern.elements {
        match element {
            PatternElement::TextElement { value } => *value = value.to_uppercase(),
            PatternElement::Placeable {
                expression: Expression::Select { variants, .. },
            } => variants.iter_mut().for_each(|one| shout(&mut one.value)),
            PatternElement::Placeable { .. } => {}
        }
    }
}

fn draft(tag: &str) -> Draft {
    Draft {
        tag: tag.to_owned(),
        files: shouted(),
        ..Draft::default()
    }
}

fn sheet(digest: &str) -> String {
    format!(
        "reviewer = \"Amara Okafor\"\nprofession = \"physiotherapist, PT 4411\"\n\
         date = 2026-11-29\ndigest = \"{digest}\"\n"
    )
}

/// On the day of its review.
fn judged(draft: &Draft) -> Verdict {
    judge(draft, jiff::civil::date(2026, 11, 29))
}

/// Complete, and reviewed as it stands.
fn reviewed(tag: &str) -> Draft {
    let unsigned = draft(tag);
    let digest = judged(&unsigned).digest.unwrap();
    Draft {
        review: Some(sheet(&digest)),
        ..unsigned
    }
}

fn file<'a>(draft: &'a mut Draft, name: &str) -> &'a mut String {
    let found = draft.files.iter_mut().find(|(file, _)| file == name);
    &mut found.unwrap().1
}

/// Codes of the reasons with their places; none where it is shown.
fn reasons(verdict: &Verdict) -> Vec<(&'static str, &str)> {
    let refused = verdict.outcome.as_ref().err().into_iter().flatten();
    let mut found = Vec::new();
    for reason in refused {
        assert!(!reason.remedy.is_empty() && !reason.problem.is_empty());
        found.push((reason.code, reason.place.as_str()));
    }
    found
}

#[test]
fn a_whole_translation_that_was_reviewed_as_it_stands_is_shown() {
    let verdict = judged(&reviewed("de"));
    assert_eq!(reasons(&verdict), []);
    let review = verdict.review.unwrap();
    assert_eq!(review.reviewer, "Amara Okafor");
    assert_eq!(review.date.to_string(), "2026-11-29");
    assert_eq!(verdict.missing, Vec::<&str>::new());
    let translation = verdict.outcome.unwrap();
    assert_eq!((translation.tag(), translation.is_rtl()), ("de", false));
    assert!(judged(&reviewed("ar")).outcome.unwrap().is_rtl());
}

#[test]
fn what_is_not_fluent_is_named_by_file_and_line() {
    let mut broken = reviewed("de");
    let text = file(&mut broken, "mine.ftl");
    let lines = text.lines().count();
    text.push_str("mine-head\n");
    let verdict = judged(&broken);
    let place = format!("de/mine.ftl:{}", lines + 1);
    assert!(
        reasons(&verdict).contains(&("translation-not-fluent", &place)),
        "{verdict:?}"
    );
    assert_eq!(verdict.digest, None);
    let reason = &verdict.outcome.unwrap_err()[0];
    assert_eq!(reason.value, "mine-head");
}

#[test]
fn ids_that_nobody_says_and_ids_that_are_not_said_are_named() {
    let mut other = reviewed("de");
    let text = file(&mut other, "common.ftl");
    *text = text.replacen("skip-to-contents =", "skip-to-content =", 1);
    let verdict = judged(&other);
    assert_eq!(verdict.missing, ["skip-to-contents"]);
    let found: BTreeMap<_, _> = reasons(&verdict).into_iter().collect();
    assert!(found["translation-unknown"].starts_with("de/common.ftl:"));
    assert_eq!(found["translation-missing"], "de");
    let refused = verdict.outcome.unwrap_err();
    let missing = refused.iter().find(|r| r.code == "translation-missing");
    assert_eq!(
        missing.unwrap().value,
        "1 missing, the first is skip-to-contents"
    );
    let unknown = refused.iter().find(|r| r.code == "translation-unknown");
    assert_eq!(unknown.unwrap().value, "skip-to-content");
}

#[test]
fn an_argument_more_or_less_is_refused_and_so_is_what_is_no_word() {
    let mut other = reviewed("de");
    let text = file(&mut other, "diary.ftl");
    *text = text.replacen("diary-refused =", "diary-refused = {$name}", 1);
    let verdict = judged(&other);
    assert_eq!(reasons(&verdict)[0].0, "translation-arguments");
    let refused = &verdict.outcome.unwrap_err()[0];
    assert_eq!(refused.value, "diary-refused with $name $problem");
    assert_eq!(refused.remedy, "use exactly $problem");
    for words in ["{ NUMBER($problem) }", "{ diary-head }", "{ -clinic }"] {
        let mut other = reviewed("de");
        let text = file(&mut other, "diary.ftl");
        *text = text.replacen("diary-refused =", &format!("diary-refused = {words}"), 1);
        assert!(
            reasons(&judged(&other))
                .iter()
                .any(|(code, place)| *code == "translation-form"
                    && place.starts_with("de/diary.ftl:")),
            "{words}"
        );
    }
    let mut term = reviewed("de");
    file(&mut term, "diary.ftl").push_str("-clinic = Klinik\n");
    assert_eq!(reasons(&judged(&term))[0].0, "translation-form");
    let mut twice = reviewed("de");
    file(&mut twice, "diary.ftl").push_str("mine-head = Mehr\n");
    assert_eq!(reasons(&judged(&twice))[0].0, "translation-twice");
}

#[test]
fn a_review_needs_a_person_a_profession_a_day_and_this_text() {
    let none = judged(&draft("de"));
    assert_eq!(reasons(&none), [("review-missing", "de/review.toml")]);
    let digest = none.digest.unwrap();
    assert!(none.outcome.unwrap_err()[0].remedy.contains(&digest));
    let whole = sheet(&digest);
    let without = |key: &str| {
        let kept = whole.lines().filter(|line| !line.starts_with(key));
        kept.map(|line| format!("{line}\n")).collect::<String>()
    };
    let judged = |review: String| {
        judged(&Draft {
            review: Some(review),
            ..draft("de")
        })
    };
    for key in ["reviewer", "profession", "date", "digest"] {
        let place = format!("de/review.toml.{key}");
        let verdict = judged(without(key));
        assert_eq!(reasons(&verdict), [("review-incomplete", place.as_str())]);
    }
    let blank = judged(whole.replace("Amara Okafor", " "));
    assert_eq!(reasons(&blank)[0].1, "de/review.toml.reviewer");
    let undated = judged(whole.replace("2026-11-29", "\"last week\""));
    assert_eq!(reasons(&undated)[0].1, "de/review.toml.date");
    let unread = judged("reviewer: nobody".to_owned());
    assert_eq!(reasons(&unread)[0].0, "review-unreadable");
    let other = judged(sheet("0123"));
    assert_eq!(
        reasons(&other),
        [("review-other-text", "de/review.toml.digest")]
    );
    let refused = &other.outcome.unwrap_err()[0];
    assert_eq!(refused.value, "0123");
    assert!(refused.problem.contains(&digest), "{refused}");
}

#[test]
fn a_review_of_a_day_to_come_does_not_count() {
    let draft = reviewed("de");
    let before = judge(&draft, jiff::civil::date(2026, 11, 28));
    assert_eq!(reasons(&before), [("review-later", "de/review.toml.date")]);
    assert_eq!(before.outcome.unwrap_err()[0].value, "2026-11-29");
    let later = judge(&draft, jiff::civil::date(2027, 3, 1));
    assert_eq!(reasons(&later), []);
    // Where days begin first it is the next one already.
    let noon = "2026-11-28T12:00:00Z".parse().unwrap();
    assert_eq!(latest_day(noon), jiff::civil::date(2026, 11, 29));
}

#[test]
fn a_changed_message_ends_the_review_and_another_layout_does_not() {
    let mut changed = reviewed("de");
    let text = file(&mut changed, "mine.ftl");
    *text = text.replacen("mine-head = ", "mine-head = X", 1);
    assert_eq!(reasons(&judged(&changed))[0].0, "review-other-text");
    // The same words for another language are another text.
    let mut moved = reviewed("de");
    moved.tag = "fr".to_owned();
    assert_eq!(reasons(&judged(&moved))[0].0, "review-other-text");
    let mut laid_out = reviewed("de");
    let text = file(&mut laid_out, "mine.ftl");
    *text = format!("# A word to translators.\n\n{text}\n\n");
    assert_eq!(reasons(&judged(&laid_out)), []);
}

#[test]
fn a_folder_that_is_named_by_no_language_is_refused() {
    for tag in ["deutsch", "de_AT", "DE", "en", "qq", "old copy", "d"] {
        let verdict = judged(&draft(tag));
        assert_eq!(reasons(&verdict)[0], ("translation-tag", tag));
    }
}

/// Writes a translation where a server finds it.
fn write(folder: &Path, draft: &Draft) {
    let folder = folder.join(&draft.tag);
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in &draft.files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    if let Some(review) = &draft.review {
        std::fs::write(folder.join("review.toml"), review).unwrap();
    }
}

fn translations(drafts: &[Draft]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    drafts.iter().for_each(|draft| write(folder.path(), draft));
    folder
}

async fn asked(browser: &mut Browser, path: &str, wishes: &str) -> Page {
    let mut request = browser.request("GET", path, Body::empty());
    let wishes = wishes.parse().unwrap();
    request
        .headers_mut()
        .insert(header::ACCEPT_LANGUAGE, wishes);
    browser.send(request).await
}

fn varies(page: &Page) -> bool {
    let all = page.headers.get_all(header::VARY).iter();
    all.into_iter()
        .any(|value| value.to_str().unwrap().contains("accept-language"))
}

#[test]
fn a_file_that_is_not_text_is_a_reason_of_its_own_translation() {
    let folder = translations(&[reviewed("de"), reviewed("fr")]);
    std::fs::write(folder.path().join("fr/mine.ftl"), [0xff, 0xfe]).unwrap();
    std::fs::write(folder.path().join("notes.txt"), "no language").unwrap();
    let drafts = read(folder.path()).unwrap();
    let verdicts: Vec<_> = drafts.iter().map(judged).collect();
    assert_eq!(verdicts.len(), 2);
    assert_eq!(reasons(&verdicts[0]), []);
    assert_eq!(
        reasons(&verdicts[1])[0],
        ("translation-unreadable", "fr/mine.ftl")
    );
    assert_eq!(
        read(&folder.path().join("nowhere")).unwrap_err().code,
        "translations-unreadable"
    );
}

#[tokio::test]
async fn patients_read_their_language_and_the_staff_english() {
    let folder = translations(&[reviewed("de"), reviewed("ar"), draft("fr")]);
    let path = folder.path().to_owned();
    let treated = Treated::with(|options| options.translations = Some(path)).await;
    let form = format!("{}?again=yes", treated.link);
    let mut browser = treated.house.browser();
    let page = asked(&mut browser, &form, WISHES).await.ok();
    page.shows("<html lang=\"de\">")
        .shows("<h1>HOW ARE YOU AFTER THE SESSION?</h1>")
        .shows("<legend lang=\"en\" dir=\"ltr\">");
    assert!(varies(&page));
    asked(&mut browser, &form, "ar")
        .await
        .ok()
        .shows("<html lang=\"ar\" dir=\"rtl\">");
    // Nobody reviewed the French one, and nobody asked for another.
    for wishes in ["fr", "en-GB,de;q=0.5", "nl"] {
        let page = asked(&mut browser, &form, wishes).await.ok();
        page.shows("<html lang=\"en\">")
            .shows("<h1>How are you after the session?</h1>");
        assert!(varies(&page));
    }
    let manifest = asked(&mut browser, "/check-in.webmanifest", WISHES).await;
    manifest.shows("HOW ARE YOU?");
    asked(&mut browser, "/c/", WISHES)
        .await
        .ok()
        .shows("<html lang=\"de\">");
    asked(&mut browser, "/login", WISHES)
        .await
        .shows("LOG IN TO THE CLINIC.");
    let style = asked(&mut browser, "/assets/console.css", WISHES).await;
    assert!(!varies(&style.ok()), "a file without words is one file");
    let mut nadia = treated.house.as_demo("nadia").await;
    for path in ["/", "/nowhere", "/account"] {
        let page = asked(&mut nadia, path, WISHES).await;
        page.shows("<html lang=\"en\">");
        assert!(!varies(&page), "{path}");
    }
}

#[tokio::test]
async fn what_goes_wrong_for_a_patient_is_said_in_their_language() {
    let folder = translations(&[reviewed("de")]);
    let path = folder.path().to_owned();
    let treated = Treated::with(|options| options.translations = Some(path)).await;
    let mut browser = treated.house.browser();
    let form = format!("{}?again=yes", treated.link);
    asked(&mut browser, &form, WISHES).await.ok();
    let fields = [("csrf", browser.csrf.as_str()), ("page", &browser.tab)];
    let body = Body::from(crate::browser::encode(&fields));
    let mut request = browser.request("POST", &treated.link, body);
    let wishes = WISHES.parse().unwrap();
    request
        .headers_mut()
        .insert(header::ACCEPT_LANGUAGE, wishes);
    let page = browser.send(request).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows("<html lang=\"de\">")
        .shows("data-test=\"fault\">NOTHING WAS ANSWERED.<");
    // A page that is not there, before anybody is known.
    asked(&mut browser, "/nowhere", WISHES)
        .await
        .shows("<html lang=\"de\">");
}

#[tokio::test]
async fn one_changed_message_takes_a_translation_away_and_the_server_starts() {
    let mut changed = reviewed("de");
    let text = file(&mut changed, "patient.ftl");
    *text = text.replacen("checkin-send = ", "checkin-send = X", 1);
    let folder = translations(&[changed]);
    let path = folder.path().to_owned();
    let house = House::open(|options| options.translations = Some(path)).await;
    let mut browser = house.browser();
    let page = asked(&mut browser, "/c/", WISHES).await.ok();
    page.shows("<html lang=\"en\">");
    assert!(!varies(&page), "there is nothing to choose from");
}
