//! The pages, one a file: what is shown, and what its forms do.

pub mod account;
pub mod alarms;
pub mod body;
pub mod checkin;
pub mod clock;
pub mod consent;
pub mod course;
pub mod decision;
pub mod design;
pub mod diary;
pub mod evaluate;
pub mod evidence;
pub mod examined;
pub mod fault;
pub mod feed;
pub mod health;
pub mod import;
pub mod inputs;
pub mod intake;
pub mod invite;
pub mod knowledge;
pub mod lanes;
pub mod leaving;
pub mod live;
pub mod login;
pub mod mail;
pub mod mine;
pub mod monitoring;
pub mod note;
pub mod on_table;
pub mod outcomes;
pub mod overrides;
pub mod paper;
pub mod patient;
pub mod permission;
pub mod plan;
pub mod recover;
pub mod referral;
pub mod review;
pub mod rmdq;
pub mod safety;
pub mod session;
pub mod spine;
pub mod therapies;
pub mod today;
pub mod treat;
pub mod twin;
pub mod users;
pub mod welcome;
pub mod who;

/// The sign of a verdict, result or state: shape first, colour second.
#[must_use]
pub fn glyph(word: &str) -> &'static str {
    match word {
        "cleared" | "well" | "continue" | "ok" | "discharge-goals-met" => {
            r#"<svg class="g g-ok" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9" fill="currentColor"/><path d="M5.5 10.5l3 3 6-7" fill="none" stroke="var(--on-act)" stroke-width="2"/></svg>"#
        }
        "expected-soreness" => {
            r#"<svg class="g g-ok" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2"/><path d="M5 10q2.5-4 5 0t5 0" fill="none" stroke="currentColor" stroke-width="2"/></svg>"#
        }
        "caution" | "adjust" | "lower" | "hold-no-increase" | "contact-patient" | "re-evaluate"
        | "routine" => {
            r#"<svg class="g g-care" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 2L19 18H1z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/><path d="M10 8v5M10 15v1.6" stroke="currentColor" stroke-width="2"/></svg>"#
        }
        "see-clinician-today" | "urgent" => {
            r#"<svg class="g g-stop" viewBox="0 0 20 20" aria-hidden="true"><path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" fill="none" stroke="currentColor" stroke-width="2"/><path d="M10 5v6M10 13v2" stroke="currentColor" stroke-width="2"/></svg>"#
        }
        "refuse" | "emergency" | "stop" | "discontinue" => {
            r#"<svg class="g g-stop" viewBox="0 0 20 20" aria-hidden="true"><path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" fill="currentColor"/><path d="M5 10h10" stroke="var(--on-stop)" stroke-width="2.5"/></svg>"#
        }
        _ => {
            r#"<svg class="g g-ask" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8.5" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="3 2.2"/><path d="M7.5 8a2.5 2.5 0 1 1 3.6 2.2q-1.1.6-1.1 1.8M10 14v1.4" fill="none" stroke="currentColor" stroke-width="1.8"/></svg>"#
        }
    }
}
