### Words of the lanes of an episode.

lanes-title = The course
lanes-today = Today
lanes-decisions = Decisions
lanes-plan = Plan { $number }
lanes-force = Force received
lanes-force-note = peak, N; discomfort below
lanes-check-ins = Check-ins
lanes-check-ins-note = told by the patient
# $good $all
lanes-well = { $good } of { $all } well or expected soreness
lanes-beside = Alongside
lanes-lower = lower is better
lanes-higher = higher is better
lanes-changed = Change since the start
lanes-changed-note = as the patient called it, −7 to +7
lanes-once = { $now }, scored once
# $now $first
lanes-now = { $now } (was { $first })
lanes-noticed = a change people notice
lanes-not-noticed = less than the { $points } points that people notice
lanes-worse = worse than at first
