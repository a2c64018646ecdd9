//! Observations of our own export, read back as the facts they are.
//!
//! They carry the fact's own code, its index, and the document that the reading came from. What
//! another clinic found is a record here: unconfirmed, and a "no" or "nobody knew" opens the
//! question, as of every record (CLINICAL.md §1.7). Age and sex are confirmed where the Patient
//! says the same. What belongs to a visit there is not read by its own code, nor what another of
//! its codes says better: pain that was told there is a score on record here.

use crate::bundle::Record;
use crate::coded::first;
use crate::export::words::{EXTENSION, FACT};
use crate::import::Unmapped;
use crate::map::{Mapper, Whence};
use crate::observation::{DATES, Outcome, number};
use crate::patient::birth_date;
use crate::standing::{Standing, standing};
use crate::view::{Concept, View};
use care::fact::{CodeMapping, CodeMode, Fact, FactKey, Kind, UNASKED, Value};
use si::Problem;
use std::collections::BTreeSet;

/// An Observation with a code of ours.
struct Own<'v, 'a, 'k> {
    view: &'v View<'a>,
    concept: Concept<'a>,
    fact: &'k Fact,
    key: FactKey,
}

impl<'v, 'a, 'k> Own<'v, 'a, 'k> {
    /// None of an Observation that has no such code, or one that is not read by it.
    fn of(view: &'v View<'a>, mapper: &mut Mapper<'k, 'a>) -> Result<Option<Self>, Problem> {
        let concept = view.concept("code")?.unwrap_or_default();
        let code = concept.codings.iter().find(|coding| coding.system == FACT);
        let fact = code.and_then(|coding| mapper.named(coding.code));
        let Some(fact) = fact.filter(|fact| !UNASKED.contains(&fact.section.as_str())) else {
            return Ok(None);
        };
        let asserts = |one: &&CodeMapping| one.mode == CodeMode::Asserts && one.fact != fact.id;
        if mapper
            .mappings(&concept)
            .into_iter()
            .any(|one| asserts(&one))
        {
            return Ok(None);
        }
        let index = extension(view, "index", "valueString")?.unwrap_or_default();
        let index = index.split(',').filter(|part| !part.is_empty());
        let key = FactKey {
            fact: fact.id.as_str().into(),
            index: index.map(|part| part.trim().to_owned()).collect(),
        };
        Ok(mapper.knows(&key).then_some(Self {
            view,
            concept,
            fact,
            key,
        }))
    }

    fn value(&self, stale: bool) -> Result<Outcome, Problem> {
        if self.view.concept("dataAbsentReason")?.is_some() {
            let says = "the record has an answer in the place of a value; somebody has to ask";
            return Ok(Outcome::Asks(says.to_owned()));
        }
        match self.fact.kind {
            Kind::Number => number(self.view, self.fact, stale),
            Kind::Boolean => Ok(match self.view.flag("valueBoolean")? {
                Some(true) => Outcome::Sets(Value::Bool(true), None),
                Some(false) => Outcome::Asks("the record says no; somebody has to ask".to_owned()),
                None => Outcome::Nothing("it has no value that is read".to_owned()),
            }),
            Kind::Choice => {
                let answer = self
                    .view
                    .concept("valueCodeableConcept")?
                    .unwrap_or_default();
                let word = answer.codings.iter().find_map(|coding| {
                    let (id, word) = coding.code.split_once(':')?;
                    let own = coding.system == FACT && id == self.fact.id;
                    (own && self.fact.choice(word).is_some()).then_some(word)
                });
                Ok(match word {
                    Some(word) => Outcome::Sets(Value::Choice(word.to_owned()), None),
                    None => Outcome::Asks("its choice is not one of the fact's".to_owned()),
                })
            }
            Kind::Date => {
                let when = self.view.when("valueDateTime")?;
                Ok(match when.and_then(crate::when::When::partial) {
                    Some(date) => Outcome::Sets(Value::Date(date), None),
                    None => Outcome::Nothing("it has no date that is read".to_owned()),
                })
            }
        }
    }
}

