//! Words of the clinic's own outcomes.

use super::{Say, messages};

messages! {
    nav_outcomes = "Outcomes";
    outcomes_title = "Outcomes";
    outcomes_head_none = "No episode began in this time.";
    outcomes_head_one = "One episode began in this time";
    outcomes_head(count) = "{count} episodes began in this time";
    outcomes_lead = "Counted from this clinic's own records. No mode was given by chance, and there is no group without treatment: groups differ by who was in them, and many get better by themselves.";
    outcomes_since = "Episodes that began";
    outcomes_year = "12 months";
    outcomes_quarter = "3 months";
    outcomes_all = "All time";
    outcomes_groups = "Courses by condition and mode";
    outcomes_group = "Group";
    outcomes_course = "Courses";
    outcomes_courses(count, over) = "{count} ({over} over)";
    outcomes_sessions(received, planned) = "{received} of {planned} planned";
    outcomes_stopped = "Ended before their time";
    outcomes_change = "Change from the first score to the last";
    outcomes_unscored = "nobody was scored twice";
    outcomes_median(median, low, high) = "Median {median} points better (95 %: {low} to {high}).";
    outcomes_few(median) = "Median {median} points better; fewer than six, no interval.";
    outcomes_noticed(better, worse, count, points) = "Of {count} scored twice, {better} better and {worse} worse by {points} or more.";
    outcomes_picture = "Median gain of each group with its 95 % interval; above zero is better.";
    outcomes_unit = "points gained; above 0 is better";
    outcomes_after = "After sessions";
    outcomes_sore = "Soreness that passes";
    outcomes_adjust = "Dose to be changed";
    outcomes_warned = "A warning sign";
    outcomes_often(sessions, all, courses) = "{sessions} of {all} sessions; in {courses}";
    outcomes_undecided = "Something that decides was not asked or examined.";
    outcomes_silent = "Nobody was heard of";
    outcomes_share(count, of, share, low, high) = "{count} of {of} courses: {share} % (95 %: {low} to {high})";
    outcomes_nothing = "no course yet";
    outcomes_adverse = "Adverse events";
    outcomes_harmed = "Courses with one";
    outcomes_untreated = "Who was not treated, and why";
    outcomes_against(count, verdict) = "{verdict}: {count}";
    touched_head = "Patients whom it touched";
    touched_none = "In nobody's screening that counts now.";
    touched_more = "and others";
}

impl Say {
    /// A period of episodes.
    #[must_use]
    pub fn outcomes_period(self, key: &str) -> String {
        match key {
            "year" => self.outcomes_year(),
            "quarter" => self.outcomes_quarter(),
            _ => self.outcomes_all(),
        }
    }
}
