//! Words of the shell and words that many pages share.

use care::episode::{NextStep, Path, Role};

use super::Say;
use crate::clinic::Deed;

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
            "welcome" => self.said_welcome(),
            "launched-nothing" => self.said_launched_nothing(),
            "account-closed" => self.said_account_closed(),
            _ => return None,
        })
    }

    /// What somebody did, as the audit log says it.
    #[must_use]
    pub fn deed(self, deed: Deed) -> String {
        match deed {
            Deed::Read => self.deed_read(),
            Deed::Write => self.deed_write(),
            Deed::Login => self.deed_login(),
            Deed::LoginFailed => self.deed_login_failed(),
            Deed::Logout => self.deed_logout(),
            Deed::Refused => self.deed_refused(),
            Deed::Account => self.deed_account(),
            Deed::Emergency => self.deed_emergency(),
        }
    }

    /// Who did it, where no account did.
    #[must_use]
    pub fn audit_who(self, role: &str) -> String {
        if role == "link" {
            self.audit_link()
        } else {
            self.audit_nobody()
        }
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
