//! What each door of programs is for, what it takes and what it gives.
//!
//! A route that a program may come in by needs a line here: `tests/api.rs` compares this table with
//! the table of routes, both ways.

use crate::door::route::Verb;

/// A body: its media type, the schema, and examples by name.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) kind: &'static str,
    pub(super) schema: &'static str,
    pub(super) examples: &'static [&'static str],
}

/// One door.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) method: Verb,
    pub(super) path: &'static str,
    /// The `operationId`.
    pub(super) id: &'static str,
    pub(super) about: &'static str,
    /// Parameters beside those of the path.
    pub(super) params: &'static [&'static str],
    pub(super) takes: &'static [Body],
    /// The media type and the schema of a success; none where there is no body.
    pub(super) gives: Option<(&'static str, &'static str)>,
    /// Answers beside those that follow from the route.
    pub(super) also: &'static [u16],
    /// Where what it gives leads to, by the names of links.
    pub(super) links: &'static [&'static str],
}

pub(super) const JSON: &str = "application/json";
const FHIR: &str = "application/fhir+json";
const TEXT: &str = "text/plain";
const FORM: &str = "application/x-www-form-urlencoded";

/// The parameters of every search.
pub(super) const SEARCH: &[&str] = &[
    "_id",
    "_lastUpdated",
    "_count",
    "_sort",
    "_total",
    "_include",
    "_format",
];
const FOUND: &[&str] = &["read", "history", "version", "everything"];
const DECIDING: &[&str] = &["region", "at", "zone"];

const fn get(path: &'static str, id: &'static str, about: &'static str) -> Told {
    Told {
        method: Verb::Get,
        path,
        id,
        about,
        params: &[],
        takes: &[],
        gives: Some((FHIR, "Bundle")),
        also: &[],
        links: &[],
    }
}

const fn post(
    path: &'static str,
    id: &'static str,
    about: &'static str,
    takes: &'static [Body],
) -> Told {
    Told {
        method: Verb::Post,
        takes,
        ..get(path, id, about)
    }
}

/// One resource, of which a program may have the version already.
const fn resource(path: &'static str, id: &'static str, about: &'static str) -> Told {
    Told {
        params: &["_format", "If-None-Match"],
        gives: Some((FHIR, "Resource")),
        also: &[304, 410],
        ..get(path, id, about)
    }
}

/// A record that is written.
const fn write(path: &'static str, id: &'static str, about: &'static str) -> Told {
    const TAKES: &[Body] = &[
        body(FHIR, "Write", &["write"]),
        body(JSON, "Write", &["write"]),
    ];
    Told {
        params: &["_format"],
        also: &[409, 412],
        ..post(path, id, about, TAKES)
    }
}

/// A step that decides.
const fn step(
    path: &'static str,
    id: &'static str,
    about: &'static str,
    takes: &'static [Body],
) -> Told {
    Told {
        params: DECIDING,
        gives: Some((JSON, "Decided")),
        ..post(path, id, about, takes)
    }
}

const fn body(kind: &'static str, schema: &'static str, examples: &'static [&'static str]) -> Body {
    Body {
        kind,
        schema,
        examples,
    }
}

const RECORD: Body = body(FHIR, "Record", &["record"]);

/// Every door of programs.
pub(super) const TOLD: &[Told] = &[
    Told {
        gives: Some((TEXT, "Health")),
        ..get("/health", "health", "Whether the server answers.")
    },
    Told {
        gives: Some((JSON, "OpenApi")),
        ..get("/api/openapi.json", "openapi", "This document.")
    },
    Told {
        params: &["region"],
        gives: Some((JSON, "Catalogue")),
        ..get(
            "/api/facts",
            "facts",
            "The catalogue: every fact that a document may hold.",
        )
    },
    step(
        "/api/evaluate",
        "evaluate",
        "The screening decision, as `annulus evaluate` makes it. Nothing of what is sent is kept.",
        &[
            body(JSON, "Facts", &["cleared", "refused", "ask-more"]),
            RECORD,
        ],
    ),
    step(
        "/api/triage",
        "triage",
        "What a check-in comes to, as `annulus triage` decides it. Nothing of what is sent is kept.",
        &[
            body(JSON, "Facts", &["checkin-expected", "checkin-emergency"]),
            RECORD,
        ],
    ),
    step(
        "/api/review",
        "review",
        "What a course so far comes to, as `annulus review` decides it. Nothing of what is sent is kept.",
        &[body(JSON, "Facts", &["cleared"]), RECORD],
    ),
    Told {
        gives: Some((JSON, "Services")),
        ..get(
            "/cds-services",
            "cdsServices",
            "The services of CDS Hooks 2.0.",
        )
    },
    Told {
        gives: Some((JSON, "Cards")),
        also: &[412],
        ..post(
            "/cds-services/{service}",
            "cdsCall",
            "The cards of one call: what stands against an order of mechanical traction.",
            &[body(JSON, "Call", &["call"])],
        )
    },
    Told {
        gives: None,
        ..post(
            "/cds-services/{service}/feedback",
            "cdsFeedback",
            "What became of cards, kept whole or not at all.",
            &[body(JSON, "Feedback", &["feedback"])],
        )
    },
    Told {
        params: &["_format"],
        gives: Some((FHIR, "CapabilityStatement")),
        ..get(
            "/fhir/metadata",
            "fhirMetadata",
            "What the FHIR interface serves, with the search parameters of each type.",
        )
    },
    Told {
        params: SEARCH,
        links: FOUND,
        ..get(
            "/fhir/{type}",
            "fhirSearch",
            "Those of a type that fit. Each type has parameters of its own as well, which /fhir/metadata lists; one that is not listed is a 400.",
        )
    },
    Told {
        links: FOUND,
        ..post(
            "/fhir/{type}/_search",
            "fhirSearchPosted",
            "The same, with what is looked for kept out of addresses.",
            &[body(FORM, "Search", &[])],
        )
    },
    resource(
        "/fhir/{type}/{id}",
        "fhirRead",
        "One resource as it is now.",
    ),
    Told {
        params: &["_format"],
        ..get(
            "/fhir/{type}/{id}/_history",
            "fhirHistory",
            "Every version of a resource.",
        )
    },
    resource(
        "/fhir/{type}/{id}/_history/{version}",
        "fhirVersion",
        "One version of a resource.",
    ),
    Told {
        params: &["_format"],
        also: &[410],
        ..get(
            "/fhir/{type}/{id}/$everything",
            "fhirEverything",
            "The whole record of a Patient, as far as the scopes go.",
        )
    },
    write("/fhir", "fhirWrite", "Writes a record."),
    write(
        "/fhir/",
        "fhirWriteBelow",
        "The same, for libraries that end an address with a slash.",
    ),
];
