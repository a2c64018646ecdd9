//! Words of the pages of the knowledge: the list, one rule, one fact.

use super::{Say, messages};
use care::decide::{Ask, Evidence, Gate, OverrideBy, RuleSet};
use care::fact::{ClinicalState, CodeMode, Kind};
use care::knowledge::Expectation;

messages! {
    knowledge_find = "Find a rule, a fact or a source";
    knowledge_set = "Rule set";
    knowledge_class = "Evidence";
    knowledge_any = "All";
    knowledge_show = "Show";
    knowledge_shown(shown, all) = "{shown} of {all} rules";
    knowledge_none = "No rule matches. Take a word or a filter away.";
    knowledge_no_fact = "No fact matches.";
    knowledge_result = "Result";
    knowledge_finding = "Finding";
    knowledge_back = "All rules and facts";
    knowledge_to_patient = "To the patient";
    knowledge_asks = "Asks for";
    knowledge_cases = "Cases";
    knowledge_case = "Case";
    knowledge_expected = "Expected";
    knowledge_fires = "fires";
    knowledge_does_not_fire = "does not fire";
    knowledge_undecided = "stays undecided";
    knowledge_glance = "At a glance";
    knowledge_regions = "Regions";
    knowledge_clearance = "Clearance";
    knowledge_read(what) = "read: {what}";
    knowledge_no_clearance = "no letter clears it";
    knowledge_approved = "Approved by";
    knowledge_nobody = "nobody yet: simulated table only";
    knowledge_file = "File";
    knowledge_urgency = "Urgency";
    knowledge_reads = "Facts it reads";
    knowledge_takes = "Takes";
    knowledge_unit = "Unit";
    knowledge_range = "Range";
    knowledge_to(low, high) = "{low} to {high}";
    knowledge_per = "One for each";
    knowledge_section = "Section";
    knowledge_found_by = "Found by";
    knowledge_red_flag = "Red flag";
    knowledge_red_flag_stands = "a positive answer stands until a later examination resolves it";
    knowledge_absence = "If unknown";
    knowledge_needed = "Asked only when";
    knowledge_not_applicable = "Does not apply when";
    knowledge_positive = "Counts as positive";
    knowledge_stale_on = "Stale at once after";
    knowledge_detail = "A detail of";
    knowledge_denied = "Denying its section says";
    knowledge_read_by = "Rules that read it";
    knowledge_read_by_none = "No rule reads it.";
    knowledge_opens = "Questions that it opens";
    knowledge_code_system = "System";
    knowledge_code = "Code";
    knowledge_code_effect = "What it does";
    knowledge_code_version = "Version";
    knowledge_code_status = "Status";
    knowledge_code_sets = "sets the fact";
    knowledge_code_asks = "opens the question";
    knowledge_code_active = "while active";
    knowledge_code_resolved = "once resolved";
    knowledge_code_any = "active or resolved";
    kind_boolean = "yes or no";
    kind_number = "a number";
    kind_whole = "a whole number";
    kind_choice = "one of a list";
    kind_date = "a date";
    set_screening = "Screening";
    set_indication = "Indication";
    set_in_session = "In the session";
    set_triage = "After a session";
    set_review = "Review";
    set_advice = "Advice";
    gate_eligibility = "before a course";
    gate_today = "before every session";
    gate_start = "at the start, on the table";
    gate_in_session = "during the session";
    override_never = "nobody may set it aside";
    override_second = "a practitioner with a second clinician";
    override_practitioner = "a practitioner";
    class_strong = "strong";
    class_moderate = "moderate";
    class_weak = "weak";
    class_list = "lists, labels, course texts";
    class_expert = "expert opinion";
    ask_patient = "the patient's answer";
    ask_examination = "examination";
    ask_measurement = "measurement";
    ask_record = "record or document";
    ask_test = "test or image";
    ask_attendant = "the attendant";
}

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
