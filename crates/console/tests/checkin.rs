//! A check-in that is sent twice, begun and left, or opened before the server was restarted.

use axum::body::Body;
use axum::http::StatusCode;
use care::episode::{Alert, Command};
use console::Options;
use console::clinic::Chart;
use jiff::SignedDuration;

use crate::browser::{Browser, House, Page, encode, server};
use crate::steps::{answers, fill, told};

const LINK: &str = "0123456789abcdef0123456789abcdef";

/// A demonstration clinic, a patient who was treated there and needs nobody now, and their link.
pub(crate) struct Treated {
    pub(crate) house: House,
    patient: uuid::Uuid,
    pub(crate) link: String,
}

impl Treated {
    async fn house() -> Self {
        Self::with(|_| ()).await
    }

    pub(crate) async fn with(more: impl FnOnce(&mut Options)) -> Self {
        let house = House::open(|options| {
            options.demo = true;
            more(options);
        })
        .await;
        let clinic = &house.server.app().clinic;
        let mut found = None;
        for summary in clinic.patients().await.unwrap() {
            let chart = clinic.chart(summary.id).await.unwrap();
            let treated = chart.episode.treated().next_back().map(|s| s.id);
            if chart.episode.open_alerts().next().is_none() {
                found = found.or(treated.map(|session| (summary.id, session)));
            }
        }
        let (patient, session) = found.expect("somebody was treated");
        let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
        let command = Command::IssueLink {
            session,
            token_sha256: hex::encode(record::sha256(LINK.as_bytes())),
            expires: clinic.now() + SignedDuration::from_hours(24),
        };
        clinic.act(patient, &colin.actor(), command).await.unwrap();
        Self {
            house,
            patient,
            link: format!("/c/{LINK}"),
        }
    }

    async fn chart(&self) -> std::sync::Arc<Chart> {
        let clinic = &self.house.server.app().clinic;
        clinic.chart(self.patient).await.unwrap()
    }

    async fn open(&self) -> (Browser, Page) {
        let mut browser = self.house.browser();
        let page = browser.get(&format!("{}?again=yes", self.link)).await.ok();
        (browser, page)
    }
}

/// All answers, one emergency among them.
const EMERGENCY: [(&str, &str); 5] = [
    ("since_saddle_numbness", "yes"),
    ("since_", "no"),
    ("pain_", "3"),
    ("distal_extent", "spine"),
    ("soreness", ""),
];

/// All answers, nothing wrong.
pub(crate) const WELL: [(&str, &str); 4] = [
    ("since_", "no"),
    ("pain_", "0"),
    ("distal_extent", "none"),
    ("soreness", ""),
];

/// The answers so far, as the page sends them by itself.
async fn begun(treated: &Treated, browser: &mut Browser, page: &Page, given: &[(&str, &str)]) {
    let form = page.after("name=\"form\"", "value");
    let path = format!("{}/begun", treated.link);
    let mut fields = given.to_vec();
    fields.push(("form", form.as_str()));
    let sent = browser.post(&path, &fields).await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT, "{}", sent.body);
}

#[tokio::test]
async fn a_check_in_sent_twice_is_one_check_in_and_one_alarm() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    let result = told(&mut browser, &treated.link, &page, &EMERGENCY).await;
    result.shows("data-result=\"emergency\"");
    let once = treated.chart().await;
    // The same page again: a second press, or the back button.
    told(&mut browser, &treated.link, &page, &EMERGENCY).await;
    let twice = treated.chart().await;
    assert_eq!(once.sequence, twice.sequence);
    assert_eq!(twice.episode.open_alerts().count(), 1);
    // Loading the link again shows what was said, and asks nothing that is not due.
    browser
        .get(&treated.link)
        .await
        .ok()
        .shows("data-result=\"emergency\"");
}

/// Who is well is told when to come again and sees how it went; who is suspended is not.
#[tokio::test]
async fn the_result_names_the_next_appointment_while_nothing_stands_against_it() {
    let treated = Treated::house().await;
    let clinic = treated.house.server.app().clinic.clone();
    let colin = clinic.user_by_login("colin").await.unwrap().unwrap();
    let from = clinic.now() + SignedDuration::from_hours(24 * 9 + 1);
    let until = from + SignedDuration::from_mins(30);
    let place = care::diary::Place {
        from,
        until,
        practitioner: colin.id,
        table: None,
    };
    let book = care::diary::Change::Book {
        id: uuid::Uuid::now_v7(),
        patient: treated.patient,
        purpose: care::diary::Purpose::ReEvaluation,
        place,
    };
    clinic.enter(colin.id, &book).await.unwrap();
    let (mut browser, page) = treated.open().await;
    let result = told(&mut browser, &treated.link, &page, &WELL).await;
    result
        .shows("data-test=\"next\"")
        .shows("data-test=\"progress\"");
    let again = browser
        .get(&format!("{}?again=yes", treated.link))
        .await
        .ok();
    let result = told(&mut browser, &treated.link, &again, &EMERGENCY).await;
    result.shows("data-result=\"emergency\"");
    assert!(!result.body.contains("data-test=\"next\""));
}

