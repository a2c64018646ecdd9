//! Plan: up to three candidates side by side, what each is expected to do, what
//! speaks against traction at all, and a signature by showing the password again.
//!
//! Sliders show what another pull would do ([`preview()`]); they change no candidate. Both
//! know what earlier sessions taught, and the page says what that was.

pub(in crate::pages) mod card;
mod choose;
mod ends;
mod learned;
mod preview;
mod settings;
pub(in crate::pages) mod signed;
mod told;

use askama::Template;
use care::episode::{Command, Episode, Path, Signed};
use care::plan::{Candidate, FORECAST_MEMBERS, Proposal};
use care::session::history;
use jiff::Timestamp;
use si::{Problem, Region};
use spine::column::Output;

use self::card::{Card, cards, force_of};
use self::choose::Choose;
use self::learned::Learned;
use self::preview::{Parts, Question};
use self::settings::{OUTPUTS, Settings, Slider};
use super::who::{Desk, Who};
use crate::door::proof::{self, Tries};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "plan.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    proposable: bool,
    candidates: Vec<Card>,
    withheld: Vec<(String, String)>,
    conditions: Vec<String>,
    dissent: Vec<String>,
    evidence: String,
    sha: String,
    expires: String,
    signed: Option<String>,
    look: Option<Look>,
    choose: Option<Choose>,
    learned: Option<Learned>,
    signable: bool,
}

/// The sliders and what they show.
struct Look {
    candidate: String,
    words: String,
    sliders: Vec<Slider>,
    outputs: Vec<(&'static str, String, bool)>,
    parts: Parts,
    /// Why there is no prediction: place, problem, remedy.
    none: Option<Problem>,
}

/// Where the evidence for this patient's region and condition is.
fn evidence(visit: &Visit, episode: &Episode) -> String {
    let region = episode.region.unwrap_or(Region::Lumbar);
    let evidence = visit.app.clinic.knowledge().evidence();
    super::evidence::href(region, evidence.condition_of(&episode.readings, region))
}

/// What the sessions of the region taught.
fn learned(f: &Frame, episode: &Episode, plan: Option<&Proposal>) -> Option<Learned> {
    let region = plan.map(|plan| plan.region).or(episode.region)?;
    Learned::of(f, episode, (region, plan.map(|plan| plan.at)))
}

/// GET `/patients/{patient}/plan`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Plan);
    let episode = &desk.chart.episode;
    let permits = episode
        .decision
        .as_ref()
        .is_some_and(|kept| kept.decision.permits_traction());
    let Shown {
        text,
        sha,
        signed,
        fresh,
    } = Shown::of(episode, f.now.timestamp());
    let proposal = text.map(|text| read(&f, episode, text)).transpose()?;
    let asked = visit.query.get("candidate");
    let chosen = asked
        .filter(|_| signed.is_none())
        .or(signed.map(|plan| plan.candidate.as_str()));
    let look = match &proposal {
        Some(plan) => Some(look(&visit, &f, (&desk, plan), asked.or(chosen)).await?),
        None => None,
    };
    let choosable = proposal.as_ref().filter(|_| permits && f.decides());
    let choose = choosable.map(|plan| Choose::of(&visit, &f, plan));
    let choose = choose.transpose()?;
    let cards = proposal
        .as_ref()
        .map(|plan| cards(&f, plan, chosen))
        .unwrap_or_default();
    let head = match (&proposal, signed) {
        (Some(_), Some(plan)) => f.t.plan_head_signed(
            f.t.candidate(&plan.candidate),
            force_of(&cards, &plan.candidate),
        ),
        (Some(_), None) => f.t.plan_head_choose(cards.len()),
        (None, _) if permits => f.t.plan_head_propose(),
        (None, _) => f.t.plan_head_none(),
    };
    let page = Page {
        head,
        proposable: permits && f.decides(),
        look,
        choose,
        learned: learned(&f, episode, proposal.as_ref()),
        withheld: proposal
            .iter()
            .flat_map(|p| &p.withheld)
            .map(|w| (f.t.candidate(&w.candidate), w.why.clone()))
            .collect(),
        conditions: proposal
            .iter()
            .flat_map(|p| &p.conditions)
            .map(|c| c.text.clone())
            .collect(),
        evidence: evidence(&visit, episode),
        dissent: proposal.iter().flat_map(|p| p.dissent.clone()).collect(),
        expires: proposal
            .as_ref()
            .map(|p| f.when(&p.expires))
            .unwrap_or_default(),
        signed: signed.map(|plan| f.t.plan_signed_by(&plan.by.name, f.when(&plan.at))),
        signable: fresh && f.decides(),
        candidates: cards,
        sha,
        f,
        p,
    };
    html(&page)
}

/// GET `/patients/{patient}/plan/preview`: the parts of the page that move.
pub async fn preview(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let f = Frame::new(&visit, Place::Patients);
    let episode = &desk.chart.episode;
    let text = Shown::of(episode, f.now.timestamp()).text;
    let plan = read(&f, episode, text.ok_or(Fault::NotFound)?)?;
    let (_, candidate) = candidate(&plan, visit.query.get("candidate"))?;
    let asked = Settings::read(candidate, &visit.query)?;
    let members = match visit.query.get("part") {
        Some("middle") => 1,
        _ => FORECAST_MEMBERS,
    };
    let parts = foretold(&f, (&desk, &plan), (candidate, &asked), members).await?;
    html(&parts)
}

