//! Tokens that a program signs itself: what opens the services of CDS Hooks, and all that does not.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use care::episode::Role;
use console::clinic::signer::Signer;
use console::clinic::{NewClient, Wanted};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use crate::audit::log;
use crate::browser::{House, Page};
use crate::cds::{JSON, SIGN, order};
use crate::clients::asking;
use crate::servers;

const ISSUER: &str = "https://ehr.example";
const ADDRESS: &str = "https://annulus.example";

/// A key of a program, P-384.
struct Key {
    kid: &'static str,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(kid: &'static str) -> Self {
        let (way, random) = (&ECDSA_P384_SHA384_FIXED_SIGNING, SystemRandom::new());
        let made = EcdsaKeyPair::generate_pkcs8(way, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(way, made.as_ref(), &random).unwrap();
        Self { kid, pair }
    }

    fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-384", "kid": self.kid, "alg": "ES384", "use": "sig",
            "x": BASE64.encode(&point[1..49]), "y": BASE64.encode(&point[49..]),
        })
    }

    fn set(&self) -> String {
        json!({ "keys": [self.public()] }).to_string()
    }

    fn header(&self) -> Value {
        json!({ "alg": "ES384", "typ": "JWT", "kid": self.kid })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let signed = self.pair.sign(&SystemRandom::new(), message.as_bytes());
        format!("{message}.{}", BASE64.encode(signed.unwrap()))
    }

    /// A token that is right in all, for the service that signs orders.
    fn token(&self) -> String {
        self.sign(&self.header(), &claims(SIGN))
    }
}

fn message(header: &Value, claims: &Value) -> String {
    [header, claims]
        .map(|part| BASE64.encode(part.to_string()))
        .join(".")
}

