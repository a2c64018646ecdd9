//! Recover: check-ins as the practitioner sees them, the personal link, and
//! answers entered by telephone.

use askama::Template;
use care::episode::{Actor, CheckIn, Command, Path, Session};
use care::fact::Reading;
use care::triage::Due;
use jiff::SignedDuration;
use uuid::Uuid;

use super::checkin::{self, Form as Questions};
use super::on_table::qr;
use super::session::given;
use super::who::{Desk, Who};
use super::{body, glyph, inputs, received};
use crate::clinic::{Clinic, sha256_hex};
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};
use crate::random;

/// A link answers until the last check-in was given up: 72 h and the reply time (CLINICAL.md §6).
pub(crate) const LINK_LIFE: SignedDuration = SignedDuration::from_hours(72 + 12);

#[derive(Template)]
#[template(path = "recover.html")]
struct Page {
    f: Frame,
    p: Who,
    head: String,
    sessions: Vec<After>,
    link: Option<Link>,
}

/// A personal link that was just made; it is shown once.
struct Link {
    path: String,
    address: String,
    /// For the patient's phone to read.
    picture: String,
}

struct After {
    id: Uuid,
    title: String,
    summary: String,
    dues: Vec<(String, String)>,
    told: Vec<Told>,
    begun: Option<Begun>,
    latest: bool,
}

/// A check-in that was begun and not sent.
struct Begun {
    title: String,
    answers: Vec<String>,
}

struct Told {
    glyph: &'static str,
    result: String,
    line: String,
    rules: Vec<String>,
    received: String,
    /// Where it hurt, as they marked it.
    chart: Option<body::Marked>,
    /// What it felt like, in their words.
    feels: String,
}

#[derive(Template)]
#[template(path = "enter.html")]
struct Enter {
    f: Frame,
    p: Who,
    session: Uuid,
    /// The form's own id: what it says twice is told once.
    id: Uuid,
    form: Questions,
}

/// GET `/patients/{patient}/recover`.
pub async fn show(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    page(&visit, &desk, None)
}

fn page(visit: &Visit, desk: &Desk, link: Option<Link>) -> Reply {
    let (f, p) = desk.frame(visit, Path::Recover);
    let (episode, now) = (&desk.chart.episode, f.now.timestamp());
    let dues = care::triage::due(episode, now);
    let open = dues.iter().filter(|due| due.open_at(now)).count();
    let head = if open > 0 {
        f.t.recover_head_due(open)
    } else {
        f.t.recover_head(episode.treated().count())
    };
    let mut sessions: Vec<After> = episode
        .treated()
        .rev()
        .map(|session| {
            let visit_of = episode.visit_of(session.id);
            let region = visit_of.and_then(|visit| visit.region).or(episode.region);
            let region = region.unwrap_or(si::Region::Lumbar);
            after(&f, &visit.app.clinic, (session, region), &dues)
        })
        .collect();
    if let Some(first) = sessions.first_mut() {
        first.latest = true;
    }
    html(&Page {
        f,
        p,
        head,
        sessions,
        link,
    })
}

fn after(
    f: &Frame,
    clinic: &Clinic,
    (session, region): (&Session, si::Region),
    dues: &[Due],
) -> After {
    let now = f.now.timestamp();
    let dues = dues
        .iter()
        .filter(|due| due.session == session.id)
        .map(|due| {
            let state = match (due.answered, due.missed, due.open_at(now)) {
                (true, ..) => (
                    glyph("ok"),
                    f.t.recover_answered(f.when(&answered(session, due))),
                ),
                (_, true, _) => (glyph("contact-patient"), f.t.recover_missed()),
                (.., true) => (glyph(""), f.t.recover_open(f.when(&due.until))),
                _ => (glyph(""), f.t.recover_due(f.when(&due.from))),
            };
            (state.0.to_owned(), state.1)
        });
    let told = session.check_ins.iter().enumerate();
    let told = told.filter_map(|(number, check_in)| {
        let triage = check_in.triage.as_ref()?;
        let id = format!("{}-{number}", session.id);
        Some(Told {
            chart: body::marked(f, &check_in.readings, region, &id),
            feels: body::felt(f, &check_in.readings),
            glyph: glyph(&triage.result),
            result: f.t.verdict(&triage.result),
            line: f.when(&check_in.given_at()),
            rules: triage
                .decision
                .fired
                .iter()
                .map(|fired| fired.practitioner.clone())
                .collect(),
            received: received::lines(f, &triage.received).join("; "),
        })
    });
    After {
        id: session.id,
        title: f
            .t
            .recover_session(f.when(&session.ended.or(session.started).unwrap_or(session.granted))),
        summary: given(f.t, session).unwrap_or_default(),
        dues: dues.collect(),
        told: told.collect(),
        begun: session.begun.as_ref().map(|begun| unsent(f, clinic, begun)),
        latest: false,
    }
}