/// Takes an Observation with a code of ours; whether it was one.
///
/// # Errors
/// A member of the wrong shape; a unit or number that cannot be, while it counts.
pub(crate) fn take<'a>(
    view: &View<'a>,
    record: &Record<'a>,
    mapper: &mut Mapper<'_, 'a>,
) -> Result<bool, Problem> {
    let Some(own) = Own::of(view, mapper)? else {
        return Ok(false);
    };
    let when = match (standing(view)?, first(view, &DATES)?) {
        // Unconfirmed there is unconfirmed here.
        (Standing::Holds, Some(when)) => Ok(when),
        (Standing::Doubtful(_), Some(when)) if view.text("status")? == Some("preliminary") => {
            Ok(when)
        }
        (Standing::Void(reason), _) => {
            mapper.unmapped(Unmapped::of(view, &own.concept, reason));
            return Ok(true);
        }
        (Standing::Holds, None) => Err("it has no date".to_owned()),
        (Standing::Past(says) | Standing::Doubtful(says), _) => Err(says),
    };
    let when = match when {
        Ok(when) => when,
        Err(reason) => {
            mapper.ask_key((own.fact, &own.key), view, &own.concept, reason);
            return Ok(true);
        }
    };
    match own.value(mapper.is_stale(own.fact, &when))? {
        Outcome::Sets(value, unit) => {
            let confirmed = own.key.index.is_empty() && agrees(view, record, mapper)?;
            let document = extension(view, "document", "valueString")?;
            let whence = Whence {
                at: when.earliest.min(mapper.deciding),
                source: document.map(str::to_owned),
                who: performer(view)?,
                confirmed,
            };
            mapper.set_own(own.key, value, unit.as_deref(), whence, view);
        }
        Outcome::Asks(reason) => mapper.ask_key((own.fact, &own.key), view, &own.concept, reason),
        Outcome::Nothing(reason) => mapper.unmapped(Unmapped::of(view, &own.concept, reason)),
    }
    Ok(true)
}

/// Which of age and sex Observations of ours tell as the Patient does: those are taken from them,
/// with the date of the reading.
///
/// # Errors
/// A member of the wrong shape.
pub(crate) fn agreed<'a>(
    record: &Record<'a>,
    mapper: &mut Mapper<'_, 'a>,
) -> Result<BTreeSet<String>, Problem> {
    let mut found = BTreeSet::new();
    for view in record
        .resources
        .iter()
        .filter(|view| view.kind == "Observation")
    {
        if let Some(own) = Own::of(view, mapper)?
            && agrees(view, record, mapper)?
        {
            found.insert(own.fact.id.clone());
        }
    }
    Ok(found)
}

/// Whether an Observation of age or sex says what the Patient does.
fn agrees<'a>(
    view: &View<'a>,
    record: &Record<'a>,
    mapper: &mut Mapper<'_, 'a>,
) -> Result<bool, Problem> {
    let (Some(own), Some(patient)) = (Own::of(view, mapper)?, record.patient()) else {
        return Ok(false);
    };
    let (Standing::Holds, Some(when)) = (standing(view)?, first(view, &DATES)?) else {
        return Ok(false);
    };
    let Outcome::Sets(value, _) = own.value(false)? else {
        return Ok(false);
    };
    Ok(match (own.fact.id.as_str(), value) {
        ("sex", Value::Choice(word)) => patient.text("gender")? == Some(word.as_str()),
        ("age", Value::Number(years)) => {
            let birth = birth_date(patient)?;
            let counted = birth.and_then(|birth| birth.years_until(when.earliest));
            counted.is_some_and(|counted| (f64::from(counted) - years).abs() < f64::EPSILON)
        }
        _ => false,
    })
}

/// The value of an extension of ours.
pub(crate) fn extension<'a>(
    view: &View<'a>,
    name: &str,
    member: &str,
) -> Result<Option<&'a str>, Problem> {
    for extension in view.objects("extension")? {
        let url = extension.text("url")?.unwrap_or_default();
        if url.strip_prefix(EXTENSION) == Some(name) {
            return extension.text(member);
        }
    }
    Ok(None)
}

/// Who told it there, by name.
fn performer(view: &View<'_>) -> Result<Option<String>, Problem> {
    let named = match view.objects("performer")?.first() {
        Some(performer) => performer.text("display")?,
        None => None,
    };
    Ok(named.map(str::to_owned))
}
