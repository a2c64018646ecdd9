//! `plan` and `sign`: candidates from facts, and a signature over their bytes.

use crate::cli::{Format, PlanArgs, SignArgs};
use crate::commands::{calibrate, decide, key};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{files, input};
use care::decide::Decision;
use care::plan::{Choice, Dose, History, Prescription, Proposal, PullMode, Request, SignedPlan};
use fhir::step::Step;
use jiff::Timestamp;
use si::Problem;
use spine::unknown::Belief;
use std::fmt::Write as _;

/// What a practitioner chooses beside the candidates; one more, `chosen`, is made of it.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Chosen by the practitioner")]
pub(crate) struct ChoiceArgs {
    /// The candidate to start from: gentle, standard or firm.
    #[arg(long, value_name = "NAME")]
    from: Option<String>,
    /// static, intermittent, cyclic, progressive, regressive, logarithmic or oscillating.
    #[arg(long, value_name = "MODE", requires = "from")]
    mode: Option<String>,
    /// Force of a pull in the first session, N; no more than the candidate's.
    #[arg(long, value_name = "N", requires = "from")]
    force_n: Option<f64>,
    /// Up to where the force may be changed while a session runs, N.
    #[arg(long, value_name = "N", requires = "from")]
    ceiling_n: Option<f64>,
    /// Ramp upwards, N/s.
    #[arg(long, value_name = "N/s", requires = "from")]
    ramp_n_per_s: Option<f64>,
    /// Ramp downwards, N/s.
    #[arg(long, value_name = "N/s", requires = "from")]
    release_n_per_s: Option<f64>,
    /// Length of a hold, s.
    #[arg(long, value_name = "S", requires = "from")]
    hold_s: Option<f64>,
    /// Length of a rest, s.
    #[arg(long, value_name = "S", requires = "from")]
    rest_s: Option<f64>,
    /// Number of holds.
    #[arg(long, value_name = "COUNT", requires = "from")]
    cycles: Option<u16>,
    /// Weakest pull of a progressive or regressive pull, N.
    #[arg(long, value_name = "N", requires = "from")]
    least_n: Option<f64>,
    /// Slow half of a logarithmic rise, s.
    #[arg(long, value_name = "S", requires = "from")]
    rise_s: Option<f64>,
    /// Depth of an oscillation below the force, N.
    #[arg(long, value_name = "N", requires = "from")]
    swing_n: Option<f64>,
    /// Length of one oscillation, s.
    #[arg(long, value_name = "S", requires = "from")]
    period_s: Option<f64>,
}

impl ChoiceArgs {
    fn choice(&self) -> Result<Option<Choice>, Problem> {
        let Some(from) = self.from.clone() else {
            return Ok(None);
        };
        let unknown = |name: &str| {
            let names = PullMode::ALL.map(PullMode::as_str).join(", ");
            let remedy = format!("write one of: {names}");
            Problem::new("unknown-name", "--mode", name, "is no mode", remedy)
        };
        let named = |name: &str| PullMode::named(name).ok_or_else(|| unknown(name));
        Ok(Some(Choice {
            from,
            mode: self.mode.as_deref().map(named).transpose()?,
            force_n: self.force_n,
            ceiling_n: self.ceiling_n,
            ramp_n_per_s: self.ramp_n_per_s,
            release_n_per_s: self.release_n_per_s,
            hold_s: self.hold_s,
            rest_s: self.rest_s,
            cycles: self.cycles,
            least_n: self.least_n,
            rise_s: self.rise_s,
            swing_n: self.swing_n,
            period_s: self.period_s,
        }))
    }
}

/// `plan`: nothing is written unless the verdict permits traction.
pub(crate) fn plan(args: &PlanArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let choice = args.choice.choice()?;
    let knowledge = input::knowledge(settings)?;
    let gathered = input::gather(&args.facts, settings, knowledge)?;
    let document = &gathered.document;
    if document
        .record
        .as_ref()
        .is_some_and(|record| record.patient.deceased)
    {
        return Err(deceased());
    }
    let decision = decide::decision(Step::Evaluate, &gathered, knowledge);
    if !decision.permits_traction() {
        return Err(not_permitted(&decision));
    }
    let dose = Dose::of_knowledge(knowledge)?;
    let region = document.region;
    let belief = match &args.posterior {
        None => Belief::prior(region),
        Some(file) => calibrate::known(file, region, "the plan pulls")?,
    };
    let proposal = care::plan::propose(&Request {
        facts: &document.facts,
        region,
        decision: &decision,
        history: History::default(),
        table_ceiling: None,
        belief: Some(&belief),
        dose: &dose,
        evidence: knowledge.evidence(),
        choice: choice.as_ref(),
        at: document.at,
    })?;
    let bytes = proposal.bytes()?;
    if args.out.is_none() && format == Format::Text {
        return files::print(text(&proposal).as_bytes());
    }
    files::write(args.out.as_deref(), bytes.as_bytes())
}

