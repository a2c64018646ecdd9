//! A whole past visit: blocks before and after, and between them the signed
//! profile, really run on the simulated table from its seed.

use care::episode::{Act, Actor, Command, Leaving};
use jiff::{SignedDuration, Timestamp};
use si::Problem;
use table::runner::{self, Start};
use table::simulated::{Options, Script, SimulatedTable};
use uuid::Uuid;

use super::script::{Step, Story, wrong};
use crate::random;

/// The table that past sessions ran on.
const TABLE: [u8; 16] = *b"annulus-demo-tbl";
/// From arrival to the pull.
const PREPARATION: SignedDuration = SignedDuration::from_mins(5);

/// Plays one visit.
pub(super) async fn run(story: &Story<'_>, step: &Step, at: Timestamp) -> Result<(), Problem> {
    if let Some(today) = &step.today {
        let (readings, denied) = story.block(Some(today), at)?;
        story
            .act(step, Command::RecordFacts { readings, denied }, at)
            .await?;
    }
    let (arrival, _) = story.block(step.arrival.as_deref(), at)?;
    story
        .act(step, Command::RecordArrival { readings: arrival }, at)
        .await?;
    let (start, _) = story.block(step.start.as_deref(), at)?;
    story
        .act(step, Command::CheckStart { readings: start }, at)
        .await?;
    let session = pull(story, step, at).await?;
    let chart = story.clinic.chart(story.id).await?;
    let ended = chart
        .episode
        .session(session)
        .and_then(|session| session.ended)
        .unwrap_or(at);
    let left = ended.checked_add(PREPARATION).unwrap_or(ended);
    let (readings, _) = story.block(step.leaving.as_deref(), left)?;
    story
        .act(
            step,
            Command::CheckLeaving(Leaving {
                session,
                readings,
                warning_card: true,
            }),
            left,
        )
        .await
}

async fn pull(story: &Story<'_>, step: &Step, at: Timestamp) -> Result<Uuid, Problem> {
    let session = Uuid::from_bytes(random::bytes());
    let begins = at.checked_add(PREPARATION).unwrap_or(at);
    let command = Command::IssueGrant {
        session,
        table: Uuid::from_bytes(TABLE),
        nonce: Uuid::from_bytes(random::bytes()),
        attendant: story.actor(step.by(), Act::RecordArrival)?.name,
        expires: begins
            .checked_add(SignedDuration::from_hours(1))
            .unwrap_or(begins),
        simulated: true,
    };
    let signer = story.actor(step.by(), Act::IssueGrant)?;
    let chart = story
        .clinic
        .act_at(story.id, &signer, command, Some(at))
        .await?;
    let grant = chart
        .episode
        .session(session)
        .map(|session| session.grant.clone());
    let signed = story
        .clinic
        .sign_grant(&grant.ok_or_else(|| wrong("session", "grant"))?)?;
    let seed = step.seed.unwrap_or(1);
    let recording = tokio::task::spawn_blocking(move || {
        let mut table = SimulatedTable::new(Options::new(TABLE, seed))?;
        runner::run(
            &signed,
            &mut table,
            Script::routine(),
            Start {
                at_ms: begins.as_millisecond(),
                seed,
            },
        )
    });
    let recording = recording.await.map_err(|_| wrong("session", "run"))??;
    crate::bedside::keep(
        story.clinic.folder(),
        &session.simple().to_string(),
        &recording.bytes,
    )?;
    let summary = crate::bedside::summary(&recording.bytes)?;
    let lasted = SignedDuration::try_from_secs_f64(summary.duration_s).unwrap_or_default();
    let ended = begins.checked_add(lasted).unwrap_or(begins);
    let program = Actor::program();
    story
        .clinic
        .act_at(
            story.id,
            &program,
            Command::StartSession { session },
            Some(begins),
        )
        .await?;
    story
        .clinic
        .act_at(
            story.id,
            &program,
            Command::EndSession { session, summary },
            Some(ended),
        )
        .await?;
    Ok(session)
}
