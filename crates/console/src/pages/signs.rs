//! The sign of a verdict, result or state: shape first, colour second.

/// What a word of the rules, of triage or of a review comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Cleared, well, go on.
    Good,
    /// Sore, as was to be expected.
    Expected,
    /// A caution or a change.
    Care,
    /// Somebody must look today.
    Today,
    /// Refused, an emergency, stopped.
    Stop,
    /// Nobody knows.
    Unknown,
}

/// What a word comes to.
#[must_use]
pub fn tone(word: &str) -> Tone {
    match word {
        "cleared" | "well" | "continue" | "ok" | "discharge-goals-met" => Tone::Good,
        "expected-soreness" => Tone::Expected,
        "caution" | "adjust" | "lower" | "hold-no-increase" | "contact-patient" | "re-evaluate"
        | "routine" => Tone::Care,
        "see-clinician-today" | "urgent" => Tone::Today,
        "refuse" | "emergency" | "stop" | "discontinue" => Tone::Stop,
        _ => Tone::Unknown,
    }
}

/// Its sign.
#[must_use]
pub fn glyph(word: &str) -> &'static str {
    match tone(word) {
        Tone::Good => {
            r#"<svg class="g g-ok" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="9" fill="currentColor"/><path d="M5.5 10.5l3 3 6-7" fill="none" stroke="var(--on-act)" stroke-width="2"/></svg>"#
        }
        Tone::Expected => {
            r#"<svg class="g g-ok" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2"/><path d="M5 10q2.5-4 5 0t5 0" fill="none" stroke="currentColor" stroke-width="2"/></svg>"#
        }
        Tone::Care => {
            r#"<svg class="g g-care" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 2L19 18H1z" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/><path d="M10 8v5M10 15v1.6" stroke="currentColor" stroke-width="2"/></svg>"#
        }
        Tone::Today => {
            r#"<svg class="g g-stop" viewBox="0 0 20 20" aria-hidden="true"><path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" fill="none" stroke="currentColor" stroke-width="2"/><path d="M10 5v6M10 13v2" stroke="currentColor" stroke-width="2"/></svg>"#
        }
        Tone::Stop => {
            r#"<svg class="g g-stop" viewBox="0 0 20 20" aria-hidden="true"><path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" fill="currentColor"/><path d="M5 10h10" stroke="var(--on-stop)" stroke-width="2.5"/></svg>"#
        }
        Tone::Unknown => {
            r#"<svg class="g g-ask" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8.5" fill="none" stroke="currentColor" stroke-width="1.8" stroke-dasharray="3 2.2"/><path d="M7.5 8a2.5 2.5 0 1 1 3.6 2.2q-1.1.6-1.1 1.8M10 14v1.4" fill="none" stroke="currentColor" stroke-width="1.8"/></svg>"#
        }
    }
}
