//! Plan: what pull fits this spine.
//!
//! [`propose()`] makes up to three candidates inside the limits of CLINICAL.md §4,
//! each setting with its reason; a practitioner signs one ([`SignedPlan`]);
//! [`session_force`] says what the next session may pull. Forecasts are attached
//! for people: no verdict and no limit depends on them.

mod body;
mod build;
mod choice;
mod condition;
mod dose;
mod examine;
mod forecast;
mod lie;
mod mode;
mod next;
mod pace;
mod prescription;
mod propose;
mod read;
mod signed;
mod sound;

pub(crate) use body::{Measures, days_between};
pub use choice::Choice;
pub use condition::{Basis, ConditionRow, Contrary, ModeChange, Notes, PositionChange, Stage};
pub use dose::{Angle, Common, Dose, ModeRow, OfRegion, Parameter, PositionRow};
pub use forecast::{FORECAST_MEMBERS, PrescribedPull};
pub use mode::PullMode;
pub use next::{SessionForce, session_force};
pub use prescription::{
    Candidate, Course, Forecast, ForecastCurve, LevelForecast, Position, Prescription, Range,
    Reason,
};
pub use propose::{Candidates, History, Proposal, Request, Withheld, propose};
pub use signed::{Against, SignedPlan, sha256};
pub(crate) use sound::still_within;
