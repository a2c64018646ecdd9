//! The status stream of a session: words for the page, numbers for the drawing.

mod shown;
mod stream;

use care::episode::Episode;
use serde::Serialize;
use table::wire::Status;
use uuid::Uuid;

pub use self::shown::Shows;
pub use self::stream::stream;
use super::session::Controls;
use crate::app::App;
use crate::bedside::Live;
use crate::messages::Say;

/// What the page shows, by the name it shows it under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Words {
    /// Force, N, or a question mark.
    pub force: String,
    /// Set-point and ceiling.
    pub set: String,
    /// The lowest bound of the moment; empty where nothing limits.
    pub limit: String,
    /// Time left.
    pub left: String,
    /// Of how long in all.
    pub total: String,
    /// Phase and cycle.
    pub phase: String,
    /// Stage of the session.
    pub stage: String,
    /// Discomfort as told last.
    pub comfort: String,
    /// What holds the force down.
    pub limiter: String,
    /// What the record says against any more force; empty while nothing does.
    pub record: String,
    /// The link.
    pub link: String,
    /// The patient's switch.
    pub switch: String,
    /// That the patient is to be asked now; empty while the last answer is young.
    pub ask: String,
    /// How punctual the loop is.
    pub health: String,
    /// What the table lacks or lags with; empty while it does neither.
    pub lacks: String,
    /// Who controls the table.
    pub control: String,
    /// What the page's button for control says.
    pub take: String,
    /// Who asks for control.
    pub asking: String,
    /// `none`, `care` or `stop`.
    #[serde(skip)]
    pub level: &'static str,
    /// The stage's word, for what the page offers.
    #[serde(skip)]
    pub state: String,
}

/// The words for what the table said last.
#[must_use]
pub fn words(t: Say, live: &Live, here: bool) -> Words {
    match live.status.as_ref().filter(|_| here) {
        Some(status) => of_status(t, live, status),
        None => Words {
            force: t.live_unknown(),
            set: t.live_set_none(),
            limit: String::new(),
            left: t.live_unknown(),
            total: String::new(),
            phase: t.unknown(),
            stage: t.live_not_here(),
            comfort: t.live_unknown(),
            limiter: t.live_not_here(),
            record: String::new(),
            link: if live.connected {
                t.live_link_none()
            } else {
                t.live_link_lost()
            },
            switch: t.unknown(),
            ask: String::new(),
            health: String::new(),
            lacks: String::new(),
            control: String::new(),
            take: String::new(),
            asking: String::new(),
            level: if live.connected { "none" } else { "stop" },
            state: "absent".into(),
        },
    }
}

impl Words {
    /// With what the record and control of the table add.
    #[must_use]
    pub fn with(self, record: String, controls: &Controls) -> Self {
        Self {
            record,
            ask: controls.patient.clone(),
            control: controls.words.clone(),
            take: controls.take.clone(),
            asking: controls.asking.clone(),
            ..self
        }
    }
}

fn of_status(t: Say, live: &Live, status: &Status) -> Words {
    let answered = status.force_a_n.is_some() || status.force_b_n.is_some();
    let (limiter, level) = limiter(t, status);
    let (left, total) = left(t, status);
    Words {
        force: if answered {
            newtons(status.force_n)
        } else {
            t.live_unknown()
        },
        set: set(t, status),
        limit: t.limit(&status.limit),
        left,
        total,
        phase: phase(t, status),
        stage: t.stage(&status.stage),
        comfort: status
            .comfort
            .map_or_else(|| t.live_unknown(), |score| score.to_string()),
        limiter,
        record: String::new(),
        link: link(t, live, status),
        switch: if status.switch_pressed {
            t.live_switch_on()
        } else {
            t.live_switch_off()
        },
        ask: String::new(),
        health: health(t, status),
        lacks: lacks(t, status),
        control: String::new(),
        take: String::new(),
        asking: String::new(),
        level: if live.connected { level } else { "stop" },
        state: status.stage.clone(),
    }
}

/// Whole newtons; what a cell reads a little below nothing is nothing.
fn newtons(force: f64) -> String {
    format!("{:.0}", force.round() + 0.0)
}

/// Whether the table follows a set-point; before it begins and once it lets go there is none.
fn driven(status: &Status) -> bool {
    matches!(
        status.stage.as_str(),
        "take-up" | "running" | "paused" | "ending"
    )
}

fn set(t: Say, status: &Status) -> String {
    let ceiling = newtons(status.ceiling_n);
    match driven(status) {
        true => t.live_set(newtons(status.set_point_n), ceiling),
        false => t.live_set_ceiling(ceiling),
    }
}

/// The phase of the plan while the plan is followed, else what the table does instead.
fn phase(t: Say, status: &Status) -> String {
    match status.stage.as_str() {
        "running" => t.live_phase_cycle(t.phase(&status.phase), status.cycle),
        stage => t.stage(stage),
    }
}

