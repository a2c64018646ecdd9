//! Words of the pages of the knowledge: the list, one rule, one fact.

use super::Say;
use care::decide::{Ask, Evidence, Gate, OverrideBy, RuleSet};
use care::fact::{ClinicalState, CodeMode, Kind};
use care::knowledge::Expectation;

impl Say {
    /// The name of a rule set.
    #[must_use]
    pub fn rule_set(self, set: RuleSet) -> String {
        match set {
            RuleSet::Screening => self.set_screening(),
            RuleSet::Indication => self.set_indication(),
            RuleSet::InSession => self.set_in_session(),
            RuleSet::Triage => self.set_triage(),
            RuleSet::Review => self.set_review(),
            RuleSet::Advice => self.set_advice(),
        }
    }

    /// When a rule counts.
    #[must_use]
    pub fn gate(self, gate: Gate) -> String {
        match gate {
            Gate::Eligibility => self.gate_eligibility(),
            Gate::Today => self.gate_today(),
            Gate::Start => self.gate_start(),
            Gate::InSession => self.gate_in_session(),
        }
    }

    /// Who may decide to go on despite a rule.
    #[must_use]
    pub fn override_by(self, by: OverrideBy) -> String {
        match by {
            OverrideBy::Never => self.override_never(),
            OverrideBy::SecondClinician => self.override_second(),
            OverrideBy::Practitioner => self.override_practitioner(),
        }
    }

    /// A class of evidence.
    #[must_use]
    pub fn evidence_class(self, class: Evidence) -> String {
        match class {
            Evidence::Strong => self.class_strong(),
            Evidence::Moderate => self.class_moderate(),
            Evidence::Weak => self.class_weak(),
            Evidence::List => self.class_list(),
            Evidence::ExpertOpinion => self.class_expert(),
        }
    }

    /// What a case is expected to come out as.
    #[must_use]
    pub fn expectation(self, expected: Expectation) -> String {
        match expected {
            Expectation::Fires => self.knowledge_fires(),
            Expectation::DoesNotFire => self.knowledge_does_not_fire(),
            Expectation::Undecided => self.knowledge_undecided(),
        }
    }

    /// What kind of value a fact takes.
    #[must_use]
    pub fn fact_kind(self, kind: Kind, whole: bool) -> String {
        match kind {
            Kind::Boolean => self.kind_boolean(),
            Kind::Number if whole => self.kind_whole(),
            Kind::Number => self.kind_number(),
            Kind::Choice => self.kind_choice(),
            Kind::Date => self.kind_date(),
        }
    }

    /// Who or what a fact is found by.
    #[must_use]
    pub fn found_by(self, ask: Ask) -> String {
        match ask {
            Ask::Patient => self.ask_patient(),
            Ask::Examination => self.ask_examination(),
            Ask::Measurement => self.ask_measurement(),
            Ask::Record => self.ask_record(),
            Ask::Test => self.ask_test(),
            Ask::Attendant => self.ask_attendant(),
        }
    }

    /// What a code does to its fact.
    #[must_use]
    pub fn code_mode(self, mode: CodeMode) -> String {
        match mode {
            CodeMode::Asserts => self.knowledge_code_sets(),
            CodeMode::Asks => self.knowledge_code_asks(),
        }
    }

    /// In which state of a condition a code counts.
    #[must_use]
    pub fn clinical_state(self, state: ClinicalState) -> String {
        match state {
            ClinicalState::Active => self.knowledge_code_active(),
            ClinicalState::Resolved => self.knowledge_code_resolved(),
            ClinicalState::Any => self.knowledge_code_any(),
        }
    }
}
