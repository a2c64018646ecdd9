//! Decisions: facts in, a verdict with its reasons out.
//!
//! One engine decides every rule set. A rule whose facts are unknown is
//! undecided, never false; what an undecided rule does to the result is settled
//! per set in [`RuleSet`] (CLINICAL §1.3); a rule in error blocks.
mod decision;
mod engine;
mod permission;
mod questions;
mod text;
mod verdict;

pub use decision::{
    Ask, Condition, ConditionKind, Decision, Evidence, Fired, Given, KnowledgeRef, MonitorAt,
    Question, QuestionReason, Undecided,
};
pub use engine::{Request, decide, evaluate};
pub use permission::{Lapsed, Permission, PermissionKind, permissions};
pub use verdict::{Gate, OverrideBy, RuleSet, Urgency, Verdict};
