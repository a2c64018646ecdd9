//! FHIR export, from outside: stories of care told as resources, and what must hold of them.

#[allow(
    dead_code,
    reason = "the stories of care's own tests, of which some are told here"
)]
#[path = "../../../care/tests/process/setting.rs"]
mod setting;
#[allow(dead_code, reason = "what that setting needs")]
#[path = "../../../care/tests/support.rs"]
mod support;

mod again;
mod around;
mod back;
mod beside;
mod bundles;
mod defined;
mod expected;
mod imaged;
mod kinds;
mod laws;
mod meaning;
mod page;
mod stated;
mod stories;
mod written;
