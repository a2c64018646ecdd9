//! One patient: what is known, the course, and everything that happened.

mod timeline;

use askama::Template;
use care::episode::{Entry, Episode, Import, NextStep};

use super::today::urgency;
use super::who::{Desk, Who};
use super::{alert, course, lanes, note, restricted};
use super::{decision::DecisionView, glyph};
use crate::clinic::Clinic;
use crate::door::{Reply, Visit, html};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "patient.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    lead: String,
    next: String,
    decision: Option<DecisionView>,
    /// When that was made, if it cleared what an alarm or a suspension stands against now.
    overtaken: Option<String>,
    /// What deciding now would say, where that is worse or more is unknown.
    again: Option<String>,
    /// How many open it, where it is restricted.
    restricted: Option<String>,
    course: Option<[String; 2]>,
    letters: Vec<String>,
    visits: Vec<(String, String, bool)>,
    timeline: Vec<Happened>,
    imports: Vec<(String, Import)>,
    deceased: bool,
    discharged: bool,
}

struct Happened {
    at: String,
    glyph: &'static str,
    what: String,
    detail: String,
    who: String,
    /// Its page, below the patient's.
    href: Option<String>,
}

/// GET `/patients/{patient}`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let episode = &desk.chart.episode;
    let at = episode.path(visit.app.clinic.dose(), visit.app.clinic.now());
    let (f, p) = desk.frame(&visit, at);
    let decision = episode
        .decision
        .as_ref()
        .map(|kept| DecisionView::of(&f, &kept.decision));
    let kept = episode.decision.as_ref();
    let kept = kept.filter(|_| episode.clears_no_longer());
    let overtaken = kept.map(|kept| f.day(&kept.at));
    let again = super::diary::again(&f, &visit.app.clinic, episode);
    let (head, lead) = headline(
        &f,
        &visit.app.clinic,
        episode,
        (decision.as_ref(), again.as_deref()),
    );
    let next = f.t.next_step(p.next);
    let course = lanes::picture(&f, visit.app.clinic.knowledge().instruments(), episode);
    let timeline = episode
        .timeline
        .iter()
        .enumerate()
        .rev()
        .map(|(at, entry)| happened(&f, episode, at + 1, entry))
        .collect();
    let imports = episode.imports.iter().map(|import| {
        (
            f.t.patient_import_line(&import.source, import.readings, f.day(&import.at)),
            import.clone(),
        )
    });
    let imports = imports.collect();
    let diary = visit.app.clinic.diary().await?;
    let visits = note::list(&f, &desk.chart, &diary);
    let (deceased, discharged) = (episode.deceased, p.next == NextStep::Nothing);
    let letters = episode.open_referrals();
    let letters = letters
        .map(|one| super::referral::waiting(&f, one))
        .collect();
    html(&Page {
        restricted: restricted::shown_of(&f, &visit.app.clinic, desk.chart.id).await?,
        letters,
        f,
        p,
        head,
        lead,
        next,
        decision,
        overtaken,
        again,
        course,
        visits,
        timeline,
        imports,
        deceased,
        discharged,
    })
}

/// The answer the page opens with: an alarm before all else, then that sessions are suspended,
/// then the course where there is one, else the decision.
fn headline(
    f: &Frame,
    clinic: &Clinic,
    episode: &Episode,
    (decision, again): (Option<&DecisionView>, Option<&str>),
) -> (String, String) {
    let open = episode.open_alerts();
    if let Some(alert) = open.max_by_key(|alert| urgency(&alert.urgency)) {
        let head = f.t.patient_head_alarm(f.t.urgency(&alert.urgency));
        let since = f.when(&alert.at);
        let about = alert::about(f, clinic, episode, alert);
        return (head, f.t.patient_lead_alarm(about, since));
    }
    let course = course::sentence(f, episode);
    if episode.suspended().next().is_some() {
        return (f.t.safety_head_one(), course.unwrap_or_default());
    }
    let verdict = match decision {
        Some(_) if again.is_some() => again.unwrap_or_default().to_owned(),
        Some(view) => {
            f.t.patient_head_verdict(&view.verdict_words, &view.urgency_words)
        }
        None => f.t.patient_head_new(),
    };
    match course {
        Some(sentence) => (sentence, verdict),
        None => (verdict, f.t.recover_head(episode.treated().count())),
    }
}

fn happened(f: &Frame, episode: &Episode, number: usize, entry: &Entry) -> Happened {
    let who = if entry.who.is_empty() {
        f.t.role(entry.role)
    } else {
        entry.who.clone()
    };
    Happened {
        at: f.when(&entry.at),
        glyph: if f.t.verdict(&entry.detail) == f.t.unknown() {
            ""
        } else {
            glyph(&entry.detail)
        },
        what: f.t.entry(entry.kind),
        detail: detail(f, episode, entry),
        href: timeline::href(number, entry),
        who,
    }
}

/// A verdict or result in its words, anything else as it was kept.
fn detail(f: &Frame, episode: &Episode, entry: &Entry) -> String {
    if let Some(given) = timeline::given(f, episode, entry) {
        return given;
    }
    if entry.kind == "notified" {
        return alert::told_to(f, &entry.detail);
    }
    let words = f.t.verdict(&entry.detail);
    if words == f.t.unknown() {
        entry.detail.replace('-', " ")
    } else {
        words
    }
}
