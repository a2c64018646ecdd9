//! `demo.toml`: who works there, who is treated, what happened so far.

use std::collections::BTreeMap;

use care::episode::{Act, Actor, Command, ConsentGiven, Demographics, Imported, Private, Role};
use care::fact::Reading;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use si::{Problem, Region};
use uuid::Uuid;

use super::booked::{Appointment, on};
use super::{file, session};
use crate::clinic::{Clinic, Settings, zone};
use crate::{pages, random};

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    schema: u32,
    clinic: ClinicTable,
    pub(super) user: Vec<Person>,
    patient: Vec<Patient>,
    #[serde(default)]
    appointment: Vec<Appointment>,
}

/// What the clinic says of itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClinicTable {
    name: String,
    zone: String,
    /// Logins, in the order in which an alarm tells them.
    on_call: Vec<String>,
}

/// Somebody who works there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) login: String,
    pub(super) name: String,
    pub(super) role: Role,
    #[serde(default)]
    pub(super) licence: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patient {
    key: String,
    #[allow(dead_code, reason = "said for the reader")]
    shows: String,
    region: String,
    #[allow(dead_code, reason = "English until another language is reviewed")]
    language: String,
    #[serde(default)]
    #[allow(dead_code, reason = "a test of the data holds the decision to it")]
    expect: Option<toml::Table>,
    #[serde(default)]
    step: Vec<Step>,
}

/// One thing that happened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    day: i32,
    time: Time,
    #[serde(rename = "do")]
    act: String,
    by: String,
    block: Option<String>,
    candidate: Option<String>,
    pub(super) seed: Option<u64>,
    pub(super) today: Option<String>,
    pub(super) arrival: Option<String>,
    pub(super) start: Option<String>,
    pub(super) leaving: Option<String>,
    number: Option<u8>,
    session: Option<usize>,
}

impl Script {
    /// What the caller left as it comes is the demonstration's own.
    pub(super) fn settings(&self, given: Settings) -> Result<Settings, Problem> {
        let left = Settings::default();
        let mut settings = given;
        if settings.name == left.name {
            settings.name.clone_from(&self.clinic.name);
        }
        if settings.zone == left.zone {
            settings.zone = zone(&self.clinic.zone)?;
        }
        if settings.on_call == left.on_call {
            let contacts = self.clinic.on_call.iter().enumerate();
            settings.on_call = contacts
                .map(|(at, login)| self.contact(at, login))
                .collect::<Result<_, _>>()?;
        }
        Ok(settings)
    }

    /// A name, and an invented number that rings nowhere.
    fn contact(&self, at: usize, login: &str) -> Result<String, Problem> {
        let person = self.user.iter().find(|person| person.login == login);
        let person = person.ok_or_else(|| {
            Problem::new(
                "demo-on-call",
                "clinic.on_call",
                login,
                "is no user of the demonstration",
                "name one of its logins",
            )
        })?;
        Ok(format!("{}, 555-01{at:02}", person.name))
    }
}

/// One patient while their story is played.
pub(super) struct Story<'a> {
    pub(super) clinic: &'a Clinic,
    pub(super) actors: &'a BTreeMap<String, Actor>,
    pub(super) region: Region,
    pub(super) id: Uuid,
    key: &'a str,
    now: Timestamp,
    blocks: BTreeMap<String, serde_json::Value>,
}

impl Step {
    /// Who did it.
    pub(super) fn by(&self) -> &str {
        &self.by
    }
}

impl Script {
    /// Reads the file.
    pub(super) fn read(text: &str) -> Result<Self, Problem> {
        let script: Self = toml::from_str(text).map_err(|error| {
            Problem::new(
                "demo-script",
                "demo.toml",
                "",
                error.to_string(),
                "mend the named line",
            )
        })?;
        if script.schema == 1 {
            return Ok(script);
        }
        Err(Problem::new(
            "demo-schema",
            "schema",
            script.schema.to_string(),
            "is not known",
            "use schema 1",
        ))
    }
}

