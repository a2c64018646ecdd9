//! Annulus opened from another record system, for the patient who is open there.
//!
//! Whoever comes logs in here as ever: roles and licences are kept here, and a login of another
//! system proves neither. The login's cookie is `SameSite=Strict`, so a browser that another
//! site sends here comes without it; the first page therefore says nothing, and leads on from this
//! site. A form's answer may lead to no other site (`form-action`): the way out is a page as well.
//!
//! ```text
//! /launch ─▶ /launch/begin (login) ─▶ the record system ─▶ /launch/callback ─▶ /launch/back (login) ─▶ taken
//! ```

mod packed;

use askama::Template;
use care::episode::Episode;
use care::fact::{Reading, Value};
use si::{Problem, Region};
use uuid::Uuid;

use super::import::{demographics, imported};
use super::{inputs, restricted};
use crate::clinic::{Clinic, System};
use crate::door::route::Verb;
use crate::door::{Fault, Reply, Visit, html, see};
use crate::frame::{Frame, Place};
use crate::smart::{Back, Base, Launched, Offer, Offers, Waits};

/// Where a record system sends whoever opens Annulus in it.
pub(super) const ARRIVE: &str = "/launch";
const BEGIN: &str = "/launch/begin";
const CALLBACK: &str = "/launch/callback";
const BACK: &str = "/launch/back";
const TAKE: &str = "/launch/take";
/// Identifiers that are addresses (R4, §2.24.0.3): the patient's address there says who it is.
const ADDRESSES: &str = "urn:ietf:rfc:3986";

#[derive(Template)]
#[template(path = "launch_on.html")]
struct On {
    f: Frame,
    head: String,
    lead: String,
    /// Where it goes on to.
    to: String,
}

#[derive(Template)]
#[template(path = "launch.html")]
struct Preview {
    f: Frame,
    head: String,
    who: String,
    from: String,
    user: Option<String>,
    withheld: Option<String>,
    known: Option<Uuid>,
    facts: String,
    unmapped: String,
    rows: Vec<[String; 3]>,
    /// What is taken: under which name it waits, and itself.
    offer: String,
    record: String,
}

/// The address that a record system sends its answer to.
pub(super) fn redirect(visit: &Visit) -> String {
    format!("{}{CALLBACK}", visit.origin())
}

/// GET `/launch`: from another site, without a login's cookie.
pub async fn arrive(visit: Visit) -> Reply {
    here(&visit, BEGIN, &["iss", "launch"])
}

/// GET `/launch/callback`: the same on the way back.
pub async fn arrive_back(visit: Visit) -> Reply {
    here(&visit, BACK, &["state", "code", "iss", "error"])
}

/// Leads on from this site, with what came.
fn here(visit: &Visit, to: &str, names: &[&str]) -> Reply {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for name in names {
        if let Some(value) = visit.query.get(name) {
            query.append_pair(name, value);
        }
    }
    let f = Frame::new(visit, Place::Elsewhere);
    html(&On {
        head: f.t.launch_here_head(),
        lead: f.t.launch_here_lead(),
        to: format!("{to}?{}", query.finish()),
        f,
    })
}

/// GET `/launch/begin`: asks the record system that is named, if it is registered.
pub async fn begin(visit: Visit) -> Reply {
    let issuer = asked(&visit, "iss")?;
    let launch = asked(&visit, "launch")?;
    let base: Base = issuer.parse().map_err(|_| unregistered(issuer))?;
    let system = visit.app.clinic.system_at(&base).await?;
    let system = system.ok_or_else(|| unregistered(issuer))?;
    let smart = &visit.app.smart;
    let begun = smart.begin(&system, (issuer, launch), redirect(&visit));
    let (to, waiting) = begun.await?;
    let waits = Waits(visit.app.clinic.journal());
    waits.wait(login(&visit)?, waiting).await?;
    let f = Frame::new(&visit, Place::Elsewhere);
    html(&On {
        head: f.t.launch_there_head(&system.name),
        lead: f.t.launch_there_lead(),
        to: to.into(),
        f,
    })
}

/// GET `/launch/back`: reads the record there, and shows what it would bring.
pub async fn back(visit: Visit) -> Reply {
    let state = asked(&visit, "state")?;
    let clinic = &visit.app.clinic;
    let waiting = Waits(clinic.journal()).take(login(&visit)?, state).await?;
    if let Some(error) = visit.query.get("error") {
        return Err(refused(error).into());
    }
    let system = open(clinic, waiting.system).await?;
    let secret = clinic.system_secret(system.id)?;
    let answer = Back {
        code: asked(&visit, "code")?,
        issuer: visit.query.get("iss"),
    };
    let finish = visit.app.smart.finish(&system, secret, &waiting, answer);
    let launched = finish.await?;
    let known = known(clinic, &system.base, &launched.patient).await?;
    if let Some(patient) = known {
        unrestricted(&visit, BACK, patient).await?;
        clinic.note(&visit, patient, BACK, Verb::Get).await?;
    }
    preview(&visit, &system, known, launched).await
}

