//! Codes to facts: the catalogue's mappings, applied with a standing and a date.

use crate::import::{Ask, Unmapped};
use crate::standing::Standing;
use crate::view::{Coding, Concept, View};
use crate::when::When;
use care::fact::{
    By, Catalogue, ClinicalState, CodeMapping, CodeMode, Fact, FactKey, Freshness, Kind, Reading,
    Value,
};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use si::Region;
use std::collections::{BTreeMap, BTreeSet};

const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

/// What the mapper collected.
pub(crate) struct Found {
    /// Facts set.
    pub(crate) readings: Vec<Reading>,
    /// Questions opened.
    pub(crate) asks: Vec<Ask>,
    /// The rest.
    pub(crate) unmapped: Vec<Unmapped>,
}

/// A date that a code brings to its date fact.
struct Dated {
    /// The last instant it may mean.
    latest: Timestamp,
    reading: Reading,
    /// The entry, where another date counts.
    entry: Unmapped,
}

/// Turns codes into readings, questions or entries of the list.
pub(crate) struct Mapper<'k, 'a> {
    catalogue: &'k Catalogue,
    /// What was looked up before: records repeat their codes.
    known: BTreeMap<(&'a str, &'a str), Vec<&'k CodeMapping>>,
    region: Region,
    /// The record's instant: when what holds in it was so.
    pub(crate) own: Timestamp,
    /// The instant of decision: what is later than it is in the future.
    pub(crate) deciding: Timestamp,
    origin: String,
    found: Found,
    /// Dates that codes bring, and the entries they stand in.
    dates: Vec<Dated>,
}

/// One code of one entry, with what the entry says about it.
pub(crate) struct Entry<'e, 'a> {
    /// The entry.
    pub(crate) view: &'e View<'a>,
    /// Its codes.
    pub(crate) concept: &'e Concept<'a>,
    /// How far they may be taken.
    pub(crate) standing: &'e Standing,
    /// When what they name began or was done.
    pub(crate) when: Option<&'e When<'a>>,
    /// Since when what they name is only known from then, for what goes stale.
    pub(crate) asserted: Option<&'e When<'a>>,
}

/// When a reading of our own export was made, where it came from, and whether it is confirmed.
pub(crate) struct Whence {
    pub(crate) at: Timestamp,
    pub(crate) source: Option<String>,
    pub(crate) who: Option<String>,
    pub(crate) confirmed: bool,
}

impl<'k, 'a> Mapper<'k, 'a> {
    pub(crate) fn new(
        catalogue: &'k Catalogue,
        region: Region,
        origin: String,
        own: Timestamp,
        deciding: Timestamp,
    ) -> Self {
        Self {
            catalogue,
            known: BTreeMap::new(),
            region,
            own,
            deciding,
            origin,
            found: Found {
                readings: Vec::new(),
                asks: Vec::new(),
                unmapped: Vec::new(),
            },
            dates: Vec::new(),
        }
    }

    /// Everything collected; a question that several entries of one code open is
    /// asked once, by the last, and the others are listed. So are all dates of a
    /// fact but the latest: of two operations the later one counts.
    pub(crate) fn finish(mut self) -> Found {
        let mut found = self.found;
        self.dates.sort_by_key(|dated| dated.latest);
        let mut dated_already = BTreeSet::new();
        while let Some(dated) = self.dates.pop() {
            if dated_already.insert(dated.reading.key()) {
                found.readings.push(dated.reading);
            } else {
                found.unmapped.push(dated.entry);
            }
        }
        let mut asks: Vec<Ask> = Vec::new();
        for ask in found.asks.drain(..) {
            match asks.iter_mut().find(|earlier| earlier.is_like(&ask)) {
                Some(earlier) => {
                    let Ask { fact, mut entry } = std::mem::replace(earlier, ask);
                    entry.reason = format!("{}; {fact} is asked for once", entry.reason);
                    found.unmapped.push(entry);
                }
                None => asks.push(ask),
            }
        }
        found.asks = asks;
        found
    }

    pub(crate) fn unmapped(&mut self, entry: Unmapped) {
        self.found.unmapped.push(entry);
    }

    /// The catalogue's mappings of a concept's codes, each fact once.
    pub(crate) fn mappings(&mut self, concept: &Concept<'a>) -> Vec<&'k CodeMapping> {
        let mut found: Vec<&CodeMapping> = Vec::new();
        for coding in &concept.codings {
            for mapping in self.of_code(*coding) {
                let same = |other: &CodeMapping| {
                    other.fact == mapping.fact
                        && other.index == mapping.index
                        && other.clinical == mapping.clinical
                };
                match found.iter_mut().find(|other| same(other)) {
                    // Of two codes the one that says more counts.
                    Some(other) if other.mode == CodeMode::Asks => *other = mapping,
                    Some(_) => {}
                    None => found.push(mapping),
                }
            }
        }
        found
    }

    fn of_code(&mut self, coding: Coding<'a>) -> &[&'k CodeMapping] {
        let catalogue = self.catalogue;
        self.known
            .entry((coding.system, coding.code))
            .or_insert_with(|| catalogue.by_code(system(coding), &code(coding)))
    }

    /// The catalogue's entry of a mapping's fact.
    pub(crate) fn fact(&self, mapping: &CodeMapping) -> Option<&'k Fact> {
        self.catalogue.get(&mapping.fact)
    }

