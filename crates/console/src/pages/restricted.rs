//! Restricted records: who opens one, how it is opened in an emergency, and what the review found.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use askama::Template;
use care::episode::Role;
use jiff::Timestamp;
use si::Problem;
use uuid::Uuid;

use super::login;
use crate::clinic::{AuditLine, Clinic, Deed, Opening, Restriction, Restrictions, User, Wanted};
use crate::door::{Fault, Reply, Visit, html, role, see};
use crate::frame::{Frame, Place};

/// Openings that the list shows at most.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "emergency.html")]
struct Emergency {
    f: Frame,
    patient: Uuid,
    name: String,
    /// Since when, and who may be asked.
    since: Option<(String, String)>,
    /// Until when it is open to whoever looks.
    until: Option<String>,
    then: String,
}

/// GET `/patients/{patient}/emergency`: the record is restricted, and this is the way in.
pub async fn emergency(visit: Visit) -> Reply {
    let (clinic, patient) = (&visit.app.clinic, visit.patient()?);
    let f = Frame::new(&visit, Place::Patients);
    let all = clinic.restrictions().await?;
    let people = people(clinic).await?;
    let since = all.of(patient).map(|restriction| {
        let team = restriction.team.iter().map(|id| name(&people, *id));
        (f.when(&restriction.at), team.collect::<Vec<_>>().join(", "))
    });
    let opened = all.opened(visit.who()?.user, patient, Timestamp::now());
    html(&Emergency {
        since,
        until: opened.map(|opening| f.when(&opening.until())),
        name: clinic.name_of(patient).await?.unwrap_or_default(),
        then: onward(&visit, patient),
        patient,
        f,
    })
}

/// POST `/patients/{patient}/emergency`: opens it for a while.
pub async fn open(visit: Visit) -> Reply {
    let (clinic, patient, who) = (&visit.app.clinic, visit.patient()?, visit.who()?);
    let then = onward(&visit, patient);
    let all = clinic.restrictions().await?;
    if !all.opens(who.user, patient, Timestamp::now()) {
        let why = visit.form.get("reason").unwrap_or_default();
        clinic.open_in_emergency(who.user, patient, why).await?;
        clinic.note_emergency(&visit, patient).await?;
    }
    Ok(see(&then))
}

/// Where somebody was going: a page of this record.
fn onward(visit: &Visit, patient: Uuid) -> String {
    let record = format!("/patients/{patient}");
    let asked = visit.query.get("then").or(visit.form.get("then"));
    let page = asked.filter(|path| login::ours(path) && path.starts_with(&*record));
    page.map_or(record, str::to_owned)
}

#[derive(Template)]
#[template(path = "restriction.html")]
struct Team {
    f: Frame,
    patient: Uuid,
    name: String,
    restriction: Option<Restriction>,
    by: String,
    /// Everybody who could be in it, and whether they are.
    people: Vec<(User, bool)>,
}

/// GET `/patients/{patient}/restriction`.
pub async fn restriction(visit: Visit) -> Reply {
    let (clinic, patient) = (&visit.app.clinic, visit.patient()?);
    let all = clinic.restrictions().await?;
    let restriction = all.of(patient).cloned();
    let mut users = clinic.users().await?;
    let by = restriction.as_ref().map(|restriction| restriction.by);
    let by = users.iter().find(|user| Some(user.id) == by);
    let by = by.map(|user| user.name.clone()).unwrap_or_default();
    users.retain(|user| !user.closed && role::CLINIC.has(user.role));
    let in_team = |user: &User| {
        let team = restriction.as_ref().map(|restriction| &restriction.team);
        team.is_some_and(|team| team.contains(&user.id))
    };
    let people = users.into_iter().map(|user| {
        let is_in = in_team(&user);
        (user, is_in)
    });
    html(&Team {
        f: Frame::new(&visit, Place::Patients),
        name: clinic.name_of(patient).await?.unwrap_or_default(),
        people: people.collect(),
        patient,
        restriction,
        by,
    })
}

/// POST `/patients/{patient}/restriction`.
pub async fn restrict(visit: Visit) -> Reply {
    let (clinic, patient, who) = (&visit.app.clinic, visit.patient()?, visit.who()?);
    let chosen = visit.form.all("team").filter_map(|id| id.parse().ok());
    let why = visit.form.get("reason").unwrap_or_default();
    clinic
        .restrict(who.user, patient, chosen.collect(), why)
        .await?;
    Ok(back(patient))
}

/// POST `/patients/{patient}/restriction/lift`.
pub async fn lift(visit: Visit) -> Reply {
    let (patient, who) = (visit.patient()?, visit.who()?);
    let why = visit.form.get("reason").unwrap_or_default();
    let lifting = visit.app.clinic.lift_restriction(who.user, patient, why);
    lifting.await?;
    Ok(back(patient))
}

fn back(patient: Uuid) -> axum::response::Response {
    see(&format!("/patients/{patient}/restriction?said=saved"))
}

#[derive(Template)]
#[template(path = "openings.html")]
struct Openings {
    f: Frame,
    head: String,
    openings: Vec<Shown>,
}

/// An opening as it is read.
struct Shown {
    id: Uuid,
    patient: Uuid,
    name: String,
    who: String,
    when: String,
    why: String,
    /// How much was looked at and written in its time.
    did: String,
    /// Until when it is to be reviewed, and whether that is over.
    due: Option<(String, bool)>,
    /// Whether it is the reader's own.
    own: bool,
    review: String,
    justified: bool,
}

