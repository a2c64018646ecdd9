//! What a pull would do to this patient's spine: asked of `spine::column`, drawn.
//!
//! The middle comes first, from the median spine alone; its doubt a moment later, from
//! an ensemble whose first member is that same spine, so that the middle stays. Both know
//! what earlier sessions taught. Nothing here is signed and nothing is decided by it.

use std::sync::Arc;

use askama::Template;
use care::plan::{Candidate, PrescribedPull, Prescription, Proposal};
use care::subject::{Lying, refused};
use draw::{Axis, Band, Caption, Curve, IntervalRow, IntervalRows, Line, LineKind, Pose};
use jiff::Timestamp;
use si::{Problem, Segment};
use spine::column::{
    ColumnError, Instants, Output, Overall, Prediction, Setting, Subject, levels, refined,
};
use spine::unknown::Belief;
use tokio::sync::Semaphore;

use super::settings::Settings;
use super::told;
use crate::aside::{aside, shared_out};
use crate::clinic::Chart;
use crate::door::Fault;
use crate::frame::Frame;
use crate::pages::spine::{EXAGGERATION, Picture, decimals, has_disc, number, people, picture};

/// Instants told of (ours): a curve that is read at this size.
const INSTANTS: usize = 61;
/// One ensemble at once, whoever asks (ours): it has every core, so that two together would be told
/// no sooner.
static SEATS: Semaphore = Semaphore::const_new(1);
/// One spine is quickly told: it waits for no ensemble.
static MIDDLES: Semaphore = Semaphore::const_new(2);

/// Everything that a prediction needs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    subject: Subject,
    setting: Setting,
    pull: PrescribedPull,
    belief: Belief,
    /// Sessions that it was learned from.
    sessions: u32,
    target: Segment,
}

/// The parts of the page that move.
#[derive(Template, Default)]
#[template(path = "preview.html")]
pub(super) struct Parts {
    /// The sagittal picture.
    pub(super) spine: String,
    /// Opening and pressure of each level; without bars while only the middle is known.
    pub(super) levels: String,
    /// Elongation through the session.
    pub(super) curve: String,
    /// What the numbers say, and what to read them with.
    pub(super) words: Vec<String>,
    /// The same as warnings.
    pub(super) warnings: Vec<String>,
}

impl Question {
    /// The patient of a chart under a pull.
    pub(super) fn of(
        chart: &Chart,
        plan: &Proposal,
        pull: &Prescription,
        at: Timestamp,
    ) -> Result<Self, Problem> {
        let episode = &chart.episode;
        let lying = Lying::under(&episode.facts(), plan, pull.clone(), at)?;
        let expected = episode.expected(pull.region);
        Ok(Self {
            subject: lying.subject,
            setting: lying.setting,
            pull: pull.pull()?,
            sessions: expected.sessions,
            belief: expected.belief,
            target: pull.target,
        })
    }

    /// The prediction, on threads with room for it; nobody waits for one that nobody wants, or
    /// that was told already.
    pub(super) async fn answer(self, members: usize) -> Result<(Self, Arc<Prediction>), Fault> {
        if let Some(answer) = told::again(&self, members) {
            return Ok((self, answer));
        }
        let seats = if members == 1 { &MIDDLES } else { &SEATS };
        let _seat = seats.acquire().await.map_err(Fault::internal)?;
        let work = move || (self.ask(members), self);
        let lost = || Fault::internal("a prediction ended without an answer");
        let (found, question) = aside("prediction", work).await.ok_or_else(lost)?;
        let answer = Arc::new(found.ok_or_else(lost)?.map_err(|error| refused(&error))?);
        told::keep(&question, members, &answer);
        Ok((question, answer))
    }

    /// On every core; nothing where a thread did not begin, or ended early.
    fn ask(&self, members: usize) -> Option<Result<Prediction, ColumnError>> {
        let pull: (&dyn spine::world::Pull, _) = (&self.pull, self.pull.duration());
        let (subject, setting, belief) = (&self.subject, &self.setting, &self.belief);
        let told = Instants::Even(INSTANTS);
        let ensemble = match refined(subject, setting, pull, &told, (belief, members)) {
            Ok(ensemble) => ensemble,
            Err(error) => return Some(Err(error)),
        };
        let joined = |parts| Prediction::joined(subject, setting, &ensemble, parts);
        Some(shared_out(&ensemble, belief, members)?.map(joined))
    }

    /// The page's parts.
    pub(super) fn parts(
        &self,
        f: &Frame,
        told: &Prediction,
        (candidate, asked): (&Candidate, &Settings),
    ) -> Parts {
        let whole = told.members > 1;
        Parts {
            spine: self.spine(f, told, asked),
            levels: self.levels(f, told),
            curve: self.curve(f, told),
            words: self.words(f, told, whole),
            warnings: warnings(f, told, candidate, asked),
        }
    }

    fn spine(&self, f: &Frame, told: &Prediction, asked: &Settings) -> String {
        let title = f.t.plan_output(asked.output);
        let (desc, note) = (f.t.plan_opening_desc(), f.t.plan_spine_note(EXAGGERATION));
        let of = Picture {
            caption: Caption {
                id: "spine",
                title: &title,
                desc: &desc,
            },
            note: &note,
            anatomy: &self.subject.anatomy,
            pulled: (self.setting.region, self.target),
            output: asked.output,
            pose: Pose::Upright,
            width: 320.0,
        };
        picture(&of, |output, segment| {
            Some(told.shown(output, segment, told.held)?.mid)
        })
    }

