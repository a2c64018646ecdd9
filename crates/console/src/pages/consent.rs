//! Consent: the text of the knowledge, and who explained and signed it.

use askama::Template;
use care::consent::Text;
use care::episode::{Command, ConsentGiven, Path, Private};

use super::who::{Desk, Who};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};

#[derive(Template)]
#[template(path = "consent.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    text: Text,
    evidence: String,
    given: bool,
    told: Vec<String>,
    explained_by: String,
    research: super::research::Answer,
}

/// GET `/patients/{patient}/consent`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let (f, p) = desk.frame(&visit, Path::Plan);
    let episode = &desk.chart.episode;
    let region = episode.region.ok_or(Fault::NotFound)?;
    let text = care::consent::of_episode(visit.app.clinic.knowledge(), episode)?;
    let evidence = super::evidence::href(region, text.condition.as_deref());
    let head = match &episode.consent {
        Some(consent) => f.t.consent_head_given(f.when(&consent.at)),
        None => f.t.consent_head_none(),
    };
    let given = episode.consent.is_some();
    let told = told(
        &f,
        episode.consent.as_ref().map(|consent| &consent.given),
        &text,
    );
    let research = super::research::answer(&visit, &f, desk.chart.id).await?;
    html(&Page {
        research,
        f,
        p,
        head,
        text,
        evidence,
        given,
        told,
        explained_by: desk.actor.name.clone(),
    })
}

/// What the consent on record says of itself.
fn told(f: &Frame, given: Option<&ConsentGiven>, text: &Text) -> Vec<String> {
    let Some(given) = given else {
        return Vec::new();
    };
    let mut told = vec![f.t.consent_told(&given.explained_by)];
    told.extend(
        given
            .interpreter
            .iter()
            .map(|who| f.t.consent_told_interpreter(who)),
    );
    told.extend(given.cost.iter().map(|cost| f.t.consent_told_cost(cost)));
    if given.text_version != text.version {
        told.push(f.t.consent_old_text(&given.text_version));
    }
    told
}

/// POST `/patients/{patient}/consent`.
pub async fn give(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let form = &visit.form;
    let given = ConsentGiven {
        text_version: form.need("text_version")?.to_owned(),
        language: form.get("language").unwrap_or("en").to_owned(),
        explained_by: form.need("explained_by")?.to_owned(),
        interpreter: form.get("interpreter").map(str::to_owned),
        questions: Private(form.get("questions").unwrap_or_default().to_owned()),
        signed_by: Private(form.need("signed_by")?.to_owned()),
        cost: form.get("cost").map(str::to_owned),
        ..ConsentGiven::default()
    };
    let chart = desk.act(&visit, Command::GiveConsent(given)).await?;
    let next = visit.app.clinic.next_step(&chart.episode);
    Ok(see(&format!(
        "{}?said=consented",
        super::who::href(&chart, next)
    )))
}

/// POST `/patients/{patient}/consent/withdraw`.
pub async fn withdraw(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let reason = visit.form.get("reason").unwrap_or_default().to_owned();
    desk.act(&visit, Command::WithdrawConsent { reason })
        .await?;
    Ok(see(&format!(
        "/patients/{}/consent?said=withdrawn",
        desk.chart.id
    )))
}
