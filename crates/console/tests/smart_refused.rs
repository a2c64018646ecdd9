//! Launches that are refused: what a record system says that does not hold, and who else tries.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use care::episode::Role;
use rcgen::KeyPair;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::browser::encode;
use crate::ehr::{Ehr, page, weight};
use crate::smart::{back, begin, launch, met, refused};

#[tokio::test]
async fn a_record_system_that_is_not_registered_is_never_asked() {
    let (house, ehr, system) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let base = ehr.base();
    for issuer in [
        format!("{}/FHIR", ehr.origin),
        ehr.origin.clone(),
        format!("{base}/../fhir2"),
        format!("{base}?x=1"),
        format!("{base}#x"),
        base.replace("127.0.0.1", "localhost"),
        base.replace("http://", "http://x@"),
        "http://169.254.169.254/latest".into(),
        "file:///etc/passwd".into(),
        "x".into(),
    ] {
        let page = begin(&mut browser, &issuer).await.unwrap_err();
        refused(&house, &page, "launch-unregistered", &issuer).await;
    }
    for missing in [
        "/launch/begin",
        "/launch/begin?iss=x",
        "/launch/begin?launch=x",
    ] {
        let page = browser.get(missing).await;
        refused(&house, &page, "launch-parameter", missing).await;
    }
    assert!(ehr.asked().is_empty());
    let asked = begin(&mut browser, &base).await.unwrap();
    ehr.grants(&asked["nonce"], |_| ());
    ehr.asked();
    let clinic = &house.server.app().clinic;
    clinic.withdraw_system(Uuid::nil(), system).await.unwrap();
    let page = back(&mut browser, &asked["state"]).await;
    refused(&house, &page, "launch-unregistered", "withdrawn meanwhile").await;
    let page = begin(&mut browser, &base).await.unwrap_err();
    refused(&house, &page, "launch-unregistered", "withdrawn").await;
    assert!(ehr.asked().is_empty());
}

#[tokio::test]
async fn a_state_is_of_the_login_that_began_it_and_used_once() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let mut other = house.as_role(Role::ClinicalLead).await;
    let mut same_person = house.as_role(Role::Practitioner).await;
    let asked = begin(&mut browser, &ehr.base()).await.unwrap();
    ehr.grants(&asked["nonce"], |_| ());
    ehr.asked();
    for (path, code) in [
        ("/launch/back?code=c", "launch-parameter"),
        ("/launch/back?code=c&state=", "launch-parameter"),
        ("/launch/back?code=c&state=0123", "launch-state"),
    ] {
        refused(&house, &browser.get(path).await, code, path).await;
    }
    for stranger in [&mut other, &mut same_person] {
        let page = back(stranger, &asked["state"]).await;
        refused(&house, &page, "launch-state", "of another login").await;
    }
    assert!(ehr.asked().is_empty());
    back(&mut browser, &asked["state"])
        .await
        .shows("Ida Launched");
    let page = back(&mut browser, &asked["state"]).await;
    refused(&house, &page, "launch-state", "twice").await;

    let asked = begin(&mut browser, &ehr.base()).await.unwrap();
    let denied = encode(&[("error", "access_denied"), ("state", &asked["state"])]);
    let page = browser.get(&format!("/launch/back?{denied}")).await;
    refused(&house, &page, "launch-refused", "denied").await;
    page.shows("access_denied");
    let page = back(&mut browser, &asked["state"]).await;
    refused(&house, &page, "launch-state", "after a refusal").await;

    let asked = begin(&mut browser, &ehr.base()).await.unwrap();
    let mixed = [
        ("code", "c"),
        ("state", &*asked["state"]),
        ("iss", "https://other.example"),
    ];
    let page = browser
        .get(&format!("/launch/back?{}", encode(&mixed)))
        .await;
    refused(&house, &page, "launch-issuer", "another's answer").await;
}

#[tokio::test]
async fn a_configuration_without_pkce_or_tls_leads_nowhere() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let path = "/fhir/.well-known/smart-configuration";
    let good = ehr.configuration();
    let with = |name: &str, value: Value| {
        let mut other = good.clone();
        other[name] = value;
        (200, other.to_string())
    };
    for (status, body) in [
        (200, "<html>not JSON</html>".to_owned()),
        (200, "[]".into()),
        (200, "{}".into()),
        (404, String::new()),
        (302, good.to_string()),
        (500, good.to_string()),
        with("code_challenge_methods_supported", json!(["plain"])),
        with("code_challenge_methods_supported", json!([])),
        with("token_endpoint", json!("http://10.0.0.1/token")),
        with("token_endpoint", json!("http://ehr.example/token")),
        with("token_endpoint", Value::Null),
        with("authorization_endpoint", json!("javascript:alert(1)")),
        with("authorization_endpoint", json!("http://x@127.0.0.1/a")),
        with("authorization_endpoint", json!("authorize")),
        with("jwks_uri", json!("file:///etc/passwd")),
    ] {
        ehr.raw(path, status, body.clone());
        let page = begin(&mut browser, &ehr.base()).await.unwrap_err();
        refused(&house, &page, "launch-configuration", &body).await;
    }
    assert!(
        ehr.asked()
            .iter()
            .all(|one| one.what.ends_with("smart-configuration")),
        "redirects are not followed"
    );
    ehr.raw(path, 200, " ".repeat(300 * 1024));
    let page = begin(&mut browser, &ehr.base()).await.unwrap_err();
    refused(&house, &page, "launch-silent", "larger than is read").await;
}