/// When a check-in was answered: not when it fell due.
fn answered(session: &Session, due: &Due) -> jiff::Timestamp {
    let mut told = session.check_ins.iter();
    let told = told.find(|told| told.number == Some(due.number) && !told.missed);
    told.map_or(due.from, CheckIn::given_at)
}

fn unsent(f: &Frame, clinic: &Clinic, begun: &care::episode::Begun) -> Begun {
    let title = match begun.abandoned {
        Some(_) => f.t.recover_left(f.when(&begun.at)),
        None => f.t.recover_begun(f.when(&begun.at)),
    };
    let catalogue = clinic.knowledge().catalogue();
    let answer = |reading: &Reading| {
        let fact = catalogue.get(reading.key().fact.as_str());
        let asked = fact.map_or_else(|| reading.key().to_string(), |fact| fact.patient.clone());
        format!("{asked} {}", inputs::words(reading))
    };
    let mut answers: Vec<String> = begun
        .readings
        .iter()
        .filter(|r| !body::is_picture(r))
        .map(answer)
        .collect();
    answers.extend(body::told(f, &begun.readings));
    Begun { title, answers }
}

/// POST `/patients/{patient}/recover/{session}/link`: shown once, kept as a hash.
pub async fn link(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let session = visit.id("session")?;
    let of = (desk.chart.id, session);
    let token = issue_link(&visit.app.clinic, of, &desk.actor).await?;
    let desk = Desk::of(&visit).await?;
    let path = format!("/c/{token}");
    let address = format!("{}{path}", visit.origin());
    let picture = qr(&address)?;
    let link = Link {
        path,
        address,
        picture,
    };
    page(&visit, &desk, Some(link))
}

/// Makes a link to the check-in of a patient's session.
pub(super) async fn issue_link(
    clinic: &Clinic,
    (patient, session): (Uuid, Uuid),
    by: &Actor,
) -> Result<String, Fault> {
    let token = random::token();
    let now = clinic.now();
    let command = Command::IssueLink {
        session,
        token_sha256: sha256_hex(token.as_bytes()),
        expires: now.checked_add(LINK_LIFE).unwrap_or(now),
    };
    clinic.act(patient, by, command).await?;
    Ok(token)
}

/// GET `/patients/{patient}/recover/{session}/enter`.
pub async fn enter(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let session = visit.id("session")?;
    desk.chart.episode.session(session).ok_or(Fault::NotFound)?;
    let (f, p) = desk.frame(&visit, Path::Recover);
    let form = checkin::form(&f, &visit.app.clinic, &desk.chart.episode)?;
    html(&Enter {
        f,
        p,
        session,
        id: random::id(),
        form,
    })
}

/// POST `/patients/{patient}/recover/{session}/enter`: what the patient says by telephone.
pub async fn entered(visit: Visit) -> Reply {
    let desk = Desk::of(&visit).await?;
    let session = visit.id("session")?;
    let region = desk.chart.episode.region.ok_or(Fault::NotFound)?;
    let readings = checkin::answers(&visit, region, &desk.entry(&visit))?;
    let number = checkin::number(&desk.chart.episode, session, visit.app.clinic.now());
    desk.act(
        &visit,
        Command::AnswerCheckIn {
            session,
            number,
            form: Some(checkin::form_of(&visit)?),
            readings,
        },
    )
    .await?;
    Ok(see(&format!(
        "/patients/{}/recover?said=saved",
        desk.chart.id
    )))
}
