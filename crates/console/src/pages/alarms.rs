//! Alarms as a page shows them: the most urgent first, with who has seen them.
//!
//! Colours, flashing and bursts are those of IEC 60601-1-8 (devices.md, its row): high red and
//! flashing 1.4–2.8 times a second, medium yellow at 0.4–0.8, low steady; the sound is
//! the table's own, made by the same function. Which alarms there are, how long silence
//! lasts and what an acknowledgement ends is the bedside's to say: a page only shows it.
//! Shown by `tests/alarms.rs` and `tests/browser/alarms.test.mjs`.

use serde::Serialize;
use table::wire::{AlarmNow, AlarmPriority, Status};

use super::live::clock;
use crate::messages::Say;

/// The alarms of one status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Alarms {
    /// One line each.
    pub lines: Vec<Line>,
    /// What is to be heard now: `high`, `medium`, `low`, or nothing.
    pub heard: &'static str,
    /// What the button for silence says.
    pub silence: String,
    /// Whether alarms are silent now.
    pub silent: bool,
}

/// One alarm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its name on the wire.
    pub name: String,
    /// What is the matter.
    pub words: String,
    /// `high`, `medium` or `low`.
    pub priority: &'static str,
    /// The same in words.
    pub urgency: String,
    /// Since when, minutes and seconds.
    pub age: String,
    /// Whether somebody has seen it.
    pub acknowledged: bool,
    /// The same in words; empty while nobody has.
    pub seen: String,
}

impl Alarms {
    /// As a status tells them.
    #[must_use]
    pub fn of(t: Say, status: Option<&Status>) -> Self {
        let Some(status) = status else {
            return Self {
                silence: t.alarm_silence(),
                ..Self::default()
            };
        };
        let silent = status.silenced_s > 0.0;
        let open = status.alarms.iter().filter(|alarm| !alarm.acknowledged);
        let loudest = open.map(|alarm| alarm.priority).max().filter(|_| !silent);
        Self {
            lines: status.alarms.iter().map(|alarm| line(t, alarm)).collect(),
            heard: loudest.map_or("", AlarmPriority::as_str),
            silence: match silent {
                true => t.alarm_silenced(clock(status.silenced_s)),
                false => t.alarm_silence(),
            },
            silent,
        }
    }
}

/// From one burst to the next while nobody has seen an alarm, ms, as at the table.
#[must_use]
pub fn repeat() -> String {
    let [low, medium, high] = table::alarm::REPEAT_MS;
    format!(r#"{{"low":{low},"medium":{medium},"high":{high}}}"#)
}

fn line(t: Say, alarm: &AlarmNow) -> Line {
    Line {
        name: alarm.cause.clone(),
        words: t.matter(&alarm.cause),
        priority: alarm.priority.as_str(),
        urgency: match alarm.priority {
            AlarmPriority::High => t.alarm_high(),
            AlarmPriority::Medium => t.alarm_medium(),
            AlarmPriority::Low => t.alarm_low(),
        },
        age: clock(alarm.age_s),
        acknowledged: alarm.acknowledged,
        seen: match alarm.acknowledged {
            true => t.alarm_acknowledged(),
            false => String::new(),
        },
    }
}

/// What a table says of itself that runs and has nothing to tell, for tests.
#[cfg(test)]
pub(crate) fn blank_status() -> Status {
    let blank = serde_json::json!({
        "session": null, "last_session": null, "last_reason": null, "simulated": true,
        "speed": 1, "tick": 0, "stage": "running", "phase": "hold", "cycle": 1,
        "force_n": 0.0, "force_a_n": null, "force_b_n": null, "set_point_n": 0.0,
        "target_n": 0.0, "ceiling_n": 0.0, "peak_n": 0.0, "impulse_n_s": 0.0,
        "travel_mm": null, "elapsed_s": 0.0, "remaining_s": 0.0, "action": "none",
        "limiter": null, "latch": null, "latch_kind": null, "held": null, "pause": null,
        "may_resume": false, "closes_day": false, "comfort": null, "switch_pressed": false,
        "alarm": true, "lease": null, "link_age_ms": null, "stop": null,
        "loop_figures": {"wakes": 0, "p99_us": 0, "max_us": 0, "missed": 0, "memory_locked": true},
        "ring": {"waiting": 0, "lost": 0, "written": 0, "failing": false},
    });
    serde_json::from_value(blank).expect("a status of today")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Locale;

    fn status(alarms: &[(AlarmPriority, bool)], silenced_s: f64) -> Status {
        let mut status = super::blank_status();
        let alarm = |(priority, acknowledged): &(AlarmPriority, bool)| AlarmNow {
            cause: "link-lost".into(),
            priority: *priority,
            age_s: 71.4,
            acknowledged: *acknowledged,
        };
        status.alarms = alarms.iter().map(alarm).collect();
        status.silenced_s = silenced_s;
        status
    }

    fn heard(alarms: &[(AlarmPriority, bool)], silenced_s: f64) -> &'static str {
        let say = Say {
            locale: Locale::English,
        };
        Alarms::of(say, Some(&status(alarms, silenced_s))).heard
    }

    /// hazard: H23
    #[test]
    fn the_most_urgent_alarm_that_nobody_has_seen_is_heard_unless_silenced() {
        use AlarmPriority::{High, Low, Medium};
        assert_eq!(heard(&[(Medium, false), (High, false)], 0.0), "high");
        assert_eq!(heard(&[(High, true), (Low, false)], 0.0), "low");
        assert_eq!(heard(&[(High, true)], 0.0), "");
        assert_eq!(heard(&[(High, false)], 119.0), "");
        assert_eq!(heard(&[], 0.0), "");
    }

    #[test]
    fn a_line_says_what_how_urgent_since_when_and_who_has_seen_it() {
        let say = Say {
            locale: Locale::English,
        };
        let alarms = Alarms::of(say, Some(&status(&[(AlarmPriority::High, true)], 61.0)));
        let line = &alarms.lines[0];
        assert_eq!(
            (line.words.as_str(), line.age.as_str()),
            ("Link lost", "1:11")
        );
        assert_eq!(
            (line.urgency.as_str(), line.seen.as_str()),
            ("High", "acknowledged")
        );
        assert_eq!(alarms.silence, "Silent for 1:01");
    }
}
