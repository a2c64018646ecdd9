### Words of intake, clearances and overrides.

intake-go = Ask the first { $count } questions on one page
intake-head = { $count ->
    [one] One question that every patient is asked
   *[other] { $count } questions that every patient is asked
}
intake-head-opened = What these answers opened
intake-head-done = Everything that decides is asked.
intake-lead = One tap each, in the words for the patient. What is not answered stays unknown.
intake-lead-opened = Asked only because of an answer given before.
intake-patient = Asked of the patient
intake-examination = Examined or measured
intake-where-needed = Only where sex and age make it possible; otherwise leave it open.
intake-others-denied = Asked and denied together, where not answered above: { $names }
intake-one-by-one = One question at a time
# $known $all
section-answered = { $known } of { $all } answered
undecided-more = { $count ->
    [one] One more rule waits for answers
   *[other] { $count } more rules wait for answers
}
rescreen-save = Save the re-screen
rescreen-count = { $count ->
    [one] One answer went stale since the last visit.
   *[other] { $count } answers went stale since the last visit.
}
override-link = Override…
clearance-link = File clearance…
permission-link = Details, withdraw…
permission-title = Clearance and override
never-urgent = Nothing softens this: such a sign is examined now, whoever asks for the session.
never-absolute = Nothing softens this: no letter and no second opinion makes the pull safe here.
never-other = Nothing softens this: it is answered by a finding, not by a decision.
permission-asks = What the rule stands on now
permission-silent = This rule does not fire now. There is nothing to override.
override-head = Go on despite this rule
override-lead = It turns only this rule into caution, with the gentle candidate alone. It ends by itself when a fact of the rule changes.
override-by-practitioner = One practitioner may decide this.
override-by-second = A second clinician must agree and show a password.
override-reason = Reason
override-reason-hint = The finding that makes it acceptable. The patient's wish is never a reason.
override-examination = What was examined, with its result
override-told = The patient was told which finding is overridden, why, and what could happen.
override-until = Until when
override-until-session = For one session: it ends with the session, { $when } at the latest
override-until-date = Until the end of
override-second-who = Second clinician
override-second-none = Nobody else here holds a current licence: this rule cannot be overridden now.
override-second-password = Password of the second clinician
override-second-wrong = this is not the password of the second clinician
override-second-wrong-remedy = let the second clinician type it
override-go = Override for this patient
clearance-head = File a clearance
clearance-lead = It turns only this rule into caution, and lapses on a new neurological sign.
clearance-needed = What the letter must be: { $what }
clearance-none = No letter clears this rule.
clearance-name = Name of who cleared
clearance-profession = Profession
clearance-licence = Licence number and body
clearance-issued = Issued
clearance-expires = Holds until the end of
clearance-region = For the region to be treated: { $region }
clearance-conditions = Conditions in the letter, one a line
clearance-document = Where the letter is kept (document number or file)
clearance-read = I have read the letter. It says what the rule asks for and speaks of this patient.
clearance-go = File and confirm
permission-file = On file for this rule
permission-file-all = Clearances and overrides on file
permission-in-force = In force
permission-withdraw = Withdraw
permission-withdraw-reason = Why it is withdrawn
# $by $reason
file-act = Overridden by { $by }: { $reason }
# $name $profession $document
file-letter = Cleared by { $name }, { $profession } ({ $document })
file-confirmed = confirmed by { $by }
file-examined = examined: { $what }
# $first $second
by-two = { $first } with { $second }
# $rule $by $until
standing-session = Overridden, gentle only: { $rule } { $by }, until the session ends, { $until } at the latest, or a fact of the rule changes.
# $rule $by $until
standing-until = Overridden, gentle only: { $rule } { $by }, until { $until } or until a fact of the rule changes.
# $rule $by $until
standing-letter = Cleared by letter: { $rule } { $by }, until { $until } or until a new neurological sign.
lapsed-not-allowed = Lapsed: the rule allows it no more.
lapsed-incomplete = Does not count: a part that it needs is missing.
lapsed-region = Does not count: it is for another region.
lapsed-not-yet = Does not count yet.
lapsed-ended = Ended { $when }.
lapsed-neurology = Lapsed: a new neurological finding came after the letter ({ $fact }).
lapsed-changed = Lapsed: a fact of the rule changed ({ $fact }).
nav-overrides = Overrides
overrides-title = Overrides
overrides-head = { $count ->
    [0] Nobody has overridden a rule.
    [one] One override in this clinic
   *[other] { $count } overrides in this clinic
}
overrides-lead = Counted per clinician, over every patient and every episode. A rule that is overridden again and again should be read again.
overrides-clinician = Clinician
overrides-total = All
overrides-recent = Last 30 days
overrides-patients = Patients
overrides-force = In force
overrides-rules = Rules
said-overridden = Overridden. Keep the decision anew: it is caution at best, gentle only.
said-cleared = The clearance is on file. Keep the decision anew.
said-permission-withdrawn = Withdrawn. It counts no more.
