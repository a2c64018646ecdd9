//! The process of care: plan, session, triage, review, episode.

mod setting;
mod table;
mod triage;
mod whole;