fn deceased() -> Failure {
    Problem::new(
        "deceased",
        "Patient.deceased",
        "",
        "the record says that this patient has died",
        "correct the record if it is wrong",
    )
    .into()
}

fn not_permitted(decision: &Decision) -> Failure {
    let reasons: Vec<_> = decision
        .fired
        .iter()
        .map(|fired| fired.rule.as_str())
        .collect();
    let ask: Vec<_> = decision
        .next_questions
        .iter()
        .take(3)
        .map(|question| question.fact.as_str())
        .collect();
    let mut problem = "no plan exists unless the verdict is cleared or caution".to_owned();
    if !reasons.is_empty() {
        let _ = write!(problem, "; fired: {}", reasons.join(", "));
    }
    let remedy = match ask.as_slice() {
        [] => "see `annulus evaluate` for what stands against traction".to_owned(),
        facts => format!("ask next: {} (see `annulus evaluate`)", facts.join(", ")),
    };
    Problem::new(
        "not-permitted",
        "verdict",
        decision.verdict.to_string(),
        problem,
        remedy,
    )
    .into()
}

fn text(proposal: &Proposal) -> String {
    let mut text = format!(
        "Verdict {}; {} kg; expires {}.\n",
        proposal.verdict, proposal.body_weight_kg, proposal.expires
    );
    for (name, candidate) in proposal.offered() {
        let pull = &candidate.prescription;
        let _ = writeln!(
            text,
            "\n{name}: {:?}, {:?}, {:.0} N ({:.0} lbf), hold {:.0} s, rest {:.0} s, {} cycles, {:.0}°; {} sessions, {} a week",
            pull.mode,
            pull.position,
            pull.force_n,
            si::Newtons::raw(pull.force_n).pounds_force(),
            pull.hold_s,
            pull.rest_s,
            pull.cycles,
            pull.angle_deg,
            candidate.course.sessions,
            candidate.course.per_week
        );
        let _ = text.write_str(&settings_of(pull));
        for reason in &pull.reasons {
            let _ = writeln!(
                text,
                "  {}: {} [{}] ({})",
                reason.setting,
                reason.why,
                cited(&reason.sources),
                reason.evidence
            );
            for against in &reason.dissent {
                let _ = writeln!(text, "    against: {against}");
            }
        }
        for level in candidate
            .prediction
            .iter()
            .flat_map(|forecast| &forecast.levels)
        {
            let opening = &level.opening_mm;
            let _ = writeln!(
                text,
                "  {}: opens {:.1} mm ({:.1} to {:.1})",
                level.segment, opening.mid, opening.low, opening.high
            );
        }
    }
    for withheld in &proposal.withheld {
        let _ = writeln!(
            text,
            "\n{} is not offered: {}",
            withheld.candidate, withheld.why
        );
    }
    for words in &proposal.dissent {
        let _ = writeln!(text, "\nGuidelines: {words}");
    }
    text.push_str("\nDecision support, not a cleared device: a practitioner signs.\n");
    text
}

/// The numbers that only some modes have, and the limit, in a line each.
fn settings_of(pull: &Prescription) -> String {
    let all = [
        ("descent", pull.release_n_per_s, "N/s"),
        ("weakest pull", pull.least_n, "N"),
        ("slow half of the rise", pull.rise_s, "s"),
        ("oscillation below the force", pull.swing_n, "N"),
        ("period", pull.period_s, "s"),
        ("may be changed in a session up to", pull.ceiling_n, "N"),
    ];
    let mut text = String::new();
    for (name, value, unit) in all {
        if let Some(value) = value {
            let _ = writeln!(text, "  {name} {value} {unit}");
        }
    }
    text
}

fn cited(sources: &[String]) -> String {
    if sources.is_empty() {
        "ours".to_owned()
    } else {
        sources.join(", ")
    }
}

/// `sign`: binds one candidate to the plan's bytes.
pub(crate) fn sign(args: &SignArgs, settings: &Settings) -> Result<(), Failure> {
    let bytes = files::read(&args.plan)?;
    let plan = String::from_utf8(bytes).map_err(|_| {
        Problem::new(
            "plan-unreadable",
            args.plan.display().to_string(),
            "",
            "is not text",
            "give the file that `plan` wrote",
        )
    })?;
    let key = key::load(&args.key)?;
    let at = args.at.unwrap_or_else(Timestamp::now);
    let dose = Dose::of_knowledge(input::knowledge(settings)?)?;
    let signed = SignedPlan::sign(&plan, &args.candidate, &args.by, at, (&key, &dose))?;
    let text = serde_json::to_string_pretty(&signed)
        .map_err(|error| Failure::new("writing JSON", error))?;
    files::write(args.out.as_deref(), text.as_bytes())
}