#[tokio::test]
async fn a_form_opened_before_a_restart_is_taken_after_it() {
    let treated = Treated::house().await;
    let (_, page) = treated.open().await;
    let Treated { house, link, .. } = treated;
    house.server.app().clinic.close().await.unwrap();
    let folder = house.folder;
    let server = server(folder.path().to_owned(), |options| options.demo = true).await;
    let house = House { server, folder };
    let mut browser = house.browser();
    browser.csrf = page.after("name=\"csrf\"", "value");
    told(&mut browser, &link, &page, &EMERGENCY)
        .await
        .shows("data-result=\"emergency\"");
}

#[tokio::test]
async fn an_emergency_answer_reaches_the_clinic_before_anything_is_sent() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    let only = [("f:since_saddle_numbness", "yes")];
    begun(&treated, &mut browser, &page, &only).await;
    let chart = treated.chart().await;
    let alert: Vec<&Alert> = chart.episode.open_alerts().collect();
    assert_eq!(alert[0].urgency, "emergency");
    // Everything else follows on the same form, and raises no second alarm.
    begun(&treated, &mut browser, &page, &only).await;
    assert_eq!(treated.chart().await.sequence, chart.sequence);
    told(&mut browser, &treated.link, &page, &EMERGENCY).await;
    assert_eq!(treated.chart().await.episode.open_alerts().count(), 1);
}

#[tokio::test]
async fn a_check_in_that_was_left_is_seen_by_the_clinic_with_its_answers() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    let some = [("f:since_new_radiation", "yes"), ("f:since_fever", "no")];
    begun(&treated, &mut browser, &page, &some).await;
    let mut staff = treated.house.as_demo("colin").await;
    let recover = format!("/patients/{}/recover", treated.patient);
    staff.get(&recover).await.ok().shows("data-test=\"begun\"");
    let clinic = &treated.house.server.app().clinic;
    let lead = clinic.user_by_login("nadia").await.unwrap().unwrap();
    clinic.forward(lead.id, 1_800).await.unwrap();
    console::clinic::tick(clinic).await;
    let chart = treated.chart().await;
    let about: Vec<_> = chart
        .episode
        .open_alerts()
        .map(|a| (&*a.about, &*a.urgency))
        .collect();
    assert!(
        about.contains(&("check-in: begun and not sent", "urgent")),
        "{about:?}"
    );
    staff
        .get(&recover)
        .await
        .ok()
        .shows("and not sent: call the patient");
    // Who comes back and sends it is heard like everybody.
    told(&mut browser, &treated.link, &page, &EMERGENCY)
        .await
        .shows("data-result=\"emergency\"");
}

