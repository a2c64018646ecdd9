### Words of the path of care: evaluate, plan, recover, review.

path-label = Path of care
# $age $region $since
who-line = { $age } years · { $region } · since { $since }
# $region $since
who-line-no-age = age unknown · { $region } · since { $since }
suspended-now = Sessions are suspended
today-empty = No patient yet. Import a record to begin.
today-calm = Nobody is in trouble.
today-damaged = The record of { $name } cannot be read.
today-damaged-head = Not everything here can be read.
today-damaged-unnamed = The record of a patient cannot be read ({ $id }).
today-damaged-other = An account or list of the clinic cannot be read ({ $id }).
today-damaged-lead = Of a patient whose record cannot be read no alarm and no check-in stands here: call them, and treat nobody from such a record. Whoever keeps the server runs "annulus journal verify" and restores it from a copy.
today-alarms = { $count ->
    [one] One person needs you now.
   *[other] { $count } people need you now.
}
today-alarms-desk = { $count ->
    [one] An alarm is open: tell a practitioner.
   *[other] { $count } people have an open alarm: tell a practitioner.
}
today-desk-lead = You cannot see whose it is: go to a practitioner in the house. If nobody is there, call in this order:
# $urgency $since
inbox-worst = Most urgent: { $urgency }, since { $since }.
inbox-go = To the list
inbox-go-desk = Whom to call
inbox-lost = The list of who needs you cannot be reached. Nothing that comes is shown here: look at another screen, and have the server looked after.
inbox-out = You are logged out: nobody who needs you is shown here. Log in again.
today-sessions = { $count } received
not-evaluated = Not evaluated
decided-on = decided { $when }
screen-again = Re-screen today: by what is known now, { $verdict }
check-in-due = A check-in waits for an answer until { $when }
# $result $when
check-in-meant = { $result }, { $when }
no-check-in = No check-in
find-label = Find a patient by name or date of birth
find-go = Find
patient-word = Patient
sessions-word = Sessions
screening-word = Screening
last-check-in = Last check-in
on-call-word = On call
on-call-rule = An alarm nobody takes goes to the next after 15 minutes, and so on round the list.
acknowledge = Take it
acknowledge-note = What you will do
call-number = Call
told = Shown on Today. Told: { $whom }
told-today = Shown on Today
about-decision = the decision got worse
about-other = { $what }
about-session = on the table: { $what }
about-suspended = stopped during a session: { $what }
about-leaving = leaving check: { $what }
rule-softened = Turned into caution: { $by }.
# $label $value $who
decision-loosened = Looser than the default here: { $label }: { $value }, approved by { $who }.
rule-conflict = Sources disagree; the worst was taken.
# $label $value $by $day
fact-given = { $label }: { $value } ({ $by }, { $day })
fact-unconfirmed = from a record, not confirmed
date-form = 2026-11-24
former-back = Back to the patient
former-as-it-was = Shown as it was kept. What counts now stands on the pages of the path.
former-nothing-fired = No rule had fired.
former-plan-unsigned = A plan that nobody signed.
former-plan-signed = A plan that was signed.
former-decision = The decision it was made from
former-proposed = Proposed by { $by }.
# $name $role
former-person = { $name } ({ $role })
# $who $when
former-by = { $who }, { $when }
# $candidate $by
former-signed = Signed: { $candidate }, by { $by }.
checked-rescreen = Re-screen
# $who $when
checked-by = { $who }, { $when }
import-title = Import
import-head = Bring a record in.
import-lead = FHIR R4 as JSON. Codes become facts with their dates; what was not understood is listed, never guessed.
import-region = Region to be treated
import-region-lumbar = Lumbar: low back
import-region-cervical = Cervical: neck
import-file = File
import-paste = Or paste the bundle
import-go = Import
import-by-hand = No record? Begin with a name.
import-birth = Date of birth
import-phone = Telephone
import-register = Register
patient-title = Patient
patient-head-alarm = An alarm is open. { $urgency }.
# $what $at
patient-lead-alarm = Since { $at }: { $what }. What was decided before may no longer stand.
patient-overtaken = Decided { $day }; what is open stands against it
verdict-overtaken = Was: { $verdict }
patient-head-new = Not evaluated yet.
# $verdict $urgency
patient-head-verdict = { $verdict }. { $urgency }.
patient-timeline = Timeline
patient-facts = All facts
patient-imports = Imported records
# $source $count $day
patient-import-line = { $source }: { $count } facts, { $day }
patient-unmapped = { $count ->
    [one] One entry became no fact
   *[other] { $count } entries became no fact
}
patient-asks = Questions the record opens
patient-deceased = The record says that this patient died. Nothing is planned.
patient-no-course = No scores yet: the course begins with the first arrival record.
course-pain = Pain when asked, 0 to 10
course-force = Force received, N
course-band-above = { $points } points or more above the first score: a change people notice
course-band = { $points } points or more below the first score: a change people notice
facts-title = Facts
facts-head = { $count ->
    [one] One reading on record.
   *[other] { $count } readings on record.
}
facts-fact = Fact
facts-value = Value
facts-at = Recorded
facts-by = Source
forms-head = Answers to a form
forms-lead = Another program can show one of these forms (FHIR Questionnaire) and give the answers back here. They are taken whole or not at all. What nobody answered stays unknown.
forms-file = File with the answers
forms-paste = or paste it (FHIR QuestionnaireResponse)
forms-who = Who answered
forms-who-form = As the file says
forms-who-patient = The patient
forms-who-examined = I examined it myself
forms-go = Take the answers in
evaluate-title = Evaluate
evaluate-open = { $count ->
    [one] One answer can still change the decision.
   *[other] { $count } answers can still change the decision. This one first.
}
evaluate-nothing-open = Everything that could change this is answered.
evaluate-conditions-open = Conditions while answers are open: { $count }
evaluate-decide = Keep this decision
evaluate-decided = Decided { $day }; nothing told since has changed it.
evaluate-live = As of now, not yet kept
evaluate-unsaved = With what is not saved yet
evaluate-not-live = Not live: the server does not answer, and this verdict may lack what is not saved yet. What you save is decided on.
# $problem $remedy
evaluate-left-out = Left out of the verdict: { $problem }; { $remedy }.
evaluate-asks-patient = ask the patient
evaluate-could = could decide: { $rules }
evaluate-then = Then
evaluate-form = All questions as one form
evaluate-denied-head = All asked, all denied
evaluate-denied-lead = One signed act for a section. Cauda equina, cord, vascular, fracture and cancer are always asked by themselves.
evaluate-denied-go = All of { $section } asked and denied
evaluate-undecided = Still undecided
evaluate-needs = needs { $facts }
evaluate-conditions = Conditions
evaluate-conflicts = Sources disagree
evaluate-resolve = Settle it
evaluate-save-answer = Save the answer
evaluate-save-form = Save these answers
evaluate-confirm = A record says so. Confirm or refute it.
plan-title = Plan
plan-head-none = No plan without a decision that permits one.
plan-head-propose = Propose what pull fits this spine.
plan-head-choose = Choose one of { $count }.
# $candidate $force
plan-head-signed = Signed: { $candidate }, { $force } N.
plan-lead = Nobody can promise relief. Predictions carry their doubt.
plan-propose = Propose a plan
plan-gentle = Gentle
plan-standard = Standard
plan-firm = Firm
plan-force = { $force } N
# $mode $minutes $cycles $angle
plan-line = { $mode }, { $minutes } min, { $cycles }, angle { $angle }°
plan-cycles = { $cycles ->
    [one] one cycle
   *[other] { $cycles } cycles
}
# $sessions $per-week $ceiling
plan-course-line = { $sessions } sessions, { $per-week } a week, up to { $ceiling } N
plan-reasons = Why these settings
# $low $high
plan-delivered = Reaches the spine: { $low } to { $high } N after friction and body weight.
plan-no-forecast = No prediction: { $why }
plan-sign-head = Sign by showing your password again
plan-sign = Sign the plan
plan-expires = Valid until { $day }.
# $who $day
plan-signed-by = Signed by { $who }, { $day }.
plan-sha = SHA-256 of the plan as written
plan-wrong-password = The password is wrong; nothing was signed.
evidence-head = What the evidence says
evidence-page-title = Evidence
evidence-page-head = What is known of traction: { $what }.
evidence-page-lead = Guidelines, reviews, trials and reports as they were read, on both sides, and what was not found. Plan and consent quote this list.
evidence-choose = Region or condition
evidence-all = All of the evidence, with sources
evidence-abstract = { $words } (abstract only)
evidence-for = For traction.
evidence-mixed = In part.
evidence-neutral = Takes no side.
evidence-against = Against traction.
evidence-guidelines = Guidelines
evidence-reviews = Reviews
evidence-trials = Trials with a comparison group
evidence-series = Reports without a comparison group
evidence-gaps = Not found or not read
evidence-harms = Harms
evidence-prediction = Prediction rules: they inform and never decide
evidence-payers = Insurers
review-risk = STarT Back: { $class } risk of lasting trouble. It informs and decides nothing.
rmdq-open = Roland-Morris questionnaire: the patient ticks
rmdq-save = Count and keep the score
consent-title = Consent
consent-head-none = Explain, then let the patient sign.
consent-head-given = Consent given { $day }.
consent-version = Text { $version }
consent-explained = Explained by
consent-interpreter = Interpreter, if one was needed
consent-questions = What the patient asked, and the answers
consent-told = Explained by { $who }.
consent-told-interpreter = Interpreter: { $who }.
consent-told-cost = Told it costs: { $cost }
consent-old-text = The patient signed text { $version }; the text below is newer, or is about another condition. Take consent again if the difference matters to this patient.
consent-cost = What the patient was told it costs
consent-signed = Name the patient signed with
consent-give = Record the consent
consent-withdraw = Withdraw consent
consent-withdraw-reason = In the patient's words (may be empty)
recover-title = Recover
recover-head = { $count ->
    [0] No session received yet.
    [one] One session received.
   *[other] { $count } sessions received.
}
recover-head-due = { $count ->
    [one] One check-in is due or overdue.
   *[other] { $count } check-ins are due or overdue.
}
recover-link = Make the personal link
recover-link-once = It leads to their check-in, is shown once, and is kept nowhere: give it to nobody else.
recover-session = Session of { $day }
recover-due = due { $when }
recover-missed = no reply
recover-answered = answered { $when }
recover-open = open until { $when }
recover-begun = Begun { $when }, not sent yet
recover-left = Begun { $when } and not sent: call the patient
recover-enter = Enter answers by telephone
recover-received = Received in the last 72 hours: { $what }
checkin-enter-head = Enter what the patient says.
safety-title = Safety
safety-head-clear = Nothing blocks sessions.
safety-head-one = Sessions are suspended.
# $number $when
safety-suspension = Suspension { $number }, since { $when }
safety-lift = Lift the suspension
safety-lift-examined = Examined on (date and time)
safety-lift-reason = What was found, and why sessions may go on
# $when $who $reason
safety-lifted = Lifted { $when } by { $who }: { $reason }
safety-by-decision = a new fact made the decision worse: { $verdict }
safety-by-triage = check-in result: { $result }
safety-by-person = { $reason }
safety-by-review = review: { $result }
safety-by-death = the record says the patient died
safety-suspend = Suspend all sessions
safety-suspend-head = Stop treating for now
safety-suspend-reason = Why
safety-alerts = Alarms
safety-alerts-none = No answer and no session has raised one.
safety-alert-open = nobody has taken it
# $who $when $note
safety-alert-taken = taken by { $who }, { $when }: { $note }
adverse-head = Adverse events
adverse-none = None on record.
# $severity $serious $when
adverse-line = { $severity }, { $serious }, since { $when }
adverse-serious = serious
adverse-not-serious = not serious
adverse-serious-open = seriousness not yet judged
adverse-open-yet = not yet judged
adverse-class-open = not yet judged (so far: { $severity })
adverse-relation-line = Relation to traction: { $relation }
adverse-judge = Is it serious?
adverse-open = Open an adverse event
adverse-description = What happened
adverse-onset = When it began
adverse-severity = Severity (Carnes)
adverse-mild = Mild: hours, reversible, function kept
adverse-moderate = Moderate: days, or weeks and mild
adverse-major = Major: weeks, or needs further treatment
adverse-is-serious = Serious: death, hospital, permanent damage, or care to prevent one
adverse-note = Add a note
adverse-close = Close
adverse-outcome = How it ended
adverse-relation = Relation to traction
adverse-action = What was done
# $when $outcome
adverse-closed = Closed { $when }: { $outcome }
review-title = Review
review-head-none = Continue, adjust or stop? Nothing was decided yet.
review-head = Last review: { $result }.
review-go = Review now
review-scores = Scores
review-scores-lead = Without scores the answer is: re-evaluate.
review-scores-save = Save the scores
review-again = Evaluate again
review-adjust = Plan anew, lower
review-continue = Go on: next visit
review-discharge = Discharge
review-outcome = Outcome in a sentence
# $when $reason $outcome
review-discharged = Discharged { $when }: { $reason }. { $outcome }
review-reopen = New episode
review-history = Reviews
therapy-title = Other therapies
therapy-head = { $count ->
    [0] No visit with another therapy.
    [one] One visit with another therapy.
   *[other] { $count } visits with other therapies.
}
therapy-none = Nothing is on record yet. What others treat, and how the body answered, changes what is safe here.
therapy-kind = What was done
therapy-region = Where
therapy-detail = Dose or setting
therapy-response = How the patient responded
therapy-reaction = Reaction, if there was one
therapy-save = Record the visit
knowledge-title = Knowledge
# $rules $facts
knowledge-head = { $rules } rules over { $facts } facts decide here.
# $version $sha
knowledge-lead = Version { $version }, SHA-256 { $sha }. Every rule names its sources and what speaks against it.
knowledge-facts = Facts
knowledge-when = Fires when
knowledge-why = Why
knowledge-gate = Counts at
knowledge-override = Override
knowledge-reviewed = Reviewed
knowledge-limits = Known limits
knowledge-codes = Codes
knowledge-fresh = Stays fresh
knowledge-asked = Asked of the patient
knowledge-asked-practitioner = Asked of the practitioner