/// Plays every patient's story into the store.
pub(super) async fn play(
    clinic: &Clinic,
    script: &Script,
    actors: &BTreeMap<String, Actor>,
) -> Result<(), Problem> {
    let now = clinic.now();
    let mut ids = BTreeMap::new();
    for patient in &script.patient {
        let region = patient
            .region
            .parse()
            .map_err(|_| wrong(&patient.key, "region"))?;
        let id = random::id();
        ids.insert(patient.key.as_str(), id);
        let blocks = blocks(clinic, &patient.key, now)?;
        let story = Story {
            clinic,
            actors,
            region,
            id,
            key: &patient.key,
            now,
            blocks,
        };
        for step in &patient.step {
            let at = instant(clinic.zone(), step.day, step.time, now);
            story.step(step, at).await.map_err(|problem| {
                problem.within(&format!(
                    "{}, day {} {}: {}",
                    patient.key, step.day, step.time, step.act
                ))
            })?;
        }
    }
    for one in &script.appointment {
        let patient = ids.get(one.patient.as_str());
        let patient = *patient.ok_or_else(|| wrong(&one.patient, "appointment"))?;
        let booked = one.book(clinic, actors, patient).await;
        booked.map_err(|problem| problem.within(&format!("appointment of {}", one.patient)))?;
    }
    Ok(())
}

/// When the demonstration clinic opens.
const OPENING: Time = Time::constant(8, 0, 0, 0);
/// What was told this morning must still be fresh in the evening: today's steps begin no
/// longer ago than this, half the life of an answer of the day.
const MORNING_HOURS: i64 = 6;

/// A step's instant; one that lies ahead is done now.
fn instant(zone: &TimeZone, day: i32, time: Time, now: Timestamp) -> Timestamp {
    let on = |time: Time| on(zone, now, day, time);
    let earliest = now - SignedDuration::from_hours(MORNING_HOURS);
    let late = match day {
        0 => on(OPENING)
            .duration_until(earliest)
            .max(SignedDuration::ZERO),
        _ => SignedDuration::ZERO,
    };
    (on(time) + late).min(now)
}

fn blocks(
    clinic: &Clinic,
    key: &str,
    now: Timestamp,
) -> Result<BTreeMap<String, serde_json::Value>, Problem> {
    let Ok(text) = file(&format!("{key}.facts.json")) else {
        return Ok(BTreeMap::new());
    };
    let text = fhir::relative::resolve(text, now, clinic.zone())?;
    serde_json::from_str(&text).map_err(|error| {
        Problem::new(
            "demo-facts",
            key,
            "",
            error.to_string(),
            "mend the facts of this patient",
        )
    })
}

