//! What may soften one rule for one patient: an override, a clearance, and what
//! is on file with what ended it (CLINICAL.md §1.10, §1.11).

use askama::Template;
use care::decide::{Gate, Lapsed, OverrideBy, Permission, PermissionKind, permissions};
use care::episode::{Command, Path};
use care::fact::{Clearance, Override, SESSION_HOURS};
use care::knowledge::Rule;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use si::{Problem, Region};

use super::decision::{FiredView, never};
use super::who::{Desk, Who};
use crate::clinic::{Chart, Clinic, User};
use crate::door::proof::{self, Tries};
use crate::door::role::DECIDING;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

/// An override for one session lasts no longer than an answer of the day does.
const ONE_SESSION: SignedDuration = SignedDuration::from_hours(SESSION_HOURS);

#[derive(Template)]
#[template(path = "permission.html")]
struct Page {
    f: Frame,
    p: Who,
    rule: String,
    statement: String,
    why: String,
    never: Option<String>,
    fired: Option<FiredView>,
    second: bool,
    colleagues: Vec<User>,
    until: String,
    clearance: Option<String>,
    region: Region,
    file: Vec<OnFile>,
    in_force: bool,
}

/// A clearance or an override on file.
#[derive(Debug)]
pub struct OnFile {
    /// The rule, by id.
    pub rule: String,
    /// Who softened it, and why.
    pub what: String,
    /// What was examined, or who confirmed the letter.
    pub detail: String,
    /// In force, or why not.
    pub state: String,
    /// Whether it holds.
    pub holds: bool,
    /// The page of the rule for this patient.
    pub href: String,
}

/// GET `/patients/{patient}/permissions/{rule}`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Evaluate);
    let clinic = &visit.app.clinic;
    let rule = rule_of(&visit)?;
    let region = desk.chart.episode.region.ok_or(Fault::NotFound)?;
    let decision = care::decide::evaluate(
        &desk.chart.episode.facts(),
        region,
        Gate::TREAT,
        clinic.knowledge(),
        f.now.timestamp(),
        clinic.zone(),
    );
    let fired = decision.fired.iter().find(|fired| fired.rule == rule.id);
    let ends = f.now.timestamp().checked_add(ONE_SESSION);
    let mut file = on_file(&f, clinic, &desk.chart);
    file.retain(|one| one.rule == rule.id);
    html(&Page {
        rule: rule.id.clone(),
        statement: rule.practitioner.clone(),
        why: rule.why.clone(),
        never: (rule.override_by == OverrideBy::Never).then(|| never(&f, rule)),
        fired: fired.map(|fired| FiredView::of(&f, fired)),
        second: rule.override_by == OverrideBy::SecondClinician,
        colleagues: colleagues(&visit, &desk).await?,
        until: ends.map_or_else(|_| String::new(), |at| f.when(&at)),
        clearance: rule.clearance.clone(),
        region,
        in_force: file.iter().any(|one| one.holds),
        file,
        f,
        p,
    })
}

/// Clinicians who could be the second one: licensed, not closed, somebody else.
async fn colleagues(visit: &Visit, desk: &Desk) -> Result<Vec<User>, Fault> {
    let now = visit.app.clinic.now();
    let mut users = visit.app.clinic.users().await?;
    users.retain(|user| {
        DECIDING.has(user.role)
            && !user.closed
            && user.id != desk.actor.id
            && user.actor().licensed(now)
    });
    Ok(users)
}

/// POST `/patients/{patient}/permissions/{rule}/override`.
pub async fn go_on(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let rule = rule_of(&visit)?;
    let second = match rule.override_by {
        OverrideBy::SecondClinician => Some(second(&visit, &desk).await?),
        OverrideBy::Practitioner | OverrideBy::Never => None,
    };
    let (form, now) = (&visit.form, visit.app.clinic.now());
    let dated = form.get("until") == Some("date");
    let until = match dated {
        true => end_of(&visit, "until_date")?,
        false => now.checked_add(ONE_SESSION).unwrap_or(now),
    };
    let one = Override {
        rule: rule.id.clone(),
        reason: form.need("reason")?.to_owned(),
        examination: form.need("examination")?.to_owned(),
        patient_told: form.get("patient_told") == Some("yes"),
        by: desk.actor.name.clone(),
        second: second.map(|user| user.name),
        at: now,
        until,
        one_session: !dated,
    };
    desk.act(&visit, Command::OverrideRule(one)).await?;
    Ok(see(&format!(
        "/patients/{}/evaluate?said=overridden",
        desk.chart.id
    )))
}

