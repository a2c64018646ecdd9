//! The visit before the pull: arrival record, pre-start list, permission.

use askama::Template;
use care::decide::{Decision, Gate, MonitorAt};
use care::episode::{Command, Episode, NextStep, Path};
use care::session::{ARRIVAL, START};
use jiff::SignedDuration;
use si::Problem;
use uuid::Uuid;

use super::checked;
use super::decision::DecisionView;
use super::inputs::{self, Input, Voice};
use super::monitoring;
use super::today::stayed_away;
use super::who::{Desk, Who};
use crate::bedside::Bedside;
use crate::clinic::{Clinic, SwitchTest, least_n};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};
use crate::random;

/// A Grant is armed within this time or not at all; at most 12 h (ENGINEERING.md §5).
const GRANT_LIFE: SignedDuration = SignedDuration::from_hours(1);

#[derive(Template)]
#[template(path = "treat.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    /// Why a review comes first.
    review: Option<String>,
    arrived: Option<String>,
    arrival: Vec<Input>,
    monitoring: Vec<Input>,
    at_hand: Vec<String>,
    rescreen: Vec<Input>,
    stale: String,
    start: Vec<Input>,
    checked: Vec<checked::List>,
    decision: DecisionView,
    attendant: String,
    table: Option<bool>,
    /// At which other server a table is.
    elsewhere: Option<String>,
    /// The least force of the day's test of the switch, N, while it is due.
    switch_due: Option<String>,
    session: Option<Uuid>,
    blocked: bool,
}

/// GET `/patients/{patient}/treat`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Treat);
    let (clinic, episode) = (&visit.app.clinic, &desk.chart.episode);
    let region = episode.region.ok_or(Fault::NotFound)?;
    let catalogue = clinic.knowledge().catalogue();
    let open = episode.open_visit();
    let decision = match open {
        // Rows of the table itself count once the visit is open.
        None => super::evaluate::decide(clinic, episode, region, f.now.timestamp()),
        Some(_) => decide(clinic, episode, region, f.now.timestamp()),
    };
    let list = |ids: &[&str]| {
        let ids = ids.iter().copied();
        let inputs = Input::listed(f.t, catalogue, ids, region, Voice::Practitioner);
        Input::anchored(inputs, clinic.knowledge().instruments())
    };
    let done: Vec<String> = open
        .iter()
        .flat_map(|v| &v.start)
        .map(|r| r.key().to_string())
        .collect();
    let asked = decision
        .next_questions
        .iter()
        .map(|question| question.fact.as_str());
    let (open_items, asked): (Vec<&str>, Vec<&str>) = asked
        .filter(|fact| !START.contains(fact) && !ARRIVAL.contains(fact))
        .partition(|fact| is_start_item(catalogue, fact));
    let mut start = list(&START);
    start.extend(list(&open_items));
    start.retain(|input| !done.iter().any(|key| input.name == format!("f:{key}")));
    let (monitoring, asked) = before(&f, catalogue, &decision, (episode, asked));
    let rescreen = list(&asked);
    let page = Page {
        stale: f.t.rescreen_count(rescreen.len()),
        head: head(&f, episode, open.is_some()),
        review: stayed_away(&f, episode),
        arrived: open.map(|visit| f.when(&visit.arrived)),
        arrival: list(&ARRIVAL),
        monitoring,
        at_hand: monitoring::at_hand(&decision),
        rescreen,
        start,
        checked: open
            .map(|visit| checked::lists(&f, catalogue, episode, visit))
            .unwrap_or_default(),
        decision: DecisionView::of(&f, &decision).for_patient(&f, clinic, desk.chart.id),
        attendant: desk.actor.name.clone(),
        elsewhere: elsewhere(&visit, &f).await,
        table: visit
            .app
            .bedside
            .as_ref()
            .map(|bedside| bedside.live().connected),
        switch_due: switch_due(&visit).await,
        session: open
            .and_then(|visit| visit.session.as_ref())
            .map(|session| session.id),
        blocked: episode.suspended().next().is_some(),
        f,
        p,
    };
    html(&page)
}

