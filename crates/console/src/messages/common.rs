//! Words of the shell and words that many pages share.

use care::episode::{NextStep, Path, Role};

use super::{Say, messages};

messages! {
    product = "Annulus";
    skip_to_contents = "Skip to the contents";
    nav_label = "Main";
    nav_today = "Today";
    nav_import = "Import";
    nav_knowledge = "Knowledge";
    nav_users = "Users";
    nav_audit = "Audit";
    nav_clock = "Clock";
    log_out = "Log out";
    demo_banner = "Demonstration clinic: invented people, a simulated table. Numbers ring nowhere.";
    unapproved(count) = "{count} of the rules and the dose caps are not approved by a clinician: simulated table only.";
    unapproved_rules(count) = "{count} of the rules are not approved by a clinician: simulated table only.";
    unapproved_caps = "The dose caps are not approved by a clinician: simulated table only.";
    not_a_device = "Research and decision-support software. Not a cleared medical device; a clinician decides.";
    yes = "Yes";
    no = "No";
    save = "Save";
    open = "Open";
    back = "Back";
    cancel = "Cancel";
    nobody_knows = "Nobody knows yet";
    unknown = "unknown";
    none = "none";
    why_and_sources = "Why, and sources";
    sources = "Sources";
    evidence_strength(strength) = "Evidence: {strength}";
    dissent = "What others say";
    knowledge_version(version) = "Knowledge {version}";
    name = "Name";
    role_word = "Role";
    reason = "Reason";
    when_word = "When";
    by_whom(who) = "By {who}";
    not_sure = "Asked, not known";
    declined = "Declined";
    not_applicable = "Does not apply";
    choose = "Choose";
    answer_missing = "No answer";
    fault_login = "Please log in.";
    fault_forbidden = "This is not open to you.";
    fault_forbidden_remedy = "Your role does not allow it, or the page was open for too long. Go back, load the page again and repeat.";
    fault_not_found = "There is no such page.";
    fault_not_found_remedy = "Go back, or start from Today.";
    fault_throttled = "Too many tries.";
    fault_throttled_remedy(seconds) = "Wait {seconds} seconds and try again.";
    fault_problem(problem) = "That did not work: {problem}";
    fault_internal = "Something failed on our side. Nothing was half done.";
    fault_internal_remedy(number) = "Try again. If it fails again, tell the administrator this number: {number}";
    fault_place = "Where";
    fault_value = "What was there";
    fault_remedy = "What to do";
    role_patient = "Patient";
    role_front_desk = "Front desk";
    role_assistant = "Assistant";
    role_practitioner = "Practitioner";
    role_clinical_lead = "Clinical lead";
    role_administrator = "Administrator";
    role_researcher = "Researcher";
    role_program = "The program";
    path_evaluate = "Evaluate";
    path_plan = "Plan";
    path_treat = "Treat";
    path_recover = "Recover";
    path_review = "Review";
    path_discharged = "Discharged";
    next_register = "Register";
    next_acknowledge = "Take the alarm";
    next_evaluate = "Evaluate";
    next_ask_more = "Ask what is missing";
    next_refused = "Read why not";
    next_lift = "Examine, then lift the suspension";
    next_propose = "Plan";
    next_sign = "Sign the plan";
    next_consent = "Take consent";
    next_arrive = "Open the visit";
    next_check_start = "Pre-start list";
    next_start = "To the table";
    next_attend = "Attend the session";
    next_leaving = "Leaving check";
    next_await = "See the check-ins";
    next_review = "Review the course";
    next_discharge = "Decide on discharge";
    next_nothing = "Nothing to do";
    verdict_refuse = "Refuse";
    verdict_evaluate_first = "Evaluate first";
    verdict_caution = "Caution";
    verdict_cleared = "Cleared";
    verdict_stop = "Stop";
    verdict_lower = "Lower";
    verdict_hold = "No increase";
    verdict_go_on = "Continue";
    verdict_emergency = "Emergency";
    verdict_today = "See today";
    verdict_contact = "Contact the patient";
    verdict_adjust = "Adjust";
    verdict_expected = "Expected soreness";
    verdict_well = "Well";
    verdict_discontinue = "Discontinue";
    verdict_re_evaluate = "Re-evaluate";
    verdict_goals = "Goals met: discharge";
    urgency_emergency = "Emergency: act now";
    urgency_urgent = "Urgent: today";
    urgency_routine = "Routine";
    urgency_none = "Not urgent";
    said_saved = "Saved.";
    said_imported = "The record was imported. What was not understood is listed below.";
    said_decided = "The decision was made and kept.";
    said_signed = "The plan is signed.";
    said_consented = "Consent is on record.";
    said_withdrawn = "Consent was withdrawn. Nothing starts without it.";
    said_link = "The check-in link was made. It is shown once, on this page.";
    said_lifted = "The suspension was lifted.";
    said_acknowledged = "You took the alarm.";
    said_password = "The password was changed.";
    said_letter = "The letter is signed. Print it, and tell here what came of it.";
    said_reviewed = "The review was made and kept.";
}

