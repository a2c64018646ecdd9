### Words of letters to other places.

referral-title = Referral letters
referral-head-new = Write to whoever should look at this.
referral-head-open = Letters without an answer: { $count }.
referral-head-closed = Every letter has its answer.
referral-lead = Filled in from the record: read it, correct it, sign it.
referral-go = Referral letter
referral-another = Write another letter
referral-to = To
referral-to-physician = The patient's own physician
referral-urgency = How soon they are asked to act
referral-reason = The reason, read first
referral-onset = Since when
referral-first-told = first told { $when }
referral-onset-hint = As exactly as it is known; write unknown if nobody knows.
referral-findings = Course, findings and what was done here
referral-request = What is asked of them
referral-ask-emergency = Please examine at once, and image as you see fit. We give no traction until we hear from you.
referral-ask-urgent = Please examine within the next days. We give no traction until we hear from you.
referral-ask-routine = Please tell us what you think of this, and whether anything speaks against traction.
referral-received = Received in the last 72 hours: { $what }.
referral-sign = Sign the letter
referral-refused = The letter was not signed: { $problem }.
# $urgency $to
referral-line = { $urgency }, to { $to }
# $who $when
referral-signed = Signed by { $who }, { $when }.
referral-reminded = Nobody had told what came of it on { $when }.
# $letter $days
referral-age = { $days ->
    [0] { $letter }: since today
    [one] { $letter }: for a day
   *[other] { $letter }: for { $days } days
}
referral-open = Letters that wait for an answer
referral-waits = waits for an answer
referral-end = What came of it
referral-end-words = What they found, or why nothing came
referral-answered = They answered
referral-not-seen = The patient was not seen there
referral-withdrawn = Not needed any more
referral-close = Close the letter
# $end $who $when $words
referral-closed = { $end }, told by { $who }, { $when }: { $words }
referral-pdf = The letter (PDF)
# $reason $onset
referral-first-line = { $reason } Since: { $onset }.
referral-paper-to = To
referral-paper-urgency = Urgency
referral-paper-phone = Patient's telephone
referral-paper-left-out = Left out so that this is one page: { $count ->
    [one] one more finding. It is
   *[other] { $count } more findings. They are
} on record with us: ask.
# $clinic $phone
referral-paper-answer = Please tell { $clinic } what you find: { $phone }.
# $who $licence $when
referral-paper-signed = Signed electronically by { $who } { $licence }, { $when }