/// The second clinician, who shows a password, throttled like a login.
async fn second(visit: &Visit, desk: &Desk) -> Result<User, Fault> {
    let login = visit.form.need("second")?.to_owned();
    let found = colleagues(visit, desk).await?;
    let user = found.into_iter().find(|user| user.login == login);
    let tries = Tries::beside(visit.who()?.user, &login);
    let sent = visit.form.get("second_password").unwrap_or_default();
    let sent = (user.as_ref(), sent.to_owned());
    let shown = proof::password(visit, &tries, sent).await?;
    if let Some(user) = user.filter(|_| shown) {
        return Ok(user);
    }
    let t = crate::messages::Say {
        locale: visit.locale,
    };
    Err(Problem::new(
        "second-clinician",
        "second_password",
        "",
        t.override_second_wrong(),
        t.override_second_wrong_remedy(),
    )
    .into())
}

/// POST `/patients/{patient}/permissions/{rule}/clearance`.
pub async fn file(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let rule = rule_of(&visit)?;
    let region = desk.chart.episode.region.ok_or(Fault::NotFound)?;
    let form = &visit.form;
    form.need("read")?;
    let conditions = form.get("conditions").unwrap_or_default().lines();
    let letter = Clearance {
        rule: rule.id.clone(),
        region: region.as_str().to_owned(),
        name: form.need("name")?.to_owned(),
        profession: form.need("profession")?.to_owned(),
        licence: form.need("licence")?.to_owned(),
        conditions: conditions
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect(),
        issued: start_of(&visit, form.need_read("issued")?)?,
        expires: end_of(&visit, "expires")?,
        document: form.need("document")?.to_owned(),
        confirmed_by: desk.actor.name.clone(),
    };
    desk.act(&visit, Command::FileClearance(letter)).await?;
    Ok(see(&format!(
        "/patients/{}/evaluate?said=cleared",
        desk.chart.id
    )))
}

/// POST `/patients/{patient}/permissions/{rule}/withdraw`.
pub async fn withdraw(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let rule = rule_of(&visit)?.id.clone();
    let reason = visit.form.need("reason")?.to_owned();
    let command = Command::WithdrawPermission { rule, reason };
    desk.act(&visit, command).await?;
    Ok(see(&format!(
        "/patients/{}/evaluate?said=permission-withdrawn",
        desk.chart.id
    )))
}

fn rule_of(visit: &Visit) -> Result<&'static Rule, Fault> {
    let knowledge = visit.app.clinic.knowledge();
    knowledge.rule(visit.part("rule")?).ok_or(Fault::NotFound)
}

/// The first instant of a day in the clinic.
fn start_of(visit: &Visit, day: Date) -> Result<Timestamp, Problem> {
    let zoned = day.to_zoned_datetime(visit.app.clinic.zone().clone());
    zoned
        .map(|zoned| zoned.timestamp())
        .map_err(|_| no_day(&day.to_string()))
}

/// The last instant of the day that a field names.
fn end_of(visit: &Visit, field: &str) -> Result<Timestamp, Problem> {
    let day: Date = visit.form.need_read(field)?;
    let next = day.tomorrow().map_err(|_| no_day(&day.to_string()))?;
    start_of(visit, next)
}

fn no_day(day: &str) -> Problem {
    Problem::new(
        "field-unreadable",
        "date",
        day,
        "is no day of the clinic's calendar",
        "correct the date",
    )
}