impl Say {
    /// What was just done, by the key a redirect carries; an unknown key says nothing.
    #[must_use]
    pub fn said(self, key: &str) -> Option<String> {
        Some(match key {
            "saved" => self.said_saved(),
            "imported" => self.said_imported(),
            "decided" => self.said_decided(),
            "signed" => self.said_signed(),
            "letter" => self.said_letter(),
            "overridden" => self.said_overridden(),
            "cleared" => self.said_cleared(),
            "permission-withdrawn" => self.said_permission_withdrawn(),
            "consented" => self.said_consented(),
            "withdrawn" => self.said_withdrawn(),
            "link" => self.said_link(),
            "lifted" => self.said_lifted(),
            "acknowledged" => self.said_acknowledged(),
            "password" => self.said_password(),
            "reviewed" => self.said_reviewed(),
            _ => return None,
        })
    }

    /// The name of a role.
    #[must_use]
    pub fn role(self, role: Role) -> String {
        match role {
            Role::Patient => self.role_patient(),
            Role::FrontDesk => self.role_front_desk(),
            Role::Assistant => self.role_assistant(),
            Role::Practitioner => self.role_practitioner(),
            Role::ClinicalLead => self.role_clinical_lead(),
            Role::Administrator => self.role_administrator(),
            Role::Researcher => self.role_researcher(),
            Role::Program => self.role_program(),
        }
    }

    /// The name of a step of the path.
    #[must_use]
    pub fn path(self, path: Path) -> String {
        match path {
            Path::Evaluate => self.path_evaluate(),
            Path::Plan => self.path_plan(),
            Path::Treat => self.path_treat(),
            Path::Recover => self.path_recover(),
            Path::Review => self.path_review(),
            Path::Discharged => self.path_discharged(),
        }
    }

    /// The words on the button of the next step.
    #[must_use]
    pub fn next_step(self, step: NextStep) -> String {
        match step {
            NextStep::Register => self.next_register(),
            NextStep::Acknowledge => self.next_acknowledge(),
            NextStep::Evaluate => self.next_evaluate(),
            NextStep::AskMore => self.next_ask_more(),
            NextStep::Refused => self.next_refused(),
            NextStep::LiftSuspension => self.next_lift(),
            NextStep::ProposePlan => self.next_propose(),
            NextStep::SignPlan => self.next_sign(),
            NextStep::Consent => self.next_consent(),
            NextStep::Arrive => self.next_arrive(),
            NextStep::CheckStart => self.next_check_start(),
            NextStep::Start => self.next_start(),
            NextStep::Attend => self.next_attend(),
            NextStep::CheckLeaving => self.next_leaving(),
            NextStep::AwaitCheckIn => self.next_await(),
            NextStep::Review => self.next_review(),
            NextStep::Discharge => self.next_discharge(),
            NextStep::Nothing => self.next_nothing(),
        }
    }

    /// A verdict or result of any rule set, by its word in the JSON contract.
    #[must_use]
    pub fn verdict(self, word: &str) -> String {
        match word {
            "refuse" => self.verdict_refuse(),
            "evaluate-first" => self.verdict_evaluate_first(),
            "caution" => self.verdict_caution(),
            "cleared" => self.verdict_cleared(),
            "stop" => self.verdict_stop(),
            "lower" => self.verdict_lower(),
            "hold-no-increase" => self.verdict_hold(),
            "continue" => self.verdict_go_on(),
            "emergency" => self.verdict_emergency(),
            "see-clinician-today" => self.verdict_today(),
            "contact-patient" => self.verdict_contact(),
            "adjust" => self.verdict_adjust(),
            "expected-soreness" => self.verdict_expected(),
            "well" => self.verdict_well(),
            "discontinue" => self.verdict_discontinue(),
            "re-evaluate" => self.verdict_re_evaluate(),
            "discharge-goals-met" => self.verdict_goals(),
            _ => self.unknown(),
        }
    }

    /// An urgency, by its word in the JSON contract.
    #[must_use]
    pub fn urgency(self, word: &str) -> String {
        match word {
            "emergency" => self.urgency_emergency(),
            "urgent" => self.urgency_urgent(),
            "routine" => self.urgency_routine(),
            _ => self.urgency_none(),
        }
    }
}
