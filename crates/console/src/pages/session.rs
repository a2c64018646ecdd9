//! The live session: what the table does, and everything that may be told to it.
//!
//! Every control is a form: STOP works without script. What can raise force
//! takes two deliberate acts of somebody who decides, or their role at least,
//! and the page that controls the table; what lowers takes neither.

mod acts;
pub mod change;
mod control;
mod end;
mod monitor;
mod over;
mod report;

use std::time::Duration;

use askama::Template;
use care::episode::{Command, EndCause, Path, Session};
use care::fact::Value;
use si::Problem;
use table::client::{Client, ClientError};
use table::wire::{FaultKind, Simulated};
use traction::input::{StopKind, Symptom};
use uuid::Uuid;

pub use self::acts::{Acts, confirm, prepare};
use self::change::Offer;
pub use self::change::preview;
use self::control::in_charge;
pub use self::control::{Controls, Stand, control, hand_over, heartbeat, keep, page};
pub(super) use self::end::{ended_by, explanation, given, held};
pub use self::monitor::monitor;
use self::over::Over;
pub(super) use self::report::report;
use self::report::{fact_of, symptom_of};
use super::alarms::Alarms;
use super::live::{self, Words};
use super::monitoring::{self, Watch};
use super::twin::Twin;
use super::who::{Desk, Who};
use crate::bedside::{Bedside, Live};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::Frame;
use crate::messages::Say;

#[derive(Template)]
#[template(path = "session.html")]
struct Page {
    f: Frame,
    p: Who,
    session: Uuid,
    ended: Option<String>,
    over: Option<Over>,
    /// In words, the cause by its name, and the recording's SHA-256.
    recorded: Option<(String, String, String)>,
    cause_open: bool,
    words: Words,
    /// At which other server a table is.
    elsewhere: Option<String>,
    controls: Controls,
    alarms: Alarms,
    offer: Offer,
    simulated: bool,
    symptoms: Vec<(&'static str, String)>,
    watches: Vec<Watch>,
    islands: bool,
    spine: String,
    left: bool,
}

/// GET `/patients/{patient}/session/{session}`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let id = visit.id("session")?;
    let session = desk.chart.episode.session(id).ok_or(Fault::NotFound)?;
    let (f, p) = desk.frame(&visit, Path::Treat);
    let live = visit
        .app
        .bedside
        .as_ref()
        .map(Bedside::live)
        .unwrap_or_default();
    let here = is_here(&live, id);
    // Which tab asks is not known before its script speaks: until then it only looks.
    let controls = match visit.app.bedside {
        Some(_) => Stand::of(&visit.app, (id, "")).controls(f.t, &live, here),
        None => Controls::default(),
    };
    let over = match session.summary {
        Some(_) => Some(Over::of(&visit, &desk, &f, session).await),
        None => None,
    };
    let page = Page {
        over,
        ended: given(f.t, session),
        recorded: recorded(f.t, session),
        cause_open: unexplained(session),
        words: live::words(f.t, &live, here).with(
            live::record(&visit.app, f.t, (&desk.chart.episode, id)),
            &controls,
        ),
        elsewhere: super::treat::elsewhere(&visit, &f).await,
        controls,
        offer: Offer::of(f.t, &session.grant),
        alarms: Alarms::of(f.t, live.status.as_ref().filter(|_| here)),
        simulated: session.simulated,
        symptoms: f.t.symptoms(),
        watches: watches(&visit, &desk, &f, id),
        islands: crate::assets::islands(),
        spine: spine(&visit, &desk, &f, (id, here)).await,
        left: desk
            .chart
            .episode
            .visit_of(id)
            .is_some_and(|visit| visit.leaving.is_some()),
        session: id,
        f,
        p,
    };
    html(&page)
}

/// What the recording says the end was, and its hash as it is on record.
fn recorded(t: Say, session: &Session) -> Option<(String, String, String)> {
    let summary = session.summary.as_ref()?;
    let sha256 = summary.recording_sha256.clone()?;
    let cause = summary.detail.clone();
    Some((t.live_recorded(t.matter(&cause), &sha256), cause, sha256))
}

