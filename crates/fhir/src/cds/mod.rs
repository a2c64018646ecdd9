//! CDS Hooks 2.0: when somebody orders mechanical traction, cards say what stands against it.
//!
//! ```text
//! request ──▶ orders of traction? ──▶ prefetch as facts ──▶ rules, both regions ──▶ cards
//! ```
//!
//! Without an order of traction in sight there is nothing to say, and no card, unless the orders
//! on record did not all come: then one card says so. With one there is always a card where a rule
//! fired, and one card that says what is not known: a record that was not sent, or that says
//! nothing, clears nobody. Three services, one a hook: `patient-view`, `order-select`,
//! `order-sign`. Nothing is done by itself: there are no `systemActions`.
//!
//! After the specification and its invariants (HL7/cds-hooks, `cds-r`, `cds-resp`, `cds-fb`).
//! Pure: ids of cards are derived from the `hookInstance` and the rule.
//!
//! Must never know: HTTP, tokens, the client's FHIR server: what is not prefetched is not fetched.

mod answer;
mod card;
mod feedback;
mod order;
mod request;
mod service;

pub use answer::{Answered, Context, Refusal, answer};
pub use feedback::{Feedback, Outcome, feedback};
pub use request::{Prefetched, Request};
pub use service::{PREFETCH, Service, discovery};