#[tokio::test]
async fn none_of_these_denies_the_rest_and_never_a_fall_or_fever() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    page.shows("name=\"none\" value=\"today-signs\"");
    let form = page.after("name=\"form\"", "value");
    let fields = [
        ("form", form.as_str()),
        ("none", "today-signs"),
        ("f:since_new_radiation", "yes"),
    ];
    let sent = browser.post(&treated.link, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let chart = treated.chart().await;
    let told = chart.episode.treated().filter_map(|s| s.check_ins.last());
    let told = told.max_by_key(|told| told.at).unwrap();
    let value = |fact: &str| {
        let mut all = told
            .readings
            .iter()
            .filter(|told| told.fact.as_str() == fact);
        all.next().and_then(|told| told.as_value().cloned())
    };
    use care::fact::Value::Bool;
    assert_eq!(
        value("since_new_radiation"),
        Some(Bool(true)),
        "what was ticked stands"
    );
    assert_eq!(value("since_sharp_pain"), Some(Bool(false)));
    for own in ["since_fall", "since_fever", "since_saddle_numbness"] {
        assert_eq!(value(own), None, "{own} is asked on its own");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_said_in_the_patients_words_and_changes_nothing() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    let before = treated.chart().await.sequence;
    let mut fields = answers(&page, &EMERGENCY);
    fields.push(("f:pain_now[spine]".into(), "eleven".into()));
    let refused = fill(&mut browser, &treated.link, &fields, &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused
        .shows("your answers are still there")
        .shows(&treated.house.server.app().clinic.settings().phone);
    assert!(!refused.body.contains("<nav"), "no page of the staff");
    let nothing = browser.post(&treated.link, &[]).await;
    nothing.shows("Nothing was answered.");
    let forged = Body::from(encode(&[("f:since_saddle_numbness", "yes")]));
    let forged = browser.request("POST", &treated.link, forged);
    let forged = browser.send(forged).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(treated.chart().await.sequence, before);
}

/// A phone without a network sends later, and says how long the answers waited.
#[tokio::test]
async fn answers_that_waited_on_a_phone_are_dated_when_they_were_given() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    let fields = answers(&page, &WELL);
    // The form says when it was made: nothing on it was told before.
    let made = page.after("name=\"made\"", "value");
    for (waited, made, hours) in [
        ("7200", "", Some(2)),
        ("4000000000", "", None),
        ("NaN", "", Some(0)),
        ("7200", made.as_str(), Some(0)),
    ] {
        let form = uuid::Uuid::now_v7().to_string();
        let more = [("form", form.as_str()), ("waited", waited), ("made", made)];
        let sent = fill(&mut browser, &treated.link, &fields, &more).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        let clinic = &treated.house.server.app().clinic;
        let chart = treated.chart().await;
        let session = chart.episode.treated().next_back().unwrap();
        let told = session.check_ins.last().unwrap();
        let given = match hours {
            Some(hours) => clinic.now() - SignedDuration::from_hours(hours),
            // No clock makes an answer older than what it answers.
            None => session.ended.unwrap(),
        };
        let apart = told.readings[0].at.duration_since(given).abs();
        assert!(apart < SignedDuration::from_secs(60), "{waited}: {apart}");
        let decided = told.triage.as_ref().unwrap().decision.at;
        assert_eq!(decided, told.readings[0].at, "judged by that hour");
    }
}

#[tokio::test]
async fn what_a_phone_keeps_is_named_and_the_worker_is_always_asked_for_anew() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    page.shows("id=\"check-in-sheet\"")
        .shows("annulus/phone-triage/1");
    for result in ["see-clinician-today", "adjust", "expected-soreness", "well"] {
        page.shows(&format!("<template data-result=\"{result}\">"));
    }
    let sheet = page.body.split("id=\"check-in-sheet\">").nth(1).unwrap();
    let sheet = sheet.split("</script>").next().unwrap();
    assert!(serde_json::from_str::<serde_json::Value>(sheet).is_ok());
    assert!(!sheet.contains('<'), "nothing in it ends its element");
    let worker = browser.get("/check-in-worker.js").await.ok();
    assert_eq!(worker.headers["cache-control"], "no-store");
    worker.shows(&format!(
        "const VERSION = \"{}\"",
        console::assets::version()
    ));
    let manifest = browser.get("/check-in.webmanifest").await.ok();
    let manifest: serde_json::Value = serde_json::from_str(&manifest.body).unwrap();
    assert_eq!(manifest["scope"], "/c/");
    browser.get("/c/").await.ok().shows("555-0110");
}

#[tokio::test]
async fn what_the_pain_feels_like_is_read_beside_the_result_and_changes_none() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    page.shows("What does it feel like? Tick what fits.");
    let mut fields = crate::steps::answers(&page, &WELL);
    fields.push(("f:pain_feel[stiff]".into(), "yes".into()));
    fields.push(("f:pain_feel[tired]".into(), "yes".into()));
    fields.push(("f:pain_area[calf-left]".into(), "yes".into()));
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    browser.post(&treated.link, &fields).await.ok();
    let mut colin = treated.house.as_demo("colin").await;
    let page = colin
        .get(&format!("/patients/{}/recover", treated.patient))
        .await;
    page.shows("Feels stiff, tired or heavy");
    let evaluate = format!("/patients/{}/evaluate", treated.patient);
    let page = colin.get(&evaluate).await.ok();
    page.shows("<p class=\"sm\">calf, left</p>");
    let chart = treated.chart().await;
    let session = chart.episode.treated().next_back().expect("a session");
    let told = session
        .check_ins
        .last()
        .and_then(|told| told.triage.as_ref());
    assert_eq!(told.map(|told| told.result.as_str()), Some("well"));
}

#[tokio::test]
async fn a_decision_that_an_alarm_has_overtaken_no_longer_reads_as_one() {
    let treated = Treated::house().await;
    let mut colin = treated.house.as_demo("colin").await;
    let path = format!("/patients/{}", treated.patient);
    let before = colin.get(&path).await.ok();
    assert!(!before.body.contains("data-test=\"overtaken\""));
    let (mut browser, page) = treated.open().await;
    told(&mut browser, &treated.link, &page, &EMERGENCY).await;
    let after = colin.get(&path).await.ok();
    after.shows("data-test=\"overtaken\"");
    after.shows("Was: Cleared");
    let today = colin.get("/").await.ok();
    assert!(today.body.contains("Was: Cleared"), "{}", today.body);
}

