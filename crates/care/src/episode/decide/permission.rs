//! Clearances, overrides, and their end (CLINICAL.md §1.10, §1.11).

use jiff::SignedDuration;
use si::{Problem, Region};

use super::{Context, chart, past, refuse_if, said};
use crate::decide::{Gate, OverrideBy, permissions};
use crate::episode::{Episode, What};
use crate::fact::{Clearance, Override, SESSION_HOURS};
use crate::knowledge::Rule;

/// A letter that clears a rule which names a clearance.
pub(super) fn cleared(
    episode: &Episode,
    mut letter: Clearance,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let rule = rule_of("clearance.rule", &letter.rule, context)?;
    let allowed = rule.override_by != OverrideBy::Never && rule.clearance.is_some();
    refuse_if(
        !allowed,
        (
            "never-cleared",
            "clearance.rule",
            "no letter clears this rule",
        ),
        "treat the finding; the rule itself says whether anybody may clear it",
    )?;
    let parts = [
        ("clearance.name", &letter.name),
        ("clearance.profession", &letter.profession),
        ("clearance.licence", &letter.licence),
        ("clearance.document", &letter.document),
    ];
    parts
        .iter()
        .try_for_each(|(place, text)| said(place, text))?;
    past("clearance.issued", letter.issued, context)?;
    refuse_if(
        letter.expires <= context.at,
        (
            "clearance-expired",
            "clearance.expires",
            "the letter has expired",
        ),
        "ask for a new letter",
    )?;
    in_region(episode, &letter)?;
    letter.confirmed_by = context.actor.name.clone();
    said("actor.name", &letter.confirmed_by)?;
    Ok(vec![What::ClearanceFiled(letter)])
}

fn in_region(episode: &Episode, letter: &Clearance) -> Result<(), Problem> {
    let region = letter.region.parse::<Region>().map_err(|fault| {
        Problem::new(
            "unknown-region",
            "clearance.region",
            letter.region.as_str(),
            fault.to_string(),
            "write lumbar or cervical",
        )
    })?;
    refuse_if(
        episode.region.is_some_and(|own| own != region),
        (
            "clearance-region",
            "clearance.region",
            "the letter is for another region than the one to be treated",
        ),
        "ask for a letter that names the region to be treated",
    )
}

/// Going on despite one rule that fires now.
pub(super) fn overridden(
    episode: &Episode,
    mut one: Override,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let rule = rule_of("override.rule", &one.rule, context)?;
    refuse_if(
        rule.override_by == OverrideBy::Never,
        (
            "never-overridden",
            "override.rule",
            "nobody may override this rule",
        ),
        "treat the finding",
    )?;
    fires(episode, rule, context)?;
    one.by = context.actor.name.clone();
    one.at = context.at;
    let second = one.second.as_deref().unwrap_or("").trim();
    refuse_if(
        rule.override_by == OverrideBy::SecondClinician && (second.is_empty() || second == one.by),
        (
            "second-clinician",
            "override.second",
            "this rule needs a second clinician",
        ),
        "name the second clinician who agrees",
    )?;
    let parts = [
        ("override.reason", &one.reason),
        ("override.examination", &one.examination),
        ("actor.name", &one.by),
    ];
    parts
        .iter()
        .try_for_each(|(place, text)| said(place, text))?;
    refuse_if(
        !one.patient_told,
        (
            "patient-not-told",
            "override.patient_told",
            "the patient was not told",
        ),
        "tell the patient which finding is overridden and why",
    )?;
    refuse_if(
        one.until <= context.at,
        (
            "override-over",
            "override.until",
            "it would end before it begins",
        ),
        "by default it holds for one session: until the end of the day",
    )?;
    let longest = context.at + SignedDuration::from_hours(SESSION_HOURS);
    if one.one_session && one.until > longest {
        return Err(Problem::new(
            "override-too-long",
            "override.until",
            one.until.to_string(),
            format!("one session is over within {SESSION_HOURS} h"),
            format!("end it by {longest}"),
        ));
    }
    Ok(vec![What::RuleOverridden(one)])
}

/// Nothing is overridden in advance: an override answers a finding that was looked at.
fn fires(episode: &Episode, rule: &Rule, context: &Context<'_>) -> Result<(), Problem> {
    let now = chart::decision(episode, &[], Gate::TREAT, context);
    refuse_if(
        !now.fired.iter().any(|fired| fired.rule == rule.id),
        (
            "rule-not-fired",
            "override.rule",
            "this rule does not fire now",
        ),
        "answer its questions first; what is unknown is asked, not overridden",
    )
}

/// The end of whatever softens a rule; a decision that gets worse by it counts at once.
pub(super) fn withdrawn(
    episode: &Episode,
    rule: String,
    reason: String,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    rule_of("permission.rule", &rule, context)?;
    said("permission.reason", &reason)?;
    let region = episode.region.unwrap_or(Region::Lumbar);
    let facts = episode.facts();
    let standing = permissions(&facts, region, context.knowledge, context.at, context.zone);
    refuse_if(
        !standing
            .iter()
            .any(|one| one.rule == rule && one.lapsed.is_none()),
        (
            "nothing-in-force",
            "permission.rule",
            "no clearance and no override of this rule is in force",
        ),
        "nothing needs to be withdrawn",
    )?;
    let mut after = episode.clone();
    after.withdraw(&rule, context.at);
    let follows = chart::reassess(&after, &[], context);
    let first = What::PermissionWithdrawn { rule, reason };
    Ok(std::iter::once(first).chain(follows).collect())
}

fn rule_of<'k>(place: &'static str, id: &str, context: &Context<'k>) -> Result<&'k Rule, Problem> {
    context.knowledge.rule(id).ok_or_else(|| {
        Problem::new(
            "unknown-rule",
            place,
            id,
            "there is no such rule",
            "see `knowledge list`",
        )
    })
}
