//! What another record system waits for: the cards of an order of traction, over HTTP, each call
//! noted in the audit log on disk before it is answered.

use crate::load::Server;
use crate::measure::{Figure, root};
use crate::wire::Wire;
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};

/// What the name of this figure starts with.
pub(crate) const NAME: &str = "CDS Hooks by HTTP";
/// Most seconds that 99 of 100 calls take (issue of the record's doors).
const SECONDS: f64 = 0.025;
/// Runs, and calls of each, one after the other on one connection.
const RUNS: usize = 5;
const CALLS: usize = 500;
/// Calls before them: files are read, connections of the store are open.
const WARM: usize = 50;
/// Most resources of a kind that are sent along.
const PAGE: &str = "_count=200";
const SERVICE: &str = "traction-order-sign";

pub(crate) fn all() -> Vec<Figure> {
    let folder = tempfile::tempdir_in(root().join("target")).expect("a folder");
    let server = Server::ours(folder.path());
    let mut program = Program {
        wire: server.wire(),
        server,
    };
    let call = program.order().to_string();
    let ask = |program: &mut Program| {
        let start = Instant::now();
        let answer = program.ask("POST", &format!("/cds-services/{SERVICE}"), &call);
        (start.elapsed(), answer)
    };
    for _ in 0..WARM {
        let cards = ask(&mut program).1;
        let worst = &cards["cards"][0]["indicator"];
        assert!(worst.is_string(), "no card: {cards}");
    }
    let runs: Vec<[Duration; 2]> = (0..RUNS)
        .map(|_| percentiles((0..CALLS).map(|_| ask(&mut program).0).collect()))
        .collect();
    drop(program);
    let mut middle: Vec<f64> = runs.iter().map(|run| run[0].as_secs_f64() * 1e3).collect();
    middle.sort_by(f64::total_cmp);
    let name = format!(
        "{NAME}: cards of an order about to be signed, {} kB with a record's prefetch, p99 (p50 {:.1} ms)",
        call.len() / 1000,
        middle[RUNS / 2]
    );
    let mut slow = runs.iter().map(|run| run[1]);
    vec![Figure::time(&name, SECONDS, RUNS, || {
        slow.next().expect("a run")
    })]
}

/// The middle and the 99th of a hundred.
fn percentiles(mut all: Vec<Duration>) -> [Duration; 2] {
    all.sort_unstable();
    [CALLS / 2, CALLS * 99 / 100].map(|place| all[place])
}

/// A program on one connection.
struct Program {
    server: Server,
    wire: Wire,
}

impl Program {
    fn ask(&mut self, method: &str, path: &str, body: &str) -> Value {
        let (host, headers) = (&self.server.address, &self.server.headers);
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = self.wire.send(request.as_bytes()).expect("an answer");
        // A search that a server does not know brings nothing.
        match answer.status {
            200 => serde_json::from_slice(&answer.body).expect("JSON"),
            400 if method == "GET" => Value::Null,
            status => panic!("{path}: {status}"),
        }
    }

    /// An order of traction for a patient of the demonstration, with what the service wants sent
    /// along, as the server's own FHIR has it.
    fn order(&mut self) -> Value {
        let found = self.ask("GET", "/fhir/Patient?name=elin", "");
        let patient = found["entry"][0]["resource"]["id"].as_str();
        let patient = patient.expect("a patient of the demonstration").to_owned();
        let told = self.ask("GET", "/cds-services", "");
        let mut services = told["services"].as_array().expect("services").iter();
        let service = services.find(|one| one["id"] == SERVICE).expect("it is");
        let wanted = service["prefetch"].as_object().expect("templates");
        let mut prefetch = Map::new();
        for (key, template) in wanted {
            let template = template.as_str().expect("a template");
            let query = template.replace("{{context.patientId}}", &patient);
            let path = match query.contains('?') {
                true => format!("/fhir/{query}&{PAGE}"),
                false => format!("/fhir/{query}"),
            };
            prefetch.insert(key.clone(), self.ask("GET", &path, ""));
        }
        json!({
            "hook": "order-sign",
            "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
            "context": {
                "userId": "Practitioner/example",
                "patientId": patient,
                "draftOrders": { "resourceType": "Bundle", "entry": [{ "resource": {
                    "resourceType": "ServiceRequest", "id": "t", "status": "draft", "intent": "order",
                    "subject": { "reference": format!("Patient/{patient}") },
                    "code": { "coding": [{ "system": "http://www.ama-assn.org/go/cpt", "code": "97012" }] },
                }}]},
            },
            "prefetch": prefetch,
        })
    }
}
