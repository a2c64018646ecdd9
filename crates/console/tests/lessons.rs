//! What sessions teach: learned beside the pages, once, and known to the next plan.

use std::sync::Arc;
use std::time::Duration;

use care::episode::Command;
use care::lesson::Because;
use care::plan::{Forecast, Proposal};
use care::subject::Lying;
use console::bedside::Point;
use console::clinic::{Chart, Clinic, ClinicProjector};
use console::lessons::{self, Learner};
use console::messages::{Locale, Say};
use console::pages::twin::Twin;
use si::Region;
use spine::column::{Instants, Overall, predict};
use spine::unknown::Belief;
use table::grant::SignedGrant;
use table::runner::{self, Start};
use table::simulated::{Options, Script, SimulatedTable};
use traction::grant::Grant;
use traction::limits::{Limits, LimitsSpec};
use uuid::Uuid;

use crate::browser::{Browser, House, server};
use crate::steps::{armed, bedside, chart, house, planned, started, until};

/// A demonstration without a table: its past sessions were really run.
async fn past() -> House {
    House::open(|options| options.demo = true).await
}

/// Learns from everything that is due; how many lessons that were.
async fn learned(clinic: &Clinic) -> usize {
    let mut learner = Learner::default();
    let mut count = 0;
    while learner.one(clinic).await.unwrap().is_some() {
        count += 1;
    }
    count
}

/// Lines of a patient's journal about what was learned.
async fn lines(clinic: &Clinic, patient: Uuid) -> usize {
    let events = clinic.journal().read(patient).await.unwrap();
    events.iter().filter(|e| e.kind == "spine-learned").count()
}

/// Width of the travel that is expected of a session, at its last hold, mm.
fn width(chart: &Chart, session: Uuid, belief: &Belief) -> f64 {
    let granted = chart.episode.session(session).unwrap().granted;
    let lying = Lying::of(&chart.episode, session, granted).unwrap();
    let pull = lying.pull.pull().unwrap();
    let told = predict(
        &lying.subject,
        &lying.setting,
        (&pull, pull.duration()),
        &Instants::Even(31),
        (belief, 48),
    )
    .unwrap();
    let band = told.overall(Overall::Travel, told.held).unwrap();
    1e3 * (band.high - band.low)
}

async fn proposed(house: &House, browser: &mut Browser, name: &str) -> Forecast {
    let base = format!("/patients/{}", chart(house, name).await.id);
    let path = format!("{base}/plan/propose");
    browser.post(&path, &[]).await.ok();
    let chart = chart(house, name).await;
    let plan = Proposal::read(&chart.episode.proposal.as_ref().unwrap().plan).unwrap();
    plan.candidates.gentle.prediction.unwrap()
}

#[tokio::test]
async fn past_sessions_are_learned_from_once_also_across_a_restart() {
    let mut house = past().await;
    let clinic = Arc::clone(&house.server.app().clinic);
    let tom = chart(&house, "Tom").await;
    let due = clinic.unlearned().await.unwrap();
    let ended = tom.episode.treated().map(|session| session.id);
    let of_tom: Vec<Uuid> = due.iter().filter(|d| d.0 == tom.id).map(|d| d.1).collect();
    assert_eq!(of_tom, ended.collect::<Vec<_>>(), "oldest first");
    // One, then the server goes away.
    let first = Learner::default().one(&clinic).await.unwrap();
    assert_eq!(first, Some(due[0].1));
    clinic.close().await.unwrap();
    drop(clinic);
    house.server = server(house.folder.path().to_owned(), |options| {
        options.demo = true
    })
    .await;
    let clinic = Arc::clone(&house.server.app().clinic);
    assert_eq!(clinic.unlearned().await.unwrap(), due[1..]);
    assert_eq!(learned(&clinic).await, due.len() - 1);
    assert_eq!(learned(&clinic).await, 0, "nothing is learned twice");
    assert_eq!(lines(&clinic, tom.id).await, of_tom.len());
    let rebuilt = clinic.journal().rebuild(&ClinicProjector).await;
    assert!(rebuilt.is_ok(), "{:?}", rebuilt.err());

    let tom = chart(&house, "Tom").await;
    let believed = tom.episode.believed(Region::Lumbar).unwrap();
    assert_eq!(
        believed.sessions as usize,
        of_tom.len(),
        "{:?}",
        tom.episode.lessons
    );
    assert!(believed.simulated);
    let last = *of_tom.last().unwrap();
    let prior = width(&tom, last, &Belief::prior(Region::Lumbar));
    let now = width(&tom, last, &tom.episode.expected(Region::Lumbar).belief);
    assert!(now < 0.8 * prior, "{now} mm, {prior} mm before");
}

