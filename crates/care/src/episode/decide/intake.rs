//! Registration, records, facts, consent.

use si::{Problem, Region};

use super::{Context, chart, misrouted, past, refuse_if, safety, said};
use crate::decide::{Gate, Urgency};
use crate::episode::{
    Command, ConsentGiven, Demographics, Episode, Imported, Kept, SuspendedBy, What,
};
use crate::fact::{By, Clearance, Override, Reading};

pub(super) fn answer(
    episode: &Episode,
    command: Command,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    match command {
        Command::Register {
            pseudonym,
            demographics,
            region,
            language,
        } => {
            named(&demographics.0)?;
            Ok(vec![What::Registered {
                pseudonym,
                demographics,
                region,
                language,
            }])
        }
        Command::ChangeContact { demographics } => {
            named(&demographics.0)?;
            Ok(vec![What::ContactChanged { demographics }])
        }
        Command::ImportRecord(record) => imported(episode, record, context),
        Command::RecordFacts { readings, denied } => {
            let readings = chart::checked(readings, context)?;
            let after = chart::reassess(episode, &readings, context);
            Ok(first_then(What::FactsRecorded { readings, denied }, after))
        }
        Command::ResolveConflict { reading, reason } => {
            resolved(episode, reading, &reason, context)
        }
        Command::FileClearance(letter) => cleared(episode, letter, context),
        Command::OverrideRule(one) => overridden(episode, one, context),
        Command::Evaluate => evaluated(episode, context),
        Command::GiveConsent(given) => consented(episode, given, context),
        Command::WithdrawConsent { reason } => {
            refuse_if(
                episode.consent.is_none(),
                ("no-consent", "consent", "there is no consent to take back"),
                "nothing starts without one; nothing needs to be done",
            )?;
            let mut happened = vec![What::ConsentWithdrawn { reason }];
            if episode.running().is_some() {
                let about = "consent withdrawn during a session".to_owned();
                happened.push(safety::first_notice(episode, Urgency::Urgent, about));
            }
            Ok(happened)
        }
        other => Err(misrouted(&other)),
    }
}

fn first_then(first: What, after: Vec<What>) -> Vec<What> {
    std::iter::once(first).chain(after).collect()
}

fn named(demographics: &Demographics) -> Result<(), Problem> {
    said("demographics.name", &demographics.name)
}

fn imported(
    episode: &Episode,
    mut record: Imported,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    said("record.source", &record.source)?;
    let catalogue = context.knowledge.catalogue();
    if let Some(reading) = record.readings.iter().find(|r| !catalogue.has(&r.key())) {
        return Err(Problem::new(
            "unknown-fact",
            format!("readings.{}", reading.key()),
            "",
            "the catalogue has no such fact",
            "import with the knowledge of this version",
        ));
    }
    for reading in &mut record.readings {
        if matches!(reading.by, By::Practitioner | By::Patient | By::Assistant) {
            reading.by = By::Record;
        }
    }
    let mut after = chart::reassess(episode, &record.readings, context);
    if record.deceased && !episode.deceased {
        after.push(What::Suspended {
            suspension: safety::next_suspension(episode) + suspensions(&after),
            because: SuspendedBy::Death,
        });
    }
    Ok(first_then(What::RecordImported(record), after))
}

fn suspensions(happened: &[What]) -> u32 {
    let count = happened
        .iter()
        .filter(|what| matches!(what, What::Suspended { .. }))
        .count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn resolved(
    episode: &Episode,
    mut reading: Reading,
    reason: &str,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    said("reason", reason)?;
    reading.by = By::Practitioner;
    reading.resolves = Some(reason.to_owned());
    past("reading.at", reading.at, context)?;
    let mut checked = chart::checked(vec![reading], context)?;
    let after = chart::reassess(episode, &checked, context);
    let reading = checked.remove(0);
    Ok(first_then(
        What::ConflictResolved {
            reading,
            reason: reason.to_owned(),
        },
        after,
    ))
}

fn cleared(
    _episode: &Episode,
    mut letter: Clearance,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    rule_exists("clearance.rule", &letter.rule, context)?;
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
    letter.region.parse::<Region>().map_err(|fault| {
        Problem::new(
            "unknown-region",
            "clearance.region",
            letter.region.as_str(),
            fault.to_string(),
            "write lumbar or cervical",
        )
    })?;
    letter.confirmed_by = context.actor.name.clone();
    said("actor.name", &letter.confirmed_by)?;
    Ok(vec![What::ClearanceFiled(letter)])
}

fn overridden(
    _episode: &Episode,
    mut one: Override,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    use crate::decide::OverrideBy;
    let allowed = rule_exists("override.rule", &one.rule, context)?;
    refuse_if(
        allowed == OverrideBy::Never,
        (
            "never-overridden",
            "override.rule",
            "nobody may override this rule",
        ),
        "treat the finding",
    )?;
    one.by = context.actor.name.clone();
    one.at = context.at;
    let second = one.second.as_deref().unwrap_or("");
    refuse_if(
        allowed == OverrideBy::SecondClinician && (second.is_empty() || second == one.by),
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
    Ok(vec![What::RuleOverridden(one)])
}

fn rule_exists(
    place: &'static str,
    id: &str,
    context: &Context<'_>,
) -> Result<crate::decide::OverrideBy, Problem> {
    match context.knowledge.rule(id) {
        Some(rule) => Ok(rule.override_by),
        None => Err(Problem::new(
            "unknown-rule",
            place,
            id,
            "there is no such rule",
            "see `knowledge list`",
        )),
    }
}

fn evaluated(episode: &Episode, context: &Context<'_>) -> Result<Vec<What>, Problem> {
    let decision = chart::decision(episode, &[], Gate::EVALUATE, context);
    let after = chart::pressing(episode, &decision);
    Ok(first_then(
        What::Decided {
            decision: Kept::new(decision),
        },
        after,
    ))
}

fn consented(
    episode: &Episode,
    given: ConsentGiven,
    context: &Context<'_>,
) -> Result<Vec<What>, Problem> {
    let text = crate::consent::of_episode(context.knowledge, episode)?;
    if given.text_version != text.version {
        return Err(Problem::new(
            "consent-text-old",
            "consent.text_version",
            given.text_version,
            "this is not the text in force",
            "show the present text and explain it",
        ));
    }
    said("consent.language", &given.language)?;
    said("consent.explained_by", &given.explained_by)?;
    said("consent.signed_by", &given.signed_by.0)?;
    Ok(vec![What::ConsentGiven(ConsentGiven {
        condition: text.condition.clone(),
        words: Some(text.plain()),
        ..given
    })])
}
