//! Today: alarms first, then everybody with their one next step.

use std::collections::BTreeSet;

use askama::Template;
use care::decide::Urgency;
use care::episode::{Alert, Episode, NextStep, Role};
use care::review::{Demand, demand};
use si::Region;
use uuid::Uuid;

use super::decision::in_short;
use super::who::href;
use super::{alert, diary, glyph, mail, restricted};
use crate::clinic::{Chart, Clinic, Damaged};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "today.html")]
struct Page {
    f: Frame,
    head: String,
    /// How many need somebody now.
    people: usize,
    /// What waits for a review by whoever looks, and whether one is overdue.
    openings: Option<(String, bool)>,
    /// Records that cannot be read, each in a sentence.
    damaged: Vec<String>,
    alarms: Vec<Alarm>,
    /// Who comes today.
    booked: Vec<diary::Line>,
    /// Whose check-in is due and who holds no link.
    calls: Vec<Call>,
    /// Letters that wait for an answer: whose, and what they say of themselves.
    letters: Vec<(Uuid, String, String)>,
    rows: Vec<Line>,
    /// Whether there are others.
    more: bool,
    on_call: Vec<String>,
    /// Whether those on call hear by mail, in words, and whether it is amiss.
    mail: Option<(String, bool)>,
    words: String,
    /// Whether somebody is looked for: who was found stands first.
    searched: bool,
}

struct Alarm {
    patient: String,
    name: String,
    number: u32,
    urgency: String,
    urgency_words: String,
    glyph: &'static str,
    about: String,
    at: String,
    phone: String,
    told: String,
}

/// Somebody to be called for the answers of a check-in.
struct Call {
    name: String,
    phone: String,
    until: String,
    href: String,
    contact: String,
}

struct Line {
    id: String,
    name: String,
    region: String,
    sessions: String,
    verdict: &'static str,
    verdict_words: String,
    /// What deciding now would say, where that is worse or more is unknown.
    again: Option<String>,
    check_in: &'static str,
    check_in_words: String,
    next: String,
    href: String,
    suspended: bool,
    /// Why a review comes first.
    review: Option<String>,
}

/// So many patients are listed before somebody searches.
const LISTED: usize = 50;
/// So many who stayed away are listed beside them.
const LAPSED: usize = 100;

/// A patient's first page is their own record.
fn mine(visit: &Visit) -> Reply {
    let own = visit.who()?.patient.ok_or(Fault::NotFound)?;
    Ok(see(&format!("/patients/{own}/mine")))
}

/// GET `/renewed`: what the page asks for again and again. Who looks for somebody is in the audit
/// log once a login.
pub async fn renewed(visit: Visit) -> Reply {
    let words = visit.query.get("find").unwrap_or_default();
    visit
        .app
        .clinic
        .note_glance(&visit, "/renewed", words)
        .await?;
    show(visit).await
}

/// GET `/`.
pub async fn show(visit: Visit) -> Reply {
    match visit.role() {
        Some(Role::Administrator) => return Ok(see("/users")),
        Some(Role::Researcher) => return Ok(see("/research")),
        Some(Role::Patient) => return mine(&visit),
        _ => {}
    }
    let f = Frame::new(&visit, Place::Today);
    let words = visit.query.get("find").unwrap_or_default().to_owned();
    let clinic = &visit.app.clinic;
    let (alarms, calls, letters) = if f.clinical() {
        let (alarms, calls) = (alarms(&f, clinic).await?, calls(&f, clinic).await?);
        (alarms, calls, letters(&f, &visit).await?)
    } else {
        Default::default()
    };
    let (rows, more) = listed(&f, &visit, &words).await?;
    let booked = diary::of_day(&visit, &f, f.now.date()).await?;
    let people = clinic.alarmed().await?.len();
    let damaged = clinic.damaged().await?;
    let head = match damaged.is_empty() {
        true => head(&f, people, clinic.is_empty().await?),
        false => f.t.today_damaged_head(),
    };
    let on_call = clinic.settings().on_call.clone();
    let mail = mail::line(&f, clinic).await?;
    html(&Page {
        openings: restricted::waiting(&f, clinic).await?,
        damaged: damaged.iter().map(|one| unreadable(&f, one)).collect(),
        f,
        head,
        people,
        alarms,
        booked,
        calls,
        letters,
        rows,
        more,
        on_call,
        mail,
        searched: !words.trim().is_empty(),
        words,
    })
}

