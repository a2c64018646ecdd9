//! One file a command; each wires pure functions to files and prints.

pub(crate) mod approve;
pub(crate) mod backup;
pub(crate) mod bedside;
pub(crate) mod calibrate;
pub(crate) mod campaign;
pub(crate) mod decide;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod facts;
pub(crate) mod journal;
pub(crate) mod key;
pub(crate) mod knowledge;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod replay;
pub(crate) mod schema;
pub(crate) mod serve;
pub(crate) mod simulate;
pub(crate) mod table;
pub(crate) mod translations;
pub(crate) mod treat;
pub(crate) mod user;
pub(crate) mod validate;
