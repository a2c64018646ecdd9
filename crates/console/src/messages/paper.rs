//! Words of documents on paper.

use super::messages;

messages! {
    paper_pdf = "PDF";
    paper_on_paper = "Check-in on paper (PDF)";
    paper_letter = "As a letter (PDF)";
    paper_no_pdf = "No PDF: annulus-print is not beside the program yet.";
    paper_patient = "Patient";
    paper_born = "Born";
    paper_region = "Region";
    paper_visit = "Visit";
    paper_note_unsigned = "is not signed";
    paper_note_unsigned_remedy = "sign the note first: a draft is not printed";
    paper_evaluation = "Evaluation for traction";
    paper_evaluation_none = "was not screened yet";
    paper_evaluation_none_remedy = "answer the questions of Evaluate and keep the screening first";
    paper_screened = "Screening";
    paper_answer = "Answer";
    paper_urgency = "Urgency";
    paper_fired(verdict, statement) = "{verdict}: {statement}";
    paper_why(why) = "Why: {why}";
    paper_on_record(facts) = "On record: {facts}.";
    paper_sources(sources) = "Sources: {sources}.";
    paper_strength(evidence) = "How well founded: {evidence}.";
    paper_dissent(words) = "Not agreed by all: {words}";
    paper_nothing_fired = "No rule stands against traction by what is on record.";
    paper_undecided = "To ask next";
    paper_waiting(count) = "Findings that cannot be told yet for want of answers: {count}. What is not known clears nobody.";
    paper_source_list = "Sources";
    paper_conditions = "Conditions";
    paper_conflicts = "Sources that disagree";
    paper_support(knowledge) = "Decision support, not a cleared medical device. Knowledge {knowledge}. The clinician who signs decides.";
    paper_form = "Check-in after traction";
    paper_form_urgent(number, hospital, address) = "If any of the first questions is yes: call {number} now and go to {hospital}, {address}. Take this page with you. Do not wait for us.";
    paper_form_lead(phone) = "Tick what is so and hand this in, or read it to us by telephone: {phone}.";
    paper_form_emergency = "Yes to any of these: go now";
    paper_form_other = "How you are";
    paper_form_more = "Anything else you want us to know";
    paper_form_when = "Day and time at which you filled this in";
}
