### Words of the note of a visit.

note-title = Visit note
note-head = Note of the visit of { $when }: read, correct, sign.
note-head-signed = Note of the visit of { $when }.
note-lead = Put together from what was recorded. Nothing was invented; what is missing was not recorded.
note-subjective = Subjective
note-objective = Objective
note-assessment = Assessment
note-plan = Plan
note-visits = Visits
note-to-sign = note to sign
note-is-signed = note signed
note-code = Code, suggested
note-code-lead = A suggestion: nothing is submitted. One code an encounter, never both.
note-code-none = No code
note-code-97012 = 97012: mechanical traction, once an encounter
note-code-s9090 = S9090: decompression, a session; many payers do not cover it
note-code-signed = Code suggested, not submitted: { $code }
note-sign = Sign the note
note-password = Your password, as your signature
# $name $licence $when
note-signed = Signed by { $name } { $licence }, { $when }.
# $when $name
note-added = Added { $when } by { $name }:
note-add = Add to the note
note-addendum = What is to be added
note-add-lead = What was signed stays as it was.
note-print = Print
note-refused = Not signed: { $problem }.
note-complaint = Complaint: { $readings }.
# $when $result
note-check-in = Check-in of { $when }: { $result }.
# $when $result $readings
note-check-in-told = Check-in of { $when }: { $result }. { $readings }.
note-check-in-missed = The check-in of { $when } was not answered.
note-arrival = On arrival: { $readings }.
note-pain = Pain: { $readings }.
note-discomfort = Highest discomfort told on the table: { $score } of 10.
note-on-table = Told on the table: { $readings }.
note-leaving-told = On leaving: { $readings }.
note-change = Change since the start, as the patient rates it (-7 to +7): { $change }.
note-signs = Told on being asked: { $readings }.
note-nothing-told = Nothing that the patient told is on record for this day.
note-import = A record came in: { $source }.
note-from-record = From the record: { $readings }.
note-findings = Findings: { $readings }.
note-examined = Examined: { $readings }.
note-tested = Tested, no finding: { $labels }.
note-vitals = Measured: { $readings }.
# $score $last $highest
note-score-first = { $score }: { $last } of { $highest }, the first.
# $score $last $first $least
note-score-better = { $score }: { $last }, at first { $first }: better by what people notice ({ $least }) or more.
# $score $last $first $least
note-score-worse = { $score }: { $last }, at first { $first }: worse by what people notice ({ $least }) or more.
# $score $last $first $least
note-score-within = { $score }: { $last }, at first { $first }: a change smaller than people notice ({ $least }).
note-nothing-found = No finding is on record for this day.
note-no-session = No traction was given.
# $mode $force $angle $position $holds
note-prescribed = Prescribed: { $mode }, { $force } N in the first session, angle { $angle }°, { $position }; { $holds }.
note-held = held { $minutes } minutes
# $cycles $hold $rest
note-holds = { $cycles } of { $hold } s, { $rest } s of rest between
note-supine = on the back
note-supine-legs = on the back, legs raised
note-prone = on the belly
# $region $table $force $who
note-session = Traction, { $region }, on { $table }; allowed { $force } N; attended by { $who }.
note-simulated = a simulated table
note-table = the table
# $peak $held $minutes $cause
note-given = Peak { $peak } N, held without a departure { $held } N, { $minutes } minutes, { $cause }.
note-stopped = The table says of its stop: { $why }
note-resumed = It was resumed once, at a lower ceiling.
note-leaving = Leaving check: { $readings }.
# $what $class $when
note-adverse = Adverse event, { $when }: { $what } ({ $class }).
note-card = Written advice with the warning card was handed over.
note-treated = Treated: { $readings }.
note-undecided = Nobody has screened the patient yet.
# $verdict $when
note-decision = Screening of { $when }: { $verdict }.
note-more-reasons = { $count ->
    [one] One more reason stands in the decision.
   *[other] { $count } more reasons stand in the decision.
}
# $candidate $count $until
note-plan-on = Plan in force: { $candidate }, sessions received: { $count }, until { $until }.
note-plan-none = No plan is in force.
note-consent = Consent was signed; { $who } explained it.
note-consent-withdrawn = The patient withdrew consent.
# $when $result $because
note-review = Review of { $when }: { $result }. { $because }
# $to $urgency
note-referral = Letter to { $to }: { $urgency }.
# $reason $outcome
note-discharged = Discharged: { $reason }. { $outcome }
# $what $when $response
note-therapy = Supportive therapy, { $when }: { $what }. Response: { $response }.
# $what $when $response $reaction
note-therapy-reaction = Supportive therapy, { $when }: { $what }. Response: { $response }. Reaction: { $reaction }.
note-next = Next appointment: { $when }.
note-next-none = No next appointment is booked.
