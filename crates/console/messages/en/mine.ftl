### Words of a patient's own record, and of the account that opens it.

nav-mine = My record
mine-title = My record
mine-head = Your record.
mine-head-stopped = Your sessions are stopped for now.
mine-lead-stopped = Have no session before your clinic has looked at you. Call them. If you feel very unwell, do not wait for an answer: call for help.
mine-head-alarm = Your clinic must look at something.
mine-lead-alarm = An alarm about you is open since { $when }. Have no session now. If nobody has called you, call them. If you feel very unwell, do not wait for an answer: call for help.
# $when $phone
mine-danger-told = Your clinic has this since { $when }, on its first page. No telephone rings there by itself. Have no session now. On the way, or when you are there, call { $phone }.
mine-next = You come again on { $when }.
mine-next-none = No appointment is booked for you.
mine-check-in = Tell us how you are
mine-check-in-lead = Your clinic waits to hear how you are after the session of { $day }.
mine-record = What we have on record
mine-record-lead = Open a part to read it. The file for other programs, below, holds every single entry, also of earlier courses.
mine-who = Who you are
mine-permissions = What was allowed in spite of a rule
mine-sessions = Your sessions
mine-check-ins = How you were after them
mine-decision = What was decided
mine-plan = Your plan
mine-consent = What you agreed to
mine-safety = Alarms and stops
mine-notes = Notes of your practitioner
mine-letters = Letters to other doctors
mine-therapies = Other therapies
mine-facts = What you told and what was found
mine-imports = Records from elsewhere
mine-all = Everything that happened, in order
mine-minutes = { $minutes ->
    [0] less than a minute
    [one] one minute
   *[other] { $minutes } minutes
}
# $force $weight $minutes
mine-session = Up to { $force } N, as { $weight } kg pull, for { $minutes }.
mine-session-end = How it ended: { $end }.
mine-session-open = It began. How it ended is not on record yet.
mine-session-with = With { $who }.
# $force $minutes
mine-session-simulated = On a simulated table, up to { $force } N for { $minutes }: nothing pulled.
mine-session-worst = Worst discomfort during it: { $score } of 10.
mine-before = Before it: { $what }
mine-during = During it: { $what }
mine-after = After it: { $what }
mine-unanswered = You were asked, and no answer came.
# $plan $who $until
mine-plan-signed = { $plan }, signed by { $who }. No session under it after { $until }.
# $plan $who
mine-plan-ended = { $plan }, signed by { $who }. It has ended.
mine-consent-to = You agreed to a course of traction. Explained by { $who }.
mine-alert = An alarm went to your clinic: { $urgency }.
# $who $until
mine-cleared = { $who } wrote that a session is possible, until { $until }.
# $who $until
mine-overridden = { $who } decided to go on with care, until { $until }.
mine-take = Take it with you
mine-take-lead = Keep these where only you can open them. The file for other programs holds every entry word for word; telephone numbers of those on call are left out.
mine-paper = To read (PDF)
mine-file = For other programs (JSON)
mine-fhir = The same for another clinic (FHIR R4)
mine-paper-lead = What this clinic has on record about you, newest first in each part. The file for other programs, on the same page, holds every single entry. Is something wrong? Call { $phone }.
mine-wrong = Is something wrong here? Call { $phone }. Your clinic sets it right; what stood there before stays to be seen.
invite-title = Their own record
invite-none = This patient has no account yet.
invite-has = This patient opens their record as { $login }.
invite-lead = With an account of their own a patient reads their whole record, takes it with them, and answers check-ins. Make the link while the patient is with you.
invite-lead-has = A new link sets a new password for the same account. The old one ends when the new one is set.
invite-seen = I have seen who this is: an identity document, or I know them.
invite-unseen = nobody says that they have seen who this is
invite-seen-remedy = look at an identity document, tick the box, then make the link
invite-make = Make the link
invite-link = Let the patient's phone read this.
# $until
invite-link-lead = It leads to a page on which they choose a name and a password. It answers once, until { $until }. Whoever has it can use it: give it to nobody else.
invite-address = Or copy this address
invite-close = Close their account
welcome-title = Your own record
welcome-head = Choose how you log in.
welcome-head-again = Choose a new password.
welcome-lead = Then you read what { $clinic } has on record about you, whenever you want.
welcome-login = Your name here, for example your e-mail address
welcome-password = Password, 12 characters or more
welcome-hint = Three or four words that do not belong together are easy to keep and hard to guess.
welcome-go = Save
welcome-refused = Nothing was saved. { $problem }
refused-head = Nothing was saved.
refused-login-name = Choose another name: letters without accents, digits and . - _ + @ only.
refused-login-taken = Somebody else has this name. Choose another one.
refused-account-there = You have an account already. Log in with it, or ask your clinic for a new link.
# $shortest $longest
refused-password-length = Your password needs { $shortest } to { $longest } characters.
refused-password = This password could not be stored. Choose another one.
refused-missing = Something is not filled in. Fill in every field.
refused-wrong = The old password is not right. Type it again.
refused-call = Try again. If it does not work, call your clinic.
refused-other = Try again. If it does not work, ask your clinic for a new link.
said-welcome = Saved. Log in with it now.
said-account-closed = Closed. Their record is unchanged; a new link makes a new account.
