//! Who opened which record, for programs: lines of the audit log that belong to a record, newest
//! first. They stand in no index: the log is read as its own page reads it, and what it cannot be
//! asked for is tested on each line.

use fhir::search::{Op, Query};
use jiff::Timestamp;
use si::Problem;
use uuid::Uuid;

use super::answer;
use super::search::{Page, place};
use crate::clinic::{Clinic, Wanted};
use crate::door::Fault;

/// Lines that fit, one page of them; fewer, and another page, where many had to be passed over.
pub(super) async fn page(
    clinic: &Clinic,
    query: &Query,
    asked: &[(String, String)],
) -> Result<Page, Fault> {
    servable(query, asked)?;
    let wanted = Wanted {
        before: place(query)?,
        ..wanted(clinic, query)
    };
    let count = query.count as usize;
    let found = clinic.accesses(&wanted, count).await?;
    let mut matches = clinic.accesses_as_fhir(&found.lines).await?;
    matches.retain(|one| query.fits(one));
    Ok(Page {
        matches,
        next: found.older.map(|place| place.to_string()),
        total: None,
    })
}

/// What the log cannot be asked for is refused: it is read backwards, and counted by nobody.
fn servable(query: &Query, asked: &[(String, String)]) -> Result<(), Fault> {
    let sorted = asked.iter().any(|(name, _)| name == "_sort");
    let refused = match () {
        () if sorted && !query.descending => Some((
            "search-sort",
            "_sort",
            "the newest come first",
            "sort by -date, or leave it away",
        )),
        () if query.total => Some(("search-total", "_total", "is not counted", "leave it away")),
        () if query.count == 0 => Some((
            "search-value",
            "_count",
            "is not counted",
            "ask for at least one",
        )),
        () => None,
    };
    match refused {
        None => Ok(()),
        Some((code, name, problem, remedy)) => Err(answer::refused(Problem::new(
            code, "query", name, problem, remedy,
        ))),
    }
}

/// What of a query the log itself can be asked: a patient, a person, days. More lines may come
/// than fit, never fewer.
fn wanted(clinic: &Clinic, query: &Query) -> Wanted {
    let mut wanted = Wanted::default();
    let single = query.all.iter().filter(|one| !one.negated);
    for test in single.filter_map(|one| one.any.first().filter(|_| one.any.len() == 1)) {
        let [(_, Op::Is, text)] = test.bounds.as_slice() else {
            continue;
        };
        match test.name.as_str() {
            "AuditEvent.patient" | "AuditEvent.entity" => {
                wanted.patient = wanted.patient.or_else(|| named(text, "Patient/"));
            }
            "AuditEvent.agent" => {
                wanted.user = wanted.user.or_else(|| named(text, "Practitioner/"))
            }
            _ => {}
        }
    }
    let (from, until) = query.between("date");
    let day = |at: Timestamp| clinic.zone().to_datetime(at).date();
    wanted.from = from.and_then(|from| day(from).yesterday().ok());
    wanted.until = until.and_then(|until| day(until).tomorrow().ok());
    wanted
}

fn named(reference: &str, kind: &str) -> Option<Uuid> {
    reference.strip_prefix(kind)?.parse().ok()
}
