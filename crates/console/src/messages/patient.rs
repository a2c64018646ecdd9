//! Words of the patient's own pages, and of single events.

use si::Region;

use super::{Say, messages};

messages! {
    asks_examination = "examine";
    asks_measurement = "measure";
    asks_record = "look it up in a record";
    asks_test = "needs a test or image";
    asks_attendant = "the attendant checks";
    course_desc(title, first, last) = "{title}: from {first} to {last}";
    course_days = "days";
    course_better(change, now) = "Pain is down {change} points, to {now}.";
    course_worse(change, now) = "Pain is up {change} points, to {now}.";
    course_same(now) = "Pain is where it began, at {now}.";
    plan_curve_desc(force, minutes) = "Force over time, up to {force} N for {minutes} minutes";
    plan_fence = "first sessions";
    plan_opening_desc = "Estimated opening of each level with its interval, never narrower than half a millimetre either way";
    plan_spine = "This spine, estimated";
    plan_spine_note(times) = "Opening drawn {times} times larger. Intervals are shown beside.";
    checkin_title = "How are you?";
    checkin_head = "How are you after the session?";
    checkin_lead = "It takes about a minute. Answer for now, not for last week.";
    checkin_send = "Send to the clinic";
    checkin_red_flags = "First: any of these?";
    checkin_rest = "Is any of these new or worse since the session? Tick what is.";
    checkin_none = "None of these";
    checkin_gone = "This link does not answer any more.";
    checkin_gone_remedy(phone) = "It was used up or is too old. Call the clinic: {phone}";
    checkin_early = "Nothing is asked yet.";
    checkin_early_lead(when, phone) = "The next check-in opens {when}. If something is wrong, do not wait: answer below, or call {phone}.";
    checkin_over_lead(phone) = "The check-ins after this session are over. If something is wrong, do not wait: answer below, or call {phone}.";
    site_back = "Back";
    site_neck = "Neck";
    site_leg_left = "Left leg";
    site_leg_right = "Right leg";
    site_arm_left = "Left arm";
    site_arm_right = "Right arm";
    checkin_unsent = "This has not reached your clinic.";
    checkin_told = "Your clinic has this now, on its first page. Do not wait for a call.";
    checkin_waiting(phone) = "There is no connection. Your answers are kept on this phone and sent when there is one. If you close this page, open it again later. If something is wrong, do not wait: call {phone}.";
    checkin_copy = "There is no connection. This is the form as your phone kept it: answer it now, it is sent later.";
    checkin_by_phone = "It is kept on this phone. It is sent when there is a connection: leave this page open, or open it again. Your phone reads your answers by the rules of the clinic:";
    kept_today_lead(phone) = "Call the clinic: {phone}. If you cannot reach us, see another doctor today. Have no session before then.";
    kept_adjust_lead(phone) = "Have no session before your practitioner has looked at this. To be sure that they know, call {phone}.";
    checkin_start_offline = "There is no connection. Open the link again when there is one. If something is wrong, do not wait: call.";
    checkin_gone_unsent = "What you answered without a connection was not sent. Call the clinic and tell them.";
    checkin_app(clinic) = "{clinic}: how are you?";
    checkin_app_short = "How are you?";
    checkin_start_title = "How are you after the session?";
    checkin_start_lead = "Open the last link that your clinic sent you, once. From then on this page leads to it.";
    checkin_call(phone) = "Call the clinic: {phone}";
    checkin_answered(when) = "You answered {when}.";
    checkin_again = "Tell us something new";
    lost_answers = "Your answers did not reach the clinic.";
    lost_answers_remedy = "Go back: they are still there. Send them again in a moment.";
    lost_answer_head = "One answer could not be read.";
    lost_answer_remedy(place) = "Go back: your answers are still there. Look at this one, then send again: {place}";
    lost_nothing_head = "Nothing was answered.";
    lost_nothing_remedy = "Go back and answer at least one question, then send.";
    lost_wait_remedy(seconds) = "Wait {seconds} seconds, go back and send again.";
    lost_call(phone) = "If it does not work, or something is wrong, call the clinic: {phone}.";
    checkin_back = "That was a wrong answer: go back";
    emergency_head = "Go to the emergency department now.";
    emergency_why = "This can mean that nerves or blood vessels are in danger. Hours matter. Do not drive yourself. Do not wait for a call.";
    emergency_call(number) = "Call {number}";
    emergency_where = "Where";
    emergency_say = "Say this at the desk:";
    emergency_words = "I had spinal traction at a clinic. I have new signs that need to be checked at once.";
    emergency_told(when, phone) = "Your answers are recorded for your clinic since {when} and shown on its first page. No telephone rings there by itself: if nobody calls you back, call {phone}. All your sessions are stopped.";
    result_emergency = "Go to the emergency department now.";
    result_today = "Please be seen today.";
    result_progress = "How it has gone so far";
    result_next_head = "Your next appointment";
    result_next(when) = "{when}. If anything changes before then, tell us.";
    result_today_lead(phone) = "Call the clinic: {phone}. If you cannot reach us, see another doctor today. Sessions are stopped until then.";
    result_adjust = "We will change something.";
    result_adjust_lead = "Your next session waits until your practitioner has looked at this.";
    result_expected = "This is expected soreness.";
    result_expected_lead = "It is local and usually gone in a day or two.";
    result_well = "Good: nothing new.";
    result_well_lead = "Thank you. We will ask again as agreed.";
    result_contact = "We will call you.";
    result_contact_lead(phone) = "Your answers are on the first page of your clinic. If nobody calls you today, call {phone}.";
    result_tonight = "What to do now";
    result_when_to_call = "Call at once if you notice: numbness between the legs, trouble with bladder or bowel, new weakness, pain further down the leg or arm, or you feel very unwell.";
    result_open = "You did not answer";
    result_open_lead(phone) = "So we do not know whether something dangerous is there. If any of these is a yes, or you are not sure, call the clinic now: {phone}.";
    result_open_emergency(number) = "If nobody answers there, or you feel very unwell, call {number}.";
    result_why = "Why we say so";
    entry_registered = "Registered";
    entry_contact_changed = "Contact data changed";
    entry_record_imported = "Record imported";
    entry_facts_recorded = "Answers recorded";
    entry_conflict_resolved = "Disagreement settled";
    entry_clearance_filed = "Clearance filed";
    entry_rule_overridden = "Rule overridden";
    entry_permission_withdrawn = "Clearance or override withdrawn";
    entry_decided = "Decision";
    entry_consent_given = "Consent given";
    entry_consent_withdrawn = "Consent withdrawn";
    entry_plan_proposed = "Plan proposed";
    entry_plan_signed = "Plan signed";
    entry_arrival_recorded = "Arrived";
    entry_start_checked = "Pre-start list";
    entry_grant_issued = "Session permitted";
    entry_session_started = "Session started";
    entry_session_reported = "Report in the session";
    entry_session_ended = "Session ended";
    entry_stop_explained = "Stop explained";
    entry_spine_learned = "Session learned from";
    entry_leaving_checked = "Leaving check";
    entry_link_issued = "Check-in link made";
    entry_check_in_answered = "Check-in answered";
    entry_check_in_missed = "Check-in without reply";
    entry_check_in_begun = "Check-in begun";
    entry_check_in_abandoned = "Check-in begun and not sent";
    entry_note_signed = "Note signed";
    entry_note_amended = "Note added to";
    entry_triaged = "Triage";
    entry_suspended = "Sessions suspended";
    entry_suspension_lifted = "Suspension lifted";
    entry_adverse_event_opened = "Adverse event opened";
    entry_adverse_event_noted = "Adverse event: note";
    entry_adverse_event_closed = "Adverse event closed";
    entry_referral_written = "Referral letter signed";
    entry_referral_overdue = "Nothing came of the referral yet";
    entry_referral_closed = "Referral closed";
    entry_notified = "On-call contact told";
    entry_acknowledged = "Alarm taken";
    entry_therapy_recorded = "Other therapy";
    entry_reviewed = "Review";
    entry_discharged = "Discharged";
    entry_reopened = "New episode";
    entry_other(kind) = "{kind}";
}

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
            "check-in-begun" => self.entry_check_in_begun(),
            "check-in-abandoned" => self.entry_check_in_abandoned(),
            "note-signed" => self.entry_note_signed(),
            "note-amended" => self.entry_note_amended(),
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
}
