//! What the values of a query ask of those that are kept: exact texts, spans of time, numbers.

use super::Kind;
use super::param::Param;
use super::query::{End, Op, Test};
use super::value;
use super::written::{plain, precision, prefixed, split};

/// What a value asks for: one of these tests.
pub(super) fn tests(param: &Param, name: &str, text: &str, base: &str) -> Option<Vec<Test>> {
    let is = |value: String| vec![test(name, [(End::Value, Op::Is, value)])];
    match param.kind {
        Kind::Token => token(param, name, text).map(|one| vec![one]),
        Kind::Reference => reference(param, &plain(text), base).map(is),
        Kind::Uri => Some(is(plain(text))),
        Kind::Text => {
            let begin = value::folded(&plain(text));
            let end = format!("{begin}{}", char::MAX);
            (!begin.is_empty()).then(|| {
                vec![test(
                    name,
                    [(End::Value, Op::Least, begin), (End::Value, Op::Below, end)],
                )]
            })
        }
        Kind::Date => date(name, text),
        Kind::Quantity => quantity(name, text),
    }
}

pub(super) fn test(name: &str, bounds: impl Into<Vec<(End, Op, String)>>) -> Test {
    Test {
        name: name.to_owned(),
        bounds: bounds.into(),
    }
}

/// `code`, `system|code`, `system|` or `|code`. Values that stand without their system are all of
/// one: to name it asks for no more than their code does.
fn token(param: &Param, name: &str, text: &str) -> Option<Test> {
    let parts: Vec<String> = split(text, '|').iter().map(|part| plain(part)).collect();
    let value = match parts.as_slice() {
        [code] if !code.is_empty() => format!("={code}"),
        [system, code] if param.implies(system) => match code.as_str() {
            "" => return Some(present(name)),
            code => format!("={code}"),
        },
        [system, code] if !(system.is_empty() && code.is_empty()) => format!("{system}|{code}"),
        _ => return None,
    };
    Some(test(name, [(End::Value, Op::Is, value)]))
}

/// Any code at all.
pub(super) fn present(name: &str) -> Test {
    let [from, until] = value::CODES.map(str::to_owned);
    test(
        name,
        [
            (End::Value, Op::Least, from),
            (End::Value, Op::Below, until),
        ],
    )
}

/// `Type/id`, the same below our own address, or an id where it can be a patient's only.
fn reference(param: &Param, text: &str, base: &str) -> Option<String> {
    let own = text
        .strip_prefix(base)
        .and_then(|rest| rest.strip_prefix('/'));
    let text = own.unwrap_or(text);
    match text.split('/').collect::<Vec<_>>().as_slice() {
        [id] if param.name == "patient" && !id.is_empty() => Some(format!("Patient/{id}")),
        [kind, id] if !kind.is_empty() && !id.is_empty() => Some(format!("{kind}/{id}")),
        _ => None,
    }
}

/// How a span of time lies to the one that is asked for (R4, §3.1.1.4.4).
fn date(name: &str, text: &str) -> Option<Vec<Test>> {
    use {End::Until, End::Value, Op::Above, Op::Below, Op::Least, Op::Most};
    let (prefix, rest) = prefixed(text);
    let (from, until) = value::span(rest)?;
    let (from, until) = (value::nanos(from), value::nanos(until));
    let within = || {
        test(
            name,
            [(Value, Least, from.clone()), (Until, Most, until.clone())],
        )
    };
    let later = || test(name, [(Until, Above, until.clone())]);
    let earlier = || test(name, [(Value, Below, from.clone())]);
    Some(match prefix {
        "eq" => vec![within()],
        "ne" => vec![earlier(), later()],
        "gt" => vec![later()],
        "lt" => vec![earlier()],
        "ge" => vec![later(), within()],
        "le" => vec![earlier(), within()],
        "sa" => vec![test(name, [(Value, Least, until)])],
        "eb" => vec![test(name, [(Until, Most, from)])],
        _ => return None,
    })
}

