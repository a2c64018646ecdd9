//! `plan` and `sign`: candidates from facts, and a signature over their bytes.

use crate::cli::{Format, PlanArgs, SignArgs};
use crate::commands::{calibrate, decide, key};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{files, input};
use care::decide::Decision;
use care::plan::{Dose, History, Proposal, Request, SignedPlan};
use jiff::Timestamp;
use si::Problem;
use spine::unknown::Belief;
use std::fmt::Write as _;

/// `plan`: nothing is written unless the verdict permits traction.
pub(crate) fn plan(args: &PlanArgs, settings: &Settings, format: Format) -> Result<(), Failure> {
    let knowledge = input::knowledge(settings)?;
    let gathered = input::gather(&args.facts, settings, knowledge)?;
    if gathered
        .record
        .as_ref()
        .is_some_and(|record| record.patient.deceased)
    {
        return Err(deceased());
    }
    let decision = decide::screen(&gathered, knowledge);
    if !decision.permits_traction() {
        return Err(not_permitted(&decision));
    }
    let dose = Dose::of_knowledge(knowledge)?;
    let region = gathered.region;
    let belief = match &args.posterior {
        None => Belief::prior(region),
        Some(file) => calibrate::known(file, region, "the plan pulls")?,
    };
    let proposal = care::plan::propose(&Request {
        facts: &gathered.facts,
        region,
        decision: &decision,
        history: History::default(),
        table_ceiling: None,
        belief: Some(&belief),
        dose: &dose,
        evidence: knowledge.evidence(),
        at: gathered.at,
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
