//! The sessions of one day together (devices H22).
//!
//! A plan signs one session at a time, so many a week. On one calendar day of the clinic
//! there are at most `day_sessions`; together they last no longer than the longest session
//! that was signed; and force times time, Σ P·t + F·T, is at most `day_impulse` · F·T.
//!
//! Symbols: P largest force of a session of the day in N, t its length in s; F the force
//! asked for in N, T the length of its profile in s. P·t is never less than the impulse, so
//! a day is never given more than it counts. The caps are ours (`dose.toml`); devices §4a
//! asks for them and gives no number. Shown by `a_day_takes_no_more_than_was_signed_for_it`.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use si::Problem;
use traction::profile::Profile;

use super::course::day;
use crate::episode::Episode;
use crate::plan::{Course, Dose};

/// Seconds since an instant.
fn since(started: Option<Timestamp>, at: Timestamp) -> f64 {
    started.map_or(0.0, |started| at.duration_since(started).as_secs_f64())
}

/// What the sessions of a day gave.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct DayTotal {
    sessions: u32,
    time_s: f64,
    force_time_n_s: f64,
}

impl DayTotal {
    /// Of the day of `at`, by every session that pulled, whatever it was for.
    pub(super) fn of(episode: &Episode, at: Timestamp, zone: &TimeZone) -> Self {
        let today = day(at, zone);
        let of_today = episode.all_sessions().filter(|session| {
            let touched = [session.started, session.ended];
            let mut touched = touched.into_iter().flatten();
            session.started.is_some() && touched.any(|instant| day(instant, zone) == today)
        });
        of_today.fold(Self::default(), |total, session| {
            let (force, time) = match &session.summary {
                Some(summary) => (summary.peak_force_n, summary.duration_s),
                // It never told: it counts as pulling since it began.
                None => (session.force_n, since(session.started, at)),
            };
            Self {
                sessions: total.sessions.saturating_add(1),
                time_s: total.time_s + time,
                force_time_n_s: total.force_time_n_s + force * time,
            }
        })
    }

    /// Whether one more session of this profile stays within what a day may have.
    pub(super) fn leaves_room(
        &self,
        profile: &Profile,
        course: &Course,
        dose: &Dose,
    ) -> Result<(), Problem> {
        if self.sessions == 0 {
            return Ok(());
        }
        let time = profile.total().seconds().get();
        let asked = profile.spec().force.get() * time;
        let common = &dose.common;
        let checks = [
            (
                "sessions",
                f64::from(self.sessions) + 1.0,
                common.day_sessions.value,
                "sessions",
            ),
            (
                "time_s",
                self.time_s + time,
                course.max_duration_s,
                "s of traction",
            ),
            (
                "impulse_n_s",
                self.force_time_n_s + asked,
                asked * common.day_impulse.value,
                "N·s of force times time",
            ),
        ];
        let over = checks.into_iter().find(|(_, value, most, _)| value > most);
        let Some((name, value, most, words)) = over else {
            return Ok(());
        };
        Err(Problem::new(
            "day-full",
            format!("day.{name}"),
            format!("{value:.0}"),
            format!("with this session the day would have more than {most:.0} {words}"),
            "give the next session on another day",
        ))
    }
}
