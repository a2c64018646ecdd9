//! Elements, shapes, cardinality, primitive types, value sets, extensions, narratives.

use super::{all, broken};
use fhir::check;
use serde_json::{Value, json};

fn patient(name: &str, value: Value) -> Value {
    let mut body = json!({"resourceType": "Patient"});
    body[name] = value;
    body
}

#[test]
fn members_have_the_shape_that_their_type_gives_them() {
    all(&[
        (&[], patient("active", json!(true))),
        (&["json-type"], patient("active", json!("true"))),
        (&["null"], patient("active", json!(null))),
        (&["unknown-element"], patient("activ", json!(true))),
        (&["unknown-element"], patient("_name", json!([{"id": "n"}]))),
        (&["json-type"], patient("name", json!({"family": "Marsh"}))),
        (&["json-type"], patient("birthDate", json!(["1970"]))),
        (&["json-type"], patient("name", json!(["Marsh"]))),
        (&["ele-1"], patient("name", json!([{}]))),
        (&["empty"], patient("name", json!([]))),
        (&["null"], patient("name", json!([null]))),
        (&["empty"], patient("name", json!([{"family": ""}]))),
        (&["resource-type"], json!({"resourceType": "Patent"})),
        (
            &["resource-type"],
            json!({"resourceType": "DomainResource"}),
        ),
        (&["resource-type"], json!({"id": "p"})),
        (&["json-type"], json!([])),
    ]);
}

