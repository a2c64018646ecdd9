//! The process of care: plan, session, triage, review, episode.

mod setting;
