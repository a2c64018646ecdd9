//! Words of logging in, accounts, audit and the clock.

use super::messages;

messages! {
    login_title = "Log in";
    login_head = "Log in to the clinic.";
    login_name = "Login";
    login_password = "Password";
    login_go = "Log in";
    login_wrong = "Login or password is wrong.";
    login_wrong_remedy = "Check both and try again. After five failures this account waits at this address.";
    account_title = "Your account";
    account_head = "Your account.";
    account_old = "Present password";
    account_new = "New password, 12 characters or more";
    account_change = "Change the password";
    account_wrong = "The present password is wrong.";
    users_title = "Users";
    users_head(count) = "{count} people have an account.";
    users_new = "Add an account";
    users_licence = "Licence number (practitioners and leads)";
    users_licence_until = "Licence valid until";
    users_add = "Add";
    users_set_password = "Set password";
    users_close = "Close the account";
    users_closed = "closed";
    users_licence_shown(number, day) = "Licence {number}, until {day}";
    audit_title = "Audit";
    audit_head = "Who opened which record.";
    audit_lead(count) = "The last {count} visits, newest first. The log is hash-chained with the journal.";
    audit_user = "User";
    audit_patient = "Record";
    audit_act = "Act";
    audit_route = "Page";
    clock_title = "Clock";
    clock_head(now) = "The clinic's clock says {now}.";
    clock_lead = "In a demonstration it can be moved forward: check-ins fall due, nothing else waits for it.";
    clock_hours = "Hours forward";
    clock_move = "Move the clock";
}