    fn levels(&self, f: &Frame, told: &Prediction) -> String {
        [(Output::Separation, "mm"), (Output::PressureChange, "kPa")]
            .map(|(output, unit)| self.rows(f, told, (output, unit)))
            .concat()
    }

    fn rows(&self, f: &Frame, told: &Prediction, (output, unit): (Output, &str)) -> String {
        let told_of = levels(self.setting.region).iter();
        let named: Vec<(Segment, String)> = told_of
            .filter(|segment| output == Output::Separation || has_disc(**segment))
            .map(|segment| (*segment, segment.to_string()))
            .collect();
        let rows: Vec<IntervalRow<'_>> = named
            .iter()
            .filter_map(|(segment, label)| {
                let band = told.shown(output, *segment, told.held)?;
                Some(IntervalRow {
                    label,
                    low: people(output, band.low),
                    mid: people(output, band.mid),
                    high: people(output, band.high),
                    strong: *segment == self.target,
                })
            })
            .collect();
        let (title, desc) = (f.t.plan_output(output), f.t.plan_opening_desc());
        draw::interval_rows(&IntervalRows {
            caption: Caption {
                id: output.as_str(),
                title: &title,
                desc: &desc,
            },
            width: 330.0,
            heading: &title,
            unit,
            rows: &rows,
            bare: told.members == 1,
            decimals: decimals(output),
        })
    }

    fn curve(&self, f: &Frame, told: &Prediction) -> String {
        let band = |instant| told.overall(Overall::Elongation, instant);
        let points = |of: fn(spine::column::Band) -> f64| -> Vec<(f64, f64)> {
            let each = told.instants.iter().enumerate();
            each.filter_map(|(instant, (t, _))| Some((*t, of(band(instant)?) * 1e3)))
                .collect()
        };
        let (low, mid, high) = (points(|b| b.low), points(|b| b.mid), points(|b| b.high));
        let most = high.iter().fold(1.0_f64, |most, point| most.max(point.1));
        let least = low.iter().fold(0.0_f64, |least, point| least.min(point.1));
        let end = told.instants.last().map_or(1.0, |last| last.0);
        let (title, desc) = (f.t.plan_elongation(), f.t.plan_elongation_desc());
        let held = band(told.held).map(|band| number(band.mid * 1e3, 1));
        let label = f.t.plan_elongation_held(held.unwrap_or_default());
        let sure = f.t.plan_elongation_band();
        let bands = [Band {
            low: &low,
            high: &high,
            label: &sure,
        }];
        draw::curve(&Curve {
            caption: Caption {
                id: "elongation",
                title: &title,
                desc: &desc,
            },
            size: (620.0, 180.0),
            x: Axis::minutes(end, "min"),
            y: Axis::new(least * 1.1, (most * 1.1).max(8.0), "mm"),
            bands: if told.members > 1 { &bands } else { &[] },
            lines: &[Line {
                kind: LineKind::Estimate,
                label: &label,
                points: &mid,
            }],
            fences: &[],
            now: None,
        })
    }

    /// What the target does, what of the pull arrives, and from what it is known.
    fn words(&self, f: &Frame, told: &Prediction, whole: bool) -> Vec<String> {
        if !whole {
            return vec![f.t.plan_doubt_comes()];
        }
        let mut words = Vec::new();
        let target = self.target;
        if let Some(band) = told.shown(Output::Separation, target, told.held) {
            let mm = |metres: f64| number(metres * 1e3, 1);
            words.push(f.t.plan_target_opens(target, mm(band.mid), mm(band.low), mm(band.high)));
        }
        if let Some(band) = told.overall(Overall::Delivered, told.held) {
            words.push(f.t.plan_delivered(number(band.low, 0), number(band.high, 0)));
        }
        words.extend((self.sessions > 0).then(|| f.t.learned_drawn(self.sessions)));
        words.push(f.t.plan_members(told.members));
        words
    }
}

/// What to read it with, and what the sliders left.
fn warnings(f: &Frame, told: &Prediction, candidate: &Candidate, asked: &Settings) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let (course, own) = (&candidate.course, Settings::of(&candidate.prescription));
    if course.first_sessions > 0 && asked.force_n > course.first_ceiling_n {
        let cap = number(course.first_ceiling_n, 0);
        all.push(f.t.plan_beyond_first(cap, course.first_sessions));
    }
    let moved = Settings {
        output: own.output,
        ..*asked
    };
    if moved != own {
        all.push(f.t.plan_only_looked());
    }
    let said = |warning: &spine::column::Warning| f.t.plan_warning(*warning);
    all.extend(told.warnings.iter().map(said));
    // What the plan's own forecast found in the chart holds for every pull.
    let of_chart = candidate.prediction.iter().flat_map(|own| &own.warnings);
    let curve = |words: &&String| words.contains("is on record");
    all.extend(of_chart.filter(curve).cloned());
    all
}
