//! What programs look for: every resource of every record, as the index of the journal keeps it.
//!
//! Writing a record does not wait for it. A server makes it from its start on, record by record;
//! whoever looks brings it up to where the journal stands first, so that a program finds what it
//! wrote, at any server. Where that takes too long it is told so, and never half an answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fhir::export::{self, Export};
use fhir::search;
use record::{Compare, Criterion, Entry, Error, Find, Found, Named, Side, StreamKind, Test};
use serde_json::Value;
use si::Problem;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::damaged::is_damage;
use super::sign::sha256_hex;
use super::turns::INDEX;
use super::{Beside, Clinic, diary};

/// The code of what is refused while the index is made.
pub const BEHIND: &str = "index-behind";
/// Seconds after which a program may try again (ours: 10,000 resources are made meanwhile).
pub const TRY_AGAIN: u64 = 5;
/// So long a request waits for the index (ours: below what libraries wait for an answer).
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a server looks after it (ours: as often as checkpoints are signed).
const LOOK: Duration = Duration::from_secs(60);
/// How often a server looks whether another has made it (ours).
const WAIT: Duration = Duration::from_millis(200);
/// Records that change how the database finds (ours: some thousand entries).
const MANY: usize = 50;
/// How often what was changed is made again and looked for, in one request (ours).
const TRIES: usize = 3;
/// Counts up whenever the same record gives other entries: all are made again then.
const VERSION: &str = "2";
/// Entries of the journal that are looked at at once.
const PAGE: u32 = 1000;
/// Types that belong to the clinic and to no record.
pub const OF_CLINIC: [&str; 4] = ["Organization", "Practitioner", "PractitionerRole", "Device"];

/// Up to where in the journal the index was brought by this process.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// Who brings it further.
    bringing: Mutex<Brought>,
    /// The position; 0 before it was looked at.
    position: AtomicU64,
}

#[derive(Debug, Default)]
struct Brought {
    /// When it was looked at last, and found or made whole.
    looked: Option<Instant>,
}

impl Reached {
    fn position(&self) -> u64 {
        self.position.load(Ordering::Acquire)
    }

    fn set(&self, position: u64) {
        self.position.store(position, Ordering::Release);
    }
}

/// What moved.
#[derive(Default)]
struct Moved {
    patients: BTreeSet<Uuid>,
    staff: bool,
    diary: bool,
}

/// Makes the index from the start of a server on, so that nobody who looks waits for all records,
/// and looks after it: what was taken away from it is made again.
pub(crate) async fn keep(clinic: Arc<Clinic>) {
    loop {
        if let Err(problem) = clinic.look_after().await {
            tracing::warn!(problem = %problem.log(), "what programs search lags");
        }
        tokio::time::sleep(LOOK).await;
    }
}

impl Clinic {
    /// Resources that fit, in the order asked for, one more than a page holds.
    ///
    /// # Errors
    /// The journal cannot be read; the index is not made yet ([`BEHIND`]).
    pub async fn found(
        &self,
        query: &search::Query,
        after: Option<(String, String)>,
    ) -> Result<(Vec<Found>, Option<u64>), Problem> {
        self.catch_up().await?;
        let plan = query.plan();
        let bounds = |one: &search::Criterion| {
            let tests = criterion(one).any.into_iter();
            tests.map(|test| test.bounds).collect()
        };
        let find = Find {
            order: plan.order,
            descending: plan.descending,
            within: plan.within.iter().map(bounds).collect(),
            all: plan.rest.iter().map(criterion).collect(),
            after,
            limit: query.count + 1,
        };
        let total = match query.total || query.count == 0 {
            true => Some(self.index.count(&find).await.map_err(|e| e.problem())?),
            false => None,
        };
        if query.count == 0 {
            return Ok((Vec::new(), total));
        }
        for _ in 0..TRIES {
            let found = self.index.find(&find).await;
            if let Some(found) = self.unchanged(found).await? {
                return Ok((found, total));
            }
        }
        Err(behind())
    }

    /// One resource as it is now, by its type and id.
    ///
    /// # Errors
    /// As [`Clinic::found`].
    pub async fn resource(&self, kind: &str, id: &str) -> Result<Option<Value>, Problem> {
        let key = format!("{kind}/{id}");
        let mut found = self.resources(std::slice::from_ref(&key)).await?;
        let body = found.remove(&key);
        Ok(body.and_then(|body| serde_json::from_slice(&body).ok()))
    }

    /// Those resources that are there, as text, each by `Type/id`.
    ///
    /// # Errors
    /// As [`Clinic::found`].
    pub async fn resources(&self, keys: &[String]) -> Result<BTreeMap<String, Vec<u8>>, Problem> {
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        self.catch_up().await?;
        for _ in 0..TRIES {
            let found = self.index.entries(keys).await;
            if let Some(found) = self.unchanged(found).await? {
                return Ok(found);
            }
        }
        Err(behind())
    }

