//! What programs look for: every resource of every record, as the index of the journal keeps it.
//!
//! Writing a record does not wait for it. Whoever looks brings it up to where the journal stands
//! first, so that a program finds what it wrote; what nobody looks for costs nothing.

use std::collections::{BTreeMap, BTreeSet};

use fhir::export::{self, Export};
use fhir::search;
use record::{Compare, Criterion, Entry, Find, Found, Named, Side, StreamKind, Test};
use serde_json::Value;
use si::Problem;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::sign::sha256_hex;
use super::{Beside, Clinic, diary};

/// Counts up whenever the same record gives other entries: all are made again then.
const VERSION: &str = "1";
/// Entries of the journal that are looked at at once.
const PAGE: u32 = 1000;
/// Types that belong to the clinic and to no record.
pub const OF_CLINIC: [&str; 4] = ["Organization", "Practitioner", "PractitionerRole", "Device"];

/// Up to where in the journal the index was brought by this process.
#[derive(Debug, Default)]
pub(super) struct Reached(Mutex<Option<u64>>);

/// What moved.
#[derive(Default)]
struct Moved {
    patients: BTreeSet<Uuid>,
    staff: bool,
    diary: bool,
}

impl Clinic {
    /// Resources that fit, in the order asked for, one more than a page holds.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn found(
        &self,
        query: &search::Query,
        after: Option<(String, String)>,
    ) -> Result<(Vec<Found>, Option<u64>), Problem> {
        self.catch_up().await?;
        let find = Find {
            order: query.order.clone(),
            descending: query.descending,
            all: query.all.iter().map(criterion).collect(),
            after,
            limit: query.count + 1,
        };
        let total = match query.total || query.count == 0 {
            true => Some(self.journal.found(&find).await.map_err(|e| e.problem())?),
            false => None,
        };
        let found = match query.count {
            0 => Vec::new(),
            _ => self.journal.find(&find).await.map_err(|e| e.problem())?,
        };
        Ok((found, total))
    }

    /// One resource as it is now, by its type and id.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn resource(&self, kind: &str, id: &str) -> Result<Option<Value>, Problem> {
        self.catch_up().await?;
        let body = self.journal.entry(&format!("{kind}/{id}")).await;
        let body = body.map_err(|e| e.problem())?;
        Ok(body.and_then(|body| serde_json::from_slice(&body).ok()))
    }

    /// Brings the index up to where the journal stands.
    ///
    /// # Errors
    /// The journal cannot be read or written. A record that is damaged stays as it was.
    pub async fn catch_up(&self) -> Result<(), Problem> {
        let mut reached = self.reached.0.lock().await;
        let moved = match *reached {
            None => {
                let stands = self.journal.position().await.map_err(|e| e.problem())?;
                let behind = self.journal.behind(StreamKind::Patient, &self.made()).await;
                let moved = Moved {
                    patients: behind.map_err(|e| e.problem())?.into_iter().collect(),
                    staff: true,
                    diary: true,
                };
                self.index(moved).await?;
                *reached = Some(stands);
                return Ok(());
            }
            Some(from) => self.moved(from).await?,
        };
        if let Some((moved, stands)) = moved {
            self.index(moved).await?;
            *reached = Some(stands);
        }
        Ok(())
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

    async fn index(&self, moved: Moved) -> Result<(), Problem> {
        for patient in moved.patients {
            if let Err(problem) = self.index_patient(patient).await {
                tracing::error!(%patient, code = problem.code, "a record is not found by programs");
            }
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
        let write = self.journal.index(patient, (stands.sequence, &made), &own);
        write.await.map_err(|e| e.problem())
    }

    /// Appointments that the index does not have as the diary has them.
    async fn index_diary(&self) -> Result<(), Problem> {
        let diary = self.diary().await?;
        let mut by_patient: BTreeMap<Uuid, bool> = BTreeMap::new();
        for one in diary.all() {
            let key = format!("Appointment/{}", one.id);
            let version = self.journal.entry_version(&key).await;
            let same = version.map_err(|e| e.problem())? == Some(one.version.to_string());
            *by_patient.entry(one.patient).or_default() |= !same;
        }
        for (patient, _) in by_patient.into_iter().filter(|(_, moved)| *moved) {
            let export = self
                .from_stream(patient, Beside::Diary, export::export)
                .await?;
            self.put(&entries(&export, |kind, _| kind == "Appointment"))
                .await?;
        }
        Ok(())
    }

    /// Puts entries of the clinic beside those that are there.
    async fn put(&self, entries: &[Entry]) -> Result<(), Problem> {
        let put = self.journal.index_more(self.streams.clinic.id, entries);
        put.await.map_err(|e| e.problem())
    }

    /// How entries are made: another program, knowledge or zone makes them another way.
    fn made(&self) -> String {
        let zone = self.zone().iana_name().unwrap_or_default();
        format!("{VERSION} {} {zone}", self.knowledge.sha256())
    }
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