/// The spine as it is when the page is loaded; from there on the stream moves it.
async fn spine(visit: &Visit, desk: &Desk, f: &Frame, (session, here): (Uuid, bool)) -> String {
    let Some(mut twin) = Twin::of(&desk.chart.episode, session, f.now.timestamp()) else {
        return String::new();
    };
    let bedside = visit.app.bedside.as_ref().filter(|_| here);
    let points = bedside.map(|bedside| bedside.points(0).0);
    let t = f.t;
    let work = move || {
        twin.follow(&points.unwrap_or_default());
        twin.picture(t)
    };
    // The page stands without its picture.
    let drawn = tokio::task::spawn_blocking(work).await;
    drawn.ok().flatten().unwrap_or_default()
}

/// What the decision of now has measured or asked while it pulls.
fn watches(visit: &Visit, desk: &Desk, f: &Frame, session: Uuid) -> Vec<Watch> {
    let (clinic, episode) = (&visit.app.clinic, &desk.chart.episode);
    let (Some(region), Some(open)) = (episode.region, episode.visit_of(session)) else {
        return Vec::new();
    };
    let decision = super::evaluate::decide(clinic, episode, region, f.now.timestamp());
    monitoring::on_the_table(f, clinic.knowledge().catalogue(), &decision, open)
}

fn unexplained(session: &Session) -> bool {
    care::session::cause(session) == Some(EndCause::Unexplained)
}

/// Whether the table holds this session now.
#[must_use]
pub fn is_here(live: &Live, session: Uuid) -> bool {
    live.status
        .as_ref()
        .and_then(|status| status.session.as_deref())
        .and_then(|hex| Uuid::parse_str(hex).ok())
        == Some(session)
}

/// POST `…/stop`: everybody who sees the session may; it needs no control, and
/// nothing is read or written before the table is told.
pub async fn stop(visit: Visit) -> Reply {
    let bedside = visit.app.table(Fault::NotFound).await?;
    let id = visit.id("session")?;
    if is_elsewhere(&bedside.live(), id) {
        return Err(not_here(id));
    }
    bedside.call(Client::stop).await?;
    Ok(see(&href(&visit)?))
}

/// POST `…/pause`.
pub async fn pause(visit: Visit) -> Reply {
    soften(&visit, Client::pause).await
}

/// POST `…/lower`.
pub async fn lower(visit: Visit) -> Reply {
    soften(&visit, Client::lower).await
}

/// POST `…/no-increase`.
pub async fn no_increase(visit: Visit) -> Reply {
    soften(&visit, Client::no_increase).await
}

/// POST `…/ack`: whoever sees the alarms may say that they have seen them.
pub async fn ack(visit: Visit) -> Reply {
    soften(&visit, Client::ack).await
}

/// POST `…/silence`: what has been heard is silent for two minutes at most.
pub async fn silence(visit: Visit) -> Reply {
    soften(&visit, Client::silence).await
}

/// POST `…/end`.
pub async fn end(visit: Visit) -> Reply {
    tell(&visit, Client::end).await
}

/// POST `…/close`: a stopped or never started session is over.
pub async fn close(visit: Visit) -> Reply {
    in_charge(&visit)?;
    let reply = tell(&visit, Client::close).await?;
    if let Some(bedside) = &visit.app.bedside {
        bedside.nudge();
    }
    Ok(reply)
}

/// POST `…/continue`: after a pause.
pub async fn go_on(visit: Visit) -> Reply {
    in_charge(&visit)?;
    permitted(&visit).await?;
    tell(&visit, Client::continue_session).await
}

/// POST `…/allow`: increases are allowed again.
pub async fn allow(visit: Visit) -> Reply {
    in_charge(&visit)?;
    permitted(&visit).await?;
    tell(&visit, Client::allow_increase).await
}

/// A Grant cannot be called back: whatever raises force asks the record of this moment.
async fn permitted(visit: &Visit) -> Result<(), Fault> {
    let clinic = &visit.app.clinic;
    let chart = clinic.chart(visit.patient()?).await?;
    care::session::still_permitted(&chart.episode, visit.id("session")?, clinic.now())?;
    Ok(())
}

