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
    /// How punctual the loop is, and what lags beside it.
    pub health: String,
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
    Words {
        force: if answered {
            format!("{:.0}", status.force_n)
        } else {
            t.live_unknown()
        },
        set: t.live_set(
            format!("{:.0}", status.set_point_n),
            format!("{:.0}", status.ceiling_n),
        ),
        limit: t.limit(&status.limit),
        left: clock(status.remaining_s),
        total: t.live_of(clock(status.elapsed_s + status.remaining_s)),
        phase: t.live_phase_cycle(t.phase(&status.phase), status.cycle),
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
        control: String::new(),
        take: String::new(),
        asking: String::new(),
        level: if live.connected { level } else { "stop" },
        state: status.stage.clone(),
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
        (None, None) => (t.live_limiter_none(), "none"),
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

/// How punctual the loop is, and whatever does not keep up with it.
fn health(t: Say, status: &Status) -> String {
    let (figures, ring) = (&status.loop_figures, &status.ring);
    let ms = |micros: u64| format!("{:.1}", micros as f64 / 1000.0);
    let lags = ring.failing || ring.lost > 0;
    let parts = [
        Some(t.live_health(ms(figures.p99_us), ms(figures.max_us), figures.missed)),
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
