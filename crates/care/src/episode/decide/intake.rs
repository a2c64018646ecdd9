//! Registration, records, facts, consent.

use si::Problem;

use super::{Context, chart, misrouted, past, permission, refuse_if, safety, said};
use crate::decide::{Gate, Urgency};
use crate::episode::{
    Command, ConsentGiven, Demographics, Episode, Imported, Kept, SuspendedBy, What,
};
use crate::fact::{By, Reading};

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
        Command::FileClearance(letter) => permission::cleared(episode, letter, context),
        Command::OverrideRule(one) => permission::overridden(episode, one, context),
        Command::WithdrawPermission { rule, reason } => {
            permission::withdrawn(episode, rule, reason, context)
        }
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
