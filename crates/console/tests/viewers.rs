//! A session that many look at: all are told the same, whoever comes late gets what was, and how
//! a page stands to control is its own.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use serde_json::Value;
use table::bedside::Bedside;
use tower::ServiceExt as _;

use crate::browser::{Browser, House};
use crate::steps::{armed, bedside, house, planned, stage, started};

/// Somebody who looks on.
struct Viewer {
    body: BodyDataStream,
    unread: String,
}

impl Viewer {
    async fn of(house: &House, browser: &Browser, session: &str, page: &str) -> Self {
        let path = format!("{session}/stream?page={page}");
        let request = browser.request("GET", &path, Body::empty());
        let answer = house.server.router().oneshot(request).await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
        Self {
            body: answer.into_body().into_data_stream(),
            unread: String::new(),
        }
    }

    /// The next status.
    async fn next(&mut self) -> Value {
        loop {
            if let Some((event, rest)) = self.unread.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.unread = rest;
                if let Some((_, data)) = event.split_once("data: ") {
                    return serde_json::from_str(data).unwrap();
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(5), self.body.next()).await;
            let chunk = chunk.expect("silent for 5 s").expect("ended").unwrap();
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// Whether it ends within three looks of the server.
    async fn ends(&mut self) -> bool {
        let all = async { while self.body.next().await.is_some() {} };
        tokio::time::timeout(Duration::from_secs(15), all)
            .await
            .is_ok()
    }

    /// The curve as a page has it after some news more.
    async fn curve(&mut self, news: usize) -> Vec<Value> {
        let mut curve = Vec::new();
        for _ in 0..news {
            let update = self.next().await;
            if update["whole"] == true {
                curve.clear();
            }
            curve.extend(update["points"].as_array().unwrap().iter().cloned());
        }
        curve
    }
}

fn instants(curve: &[Value]) -> Vec<f64> {
    let at = curve.iter().map(|point| point["t"].as_f64().unwrap());
    at.collect()
}

/// A session that is armed, and whoever controls it.
async fn on_the_table() -> (House, Browser, Bedside, String) {
    let house = house().await;
    let mut colin = house.as_demo("colin").await;
    let bedside = bedside(house.folder.path(), 10);
    let base = planned(&house, &mut colin).await;
    let session = armed(&mut colin, &base).await;
    (house, colin, bedside, session)
}

/// Whoever is out sees no more of the session, though the page stays open; others see on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_followed_ends_with_the_login_and_with_a_restriction() {
    let (house, colin, _bedside, session) = on_the_table().await;
    let clinic = &house.server.app().clinic;
    let sofia = house.as_demo("sofia").await;
    let nadia = house.as_demo("nadia").await;
    let mut left = Viewer::of(&house, &sofia, &session, "").await;
    let mut stays = Viewer::of(&house, &colin, &session, "").await;
    let id = async |login| clinic.user_by_login(login).await.unwrap().unwrap().id;
    house
        .server
        .app()
        .logins
        .close_all(id("sofia").await)
        .await
        .unwrap();
    assert!(left.ends().await, "the login is gone");
    stays.next().await;
    let patient = session.split('/').nth(2).unwrap().parse().unwrap();
    let team = [id("nadia").await].into();
    let why = "A colleague is treated here.";
    clinic
        .restrict(id("nadia").await, patient, team, why)
        .await
        .unwrap();
    assert!(stays.ends().await, "the record is closed");
    Viewer::of(&house, &nadia, &session, "").await.next().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_late_gets_the_whole_curve_and_no_point_twice() {
    let (house, mut colin, _bedside, session) = on_the_table().await;
    started(&mut colin, &session).await;
    stage(&house, &["running"]).await;
    let mut early = Viewer::of(&house, &colin, &session, "").await;
    let mut before = early.curve(40).await;
    let mut late = Viewer::of(&house, &colin, &session, "").await;
    let first = late.next().await;
    assert_eq!(first["whole"], true);
    assert!(first["spine"].as_str().unwrap().contains("<svg"), "drawn");
    let known = first["points"].as_array().unwrap().clone();
    assert!(known.len() >= before.len(), "it missed what was");
    let late = [known, late.curve(40).await].concat();
    // Who does not read for a while is told what they missed, and nothing again.
    tokio::time::sleep(Duration::from_secs(1)).await;
    before.extend(early.curve(60).await);
    let kept = house.server.app().bedside.clone().unwrap().points(0).0;
    let round = |t: f64| (t * 100.0).round() / 100.0;
    let kept: Vec<f64> = kept.iter().map(|point| round(point.t)).collect();
    for curve in [before, late] {
        let at = instants(&curve);
        assert!(at.len() > 20, "{at:?}");
        assert_eq!(
            at[..],
            kept[..at.len()],
            "a point is missing, or came twice"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_told_its_own_standing_and_a_session_is_made_once() {
    let (house, colin, _bedside, session) = on_the_table().await;
    stage(&house, &["armed"]).await;
    let own = colin.tab.clone();
    let mut mine = Viewer::of(&house, &colin, &session, &own).await;
    let mut others = Vec::new();
    for _ in 0..8 {
        others.push(Viewer::of(&house, &colin, &session, "").await);
    }
    assert_eq!(mine.next().await["control"]["state"], "mine");
    for other in &mut others {
        let told = other.next().await;
        assert_eq!(told["control"]["state"], "other");
        assert_eq!(told["state"], "armed");
    }
    let shows = format!("{:?}", house.server.app().shows);
    assert_eq!(shows.matches("Sender").count(), 1, "{shows}");
    // Nobody looks any more: nothing is made any more, and the next begins it again.
    drop((mine, others));
    for _ in 0..50 {
        if !format!("{:?}", house.server.app().shows).contains("Sender") {
            let mut again = Viewer::of(&house, &colin, &session, "").await;
            assert_eq!(again.next().await["state"], "armed");
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it is made for nobody");
}
