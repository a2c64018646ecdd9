//! Words of letters and of their log.

use super::messages;

messages! {
    mail_alarm_subject(urgency) = "Annulus: {urgency}";
    mail_alarm(urgency, when, address) = "An alarm waits for somebody: {urgency}. It was raised on {when}.\n\nOpen {address} and take it. If nobody does, the next person on the list is told after 15 minutes.\n\nThis letter names nobody: mail is read by others.";
    mail_reminder_subject(clinic) = "{clinic}: how are you after your session?";
    mail_reminder(before, link, number, phone) = "Please tell us how you are before {before}. It takes a minute:\n\n{link}\n\nDo not wait for this form if you have new weakness or numbness, numbness between the legs, or trouble with bladder or bowel: call {number} now. Anything else: call us on {phone}.\n\nThe link is yours alone. Please do not answer this letter, nobody reads what comes back.";
    mail_title = "Mail";
    mail_open = "Letters that were sent";
    mail_head_none = "No letter was sent yet.";
    mail_head_ok = "Letters are taken.";
    mail_head_failing(when) = "The last letter was not taken: {when}";
    mail_lead = "The last hundred tries. Taken by the mail server is not read by a person: an alarm ends only when somebody takes it here.";
    mail_off = "This clinic sends no mail: an alarm is seen here and nowhere else. The administrator adds a section for mail to annulus.toml.";
    mail_when = "When";
    mail_about = "About";
    mail_to = "To";
    mail_said = "Result";
    mail_taken = "taken";
    mail_about_alarm(number, attempt) = "Alarm {number}, telling {attempt}";
    mail_about_reminder(number) = "Reminder of check-in {number}";
    mail_to_patient = "the patient's address";
    mail_today_nobody = "Nobody of them has an address: no mail tells them.";
    mail_today_on = "By mail too, as far as they have an address.";
    mail_today_failing(when) = "Mail does not arrive since {when}: telephone.";
}
