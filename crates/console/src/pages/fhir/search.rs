//! Searches of programs: one type at a time, by page, with what the matches refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fhir::export::bundle::{self, Found};
use fhir::search::{Query, referred};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use si::Problem;
use uuid::Uuid;

use super::{Asked, accesses, answer, forms, whose};
use crate::clinic::{Clinic, Restrictions};
use crate::door::route::Verb;
use crate::door::scope::Act;
use crate::door::{Fault, Reply, Visit};

/// What a program asked for, name by name.
type Pairs = Vec<(String, String)>;

/// GET `/fhir/{type}`.
pub async fn show(visit: Visit) -> Reply {
    let asked = visit.query.every();
    search(&visit, "/fhir/{type}", asked).await
}

/// POST `/fhir/{type}/_search`: the same, with what is looked for kept out of addresses.
pub async fn posted(visit: Visit) -> Reply {
    if !visit
        .sent()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    {
        return Err(Fault::answer(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Problem::new(
                "body-type",
                "Content-Type",
                "",
                "is no form",
                "send application/x-www-form-urlencoded",
            ),
        ));
    }
    let body = form_urlencoded::parse(&visit.bytes).into_owned();
    let asked = visit.query.every().into_iter().chain(body).collect();
    search(&visit, "/fhir/{type}/_search", asked).await
}

async fn search(visit: &Visit, route: &str, asked: Pairs) -> Reply {
    answer::acceptable(visit)?;
    let (kind, base) = (visit.part("type")?, answer::base(visit));
    let query = Query::read(kind, &asked, &base).map_err(answer::refused)?;
    if matches!(kind, "AuditEvent" | "Questionnaire") {
        return beside(visit, route, &query, &asked).await;
    }
    let after = query.page.as_deref().map(|page| begin(page, &query));
    let after = after.transpose()?;
    let clinic = &visit.app.clinic;
    let restrictions = clinic.restrictions().await?;
    let (matches, next, total) = matches(clinic, &restrictions, (&query, after)).await?;
    let included = included(visit, &query, &matches).await?;
    let included = open(clinic, &restrictions, included).await?;
    // A count would tell of records that are not shown.
    let total = total.filter(|_| restrictions.is_empty());
    note(visit, route, matches.iter().chain(&included)).await?;
    let mut links = vec![("self", address(&base, kind, &asked, None))];
    if let Some(next) = next {
        links.push(("next", address(&base, kind, &asked, Some(next))));
    }
    let (matches, included) = (resources(matches), resources(included));
    let total = total.and_then(|total| usize::try_from(total).ok());
    let bundle = bundle::searchset((&matches, &included), total, &links, &base);
    answer::page(&bundle)
}

/// A page of matches that are open to programs, where the next begins, and how many there are. What
/// is not open is passed over as if it were not there: neither the end of a page nor whether there
/// is another tells of it.
async fn matches(
    clinic: &Clinic,
    restrictions: &Restrictions,
    (query, mut after): (&Query, Option<(String, String)>),
) -> Result<(Vec<Shown>, Option<String>, Option<u64>), Fault> {
    let (count, mut shown, mut end, mut counted) = (query.count as usize, Vec::new(), None, None);
    loop {
        let (found, total) = clinic.found(query, after).await?;
        counted = counted.or(total);
        let whole = found.len() <= count;
        after = found
            .last()
            .map(|last| (last.order.clone(), last.key.clone()));
        for one in found {
            let at_hand = vec![at_hand(&one.key, &one.body)?];
            let Some(open) = open(clinic, restrictions, at_hand).await?.pop() else {
                continue;
            };
            if shown.len() == count {
                return Ok((shown, end, counted));
            }
            shown.push(open);
            end = Some(place_of(&one, query));
        }
        if whole {
            return Ok((shown, None, counted));
        }
    }
}

/// What stands in no index: lines of the audit log, forms.
async fn beside(visit: &Visit, route: &str, query: &Query, asked: &Pairs) -> Reply {
    let (clinic, base) = (&visit.app.clinic, answer::base(visit));
    let kind = query.searched.kind;
    let page = match kind {
        "Questionnaire" => forms::page(clinic.knowledge(), query)?,
        _ => accesses::page(clinic, query, asked).await?,
    };
    let restrictions = clinic.restrictions().await?;
    let written = page.matches.iter().map(|one| {
        let one = Found::of(one);
        let resource = to_raw_value(one.resource).map_err(Fault::internal)?;
        Ok(Found {
            kind: one.kind,
            id: one.id,
            resource,
        })
    });
    let written = written.collect::<Result<Vec<_>, Fault>>()?;
    let matches = open(clinic, &restrictions, written).await?;
    note(visit, route, matches.iter()).await?;
    let mut links = vec![("self", address(&base, kind, asked, None))];
    if let Some(next) = page.next {
        links.push(("next", address(&base, kind, asked, Some(next))));
    }
    let matches = resources(matches);
    let bundle = bundle::searchset((&matches, &[]), page.total, &links, &base);
    answer::page(&bundle)
}

