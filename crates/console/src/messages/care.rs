//! Words of the path of care: evaluate, plan, recover, review.

use care::episode::Severity;

use super::{Say, messages};

messages! {
    path_label = "Path of care";
    who_line(age, region, since) = "{age} years · {region} · since {since}";
    who_line_no_age(region, since) = "age unknown · {region} · since {since}";
    suspended_now = "Sessions are suspended";
    today_empty = "No patient yet. Import a record to begin.";
    today_calm = "Nobody is in trouble.";
    today_alarm_one = "One person needs you now.";
    today_alarms(count) = "{count} people need you now.";
    today_sessions(count) = "{count} received";
    not_evaluated = "Not evaluated";
    no_check_in = "No check-in";
    find_label = "Find a patient by name or date of birth";
    find_go = "Find";
    patient_word = "Patient";
    sessions_word = "Sessions";
    screening_word = "Screening";
    last_check_in = "Last check-in";
    on_call_word = "On call";
    on_call_rule = "An alarm nobody takes goes to the next after 15 minutes, and so on round the list.";
    acknowledge = "Take it";
    acknowledge_note = "What you will do";
    call_number = "Call";
    told(whom) = "Told: {whom}";
    about_decision = "the decision got worse";
    about_check_in(result) = "check-in: {result}";
    about_other(what) = "{what}";
    rule_softened(by) = "Turned into caution: {by}.";
    decision_loosened(label, value, who) = "Looser than the default here: {label}: {value}, approved by {who}.";
    rule_conflict = "Sources disagree; the worst was taken.";
    fact_given(label, value, by, day) = "{label}: {value} ({by}, {day})";
    fact_unconfirmed = "from a record, not confirmed";
    date_form = "2026-11-24";
    import_title = "Import";
    import_head = "Bring a record in.";
    import_lead = "FHIR R4 as JSON. Codes become facts with their dates; what was not understood is listed, never guessed.";
    import_region = "Region to be treated";
    import_region_lumbar = "Lumbar: low back";
    import_region_cervical = "Cervical: neck";
    import_file = "File";
    import_paste = "Or paste the bundle";
    import_go = "Import";
    import_by_hand = "No record? Begin with a name.";
    import_birth = "Date of birth";
    import_phone = "Telephone";
    import_register = "Register";
    patient_title = "Patient";
    patient_head_alarm(urgency) = "An alarm is open. {urgency}.";
    patient_lead_alarm(what, at) = "Since {at}: {what}. What was decided before may no longer stand.";
    patient_head_new = "Not evaluated yet.";
    patient_head_verdict(verdict, urgency) = "{verdict}. {urgency}.";
    patient_timeline = "Timeline";
    patient_facts = "All facts";
    patient_imports = "Imported records";
    patient_import_line(source, count, day) = "{source}: {count} facts, {day}";
    patient_unmapped(count) = "{count} entries became no fact";
    patient_asks = "Questions the record opens";
    patient_deceased = "The record says that this patient died. Nothing is planned.";
    patient_no_course = "No scores yet: the course begins with the first arrival record.";
    course_pain = "Worst pain, 0 to 10";
    course_force = "Force received, N";
    course_band(points) = "{points} points or more below the first score: a change people notice";
    facts_title = "Facts";
    facts_head(count) = "{count} readings on record.";
    facts_fact = "Fact";
    facts_value = "Value";
    facts_at = "Recorded";
    facts_by = "Source";
    evaluate_title = "Evaluate";
    evaluate_open_one = "One answer can still change the decision.";
    evaluate_open(count) = "{count} answers can still change the decision. This one first.";
    evaluate_nothing_open = "No answer is open.";
    evaluate_conditions_open(count) = "Conditions while answers are open: {count}";
    evaluate_decide = "Keep this decision";
    evaluate_decided(day) = "Decided {day}; nothing told since has changed it.";
    evaluate_live = "As of now, not yet kept";
    evaluate_asks_patient = "ask the patient";
    evaluate_asks_other(whom) = "{whom}";
    evaluate_could(rules) = "could decide: {rules}";
    evaluate_then = "Then";
    evaluate_form = "All questions as one form";
    evaluate_denied_head = "All asked, all denied";
    evaluate_denied_lead = "One signed act for a section. Cauda equina, cord, vascular, fracture and cancer are always asked by themselves.";
    evaluate_denied_go(section) = "All of {section} asked and denied";
    evaluate_undecided = "Still undecided";
    evaluate_needs(facts) = "needs {facts}";
    evaluate_conditions = "Conditions";
    evaluate_conflicts = "Sources disagree";
    evaluate_resolve = "Settle it";
    evaluate_resolve_value = "What holds";
    evaluate_save_answer = "Save the answer";
    evaluate_save_form = "Save these answers";
    evaluate_confirm = "A record says so. Confirm or refute it.";
    plan_title = "Plan";
    plan_head_none = "No plan without a decision that permits one.";
    plan_head_propose = "Propose what pull fits this spine.";
    plan_head_choose(count) = "Choose one of {count}.";
    plan_head_signed(candidate, force) = "Signed: {candidate}, {force} N.";
    plan_lead = "Nobody can promise relief. Predictions carry their doubt.";
    plan_propose = "Propose a plan";
    plan_gentle = "Gentle";
    plan_standard = "Standard";
    plan_firm = "Firm";
    plan_force(force) = "{force} N";
    plan_line(mode, minutes, cycles, angle) = "{mode}, {minutes} min, {cycles}, angle {angle}°";
    plan_cycle_one = "one cycle";
    plan_cycles(cycles) = "{cycles} cycles";
    plan_course_line(sessions, per_week, ceiling) = "{sessions} sessions, {per_week} a week, up to {ceiling} N";
    plan_reasons = "Why these settings";
    plan_opening = "Predicted opening, mm";
    plan_level = "Level";
    plan_estimate = "Estimate";
    plan_interval = "Between";
    plan_delivered(low, high) = "Reaches the spine: {low} to {high} N after friction and body weight.";
    plan_no_forecast(why) = "No prediction: {why}";
    plan_sign_head = "Sign by showing your password again";
    plan_candidate = "Candidate";
    plan_sign = "Sign the plan";
    plan_expires(day) = "Valid until {day}.";
    plan_signed_by(who, day) = "Signed by {who}, {day}.";
    plan_sha = "SHA-256 of the plan as written";
    plan_wrong_password = "The password is wrong; nothing was signed.";
    evidence_head = "What the evidence says";
    evidence_page_title = "Evidence";
    evidence_page_head(what) = "What is known of traction: {what}.";
    evidence_page_lead = "Guidelines, reviews, trials and reports as they were read, on both sides, and what was not found. Plan and consent quote this list.";
    evidence_choose = "Region or condition";
    evidence_all = "All of the evidence, with sources";
    evidence_abstract(words) = "{words} (abstract only)";
    evidence_for = "For traction.";
    evidence_mixed = "In part.";
    evidence_neutral = "Takes no side.";
    evidence_against = "Against traction.";
    evidence_guidelines = "Guidelines";
    evidence_reviews = "Reviews";
    evidence_trials = "Trials with a comparison group";
    evidence_series = "Reports without a comparison group";
    evidence_gaps = "Not found or not read";
    evidence_harms = "Harms";
    evidence_prediction = "Prediction rules: they inform and never decide";
    evidence_payers = "Insurers";
    review_risk(class) = "STarT Back: {class} risk of lasting trouble. It informs and decides nothing.";
    rmdq_open = "Roland-Morris questionnaire: the patient ticks";
    rmdq_save = "Count and keep the score";
    consent_title = "Consent";
    consent_head_none = "Explain, then let the patient sign.";
    consent_head_given(day) = "Consent given {day}.";
    consent_version(version) = "Text {version}";
    consent_explained = "Explained by";
    consent_interpreter = "Interpreter, if one was needed";
    consent_questions = "What the patient asked, and the answers";
    consent_told(who) = "Explained by {who}.";
    consent_told_interpreter(who) = "Interpreter: {who}.";
    consent_told_cost(cost) = "Told it costs: {cost}";
    consent_old_text(version) = "The patient signed text {version}; the text below is newer, or is about another condition. Take consent again if the difference matters to this patient.";
    consent_cost = "What the patient was told it costs";
    consent_signed = "Name the patient signed with";
    consent_give = "Record the consent";
    consent_withdraw = "Withdraw consent";
    consent_withdraw_reason = "In the patient's words (may be empty)";
    recover_title = "Recover";
    recover_head_none = "No session received yet.";
    recover_head_one = "One session received.";
    recover_head(count) = "{count} sessions received.";
    recover_head_due(count) = "{count} check-ins are due or overdue.";
    recover_link = "Make the personal link";
    recover_link_once = "Give this link to the patient. It is shown once; only its hash is kept.";
    recover_session(day) = "Session of {day}";
    recover_due(when) = "due {when}";
    recover_missed = "no reply";
    recover_answered(when) = "answered {when}";
    recover_open(when) = "open until {when}";
    recover_begun(when) = "Begun {when}, not sent yet";
    recover_left(when) = "Begun {when} and not sent: call the patient";
    recover_enter = "Enter answers by telephone";
    recover_received(what) = "Received in the last 72 hours: {what}";
    checkin_enter_head = "Enter what the patient says.";
    safety_title = "Safety";
    safety_head_clear = "Nothing blocks sessions.";
    safety_head_one = "Sessions are suspended.";
    safety_suspension(number, when) = "Suspension {number}, since {when}";
    safety_lift = "Lift the suspension";
    safety_lift_examined = "Examined on (date and time)";
    safety_lift_reason = "What was found, and why sessions may go on";
    safety_lift_exam = "Examination";
    safety_lifted(when, who, reason) = "Lifted {when} by {who}: {reason}";
    safety_by_decision(verdict) = "a new fact made the decision worse: {verdict}";
    safety_by_triage(result) = "check-in result: {result}";
    safety_by_person(reason) = "{reason}";
    safety_by_review(result) = "review: {result}";
    safety_by_death = "the record says the patient died";
    safety_suspend = "Suspend all sessions";
    safety_suspend_reason = "Why";
    safety_alerts = "Alarms";
    safety_alert_open = "nobody has taken it";
    safety_alert_taken(who, when, note) = "taken by {who}, {when}: {note}";
    adverse_head = "Adverse events";
    adverse_none = "None on record.";
    adverse_line(severity, serious, when) = "{severity}, {serious}, since {when}";
    adverse_serious = "serious";
    adverse_not_serious = "not serious";
    adverse_open = "Open an adverse event";
    adverse_description = "What happened";
    adverse_onset = "When it began";
    adverse_severity = "Severity (Carnes)";
    adverse_mild = "Mild: hours, reversible, function kept";
    adverse_moderate = "Moderate: days, or weeks and mild";
    adverse_major = "Major: weeks, or needs further treatment";
    adverse_is_serious = "Serious: death, hospital, permanent damage, or care to prevent one";
    adverse_note = "Add a note";
    adverse_close = "Close";
    adverse_outcome = "How it ended";
    adverse_relation = "Relation to traction";
    adverse_action = "What was done";
    adverse_closed(when, outcome) = "Closed {when}: {outcome}";
    review_title = "Review";
    review_head_none = "Continue, adjust or stop? Nothing was decided yet.";
    review_head(result) = "Last review: {result}.";
    review_go = "Review now";
    review_scores = "Scores";
    review_scores_lead = "Without scores the answer is: re-evaluate.";
    review_scores_save = "Save the scores";
    review_again = "Evaluate again";
    review_adjust = "Plan anew, lower";
    review_continue = "Go on: next visit";
    review_discharge = "Discharge";
    review_outcome = "Outcome in a sentence";
    review_discharged(when, reason, outcome) = "Discharged {when}: {reason}. {outcome}";
    review_reopen = "New episode";
    review_history = "Reviews";
    therapy_title = "Other therapies";
    therapy_head(count) = "{count} visits with other therapies.";
    therapy_kind = "What was done";
    therapy_region = "Where";
    therapy_detail = "Dose or setting";
    therapy_response = "How the patient responded";
    therapy_reaction = "Reaction, if there was one";
    therapy_save = "Record the visit";
    knowledge_title = "Knowledge";
    knowledge_head(rules, facts) = "{rules} rules over {facts} facts decide here.";
    knowledge_lead(version, sha) = "Version {version}, SHA-256 {sha}. Every rule names its sources and what speaks against it.";
    knowledge_facts = "Facts";
    knowledge_when = "Fires when";
    knowledge_why = "Why";
    knowledge_gate = "Counts at";
    knowledge_override = "Override";
    knowledge_reviewed = "Reviewed";
    knowledge_limits = "Known limits";
    knowledge_codes = "Codes";
    knowledge_fresh = "Stays fresh";
    knowledge_asked = "Asked of the patient";
    knowledge_asked_practitioner = "Asked of the practitioner";
}

