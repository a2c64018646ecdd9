//! Words of letters to other places.

use super::messages;

messages! {
    referral_title = "Referral letters";
    referral_head_new = "Write to whoever should look at this.";
    referral_head_open(count) = "Letters without an answer: {count}.";
    referral_head_closed = "Every letter has its answer.";
    referral_lead = "Filled in from the record: read it, correct it, sign it.";
    referral_go = "Referral letter";
    referral_another = "Write another letter";
    referral_to = "To";
    referral_to_physician = "The patient's own physician";
    referral_urgency = "How soon they are asked to act";
    referral_reason = "The reason, read first";
    referral_onset = "Since when";
    referral_first_told(when) = "first told {when}";
    referral_onset_hint = "As exactly as it is known; write unknown if nobody knows.";
    referral_findings = "Course, findings and what was done here";
    referral_request = "What is asked of them";
    referral_ask_emergency = "Please examine at once, and image as you see fit. We give no traction until we hear from you.";
    referral_ask_urgent = "Please examine within the next days. We give no traction until we hear from you.";
    referral_ask_routine = "Please tell us what you think of this, and whether anything speaks against traction.";
    referral_received(what) = "Received in the last 72 hours: {what}.";
    referral_sign = "Sign the letter";
    referral_refused(problem) = "The letter was not signed: {problem}.";
    referral_line(urgency, to) = "{urgency}, to {to}";
    referral_signed(who, when) = "Signed by {who}, {when}.";
    referral_reminded(when) = "Nobody had told what came of it on {when}.";
    referral_waits = "waits for an answer";
    referral_end = "What came of it";
    referral_end_words = "What they found, or why nothing came";
    referral_answered = "They answered";
    referral_not_seen = "The patient was not seen there";
    referral_withdrawn = "Not needed any more";
    referral_close = "Close the letter";
    referral_closed(end, who, when, words) = "{end}, told by {who}, {when}: {words}";
    referral_pdf = "The letter (PDF)";
    referral_first_line(reason, onset) = "{reason} Since: {onset}.";
    referral_paper_to = "To";
    referral_paper_urgency = "Urgency";
    referral_paper_phone = "Patient's telephone";
    referral_paper_answer(clinic, phone) = "Please tell {clinic} what you find: {phone}.";
    referral_paper_signed(who, licence, when) = "Signed electronically by {who} {licence}, {when}";
}

use care::episode::ReferralEnd;

impl super::Say {
    /// What came of a letter.
    #[must_use]
    pub fn referral_ended(self, end: ReferralEnd) -> String {
        match end {
            ReferralEnd::Answered => self.referral_answered(),
            ReferralEnd::NotSeen => self.referral_not_seen(),
            ReferralEnd::Withdrawn => self.referral_withdrawn(),
        }
    }
}