    /// What was found, unless something of it was changed behind the server's back: that is made
    /// again, and looked for once more.
    async fn unchanged<T>(&self, found: record::Result<T>) -> Result<Option<T>, Problem> {
        match found {
            Ok(found) => Ok(Some(found)),
            Err(Error::Unsealed(stream)) => {
                tracing::error!(%stream, "what programs search was changed behind the server's back, and is made again");
                self.forget(stream).await?;
                self.catch_up().await?;
                Ok(None)
            }
            Err(error) => Err(error.problem()),
        }
    }

    /// Takes what is found of a stream away. With what belongs to no record everything goes: any
    /// record may have brought some of it.
    async fn forget(&self, stream: Uuid) -> Result<(), Problem> {
        let bringing = self.reached.bringing.lock().await;
        let patients = match stream == self.streams.clinic.id {
            true => self.known().iter().copied().collect(),
            false => Vec::new(),
        };
        for one in patients.into_iter().chain([stream]) {
            self.index.forget(one).await.map_err(|e| e.problem())?;
        }
        self.reached.set(0);
        drop(bringing);
        Ok(())
    }

    /// Brings the index up to where the journal stands, or says that it takes too long.
    ///
    /// # Errors
    /// The journal cannot be read or written; [`BEHIND`]. A record that is damaged stays as it was.
    pub async fn catch_up(&self) -> Result<(), Problem> {
        let reached = self.reached.position();
        if reached > 0 && self.journal.quiet_since(reached) {
            return Ok(());
        }
        let brought = tokio::time::timeout(PATIENCE, self.bring(Instant::now()));
        match brought.await {
            Ok(Err(problem)) if problem.code == "journal-busy" => Err(behind()),
            Ok(brought) => brought,
            Err(_) => Err(behind()),
        }
    }

    /// Brings it at least to where the journal stood when somebody asked. Of many who ask at once
    /// one looks for all.
    async fn bring(&self, asked: Instant) -> Result<(), Problem> {
        let mut brought = self.reached.bringing.lock().await;
        let begun = Instant::now();
        match self.reached.position() {
            0 => self.make_whole().await?,
            _ if brought.looked.is_some_and(|looked| looked >= asked) => return Ok(()),
            from => {
                if let Some((moved, stands)) = self.moved(from).await? {
                    self.bring_moved(moved).await?;
                    self.reached.set(stands);
                }
            }
        }
        brought.looked = Some(begun);
        Ok(())
    }

    /// Makes all of it that is not there. Of several servers one does, record by record, and the
    /// others wait for it.
    async fn make_whole(&self) -> Result<(), Problem> {
        let stands = self.journal.position().await.map_err(|e| e.problem())?;
        while !self.leads(INDEX).await {
            if self.behind().await?.is_empty() {
                break;
            }
            tokio::time::sleep(WAIT).await;
        }
        let moved = Moved {
            patients: self.behind().await?.into_iter().collect(),
            staff: true,
            diary: true,
        };
        let many = moved.patients.len() > MANY;
        self.bring_moved(moved).await?;
        if many {
            self.index.weigh().await.map_err(|e| e.problem())?;
        }
        self.reached.set(stands);
        Ok(())
    }

    /// Makes the index where it is not made yet, and what was taken away from it again.
    async fn look_after(&self) -> Result<(), Problem> {
        if self.reached.position() == 0 {
            self.bring(Instant::now()).await?;
        }
        if !self.leads(INDEX).await {
            return Ok(());
        }
        self.bring(Instant::now()).await?;
        for patient in self.behind().await? {
            let _bringing = self.reached.bringing.lock().await;
            self.bring_patient(patient).await?;
        }
        Ok(())
    }

    async fn behind(&self) -> Result<Vec<Uuid>, Problem> {
        let behind = self.index.behind(StreamKind::Patient, &self.made()).await;
        behind.map_err(|e| e.problem())
    }

    /// What moved in the journal after a position, and how far it was read.
    async fn moved(&self, from: u64) -> Result<Option<(Moved, u64)>, Problem> {
        let (mut moved, mut stands) = (Moved::default(), from);
        loop {
            let page = self.journal.moved(stands, PAGE).await;
            let page = page.map_err(|e| e.problem())?;
            let Some(last) = page.last() else {
                return Ok((stands > from).then_some((moved, stands)));
            };
            stands = last.position;
            for one in &page {
                match one.stream.kind {
                    StreamKind::Patient => {
                        moved.patients.insert(one.stream.id);
                    }
                    StreamKind::User => moved.staff = true,
                    StreamKind::Clinic if one.kind == diary::KIND => moved.diary = true,
                    _ => {}
                }
            }
        }
    }

    async fn bring_moved(&self, moved: Moved) -> Result<(), Problem> {
        let mut leased = Instant::now();
        for patient in moved.patients {
            let made = self.made();
            let stands = self.index.stands(patient, &made).await;
            // What another server made, or this one before somebody went away, is there.
            if stands.map_err(|e| e.problem())? {
                continue;
            }
            self.bring_patient(patient).await?;
            if leased.elapsed() > INDEX.1 / 3 {
                self.leads(INDEX).await;
                leased = Instant::now();
            }
            tokio::task::yield_now().await;
        }
        if moved.staff {
            let staff = self.staff_as_fhir().await?;
            self.put(&entries(&staff, |_, _| true)).await?;
        }
        if moved.diary {
            self.index_diary().await?;
        }
        Ok(())
    }

