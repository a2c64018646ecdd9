//! Mode, times and limit of a candidate, held against the numbers of dose.
//!
//! A candidate of the knowledge has the mode and the holds of dose. One that a
//! practitioner chose may have any mode and any times within those of the candidate it
//! starts from, and never more force. Shown by `a_chosen_candidate_beyond_its_own_is_unsound`.

use si::{Newtons, Problem};
use traction::profile::SHORTEST_HOLD;

use super::sound::{Check, hold, within};
use super::{Candidate, Course, Prescription, PullMode};

/// A profile is counted in ticks; its ramps are rounded to them.
const TICKS: f64 = 1.0;

impl Prescription {
    /// Whether a session at the ceiling of its course lasts no longer than any may. The
    /// base stays behind when the force grows, so that swings grow longer.
    pub(super) fn fits(&self, course: &Course) -> bool {
        let top = course.ceiling_n.max(self.force_n);
        let profile = self.profile(Newtons::raw(top));
        profile.is_ok_and(|profile| profile.total().seconds().get() <= course.max_duration_s)
    }
}

impl Check<'_> {
    /// Mode, holds, rests and the length of the whole.
    pub(super) fn time(&self, candidate: &Candidate) -> Result<(), Problem> {
        let (pull, course) = (&candidate.prescription, &candidate.course);
        self.mode(candidate)?;
        match self.own {
            Some(own) => self.chosen(candidate, own)?,
            None => self.turns(pull)?,
        }
        let longest = self.longest(candidate);
        within(self.pull_at("hold_s"), pull.hold_s, 1.0, longest)?;
        within(self.pull_at("rest_s"), pull.rest_s, 0.0, longest)?;
        if let Some(limit) = pull.ceiling_n {
            let place = self.pull_at("ceiling_n");
            within(place, limit, pull.force_n, course.ceiling_n)?;
        }
        let total = self.total(pull, pull.force_n)?;
        hold(
            total <= longest + TICKS,
            self.pull_at("hold_s"),
            pull.hold_s,
            format!("the whole lasts {total:.0} s, longer than {longest} s"),
        )?;
        let (top, most) = (course.ceiling_n.max(pull.force_n), course.max_duration_s);
        let total = self.total(pull, top)?;
        hold(
            total <= most + TICKS,
            self.pull_at("cycles"),
            pull.cycles,
            format!("at {top} N the whole would last {total:.0} s, longer than {most} s"),
        )
    }

    /// How long a session at this force lasts, s.
    fn total(&self, pull: &Prescription, force_n: f64) -> Result<f64, Problem> {
        let profile = pull.profile(Newtons::raw(force_n));
        let profile = profile.map_err(|found| Problem {
            place: format!("candidates.{}.{}", self.name, found.place),
            ..found
        })?;
        Ok(profile.total().seconds().get())
    }

    /// How long the whole may last.
    fn longest(&self, candidate: &Candidate) -> f64 {
        let numbers = self.numbers();
        if candidate.course.first_sessions == 0 {
            return numbers
                .later_time
                .value
                .min(candidate.course.max_duration_s);
        }
        let first = match (self.own, self.caps_of) {
            (Some(_), "gentle") => &numbers.first_time_gentle,
            (Some(_), "standard") => &numbers.first_time_standard,
            _ => &numbers.first_time_firm,
        };
        first.value
    }

    fn mode(&self, candidate: &Candidate) -> Result<(), Problem> {
        let first = candidate.course.first_sessions > 0;
        let mode = candidate.prescription.mode;
        let own = self.settings.row.and_then(|row| row.mode.as_ref());
        let allowed = match (self.own, own) {
            (Some(_), Some(own)) => !own.only || own.value == mode,
            (Some(_), None) => true,
            (None, Some(own)) => mode == own.value && (!first || own.from_first),
            (None, None) => mode == PullMode::Intermittent && self.name == "firm" && !first,
        };
        hold(
            mode == PullMode::Static || allowed,
            self.pull_at("mode"),
            mode.as_str(),
            "this candidate is static, or of another mode",
        )
    }

    /// What was chosen pulls no harder than the candidate it starts from.
    fn chosen(&self, candidate: &Candidate, own: &Candidate) -> Result<(), Problem> {
        let (pull, course) = (&candidate.prescription, &candidate.course);
        let most = own.prescription.force_n;
        within(self.pull_at("force_n"), pull.force_n, 1.0, most)?;
        let first = (own.course.first_ceiling_n * self.share()).max(most);
        let place = self.course_at("first_ceiling_n");
        within(place, course.first_ceiling_n, 0.0, first)?;
        let rest_of_course = Course {
            first_ceiling_n: own.course.first_ceiling_n,
            ..course.clone()
        };
        hold(
            rest_of_course == own.course,
            self.course_at("sessions"),
            course.sessions,
            "the course is not that of the candidate it starts from",
        )?;
        let least = SHORTEST_HOLD.get();
        within(
            self.pull_at("hold_s"),
            pull.hold_s,
            least,
            self.longest(candidate),
        )
    }

    /// Holds and rests of pulls that repeat are those of dose.
    fn turns(&self, pull: &Prescription) -> Result<(), Problem> {
        if pull.mode == PullMode::Static {
            return Ok(());
        }
        let numbers = self.numbers();
        let turns = [
            ("hold_s", pull.hold_s, numbers.hold.value),
            ("rest_s", pull.rest_s, numbers.rest.value),
        ];
        turns
            .into_iter()
            .try_for_each(|(name, value, only)| within(self.pull_at(name), value, only, only))
    }
}
