### What a pull does to a spine: the plan's sliders and the live picture.

plan-look-head = What this pull does
plan-look-lead = Moving a slider shows another pull. The plan stays as it is.
plan-look = Look
plan-look-at = See its spine
plan-look-reset = Back to the plan's own
plan-colour = Colour the spine by
plan-force-label = Force at hold
plan-angle-label = Angle of pull
plan-hold-label = Hold
plan-rest-label = Rest, at { $base } N
plan-ramp-label = Ramp
plan-rest = Rest
plan-release-label = Descent
plan-pulls = Pulls
plan-least = Weakest pull
plan-rise = Slow half of a rise
plan-swing = Oscillation below the force
plan-period = Length of an oscillation
plan-limit-label = May be changed up to
plan-chosen = Chosen
plan-chosen-from = starts from { $candidate }
# $name $value $unit
plan-shape = { $name }: { $value } { $unit }
plan-mode-static = Static
plan-mode-intermittent = Intermittent
plan-mode-cyclic = Cyclic
plan-mode-progressive = Progressive
plan-mode-regressive = Regressive
plan-mode-logarithmic = Logarithmic
plan-mode-oscillating = Oscillating
plan-choose-head = Choose the pull yourself
plan-choose-lead = Within the limits of one candidate. What is left empty follows the numbers of dose. Nothing is signed by it.
plan-choose-from = Start from
plan-choose-mode = Mode
plan-choose-show = Show its settings
plan-choose-propose = Propose with this pull
plan-by-dose = by dose
# $force $sessions $why
plan-fence-first =
    { $sessions ->
        [one] { $force } N in the next session: { $why }
       *[other] { $force } N in the next { $sessions } sessions: { $why }
    }
plan-ends = Why each slider stands where it stands, and ends where it ends
# $value $unit $why
plan-own = The plan: { $value } { $unit }. { $why }
# $value $unit $why
plan-end-least = { $value } { $unit } at least: { $why }
# $value $unit $why
plan-end-most = { $value } { $unit } at most: { $why }
plan-end-weakest = the weakest pull of a table's loop (ours)
plan-end-swings = the weakest pull above a base of { $base } N, which a cyclic pull needs (ours)
plan-end-along = along the table; nothing below its plane is offered (ours)
plan-end-steep-back = the most that makers claim for the low back; no measurement was found that bears an angle out
plan-end-steep-neck = the most that is taught for the neck; that an angle reaches one level is contested
plan-end-shortest = the shortest that a table's loop holds or rests (ours)
plan-end-slowest = the slowest ramp of a table's loop (ours)
# $minutes $why
plan-end-longest = the whole then lasts { $minutes } min. { $why }
plan-end-of-plan = the plan's own limit
# $words $whom
plan-cited = { $words } ({ $whom })
plan-of-ours = ours
plan-output-opening = Opens
plan-output-pressure = Pressure, from rest
plan-elongation = All levels together through the session, mm longer
plan-elongation-desc = Elongation of the treated part of the spine over time, the middle and nine of ten simulated spines
plan-elongation-held = { $mm } mm at the last hold
plan-elongation-band = 9 of 10 spines
plan-doubt-comes = The middle spine. How sure we are follows at once.
# $level $mid $low $high
plan-target-opens = { $level } opens about { $mid } mm at the last hold, somewhere between { $low } and { $high }.
plan-members = Bars hold 9 of 10 of { $count } simulated spines of this build; an opening is never shown tighter than ±0.5 mm. A forecast, not a measurement; nothing is decided by it.
# $force $sessions
plan-beyond-first =
    { $sessions ->
        [one] More than the next session may pull: no more than { $force } N in it.
       *[other] More than the next { $sessions } sessions may pull: no more than { $force } N until then.
    }
plan-only-looked = This is not the plan: to change the plan, propose again.
plan-no-prediction = No prediction.
plan-look-lost = The prediction did not arrive. Move the slider again.
plan-warn-extrapolated = The pull is greater than what elongations were measured at; beyond it the model extrapolates.
plan-warn-person = Age or weight lies outside the people that were measured.
plan-warn-degenerated = No tension measurement of strongly degenerated discs was found; their share is ours.
plan-warn-curved = No measurement of a sideways curved spine under traction was found.
plan-warn-specimens = How a neck stretches was measured on specimens; in life only which side opens more.
plan-warn-angled = Of a pull on the loins at an angle, only which side opens more was found measured.
live-spine = This spine now, estimated from the measured force
live-spine-desc = Opening of each level in mm, each ± 0.5 at least: { $levels }
live-spine-note = Opening in mm, ± 0.5 at least, estimated, drawn { $times } ×.
live-spine-held = No force is measured now: the last one is taken. Drawn { $times } ×.
live-spine-none = No picture of this spine: age or plan is not on record.
