//! Files browsers load: embedded, named with a digest so that they may be kept.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use sha2::{Digest as _, Sha256};

use crate::door::{Fault, Reply, Visit};

/// The live drawing's bundle; empty when it was built without Node.
pub const ISLANDS: &str = include_str!(concat!(env!("OUT_DIR"), "/islands.js"));

const STYLE: [&str; 6] = [
    include_str!("../static/tokens.css"),
    include_str!("../static/base.css"),
    include_str!("../static/pages.css"),
    include_str!("../static/session.css"),
    include_str!("../static/patient.css"),
    draw::STYLE,
];

/// What every page runs, one file after the other.
const SCRIPT: [&str; 3] = [
    include_str!("../static/console.js"),
    include_str!("../static/plan.js"),
    include_str!("../static/live.js"),
];

/// Name, kind and contents of each.
static FILES: LazyLock<[(&str, &str, String); 5]> = LazyLock::new(|| {
    [
        ("console.css", "text/css; charset=utf-8", STYLE.concat()),
        (
            "console.js",
            "text/javascript; charset=utf-8",
            SCRIPT.concat(),
        ),
        (
            "clock.js",
            "text/javascript; charset=utf-8",
            include_str!("../static/clock.js").to_owned(),
        ),
        (
            "islands.js",
            "text/javascript; charset=utf-8",
            ISLANDS.to_owned(),
        ),
        (
            "mark.svg",
            "image/svg+xml",
            include_str!("../static/mark.svg").to_owned(),
        ),
    ]
});

static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    FILES
        .iter()
        .for_each(|(_, _, text)| hash.update(text.as_bytes()));
    hex::encode(&hash.finalize()[..6])
});

/// Changes with the contents of any file.
pub fn version() -> &'static str {
    &VERSION
}

/// Whether the live drawing was built.
#[must_use]
pub const fn islands() -> bool {
    !ISLANDS.is_empty()
}

/// GET `/assets/{file}`.
pub async fn show(visit: Visit) -> Reply {
    let name = visit.part("file")?;
    let (_, kind, text) = FILES
        .iter()
        .find(|(file, _, _)| *file == name)
        .ok_or(Fault::NotFound)?;
    let mut response = text.clone().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    Ok(response)
}
