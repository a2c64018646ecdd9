//! Another record system as far as a launch sees it: a real HTTP server whose answers a test
//! writes, and which keeps what it was asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rcgen::KeyPair;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

/// What it calls us.
pub(crate) const CLIENT: &str = "annulus-at-the-clinic";
/// The token that it gives.
pub(crate) const TOKEN: &str = "a-token-that-nobody-may-see";
const KID: &str = "k1";

/// One thing that it was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) what: String,
    pub(crate) authorization: Option<String>,
    pub(crate) body: String,
}

#[derive(Default)]
struct Says {
    answers: BTreeMap<String, (u16, String)>,
    asked: Vec<Asked>,
}

/// The record system.
pub(crate) struct Ehr {
    pub(crate) origin: String,
    says: Arc<Mutex<Says>>,
    key: KeyPair,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Ehr {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    State(says): State<Arc<Mutex<Says>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut says = says.lock().unwrap();
    let text = |name| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    says.asked.push(Asked {
        what: format!("{method} {uri}"),
        authorization: text(header::AUTHORIZATION),
        body: String::from_utf8_lossy(&body).into_owned(),
    });
    let whole = says.answers.get(&uri.to_string());
    match whole.or_else(|| says.answers.get(uri.path())) {
        Some((status, body)) => (
            StatusCode::from_u16(*status).unwrap(),
            [
                (header::CONTENT_TYPE, "application/json"),
                (header::LOCATION, "/elsewhere"),
            ],
            body.clone(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Ehr {
    /// One that answers as SMART asks, with one patient, who has a weight.
    pub(crate) async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let says = Arc::new(Mutex::new(Says::default()));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&says));
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let ehr = Self {
            origin,
            says,
            key: KeyPair::generate().unwrap(),
            task,
        };
        ehr.says(".well-known/smart-configuration", 200, &ehr.configuration());
        ehr.at("/keys", 200, &json!({ "keys": [ehr.public(&ehr.key)] }));
        let patient = json!({
            "resourceType": "Patient", "id": "p1", "name": [{ "text": "Ida Launched" }],
            "gender": "female", "birthDate": "1970-03-09",
        });
        ehr.says("Patient/p1", 200, &patient);
        ehr.says(
            "Observation",
            200,
            &page(&[weight("w1", 70.5, "2026-01-02")]),
        );
        ehr.says("Condition", 200, &page(&[osteoporosis()]));
        ehr
    }

    pub(crate) fn base(&self) -> String {
        format!("{}/fhir", self.origin)
    }

    pub(crate) fn configuration(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.origin);
        json!({
            "issuer": at(""), "jwks_uri": at("/keys"),
            "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
            "code_challenge_methods_supported": ["S256"],
            "grant_types_supported": ["authorization_code"],
            "capabilities": ["launch-ehr", "client-public", "sso-openid-connect"],
        })
    }

    /// What is answered below its FHIR from now on.
    pub(crate) fn says(&self, path: &str, status: u16, body: &Value) {
        self.at(&format!("/fhir/{path}"), status, body);
    }

    /// The same anywhere.
    pub(crate) fn at(&self, path: &str, status: u16, body: &Value) {
        self.raw(path, status, body.to_string());
    }

    pub(crate) fn raw(&self, path: &str, status: u16, body: String) {
        let mut says = self.says.lock().unwrap();
        says.answers.insert(path.to_owned(), (status, body));
    }

    /// What it was asked since it was asked for this last.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.says.lock().unwrap().asked)
    }

    /// Gives a token for whatever code comes; `change` makes it another than the good one.
    pub(crate) fn grants(&self, nonce: &str, change: impl FnOnce(&mut Value)) {
        let mut token = json!({
            "access_token": TOKEN, "token_type": "Bearer", "expires_in": 300, "patient": "p1",
            "scope": console::smart::ASKED,
            "id_token": self.identity(nonce, |_| ()),
        });
        change(&mut token);
        let status = if token.get("error").is_some() {
            400
        } else {
            200
        };
        self.at("/token", status, &token);
    }

    /// Who is signed in there, signed.
    pub(crate) fn identity(&self, nonce: &str, change: impl FnOnce(&mut Value)) -> String {
        self.identity_by(&self.key, nonce, change)
    }

    pub(crate) fn identity_by(
        &self,
        key: &KeyPair,
        nonce: &str,
        change: impl FnOnce(&mut Value),
    ) -> String {
        let now = jiff::Timestamp::now().as_second();
        let mut claims = json!({
            "iss": self.origin, "aud": CLIENT, "sub": "u1", "nonce": nonce, "iat": now,
            "exp": now + 300, "fhirUser": format!("{}/Practitioner/u1", self.base()),
        });
        change(&mut claims);
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": KID });
        let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let message = format!("{}.{}", part(&header), part(&claims));
        let random = SystemRandom::new();
        let way = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let key = EcdsaKeyPair::from_pkcs8(way, &key.serialize_der(), &random).unwrap();
        let signed = key.sign(&random, message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signed))
    }

    fn public(&self, key: &KeyPair) -> Value {
        let point = key.public_key_raw();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kty": "EC", "crv": "P-256", "kid": KID, "alg": "ES256", "use": "sig",
            "x": part(&point[1..33]), "y": part(&point[33..]),
        })
    }
}

/// A weight in kg on a day.
pub(crate) fn weight(id: &str, kg: f64, day: &str) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final",
        "subject": { "reference": "Patient/p1" }, "effectiveDateTime": day,
        "code": { "coding": [{ "system": "http://loinc.org", "code": "29463-7" }] },
        "valueQuantity": {
            "value": kg, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg",
        },
    })
}

/// What the patient has, since no day that is told.
fn osteoporosis() -> Value {
    let coded =
        |system: &str, code: &str| json!({ "coding": [{ "system": system, "code": code }] });
    let status = "http://terminology.hl7.org/CodeSystem/condition";
    json!({
        "resourceType": "Condition", "id": "c1", "subject": { "reference": "Patient/p1" },
        "clinicalStatus": coded(&format!("{status}-clinical"), "active"),
        "verificationStatus": coded(&format!("{status}-ver-status"), "confirmed"),
        "code": coded("http://snomed.info/sct", "64859006"),
    })
}

/// A page of a search.
pub(crate) fn page(resources: &[Value]) -> Value {
    let entries: Vec<Value> = resources
        .iter()
        .map(|one| json!({ "resource": one }))
        .collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries })
}
