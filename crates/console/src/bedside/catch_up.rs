//! Every session the table ended is fetched, checked and appended exactly once,
//! whether this server was there or not.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use care::episode::{Actor, Command};
use jiff::{SignedDuration, Timestamp};
use record::{NewEvent, Rows, Stream, StreamKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use si::Problem;
use table::bedside::{Unanswered, unanswered};
use table::blackbox::Contents;
use table::replay::frames;
use table::wire::{GuardFigures, Request, SessionLine};
use traction::Ticks;
use uuid::Uuid;

use super::{Bedside, archive};
use crate::clinic::{Chart, Clinic};

/// Event kinds of a table's stream, with their newest version.
pub const KINDS: [(&str, u16); 2] = [("session-fetched", 1), ("patient-unanswered", 1)];
/// Between two looks, when nothing was heard.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Serialize, Deserialize)]
struct Fetched {
    line: u64,
    session: String,
    sha256: String,
    frames: u64,
    lost_frames: u64,
    reason: String,
    /// What the guard's own thread did beside the frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    guard: Option<GuardFigures>,
}

/// The patient was asked, nobody answered, and the bedside let the force down by itself (H12):
/// as the recording tells it, whether this server was there or not.
#[derive(Serialize, Deserialize)]
struct NoAnswer {
    session: String,
    /// Seconds after arming at which the time for an answer was over.
    at_s: f64,
    /// Seconds after arming of the next answer, if one came.
    answered_s: Option<f64>,
}

/// Looks whenever the table has news, and every second.
pub(super) async fn run(bedside: Bedside, clinic: Arc<Clinic>) {
    while !bedside.shared.stop.load(Ordering::Relaxed) {
        let _ = tokio::time::timeout(PAUSE, bedside.shared.news.notified()).await;
        if let Err(problem) = look(&bedside, &clinic).await
            && problem.code != "bedside-unreachable"
        {
            tracing::warn!(problem = %problem.log(), "a session could not be fetched yet");
        }
    }
}

async fn look(bedside: &Bedside, clinic: &Arc<Clinic>) -> Result<(), Problem> {
    let Some((table, _)) = bedside.table() else {
        return Ok(());
    };
    began(bedside, clinic).await?;
    let stream = Stream::new(StreamKind::Table, Uuid::from_bytes(table));
    let (mut last, mut sequence) = known(clinic, stream).await?;
    let known = last.as_ref().map_or(0, |last| last.line);
    let lines = bedside
        .call(move |client| client.sessions_since(known))
        .await?;
    for line in lines {
        let (fetched, next) = fetch(bedside, clinic, (stream, sequence), line).await?;
        (last, sequence) = (Some(fetched), next);
    }
    match last {
        Some(last) => sealed(bedside, last).await,
        None => Ok(()),
    }
}

/// Tells the bedside, once a connection, that everything up to this line is sealed here.
async fn sealed(bedside: &Bedside, last: Fetched) -> Result<(), Problem> {
    if bedside.shared.sealed.load(Ordering::Relaxed) >= last.line {
        return Ok(());
    }
    let Fetched { line, sha256, .. } = last;
    let told = Request::Sealed { line, sha256 };
    bedside
        .call(move |client| client.call(&told).map(|_| ()))
        .await?;
    bedside.shared.sealed.store(line, Ordering::Relaxed);
    Ok(())
}

/// A session that runs on the table has begun on the record, too.
async fn began(bedside: &Bedside, clinic: &Arc<Clinic>) -> Result<(), Problem> {
    let Some(status) = bedside.live().status else {
        return Ok(());
    };
    let Some(session) = status
        .session
        .as_deref()
        .and_then(|hex| Uuid::parse_str(hex).ok())
    else {
        return Ok(());
    };
    if matches!(status.stage.as_str(), "armed" | "idle") {
        return Ok(());
    }
    let Some(patient) = clinic.patient_of(session).await? else {
        return Ok(());
    };
    match clinic.readable(patient).await? {
        Some(chart) => start(clinic, &chart, session, None).await,
        None => Ok(()),
    }
}

async fn start(
    clinic: &Clinic,
    chart: &Chart,
    session: Uuid,
    at: Option<Timestamp>,
) -> Result<(), Problem> {
    if chart
        .episode
        .session(session)
        .is_none_or(|session| session.started.is_some())
    {
        return Ok(());
    }
    clinic
        .act_at(
            chart.id,
            &Actor::program(),
            Command::StartSession { session },
            at,
        )
        .await
        .map(|_| ())
}

/// The last session on record and the sequence of its stream.
async fn known(clinic: &Clinic, stream: Stream) -> Result<(Option<Fetched>, u64), Problem> {
    let events = clinic
        .journal()
        .read(stream.id)
        .await
        .map_err(|e| e.problem())?;
    let ours = events.iter().filter(|stored| stored.kind == KINDS[0].0);
    let lines = ours
        .filter_map(|stored| serde_json::from_slice::<Fetched>(stored.payload.as_deref()?).ok());
    Ok((
        lines.max_by_key(|fetched| fetched.line),
        events.last().map_or(0, |stored| stored.sequence),
    ))
}

async fn fetch(
    bedside: &Bedside,
    clinic: &Arc<Clinic>,
    (stream, sequence): (Stream, u64),
    line: SessionLine,
) -> Result<(Fetched, u64), Problem> {
    let id = line.session.clone();
    let bytes = bedside
        .call(move |client| client.fetch_recording(&id))
        .await?;
    if hex::encode(Sha256::digest(&bytes)) != line.sha256 {
        return Err(Problem::new(
            "recording-altered",
            "recording",
            line.session,
            "the recording is not what the bedside wrote",
            "look at the bedside's disk; nothing was appended",
        ));
    }
    let recorded = Contents::read(&bytes).and_then(|contents| frames(&contents));
    // A recording of which not even the header was written has nothing to tell.
    let recorded = recorded.map_or_else(|_| Vec::new(), |frames| unanswered(&frames));
    let kept = keep(clinic.folder(), &line.session, &bytes)?;
    if let Ok(session) = Uuid::parse_str(&line.session) {
        end(clinic, session, &bytes).await?;
        if let Some(patient) = clinic.patient_of(session).await?
            && clinic.readable(patient).await?.is_some()
        {
            archive::register(clinic, patient, (kept, bytes), (session, stream.id)).await?;
            archive::thin_out(clinic, stream.id).await?;
        }
    }
    let mut events = no_answers(&line.session, &recorded)?;
    let fetched = Fetched {
        line: line.line,
        session: line.session,
        sha256: line.sha256,
        frames: line.frames,
        lost_frames: line.lost_frames,
        reason: line.reason,
        guard: line.guard,
    };
    events.push(event(KINDS[0].0, &fetched)?);
    let journal = clinic.journal();
    let stored = journal.append(stream, sequence, events, Rows::Keep).await;
    let stored = stored.map_err(|e| e.problem())?;
    let sequence = stored.last().map_or(sequence, |last| last.sequence);
    Ok((fetched, sequence))
}

fn event(kind: &str, payload: &impl Serialize) -> Result<NewEvent, Problem> {
    crate::clinic::own(kind, Timestamp::now(), Uuid::nil(), payload)
}

/// One event for each question of a session that nobody answered.
fn no_answers(session: &str, recorded: &[Unanswered]) -> Result<Vec<NewEvent>, Problem> {
    let seconds = |tick: u32| Ticks::new(tick).seconds().get();
    let told = |question: &Unanswered| {
        let told = NoAnswer {
            session: session.to_owned(),
            at_s: seconds(question.tick),
            answered_s: question.answered.map(seconds),
        };
        event(KINDS[1].0, &told)
    };
    recorded.iter().map(told).collect()
}

/// Appends the end to the patient's record, unless it is there.
async fn end(clinic: &Arc<Clinic>, session: Uuid, bytes: &[u8]) -> Result<(), Problem> {
    let Some(patient) = clinic.patient_of(session).await? else {
        return Ok(());
    };
    // The recording is kept beside a record that cannot be read; others are not kept waiting.
    let Some(chart) = clinic.readable(patient).await? else {
        return Ok(());
    };
    let on_record = chart.episode.session(session);
    if on_record.is_none_or(|session| session.ended.is_some()) {
        return Ok(());
    }
    let summary = super::summary(bytes)?;
    let at = instants(clinic, bytes, summary.duration_s)?;
    start(clinic, &chart, session, at.map(|(began, _)| began)).await?;
    let command = Command::EndSession { session, summary };
    clinic
        .act_at(
            patient,
            &Actor::program(),
            command,
            at.map(|(_, ended)| ended),
        )
        .await?;
    Ok(())
}

/// When it began and ended, if that was long ago; none for "just now".
fn instants(
    clinic: &Clinic,
    bytes: &[u8],
    seconds: f64,
) -> Result<Option<(Timestamp, Timestamp)>, Problem> {
    let header = Contents::read(bytes)?.header;
    let ahead = SignedDuration::from_secs(clinic.clock().ahead_s());
    let armed =
        Timestamp::from_millisecond(header.armed_at_ms).and_then(|at| at.checked_add(ahead));
    let Ok(armed) = armed else { return Ok(None) };
    let ended = SignedDuration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|lasted| armed.checked_add(lasted).ok());
    let Some(ended) = ended else { return Ok(None) };
    let missed = clinic.now().duration_since(ended) > SignedDuration::from_secs(30);
    Ok(missed.then_some((armed, ended)))
}

/// Where a recording is kept.
pub(crate) fn recording(folder: &Path, session: &str) -> PathBuf {
    folder
        .join("recordings")
        .join(format!("session-{session}.frames"))
}

/// Keeps a recording, whole or not at all, for nobody else to read; says where.
///
/// # Errors
/// The disk.
pub fn keep(folder: &Path, session: &str, bytes: &[u8]) -> Result<PathBuf, Problem> {
    let file = recording(folder, session);
    write(&file, bytes).map_err(|error| unkept(&file.display().to_string(), error.to_string()))?;
    Ok(file)
}

pub(super) fn unkept(file: &str, what: String) -> Problem {
    Problem::new("recording-unkept", file, "", what, "free disk space")
}

fn write(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let partial = file.with_extension("partial");
    // What an interrupted write left behind may be anybody's to read.
    match std::fs::remove_file(&partial) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut writing = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&partial)?;
    writing.write_all(bytes)?;
    writing.sync_all()?;
    std::fs::rename(&partial, file)?;
    // The name, too, survives a loss of power: the journal is about to name it.
    std::fs::File::open(folder)?.sync_all()
}