impl Say {
    /// How many sessions were received.
    #[must_use]
    pub fn received(self, count: usize) -> String {
        match count {
            0 => self.recover_head_none(),
            1 => self.recover_head_one(),
            _ => self.recover_head(count),
        }
    }

    /// What an alarm is about; `care` names it without the patient.
    #[must_use]
    pub fn about(self, what: &str) -> String {
        if what.is_empty() {
            self.about_decision()
        } else {
            self.about_other(what.replace('-', " "))
        }
    }

    /// What kind of statement a row of evidence is.
    #[must_use]
    pub fn evidence_kind(self, kind: &str) -> String {
        match kind {
            "guideline" => self.evidence_guidelines(),
            "review" => self.evidence_reviews(),
            "trial" => self.evidence_trials(),
            "series" => self.evidence_series(),
            "gap" => self.evidence_gaps(),
            "harm" => self.evidence_harms(),
            "prediction-rule" => self.evidence_prediction(),
            "payer" => self.evidence_payers(),
            _ => self.unknown(),
        }
    }

    /// Which way a row of evidence points.
    #[must_use]
    pub fn evidence_direction(self, direction: &str) -> String {
        match direction {
            "for" => self.evidence_for(),
            "mixed" => self.evidence_mixed(),
            "neutral" => self.evidence_neutral(),
            "against" => self.evidence_against(),
            _ => self.unknown(),
        }
    }

    /// A Carnes class.
    #[must_use]
    pub fn severity(self, severity: Severity) -> String {
        match severity {
            Severity::Mild => self.adverse_mild(),
            Severity::Moderate => self.adverse_moderate(),
            Severity::Major => self.adverse_major(),
        }
    }

    /// The name of a candidate.
    #[must_use]
    pub fn candidate(self, name: &str) -> String {
        match name {
            "gentle" => self.plan_gentle(),
            "standard" => self.plan_standard(),
            "firm" => self.plan_firm(),
            "chosen" => self.plan_chosen(),
            _ => self.unknown(),
        }
    }
}
