//! The house (map, tidiness, purity), and the binary as its callers meet it.

mod backup;
mod bad;
mod calibrate;
mod chosen;
mod copying;
mod doctor;
mod hazards;
mod house;
mod http;
mod knowledge;
mod licences;
mod mail;
mod map;
mod path;
mod policy;
#[path = "../../record/tests/server.rs"]
#[allow(dead_code, reason = "it serves other tests, too")]
mod postgres;
mod purity;
mod replay;
mod run;
mod samples;
mod servers;
mod service;
mod simulate;
mod sources;
mod table;
mod threats;
mod tidy;
mod translations;
mod validation;