/// A page of what stands in no index.
pub(super) struct Page {
    pub(super) matches: Vec<Value>,
    /// Where the next one begins.
    pub(super) next: Option<String>,
    /// How many there are on all of them, where that is known and asked for.
    pub(super) total: Option<usize>,
}

/// Where a page of them begins.
pub(super) fn place<T: FromStr>(query: &Query) -> Result<Option<T>, Fault> {
    let read = |page: &str| page.parse().map_err(|_| no_page());
    query.page.as_deref().map(read).transpose()
}

/// A resource as the index has it: text that goes out as it is.
type Resource = Found<Box<RawValue>>;

fn at_hand(key: &str, body: &[u8]) -> Result<Resource, Fault> {
    let (kind, id) = key.split_once('/').unwrap_or_default();
    Ok(Found {
        kind: kind.to_owned(),
        id: id.to_owned(),
        resource: serde_json::from_slice(body).map_err(Fault::internal)?,
    })
}

/// A resource of an answer, and whose record it is of.
struct Shown {
    one: Resource,
    of: Option<Uuid>,
}

fn resources(all: Vec<Shown>) -> Vec<Resource> {
    all.into_iter().map(|shown| shown.one).collect()
}

/// Those that are of no restricted record: these are open to no program.
async fn open(
    clinic: &Clinic,
    restrictions: &Restrictions,
    all: Vec<Resource>,
) -> Result<Vec<Shown>, Fault> {
    let mut open = Vec::with_capacity(all.len());
    for one in all {
        let asked = Asked {
            kind: &one.kind,
            id: &one.id,
            route: "",
        };
        let of = whose(clinic, &asked).await?;
        if of.is_none_or(|patient| restrictions.of(patient).is_none()) {
            open.push(Shown { one, of });
        }
    }
    Ok(open)
}

/// What the matches refer to, each once, as far as the scopes of the program go.
async fn included(visit: &Visit, query: &Query, matches: &[Shown]) -> Result<Vec<Resource>, Fault> {
    if query.includes.is_empty() {
        return Ok(Vec::new());
    }
    let client = visit.program()?;
    let named = |shown: &Shown| format!("{}/{}", shown.one.kind, shown.one.id);
    let mut seen: BTreeSet<String> = matches.iter().map(named).collect();
    let read = |shown: &Shown| serde_json::from_str::<Value>(shown.one.resource.get());
    let matches = matches.iter().map(read).collect::<Result<Vec<_>, _>>();
    let matches = matches.map_err(Fault::internal)?;
    let mut wanted = Vec::new();
    for param in &query.includes {
        for reference in matches.iter().flat_map(|one| referred(one, param)) {
            let may = |(kind, _)| client.may(kind, Act::Read);
            if reference.split_once('/').is_some_and(may) && seen.insert(reference.clone()) {
                wanted.push(reference);
            }
        }
    }
    let found = visit.app.clinic.resources(&wanted).await?;
    let there = wanted.iter().filter_map(|key| found.get_key_value(key));
    there.map(|(key, body)| at_hand(key, body)).collect()
}

/// Every record of which something is on the page is in the audit log before it is shown.
async fn note<'a>(
    visit: &Visit,
    route: &str,
    shown: impl Iterator<Item = &'a Shown>,
) -> Result<(), Fault> {
    let patients: BTreeSet<Uuid> = shown.filter_map(|one| one.of).collect();
    let clinic = &visit.app.clinic;
    clinic
        .note_records(visit, route, (Verb::Get, &patients))
        .await
}

/// The address of a page.
fn address(base: &str, kind: &str, asked: &Pairs, page: Option<String>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(
        asked
            .iter()
            .filter(|(name, _)| name != PAGE || page.is_none()),
    );
    if let Some(page) = page {
        query.append_pair(PAGE, &page);
    }
    match query.finish() {
        query if query.is_empty() => format!("{base}/{kind}"),
        query => format!("{base}/{kind}?{query}"),
    }
}

/// The parameter of a page.
const PAGE: &str = "_page";

/// Where a page ends: the next begins there, whatever was written or erased meanwhile.
fn place_of(last: &record::Found, query: &Query) -> String {
    let order = query.plan().order;
    let place = BTreeMap::from([
        ("order", &order),
        ("value", &last.order),
        ("key", &last.key),
    ]);
    let place = serde_json::to_vec(&place).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(place)
}

/// Where a page begins; one of another order begins nowhere.
fn begin(page: &str, query: &Query) -> Result<(String, String), Fault> {
    let place = URL_SAFE_NO_PAD.decode(page).ok();
    let place: Option<BTreeMap<String, String>> =
        place.and_then(|place| serde_json::from_slice(&place).ok());
    let part = |name: &str| place.as_ref()?.get(name).cloned();
    match (part("order"), part("value"), part("key")) {
        (Some(order), Some(value), Some(key)) if order == query.plan().order => Ok((value, key)),
        _ => Err(no_page()),
    }
}

fn no_page() -> Fault {
    answer::refused(Problem::new(
        "search-page",
        "query",
        PAGE,
        "is no page of this search",
        "follow the link next of the page before",
    ))
}
