### Words of the clinic's own outcomes.

nav-outcomes = Outcomes
outcomes-title = Outcomes
outcomes-head = { $count ->
    [0] No episode began in this time.
    [one] One episode began in this time
   *[other] { $count } episodes began in this time
}
outcomes-lead = Counted from this clinic's own records. No mode was given by chance, and there is no group without treatment: groups differ by who was in them, and many get better by themselves.
# $at: date and time
outcomes-counted = As of { $at }.
outcomes-since = Episodes that began
outcomes-year = 12 months
outcomes-quarter = 3 months
outcomes-all = All time
outcomes-groups = Courses by condition and mode
outcomes-group = Group
outcomes-course = Courses
# $count $over
outcomes-courses = { $count } ({ $over } over)
# $received $planned
outcomes-sessions = { $received } of { $planned } planned
outcomes-stopped = Ended before their time
outcomes-change = Change from the first score to the last
outcomes-unscored = nobody was scored twice
# $median $low $high
outcomes-median = Median { $median } points better (95 %: { $low } to { $high }).
outcomes-few = Median { $median } points better; fewer than six, no interval.
# $better $worse $count $points
outcomes-noticed = Of { $count } scored twice, { $better } better and { $worse } worse by { $points } or more.
outcomes-picture = Median gain of each group with its 95 % interval; above zero is better.
outcomes-unit = points gained; above 0 is better
outcomes-after = After sessions
outcomes-sore = Soreness that passes
outcomes-adjust = Dose to be changed
outcomes-warned = A warning sign
# $sessions $all $courses
outcomes-often = { $sessions } of { $all } sessions; in { $courses }
outcomes-undecided = Something that decides was not asked or examined.
outcomes-silent = Nobody was heard of
# $count $of $share $low $high
outcomes-share = { $count } of { $of } courses: { $share } % (95 %: { $low } to { $high })
outcomes-nothing = no course yet
outcomes-adverse = Adverse events
outcomes-harmed = Courses with one
# $events $courses
outcomes-events = { $events }; in { $courses }
outcomes-harm = Soreness and harm, by condition, mode and strength
outcomes-shared = Condition, mode or strength
outcomes-protocol = Strength: { $name }
outcomes-unnamed = { $region }, no condition named
outcomes-untreated = Who was not treated, and why
outcomes-times = { $count } ×
outcomes-turned-head = Every screening that cleared nobody
outcomes-turned-lead = Also of those who were treated later. A screening that is kept again counts again; a change of the record that made one worse counts under whoever made it.
# $verdict $often
outcomes-turned = { $verdict }: { $often }
# $screenings $episodes
outcomes-screenings = { $screenings ->
    [one] one screening
   *[other] { $screenings } screenings
} in { $episodes ->
    [one] one episode
   *[other] { $episodes } episodes
}
outcomes-by = Decided by: { $roles }.
# $role $count
outcomes-by-role = { $role } { $count }
# $count $verdict
outcomes-against = { $verdict }: { $count }
touched-head = Patients whom it touched
touched-none = Nobody of this clinic so far.
touched-now = counts now, last { $when }
touched-before = no longer, last { $when }
touched-more = Show more
touched-not-kept = Advice is worked out whenever it is shown and is kept with nobody, so nobody is named here.
fact-touched-head = Patients of whom it is recorded