#[tokio::test]
async fn the_page_says_what_was_learned_and_the_sliders_know_it() {
    let house = past().await;
    let clinic = &house.server.app().clinic;
    let mut browser = house.as_demo("colin").await;
    let base = format!("/patients/{}", chart(&house, "Tom").await.id);
    let plan = format!("{base}/plan");
    let before = browser.get(&plan).await.ok();
    before.shows("The last session is not learned from yet");
    let preview = format!("{base}/plan/preview");
    let naive = browser.get(&preview).await.ok();
    learned(clinic).await;
    let after = browser.get(&plan).await.ok();
    after
        .shows("data-test=\"learned\"")
        .shows("3 sessions were learned from")
        .shows("% of the doubt is gone")
        .shows("simulated table")
        .shows("own forecasts are older")
        .shows("Drawn from what 3 sessions have shown");
    assert!(!after.body.contains("not learned from yet"));
    let known = browser.get(&preview).await.ok();
    assert_ne!(
        known.body, naive.body,
        "the sliders ask what is believed now"
    );
    browser.get(&base).await.shows("Session learned from");
    // Whoever has no session has no such section.
    let elin = chart(&house, "Elin").await.id;
    let page = browser.get(&format!("/patients/{elin}/plan")).await.ok();
    assert!(!page.body.contains("data-test=\"learned\""));
}

/// The spine beside the table after a minute at 120 N, drawn.
fn beside(chart: &Chart, session: Uuid) -> String {
    let granted = chart.episode.session(session).unwrap().granted;
    let mut twin = Twin::of(&chart.episode, session, granted).unwrap();
    let at = |t: f64, force: f64| Point {
        t,
        force: Some(force),
        set: force,
        ceiling: 200.0,
        total: 600.0,
    };
    twin.follow(&[at(0.5, 0.0), at(60.0, 120.0), at(120.0, 120.0)]);
    let locale = Locale::English;
    twin.picture(Say { locale }).unwrap()
}

#[tokio::test]
async fn the_spine_beside_the_table_knows_what_was_learned() {
    let house = past().await;
    let naive = chart(&house, "Tom").await;
    let session = naive.episode.treated().last().unwrap().id;
    learned(&house.server.app().clinic).await;
    let taught = chart(&house, "Tom").await;
    assert_ne!(beside(&naive, session), beside(&taught, session));
}

#[tokio::test]
async fn in_the_pseudo_locale_what_was_learned_is_said_by_messages() {
    let house = House::open(|options| {
        options.demo = true;
        options.locale = Locale::Pseudo;
    })
    .await;
    learned(&house.server.app().clinic).await;
    let mut browser = house.as_demo("colin").await;
    let base = format!("/patients/{}", chart(&house, "Tom").await.id);
    let page = browser.get(&format!("{base}/plan")).await.ok();
    let (_, section) = page.body.split_once("data-test=\"learned\"").unwrap();
    let (section, _) = section.split_once("</section>").unwrap();
    let plain = section.replace("&#37;", "%");
    for word in ["harness", "stiffness", "doubt", "sessions", "table"] {
        assert!(!plain.contains(word), "{word}: {plain}");
    }
}

#[tokio::test]
async fn a_lost_and_a_changed_recording_teach_nothing_and_the_page_says_so() {
    let house = past().await;
    let clinic = &house.server.app().clinic;
    let tom = chart(&house, "Tom").await;
    let sessions: Vec<Uuid> = tom.episode.treated().map(|session| session.id).collect();
    let file = |session: &Uuid| {
        let name = format!("session-{}.frames", session.simple());
        house.folder.path().join("recordings").join(name)
    };
    std::fs::remove_file(file(&sessions[0])).unwrap();
    std::fs::copy(file(&sessions[1]), file(&sessions[2])).unwrap();
    learned(clinic).await;
    let tom = chart(&house, "Tom").await;
    let because = |session| tom.episode.lesson_of(session).unwrap().because();
    assert_eq!(because(sessions[0]), Some(Because::RecordingMissing));
    assert_eq!(because(sessions[1]), None);
    assert_eq!(because(sessions[2]), Some(Because::RecordingAltered));
    let believed = tom.episode.believed(Region::Lumbar).unwrap();
    assert_eq!((believed.sessions, believed.session), (1, sessions[1]));
    let mut browser = house.as_demo("colin").await;
    browser
        .get(&format!("/patients/{}/plan", tom.id))
        .await
        .shows("One session was learned from")
        .shows("taught nothing: its recording was changed");
}