/// Time left, and of how long; once it was let go no time runs, and what was left is said.
fn left(t: Say, status: &Status) -> (String, String) {
    let left = clock(status.remaining_s);
    match status.stage.as_str() {
        "unloading" | "unloaded" | "complete" if status.remaining_s > 0.0 => {
            (t.live_left_none(), t.live_not_given(left))
        }
        _ => {
            let total = t.live_of(clock(status.elapsed_s + status.remaining_s));
            (left, total)
        }
    }
}

/// That the patient stopped it on their own page, and what the record says against any more
/// force.
#[must_use]
pub fn record(app: &App, t: Say, (episode, session): (&Episode, Uuid)) -> String {
    let asked = app.asked.of(session).map(|at| {
        let at = at.to_zoned_datetime(app.clinic.zone().clone());
        t.on_table_asked(at.strftime("%H:%M:%S"))
    });
    let against = if episode.suspended().next().is_some() {
        Some(t.suspended_now())
    } else {
        episode.consent.is_none().then(|| t.live_no_consent())
    };
    let told: Vec<String> = [asked, against].into_iter().flatten().collect();
    told.join(" ")
}

/// A latched stop first, then what limits now.
fn limiter(t: Say, status: &Status) -> (String, &'static str) {
    if let Some(latch) = &status.latch {
        return (t.live_latched(t.matter(latch)), "stop");
    }
    match (&status.limiter, &status.held) {
        (Some(cause), _) | (None, Some(cause)) => (
            t.live_limiter(t.action(&status.action), t.matter(cause)),
            "care",
        ),
        (None, None) => match status.stage.as_str() {
            "running" => (t.live_limiter_none(), "none"),
            "armed" => (t.live_limiter_armed(), "none"),
            stage => (t.stage(stage), "none"),
        },
    }
}

fn link(t: Say, live: &Live, status: &Status) -> String {
    if !live.connected {
        return t.live_link_lost();
    }
    match (&status.lease, status.link_age_ms) {
        (Some(_), Some(age)) => t.live_link_ok(age),
        _ => t.live_link_none(),
    }
}

/// How punctual the loop is.
fn health(t: Say, status: &Status) -> String {
    let figures = &status.loop_figures;
    let ms = |micros: u64| format!("{:.1}", micros as f64 / 1000.0);
    t.live_health(ms(figures.p99_us), ms(figures.max_us), figures.missed)
}

/// What is not as it should be at the table, which the page never hides.
fn lacks(t: Say, status: &Status) -> String {
    let (figures, ring) = (&status.loop_figures, &status.ring);
    let lags = ring.failing || ring.lost > 0;
    let parts = [
        (!figures.memory_locked).then(|| t.live_health_memory()),
        lags.then(|| t.live_health_disk(ring.waiting, ring.lost)),
        (status.sounder.name == "none").then(|| t.live_health_sounder()),
        status.service_due.then(|| t.live_health_service()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Minutes and seconds.
pub(super) fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0).round();
    format!("{:.0}:{:02.0}", (whole / 60.0).floor(), whole % 60.0)
}

async fn of_record(app: &App, t: Say, (patient, session): (Uuid, Uuid)) -> String {
    let chart = app.clinic.chart(patient).await;
    chart.map_or_else(
        |_| t.live_unknown(),
        |chart| record(app, t, (&chart.episode, session)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Locale;
    use crate::pages::alarms::blank_status;

    fn at(stage: &str) -> Words {
        let status = Status {
            stage: stage.to_owned(),
            force_n: -0.3,
            force_a_n: Some(-0.3),
            set_point_n: 152.0,
            ceiling_n: 160.0,
            remaining_s: 351.0,
            ..blank_status()
        };
        let live = Live {
            status: Some(status),
            connected: true,
            ..Live::default()
        };
        let say = Say {
            locale: Locale::English,
        };
        words(say, &live, true)
    }

    #[test]
    fn a_cell_a_little_below_nothing_reads_nothing() {
        assert_eq!(at("unloaded").force, "0");
    }

    #[test]
    fn what_does_not_pull_says_so_and_no_phase_of_the_plan() {
        let armed = at("armed");
        assert_eq!(armed.phase, "Armed");
        assert_eq!(armed.limiter, "Waiting for the start: nothing pulls");
        assert_eq!(armed.set, "ceiling 160 N");
        let stopped = at("unloaded");
        assert_eq!(stopped.phase, "Stopped, unloaded");
        assert_eq!(stopped.set, "ceiling 160 N");
        assert_eq!((&*stopped.left, &*stopped.total), ("–", "5:51 not given"));
        assert_eq!(at("paused").phase, "Paused");
        let running = at("running");
        assert_eq!(running.phase, "Hold, pull 1");
        assert_eq!(running.set, "set-point 152 N · ceiling 160 N");
        assert_eq!(running.limiter, "Following the plan");
    }
}