    /// The fact with this id.
    pub(crate) fn named(&self, id: &str) -> Option<&'k Fact> {
        self.catalogue.get(id)
    }

    /// Whether the catalogue has a key.
    pub(crate) fn knows(&self, key: &FactKey) -> bool {
        self.catalogue.has(key)
    }

    /// Whether the mapping names one place in the catalogue, its index included.
    pub(crate) fn has(&self, mapping: &CodeMapping) -> bool {
        self.catalogue.has(&key(mapping))
    }

    /// Takes one coded entry as far as its standing allows.
    pub(crate) fn take(&mut self, entry: &Entry<'_, 'a>) {
        if let Standing::Void(reason) = entry.standing {
            return self.unmapped(Unmapped::of(entry.view, entry.concept, reason));
        }
        let mappings = self.mappings(entry.concept);
        if mappings.is_empty() {
            return self.unmapped(Unmapped::of(
                entry.view,
                entry.concept,
                no_mapping(entry.concept),
            ));
        }
        for mapping in in_force(&mappings, entry.standing) {
            match self.asserted(mapping, entry) {
                Ok(value) => self.assert(mapping, value, entry),
                Err(reason) => self.ask(mapping, entry.view, entry.concept, reason),
            }
        }
    }

    /// The value that a mapping sets, or why it only asks.
    fn asserted(&self, mapping: &CodeMapping, entry: &Entry<'_, '_>) -> Result<Value, String> {
        match (entry.standing, mapping.clinical) {
            (Standing::Holds, _)
            | (Standing::Past(_), ClinicalState::Resolved | ClinicalState::Any) => {}
            (Standing::Past(says) | Standing::Doubtful(says) | Standing::Void(says), _) => {
                return Err(says.clone());
            }
        }
        if mapping.mode == CodeMode::Asks {
            return Err("its code only opens the question".to_owned());
        }
        let fact = self
            .fact(mapping)
            .ok_or("its fact is not in the catalogue")?;
        if !self.has(mapping) {
            return Err("it does not say which one".to_owned());
        }
        if let Some(asserted) = entry.asserted
            && self.is_stale(fact, asserted)
        {
            return Err(format!(
                "it dates from {}, too long ago to count",
                asserted.text
            ));
        }
        if let Some(began) = entry.when.filter(|when| self.is_over(fact, when)) {
            let longest = fact.stands.as_deref().unwrap_or_default();
            return Err(format!("it began {}, more than {longest} ago", began.text));
        }
        match (&mapping.value, fact.kind, entry.when) {
            (Some(value), _, _) => Ok(value.clone()),
            (None, Kind::Boolean, _) => Ok(Value::Bool(true)),
            (None, Kind::Date, Some(when)) => when
                .partial()
                .map(Value::Date)
                .ok_or_else(|| "its date is not read".to_owned()),
            (None, ..) => Err("its code comes without a value".to_owned()),
        }
    }

    fn assert(&mut self, mapping: &CodeMapping, value: Value, entry: &Entry<'_, '_>) {
        let at = entry
            .asserted
            .map_or(self.own, |when| when.earliest.min(self.own));
        self.set(key(mapping), value, None, at, entry.view);
        if let (Some(onset), Some(when)) = (&mapping.onset, entry.when)
            && let Some(date) = when.partial()
        {
            let reason = format!("a later date counts as {onset}");
            let key = FactKey::plain(onset);
            self.dates.push(Dated {
                latest: when.latest,
                reading: self.reading(key, Value::Date(date), None, at, entry.view),
                entry: Unmapped::of(entry.view, entry.concept, reason),
            });
        }
    }

    /// Adds a reading from this record.
    pub(crate) fn set(
        &mut self,
        key: FactKey,
        value: Value,
        unit: Option<&str>,
        at: Timestamp,
        view: &View<'_>,
    ) {
        let reading = self.reading(key, value, unit, at, view);
        self.found.readings.push(reading);
    }

    /// Adds a reading of our own export, as it was made.
    pub(crate) fn set_own(
        &mut self,
        key: FactKey,
        value: Value,
        unit: Option<&str>,
        whence: Whence,
        view: &View<'_>,
    ) {
        let mut reading = self.reading(key, value, unit, whence.at, view);
        reading.source = whence.source.or(reading.source);
        reading.who = whence.who;
        reading.unconfirmed = !whence.confirmed;
        self.found.readings.push(reading);
    }

    fn reading(
        &self,
        key: FactKey,
        value: Value,
        unit: Option<&str>,
        at: Timestamp,
        view: &View<'_>,
    ) -> Reading {
        let source = format!("{}#{}", self.origin, place(view));
        let mut reading = Reading::value(key, value, at, By::Record).with_source(source);
        reading.unit = unit.map(str::to_owned);
        reading.unconfirmed = true;
        reading
    }

    /// Sets a plain fact about who the patient is, if the catalogue takes the value.
    pub(crate) fn set_known(&mut self, id: &str, value: Value, view: &View<'_>) {
        let Some(fact) = self.catalogue.get(id) else {
            return;
        };
        let takes = match (&value, fact.range) {
            (Value::Choice(word), _) => fact.choice(word).is_some(),
            (Value::Number(number), Some([low, high])) => (low..=high).contains(number),
            _ => true,
        };
        if takes {
            let unit = fact.unit.as_deref().filter(|_| fact.kind == Kind::Number);
            let mut reading = self.reading(FactKey::plain(id), value, unit, self.own, view);
            reading.unconfirmed = false;
            self.found.readings.push(reading);
        }
    }

    /// Opens a question, or says why it is none for this region.
    pub(crate) fn ask(
        &mut self,
        mapping: &CodeMapping,
        view: &View<'_>,
        concept: &Concept<'_>,
        reason: impl Into<String>,
    ) {
        match self.fact(mapping) {
            Some(fact) => self.ask_key((fact, &key(mapping)), view, concept, reason),
            None => self.unmapped(Unmapped::of(view, concept, reason)),
        }
    }

    /// The same, of a fact by itself.
    pub(crate) fn ask_key(
        &mut self,
        (fact, key): (&Fact, &FactKey),
        view: &View<'_>,
        concept: &Concept<'_>,
        reason: impl Into<String>,
    ) {
        let entry = Unmapped::of(view, concept, reason);
        if fact.is_for(self.region) {
            self.found.asks.push(Ask {
                fact: key.to_string(),
                entry,
            });
        } else {
            let reason = format!(
                "{}; it bears on {key}, which is not asked for this region",
                entry.reason
            );
            self.unmapped(Unmapped { reason, ..entry });
        }
    }

    /// Whether what began at `when` must be over by itself, as a pregnancy is after 300
    /// days (ENGINEERING.md §2): records seldom end it.
    fn is_over(&self, fact: &Fact, when: &When<'_>) -> bool {
        let (Some(_), Freshness::Days(days)) = (&fact.stands, fact.standing()) else {
            return false;
        };
        let longest = SignedDuration::from_hours(24 * i64::from(days));
        self.own.duration_since(when.latest) > longest
    }

    /// Whether what was so at `when` is too old to count at the record's instant.
    pub(crate) fn is_stale(&self, fact: &Fact, when: &When<'_>) -> bool {
        let back = match fact.freshness() {
            Freshness::Permanent => return false,
            Freshness::Session => 12.hours(),
            Freshness::Days(days) => i64::from(days).days(),
            Freshness::Months(months) => i64::from(months).months(),
        };
        let limit = self.own.to_zoned_datetime(TimeZone::UTC).checked_sub(back);
        limit.is_ok_and(|limit| when.earliest < limit.timestamp())
    }
}