async fn preview(visit: &Visit, system: &System, known: Option<Uuid>, launched: Launched) -> Reply {
    let clinic = &visit.app.clinic;
    let chart = match known {
        Some(patient) => Some(clinic.chart(patient).await?),
        None => None,
    };
    // The region decides which questions are asked later, and not what is read.
    let region = chart.as_ref().and_then(|chart| chart.episode.region);
    let read = read(clinic, &launched.record, region.unwrap_or(Region::Lumbar))?;
    let fresh: Vec<&Reading> = match &chart {
        Some(chart) => read
            .readings
            .iter()
            .filter(|one| is_new(one, &chart.episode))
            .collect(),
        None => read.readings.iter().collect(),
    };
    if let (Some(patient), true) = (known, fresh.is_empty()) {
        return Ok(see(&format!("/patients/{patient}?said=launched-nothing")));
    }
    let record = packed::pack(&launched.record)?;
    let offer = Offer {
        system: system.id,
        patient: launched.patient.clone(),
        known,
        sha256: crate::clinic::sha256_hex(record.as_bytes()),
    };
    let offer = Offers(clinic.journal()).offer(login(visit)?, offer).await?;
    let f = Frame::new(visit, Place::Import);
    let name = &read.patient.name;
    html(&Preview {
        head: match known {
            Some(_) => f.t.launch_known_head(name),
            None => f.t.launch_new_head(name),
        },
        who: who(&f, &read.patient),
        from: f.t.launch_from(&system.name, &launched.patient),
        user: launched.user,
        withheld: (!launched.withheld.is_empty()).then(|| launched.withheld.join(", ")),
        facts: match known {
            Some(_) => f.t.launch_fresh(fresh.len()),
            None => f.t.launch_facts(fresh.len()),
        },
        unmapped: f.t.launch_unmapped(read.unmapped.len()),
        rows: rows(&f, clinic, &fresh),
        known,
        offer,
        record,
        f,
    })
}

/// POST `/launch/take`: registers the patient with the record, or adds it to who is here.
pub async fn take(visit: Visit) -> Reply {
    let (clinic, form) = (&visit.app.clinic, &visit.form);
    let user = clinic.user(visit.who()?.user).await?.ok_or(Fault::Login)?;
    let (name, record) = (form.need("offer")?, form.need("record")?);
    let region = form.get("region").and_then(|word| word.parse().ok());
    let offer = Offers(clinic.journal()).take(login(&visit)?, name).await?;
    if offer.sha256 != crate::clinic::sha256_hex(record.as_bytes()) {
        return Err(altered().into());
    }
    let system = open(clinic, offer.system).await?;
    let record = packed::unpack(record)?;
    // Nobody registers the same patient meanwhile.
    let _turn = clinic.arrivals().await?;
    let patient = match known(clinic, &system.base, &offer.patient).await? {
        Some(patient) => {
            unrestricted(&visit, TAKE, patient).await?;
            clinic.note(&visit, patient, TAKE, Verb::Post).await?;
            let region = clinic.chart(patient).await?.episode.region;
            let read = read(clinic, &record, region.unwrap_or(Region::Lumbar))?;
            let more = imported(read, record);
            clinic.import_more(patient, &user.actor(), more).await?.id
        }
        None if offer.known.is_some() => return Err(altered().into()),
        None => {
            let region = region.ok_or_else(no_region)?;
            let read = read(clinic, &record, region)?;
            let mut who = demographics(&read.patient);
            who.identifiers
                .push(identifier(&system.base, &offer.patient));
            let taken = imported(read, record);
            let actor = user.actor();
            let made = clinic.register_imported(&actor, who, region, taken);
            let made = made.await?.id;
            clinic.note(&visit, made, TAKE, Verb::Post).await?;
            made
        }
    };
    Ok(see(&format!("/patients/{patient}?said=imported")))
}

fn read(clinic: &Clinic, record: &str, region: Region) -> Result<fhir::Import, Problem> {
    let now = clinic.now();
    fhir::import(record.as_bytes(), clinic.knowledge(), region, Some(now))
}