/// `[prefix]number`, with `|system|code` or `||code` behind it. What is equal is equal as far as
/// its last digit goes (R4, §3.1.1.4.11).
fn quantity(name: &str, text: &str) -> Option<Vec<Test>> {
    use {End::Value, Op::Above, Op::Below, Op::Least, Op::Most};
    let (prefix, rest) = prefixed(text);
    let parts = split(rest, '|');
    let (number, name) = match parts.as_slice() {
        [number] => (number, name.to_owned()),
        [number, system, code] if system.is_empty() => (number, format!("{name}|{}", plain(code))),
        [number, system, code] => (number, format!("{name}|{}|{}", plain(system), plain(code))),
        _ => return None,
    };
    let exact: f64 = number
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())?;
    let half = 0.5 * precision(number)?;
    let at = |op, number: f64| (Value, op, value::ordered(number));
    let one = |bounds: Vec<_>| test(&name, bounds);
    Some(match prefix {
        "eq" => vec![one(vec![at(Least, exact - half), at(Below, exact + half)])],
        "ne" => vec![
            one(vec![at(Below, exact - half)]),
            one(vec![at(Least, exact + half)]),
        ],
        "gt" | "sa" => vec![one(vec![at(Above, exact)])],
        "lt" | "eb" => vec![one(vec![at(Below, exact)])],
        "ge" => vec![one(vec![at(Least, exact)])],
        "le" => vec![one(vec![at(Most, exact)])],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Query, SEARCHED};
    use super::*;
    use serde_json::{Value, json};

    const PREFIXES: [&str; 8] = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"];

    /// With which prefixes a date that is asked for finds the one that is kept.
    fn finding(asked: &str, kept: &Value) -> String {
        let mut rows = Vec::new();
        value::rows(Kind::Date, "d", kept, &mut rows);
        assert_eq!(rows.len(), 1, "{kept}");
        let finds = |prefix: &&str| {
            let tests = date("d", &format!("{prefix}{asked}")).unwrap();
            tests.iter().any(|test| test.holds(&rows[0]))
        };
        let all: Vec<&str> = PREFIXES.into_iter().filter(|one| finds(one)).collect();
        all.join(" ")
    }

    /// R4, §3.1.1.4.6: equal is what lies within what is asked for; greater is what reaches beyond
    /// it, after is what begins there.
    #[test]
    fn a_date_is_found_by_how_its_span_lies_to_the_one_that_is_asked_for() {
        let (day, second) = ("2026-03-02", "2026-03-02T12:00:00Z");
        let period = |start: &str, end: &str| match (start, end) {
            (start, "") => json!({ "start": start }),
            ("", end) => json!({ "end": end }),
            (start, end) => json!({ "start": start, "end": end }),
        };
        for (asked, kept, found) in [
            (day, json!("2026-03-02T00:00:00Z"), "eq ge le"),
            (day, json!("2026-03-02T23:59:59.999Z"), "eq ge le"),
            (day, json!("2026-03-01T23:59:59Z"), "ne lt le eb"),
            (day, json!("2026-03-03T00:00:00Z"), "ne gt ge sa"),
            (day, json!("2026-03-03T00:30:00+01:00"), "eq ge le"),
            (day, json!("2026-03-02"), "eq ge le"),
            (day, json!("2026-03-01"), "ne lt le eb"),
            (day, json!("2026-03"), "ne gt lt ge le"),
            (day, period("2026-03-02", "2026-03-02"), "eq ge le"),
            (day, period("2026-03-01", "2026-03-02"), "ne lt le"),
            (day, period("2026-03-02", "2026-03-04"), "ne gt ge"),
            (day, period("2026-03-01", "2026-03-04"), "ne gt lt ge le"),
            (day, period("2026-03-03", "2026-03-04"), "ne gt ge sa"),
            (day, period("2026-02-01", "2026-03-01"), "ne lt le eb"),
            (day, period("2026-03-01", ""), "ne gt lt ge le"),
            (day, period("2026-03-02", ""), "ne gt ge"),
            (day, period("2026-03-03", ""), "ne gt ge sa"),
            (day, period("", "2026-03-01"), "ne lt le eb"),
            (day, period("", "2026-03-02"), "ne lt le"),
            (day, period("", "2026-03-03"), "ne gt lt ge le"),
            ("2026-03", json!("2026-03-31"), "eq ge le"),
            ("2026-03", period("2026-03-31", "2026-04-01"), "ne gt ge"),
            (second, json!("2026-03-02T12:00:00.5Z"), "eq ge le"),
            (second, json!("2026-03-02T12:00:01Z"), "ne gt ge sa"),
            (second, json!("2026-03-02T11:59:59Z"), "ne lt le eb"),
            (second, json!("2026-03-02"), "ne gt lt ge le"),
            (second, period(second, second), "eq ge le"),
            (second, period(second, ""), "ne gt ge"),
            (second, period("", second), "ne lt le"),
        ] {
            assert_eq!(finding(asked, &kept), found, "{asked} of {kept}");
        }
        let plain = |text| date("d", text).unwrap();
        assert_eq!(plain(day), plain("eq2026-03-02"));
    }

    /// The table of R4 that the checker reads: the type of an element, and the systems of the value
    /// set which it requires.
    fn defined(path: &str) -> Option<(&'static str, Vec<&'static str>)> {
        const TEXT: &str = include_str!("../../definitions/r4.txt");
        let lines = || {
            TEXT.lines()
                .map(|line| line.split('\t').collect::<Vec<_>>())
        };
        let (kind, name) = path.split_once('.')?;
        let of_type = lines().skip_while(|line| line[..2] != ["T", kind]).skip(1);
        let mut elements = of_type.take_while(|line| line[0] != "T");
        let element = elements.find(|line| line[..2] == ["E", name])?;
        let set = lines().find(|line| line[..2] == ["S", element[5]]);
        let systems = set.map(|set| set[3..].iter().step_by(2).copied().collect());
        Some((element[4], systems.unwrap_or_default()))
    }

    #[test]
    fn codes_without_a_system_have_that_of_their_value_set() {
        let mut codes = 0;
        for param in SEARCHED.iter().flat_map(|one| one.params) {
            let (of, systems) = defined(param.expression).unwrap_or_default();
            let known = match of {
                "code" => systems.first().is_some_and(|one| param.implies(one)),
                "boolean" => param.system == Some("special-values"),
                _ => param.system.is_none(),
            };
            assert!(known, "{param:?} {systems:?}");
            codes += usize::from(of == "code");
        }
        assert_eq!(codes, 23);
    }

    #[test]
    fn a_code_is_found_by_the_system_of_its_value_set() {
        let observation = json!({
            "resourceType": "Observation",
            "status": "final",
            "code": { "coding": [{ "system": "http://loinc.org", "code": "72514-3" }] },
        });
        let patient = json!({ "resourceType": "Patient", "gender": "female", "active": true });
        let fits = |resource: &Value, asked: &str| {
            let (name, value) = asked.split_once('=').unwrap();
            let asked = [(name.to_owned(), value.to_owned())];
            let kind = resource["resourceType"].as_str().unwrap();
            Query::read(kind, &asked, "").unwrap().fits(resource)
        };
        for asked in [
            "status=http://hl7.org/fhir/observation-status|final",
            "status=http://hl7.org/fhir/observation-status|",
            "status:not=http://hl7.org/fhir/observation-status|amended",
            "status=final",
            "status=|final",
            "code=http://loinc.org|72514-3",
        ] {
            assert!(fits(&observation, asked), "{asked}");
        }
        for asked in [
            "status=http://hl7.org/fhir/observation-status|amended",
            "status:not=http://hl7.org/fhir/observation-status|",
            "status=http://hl7.org/fhir/event-status|final",
            "status=http://hl7.org/fhir/event-status|",
            "code=http://hl7.org/fhir/observation-status|",
        ] {
            assert!(!fits(&observation, asked), "{asked}");
        }
        for (asked, found) in [
            (
                "gender=http://hl7.org/fhir/administrative-gender|female",
                true,
            ),
            (
                "gender=http://hl7.org/fhir/administrative-gender|male",
                false,
            ),
            ("active=http://hl7.org/fhir/special-values|true", true),
            ("active=http://hl7.org/fhir/special-values|false", false),
            (
                "active=http://terminology.hl7.org/CodeSystem/special-values|true",
                true,
            ),
        ] {
            assert_eq!(fits(&patient, asked), found, "{asked}");
        }
    }

    #[test]
    fn a_number_is_equal_as_far_as_it_is_written() {
        let within = |asked: &str, number: f64| {
            let bounds = &quantity("n", asked).unwrap()[0].bounds;
            let number = value::ordered(number);
            bounds.iter().all(|(_, op, bound)| match op {
                Op::Is => number == *bound,
                Op::Least => number >= *bound,
                Op::Above => number > *bound,
                Op::Most => number <= *bound,
                Op::Below => number < *bound,
            })
        };
        assert!(within("5", 5.4) && !within("5", 5.6) && !within("5.0", 5.1));
        assert!(within("gt5", 5.1) && !within("gt5", 5.0) && within("ge5", 5.0));
        assert!(within("1e2", 120.0) && !within("1e2", 160.0));
        let named = quantity("Observation.value-quantity", "5||N").unwrap();
        assert_eq!(named[0].name, "Observation.value-quantity|N");
    }
}