/// How many people need somebody now, not how many alarms they have; also to those who are
/// not told who.
fn head(f: &Frame, people: usize, empty: bool) -> String {
    match people {
        0 if empty => f.t.today_empty(),
        0 => f.t.today_calm(),
        people => self::people(f, people),
    }
}

/// How many people need somebody now: who sees no list of them is told whom to tell.
pub(super) fn people(f: &Frame, count: usize) -> String {
    match f.clinical() {
        true => f.t.today_alarms(count),
        false => f.t.today_alarms_desk(count),
    }
}

/// Who knows of it may still know the patient by name.
fn unreadable(f: &Frame, damaged: &Damaged) -> String {
    match &damaged.of {
        Some(summary) => f.t.today_damaged(&summary.name),
        None if damaged.patient => f.t.today_damaged_unnamed(damaged.id),
        None => f.t.today_damaged_other(damaged.id),
    }
}

/// Every alarm nobody took, whoever is searched for.
async fn alarms(f: &Frame, clinic: &Clinic) -> Result<Vec<Alarm>, Fault> {
    let mut alarms = Vec::new();
    for chart in clinic.charts_of(&clinic.alarmed().await?).await? {
        let open = chart.episode.open_alerts();
        alarms.extend(open.map(|alert| alarm(f, clinic, &chart, alert)));
    }
    alarms.sort_by_key(|alarm| std::cmp::Reverse(urgency(&alarm.urgency)));
    Ok(alarms)
}

/// Every letter that waits for its answer, the oldest first.
async fn letters(f: &Frame, visit: &Visit) -> Result<Vec<(Uuid, String, String)>, Fault> {
    let (clinic, user) = (&visit.app.clinic, visit.who()?.user);
    let (restrictions, now) = (clinic.restrictions().await?, clinic.now());
    let mut letters = Vec::new();
    let mut charts = clinic.charts_of(&clinic.written_for().await?).await?;
    charts.retain(|chart| restrictions.opens(user, chart.id, now));
    for chart in charts {
        let name = &chart.episode.demographics.0.name;
        let open = chart.episode.open_referrals();
        letters.extend(open.map(|one| {
            let line = super::referral::waiting(f, one);
            (one.at, (chart.id, name.clone(), line))
        }));
    }
    letters.sort_by_key(|(at, _)| *at);
    Ok(letters.into_iter().map(|(_, letter)| letter).collect())
}

async fn calls(f: &Frame, clinic: &Clinic) -> Result<Vec<Call>, Fault> {
    let mut calls = Vec::new();
    for chart in clinic.charts_of(&clinic.awaited().await?).await? {
        calls.extend(call(f, &chart));
    }
    Ok(calls)
}

/// Who is called so, or whose episode is open; whether there are others.
async fn listed(f: &Frame, visit: &Visit, words: &str) -> Result<(Vec<Line>, bool), Fault> {
    let (clinic, user) = (&visit.app.clinic, visit.who()?.user);
    let (restrictions, now) = (clinic.restrictions().await?, clinic.now());
    let found = clinic.find(words, LISTED).await?;
    let mut ids: Vec<Uuid> = found.listed.iter().map(|summary| summary.id).collect();
    let mut more = found.more;
    if words.trim().is_empty() {
        // Who needs a review first is looked for, wherever the name stands.
        let mut lapsed = clinic.lapsed().await?;
        more |= lapsed.len() > LAPSED;
        lapsed.truncate(LAPSED);
        ids.extend(lapsed);
    }
    let mut seen = BTreeSet::new();
    ids.retain(|id| seen.insert(*id));
    let mut rows = Vec::new();
    for chart in clinic.charts_of(&ids).await? {
        let line = match restrictions.opens(user, chart.id, now) {
            true => line(f, clinic, &chart),
            false => Line::closed(f, &chart),
        };
        if line.review.is_some() || rows.len() < found.listed.len() {
            rows.push(line);
        }
    }
    rows.sort_by_key(|line| line.review.is_none());
    Ok((rows, more))
}