fn claims(path: &str) -> Value {
    let now = Timestamp::now().as_second();
    json!({
        "iss": ISSUER, "aud": format!("{ADDRESS}{path}"), "iat": now, "exp": now + 300,
        "jti": Uuid::from_bytes(console::random::bytes()).to_string(), "tenant": "a-hospital",
    })
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

/// A program that signs with a key, for a day; its id.
async fn signing(house: &House, key: &Key, scopes: &str) -> Uuid {
    let clinic = &house.server.app().clinic;
    let new = NewClient {
        name: "A record system",
        scopes,
        token: false,
        signer: Some(Signer::read(ISSUER, ADDRESS, &key.set()).unwrap()),
    };
    let until = Timestamp::now() + SignedDuration::from_hours(24);
    let made = clinic.let_in_client(Uuid::nil(), new, until).await;
    let (client, token) = made.unwrap();
    assert!(token.is_none(), "it has keys");
    client.id
}

async fn call(house: &House, path: &str, token: &str) -> Page {
    let request = asking(("POST", path), Some(token), (JSON, order().to_string()));
    house.browser().send(request).await
}

/// What `WWW-Authenticate` says to who is kept out.
fn shut(page: &Page, at: &str) -> String {
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{at}: {}", page.body);
    let says = page.headers[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(says.contains("error=\"invalid_token\""), "{at}: {says}");
    says.to_owned()
}

/// The address of the tests is slowed down after five wrong tokens: here each is the first.
async fn forgiven(house: &House) {
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let throttle = &house.server.app().throttle;
    throttle.succeeded(here, "token").await.unwrap();
}

#[tokio::test]
async fn a_token_that_its_program_signed_opens_its_service_once() {
    let house = House::staffed().await;
    let key = Key::new("one");
    let id = signing(&house, &key, "system/cds").await;
    let token = key.token();
    let page = call(&house, SIGN, &token).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.shows("critical");
    let line = log(&house, Wanted::default()).await.remove(0);
    assert_eq!(line.access.client.as_deref(), Some("A record system"));
    let says = shut(&call(&house, SIGN, &token).await, "shown again");
    assert!(says.contains("jti was used before"), "{says}");
    let line = log(&house, Wanted::default()).await.remove(0);
    assert_eq!(
        (line.access.act.as_str(), line.access.user),
        ("refused", Some(id)),
        "it was signed by the program"
    );
    let feedback = format!("{SIGN}/feedback");
    for path in [SIGN, &feedback] {
        let token = key.sign(&key.header(), &claims(path));
        let body = r#"{"feedback": []}"#.to_owned();
        let request = asking(("POST", &feedback), Some(&token), (JSON, body));
        let page = house.browser().send(request).await;
        assert_ne!(page.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

/// Tokens that no key of the program has signed, or that cannot be read.
fn forged(key: &Key) -> Vec<(String, &'static str)> {
    let good = || claims(SIGN);
    let head = |name: &str, value: Value| key.sign(&with(key.header(), name, value), &good());
    let none = message(&with(key.header(), "alg", json!("none")), &good());
    // The public key as it is known to everybody, taken for a shared secret.
    let by_secret = message(&with(key.header(), "alg", json!("HS256")), &good());
    let mut secret = Hmac::<Sha256>::new_from_slice(key.pair.public_key().as_ref()).unwrap();
    secret.update(by_secret.as_bytes());
    let sealed = BASE64.encode(secret.finalize().into_bytes());
    let token = key.token();
    let parts: Vec<&str> = token.split('.').collect();
    let later = BASE64.encode(with(good(), "jti", json!("another")).to_string());
    let elsewhere = with(good(), "iss", json!("https://nobody.example"));
    let large = with(good(), "tenant", json!("x".repeat(9_000)));
    vec![
        (format!("{none}."), "no signature"),
        (format!("{none}.{}", parts[2]), "alg none with a signature"),
        (
            format!("{by_secret}.{sealed}"),
            "the public key as a secret",
        ),
        (Key::new("one").token(), "another key of the same id"),
        (head("kid", json!("two")), "a key nobody pasted"),
        (head("kid", Value::Null), "no id of a key"),
        (head("alg", json!("ES256")), "another way than the key's"),
        (head("alg", json!("RS384")), "another kind of key"),
        (head("typ", json!("at+jwt")), "for another purpose"),
        (head("crit", json!(["exp"])), "critical, not understood"),
        (format!("{}.{later}.{}", parts[0], parts[2]), "other claims"),
        (key.sign(&key.header(), &elsewhere), "an unknown issuer"),
        (key.sign(&key.header(), &large), "more than 8 kB"),
        ("a.b.c".to_owned(), "three letters"),
        ("..".to_owned(), "two dots"),
    ]
}

/// Tokens that the program has signed, and that open nothing.
fn unfit(key: &Key) -> Vec<(String, &'static str)> {
    let now = Timestamp::now().as_second();
    let list = format!("{ADDRESS}/cds-services");
    let other = format!("https://other.example{SIGN}");
    let host = format!("http://127.0.0.1{SIGN}");
    [
        ("aud", json!(list), "for the list"),
        ("aud", json!(other), "for another server"),
        ("aud", json!(host), "for the host it was sent to"),
        ("aud", json!([]), "for nobody"),
        ("exp", json!(now - 61), "over"),
        ("exp", json!((now + 200).to_string()), "an end in words"),
        ("exp", Value::Null, "no end"),
        ("exp", json!(now + 3_600), "an hour long"),
        ("iat", json!(now + 120), "signed in the future"),
        ("nbf", json!(now + 120), "not yet"),
        ("jti", Value::Null, "nothing to know it by"),
        ("jti", json!(""), "an empty jti"),
    ]
    .map(|(name, value, what)| {
        let claims = with(claims(SIGN), name, value);
        (key.sign(&key.header(), &claims), what)
    })
    .into()
}

#[tokio::test]
async fn a_token_that_is_wrong_in_one_thing_opens_nothing_and_is_noted() {
    let house = House::staffed().await;
    let key = Key::new("one");
    signing(&house, &key, "system/cds").await;
    let all = [(forged(&key), "login-failed"), (unfit(&key), "refused")];
    for (tokens, noted) in all {
        for (token, what) in tokens {
            let says = shut(&call(&house, SIGN, &token).await, what);
            let proven = noted == "refused";
            assert_eq!(says.contains("error_description"), proven, "{what}: {says}");
            let line = log(&house, Wanted::default()).await.remove(0);
            assert_eq!(line.access.act.as_str(), noted, "{what}");
            forgiven(&house).await;
        }
    }
    let page = call(&house, SIGN, &key.token()).await;
    assert_eq!(page.status, StatusCode::OK, "the right one still opens");
}

#[tokio::test]
async fn wrong_signed_tokens_are_slowed_down_like_others_and_a_right_one_is_not() {
    let house = House::staffed().await;
    let (key, other) = (Key::new("one"), Key::new("one"));
    signing(&house, &key, "system/cds").await;
    for _ in 0..5 {
        shut(&call(&house, SIGN, &other.token()).await, "forged");
    }
    let page = call(&house, SIGN, &other.token()).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let page = call(&house, SIGN, &key.token()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
}

#[tokio::test]
async fn a_signed_token_opens_no_record_whatever_the_scopes_of_its_program() {
    let house = House::staffed().await;
    let key = Key::new("one");
    signing(&house, &key, "system/*.cruds system/cds").await;
    let token = key.sign(&key.header(), &claims("/fhir/Patient"));
    let body = ("application/fhir+json", String::new());
    let request = asking(("GET", "/fhir/Patient"), Some(&token), body);
    shut(&house.browser().send(request).await, "records");
}

#[tokio::test]
async fn a_program_that_is_withdrawn_or_over_signs_in_vain() {
    let house = House::staffed().await;
    let key = Key::new("one");
    let id = signing(&house, &key, "system/cds").await;
    let clinic = &house.server.app().clinic;
    clinic.withdraw_client(Uuid::nil(), id).await.unwrap();
    shut(&call(&house, SIGN, &key.token()).await, "withdrawn");
    let line = log(&house, Wanted::default()).await.remove(0);
    assert_eq!(line.access.user, Some(id));
    // The name is free again, for a program with other keys.
    let next = Key::new("next");
    signing(&house, &next, "system/cds").await;
    shut(&call(&house, SIGN, &key.token()).await, "the old key");
    let page = call(&house, SIGN, &next.token()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
}

#[tokio::test]
async fn an_administrator_enters_keys_and_replaces_them() {
    let house = House::staffed().await;
    let (key, next) = (Key::new("2026"), Key::new("2027"));
    let mut admin = house.as_role(Role::Administrator).await;
    let until = (Timestamp::now() + SignedDuration::from_hours(48)).to_string();
    let set = key.set();
    let fields = [
        ("name", "The hospital's record"),
        ("scopes", "system/cds"),
        ("until", &until[..10]),
        ("issuer", ISSUER),
        ("address", ADDRESS),
        ("keys", &set),
    ];
    let other = |name: &str, value: &'static str| {
        fields.map(|(field, was)| (field, if field == name { value } else { was }))
    };
    for (name, value) in [
        ("keys", "{}"),
        ("keys", ""),
        ("issuer", ""),
        ("address", "annulus"),
        ("scopes", "system/*.r"),
    ] {
        let page = admin.post("/clients", &other(name, value)).await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name} {value}"
        );
    }
    assert!(
        house
            .server
            .app()
            .clinic
            .clients()
            .await
            .unwrap()
            .is_empty()
    );
    let page = admin.post("/clients", &fields).await;
    assert_eq!(page.location(), "/clients?said=saved", "{}", page.body);
    let page = admin.post("/clients", &fields).await;
    assert_eq!(page.code(), "signer-taken");
    let page = admin.get("/clients").await.ok();
    page.shows(ISSUER).shows(ADDRESS).shows("2026 (P-384)");
    let id = page.after("data-test=\"clients\"", "data-client");
    let answered = call(&house, SIGN, &key.token()).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let (old, both) = (
        key.token(),
        json!({ "keys": [key.public(), next.public()] }),
    );
    let path = format!("/clients/{id}/keys");
    let page = admin.post(&path, &[("keys", "nothing")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    admin.post(&path, &[("keys", &both.to_string())]).await.ok();
    for token in [&old, &next.token()] {
        assert_eq!(call(&house, SIGN, token).await.status, StatusCode::OK);
    }
    admin.post(&path, &[("keys", &next.set())]).await.ok();
    shut(&call(&house, SIGN, &key.token()).await, "the key before");
    let page = call(&house, SIGN, &next.token()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    admin.get("/clients").await.ok().shows("2027 (P-384)");
}

/// It can have both: a token of ours beside its keys.
#[tokio::test]
async fn a_program_with_keys_gets_a_token_of_ours_where_it_is_asked_for() {
    let house = House::staffed().await;
    let (key, mut admin) = (Key::new("one"), house.as_role(Role::Administrator).await);
    let until = (Timestamp::now() + SignedDuration::from_hours(48)).to_string();
    let fields = [
        ("name", "Both"),
        ("scopes", "system/cds"),
        ("until", &until[..10]),
        ("issuer", ISSUER),
        ("address", ADDRESS),
        ("keys", &key.set()),
        ("token", "yes"),
    ];
    let page = admin.post("/clients", &fields).await.ok();
    let ours = page.after("id=\"client-token\"", "value");
    for token in [&ours, &key.token(), &ours] {
        assert_eq!(call(&house, SIGN, token).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_token_that_was_shown_at_one_server_opens_nothing_at_the_other() {
    let Some((first, second)) = servers::pair("signed_token").await else {
        return;
    };
    let key = Key::new("one");
    signing(&first, &key, "system/cds").await;
    let token = key.token();
    let page = call(&first, SIGN, &token).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let says = shut(&call(&second, SIGN, &token).await, "at the other");
    assert!(says.contains("jti was used before"), "{says}");
    let page = call(&second, SIGN, &key.token()).await;
    assert_eq!(page.status, StatusCode::OK, "another one opens there");
}