/// A plan as it is to be read now: the cap of the first sessions binds those that are left of
/// them, fewer than when the plan was made.
fn read(f: &Frame, episode: &Episode, text: &str) -> Result<Proposal, Problem> {
    let mut plan = Proposal::read(text)?;
    let still = history(episode, f.now.timestamp()).first_left(&f.dose.common);
    let all = &mut plan.candidates;
    let others = [&mut all.standard, &mut all.firm, &mut all.chosen];
    let offered = others.into_iter().filter_map(Option::as_mut);
    for candidate in offered.chain([&mut all.gentle]) {
        let left = &mut candidate.course.first_sessions;
        *left = (*left).min(still);
    }
    Ok(plan)
}

/// The candidate of that name, or the gentlest.
fn candidate<'a>(
    plan: &'a Proposal,
    name: Option<&str>,
) -> Result<(&'static str, &'a Candidate), Problem> {
    let mut offered = plan.offered();
    let found = match name {
        None => offered.next(),
        Some(name) => offered.find(|(own, _)| *own == name),
    };
    found.ok_or_else(|| {
        let names: Vec<&str> = plan.offered().map(|(name, _)| name).collect();
        let shown: String = name.unwrap_or_default().chars().take(40).collect();
        let remedy = format!("choose {}", names.join(" or "));
        Problem::new(
            "candidate",
            "candidate",
            shown,
            "the plan does not offer it",
            remedy,
        )
    })
}

async fn foretold(
    f: &Frame,
    (desk, plan): (&Desk, &Proposal),
    (candidate, asked): (&Candidate, &Settings),
    members: usize,
) -> Result<Parts, Fault> {
    let pull = asked.pull(&candidate.prescription);
    let question = Question::of(&desk.chart, plan, &pull, f.now.timestamp())?;
    let (question, told) = question.answer(members).await?;
    Ok(question.parts(f, &told, (candidate, asked)))
}

/// The sliders of a candidate, and what they show; what the query asks wrongly is refused.
async fn look(
    visit: &Visit,
    f: &Frame,
    (desk, plan): (&Desk, &Proposal),
    name: Option<&str>,
) -> Result<Look, Fault> {
    let (name, candidate) = candidate(plan, name)?;
    let asked = Settings::read(candidate, &visit.query)?;
    // A chart that lacks what a prediction needs has a plan all the same.
    let (parts, none) = match foretold(f, (desk, plan), (candidate, &asked), FORECAST_MEMBERS).await
    {
        Ok(parts) => (parts, None),
        Err(Fault::Problem(problem)) => (Parts::default(), Some(*problem)),
        Err(fault) => return Err(fault),
    };
    let output = |output: Output| {
        let chosen = output == asked.output;
        (output.as_str(), f.t.plan_output(output), chosen)
    };
    Ok(Look {
        candidate: name.to_owned(),
        words: f.t.candidate(name),
        sliders: asked.sliders(f, candidate),
        outputs: OUTPUTS.map(output).to_vec(),
        parts,
        none,
    })
}

/// Which plan the page is about: a newer proposal before the plan in force.
struct Shown<'a> {
    text: Option<&'a str>,
    sha: String,
    signed: Option<&'a Signed>,
    fresh: bool,
}

impl<'a> Shown<'a> {
    fn of(episode: &'a Episode, now: Timestamp) -> Self {
        let in_force = episode.plan.as_ref().filter(|plan| now < plan.expires);
        let proposed = episode
            .proposal
            .as_ref()
            .filter(|proposal| now < proposal.expires);
        let newer = proposed.filter(|p| in_force.is_none_or(|plan| plan.at < p.at));
        let signed = in_force.filter(|_| newer.is_none());
        let of_signed = signed.map(|plan| (plan.plan.as_str(), plan.plan_sha256.clone()));
        let of_newer = newer.map(|plan| (plan.plan.as_str(), plan.plan_sha256.clone()));
        let (text, sha) = of_newer.or(of_signed).unzip();
        Self {
            text,
            sha: sha.unwrap_or_default(),
            signed,
            fresh: newer.is_some(),
        }
    }
}

/// POST `/patients/{patient}/plan/propose`.
pub async fn propose(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let table_ceiling_n = visit
        .app
        .bedside
        .as_ref()
        .and_then(crate::bedside::Bedside::ceiling_n);
    let choice = choose::chosen(&visit.form)?;
    let chosen = choice.is_some();
    desk.act(
        &visit,
        Command::ProposePlan {
            table_ceiling_n,
            choice,
        },
    )
    .await?;
    let shown = if chosen { "?candidate=chosen" } else { "" };
    Ok(see(&format!("/patients/{}/plan{shown}", desk.chart.id)))
}

/// POST `/patients/{patient}/plan/sign`: signing is re-authentication.
pub async fn sign(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    authenticate(&visit).await?;
    let command = Command::SignPlan {
        plan_sha256: visit.form.need("plan_sha256")?.to_owned(),
        candidate: visit.form.need("candidate")?.to_owned(),
        document: None,
    };
    let chart = desk.act(&visit, command).await?;
    let next = visit.app.clinic.next_step(&chart.episode);
    Ok(see(&format!(
        "{}?said=signed",
        super::who::href(&chart, next)
    )))
}

/// The password once more, throttled like a login.
pub async fn authenticate(visit: &Visit) -> Result<(), Fault> {
    let user = visit
        .app
        .clinic
        .user(visit.who()?.user)
        .await?
        .ok_or(Fault::Login)?;
    let sent = visit.form.get("password").unwrap_or_default().to_owned();
    if proof::password(visit, &Tries::again(&user), (Some(&user), sent)).await? {
        return Ok(());
    }
    let t = crate::messages::Say {
        locale: visit.locale,
    };
    Err(Problem::new(
        "password-wrong",
        "password",
        "",
        t.plan_wrong_password(),
        t.login_wrong_remedy(),
    )
    .into())
}