/// The mappings that a standing puts in force: of what is over, its history, and
/// a question about what counts only while active where there is no history.
fn in_force<'m>(mappings: &[&'m CodeMapping], standing: &Standing) -> Vec<&'m CodeMapping> {
    let over = matches!(standing, Standing::Past(_));
    let history = mappings
        .iter()
        .any(|mapping| mapping.clinical == ClinicalState::Resolved);
    let counts = |mapping: &&&CodeMapping| match mapping.clinical {
        ClinicalState::Any => true,
        ClinicalState::Active => !over || !history,
        ClinicalState::Resolved => over,
    };
    mappings.iter().filter(counts).copied().collect()
}

pub(crate) fn key(mapping: &CodeMapping) -> FactKey {
    FactKey {
        fact: mapping.fact.as_str().into(),
        index: mapping.index.clone(),
    }
}

pub(crate) fn no_mapping(concept: &Concept<'_>) -> &'static str {
    if concept.codings.iter().any(|coding| !coding.code.is_empty()) {
        "no fact has this code"
    } else {
        "it has no code"
    }
}

pub(crate) fn place<'v>(view: &'v View<'_>) -> &'v str {
    if view.place.is_empty() {
        view.kind
    } else {
        &view.place
    }
}

/// The code system by the address the catalogue knows it under.
fn system(coding: Coding<'_>) -> &str {
    let system = coding
        .system
        .split('|')
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    match system {
        "urn:oid:2.16.840.1.113883.6.96" | "https://snomed.info/sct" => "http://snomed.info/sct",
        "urn:oid:2.16.840.1.113883.6.90" => ICD_10_CM,
        "urn:oid:2.16.840.1.113883.6.1" | "https://loinc.org" => "http://loinc.org",
        "urn:oid:2.16.840.1.113883.6.88" => "http://www.nlm.nih.gov/research/umls/rxnorm",
        other => other,
    }
}

/// The code as the catalogue writes it: ICD-10-CM with its dot.
fn code(coding: Coding<'_>) -> String {
    let code = coding.code.trim();
    if system(coding) != ICD_10_CM {
        return code.to_owned();
    }
    if code.is_ascii() && code.len() > 3 && !code.contains('.') {
        return format!("{}.{}", &code[..3], &code[3..]).to_uppercase();
    }
    code.to_uppercase()
}
