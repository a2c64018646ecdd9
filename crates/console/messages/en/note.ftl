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
# $when $result
note-check-in = Check-in of { $when }: { $result }.
note-arrival = On arrival: { $readings }.
note-discomfort = Highest discomfort told on the table: { $score } of 10.
note-leaving-told = On leaving: { $readings }.
note-no-session = No traction was given.
# $region $table $force $who
note-session = Traction, { $region }, on { $table }; allowed { $force } N; attended by { $who }.
note-simulated = a simulated table
note-table = the table
# $peak $minutes $cause
note-given = Peak { $peak } N, { $minutes } minutes, { $cause }.
note-leaving = Leaving check: { $readings }.
note-card = Written advice with the warning card was handed over.
# $verdict $when
note-decision = Screening of { $when }: { $verdict }.
# $candidate $count $until
note-plan-on = Plan in force: { $candidate }, sessions received: { $count }, until { $until }.
note-plan-none = No plan is in force.
note-next = Next appointment: { $when }.
note-next-none = No next appointment is booked.
