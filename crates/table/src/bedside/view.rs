//! What the loop shows to those who look: copied out once a tick, never waited for, and
//! without an allocation.

use super::guard::Done;
use crate::Sensors;
use crate::wire::{
    GuardFigures, LevelNow, LoopFigures, Question, RingFigures, SounderNow, Status, StopFigures,
};
use crate::{Opening, Openings};
use std::sync::Arc;
use traction::Output;
use traction::input::{Pole, Sample, Switch};

/// The loop's side of a status.
#[derive(Clone, Debug, Default)]
pub(super) struct View {
    pub(super) session: Option<[u8; 16]>,
    pub(super) last: Option<([u8; 16], Arc<str>)>,
    pub(super) output: Option<Output>,
    pub(super) sensors: Option<Sensors>,
    pub(super) comfort: Option<u8>,
    pub(super) question: Question,
    pub(super) stop: Option<StopFigures>,
    pub(super) figures: LoopFigures,
    /// The session's own, where the guard has a thread of its own.
    pub(super) controller: Option<LoopFigures>,
    /// What the guard's thread did that was not asked for.
    pub(super) guard: Option<Done>,
    /// The loop during the last session.
    pub(super) last_loop: Option<LoopFigures>,
    pub(super) openings: Option<Openings>,
    /// Whether any session of this process made service due.
    pub(super) service_due: bool,
}

impl View {
    /// The status, apart from alarms, lease, link and black box, which the desk knows.
    pub(super) fn status(&self, simulated: bool, speed: u32) -> Status {
        let mut status = Status {
            session: self.session.map(hex::encode),
            last_session: self.last.as_ref().map(|(id, _)| hex::encode(id)),
            last_reason: self.last.as_ref().map(|(_, reason)| reason.to_string()),
            comfort: self.comfort,
            question: self.question,
            stop: self.stop,
            loop_figures: self.figures,
            controller_figures: self.controller,
            guard: self.guard.map(guarded),
            last_loop: self.last_loop,
            service_due: self.service_due,
            levels: self.openings.as_ref().map(levels).unwrap_or_default(),
            ..blank(simulated, speed)
        };
        if let Some(sensors) = &self.sensors {
            show_sensors(sensors, &mut status);
        }
        if let Some(output) = self.output.as_ref().filter(|_| self.session.is_some()) {
            show_output(output, &mut status);
        }
        status
    }
}

fn blank(simulated: bool, speed: u32) -> Status {
    Status {
        session: None,
        last_session: None,
        last_reason: None,
        simulated,
        speed,
        tick: 0,
        stage: "idle".into(),
        phase: "complete".into(),
        cycle: 0,
        force_n: 0.0,
        force_a_n: None,
        force_b_n: None,
        set_point_n: 0.0,
        target_n: 0.0,
        ceiling_n: 0.0,
        peak_n: 0.0,
        impulse_n_s: 0.0,
        travel_mm: None,
        elapsed_s: 0.0,
        remaining_s: 0.0,
        action: "none".into(),
        limiter: None,
        limit: String::new(),
        latch: None,
        latch_kind: None,
        held: None,
        pause: None,
        may_resume: false,
        closes_day: false,
        comfort: None,
        question: Question::None,
        switch_pressed: true,
        alarm: false,
        alarms: Vec::new(),
        silenced_s: 0.0,
        sounder: SounderNow::default(),
        lease: None,
        link_age_ms: None,
        stop: None,
        loop_figures: LoopFigures::default(),
        controller_figures: None,
        guard: None,
        last_loop: None,
        service_due: false,
        memory: String::new(),
        scheduling: String::new(),
        ring: RingFigures::default(),
        levels: Vec::new(),
    }
}

fn guarded(done: Done) -> GuardFigures {
    GuardFigures {
        alone: done.alone,
        lowered: done.lowered,
    }
}

fn levels(openings: &Openings) -> Vec<LevelNow> {
    let level = |opening: &Opening| LevelNow {
        segment: opening.segment.as_str().into(),
        front_mm: finite(opening.front.mm()),
        back_mm: finite(opening.back.mm()),
    };
    openings.0.iter().flatten().map(level).collect()
}

fn show_sensors(sensors: &Sensors, status: &mut Status) {
    // JSON has no place for what is not a number; such a cell is shown as silent.
    let shown = |sample: Option<Sample>| sample.map(|s| s.value).filter(|v| v.is_finite());
    status.force_a_n = shown(sensors.force_a);
    status.force_b_n = shown(sensors.force_b);
    status.travel_mm = shown(sensors.travel).map(|metres| metres * 1000.0);
    status.switch_pressed = is_pressed(sensors.switch);
    let cells = [status.force_a_n, status.force_b_n];
    status.force_n = cells.into_iter().flatten().fold(0.0, f64::max);
}

/// Pressed, or as good as pressed: the loop treats an open or missing pole alike.
fn is_pressed(switch: Switch) -> bool {
    switch.a != Pole::Closed || switch.b != Pole::Closed
}

fn show_output(output: &Output, status: &mut Status) {
    let state = &output.state;
    status.tick = output.tick.count();
    status.stage = state.stage.as_str().into();
    status.phase = output.phase.as_str().into();
    status.cycle = u32::from(output.cycle);
    status.force_n = finite(output.force.get());
    status.set_point_n = finite(output.set_point.get());
    status.target_n = finite(output.target.get());
    status.ceiling_n = finite(output.ceiling.get());
    status.peak_n = finite(output.peak.get());
    status.impulse_n_s = finite(output.impulse_n_s);
    status.elapsed_s = output.elapsed.seconds().get();
    status.remaining_s = output.remaining.seconds().get();
    status.action = output.action.as_str().into();
    status.limiter = output.cause.map(|cause| cause.as_str().into());
    status.limit = output.limit.as_str().into();
    status.latch = state.latch.map(|latch| latch.cause.as_str().into());
    status.latch_kind = state.latch.map(|latch| latch.kind.as_str().into());
    status.held = state.held.map(|cause| cause.as_str().into());
    status.pause = state.pause.map(|cause| cause.as_str().into());
    status.may_resume = state.resumable();
    status.closes_day = state.closes_day();
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}