/// The program's own words are for its staff: a patient reads which question it was.
#[tokio::test]
async fn an_answer_that_cannot_be_read_is_named_by_its_question() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    let form = page.after("name=\"form\"", "value");
    let fields = [("form", form.as_str()), ("f:pain_now[spine]", "eleventy")];
    let refused = browser.post(&treated.link, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let clinic = &treated.house.server.app().clinic;
    let asked = clinic.knowledge().catalogue().get("pain_now").unwrap();
    refused
        .shows(&asked.patient)
        .shows("One answer could not be read.");
    assert!(!refused.body.contains("give a number"), "{}", refused.body);
}

/// Whoever holds a dead link may need somebody now.
#[tokio::test]
async fn a_link_that_answers_no_more_says_whom_to_call_and_when() {
    let house = House::open(|options| options.demo = true).await;
    let page = house
        .browser()
        .get("/c/00000000000000000000000000000000")
        .await;
    assert_eq!(page.status, StatusCode::GONE);
    let settings = house.server.app().clinic.settings();
    let emergency = &settings.emergency;
    page.shows("Call at once if you notice any of these: numbness");
    for number in [&settings.phone, &emergency.number] {
        page.shows(&format!("href=\"tel:{number}\""));
    }
    page.shows(&emergency.hospital).shows(&emergency.address);
}

/// What a patient says at the desk is said in the first person, by each sign that they told.
#[tokio::test]
async fn an_emergency_is_said_at_the_desk_as_the_patient_would_say_it() {
    let treated = Treated::house().await;
    let (mut browser, page) = treated.open().await;
    let styles = include_str!("../static/patient.css");
    let signs = page.body.matches("data-emergency=\"").count();
    assert!(signs >= 9, "{signs}");
    for number in 1..=signs {
        page.shows(&format!("data-emergency=\"{number}\""));
        page.shows(&format!("<span data-sign=\"{number}\">"));
        let shown =
            format!("body:has([data-emergency=\"{number}\"]:checked) [data-sign=\"{number}\"]");
        assert!(styles.contains(&shown), "{shown}");
    }
    page.shows("I am numb between the legs");
    let result = told(&mut browser, &treated.link, &page, &EMERGENCY).await;
    let (_, desk) = result.body.split_once("data-test=\"say\"").unwrap();
    let (desk, _) = desk.split_once("</p>").unwrap();
    assert!(desk.contains("I am numb between the legs"), "{desk}");
    assert!(!desk.contains("You told us"), "{desk}");
}

/// Pain rose after the session and is lower again when asked: the curve says when it was asked,
/// and no sentence below speaks against the result.
#[tokio::test]
async fn a_result_that_is_a_rise_is_not_contradicted_by_the_course() {
    let treated = Treated::house().await;
    let rise = [
        ("since_", "no"),
        ("pain_worst_since", "7"),
        ("pain_", "2"),
        ("distal_extent", "spine"),
        ("soreness", ""),
    ];
    let (mut browser, page) = treated.open().await;
    let result = told(&mut browser, &treated.link, &page, &WELL).await;
    result.shows("data-test=\"course\"");
    let (mut browser, page) = treated.open().await;
    let result = told(&mut browser, &treated.link, &page, &rise).await;
    result.shows("higher than before").shows("Pain when asked");
    assert!(
        !result.body.contains("data-test=\"course\""),
        "{}",
        result.body
    );
}

/// Staff read when the answer came, not when it fell due.
#[tokio::test]
async fn an_answer_is_dated_when_it_was_given() {
    let house = House::open(|options| options.demo = true).await;
    let clinic = &house.server.app().clinic;
    let mut seen = 0;
    for summary in clinic.patients().await.unwrap() {
        let chart = clinic.chart(summary.id).await.unwrap();
        let mut colin = house.as_demo("colin").await;
        let due = care::triage::due(&chart.episode, clinic.now());
        for due in due.iter().filter(|due| due.answered) {
            let session = chart.episode.session(due.session).unwrap();
            let mut told = session.check_ins.iter();
            let told = told.find(|told| told.number == Some(due.number) && !told.missed);
            let given = told.unwrap().given_at();
            let local = given.to_zoned_datetime(clinic.zone().clone());
            let words = local.strftime("answered %-d %b %Y %H:%M").to_string();
            let path = format!("/patients/{}/recover", summary.id);
            let page = colin.get(&path).await.ok();
            page.shows(&words);
            // What was received before is told in the clinic's time.
            assert!(!page.body.contains(" UTC"), "{}", page.body);
            seen += usize::from(given != due.from);
        }
    }
    assert!(seen > 0, "an answer that did not come on the minute");
}
