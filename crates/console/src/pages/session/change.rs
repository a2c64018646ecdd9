//! The course of force that a session follows, and another one while it runs.
//!
//! Drawn is what will be steered for: `Profile::at` of the very Grant that the table holds,
//! and of what `Profile::changed` makes of it, as the table itself does (no copy of either
//! is here). A change goes nowhere that was not signed: its mode must follow from the signed
//! numbers and its force lie under the ceiling of this moment. Shown by `tests/change.rs`.

use askama::Template;
use draw::{Axis, Caption, Curve, Fence, Line, LineKind, Now};
use si::{Newtons, Problem, Seconds};
use table::wire::Status;
use traction::grant::Grant;
use traction::{Mode, Profile, Ticks};

use super::control::in_charge;
use super::is_here;
use crate::bedside::Bedside;
use crate::clinic::grant;
use crate::door::{Fault, Reply, Visit, html};
use crate::messages::Say;
use crate::pages::live::clock;
use crate::pages::who::Desk;

/// Points of a drawn profile.
const POINTS: u32 = 400;

/// Another mode or force for the rest of a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// How the force is applied.
    pub mode: Mode,
    /// Force of a pull.
    pub force: Newtons,
}

/// What a page offers of a change.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// Modes that follow from the signed numbers: name on the wire, words, whether signed.
    pub modes: Vec<(&'static str, String, bool)>,
    /// Force of the signed pulls, N.
    pub force: String,
    /// The most that was signed, N.
    pub most: String,
    /// The drawing of the session's own course.
    pub drawing: String,
    /// How long it takes, in words.
    pub words: String,
}

#[derive(Template)]
#[template(path = "change.html")]
struct Preview {
    drawing: String,
    words: String,
}

impl Offer {
    /// What a Grant allows; empty where it cannot be read.
    #[must_use]
    pub fn of(t: Say, hex: &str) -> Self {
        let Ok(grant) = grant(hex) else {
            return Self::default();
        };
        let signed = grant.profile;
        let spec = signed.spec();
        let follows = |mode: &&Mode| signed.changed(**mode, spec.force).is_ok();
        let modes = Mode::ALL.iter().filter(follows);
        let total = signed.total().seconds().get();
        Self {
            modes: modes
                .map(|mode| (mode.as_str(), t.mode(*mode), *mode == spec.mode))
                .collect(),
            force: format!("{:.0}", spec.force.get()),
            most: format!("{:.0}", grant.limits.ceiling.get()),
            drawing: drawing(t, &signed, grant.limits.ceiling.get(), None),
            words: t.change_course(
                t.mode(spec.mode),
                format!("{:.0}", spec.force.get()),
                clock(total),
            ),
        }
    }
}

impl Change {
    /// As a form or a query names it, against the Grant and the table's status.
    pub(super) fn of(visit: &Visit, signed: &Grant, status: &Status) -> Result<Self, Fault> {
        let of = |name: &str| visit.form.get(name).or_else(|| visit.query.get(name));
        let name = of("mode").unwrap_or_default();
        let mode = Mode::from_name(name).ok_or_else(|| {
            Problem::new(
                "mode-unknown",
                "mode",
                name,
                "is no mode",
                "choose one of the list",
            )
        })?;
        let text = of("force_n").unwrap_or_default();
        let force = text.trim().parse().ok().and_then(Newtons::new);
        let most = signed.limits.ceiling.get().min(status.ceiling_n);
        let force = force.filter(|force| force.get() > 0.0 && force.get() <= most);
        let force = force.ok_or_else(|| {
            Problem::new(
                "force-not-signed",
                "force_n",
                text,
                format!("is not a force above 0 and at most {most:.0} N, the ceiling of now"),
                "choose a force within what was signed",
            )
        })?;
        Ok(Self { mode, force })
    }

    /// The signed profile so changed.
    pub(super) fn profile(self, signed: &Profile) -> Result<Profile, Problem> {
        signed.changed(self.mode, self.force).map_err(|error| {
            Problem::new(
                "change-not-signed",
                "mode",
                self.mode.as_str(),
                error.to_string(),
                "choose a mode and force that follow from what was signed",
            )
        })
    }
}

/// GET `…/change`: the course that a change leads to, before anybody begins it.
pub async fn preview(visit: Visit) -> Reply {
    in_charge(&visit)?;
    let t = Say {
        locale: visit.locale,
    };
    let desk = Desk::of(&visit).await?;
    let id = visit.id("session")?;
    let session = desk.chart.episode.session(id).ok_or(Fault::NotFound)?;
    let grant = grant(&session.grant)?;
    let live = visit.app.bedside.as_ref().map(Bedside::live);
    let status = live.filter(|live| is_here(live, id));
    let status = status.and_then(|live| live.status).ok_or(Fault::NotFound)?;
    let change = Change::of(&visit, &grant, &status)?;
    let to = change.profile(&grant.profile)?;
    let now = match visit.app.acts.running(id) {
        None => Ok(grant.profile),
        Some(running) => running.profile(&grant.profile),
    };
    let at = now.ok().and_then(|from| {
        let elapsed = Ticks::from_seconds(Seconds::new(status.elapsed_s)?)?;
        from.carried(elapsed, &to)
    });
    let total = to.total().seconds().get();
    let left = at.map(|at| total - at.seconds().get());
    let force = format!("{:.0}", change.force.get());
    html(&Preview {
        drawing: drawing(
            t,
            &to,
            status.ceiling_n,
            at.map(|at| (at.seconds().get(), t.change_here())),
        ),
        words: match left {
            Some(left) => t.change_words(t.mode(change.mode), force, clock(left), clock(total)),
            None => t.change_too_late(),
        },
    })
}

/// A profile, its ceiling, and where in it the change leads.
fn drawing(t: Say, profile: &Profile, ceiling_n: f64, now: Option<(f64, String)>) -> String {
    let total = profile.total().seconds().get();
    let points: Vec<(f64, f64)> = (0..=POINTS)
        .filter_map(|step| {
            let at = Seconds::new(total * f64::from(step) / f64::from(POINTS))?;
            let force = profile.at(Ticks::from_seconds(at)?).force.get();
            Some((at.get(), force))
        })
        .collect();
    let spec = profile.spec();
    let title = t.mode(spec.mode);
    let desc = t.change_course(&title, format!("{:.0}", spec.force.get()), clock(total));
    let fence = t.change_ceiling();
    draw::curve(&Curve {
        caption: Caption {
            id: if now.is_some() { "changed" } else { "course" },
            title: &title,
            desc: &desc,
        },
        size: (640.0, 180.0),
        x: Axis::minutes(total, "min"),
        y: Axis::new(0.0, ceiling_n.max(spec.force.get()) * 1.15, "N"),
        bands: &[],
        lines: &[Line {
            kind: LineKind::SetPoint,
            label: "",
            points: &points,
        }],
        fences: &[Fence {
            at: ceiling_n,
            label: &fence,
        }],
        now: now.as_ref().map(|(at, label)| Now { at: *at, label }),
    })
}
