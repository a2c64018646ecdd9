//! Nothing is done twice: the same form sent again leads to where it led.

use axum::http::StatusCode;
use care::episode::Role;

use crate::browser::{Browser, House};

async fn register(staff: &mut Browser, once: &str, name: &str) -> String {
    let fields = [
        ("name", name),
        ("born", "1981-04-02"),
        ("region", "lumbar"),
        ("once", once),
    ];
    let page = staff.post("/import/by-hand", &fields).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
    page.location().to_owned()
}

async fn called(house: &House, name: &str) -> usize {
    let found = house.server.app().clinic.find(name, 10).await.unwrap();
    found.listed.len()
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_done_once() {
    let house = House::staffed().await;
    let mut staff = house.as_role(Role::Practitioner).await;
    let page = staff.get("/import").await.ok();
    let once = page.after("name=\"once\"", "value");
    let first = register(&mut staff, &once, "Ada Twice").await;
    assert_eq!(register(&mut staff, &once, "Ada Twice").await, first);
    assert_eq!(called(&house, "Ada Twice").await, 1);
    // What was changed is another act, and so is the same from a new page.
    register(&mut staff, &once, "Ada Changed").await;
    assert_eq!(called(&house, "Ada Changed").await, 1);
    let page = staff.get("/import").await.ok();
    let fresh = page.after("name=\"once\"", "value");
    assert_ne!(fresh, once);
    assert_ne!(register(&mut staff, &fresh, "Ada Twice").await, first);
    assert_eq!(called(&house, "Ada Twice").await, 2);
}

#[tokio::test]
async fn another_person_with_the_same_form_does_it_again() {
    let house = House::staffed().await;
    let mut one = house.as_role(Role::Practitioner).await;
    let mut other = house.as_role(Role::ClinicalLead).await;
    let first = register(&mut one, "7", "Ada Shared").await;
    assert_ne!(register(&mut other, "7", "Ada Shared").await, first);
}

#[tokio::test]
async fn what_was_refused_may_be_tried_again() {
    let house = House::staffed().await;
    let mut staff = house.as_role(Role::Practitioner).await;
    let fields = [("name", ""), ("region", "lumbar"), ("once", "7")];
    for _ in 0..2 {
        let refused = staff.post("/import/by-hand", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    register(&mut staff, "7", "Ada Again").await;
    assert_eq!(called(&house, "Ada Again").await, 1);
}
