//! The demonstration clinic is what the issue says it is, made by real commands.

use care::episode::EndCause;
use console::clinic::ClinicProjector;

use crate::browser::{House, server};

async fn episode(house: &House, name: &str) -> std::sync::Arc<console::clinic::Chart> {
    crate::steps::chart(house, name).await
}

fn verdict(chart: &console::clinic::Chart) -> &'static str {
    chart
        .episode
        .decision
        .as_ref()
        .map_or("", |kept| kept.decision.verdict.as_str())
}

#[tokio::test]
async fn the_demonstration_shows_five_patients_and_survives_a_restart() {
    let house = House::open(|options| options.demo = true).await;
    assert_eq!(verdict(&*episode(&house, "Elin").await), "cleared");
    assert_eq!(verdict(&*episode(&house, "Oskar").await), "refuse");
    assert_eq!(verdict(&*episode(&house, "Mira").await), "evaluate-first");
    let course = episode(&house, "Tom").await;
    let ends: Vec<_> = course
        .episode
        .treated()
        .map(|s| s.summary.as_ref().map(|s| (s.cause, s.simulated)))
        .collect();
    assert_eq!(
        ends,
        vec![Some((EndCause::Completed, true)); 3],
        "three sessions really ran"
    );
    let alarming = episode(&house, "Ruth").await;
    assert!(
        alarming
            .episode
            .open_alerts()
            .any(|alert| alert.urgency == "emergency")
    );
    assert!(alarming.episode.suspended().next().is_some());

    let settings = house.server.app().clinic.settings();
    assert_eq!(settings.name, "Harbour Street Spine Clinic (demonstration)");
    assert_eq!(settings.zone.iana_name(), Some("Europe/London"));
    assert_eq!(
        settings.on_call,
        ["Dr Nadia Haddad, 555-0100", "Colin Abara, 555-0101"]
    );
    let mut browser = house.as_demo("colin").await;
    browser
        .get("/")
        .await
        .shows("Ruth Adeyemi")
        .shows("data-test=\"inbox\"");
    let old = house.server.logins()[0].clone();
    let journal = house.server.app().clinic.journal().clone();
    let report = journal.rebuild(&ClinicProjector).await;
    assert!(
        report.is_ok(),
        "the rows are a function of the events: {:?}",
        report.err()
    );
    house.server.app().clinic.close().await.unwrap();
    let House {
        server: first,
        folder,
    } = house;
    drop(first);
    let again = server(folder.path().to_owned(), |options| options.demo = true).await;
    assert_eq!(again.app().clinic.patients().await.unwrap().len(), 6);
    assert_ne!(
        again.logins()[0].password,
        old.password,
        "passwords are fresh"
    );
}

#[tokio::test]
async fn a_real_store_is_never_opened_as_a_demonstration() {
    let folder = tempfile::tempdir().unwrap();
    let real = server(folder.path().to_owned(), |_| ()).await;
    assert!(real.logins().is_empty());
    real.app().clinic.close().await.unwrap();
    drop(real);
    let mut options =
        console::Options::new("127.0.0.1:0".parse().unwrap(), folder.path().to_owned());
    options.demo = true;
    assert_eq!(
        console::Server::bind(options).await.unwrap_err().code,
        "not-a-demonstration"
    );
}

#[tokio::test]
async fn what_the_caller_sets_is_not_overwritten_by_the_demonstration() {
    let house = House::open(|options| {
        options.demo = true;
        options.settings.name = "Our own clinic".into();
        options.settings.on_call = vec!["Somebody, 555-0199".into()];
    })
    .await;
    let settings = house.server.app().clinic.settings();
    assert_eq!(settings.name, "Our own clinic");
    assert_eq!(settings.on_call, ["Somebody, 555-0199"]);
    let real = House::open(|_| ()).await;
    assert_eq!(
        real.server.app().clinic.settings().name,
        console::clinic::Settings::default().name
    );
}