/// Whether the record here lacks it: the same fact, value and instant are the same, wherever they
/// stand in what came. What is no measurement holds until another is told; age, sex and what is
/// active are dated by whatever came last, and are not new by that.
fn is_new(one: &Reading, episode: &Episode) -> bool {
    let of_fact = || {
        episode
            .readings
            .iter()
            .filter(|kept| kept.key() == one.key())
    };
    let same = |kept: &Reading| (&kept.content, &kept.unit) == (&one.content, &one.unit);
    let number = matches!(one.as_value(), Some(Value::Number(_)));
    let measured = number && one.fact.as_str() != "age";
    let holds = of_fact().max_by_key(|kept| kept.at).is_some_and(same);
    let told = of_fact().any(|kept| same(kept) && kept.at == one.at);
    !(told || holds && !measured)
}

fn who(f: &Frame, patient: &fhir::Demographics) -> String {
    let born = patient.birth_date.clone();
    let sex = patient.gender.clone();
    f.t.launch_who(
        born.unwrap_or_else(|| f.t.launch_born_unknown()),
        sex.unwrap_or_else(|| f.t.launch_sex_unknown()),
    )
}

fn rows(f: &Frame, clinic: &Clinic, readings: &[&Reading]) -> Vec<[String; 3]> {
    let catalogue = clinic.knowledge().catalogue();
    let row = |reading: &&Reading| {
        let fact = catalogue.get(reading.fact.as_str());
        let label = fact.map_or(reading.fact.as_str(), |fact| &fact.label);
        [
            format!("{label} ({})", reading.key()),
            inputs::words(reading),
            f.when(&reading.at),
        ]
    };
    readings.iter().map(row).collect()
}

/// The patient of ours who was brought from there before.
async fn known(clinic: &Clinic, base: &Base, patient: &str) -> Result<Option<Uuid>, Fault> {
    let signs = ['\\', ',', '|', '$'];
    let mut asked = format!("{ADDRESSES}|");
    for letter in address(base, patient).chars() {
        if signs.contains(&letter) {
            asked.push('\\');
        }
        asked.push(letter);
    }
    let asked = [("identifier".to_owned(), asked)];
    let query = fhir::search::Query::read("Patient", &asked, "").map_err(Fault::from)?;
    let (found, _) = clinic.found(&query, None).await?;
    let id = found
        .first()
        .and_then(|one| one.key.strip_prefix("Patient/"));
    Ok(id.and_then(|id| id.parse().ok()))
}

/// How the clinic keeps who the patient is there.
fn identifier(base: &Base, patient: &str) -> String {
    format!("{ADDRESSES}|{}", address(base, patient))
}

fn address(base: &Base, patient: &str) -> String {
    format!("{base}/Patient/{patient}")
}

/// A restricted record is open to its team alone, whichever way somebody comes.
async fn unrestricted(visit: &Visit, route: &str, patient: Uuid) -> Result<(), Fault> {
    let mut at = visit.shell();
    at.path.push(("patient".into(), patient.to_string()));
    restricted::admit(&at, route, None).await
}

/// The record system, if it is still open.
async fn open(clinic: &Clinic, id: Uuid) -> Result<std::sync::Arc<System>, Problem> {
    let system = clinic.system(id).await?;
    let system = system.filter(|system| system.withdrawn.is_none());
    system.ok_or_else(|| unregistered(""))
}

fn login(visit: &Visit) -> Result<&str, Fault> {
    visit.secret.as_deref().ok_or(Fault::Login)
}

fn asked<'a>(visit: &'a Visit, name: &str) -> Result<&'a str, Problem> {
    let value = visit.query.get(name).filter(|value| !value.is_empty());
    value.ok_or_else(|| {
        Problem::new(
            "launch-parameter",
            name,
            "",
            "is missing",
            "open Annulus from the other record system",
        )
    })
}

fn unregistered(issuer: &str) -> Problem {
    Problem::new(
        "launch-unregistered",
        "iss",
        issuer.chars().take(80).collect::<String>(),
        "is no record system that may open Annulus",
        "ask the administrator to register it",
    )
}

fn refused(error: &str) -> Problem {
    Problem::new(
        "launch-refused",
        "error",
        error.chars().take(60).collect::<String>(),
        "the other record system did not permit it, and nothing was read",
        "open Annulus from there again, and permit what it asks for",
    )
}

fn altered() -> Problem {
    Problem::new(
        "launch-offer",
        "record",
        "",
        "is not what was read, or its patient is gone",
        "open Annulus from the other record system again",
    )
}

fn no_region() -> Problem {
    Problem::new(
        "region-unknown",
        "region",
        "",
        "is not a treated region",
        "choose lumbar or cervical",
    )
}
