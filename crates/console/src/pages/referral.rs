//! Letters to other places: written from the record, signed, followed until somebody tells
//! what came of them.

mod draft;

use askama::Template;
use axum::http::StatusCode;
use care::decide::Urgency;
use care::episode::{Command, Path, Private, Referral, ReferralEnd, Referred};
use si::Problem;

use super::who::{Desk, Who};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

/// How soon somebody may be asked to act, the most urgent first.
const URGENCIES: [Urgency; 3] = [Urgency::Emergency, Urgency::Urgent, Urgency::Routine];

#[derive(Template)]
#[template(path = "referral.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    letters: Vec<Letter>,
    /// The newest that waits for an answer.
    newest: Option<u32>,
    /// What stands in the form.
    form: Form,
    /// Whether the form is what the page is for: nothing waits for an answer.
    first: bool,
    problem: Option<Problem>,
}

/// A letter on file.
struct Letter {
    number: u32,
    title: String,
    first_line: String,
    signed: String,
    reminded: Option<String>,
    closed: Option<String>,
    ends: Vec<(&'static str, String)>,
}

struct Form {
    letter: Referral,
    urgencies: Vec<(&'static str, String, bool)>,
}

/// GET `/patients/{patient}/referrals`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    page(&visit, &desk, None)
}

fn page(visit: &Visit, desk: &Desk, refused: Option<(Referral, Problem)>) -> Reply {
    let (f, p) = desk.frame(visit, Path::Evaluate);
    let episode = &desk.chart.episode;
    let open = episode.open_referrals().count();
    let head = match (open, episode.referrals.is_empty()) {
        (0, true) => f.t.referral_head_new(),
        (0, false) => f.t.referral_head_closed(),
        (open, _) => f.t.referral_head_open(open),
    };
    let (letter, problem) = match refused {
        Some((letter, problem)) => (letter, Some(problem)),
        None => (draft::draft(&f, &visit.app.clinic, &desk.chart)?, None),
    };
    let newest_first = episode.referrals.iter().rev();
    html(&Page {
        head,
        letters: newest_first.map(|one| of(&f, one)).collect(),
        newest: episode.open_referrals().last().map(|one| one.number),
        first: open == 0 || problem.is_some(),
        form: form(&f, letter),
        problem,
        f,
        p,
    })
}

/// A letter that waits for its answer, as other pages name it: to whom, and for how long.
pub(super) fn waiting(f: &Frame, referred: &Referred) -> String {
    let letter = &referred.letter;
    let hours = f.now.timestamp().duration_since(referred.at).as_hours();
    let urgency = f.t.urgency(letter.urgency.as_str());
    let title = f.t.referral_line(urgency, &letter.to);
    f.t.referral_age(title, usize::try_from(hours / 24).unwrap_or(0))
}

fn form(f: &Frame, letter: Referral) -> Form {
    let option = |one: Urgency| {
        let word = one.as_str();
        (word, f.t.urgency(word), one == letter.urgency)
    };
    Form {
        urgencies: URGENCIES.into_iter().map(option).collect(),
        letter,
    }
}

fn of(f: &Frame, referred: &Referred) -> Letter {
    let letter = &referred.letter;
    let closed = referred.closed.as_ref();
    let end = |end: ReferralEnd| (end.as_str(), f.t.referral_ended(end));
    Letter {
        number: referred.number,
        title: f
            .t
            .referral_line(f.t.urgency(letter.urgency.as_str()), &letter.to),
        first_line: first_line(f, letter),
        signed: f.t.referral_signed(&referred.by.name, f.when(&referred.at)),
        reminded: referred
            .reminded
            .filter(|_| closed.is_none())
            .map(|at| f.t.referral_reminded(f.when(&at))),
        closed: closed.map(|(at, by, end, words)| {
            let end = f.t.referral_ended(*end);
            f.t.referral_closed(end, &by.name, f.when(at), &words.0)
        }),
        ends: ReferralEnd::ALL.into_iter().map(end).collect(),
    }
}

/// The reason as a sentence, and since when.
pub(super) fn first_line(f: &Frame, letter: &Referral) -> String {
    let reason = letter.reason.0.trim();
    let ended = reason.ends_with(['.', '!', '?']);
    let reason = format!("{reason}{}", if ended { "" } else { "." });
    let onset = letter.onset.0.trim().trim_end_matches('.');
    f.t.referral_first_line(reason, onset)
}

/// The letter of a visit's address.
pub(super) fn asked<'a>(visit: &Visit, desk: &'a Desk) -> Result<&'a Referred, Fault> {
    let number = super::safety::number(visit, "referral")?;
    let mut all = desk.chart.episode.referrals.iter();
    all.find(|one| one.number == number).ok_or(Fault::NotFound)
}

/// What stands in the form.
fn typed(visit: &Visit) -> Result<Referral, Problem> {
    let part = |name: &str| visit.form.get(name).unwrap_or_default().trim().to_owned();
    let word = part("urgency");
    let urgency = URGENCIES.into_iter().find(|one| one.as_str() == word);
    let (what, remedy) = ("is no urgency of a letter", "choose one of the list");
    let unknown = || Problem::new("referral-urgency", "urgency", &word, what, remedy);
    Ok(Referral {
        to: part("to"),
        urgency: urgency.ok_or_else(unknown)?,
        reason: Private(part("reason")),
        onset: Private(part("onset")),
        findings: Private(part("findings")),
        request: Private(part("request")),
    })
}

/// POST `/patients/{patient}/referrals`.
pub async fn sign(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let letter = typed(&visit)?;
    match desk.act(&visit, Command::Refer(letter.clone())).await {
        Ok(_) => back(&desk, "letter"),
        Err(Fault::Problem(problem)) => {
            let mut refused = page(&visit, &desk, Some((letter, *problem)))?;
            *refused.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(refused)
        }
        Err(fault) => Err(fault),
    }
}

/// POST `/patients/{patient}/referrals/{referral}/close`.
pub async fn close(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let word = visit.form.need("end")?;
    let end = ReferralEnd::ALL
        .into_iter()
        .find(|end| end.as_str() == word);
    let (what, remedy) = ("is no end of a letter", "choose one of the list");
    let unknown = || Problem::new("referral-end", "end", word, what, remedy);
    let command = Command::CloseReferral {
        referral: super::safety::number(&visit, "referral")?,
        end: end.ok_or_else(unknown)?,
        words: Private(visit.form.need("words")?.trim().to_owned()),
    };
    desk.act(&visit, command).await?;
    back(&desk, "saved")
}

fn back(desk: &Desk, said: &str) -> Reply {
    Ok(see(&format!(
        "/patients/{}/referrals?said={said}",
        desk.chart.id
    )))
}
