//! A patient's record as FHIR R4: what `fhir::export` makes of the stream and of what stands
//! beside it, the diary and the audit log.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use care::episode::Event;
use fhir::export::{self, Access, Export, Happened, Person, Source, Told, bundle};
use record::Stored;
use serde_json::Value;
use si::Problem;
use uuid::Uuid;

use super::audit::{Deed, Line, Wanted};
use super::files::{ERASED, event_of};
use super::{Clinic, User};

/// Lines of the audit log that go with a record, the newest *(ours: years of a course of care)*.
const LINES: usize = 10_000;

/// What of it is read beside a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// The diary and the audit log.
    All,
    /// The diary.
    Diary,
    /// Nothing.
    None,
}

impl Clinic {
    /// Everything that is known of a patient, as FHIR R4 resources.
    ///
    /// # Errors
    /// The journal cannot be read, or holds an event that cannot.
    pub async fn as_fhir(&self, patient: Uuid) -> Result<Export, Problem> {
        self.from_stream(patient, Beside::All, export::export).await
    }

    /// What can be made from what is known of a patient.
    ///
    /// # Errors
    /// The journal cannot be read, or holds an event that cannot.
    pub async fn from_stream<T>(
        &self,
        patient: Uuid,
        beside: Beside,
        make: impl FnOnce(&Source<'_>) -> T + Send,
    ) -> Result<T, Problem> {
        let lines = match beside {
            Beside::All => self.newest(patient).await?,
            Beside::Diary | Beside::None => Vec::new(),
        };
        let lines: Vec<&Line> = lines.iter().collect();
        let beside = (beside != Beside::None, lines.as_slice());
        self.with_beside(patient, beside, make).await
    }

    /// Lines of the audit log that go with a record.
    async fn newest(&self, patient: Uuid) -> Result<Vec<Line>, Problem> {
        let wanted = Wanted {
            patient: Some(patient),
            ..Wanted::default()
        };
        let mut lines = Vec::new();
        let keep = |line| {
            lines.push(line);
            match lines.len() < LINES {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        };
        self.each_access(&wanted, keep).await?;
        Ok(lines)
    }

    /// Lines of the audit log as FHIR R4, in their order; none of a record that was erased.
    ///
    /// # Errors
    /// As [`Clinic::as_fhir`].
    pub async fn accesses_as_fhir(&self, lines: &[Line]) -> Result<Vec<Value>, Problem> {
        let mut of: BTreeMap<Uuid, Vec<&Line>> = BTreeMap::new();
        for line in lines {
            if let Some(patient) = line.access.patient {
                of.entry(patient).or_default().push(line);
            }
        }
        let mut made: BTreeMap<(u64, Uuid), Value> = BTreeMap::new();
        for (patient, lines) in of {
            let beside = (false, lines.as_slice());
            let events = self.with_beside(patient, beside, export::accesses).await?;
            let places = lines.iter().map(|line| (line.sequence, patient));
            made.extend(places.zip(events));
        }
        let all = lines.iter();
        let all = all.filter_map(|line| made.remove(&(line.sequence, line.access.patient?)));
        Ok(all.collect())
    }

    /// What can be made from a stream, with the diary or without it, and these lines.
    async fn with_beside<T>(
        &self,
        patient: Uuid,
        (with_diary, lines): (bool, &[&Line]),
        make: impl FnOnce(&Source<'_>) -> T + Send,
    ) -> Result<T, Problem> {
        let stored = self.journal.read(patient).await;
        let stored = stored.map_err(|e| e.problem())?;
        let events: Vec<_> = stored.iter().map(event_of).collect::<Result<_, _>>()?;
        let told: Vec<Told<'_>> = stored.iter().zip(&events).filter_map(told).collect();
        let users = self.users().await?.into_iter();
        let users: Vec<User> = users.chain(self.accounts_of(patient).await?).collect();
        let people: Vec<Person<'_>> = users.iter().map(person).collect();
        let diary = self.diary().await?;
        let mut appointments: Vec<_> = diary.of(patient).collect();
        if !with_diary {
            appointments.clear();
        }
        let audit: Vec<Access<'_>> = lines.iter().map(|line| access(line)).collect();
        Ok(make(&Source {
            patient,
            told: &told,
            knowledge: self.knowledge,
            clinic: self.described(),
            people: &people,
            appointments: &appointments,
            audit: &audit,
        }))
    }

    /// The clinic and whoever works here, as FHIR R4 resources.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn staff_as_fhir(&self) -> Result<Export, Problem> {
        let users = self.users().await?;
        let people: Vec<Person<'_>> = users.iter().map(person).collect();
        Ok(export::clinic(self.described(), &people))
    }

    fn described(&self) -> export::Clinic<'_> {
        export::Clinic {
            id: self.streams.clinic.id,
            name: &self.settings.name,
            zone: self.zone(),
        }
    }

    /// The same as one file: a Bundle that needs no server.
    ///
    /// # Errors
    /// As [`Clinic::as_fhir`].
    pub async fn fhir_file(&self, patient: Uuid) -> Result<Vec<u8>, Problem> {
        let export = self.as_fhir(patient).await?;
        let bundle = bundle::collection(&export, bundle::Address::Urn);
        serde_json::to_vec_pretty(&bundle).map_err(|error| {
            let what = error.to_string();
            Problem::new(
                "record-unwritten",
                "record",
                "",
                what,
                "report this as a defect",
            )
        })
    }
}

fn told<'a>((stored, event): (&Stored, &'a Option<Event>)) -> Option<Told<'a>> {
    let what = match event {
        Some(event) => Happened::Event(event),
        None if stored.kind == ERASED => Happened::Erased,
        None => return None,
    };
    Some(Told {
        sequence: stored.sequence,
        at: stored.at,
        what,
    })
}

fn person(user: &User) -> Person<'_> {
    Person {
        id: user.id,
        name: &user.name,
        role: user.role,
        licence: user.licence.as_ref().map(|licence| licence.number.as_str()),
    }
}

fn access(line: &Line) -> Access<'_> {
    Access {
        sequence: line.sequence,
        at: line.at,
        user: line.access.user,
        role: &line.access.role,
        wrote: line.access.act == Deed::Write,
        emergency: line.access.act == Deed::Emergency,
        refused: line.access.act == Deed::Refused,
        route: &line.access.route,
        correlation: line.access.correlation,
    }
}
