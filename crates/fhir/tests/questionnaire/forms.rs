//! Each form is FHIR R4, and asks what it should in a way that leaves every answer open.

use super::each;
use crate::support::knowledge;
use care::decide::Ask;
use fhir::check::{self, Severity};
use fhir::questionnaire::{Form, questionnaire};
use serde_json::Value;
use si::Region;
use std::collections::BTreeSet;

fn all() -> Vec<(Form, Value)> {
    Form::ALL
        .map(|form| (form, questionnaire(form, knowledge())))
        .into()
}

#[test]
fn every_form_is_r4_and_names_itself_and_its_version() {
    for (form, body) in all() {
        let issues = check::resource(&body);
        // What later packages of HL7 define is only warned of.
        let faults: Vec<_> = issues
            .iter()
            .filter(|issue| issue.severity == Severity::Error)
            .collect();
        assert!(faults.is_empty(), "{form}: {faults:?}");
        let version = knowledge().reference().version;
        assert_eq!(body["version"], version.as_str());
        let canonical = format!("{}|{version}", form.url());
        assert_eq!(
            Form::named(&canonical),
            Some((form, Some(version.as_str())))
        );
    }
}

#[test]
fn nothing_is_required_nothing_is_filled_in_and_not_knowing_is_an_answer() {
    for (form, body) in all() {
        each(&body, &mut |item| {
            for member in ["required", "initial", "readOnly"] {
                assert!(item.get(member).is_none(), "{form}: {item}");
            }
            if item["type"] == "choice" {
                let options = item["answerOption"].to_string();
                assert!(options.contains("answer.unknown"), "{form}: {item}");
                assert!(options.contains("answer.declined"), "{form}: {item}");
            }
        });
    }
}

#[test]
fn every_question_stands_once_and_is_opened_by_one_of_the_same_form() {
    for (form, body) in all() {
        let mut links = BTreeSet::new();
        each(&body, &mut |item| {
            let link = item["linkId"].as_str().expect("a linkId");
            assert!(links.insert(link), "{form}: {link} twice");
        });
        let mut opened = 0;
        each(&body, &mut |item| {
            for when in item["enableWhen"].as_array().into_iter().flatten() {
                let question = when["question"].as_str().expect("a question");
                assert!(links.contains(question), "{form}: {question}");
                assert_ne!(item["linkId"], question, "{form}");
                opened += 1;
            }
            let many = item["enableWhen"]
                .as_array()
                .is_some_and(|all| all.len() > 1);
            assert_eq!(many, item.get("enableBehavior").is_some(), "{form}: {item}");
        });
        assert!(opened > 20, "{form}: {opened}");
    }
}

#[test]
fn the_intake_asks_everyone_what_everyone_is_asked_and_patients_nothing_else() {
    for region in Region::ALL {
        let form = Form::Intake(region);
        let keys = form.keys(knowledge());
        let set = knowledge().minimum(region).expect("a minimum set");
        for id in &set.patient {
            assert!(keys.contains(id), "{form}: {id}");
        }
        for fact in form.facts(knowledge()) {
            let everyone = set.patient.contains(&fact.id);
            assert!(everyone || fact.ask == Ask::Patient, "{form}: {}", fact.id);
        }
        // A yes to the family's question opens its single signs.
        assert!(keys.contains("saddle_numbness"), "{form}");
        let whole = Form::Evaluation(region).keys(knowledge());
        assert!(set.facts().all(|id| whole.contains(id)), "{region}");
        assert!(keys.len() < whole.len() / 2, "{region}");
    }
}

#[test]
fn numbers_have_their_unit_and_their_bounds() {
    let body = questionnaire(Form::Evaluation(Region::Lumbar), knowledge());
    let mut found = BTreeSet::new();
    each(&body, &mut |item| {
        let text = item["extension"].to_string();
        match item["linkId"].as_str() {
            Some("body_weight") => {
                assert_eq!(item["type"], "quantity");
                assert!(text.contains(r#""code":"kg""#) && text.contains(r#""code":"[lb_av]""#));
                assert!(text.contains("sdc-questionnaire-minQuantity"), "{text}");
                assert!(item["code"].to_string().contains("29463-7"));
                found.insert("body_weight");
            }
            Some("age") => {
                assert_eq!(item["type"], "decimal");
                assert!(text.contains("questionnaire-unit") && text.contains(r#""code":"a""#));
                assert!(text.contains("maxValue") && text.contains("valueDecimal"));
                found.insert("age");
            }
            _ => {}
        }
    });
    assert_eq!(found.len(), 2);
}
