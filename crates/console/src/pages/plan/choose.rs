//! Another mode, another force, or a limit: what a practitioner chooses beside the
//! candidates, with only the settings that the mode has.
//!
//! What is known of the mode stands beside the choice in the knowledge's own words.
//! What is left empty follows the numbers of dose; `care` refuses what lies outside.

use care::plan::{Choice, Dose, Proposal, PullMode};
use si::Problem;

use crate::door::Visit;
use crate::door::form::Form;
use crate::frame::Frame;

/// The part of the page.
pub(super) struct Choose {
    /// Candidates to start from: name, in words, whether it is the one.
    pub(super) starts: Vec<(&'static str, String, bool)>,
    /// Modes: name, in words, whether it is the one.
    pub(super) modes: Vec<(&'static str, String, bool)>,
    /// The candidate that it starts from.
    pub(super) from: &'static str,
    /// The mode.
    pub(super) mode: &'static str,
    /// What is known of the mode.
    pub(super) known: Vec<String>,
    /// What it has to be set.
    pub(super) fields: Vec<Field>,
}

/// One number.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) unit: &'static str,
    pub(super) low: String,
    pub(super) high: String,
    pub(super) step: &'static str,
}

impl Choose {
    /// For the candidate and the mode that the query names, or those chosen last, or the
    /// gentlest and its own.
    pub(super) fn of(visit: &Visit, f: &Frame, plan: &Proposal) -> Result<Self, Problem> {
        let (query, dose) = (&visit.query, visit.app.clinic.dose());
        let last = plan.candidates.chosen.as_ref();
        let before = last.and_then(|last| last.from.as_deref());
        let from = query.get("from").filter(|name| *name != Choice::NAME);
        let (from, own) = super::candidate(plan, from.or(before))?;
        let usual = last.unwrap_or(own).prescription.mode;
        let mode = mode(query)?.unwrap_or(usual);
        let of_plan = plan.offered().filter(|(name, _)| *name != Choice::NAME);
        let (force, course) = (own.prescription.force_n, &own.course);
        let number = |name, label: String, unit, (low, high): (f64, f64), step| Field {
            name,
            label,
            unit,
            low: whole(low),
            high: whole(high),
            step,
        };
        let long = course.max_duration_s;
        let rate = (0.0, course.max_rate_n_per_s);
        let mut fields = vec![
            number("force_n", f.t.plan_force_label(), "N", (10.0, force), "1"),
            number(
                "ceiling_n",
                f.t.plan_limit_label(),
                "N",
                (10.0, course.ceiling_n),
                "1",
            ),
            number("ramp_n_per_s", f.t.plan_ramp_label(), "N/s", rate, "0.01"),
            number(
                "release_n_per_s",
                f.t.plan_release_label(),
                "N/s",
                rate,
                "0.01",
            ),
            number("hold_s", f.t.plan_hold_label(), "s", (5.0, long), "1"),
        ];
        fields.extend(mode.settings().iter().map(|name| match *name {
            "rest_s" => number("rest_s", f.t.plan_rest(), "s", (0.0, long), "1"),
            "cycles" => number("cycles", f.t.plan_pulls(), "", (1.0, 200.0), "1"),
            "least_n" => number("least_n", f.t.plan_least(), "N", (10.0, force), "1"),
            "rise_s" => number("rise_s", f.t.plan_rise(), "s", (1.0, long), "1"),
            "swing_n" => number("swing_n", f.t.plan_swing(), "N", (2.0, force), "1"),
            _ => number("period_s", f.t.plan_period(), "s", (2.0, long), "any"),
        }));
        Ok(Self {
            starts: of_plan
                .map(|(name, _)| (name, f.t.candidate(name), name == from))
                .collect(),
            modes: PullMode::ALL
                .map(|other| (other.as_str(), f.t.plan_mode(other.as_str()), other == mode))
                .to_vec(),
            from,
            mode: mode.as_str(),
            known: known(dose, mode),
            fields,
        })
    }
}

/// What is known of a mode, with its sources, and what speaks against it.
fn known(dose: &Dose, mode: PullMode) -> Vec<String> {
    let cited = |says: &str, sources: &[String]| match sources {
        [] => says.to_owned(),
        sources => format!("{says} [{}]", sources.join(", ")),
    };
    let Some(row) = dose.mode_row(mode) else {
        return Vec::new();
    };
    let why = format!("{} ({})", cited(&row.why, &row.sources), row.evidence);
    let against = row.dissent.iter().map(|it| cited(&it.says, &it.sources));
    std::iter::once(why).chain(against).collect()
}

/// What the form chose; nothing where it starts from no candidate.
pub(super) fn chosen(form: &Form) -> Result<Option<Box<Choice>>, Problem> {
    let Some(from) = form.get("from") else {
        return Ok(None);
    };
    let number = |name: &str| form.read::<f64>(name);
    Ok(Some(Box::new(Choice {
        from: from.to_owned(),
        mode: mode(form)?,
        force_n: number("force_n")?,
        ceiling_n: number("ceiling_n")?,
        ramp_n_per_s: number("ramp_n_per_s")?,
        release_n_per_s: number("release_n_per_s")?,
        hold_s: number("hold_s")?,
        rest_s: number("rest_s")?,
        cycles: form.read("cycles")?,
        least_n: number("least_n")?,
        rise_s: number("rise_s")?,
        swing_n: number("swing_n")?,
        period_s: number("period_s")?,
    })))
}

fn mode(form: &Form) -> Result<Option<PullMode>, Problem> {
    let Some(name) = form.get("mode") else {
        return Ok(None);
    };
    let found = PullMode::named(name).ok_or_else(|| {
        let names = PullMode::ALL.map(PullMode::as_str).join(", ");
        let shown: String = name.chars().take(40).collect();
        let remedy = format!("choose one of: {names}");
        Problem::new("unknown-name", "mode", shown, "is no mode", remedy)
    });
    found.map(Some)
}

fn whole(value: f64) -> String {
    format!("{value:.0}")
}