impl Story<'_> {
    async fn step(&self, step: &Step, at: Timestamp) -> Result<(), Problem> {
        match step.act.as_str() {
            "import" => {
                self.import(self.actor(&step.by, Act::ImportRecord)?, at)
                    .await
            }
            "facts" | "scores" => {
                let (readings, denied) = self.block(step.block.as_deref(), at)?;
                self.act(step, Command::RecordFacts { readings, denied }, at)
                    .await
            }
            "evaluate" => self.act(step, Command::Evaluate, at).await,
            "consent" => self.consent(step, at).await,
            "plan" => {
                self.act(
                    step,
                    Command::ProposePlan {
                        table_ceiling_n: None,
                        choice: None,
                    },
                    at,
                )
                .await
            }
            "sign" => self.sign(step, at).await,
            "session" => session::run(self, step, at).await,
            "check-in" => self.check_in(step, at).await,
            "review" => self.act(step, Command::Review, at).await,
            other => Err(Problem::new(
                "demo-step",
                "do",
                other,
                "is not a step",
                "see demo/README.md",
            )),
        }
    }

    /// Whoever the step names, or the first colleague whose role may.
    pub(super) fn actor(&self, login: &str, act: Act) -> Result<Actor, Problem> {
        let named = self.actors.get(login).filter(|actor| actor.role.may(act));
        let other = || self.actors.values().find(|actor| actor.role.may(act));
        named
            .or_else(other)
            .cloned()
            .ok_or_else(|| wrong(self.key, login))
    }

    pub(super) async fn act(
        &self,
        step: &Step,
        command: Command,
        at: Timestamp,
    ) -> Result<(), Problem> {
        let actor = match step.by.as_str() {
            "patient" => Actor {
                id: Uuid::nil(),
                role: Role::Patient,
                name: String::new(),
                licence: None,
            },
            login => self.actor(login, command.act())?,
        };
        self.clinic
            .act_at(self.id, &actor, command, Some(at))
            .await
            .map(|_| ())
    }

    /// Readings of a block, dated at the step.
    pub(super) fn block(
        &self,
        name: Option<&str>,
        at: Timestamp,
    ) -> Result<(Vec<Reading>, Vec<String>), Problem> {
        let name = name.unwrap_or_default();
        let block = self.blocks.get(name).ok_or_else(|| wrong(self.key, name))?;
        let bytes = serde_json::to_vec(block).unwrap_or_default();
        let context = care::input::Context {
            knowledge: self.clinic.knowledge(),
            at: Some(at),
            region: Some(self.region),
            zone: self.clinic.zone(),
        };
        let document = care::input::parse_facts(&bytes, &context).map_err(|p| p.within(name))?;
        Ok((document.readings, document.denied))
    }

    async fn import(&self, actor: Actor, at: Timestamp) -> Result<(), Problem> {
        let bundle = file(&format!("{}.fhir.json", self.key))?;
        let bundle = fhir::relative::resolve(bundle, self.now, self.clinic.zone())?;
        let read = fhir::import(
            bundle.as_bytes(),
            self.clinic.knowledge(),
            self.region,
            Some(at),
        )?;
        let demographics: Demographics = pages::import::demographics(&read.patient);
        let register = Command::Register {
            pseudonym: Uuid::from_bytes(random::bytes()),
            demographics: Private(demographics),
            region: self.region,
            language: "en".into(),
        };
        let imported: Imported = pages::import::imported(read, bundle);
        self.clinic
            .act_at(self.id, &actor, register, Some(at))
            .await?;
        self.clinic
            .act_at(self.id, &actor, Command::ImportRecord(imported), Some(at))
            .await
            .map(|_| ())
    }

    async fn consent(&self, step: &Step, at: Timestamp) -> Result<(), Problem> {
        let chart = self.clinic.chart(self.id).await?;
        let text = care::consent::of_episode(self.clinic.knowledge(), &chart.episode)?;
        let name = chart.episode.demographics.0.name.clone();
        let given = ConsentGiven {
            text_version: text.version,
            language: text.language.to_owned(),
            explained_by: self.actor(&step.by, Act::GiveConsent)?.name,
            interpreter: None,
            questions: Private(String::new()),
            signed_by: Private(name),
            cost: Some("Nothing: a demonstration.".to_owned()),
            ..ConsentGiven::default()
        };
        self.act(step, Command::GiveConsent(given), at).await
    }

    async fn sign(&self, step: &Step, at: Timestamp) -> Result<(), Problem> {
        let chart = self.clinic.chart(self.id).await?;
        let proposal = chart
            .episode
            .proposal
            .as_ref()
            .ok_or_else(|| wrong(self.key, "plan"))?;
        let command = Command::SignPlan {
            plan_sha256: proposal.plan_sha256.clone(),
            candidate: step.candidate.clone().unwrap_or_default(),
            document: None,
        };
        self.act(step, command, at).await
    }

    async fn check_in(&self, step: &Step, at: Timestamp) -> Result<(), Problem> {
        let chart = self.clinic.chart(self.id).await?;
        let nth = step.session.unwrap_or(1).saturating_sub(1);
        let session = chart
            .episode
            .treated()
            .nth(nth)
            .ok_or_else(|| wrong(self.key, "session"))?
            .id;
        // Told before its hour, it is an answer nobody asked for yet: read at once all the same.
        let due = care::triage::due(&chart.episode, at);
        let asked = |number: &u8| {
            due.iter()
                .any(|due| due.session == session && due.number == *number)
        };
        let number = step.number.filter(asked);
        let (readings, _) = self.block(step.block.as_deref(), at)?;
        self.act(
            step,
            Command::AnswerCheckIn {
                session,
                number,
                form: None,
                readings,
            },
            at,
        )
        .await
    }
}

pub(super) fn wrong(key: &str, what: &str) -> Problem {
    Problem::new(
        "demo-script",
        key,
        what,
        "is not there",
        "mend the demonstration's files",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_this_morning_is_still_fresh_at_every_hour_of_the_day() {
        let script = Script::read(file("demo.toml").expect("the file")).expect("the script");
        let zone = TimeZone::get(&script.clinic.zone).expect("a zone");
        let midnight: Timestamp = "2026-11-26T00:00:00Z".parse().expect("an instant");
        let today: Vec<&Step> = script
            .patient
            .iter()
            .flat_map(|patient| patient.step.iter().filter(|step| step.day == 0))
            .collect();
        assert!(!today.is_empty());
        for hour in 0..24 {
            let now = midnight + SignedDuration::from_hours(hour);
            for step in &today {
                let at = instant(&zone, 0, step.time, now);
                let ago = at.duration_until(now);
                assert!(!ago.is_negative() && ago.as_hours() < 12, "{hour}: {ago:#}");
            }
            let at = |step: &&Step| instant(&zone, 0, step.time, now);
            let mut sorted = today.clone();
            sorted.sort_by_key(|step| step.time);
            assert!(sorted.is_sorted_by_key(at), "{hour}: out of order");
        }
    }
}
