//! One page controls the table: its silence, its hand-over, and what others may do.

use console::bedside::control::Page;
use console::clinic::Wanted;
use table::wire::Status;

use crate::browser::{Browser, House};
use crate::steps::{armed, bedside, house, planned, stage, started};

/// A session that pulls, in the page of a practitioner.
async fn pulling(house: &House) -> (Browser, String) {
    let mut browser = house.as_demo("colin").await;
    let base = planned(house, &mut browser).await;
    let session = armed(&mut browser, &base).await;
    started(&mut browser, &session).await;
    stage(house, &["running"]).await;
    (browser, session)
}

fn status(house: &House) -> Status {
    let bedside = house.server.app().bedside.as_ref().unwrap();
    bedside.live().status.unwrap()
}

/// How the server knows the page of a colleague.
async fn key(house: &House, login: &str, browser: &Browser) -> String {
    let user = house.server.app().clinic.user_by_login(login).await;
    let user = user.unwrap().unwrap();
    Page::new(&browser.tab, user.id, &user.name).unwrap().id
}

fn asks(house: &House, key: &str) -> Vec<(String, String)> {
    let bedside = house.server.app().bedside.as_ref().unwrap();
    bedside.standing(key).asks
}

/// hazard: H15
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_falls_silent_is_answered_by_the_table_and_robbed_by_nobody_before() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let (mut colin, session) = pulling(&house).await;
    colin.fall_silent();
    let mut nadia = house.as_demo("nadia").await;
    nadia.open(&session);
    let take = format!("{session}/control");
    nadia.post(&take, &[]).await.ok();
    let early = nadia.post(&format!("{session}/close"), &[]).await;
    assert_eq!(early.code(), "not-in-control", "it pulls: she only asked");
    let stopped = stage(&house, &["unloading", "unloaded"]).await;
    assert_eq!(stopped.latch.as_deref(), Some("link-lost"), "{stopped:?}");
    stage(&house, &["unloaded"]).await;
    let mut closed = nadia.post(&format!("{session}/close"), &[]).await;
    for _ in 0..100 {
        if closed.status.is_redirection() {
            break;
        }
        nadia.post(&take, &[]).await.ok();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        closed = nadia.post(&format!("{session}/close"), &[]).await;
    }
    closed.ok();
    let log = crate::audit::log(&house, Wanted::default()).await;
    let beats = log
        .iter()
        .filter(|line| line.access.route.ends_with("/heartbeat"));
    assert_eq!(beats.count(), 0, "a sign of life is no visit to a record");
    bedside.stop().unwrap();
}

/// hazard: H14
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn control_passes_in_mid_session_by_the_act_of_whoever_has_it() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let (mut colin, session) = pulling(&house).await;
    let mut nadia = house.as_demo("nadia").await;
    nadia.open(&session);
    for act in ["continue", "allow", "close", "prepare", "confirm", "keep"] {
        let page = nadia.post(&format!("{session}/{act}"), &[]).await;
        assert_eq!(page.code(), "not-in-control", "{act}");
    }
    let (hers, his) = (
        key(&house, "nadia", &nadia).await,
        key(&house, "colin", &colin).await,
    );
    let stolen = nadia
        .post(&format!("{session}/hand-over"), &[("to", &hers)])
        .await;
    assert_eq!(stolen.code(), "not-in-control");
    let page = nadia.post(&format!("{session}/control"), &[]).await;
    assert!(page.status.is_redirection(), "{}", page.body);
    assert_eq!(
        asks(&house, &his),
        [(hers.clone(), "Dr Nadia Haddad".to_owned())]
    );
    colin.post(&format!("{session}/keep"), &[]).await.ok();
    assert_eq!(asks(&house, &his), [], "he keeps it");
    nadia.post(&format!("{session}/control"), &[]).await.ok();
    let given = [("to", hers.as_str())];
    colin
        .post(&format!("{session}/hand-over"), &given)
        .await
        .ok();
    let page = colin.post(&format!("{session}/allow"), &[]).await;
    assert_eq!(page.code(), "not-in-control", "he gave it away");
    colin.fall_silent();
    tokio::time::sleep(std::time::Duration::from_millis(6_000)).await;
    let now = status(&house);
    assert_eq!(now.latch, None, "her page keeps the link: {now:?}");
    nadia
        .post(&format!("{session}/no-increase"), &[])
        .await
        .ok();
    nadia.post(&format!("{session}/allow"), &[]).await.ok();
    nadia.post(&format!("{session}/stop"), &[]).await.ok();
    bedside.stop().unwrap();
}

/// hazard: H14, H15
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_only_looks_may_stop_and_lower_and_nothing_that_raises() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 10);
    let (mut colin, session) = pulling(&house).await;
    colin
        .post(&format!("{session}/comfort"), &[("score", "4")])
        .await
        .ok();
    let mut sofia = house.as_demo("sofia").await;
    let better = [("score", "3")];
    let page = sofia.post(&format!("{session}/comfort"), &better).await;
    assert_eq!(
        page.code(),
        "not-in-control",
        "a better score lifts what held"
    );
    sofia.post(&format!("{session}/lower"), &[]).await.ok();
    sofia
        .post(&format!("{session}/no-increase"), &[])
        .await
        .ok();
    sofia.post(&format!("{session}/stop"), &[]).await.ok();
    stage(&house, &["unloading", "unloaded"]).await;
    bedside.stop().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_without_script_arms_nothing() {
    let house = house().await;
    let bedside = bedside(house.folder.path(), 60);
    let mut colin = house.as_demo("colin").await;
    let base = planned(&house, &mut colin).await;
    colin.tab = String::new();
    let page = crate::steps::arm(&mut colin, &base).await;
    assert_eq!(page.code(), "page-unknown");
    bedside.stop().unwrap();
}