    /// A record that cannot be read hides no other.
    async fn bring_patient(&self, patient: Uuid) -> Result<(), Problem> {
        let brought = self.index_patient(patient).await;
        brought.or_else(|problem| hides_no_other(patient, problem))
    }

    async fn index_patient(&self, patient: Uuid) -> Result<(), Problem> {
        // Where the record stands before it is read: what comes in between is looked at next time.
        let stands = self.journal.stream(patient).await;
        let Some(stands) = stands.map_err(|e| e.problem())? else {
            return Ok(());
        };
        let made = self.from_stream(patient, Beside::None, |source| export::at(source, u64::MAX));
        let export = made.await?;
        let tables = entries(&export, |kind, id| kind == "Device" && id != "annulus");
        if !tables.is_empty() {
            self.put(&tables).await?;
        }
        let own = entries(&export, |kind, _| !OF_CLINIC.contains(&kind));
        let made = self.made();
        let write = self.index.set(patient, (stands.sequence, &made), &own);
        write.await.map_err(|e| e.problem())
    }

    /// Appointments that the index does not have as the diary has them.
    async fn index_diary(&self) -> Result<(), Problem> {
        let diary = self.diary().await?;
        let made = self.made();
        let there = self.index.versions(self.streams.clinic.id, &made).await;
        let there = there.map_err(|e| e.problem())?;
        let moved = diary.all().filter(|one| {
            let version = there.get(&format!("Appointment/{}", one.id));
            version != Some(&one.version.to_string())
        });
        let moved: BTreeSet<Uuid> = moved.map(|one| one.patient).collect();
        for patient in moved {
            let export = self.from_stream(patient, Beside::Diary, export::export);
            match export.await {
                Ok(export) => {
                    let put = entries(&export, |kind, _| kind == "Appointment");
                    self.put(&put).await?;
                }
                Err(problem) => hides_no_other(patient, problem)?,
            }
        }
        Ok(())
    }

    /// Puts entries of the clinic beside those that are there.
    async fn put(&self, entries: &[Entry]) -> Result<(), Problem> {
        let made = self.made();
        let put = self.index.add(self.streams.clinic.id, &made, entries);
        put.await.map_err(|e| e.problem())
    }

    /// How entries are made: another program, knowledge, zone or key makes them another way.
    fn made(&self) -> String {
        let zone = self.zone().iana_name().unwrap_or_default();
        let (knowledge, key) = (self.knowledge.sha256(), self.key.index().name());
        format!("{VERSION} {knowledge} {zone} {key}")
    }
}

/// What is wrong with one record is logged; what is wrong with the moment is not passed over.
fn hides_no_other(patient: Uuid, problem: Problem) -> Result<(), Problem> {
    if !is_damage(&problem) {
        return Err(problem);
    }
    tracing::error!(%patient, code = problem.code, "a record is not found by programs");
    Ok(())
}

/// The index is not made yet: nothing is answered rather than half.
fn behind() -> Problem {
    Problem::new(
        BEHIND,
        "index",
        "",
        "what programs search is being made from the journal",
        format!("try again in {TRY_AGAIN} s"),
    )
}

/// Entries of those resources that are meant.
fn entries(export: &Export, meant: impl Fn(&str, &str) -> bool) -> Vec<Entry> {
    let named = |resource: &Value| {
        let text = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
        (text("resourceType"), text("id"))
    };
    let all = export
        .resources()
        .map(|resource| (named(resource), resource));
    all.filter(|((kind, id), _)| meant(kind, id))
        .map(|((kind, id), resource)| {
            let body = resource.to_string().into_bytes();
            let version = resource["meta"]["versionId"].as_str();
            Entry {
                key: format!("{kind}/{id}"),
                version: version.map_or_else(|| sha256_hex(&body), str::to_owned),
                values: search::rows(resource)
                    .into_iter()
                    .map(named_value)
                    .collect(),
                body,
            }
        })
        .collect()
}

fn named_value(row: search::Row) -> Named {
    Named {
        name: row.name,
        value: row.value,
        until: row.until,
    }
}

fn criterion(asked: &search::Criterion) -> Criterion {
    Criterion {
        any: asked.any.iter().map(test).collect(),
        negated: asked.negated,
    }
}

fn test(asked: &search::Test) -> Test {
    let bounds = asked.bounds.iter().map(|(end, op, text)| {
        let side = match end {
            search::End::Value => Side::Value,
            search::End::Until => Side::Until,
        };
        let compare = match op {
            search::Op::Is => Compare::Is,
            search::Op::Least => Compare::Least,
            search::Op::Above => Compare::Above,
            search::Op::Most => Compare::Most,
            search::Op::Below => Compare::Below,
        };
        (side, compare, text.clone())
    });
    Test {
        name: asked.name.clone(),
        bounds: bounds.collect(),
    }
}
