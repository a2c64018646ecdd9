//! Words: no page has text of its own, and external text is shown as text.

use care::episode::{Demographics, Role};
use console::messages::Locale;
use si::Region;

use crate::browser::House;

const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;";

/// Pages of a patient.
const PARTS: [&str; 15] = [
    "",
    "/facts",
    "/evaluate",
    "/evaluate?form=all",
    "/evaluate?form=intake",
    "/permissions/cannot-lie",
    "/permissions/recent-spinal-surgery",
    "/plan",
    "/consent",
    "/treat",
    "/recover",
    "/safety",
    "/referrals",
    "/review",
    "/therapies",
];

/// Template text outside of tags, expressions and statements.
fn loose(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['<', '{']) {
        out.push_str(&rest[..at]);
        let end = match &rest[at..] {
            tail if tail.starts_with("{{") => tail.find("}}").map(|end| end + 2),
            tail if tail.starts_with("{%") => tail.find("%}").map(|end| end + 2),
            tail if tail.starts_with("{#") => tail.find("#}").map(|end| end + 2),
            tail => tail.find('>').map(|end| end + 1),
        };
        rest = &rest[at + end.unwrap_or(1)..];
    }
    out.push_str(rest);
    out
}

#[test]
fn no_template_holds_words_of_its_own() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/templates")).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // A class is no word for people.
        let text = ["phone on-table", "phone", "live"]
            .iter()
            .fold(text, |text, class| {
                text.replace(
                    &format!("{{% block body_class %}}{class}{{% endblock %}}"),
                    "",
                )
            });
        // A tag may hold an expression with `>`: expressions are taken out first.
        let mut plain = String::new();
        let mut rest = text.as_str();
        while let Some((before, tail)) = rest.split_once("{{") {
            plain.push_str(before);
            rest = tail.split_once("}}").unwrap().1;
        }
        plain.push_str(rest);
        let mut bare = String::new();
        let mut rest = plain.as_str();
        while let Some((before, tail)) = rest.split_once("{%") {
            bare.push_str(before);
            rest = tail.split_once("%}").unwrap().1;
        }
        bare.push_str(rest);
        // An attribute in a block of its own is no text.
        for word in loose(&bare)
            .split_whitespace()
            .filter(|word| !word.contains("=\""))
        {
            let letters: String = word
                .replace("&nbsp;", "")
                .chars()
                .filter(|c| c.is_alphabetic())
                .collect();
            // Keys on the keyboard are named by their letter.
            assert!(
                letters.len() < 2,
                "{}: {word:?} is not a message",
                path.display()
            );
        }
    }
}

/// What is said in words of ours on a page, in English, though the locale has none: as a text or in
/// an attribute.
fn english(body: &str) -> Vec<&'static str> {
    let plain =
        console::messages::all().filter(|(_, text, given)| text.len() > 12 && given.is_empty());
    // What a fact is called in the knowledge is no message.
    let facts = care::knowledge::Knowledge::embedded()
        .unwrap()
        .catalogue()
        .facts();
    let called = |text: &str| facts.iter().any(|fact| fact.label == text);
    let shown = plain.filter(|(_, text, _)| {
        let text = text.replace('\'', "&#39;").replace('"', "&#34;");
        body.contains(&format!(">{text}<")) || body.contains(&format!("\"{text}\""))
    });
    shown
        .filter(|(_, text, _)| !called(text))
        .map(|(id, ..)| *id)
        .collect()
}

#[tokio::test]
async fn in_the_pseudo_locale_no_english_of_ours_is_left() {
    let house = House::open(|options| {
        options.demo = true;
        options.locale = Locale::Pseudo;
    })
    .await;
    let page = house.browser().get("/login").await;
    page.shows("⟦");
    // Where nothing of the knowledge stands, nowhere at all.
    for (id, text, given) in console::messages::all().filter(|(_, text, _)| text.len() > 12) {
        assert!(
            !given.is_empty() || !page.body.contains(text),
            "{id} is shown in English"
        );
    }
    let mut browser = house.as_demo("nadia").await;
    let ruth = crate::steps::chart(&house, "Ruth").await.id;
    let more = ["/review/rmdq", "/contact", "/account", "/note/1"];
    let own = PARTS.iter().chain(&more);
    let own = own.map(|part| format!("/patients/{ruth}{part}"));
    let clinic = [
        "/",
        "/diary",
        "/import",
        "/register",
        "/knowledge",
        "/knowledge/evidence",
        "/outcomes",
        "/overrides",
        "/mail",
        "/clock",
        "/account",
        "/nowhere",
    ];
    for path in clinic.map(str::to_owned).into_iter().chain(own) {
        let page = browser.get(&path).await;
        page.shows("⟦");
        assert_eq!(english(&page.body), Vec::<&str>::new(), "{path}");
    }
}

#[tokio::test]
async fn a_hostile_name_is_shown_as_text_on_every_page_of_the_patient() {
    let house = House::staffed().await;
    let clinic = &house.server.app().clinic;
    let user = clinic.user_by_login("practitioner").await.unwrap().unwrap();
    let who = Demographics {
        name: HOSTILE.into(),
        phone: Some(HOSTILE.into()),
        ..Demographics::default()
    };
    let id = clinic
        .register(&user.actor(), who, Region::Lumbar)
        .await
        .unwrap()
        .id;
    let mut browser = house.as_role(Role::Practitioner).await;
    browser.get(&format!("/patients/{id}")).await;
    browser
        .post(
            &format!("/patients/{id}/safety/suspend"),
            &[("reason", HOSTILE)],
        )
        .await
        .ok();
    let therapy = [
        ("kind", HOSTILE),
        ("region", HOSTILE),
        ("response", HOSTILE),
        ("detail", HOSTILE),
        ("reaction", HOSTILE),
    ];
    browser
        .post(&format!("/patients/{id}/therapies"), &therapy)
        .await
        .ok();
    for page in PARTS {
        let page = browser.get(&format!("/patients/{id}{page}")).await.ok();
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
        assert!(!page.body.contains("<img src=x"), "{}", page.body);
        page.shows("&#60;script&#62;alert");
    }
    let page = browser
        .get(&format!(
            "/?find={}",
            crate::browser::encode(&[("", HOSTILE)]).trim_start_matches('=')
        ))
        .await;
    assert!(!page.body.contains("<script>alert"));
}

#[test]
fn every_message_is_said_somewhere() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut whole = String::new();
    let mut folders = vec![here.join("src"), here.join("templates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                whole.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let names = whole.split(|c: char| !c.is_alphanumeric() && c != '_');
    let names: std::collections::BTreeSet<&str> = names.collect();
    let unsaid: Vec<&str> = console::messages::all()
        .map(|(id, ..)| *id)
        .filter(|id| !names.contains(id.replace('-', "_").as_str()))
        .collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}