#[test]
fn what_must_be_there_is_asked_for_and_one_choice_is_made() {
    let observation =
        json!({"resourceType": "Observation", "status": "final", "code": {"text": "pain"}});
    let with = |name: &str, value: Value| {
        let mut body = observation.clone();
        body[name] = value;
        body
    };
    let mut twice = with("valueString", json!("much"));
    twice["valueInteger"] = json!(7);
    let mut carried = observation.clone();
    carried.as_object_mut().expect("an object").remove("status");
    carried["_status"] = json!({"extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]});
    all(&[
        (&[], observation.clone()),
        (
            &["cardinality"],
            json!({"resourceType": "Observation", "status": "final"}),
        ),
        (&["choice"], twice),
        (&[], carried),
        (&["unknown-element"], with("value", json!("much"))),
        (
            &["unknown-element"],
            with("valueMoney", json!({"value": 1})),
        ),
    ]);
}

#[test]
fn siblings_pair_with_the_values_of_a_list() {
    let absent = json!({"extension": [{
        "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]});
    let name = |given: Value, siblings: Value| {
        patient("name", json!([{"given": given, "_given": siblings}]))
    };
    all(&[
        (&[], name(json!(["Ann", null]), json!([null, absent]))),
        (&["null"], name(json!(["Ann", null]), json!([absent, null]))),
        (
            &["null", "sibling-length"],
            name(json!(["Ann", null]), json!([absent])),
        ),
        (&["json-type"], name(json!(["Ann"]), json!(absent))),
    ]);
}

/// Whether a value is one of its type, by the rules it breaks.
fn is(kind: &str, value: Value) -> bool {
    let mut extension = json!({"url": "http://clinic.example/x"});
    extension[kind] = value;
    broken(&patient("extension", json!([extension]))).is_empty()
}

/// One line each: the choice of `Extension.value`, texts it takes, and texts it does not.
const TEXTS: &str = "\
valueDate | 2024; 2024-02; 2024-02-29 | 2023-02-29; 2024-13; 24; 2024-1-1; 0000; 2024-01-01T00:00:00Z
valueDateTime | 2024; 2024-02-29T23:59:60Z; 2024-01-01T00:00:00.123+13:45 | 2024-01-01T00:00:00
valueDateTime | 2024-02 | 2024-01-01T24:00:00Z; 2024-01-01T10:00Z; 2024-01T10:00:00Z; 2024-01-01T10:00:00+15:00
valueInstant | 2024-01-01T00:00:00Z | 2024-01-01; 2024
valueTime | 14:30:00; 14:30:00.5 | 14:30; 24:00:00; 14:30:00Z
valueId | a.B-9 | a_b; a b; é
valueCode | a b | a  b; a\tb
valueUri | urn:oid:1.2.3; http://x.example/a | a b; urn:oid:01.2
valueOid | urn:oid:2.5.0 | 2.5.0; urn:oid:3.1; urn:oid:1.02
valueUuid | urn:uuid:c757873d-ec9a-4326-a141-556f43239520 | c757873d-ec9a-4326-a141-556f43239520; urn:uuid:c757873d
valueBase64Binary | QUJD; QUI= | QUJ; Q===; Q!JD
valueString | a; b | a\u{7}b
valueCanonical | http://x.example/Library/a|1 | Library/a";

#[test]
fn primitive_types_have_the_form_that_r4_gives_them() {
    for line in TEXTS.lines() {
        let mut fields = line.split(" | ");
        let mut next = || fields.next().expect("three fields").split("; ");
        let kind = next().next().expect("a name");
        next().for_each(|text| assert!(is(kind, json!(text)), "{kind} {text}"));
        next().for_each(|text| assert!(!is(kind, json!(text)), "{kind} {text:?}"));
    }
    for blank in ["", "  "] {
        assert!(!is("valueString", json!(blank)) && !is("valueCode", json!(blank)));
    }
    assert!(is("valueId", json!("x".repeat(64))) && !is("valueId", json!("x".repeat(65))));
    for (kind, good, bad) in [
        (
            "valueInteger",
            json!(-2_147_483_648_i64),
            json!(2_147_483_648_i64),
        ),
        ("valueInteger", json!(3), json!(1.5)),
        ("valueUnsignedInt", json!(0), json!(-1)),
        ("valuePositiveInt", json!(1), json!(0)),
        ("valueDecimal", json!(1.5), json!("1.5")),
        ("valueBoolean", json!(false), json!(0)),
    ] {
        assert!(is(kind, good) && !is(kind, bad), "{kind}");
    }
}

#[test]
fn codes_are_from_the_value_set_that_is_required() {
    let condition = |coding: Value| {
        json!({"resourceType": "Condition", "subject": {"reference": "Patient/p"},
            "clinicalStatus": {"coding": [coding]}})
    };
    let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    all(&[
        (&[], patient("gender", json!("female"))),
        (&["binding"], patient("gender", json!("banana"))),
        (&[], condition(json!({"system": system, "code": "active"}))),
        (
            &["binding"],
            condition(json!({"system": system, "code": "asleep"})),
        ),
        (&["binding"], condition(json!({"code": "active"}))),
        (
            &["unknown-code"],
            patient(
                "maritalStatus",
                json!({"coding": [{"system": "http://hl7.org/fhir/administrative-gender", "code": "banana"}]}),
            ),
        ),
    ]);
    let display = patient(
        "maritalStatus",
        json!({"coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M", "display": "Single"}]}),
    );
    let issues = check::resource(&display);
    assert_eq!(issues[0].rule, "display");
    assert!(
        !issues[0].is_error() && issues[0].remedy.contains("Married"),
        "{issues:?}"
    );
}

#[test]
fn extensions_have_a_value_or_parts_and_stand_where_they_may() {
    const HL7: &str = "http://hl7.org/fhir/StructureDefinition/";
    let known = |name: &str| format!("{HL7}{name}");
    let ext = |extension: Value| patient("extension", json!([extension]));
    let place = json!({"city": "Ulm"});
    all(&[
        (
            &[],
            ext(json!({"url": known("patient-birthPlace"), "valueAddress": place})),
        ),
        (
            &["extension-type"],
            ext(json!({"url": known("patient-birthPlace"), "valueString": "Ulm"})),
        ),
        (
            &["extension-context"],
            patient(
                "name",
                json!([{"extension": [{"url": known("patient-birthPlace"), "valueAddress": place}]}]),
            ),
        ),
        (
            &[],
            ext(json!({"url": known("patient-nationality"),
            "extension": [{"url": "code", "valueCodeableConcept": {"text": "German"}}]})),
        ),
        (
            &["extension-part"],
            ext(json!({"url": known("patient-nationality"),
            "extension": [{"url": "cod", "valueString": "x"}]})),
        ),
        (&["ext-1"], ext(json!({"url": "http://clinic.example/x"}))),
        (
            &["ext-1"],
            ext(json!({"url": "http://clinic.example/x", "valueString": "x",
            "extension": [{"url": "y", "valueString": "z"}]})),
        ),
        (
            &["extension-url"],
            ext(json!({"url": "x", "valueString": "y"})),
        ),
        (
            &["extension-url"],
            ext(json!({"url": "http://clinic.example/x|1", "valueString": "y"})),
        ),
        (&["cardinality"], ext(json!({"valueString": "y"}))),
        (
            &["modifier-extension"],
            patient(
                "modifierExtension",
                json!([{"url": "http://clinic.example/x", "valueBoolean": true}]),
            ),
        ),
        (
            &["unknown-element"],
            patient(
                "name",
                json!([{"modifierExtension": [{"url": "http://clinic.example/x", "valueBoolean": true}]}]),
            ),
        ),
    ]);
}

#[test]
fn an_unknown_extension_stands_or_is_refused_as_the_caller_says() {
    let own = patient(
        "extension",
        json!([{"url": "http://clinic.example/x", "valueString": "y"}]),
    );
    let hl7 = patient(
        "extension",
        json!([{
        "url": "http://hl7.org/fhir/StructureDefinition/no-such", "valueString": "y"}]),
    );
    assert!(check::resource(&own).is_empty());
    let issues = check::resource(&hl7);
    assert!(issues.len() == 1 && !issues[0].is_error(), "{issues:?}");
    for resource in [own, hl7] {
        let issues = check::resource_with(&resource, check::Extensions::Known);
        assert!(issues.len() == 1 && issues[0].is_error(), "{issues:?}");
    }
}

#[test]
fn a_narrative_is_well_formed_and_does_nothing() {
    let text = |inner: &str| {
        let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
        patient("text", json!({"status": "generated", "div": div}))
    };
    let bare = patient(
        "text",
        json!({"status": "generated", "div": "<div>words</div>"}),
    );
    all(&[
        (
            &[],
            text("<p class='a'>A &amp; B &#174;<br/><b>c</b></p><!-- no -->"),
        ),
        (&["txt-1"], text("&reg;")),
        (&["txt-1"], text("<script>alert(1)</script>")),
        (&["txt-1"], text("<p onclick=\"x()\">a</p>")),
        (&["txt-1"], text("<a href=\"javascript:x()\">a</a>")),
        (&["txt-1"], text("<p>a<b>b</p></b>")),
        (&["txt-1"], text("<p>a")),
        (&["txt-1"], text("a</div><div>b")),
        (&["txt-1"], text("<p a=b>c</p>")),
        (&["txt-1"], text("a < b")),
        (&["txt-2"], text(" <p/> ")),
        (&["txt-1"], bare),
        (
            &["cardinality"],
            patient("text", json!({"status": "generated"})),
        ),
        (
            &["binding"],
            patient(
                "text",
                json!({"status": "made",
            "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>"}),
            ),
        ),
    ]);
}