/// POST `…/comfort`: told to the table at once, and to the record.
pub async fn comfort(visit: Visit) -> Reply {
    let score = score(&visit)?;
    let turn = visit.app.asked.turn().await;
    let told = match eased(&visit, score).await {
        // The score is not this page's to better; that the patient answered is told all the same.
        true => soften(&visit, Client::well)
            .await
            .and_then(|_| Err(in_charge(&visit).err().unwrap_or(Fault::NotFound))),
        false => soften(&visit, move |client| client.comfort(score)).await,
    };
    drop(turn);
    let written = noted(&visit, "discomfort", Value::Number(f64::from(score))).await;
    both(told, written)
}

/// How much discomfort a form tells.
pub(super) fn score(visit: &Visit) -> Result<u8, Problem> {
    let score: u8 = visit.form.need_read("score")?;
    let (what, remedy) = ("is not 0 to 10", "choose 0 to 10");
    let wrong = || Problem::new("comfort-range", "score", score.to_string(), what, remedy);
    (score <= 10).then_some(score).ok_or_else(wrong)
}

/// What the patient said, as whoever sees the session notes it.
async fn noted(visit: &Visit, fact: &str, value: Value) -> Result<(), Fault> {
    let desk = Desk::of(visit).await?;
    let who = (desk.chart.id, desk.actor);
    report(&visit.app, who, visit.id("session")?, fact, value).await
}

/// POST `…/well`: the patient answers that nothing is worse than told last.
pub async fn well(visit: Visit) -> Reply {
    soften(&visit, Client::well).await
}

/// Whether a page without control tells a better score, which lifts what a worse one held.
async fn eased(visit: &Visit, score: u8) -> bool {
    let (Some(bedside), Err(_)) = (&visit.app.bedside, in_charge(visit)) else {
        return false;
    };
    // Asked now: what was heard last may be a tenth of a second old.
    let now = bedside.call(Client::status).await;
    now.is_ok_and(|status| status.comfort.is_some_and(|told| score < told))
}

/// POST `…/symptom`: the table lets go first, then the record is written, whatever the
/// table answered. A table that refuses the symptom is stopped.
pub async fn symptom(visit: Visit) -> Reply {
    let word = visit.form.need("symptom")?.to_owned();
    let symptom = symptom_of(&word).ok_or_else(|| {
        Problem::new(
            "symptom-unknown",
            "symptom",
            word.clone(),
            "is not a stop symptom",
            "choose one of the list",
        )
    })?;
    let told = let_go(&visit, symptom).await;
    let written = match fact_of(&word) {
        Some(fact) => noted(&visit, fact, Value::Bool(true)).await,
        None => Ok(()),
    };
    both(told, written)
}

/// Tells the table a symptom: it lets go. One that refuses the symptom is stopped.
async fn let_go(visit: &Visit, symptom: Symptom) -> Reply {
    let told = soften(visit, move |client| client.symptom(symptom)).await;
    if let (Err(refused), Some(bedside)) = (&told, &visit.app.bedside)
        && !is_elsewhere(&bedside.live(), visit.id("session")?)
    {
        tracing::warn!(%refused, "the table refused a symptom and is stopped");
        let back = href(visit)?;
        let stopped = bedside.call(Client::stop).await;
        return stopped.map(|()| see(&back)).map_err(Fault::from);
    }
    told
}

/// A lost command first; then a record that does not know of it.
pub(super) fn both(told: Reply, written: Result<(), Fault>) -> Reply {
    let reply = told?;
    written.map_err(|fault| {
        tracing::error!(%fault, "the table was told and the record was not");
        Problem::new(
            super::fault::UNWRITTEN,
            "record",
            "",
            "the table was told; the record was not written",
            "write it down now and record it again; the table keeps what it was told",
        )
    })?;
    Ok(reply)
}