/// Why a review comes before the next session, where somebody stayed away.
pub(super) fn stayed_away(f: &Frame, episode: &Episode) -> Option<String> {
    match demand(episode, &f.dose, f.now.timestamp())? {
        Demand::Missed => Some(f.t.diary_missed_twice()),
        Demand::Gap(since) => Some(f.t.today_gap(f.day(&since))),
        Demand::Course => None,
    }
}

pub(super) fn urgency(word: &str) -> Urgency {
    Urgency::ALL
        .iter()
        .copied()
        .find(|urgency| urgency.as_str() == word)
        .unwrap_or(Urgency::None)
}

fn alarm(f: &Frame, clinic: &Clinic, chart: &Chart, alert: &Alert) -> Alarm {
    let who = &chart.episode.demographics.0;
    Alarm {
        patient: chart.id.to_string(),
        name: who.name.clone(),
        number: alert.number,
        urgency: alert.urgency.clone(),
        urgency_words: f.t.urgency(&alert.urgency),
        glyph: glyph(&alert.urgency),
        about: alert::about(f, clinic, &chart.episode, alert),
        at: f.when(&alert.at),
        phone: who.phone.clone().unwrap_or_default(),
        told: alert::told(f, alert),
    }
}

/// The first check-in that waits for an answer nobody can send: no link leads to it.
fn call(f: &Frame, chart: &Chart) -> Option<Call> {
    let (episode, now) = (&chart.episode, f.now.timestamp());
    // Nobody calls for somebody who died.
    if episode.deceased {
        return None;
    }
    let due = care::triage::due(episode, now);
    let mut open = due.iter().filter(|due| due.open_at(now));
    let due = open.find(|due| {
        let mut links = episode
            .session(due.session)
            .into_iter()
            .flat_map(|s| &s.links);
        !links.any(|link| now < link.expires)
    })?;
    let who = &episode.demographics.0;
    Some(Call {
        name: who.name.clone(),
        phone: who.phone.clone().unwrap_or_default(),
        until: f.t.today_call_until(f.when(&due.until)),
        href: format!("/patients/{}/recover/{}/enter", chart.id, due.session),
        contact: format!("/patients/{}/contact", chart.id),
    })
}

impl Line {
    /// Of a restricted record the name stays; what is urgent stands among the alarms.
    fn closed(f: &Frame, chart: &Chart) -> Self {
        Self {
            id: chart.id.to_string(),
            name: chart.episode.demographics.0.name.clone(),
            region: String::new(),
            sessions: String::new(),
            verdict: "",
            verdict_words: f.t.restricted_line(),
            again: None,
            check_in: "",
            check_in_words: String::new(),
            next: String::new(),
            href: format!("/patients/{}/evaluate", chart.id),
            suspended: false,
            review: None,
        }
    }
}

fn line(f: &Frame, clinic: &Clinic, chart: &Chart) -> Line {
    let episode = &chart.episode;
    let next = f.next_step(episode);
    let again = diary::again(f, clinic, episode).filter(|_| f.clinical());
    let (verdict, verdict_words) = in_short(f, episode, again.is_some());
    let (check_in, check_in_words) = diary::check_in(f, episode);
    let done = episode.treated().count();
    Line {
        id: chart.id.to_string(),
        name: episode.demographics.0.name.clone(),
        region: episode.region.map_or("", Region::as_str).to_owned(),
        sessions: f.t.today_sessions(done),
        verdict,
        verdict_words,
        again,
        check_in,
        check_in_words,
        next: if next == NextStep::Nothing {
            f.t.path(care::episode::Path::Discharged)
        } else {
            f.t.next_step(next)
        },
        href: href(chart, next),
        suspended: episode.suspended().next().is_some(),
        review: match next {
            NextStep::Nothing => None,
            _ => stayed_away(f, episode),
        },
    }
}