/// What is measured before the pull and not yet entered at this visit, with what else the
/// re-screen asks of the same measurement; and what is left to ask.
fn before<'a>(
    f: &Frame,
    catalogue: &care::fact::Catalogue,
    decision: &Decision,
    (episode, asked): (&Episode, Vec<&'a str>),
) -> (Vec<Input>, Vec<&'a str>) {
    let entered = |key: &str| {
        let open = episode.open_visit().into_iter();
        let readings = open.flat_map(|v| v.arrival.iter().chain(&v.start));
        let mut of = readings.filter(|reading| reading.key().to_string() == key);
        of.any(|reading| reading.as_value().is_some())
    };
    let watched = monitoring::watches(f, catalogue, decision, MonitorAt::Before, entered);
    let mut inputs: Vec<Input> = watched.into_iter().map(|watch| watch.input).collect();
    let section = |name: &str| {
        let id = name.trim_start_matches("f:").split('[').next();
        id.and_then(|id| catalogue.get(id))
            .map(|fact| fact.section.as_str())
    };
    let sections: Vec<_> = inputs.iter().map(|input| section(&input.name)).collect();
    let (along, left): (Vec<&str>, Vec<&str>) = asked
        .into_iter()
        .partition(|key| sections.contains(&section(key)));
    let along = along
        .into_iter()
        .filter(|key| inputs.iter().all(|input| input.name != format!("f:{key}")));
    let region = episode.region.unwrap_or(si::Region::Lumbar);
    let along = Input::listed(f.t, catalogue, along, region, Voice::Practitioner);
    inputs.extend(along);
    (inputs, left)
}

/// Whether a fact belongs to the pre-start list, by its section.
fn is_start_item(catalogue: &care::fact::Catalogue, fact: &str) -> bool {
    catalogue
        .get(fact)
        .is_some_and(|fact| fact.section == "pre-start")
}

fn head(f: &Frame, episode: &Episode, open: bool) -> String {
    let number = episode.treated().count() + 1;
    match (f.next_step(episode), open) {
        (NextStep::Review, _) => f.t.treat_head_not_yet(f.t.next_step(NextStep::Review)),
        (_, true) => f.t.treat_head_open(number),
        (NextStep::Arrive, false) => f.t.treat_head_arrive(number),
        (step, false) => f.t.treat_head_not_yet(f.t.next_step(step)),
    }
}

/// The decision over `eligibility`, `today` and `start` of this moment.
pub fn decide(
    clinic: &Clinic,
    episode: &Episode,
    region: si::Region,
    at: jiff::Timestamp,
) -> Decision {
    care::decide::evaluate(
        &episode.facts(),
        region,
        Gate::TREAT,
        clinic.knowledge(),
        at,
        clinic.zone(),
    )
}

/// POST `/patients/{patient}/treat/arrival`.
pub async fn arrive(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let readings = inputs::readings(&visit.form, catalogue, &desk.entry(&visit))?;
    desk.act(&visit, Command::RecordArrival { readings })
        .await?;
    Ok(see(&format!(
        "/patients/{}/treat?said=saved",
        desk.chart.id
    )))
}

/// POST `/patients/{patient}/treat/start`: items of the list, what is measured before the
/// pull, and what a re-screen asks.
pub async fn check(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (clinic, episode) = (&visit.app.clinic, &desk.chart.episode);
    let region = episode.region.ok_or(Fault::NotFound)?;
    let decision = decide(clinic, episode, region, clinic.now());
    let catalogue = visit.app.clinic.knowledge().catalogue();
    let readings = inputs::readings(&visit.form, catalogue, &desk.entry(&visit))?;
    let (items, others): (Vec<_>, Vec<_>) = readings.into_iter().partition(|reading| {
        let key = reading.key().to_string();
        is_start_item(catalogue, reading.fact.as_str())
            || monitoring::asks(&decision, MonitorAt::Before, &key)
    });
    if !others.is_empty() {
        desk.act(
            &visit,
            Command::RecordFacts {
                readings: others,
                denied: Vec::new(),
            },
        )
        .await?;
    }
    if !items.is_empty() {
        desk.act(&visit, Command::CheckStart { readings: items })
            .await?;
    }
    Ok(see(&format!(
        "/patients/{}/treat?said=saved",
        desk.chart.id
    )))
}