/// Everything on file for a patient, the newest first.
#[must_use]
pub fn on_file(f: &Frame, clinic: &Clinic, chart: &Chart) -> Vec<OnFile> {
    each(f, clinic, chart, |one| OnFile {
        rule: one.rule.to_owned(),
        what: what(f, one),
        detail: match one.kind {
            PermissionKind::Letter(letter) => f.t.file_confirmed(&letter.confirmed_by),
            PermissionKind::Act(act) => f.t.file_examined(&act.examination),
        },
        state: match &one.lapsed {
            None => f.t.permission_in_force(),
            Some(lapsed) => ended(f, clinic, one, lapsed),
        },
        holds: one.lapsed.is_none(),
        href: href(chart, one.rule),
    })
}

/// What is in force, in one sentence each with what ends it.
#[must_use]
pub fn standing(f: &Frame, clinic: &Clinic, chart: &Chart) -> Vec<(String, String)> {
    let sentences = each(f, clinic, chart, |one| {
        let holds = one.lapsed.is_none();
        holds.then(|| (sentence(f, clinic, one), href(chart, one.rule)))
    });
    sentences.into_iter().flatten().collect()
}

/// For each override on file, in its order, whether it holds.
#[must_use]
pub fn acts_in_force(clinic: &Clinic, chart: &Chart, now: Timestamp) -> Vec<bool> {
    let episode = &chart.episode;
    let (facts, region) = (episode.facts(), episode.region.unwrap_or(Region::Lumbar));
    let all = permissions(&facts, region, clinic.knowledge(), now, clinic.zone());
    let acts = all
        .iter()
        .filter(|one| matches!(one.kind, PermissionKind::Act(_)));
    acts.map(|one| one.lapsed.is_none()).collect()
}

fn each<T>(
    f: &Frame,
    clinic: &Clinic,
    chart: &Chart,
    show: impl Fn(&Permission<'_>) -> T,
) -> Vec<T> {
    let episode = &chart.episode;
    let none = episode.clearances.is_empty() && episode.overrides.is_empty();
    let Some(region) = episode.region.filter(|_| !none) else {
        return Vec::new();
    };
    let facts = episode.facts();
    let now = f.now.timestamp();
    let all = permissions(&facts, region, clinic.knowledge(), now, clinic.zone());
    all.iter().rev().map(show).collect()
}

fn href(chart: &Chart, rule: &str) -> String {
    format!("/patients/{}/permissions/{rule}", chart.id)
}

fn by(f: &Frame, act: &Override) -> String {
    match &act.second {
        Some(second) => f.t.by_two(&act.by, second),
        None => act.by.clone(),
    }
}

fn what(f: &Frame, one: &Permission<'_>) -> String {
    match one.kind {
        PermissionKind::Act(act) => f.t.file_act(by(f, act), &act.reason),
        PermissionKind::Letter(letter) => {
            f.t.file_letter(&letter.name, &letter.profession, &letter.document)
        }
    }
}

fn sentence(f: &Frame, clinic: &Clinic, one: &Permission<'_>) -> String {
    let rule = clinic.knowledge().rule(one.rule);
    let words = rule.map_or(one.rule, |rule| rule.practitioner.as_str());
    let until = f.when(&one.ends);
    match one.kind {
        PermissionKind::Act(act) if act.one_session => {
            f.t.standing_session(words, by(f, act), until)
        }
        PermissionKind::Act(act) => f.t.standing_until(words, by(f, act), until),
        PermissionKind::Letter(letter) => f.t.standing_letter(words, &letter.name, until),
    }
}

fn ended(f: &Frame, clinic: &Clinic, one: &Permission<'_>, lapsed: &Lapsed) -> String {
    let catalogue = clinic.knowledge().catalogue();
    match lapsed {
        Lapsed::NotAllowed => f.t.lapsed_not_allowed(),
        Lapsed::Incomplete => f.t.lapsed_incomplete(),
        Lapsed::OtherRegion => f.t.lapsed_region(),
        Lapsed::NotYet => f.t.lapsed_not_yet(),
        Lapsed::Ended => f.t.lapsed_ended(f.when(&one.ends)),
        Lapsed::Neurology(fact) => f.t.lapsed_neurology(catalogue.label(fact)),
        Lapsed::Changed(fact) => f.t.lapsed_changed(catalogue.label(fact)),
    }
}
