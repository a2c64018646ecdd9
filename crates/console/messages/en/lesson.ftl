### What sessions taught of a spine, in plain words.

learned-head = What sessions have shown
# $count $day
learned-from = { $count ->
    [one] One session was learned from, { $day }.
   *[other] { $count } sessions were learned from, the last { $day }.
}
learned-simulated = They ran on a simulated table: this is of its simulated body, not of the patient.
# $what $percent
learned-doubt = { $what }: { $percent } % of the doubt is gone
learned-little = What they showed was known before.
# $one $other
learned-tie-same = The table sees { $one } and { $other } together: more of both would look the same.
# $one $other
learned-tie-against = The table sees { $one } and { $other } together: more of one and less of the other would look the same.
learned-known = Candidates, picture and sliders know this.
learned-since = Picture and sliders know this; the candidates' own forecasts are older.
learned-drawn = { $count ->
    [one] Drawn from what one session has shown of this spine.
   *[other] Drawn from what { $count } sessions have shown of this spine.
}
learned-pending = The last session is not learned from yet.
# $day $why
learned-nothing = The session of { $day } taught nothing: { $why }
learned-unread = What was learned earlier was written by another version; forecasts start anew from published averages.
learned-why-short = no hold was reached and kept for ten seconds.
learned-why-missing = its recording is not there.
learned-why-altered = its recording was changed after it was made.
learned-why-unfit = its recording cannot be read as a session.
learned-why-foreign = its recording is of another session or table.
learned-why-region = its recording is of another region.
learned-why-person = age or plan is not on record, or the model knows no such person.
learned-why-not-computed = the model gave no answer for it.
learned-why-unsettled = the search for the most probable spine did not come to rest.
learned-why-surprising = no spine of this kind behaves so. Look at harness, slack and sensors, and at how the patient lay.
unknown-compliance = give of the discs
unknown-relief = lengthening that lying down had given before
unknown-toe = slack of the segments
unknown-tension = stiffness of the segments
unknown-compression = stiffness of the discs under weight
unknown-creep = amount of creep
unknown-fast = time of the fast creep
unknown-slow = time of the slow creep
unknown-fast-share = share of the creep that is fast
unknown-recovery = slowness of recovery
unknown-bending = stiffness in bending
unknown-ligaments = stiffness of the ligaments
unknown-facets = stiffness of the facet joints
unknown-tone = resting muscle tone
unknown-swelling = swelling pressure of the discs
unknown-pressure = pressure in the discs under load
unknown-area = cross-section of the discs
unknown-height = height of the discs
unknown-muscle = stiffness of passive muscle
unknown-guarding = guarding
unknown-friction = friction on the couch
unknown-rolling = friction of the sliding section
unknown-weight = weight of the part that moves
unknown-harness = stiffness of the harness
unknown-harness-toe = bedding-in of the harness
unknown-harness-force = force that beds the harness in
unknown-harness-creep = creep of the harness
unknown-harness-time = creep time of the harness
unknown-level = give of level { $number } from the head
