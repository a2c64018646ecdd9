//! Facts: what somebody recorded about one patient, with who said it and when.
//!
//! A [`Reading`] is one record of one fact; a [`FactSet`] is every reading of a
//! patient; the [`Catalogue`] says which facts there are and what each means.
mod catalogue;
mod code;
mod date;
mod freshness;
mod reading;
mod set;
mod unit;
mod view;

pub use catalogue::{Catalogue, Direction, Fact, IndexAxis, Kind, UNASKED};
pub use code::{ClinicalState, CodeMapping, CodeMode};
pub use date::PartialDate;
pub use freshness::Freshness;
pub use reading::{Answer, By, Content, FactId, FactKey, Reading, Value};
pub use set::{Clearance, FactSet, Override};
pub use unit::{convert, is_known as is_known_unit};
pub use view::{Baseline, Moment, Resolved, SESSION_HOURS, View};
pub(crate) use view::{number_in, shift, start_of_day};
