### Words of the patient's own pages, and of single events.

recorded-title = The force of the session
recorded-stops = { $count ->
    [0] no stop
    [one] one stop
   *[other] { $count } stops
}
# $seconds $peak $stops
recorded-desc = Force against time over { $seconds } s: at most { $peak } N, { $stops }.
# $when $what
received-line = { $when }: { $what }
course-points = { $points ->
    [one] one point
   *[other] { $points } points
}
asks-examination = examine
asks-measurement = measure
asks-record = look it up in a record
asks-test = needs a test or image
asks-attendant = the attendant checks
# $title $first $last
course-desc = { $title }: from { $first } to { $last }
course-days = days
# $change $now
course-better = Pain is down { $change }, to { $now }.
# $change $now
course-worse = Pain is up { $change }, to { $now }.
course-same = Pain is where it began, at { $now }.
# $force $minutes
plan-curve-desc = Force over time, up to { $force } N for { $minutes } minutes
plan-fence = first sessions
plan-opening-desc = Estimated opening of each level with its interval, never narrower than half a millimetre either way
plan-spine-note = Opening drawn { $times } times larger. Intervals are shown beside.
checkin-title = How are you?
checkin-head = How are you after the session?
checkin-lead = It takes about a minute. Answer for now, not for last week.
checkin-send = Send to the clinic
checkin-send-rest = Send the rest
checkin-red-flags = First: any of these?
checkin-rest = New or worse since the session? Tick it.
checkin-none = None of these
checkin-gone = This link does not answer any more.
checkin-gone-remedy = It was used up or is too old. Ask the clinic for a new one.
checkin-early = Nothing is asked yet.
# $when $phone
checkin-early-lead = The next check-in opens { $when }. If something is wrong, do not wait: answer below, or call { $phone }.
checkin-over-lead = The check-ins after this session are over. If something is wrong, do not wait: answer below, or call { $phone }.
site-back = Back
site-neck = Neck
site-leg-left = Left leg
site-leg-right = Right leg
site-arm-left = Left arm
site-arm-right = Right arm
checkin-unsent = This has not reached your clinic.
checkin-told = Your clinic has this now, on its first page. Do not wait for a call.
checkin-waiting = There is no connection. Your answers are kept on this phone and sent when there is one. If you close this page, open it again later. If something is wrong, do not wait: call { $phone }.
checkin-former = You began to answer here before, and did not send it:
checkin-former-lead = It was about how you were then. Take it only if it is still so.
checkin-former-use = It is still so: fill it in
checkin-former-drop = Start afresh
checkin-gone-done = I have told them: forget it
checkin-copy = There is no connection. This is the form as your phone kept it: answer it now, it is sent later.
checkin-by-phone = It is kept on this phone. It is sent when there is a connection: leave this page open, or open it again. Your phone reads your answers by the rules of the clinic:
kept-today-lead = Call the clinic: { $phone }. If you cannot reach us, see another doctor today. Have no session before then.
kept-adjust-lead = Have no session before your practitioner has looked at this. To be sure that they know, call { $phone }.
checkin-start-offline = There is no connection. Open the link again when there is one. If something is wrong, do not wait: call.
checkin-gone-unsent = What you answered without a connection was not sent. Call the clinic and tell them.
checkin-app = { $clinic }: how are you?
checkin-app-short = How are you?
checkin-start-title = How are you after the session?
checkin-start-lead = Open the last link that your clinic sent you, once. From then on this page leads to it.
checkin-call = Call the clinic: { $phone }
checkin-answered = You answered { $when }.
checkin-again = Tell us something new
lost-answers = Your answers did not reach the clinic.
lost-answers-remedy = Go back: they are still there. Send them again in a moment.
lost-answer-head = One answer could not be read.
lost-answer-remedy = Go back: your answers are still there. Look at this one, then send again: { $place }
lost-nothing-head = Nothing was answered.
lost-nothing-remedy = Go back and answer at least one question, then send.
lost-wait-remedy = Wait { $seconds } seconds, go back and send again.
lost-call = If it does not work, or something is wrong, call the clinic: { $phone }.
checkin-back = That was a wrong answer: go back
emergency-head = Go to the emergency department now.
emergency-why = This can mean that nerves or blood vessels are in danger. Hours matter. Do not drive yourself. Do not wait for a call.
emergency-undo = Was it a wrong tap? Answer “No” to that question: it is still there, above this.
emergency-call = Call { $number }
emergency-say = Say this at the desk:
emergency-words = I had spinal traction at a clinic. I have new signs that need to be checked at once.
# $when $phone
emergency-told = Your answers are recorded for your clinic since { $when } and shown on its first page. No telephone rings there by itself: if nobody calls you back, call { $phone }. All your sessions are stopped.
result-emergency = Go to the emergency department now.
result-today = Please be seen today.
result-progress = How it has gone so far
result-next-head = Your next appointment
result-next = { $when }. If anything changes before then, tell us.
result-today-lead = Call the clinic: { $phone }. If you cannot reach us, see another doctor today. Sessions are stopped until then.
result-adjust = We will change something.
result-adjust-lead = Your next session waits until your practitioner has looked at this.
result-expected = This is expected soreness.
result-expected-lead = It is local and usually gone in a day or two.
result-well = Good: nothing new.
result-well-lead = Thank you. We will ask again as agreed.
result-contact = We will call you.
result-contact-lead = Your answers are on the first page of your clinic. If nobody calls you today, call { $phone }.
result-tonight = What to do now
result-when-to-call = Call at once if you notice any of these: numbness between the legs; trouble with bladder or bowel; new weakness; pain further down the leg or arm. Call, too, if you feel very unwell.
result-open = You did not answer
result-open-lead = So we do not know whether something dangerous is there. If any of these is a yes, or you are not sure, call the clinic now: { $phone }.
result-open-emergency = If nobody answers there, or you feel very unwell, call { $number }.
result-why = Why we say so
entry-registered = Registered
entry-contact-changed = Contact data changed
entry-record-imported = Record imported
entry-facts-recorded = Answers recorded
entry-conflict-resolved = Disagreement settled
entry-clearance-filed = Clearance filed
entry-rule-overridden = Rule overridden
entry-permission-withdrawn = Clearance or override withdrawn
entry-decided = Decision
entry-consent-given = Consent given
entry-consent-withdrawn = Consent withdrawn
entry-plan-proposed = Plan proposed
entry-plan-signed = Plan signed
entry-arrival-recorded = Arrived
entry-start-checked = Pre-start list
entry-grant-issued = Session permitted
entry-session-started = Session started
entry-session-reported = Report in the session
entry-session-ended = Session ended
# $peak $held $minutes $comfort $cause
entry-session-gave = Peak { $peak } N, { $held }, { $minutes } min recorded, worst discomfort { $comfort }; { $cause }
entry-stop-explained = Stop explained
entry-spine-learned = Session learned from
entry-leaving-checked = Leaving check
entry-link-issued = Check-in link made
entry-check-in-answered = Check-in answered
entry-appointment-missed = Appointment missed
entry-appointment-kept = Came to the appointment after all
entry-check-in-missed = Check-in without reply
entry-check-in-begun = Check-in begun
entry-check-in-abandoned = Check-in begun and not sent
entry-note-signed = Note signed
entry-note-amended = Note added to
entry-examination-noted = Note of an examination signed
entry-examination-amended = Note of an examination added to
entry-triaged = Triage
entry-suspended = Sessions suspended
entry-suspension-lifted = Suspension lifted
entry-adverse-event-opened = Adverse event opened
entry-adverse-event-noted = Adverse event: note
entry-adverse-event-closed = Adverse event closed
entry-referral-written = Referral letter signed
entry-referral-overdue = Nothing came of the referral yet
entry-referral-closed = Referral closed
entry-notified = On-call contact told
entry-acknowledged = Alarm taken
entry-therapy-recorded = Other therapy
entry-reviewed = Review
entry-discharged = Discharged
entry-reopened = New episode
entry-other = { $kind }
