//! Files browsers load: embedded, named with a digest so that they may be kept.

pub mod font;

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use sha2::{Digest as _, Sha256};
use table::sounder;
use table::wire::AlarmPriority;

use crate::door::{Fault, Reply, Visit};

macro_rules! island {
    ($name:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/islands/", $name))
    };
}

/// The live drawing; empty when it was built without Node, as the others are.
const LIVE: &str = island!("live.js");
/// Triage on a phone without a network.
const PHONE: &str = island!("phone.js");
/// The triage of a phone as a module, for those who hold it against the server's.
pub const TRIAGE: &str = island!("triage.mjs");

const STYLE: [&str; 9] = [
    include_str!("../static/tokens.css"),
    include_str!("../static/base.css"),
    include_str!("../static/pages.css"),
    include_str!("../static/session.css"),
    include_str!("../static/patient.css"),
    include_str!("../static/on_table.css"),
    include_str!("../static/design.css"),
    draw::STYLE,
    island!("live.css"),
];

/// What every page runs, one file after the other.
const SCRIPT: [&str; 8] = [
    include_str!("../static/console.js"),
    include_str!("../static/keys.js"),
    include_str!("../static/alarms.js"),
    include_str!("../static/live.js"),
    include_str!("../static/body.js"),
    include_str!("../static/evaluate.js"),
    include_str!("../static/drafts.js"),
    include_str!("../static/inbox.js"),
];

/// What pages for a patient's phone run besides.
const PATIENT: [&str; 4] = [
    KEPT,
    include_str!("../static/checkin.js"),
    include_str!("../static/emergency.js"),
    include_str!("../static/on_table.js"),
];

/// What the page of a plan runs besides.
const PLAN: &str = include_str!("../static/plan.js");
const KEPT: &str = include_str!("../static/kept.js");
const WORKER: &str = include_str!("../static/worker.js");

const JS: &str = "text/javascript; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// Name, kind and contents of each. A burst of alarm is the table's own, sample by sample.
static FILES: LazyLock<[(&str, &str, Vec<u8>); 14]> = LazyLock::new(|| {
    let [letters, more] = font::FACES.map(|face| (face.name, "font/woff2", face.bytes.to_vec()));
    let clock = include_bytes!("../static/clock.js");
    let mark = include_bytes!("../static/mark.svg");
    let wav = |priority| sounder::burst(priority);
    [
        (
            "console.css",
            "text/css; charset=utf-8",
            (font::style() + &STYLE.concat()).into(),
        ),
        ("console.js", JS, SCRIPT.concat().into()),
        ("patient.js", JS, PATIENT.concat().into()),
        ("plan.js", JS, PLAN.into()),
        ("clock.js", JS, clock.to_vec()),
        ("live.js", JS, LIVE.into()),
        ("phone.js", JS, PHONE.into()),
        ("mark.svg", "image/svg+xml", mark.to_vec()),
        letters,
        more,
        ("letters.txt", TEXT, font::LICENCE.into()),
        ("alarm-high.wav", "audio/wav", wav(AlarmPriority::High)),
        ("alarm-medium.wav", "audio/wav", wav(AlarmPriority::Medium)),
        ("alarm-low.wav", "audio/wav", wav(AlarmPriority::Low)),
    ]
});

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    FILES.iter().for_each(|(_, _, bytes)| hash.update(bytes));
    hex::encode(&hash.finalize()[..6])
});

/// Changes with the contents of any file.
pub fn version() -> &'static str {
    &VERSION
}

/// Whether the islands were built.
#[must_use]
pub const fn islands() -> bool {
    !LIVE.is_empty()
}

/// GET `/check-in-worker.js`: never kept, so that phones see a newer one.
pub async fn worker(_: Visit) -> Reply {
    let text = format!("const VERSION = {:?};\n{KEPT}{WORKER}", version());
    Ok(([(header::CONTENT_TYPE, JS)], text).into_response())
}

/// GET `/assets/{file}`.
pub async fn show(visit: Visit) -> Reply {
    let name = visit.part("file")?;
    let (_, kind, bytes) = FILES
        .iter()
        .find(|(file, _, _)| *file == name)
        .ok_or(Fault::NotFound)?;
    let mut response = bytes.clone().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    Ok(response)
}