/// POST `…/explain`: what an unexplained stop was, while it is still on the table.
/// Who said so and why is on record before the table is told.
pub async fn explain(visit: Visit) -> Reply {
    let kind = match visit.form.need("stop")? {
        "comfort" => StopKind::Comfort,
        "technical" => StopKind::Technical,
        _ => StopKind::Symptom,
    };
    in_charge(&visit)?;
    let (bedside, href) = at_table(&visit).await?;
    let latch = bedside.live().status.and_then(|status| status.latch);
    latch.ok_or_else(|| {
        Problem::new(
            "nothing-stopped",
            "stop",
            "",
            "no stop is on the table",
            "explain a stop once the table has let go",
        )
    })?;
    write_explained(&visit).await?;
    bedside.call(move |client| client.explain(kind)).await?;
    Ok(see(&href))
}

/// POST `…/explained`: the same for a session that is already over.
pub async fn explained(visit: Visit) -> Reply {
    write_explained(&visit).await?;
    Ok(see(&href(&visit)?))
}

async fn write_explained(visit: &Visit) -> Result<(), Fault> {
    let cause = match visit.form.need("stop")? {
        "comfort" => EndCause::Comfort,
        "technical" => EndCause::Technical,
        _ => EndCause::Symptom,
    };
    let command = Command::ExplainStop {
        session: visit.id("session")?,
        cause,
        reason: visit.form.need("reason")?.to_owned(),
    };
    Desk::of(visit).await?.act(visit, command).await?;
    Ok(())
}

/// POST `…/simulate`: something happens to a simulated table, or to who lies on it.
pub async fn simulate(visit: Visit) -> Reply {
    let asleep = FaultKind::PatientAsleep;
    let act = match (visit.form.get("asleep"), visit.form.get("switch")) {
        (Some("no"), _) => Simulated::Mend { fault: asleep },
        (Some(_), _) => Simulated::Inject {
            fault: table::wire::Fault::usual(asleep),
        },
        (None, switch) => Simulated::Switch {
            pressed: switch != Some("release"),
        },
    };
    tell(&visit, move |client| client.simulate(act)).await
}

/// Tells the table what raises nothing: from what is in memory alone, before any record is read.
async fn soften(
    visit: &Visit,
    speak: impl FnOnce(&Client) -> Result<(), ClientError> + Send + 'static,
) -> Reply {
    let bedside = visit.app.table(Fault::NotFound).await?;
    arrives(&bedside, visit.id("session")?).await?;
    bedside.call(speak).await?;
    Ok(see(&href(visit)?))
}

/// Speaks to the table and goes back to the page.
async fn tell<T: Send + 'static>(
    visit: &Visit,
    speak: impl FnOnce(&Client) -> Result<T, ClientError> + Send + 'static,
) -> Reply {
    let (bedside, href) = at_table(visit).await?;
    bedside.call(speak).await?;
    Ok(see(&href))
}

/// The table, if it holds the session of the path and that session is the patient's.
async fn at_table(visit: &Visit) -> Result<(Bedside, String), Fault> {
    let id = visit.id("session")?;
    let chart = visit.app.clinic.chart(visit.patient()?).await?;
    chart.episode.session(id).ok_or(Fault::NotFound)?;
    let bedside = visit.app.table(Fault::NotFound).await?;
    arrives(&bedside, id).await?;
    Ok((bedside, href(visit)?))
}

/// Waits until the table holds the session.
pub(super) async fn arrives(bedside: &Bedside, id: Uuid) -> Result<(), Fault> {
    // Before the first status after arming the table may be a tenth of a second behind.
    for _ in 0..20 {
        if is_here(&bedside.live(), id) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(not_here(id))
}

pub(super) fn not_here(id: Uuid) -> Fault {
    Problem::new(
        "session-not-here",
        "session",
        id.to_string(),
        "the table does not hold this session",
        "look at the patient's page; a session that is over stays over",
    )
    .into()
}

/// Whether the table is known to hold another session: another patient's is left alone.
pub(super) fn is_elsewhere(live: &Live, session: Uuid) -> bool {
    let held = live.status.as_ref().filter(|_| live.connected);
    held.is_some_and(|status| status.session.is_some()) && !is_here(live, session)
}

fn href(visit: &Visit) -> Result<String, Fault> {
    Ok(format!(
        "/patients/{}/session/{}",
        visit.patient()?,
        visit.id("session")?
    ))
}
