//! Beside the question of Evaluate: what the examination found, and where it hurts.

use axum::http::StatusCode;
use care::episode::Role;
use si::Region;

use crate::browser::{Browser, House};

/// A patient of a region whom a practitioner looks at.
async fn patient(house: &House, region: Region) -> (Browser, String) {
    let id = house.pat(region).await;
    let browser = house.as_role(Role::Practitioner).await;
    (browser, format!("/patients/{id}/evaluate"))
}

async fn found(browser: &mut Browser, page: &str, answers: &[(&str, &str)]) {
    let path = format!("{page}/answers");
    let reply = browser.post(&path, answers).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
}

/// The class of the point of a root.
fn point(page: &str, root: &str, side: &str) -> String {
    let named = format!("data-root=\"{root}\" data-side=\"{side}\"");
    let before = page.split(&named).next().expect("a point");
    assert!(before.len() < page.len(), "{root} {side} is not drawn");
    let class = before.rsplit("class=\"").next().expect("a class");
    class.split('"').next().expect("a class").to_owned()
}

#[tokio::test]
async fn the_map_fills_in_from_the_examination_and_knows_nothing_before() {
    let house = House::staffed().await;
    let (mut browser, page) = patient(&house, Region::Lumbar).await;
    let empty = browser.get(&page).await.ok();
    empty.shows("No root was examined yet.");
    assert!(!empty.body.contains("data-root="));

    let answers = [
        ("f:dermatome[L5,left]", "altered"),
        ("f:dermatome[L5,right]", "normal"),
        ("f:dermatome[S3,left]", "absent"),
        ("f:myotome[L4,right]", "4"),
    ];
    found(&mut browser, &page, &answers).await;
    let body = browser.get(&page).await.ok().body;
    assert_eq!(point(&body, "L5", "left"), "felt-altered");
    assert_eq!(point(&body, "L5", "right"), "dot");
    assert_eq!(point(&body, "S3", "left"), "felt-absent");
    assert_eq!(point(&body, "L4", "left"), "felt-unknown");
    let rows: Vec<&str> = body.matches("<tr data-root=\"").collect();
    assert_eq!(rows.len(), 3, "roots of which something is known");
    let weak = body.split("<tr data-root=\"L4\" class=\"off\">").nth(1);
    let weak = weak.and_then(|rest| rest.split("</tr>").next());
    assert!(
        weak.is_some_and(|row| row.ends_with("<td>–</td><td><b>4</b></td>")),
        "{weak:?}"
    );
}

#[tokio::test]
async fn a_neck_is_examined_at_the_arms() {
    let house = House::staffed().await;
    let (mut browser, page) = patient(&house, Region::Cervical).await;
    found(&mut browser, &page, &[("f:dermatome[C6,right]", "absent")]).await;
    let body = browser.get(&page).await.ok().body;
    assert_eq!(point(&body, "C6", "right"), "felt-absent");
    assert_eq!(point(&body, "T1", "left"), "felt-unknown");
    assert!(!body.contains("data-root=\"L5\""));
}

#[tokio::test]
async fn the_latest_picture_of_pain_takes_the_place_of_the_one_before() {
    let house = House::staffed().await;
    let (mut browser, page) = patient(&house, Region::Lumbar).await;
    let first = [
        ("f:pain_area[calf-left]", "yes"),
        ("f:pain_area[foot-left]", "yes"),
    ];
    found(&mut browser, &page, &first).await;
    let body = browser.get(&page).await.ok();
    body.shows("calf, left; foot, left");
    let second = [("f:pain_area[buttock-left]", "yes"), ("picture", "whole")];
    found(&mut browser, &page, &second).await;
    let body = browser.get(&page).await.ok().body;
    let hurts = body
        .split("data-test=\"hurts\"")
        .nth(1)
        .expect("the section");
    let words = hurts.split("</p>").next().expect("words");
    assert!(words.ends_with("buttock, left"), "{words}");
}

/// What one section says, without its tags.
fn section(page: &str, mark: &str) -> String {
    let of = page.split(&format!("data-test=\"{mark}\"")).nth(1);
    let of = of.and_then(|rest| rest.split("</section>").next());
    of.expect("the section").to_owned()
}

#[tokio::test]
async fn a_whole_picture_with_nothing_on_it_takes_the_marks_away() {
    let house = House::staffed().await;
    let (mut browser, page) = patient(&house, Region::Lumbar).await;
    let first = [("f:pain_area[calf-left]", "yes"), ("picture", "whole")];
    found(&mut browser, &page, &first).await;
    found(&mut browser, &page, &[("picture", "whole")]).await;
    let body = browser.get(&page).await.ok().body;
    let hurts = section(&body, "hurts");
    assert!(hurts.contains("Nothing is marked."), "{hurts}");
    assert!(!hurts.contains("calf, left;"), "{hurts}");
}

#[tokio::test]
async fn where_sources_disagree_each_is_shown_and_the_worst_is_drawn() {
    let house = House::staffed().await;
    let (mut browser, page) = patient(&house, Region::Lumbar).await;
    let worse = [
        ("f:dermatome[L5,left]", "absent"),
        ("f:upper_motor_signs", "yes"),
    ];
    found(&mut browser, &page, &worse).await;
    let mut other = house.as_role(Role::Assistant).await;
    other.get(&page).await.ok();
    let better = [
        ("f:dermatome[L5,left]", "normal"),
        ("f:upper_motor_signs", "no"),
    ];
    found(&mut other, &page, &better).await;
    let body = browser.get(&page).await.ok().body;
    assert_eq!(point(&body, "L5", "left"), "felt-absent");
    let roots = section(&body, "roots");
    assert!(roots.contains("yes"), "a sign of the cord stays: {roots}");
}

#[tokio::test]
async fn a_section_that_was_denied_in_one_act_is_no_test_of_a_root() {
    let house = House::staffed().await;
    let (mut browser, page) = patient(&house, Region::Lumbar).await;
    let path = format!("{page}/answers").replace("/answers", "/denied");
    let reply = browser.post(&path, &[("section", "neurology")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.body);
    let body = browser.get(&page).await.ok();
    body.shows("Not tested root by root: denied together");
    assert!(!body.body.contains("data-root="), "{}", body.body);
    found(&mut browser, &page, &[("f:dermatome[L5,left]", "normal")]).await;
    let body = browser.get(&page).await.ok().body;
    assert_eq!(point(&body, "L5", "left"), "dot");
    assert_eq!(point(&body, "L5", "right"), "felt-unknown");
}