/// GET `/openings`: records that were opened in an emergency, those first that wait for a review.
pub async fn openings(visit: Visit) -> Reply {
    let clinic = &visit.app.clinic;
    let f = Frame::new(&visit, Place::Elsewhere);
    let all = clinic.restrictions().await?;
    let people = people(clinic).await?;
    let waiting = all.waiting();
    let done = all.openings().filter(|opening| opening.review.is_some());
    let mut openings = Vec::new();
    for opening in waiting.chain(done).take(SHOWN) {
        openings.push(shown(&f, clinic, opening, &people).await?);
    }
    html(&Openings {
        head: f.t.openings_head(all.waiting().count()),
        openings,
        f,
    })
}

async fn shown(
    f: &Frame,
    clinic: &Clinic,
    opening: &Opening,
    people: &BTreeMap<Uuid, String>,
) -> Result<Shown, Fault> {
    let review = opening.review.as_ref();
    let patient = clinic.name_of(opening.patient).await?;
    let found = |review: &crate::clinic::Review| {
        let (who, when) = (name(people, review.by), f.when(&review.at));
        f.t.openings_reviewed(who, when, review.note.clone())
    };
    Ok(Shown {
        id: opening.id,
        patient: opening.patient,
        name: patient.unwrap_or_else(|| opening.patient.to_string()),
        who: name(people, opening.by),
        when: f.when(&opening.at),
        why: opening.why.clone(),
        did: did(f, clinic, opening).await?,
        due: review.is_none().then(|| {
            let due = opening.due();
            (f.when(&due), due < Timestamp::now())
        }),
        own: f.who.as_ref().is_some_and(|who| who.user == opening.by),
        review: review.map(found).unwrap_or_default(),
        justified: review.is_some_and(|review| review.justified),
    })
}

/// What the audit log says that they did in that time.
async fn did(f: &Frame, clinic: &Clinic, opening: &Opening) -> Result<String, Problem> {
    let day = |at: Timestamp| clinic.zone().to_datetime(at).date();
    let wanted = Wanted {
        patient: Some(opening.patient),
        user: Some(opening.by),
        from: Some(day(opening.at)),
        until: Some(day(opening.until())),
        ..Wanted::default()
    };
    let within = |at: Timestamp| opening.at <= at && at < opening.until();
    let (mut read, mut written) = (0, 0);
    let count = |line: AuditLine| {
        match line.access.act {
            Deed::Read if within(line.at) => read += 1,
            Deed::Write if within(line.at) => written += 1,
            _ => {}
        }
        ControlFlow::Continue(())
    };
    clinic.each_access(&wanted, count).await?;
    Ok(f.t.openings_did(read, written))
}

/// POST `/openings/{opening}/review`.
pub async fn review(visit: Visit) -> Reply {
    let (opening, who) = (visit.id("opening")?, visit.who()?);
    let note = visit.form.get("note").unwrap_or_default();
    let justified = match visit.form.need("found")? {
        "justified" => true,
        "unjustified" => false,
        other => {
            let remedy = "choose one of the two";
            let what = "is neither \"justified\" nor \"unjustified\"";
            return Err(Problem::new("review-unknown", "found", other, what, remedy).into());
        }
    };
    let clinic = &visit.app.clinic;
    let reviewing = clinic.review_opening(who.user, opening, justified, note);
    reviewing.await?;
    Ok(see("/openings?said=saved"))
}

/// What waits for a review, in a sentence, and whether one is overdue: for whoever reviews.
pub(super) async fn waiting(f: &Frame, clinic: &Clinic) -> Result<Option<(String, bool)>, Problem> {
    if !f.keeps() {
        return Ok(None);
    }
    let all = clinic.restrictions().await?;
    let own = f.who.as_ref().map(|who| who.user);
    let others = |one: &&Opening| Some(one.by) != own;
    let Some(first) = all.waiting().find(others) else {
        return Ok(None);
    };
    let count = all.waiting().filter(others).count();
    let words = f.t.openings_wait(count, f.when(&first.due()));
    Ok(Some((words, first.due() < Timestamp::now())))
}

/// How many open a record, where it is restricted.
pub(super) async fn shown_of(
    f: &Frame,
    clinic: &Clinic,
    patient: Uuid,
) -> Result<Option<String>, Problem> {
    let all = clinic.restrictions().await?;
    let team = all.of(patient).map(|restriction| restriction.team.len());
    Ok(team.map(|team| f.t.restriction_shown(team)))
}

/// Lets in who may open the record that a path names; whoever asked for a page is led to the way
/// in, which leads on to it. The audit log has who was not let in, and by which route.
///
/// # Errors
/// Where the way in is, or that there is none for this role; what a form has to do first.
pub async fn admit(visit: &Visit, route: &str, asked: Option<&str>) -> Result<(), Fault> {
    let (login, patient) = (visit.who()?, visit.patient()?);
    if login.role == Role::Patient {
        return Ok(());
    }
    let clinic = &visit.app.clinic;
    let all: Arc<Restrictions> = clinic.restrictions().await?;
    if all.opens(login.user, patient, Timestamp::now()) {
        return Ok(());
    }
    if !role::CLINICAL.has(login.role) {
        return Err(Fault::Forbidden);
    }
    clinic.note_shut(visit, route).await;
    let way = format!("/patients/{patient}/emergency");
    match asked {
        Some(page) => Err(Fault::First(login::onward(&way, Some(page)))),
        None => Err(Problem::new(
            "record-restricted",
            "patient",
            patient.to_string(),
            "this record is open to its team alone",
            "open the record in another tab, say why, and send this again",
        )
        .into()),
    }
}

async fn people(clinic: &Clinic) -> Result<BTreeMap<Uuid, String>, Problem> {
    let users = clinic.users().await?;
    Ok(users.into_iter().map(|user| (user.id, user.name)).collect())
}

fn name(people: &BTreeMap<Uuid, String>, id: Uuid) -> String {
    people.get(&id).cloned().unwrap_or_else(|| id.to_string())
}