/// POST `/patients/{patient}/treat/arm`: one Grant for one session, signed and given to the bedside.
pub async fn arm(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let bedside = visit.app.table(no_table()).await?;
    let (table, simulated) = bedside.table().ok_or_else(no_table)?;
    let page = super::session::page(&visit)?;
    heard(&visit)?;
    visit.app.clinic.switch_tested(&table).await?;
    in_order(&bedside)?;
    bedside.may_take(&page.id)?;
    let session = Uuid::from_bytes(random::bytes());
    let now = visit.app.clinic.now();
    let command = Command::IssueGrant {
        session,
        table: Uuid::from_bytes(table),
        nonce: Uuid::from_bytes(random::bytes()),
        attendant: visit.form.need("attendant")?.to_owned(),
        expires: now.checked_add(GRANT_LIFE).unwrap_or(now),
        simulated,
    };
    let chart = desk.act(&visit, command).await?;
    let grant = chart
        .episode
        .session(session)
        .map(|session| session.grant.clone())
        .ok_or(Fault::NotFound)?;
    let signed = visit.app.clinic.sign_grant(&grant)?;
    bedside.take_control(page).await?;
    bedside.call(move |client| client.arm(&signed)).await?;
    Ok(see(&format!(
        "/patients/{}/session/{session}",
        desk.chart.id
    )))
}

/// Sensors that were implausible twice in one session are looked at before the next
/// (devices.md §4b.9: service flag after 2).
fn in_order(bedside: &Bedside) -> Result<(), Problem> {
    let due = bedside
        .live()
        .status
        .is_some_and(|status| status.service_due);
    match due {
        false => Ok(()),
        true => Err(Problem::new(
            "service-due",
            "table",
            "",
            "its sensors were implausible twice in one session",
            "have the load cells and the drive looked at, then start `annulus bedside` again",
        )),
    }
}

/// In words, at which other server a table is.
pub(super) async fn elsewhere(visit: &Visit, f: &Frame) -> Option<String> {
    let place = visit.app.elsewhere().await?;
    Some(f.t.table_elsewhere(&place))
}

/// The least force of the day's test of the switch, N, while it is due.
async fn switch_due(visit: &Visit) -> Option<String> {
    let bedside = visit.app.bedside.as_ref()?;
    let (table, ceiling_n) = (bedside.table()?.0, bedside.ceiling_n()?);
    let due = visit.app.clinic.switch_tested(&table).await.is_err();
    due.then(|| format!("{:.0}", least_n(ceiling_n).ceil()))
}

/// POST `/patients/{patient}/treat/switch`: the day's test of the table's switch, as somebody saw it.
pub async fn test_switch(visit: Visit) -> Reply {
    let bedside = visit.app.table(no_table()).await?;
    let known = bedside.table().zip(bedside.ceiling_n());
    let ((table, _), ceiling_n) = known.ok_or_else(no_table)?;
    let who = visit.who()?;
    let test = SwitchTest {
        table: hex::encode(table),
        force_n: visit.form.need_read("force_n")?,
        ceiling_n,
        passed: visit.form.need("let_go")? == "yes",
        by: who.name.clone(),
    };
    visit.app.clinic.keep_switch_test(who.user, test).await?;
    let back = format!("/patients/{}/treat?said=saved", visit.patient()?);
    Ok(see(&back))
}

/// Alarms must be heard from the page before anything can raise one (H23).
fn heard(visit: &Visit) -> Result<(), Problem> {
    match visit.form.get("heard") {
        Some("yes") => Ok(()),
        _ => Err(Problem::new(
            "sound-untested",
            "heard",
            "",
            "nobody heard the sound of this page's alarms",
            "try the sound, say that you heard it, then arm",
        )),
    }
}

fn no_table() -> Problem {
    Problem::new(
        "no-table",
        "bedside",
        "",
        "no table is connected",
        "start `annulus bedside` and give its socket to `annulus serve --bedside`",
    )
}