/// A session of Elin's whose table pulled by a Grant that was changed on the way.
async fn pulled(house: &House, browser: &mut Browser, change: impl Fn(&mut Grant)) -> Uuid {
    let clinic = &house.server.app().clinic;
    let base = planned(house, browser).await;
    let session = armed(browser, &base).await;
    let session: Uuid = session.rsplit('/').next().unwrap().parse().unwrap();
    // What the real table recorded is not fetched: this one stands for it.
    house.server.app().bedside.as_ref().unwrap().shut();
    let elin = chart(house, "Elin").await;
    let hex = elin.episode.session(session).unwrap().grant.clone();
    let bytes: Vec<u8> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    let mut grant = Grant::decode(&bytes).unwrap();
    change(&mut grant);
    let signed = SignedGrant {
        bytes: grant.encode().to_vec(),
        signature: [0; 64],
    };
    let mut table = SimulatedTable::new(Options::new(grant.table, 3)).unwrap();
    let at_ms = clinic.now().as_millisecond();
    let start = Start { at_ms, seed: 3 };
    let recording = runner::run(&signed, &mut table, Script::routine(), start).unwrap();
    let name = session.simple().to_string();
    console::bedside::keep(clinic.folder(), &name, &recording.bytes).unwrap();
    let summary = console::bedside::summary(&recording.bytes).unwrap();
    let program = care::episode::Actor::program();
    for command in [
        Command::StartSession { session },
        Command::EndSession { session, summary },
    ] {
        clinic.act(elin.id, &program, command).await.unwrap();
    }
    session
}

/// A recording by such a Grant teaches nothing, for this reason, and moves no belief.
async fn teaches_nothing(change: impl Fn(&mut Grant), because: Because) {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut browser = house.as_demo("colin").await;
    let session = pulled(&house, &mut browser, change).await;
    bedside.stop().unwrap();
    learned(&house.server.app().clinic).await;
    let elin = chart(&house, "Elin").await;
    let lesson = elin.episode.lesson_of(session).unwrap();
    assert_eq!(lesson.because(), Some(because), "{lesson:?}");
    for region in Region::ALL {
        let expected = elin.episode.expected(region).belief;
        assert_eq!(expected, Belief::prior(region));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_of_another_region_teaches_nothing() {
    let cervical = |grant: &mut Grant| {
        let spec = LimitsSpec {
            region: Region::Cervical,
            guarding_step: traction::limits::standard_guarding(Region::Cervical),
            ..*grant.limits
        };
        grant.limits = Limits::new(spec).unwrap();
    };
    teaches_nothing(cervical, Because::RegionsDiffer).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_of_another_session_teaches_nothing() {
    let foreign = |grant: &mut Grant| grant.session = [7; 16];
    teaches_nothing(foreign, Because::RecordingForeign).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_at_the_table_teaches_the_next_plan_without_being_waited_for() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut browser = house.as_demo("colin").await;
    let base = planned(&house, &mut browser).await;
    let clinic = Arc::clone(&house.server.app().clinic);
    learned(&clinic).await;
    let running = lessons::run(Arc::clone(&clinic), house.server.app().bedside.clone());
    let running = tokio::spawn(running);
    let naive = proposed(&house, &mut browser, "Elin").await;
    let plan = chart(&house, "Elin").await.episode.plan.clone();
    assert!(plan.is_some(), "the signed one stays in force");

    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    let id: Uuid = session.rsplit('/').next().unwrap().parse().unwrap();
    let pulls = |chart: &Chart| chart.episode.running().is_some();
    until(&house, "Elin", "the session is on record", pulls).await;
    let whole = until(&house, "Elin", "the session was learned from", |chart| {
        chart.episode.lesson_of(id).is_some()
    })
    .await;
    let lesson = whole.episode.lesson_of(id).unwrap();
    assert_eq!(lesson.silence, None);
    let ended = whole.episode.session(id).unwrap().ended.unwrap();
    assert!(ended <= lesson.at, "after the end, never before");

    let taught = proposed(&house, &mut browser, "Elin").await;
    assert!(taught.note.contains("earlier sessions"), "{}", taught.note);
    assert_ne!(taught.levels, naive.levels);
    let prior = width(&whole, id, &Belief::prior(Region::Lumbar));
    let now = width(&whole, id, &whole.episode.expected(Region::Lumbar).belief);
    assert!(now < 0.9 * prior, "{now} mm, {prior} mm before");
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(lines(&clinic, whole.id).await, 1);
    running.abort();
    bedside.stop().unwrap();
}
