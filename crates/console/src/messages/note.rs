//! Words of the note of a visit.

use super::messages;

messages! {
    note_title = "Visit note";
    note_head(when) = "Note of the visit of {when}: read, correct, sign.";
    note_head_signed(when) = "Note of the visit of {when}.";
    note_lead = "Put together from what was recorded. Nothing was invented; what is missing was not recorded.";
    note_subjective = "Subjective";
    note_objective = "Objective";
    note_assessment = "Assessment";
    note_plan = "Plan";
    note_visits = "Visits";
    note_to_sign = "note to sign";
    note_is_signed = "note signed";
    note_code = "Code, suggested";
    note_code_lead = "A suggestion: nothing is submitted. One code an encounter, never both.";
    note_code_none = "No code";
    note_code_97012 = "97012: mechanical traction, once an encounter";
    note_code_s9090 = "S9090: decompression, a session; many payers do not cover it";
    note_code_signed(code) = "Code suggested, not submitted: {code}";
    note_sign = "Sign the note";
    note_password = "Your password, as your signature";
    note_signed(name, licence, when) = "Signed by {name} {licence}, {when}.";
    note_added(when, name) = "Added {when} by {name}:";
    note_add = "Add to the note";
    note_addendum = "What is to be added";
    note_add_lead = "What was signed stays as it was.";
    note_print = "Print";
    note_refused(problem) = "Not signed: {problem}.";
    note_check_in(when, result) = "Check-in of {when}: {result}.";
    note_arrival(readings) = "On arrival: {readings}.";
    note_discomfort(score) = "Highest discomfort told on the table: {score} of 10.";
    note_leaving_told(readings) = "On leaving: {readings}.";
    note_no_session = "No traction was given.";
    note_session(region, table, force, who) = "Traction, {region}, on {table}; allowed {force} N; attended by {who}.";
    note_simulated = "a simulated table";
    note_table = "the table";
    note_given(peak, minutes, cause) = "Peak {peak} N, {minutes} minutes, {cause}.";
    note_leaving(readings) = "Leaving check: {readings}.";
    note_card = "Written advice with the warning card was handed over.";
    note_decision(verdict, when) = "Screening of {when}: {verdict}.";
    note_plan_on(candidate, count, until) = "Plan in force: {candidate}, sessions received: {count}, until {until}.";
    note_plan_none = "No plan is in force.";
    note_next(when) = "Next appointment: {when}.";
    note_next_none = "No next appointment is booked.";
}
