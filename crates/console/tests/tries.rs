//! Tries: how often a password, a code or a link may be tried, and whom that never locks out.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{StatusCode, header};
use care::episode::Role;
use console::clinic::{Deed, Wanted};
use futures_util::future::join_all;

use crate::accounts::{secured, with_code};
use crate::browser::{House, PASSWORD};
use crate::checkin::Treated;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const WRONG: &str = "wrong password here";

/// Somebody at the same address tried until it waits, and until this account does.
async fn attacked(house: &House, login: &str) {
    let throttle = &house.server.app().throttle;
    for number in 0..60 {
        throttle
            .failed(HERE, &format!("tried {number}"))
            .await
            .unwrap();
        throttle.failed(HERE, login).await.unwrap();
    }
}

#[tokio::test]
async fn whoever_was_logged_in_with_this_browser_waits_for_nobody_elses_tries() {
    let house = House::staffed().await;
    let mut known = house.as_role(Role::Assistant).await;
    known.post("/logout", &[]).await;
    attacked(&house, "assistant").await;
    let stranger = house.browser().login("assistant", PASSWORD).await;
    assert_eq!(stranger.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(known.login("assistant", PASSWORD).await.location(), "/");
    // Another account is as strange to it as to any browser.
    known.post("/logout", &[]).await;
    let other = known.login("practitioner", PASSWORD).await;
    assert_eq!(other.status, StatusCode::TOO_MANY_REQUESTS);
    // Its own wrong passwords count.
    for _ in 0..5 {
        let page = known.login("assistant", WRONG).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    }
    let page = known.login("assistant", PASSWORD).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn what_a_browser_keeps_names_nobody_and_cannot_be_made() {
    let house = House::staffed().await;
    let known = house.as_role(Role::Assistant).await;
    let kept = known.cookies["annulus-known"].clone();
    let user = house.server.app().clinic.user_by_login("assistant").await;
    let id = user.unwrap().unwrap().id;
    assert!(!kept.contains(&id.simple().to_string()), "{kept}");
    attacked(&house, "assistant").await;
    let (browser, vouched) = kept.split_once('.').unwrap();
    let flipped = match &vouched[..1] {
        "0" => format!("1{}", &vouched[1..]),
        _ => format!("0{}", &vouched[1..]),
    };
    for made in [
        format!("{browser}.{flipped}"),
        browser.to_owned(),
        "x.y".to_owned(),
    ] {
        let mut forger = house.browser();
        forger.cookies.insert("annulus-known".into(), made);
        let page = forger.login("assistant", PASSWORD).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn whoever_is_logged_in_shows_a_password_though_others_try_it_at_the_login() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Assistant).await;
    attacked(&house, "assistant").await;
    let new = [("old", WRONG), ("new", "a new and longer password")];
    for _ in 0..5 {
        let page = browser.post("/account/password", &new).await;
        assert_eq!(page.code(), "password-wrong");
    }
    // Tries at an open page count for it.
    let page = browser.post("/account/password", &new).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn tries_that_come_together_count_one_by_one() {
    let house = House::staffed().await;
    let mut browsers: Vec<_> = (0..24).map(|_| house.browser()).collect();
    let tries = browsers.iter_mut().map(|one| one.login("assistant", WRONG));
    let answers = join_all(tries).await;
    let checked = answers
        .iter()
        .filter(|page| page.status == StatusCode::UNAUTHORIZED)
        .count();
    // Two are checked at once: one may be under way when the fifth fails.
    assert!((5..=6).contains(&checked), "{checked}");
    let waits = |page: &&crate::browser::Page| page.headers.contains_key(header::RETRY_AFTER);
    assert_eq!(answers.iter().filter(waits).count(), 24 - checked);
}

#[tokio::test]
async fn codes_are_counted_where_they_take_a_second_factor_away() {
    let house = House::staffed().await;
    let mut browser = house.as_role(Role::Assistant).await;
    let (device, _) = secured(&mut browser).await;
    let page = with_code(&mut browser, &device.code(0)).await;
    assert_eq!(page.location(), "/");
    browser.get("/account/second-factor").await.ok();
    let fields = [("password", PASSWORD), ("code", "000000")];
    let remove = "/account/second-factor/remove";
    for _ in 0..5 {
        let page = browser.post(remove, &fields).await;
        assert_eq!(page.code(), "code-wrong", "{}", page.location());
    }
    let page = browser.post(remove, &fields).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let wanted = Wanted {
        act: Some(Deed::LoginFailed),
        ..Wanted::default()
    };
    let clinic = &house.server.app().clinic;
    let lines = clinic.accesses(&wanted, 100).await.unwrap().lines;
    assert_eq!(lines.len(), 5, "each is in the audit log");
}

#[tokio::test]
async fn a_link_opens_though_others_were_guessed_at_its_address() {
    let treated = Treated::with(|_| ()).await;
    let mut browser = treated.house.browser();
    let guess = format!("/c/{}", "0".repeat(32));
    for _ in 0..5 {
        assert_eq!(browser.get(&guess).await.status, StatusCode::GONE);
    }
    let page = browser.get(&guess).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    browser.get(&treated.link).await.ok();
}