#[tokio::test]
async fn a_token_that_says_too_little_or_names_nobody_reads_nothing() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let nobody = |id: Value| move |token: &mut Value| token["patient"] = id;
    for id in [
        json!(null),
        json!(""),
        json!("p1/../p2"),
        json!("../p1"),
        json!("."),
        json!(".."),
        json!("p1?x=1"),
        json!("p1#x"),
        json!("p 1"),
        json!("p%2f1"),
        json!("x".repeat(65)),
    ] {
        ehr.asked();
        let page = launch(&mut browser, &ehr, nobody(id.clone())).await;
        refused(&house, &page, "launch-token", &id.to_string()).await;
        assert!(
            !ehr.asked().iter().any(|one| one.what.contains("/Patient")),
            "{id}"
        );
    }
    let page = launch(&mut browser, &ehr, |token| {
        *token = json!({ "error": "invalid_grant" })
    })
    .await;
    refused(&house, &page, "launch-token", "400").await;
    page.shows("invalid_grant");
    let page = launch(&mut browser, &ehr, |token| {
        token["token_type"] = json!("mac")
    })
    .await;
    refused(&house, &page, "launch-token", "not Bearer").await;
    let page = launch(&mut browser, &ehr, |token| *token = json!("x")).await;
    refused(&house, &page, "launch-token", "no token").await;
    let page = launch(&mut browser, &ehr, |token| {
        token["access_token"] = json!("a\r\nb: c")
    })
    .await;
    refused(&house, &page, "launch-token", "a header in it").await;
    let scopes = "openid fhirUser launch patient/Observation.rs";
    let page = launch(&mut browser, &ehr, |token| token["scope"] = json!(scopes)).await;
    refused(&house, &page, "launch-scope", "without the Patient").await;
}

#[tokio::test]
async fn an_identity_that_does_not_hold_ends_the_launch() {
    let (house, ehr, _) = met().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let claim = |name: &'static str, value: Value| move |claims: &mut Value| claims[name] = value;
    let now = jiff::Timestamp::now().as_second();
    for (name, value) in [
        ("nonce", json!("another")),
        ("nonce", json!(null)),
        ("aud", json!("another")),
        ("aud", json!(null)),
        ("iss", json!("https://another.example")),
        ("exp", json!(now - 600)),
        ("azp", json!("another")),
    ] {
        let asked = begin(&mut browser, &ehr.base()).await.unwrap();
        let identity = ehr.identity(&asked["nonce"], claim(name, value.clone()));
        ehr.grants(&asked["nonce"], |token| token["id_token"] = json!(identity));
        let page = back(&mut browser, &asked["state"]).await;
        refused(&house, &page, "launch-identity", &format!("{name} {value}")).await;
    }
    let stranger = KeyPair::generate().unwrap();
    let none = |claims: &str| {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.", part("{\"alg\":\"none\"}"), part(claims))
    };
    for kind in ["another key", "no signature", "no token", "not there"] {
        let asked = begin(&mut browser, &ehr.base()).await.unwrap();
        let nonce = &asked["nonce"];
        let identity = match kind {
            "another key" => json!(ehr.identity_by(&stranger, nonce, |_| ())),
            "no signature" => json!(none(&json!({ "nonce": nonce }).to_string())),
            "no token" => json!("x"),
            _ => json!(null),
        };
        ehr.grants(nonce, |token| token["id_token"] = identity);
        let page = back(&mut browser, &asked["state"]).await;
        refused(&house, &page, "launch-identity", kind).await;
    }
}

#[tokio::test]
async fn a_record_that_is_anothers_too_large_or_leads_away_is_not_read() {
    let (house, ehr, _) = met().await;
    let elsewhere = Ehr::open().await;
    let mut browser = house.as_role(Role::Practitioner).await;
    let good = page(&[weight("w1", 70.5, "2026-01-02")]);
    for next in [
        format!("{}/fhir/Observation?page=2", elsewhere.origin),
        format!("{}/admin", ehr.origin),
        "//169.254.169.254/".into(),
        "file:///etc/passwd".into(),
    ] {
        let mut leads = good.clone();
        leads["link"] = json!([{ "relation": "next", "url": next }]);
        ehr.says("Observation", 200, &leads);
        let page = launch(&mut browser, &ehr, |_| ()).await;
        refused(&house, &page, "launch-record", &next).await;
        assert!(elsewhere.asked().is_empty(), "{next}");
    }
    let mut round = good.clone();
    round["link"] = json!([{ "relation": "next", "url": "Observation?page=2" }]);
    ehr.says("Observation", 200, &round);
    let page = launch(&mut browser, &ehr, |_| ()).await;
    refused(&house, &page, "launch-silent", "round and round").await;
    ehr.raw(
        "/fhir/Observation",
        200,
        format!("{{{}}}", " ".repeat(17 << 20)),
    );
    let page = launch(&mut browser, &ehr, |_| ()).await;
    refused(&house, &page, "launch-silent", "larger than is read").await;
    for (status, body) in [
        (500, good.clone()),
        (401, good.clone()),
        (302, good.clone()),
        (200, json!({})),
        (200, json!([])),
    ] {
        ehr.says("Observation", status, &body);
        let page = launch(&mut browser, &ehr, |_| ()).await;
        refused(&house, &page, "launch-record", &status.to_string()).await;
    }
    let mut others = weight("w1", 70.5, "2026-01-02");
    others["subject"] = json!({ "reference": "Patient/p2" });
    ehr.says("Observation", 200, &crate::ehr::page(&[others]));
    let page = launch(&mut browser, &ehr, |_| ()).await;
    assert_eq!(
        page.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "another's resource: {}",
        page.body
    );
    ehr.says("Observation", 200, &good);
    let wrong = json!({ "resourceType": "Patient", "id": "p2", "name": [{ "text": "X" }] });
    ehr.says("Patient/p1", 200, &wrong);
    let page = launch(&mut browser, &ehr, |_| ()).await;
    refused(&house, &page, "launch-record", "another patient").await;
}
