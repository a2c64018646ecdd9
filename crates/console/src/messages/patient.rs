//! Words of the patient's own pages, and of single events.

use si::Region;

use super::Say;
use crate::door::password::{LONGEST, SHORTEST};

impl Say {
    /// Where it hurts, in the patient's words.
    #[must_use]
    pub fn site(self, site: &str, region: Region) -> String {
        match (site, region) {
            ("spine", Region::Lumbar) => self.site_back(),
            ("spine", Region::Cervical) => self.site_neck(),
            ("limb-left", Region::Lumbar) => self.site_leg_left(),
            ("limb-right", Region::Lumbar) => self.site_leg_right(),
            ("limb-left", Region::Cervical) => self.site_arm_left(),
            ("limb-right", Region::Cervical) => self.site_arm_right(),
            (other, _) => other.replace('-', " "),
        }
    }

    /// A line of the timeline, by its kind of event.
    #[must_use]
    pub fn entry(self, kind: &str) -> String {
        match kind {
            "registered" => self.entry_registered(),
            "contact-changed" => self.entry_contact_changed(),
            "record-imported" => self.entry_record_imported(),
            "facts-recorded" => self.entry_facts_recorded(),
            "conflict-resolved" => self.entry_conflict_resolved(),
            "clearance-filed" => self.entry_clearance_filed(),
            "rule-overridden" => self.entry_rule_overridden(),
            "permission-withdrawn" => self.entry_permission_withdrawn(),
            "decided" => self.entry_decided(),
            "consent-given" => self.entry_consent_given(),
            "consent-withdrawn" => self.entry_consent_withdrawn(),
            "plan-proposed" => self.entry_plan_proposed(),
            "plan-signed" => self.entry_plan_signed(),
            "arrival-recorded" => self.entry_arrival_recorded(),
            "start-checked" => self.entry_start_checked(),
            "grant-issued" => self.entry_grant_issued(),
            "session-started" => self.entry_session_started(),
            "session-reported" => self.entry_session_reported(),
            "session-ended" => self.entry_session_ended(),
            "stop-explained" => self.entry_stop_explained(),
            "spine-learned" => self.entry_spine_learned(),
            "leaving-checked" => self.entry_leaving_checked(),
            "link-issued" => self.entry_link_issued(),
            "check-in-answered" => self.entry_check_in_answered(),
            "check-in-missed" => self.entry_check_in_missed(),
            "appointment-missed" => self.entry_appointment_missed(),
            "appointment-kept" => self.entry_appointment_kept(),
            "check-in-begun" => self.entry_check_in_begun(),
            "check-in-abandoned" => self.entry_check_in_abandoned(),
            "note-signed" => self.entry_note_signed(),
            "note-amended" => self.entry_note_amended(),
            "examination-noted" => self.entry_examination_noted(),
            "examination-amended" => self.entry_examination_amended(),
            "triaged" => self.entry_triaged(),
            "suspended" => self.entry_suspended(),
            "suspension-lifted" => self.entry_suspension_lifted(),
            "adverse-event-opened" => self.entry_adverse_event_opened(),
            "adverse-event-noted" => self.entry_adverse_event_noted(),
            "adverse-event-closed" => self.entry_adverse_event_closed(),
            "referral-written" => self.entry_referral_written(),
            "referral-overdue" => self.entry_referral_overdue(),
            "referral-closed" => self.entry_referral_closed(),
            "notified" => self.entry_notified(),
            "acknowledged" => self.entry_acknowledged(),
            "therapy-recorded" => self.entry_therapy_recorded(),
            "reviewed" => self.entry_reviewed(),
            "discharged" => self.entry_discharged(),
            "reopened" => self.entry_reopened(),
            other => self.entry_other(other.replace('-', " ")),
        }
    }

    /// The same for a patient who is logged in, and needs no new link.
    #[must_use]
    pub fn refused_own(self, code: &str) -> String {
        match code {
            "password-wrong" => self.refused_wrong(),
            _ => self.refusal(code).unwrap_or_else(|| self.refused_call()),
        }
    }

    /// Why nothing was saved and what to do, for a patient, by the code of the problem: its own
    /// words are for the staff.
    #[must_use]
    pub fn refused(self, code: &str) -> String {
        self.refusal(code).unwrap_or_else(|| self.refused_other())
    }

    fn refusal(self, code: &str) -> Option<String> {
        Some(match code {
            "login-name" => self.refused_login_name(),
            "login-taken" => self.refused_login_taken(),
            "account-there" => self.refused_account_there(),
            "password-length" => self.refused_password_length(SHORTEST, LONGEST),
            "password-unusable" => self.refused_password(),
            "field-missing" | "user-incomplete" => self.refused_missing(),
            _ => return None,
        })
    }
}
