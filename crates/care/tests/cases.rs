//! Whole patients as files: `cases/<set>/*.toml`, each with the decision expected of it.
//!
//! A case starts from nobody, or from the routine of its set (`base`), and says
//! what is different. Positive controls must hold a patient back or call for an
//! act; negative ones must not; there are as many of the one as of the other.
use crate::support::{AT, at, knowledge, read, routine};
use care::decide::{Decision, Gate, Request, RuleSet, Urgency, Verdict, decide, evaluate};
use care::fact::{Baseline, FactSet};
use care::knowledge::{Expectation, Knowledge, Vignette, clinic_of};
use care::review::review_of;
use care::triage::{Moment, triage_of};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use si::Region;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What a case wants of its decision: the rules of reference, never of the words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    verdict: Verdict,
    urgency: Urgency,
    #[serde(default)]
    fired: Vec<String>,
    #[serde(default)]
    not_fired: Vec<String>,
    #[serde(default)]
    undecided: Vec<String>,
    #[serde(default)]
    asks_first: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Control {
    Positive,
    Negative,
}

/// What a case starts from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Base {
    /// Nobody: only what the case says.
    #[default]
    None,
    /// The routine patient, check-in, course or report of the set.
    Routine,
    /// The routine patient on the table, with every row of the start list ticked.
    Ready,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    control: Control,
    /// Where it comes from: a case report, a label, a list, a trial's criteria.
    from: String,
    region: String,
    #[serde(default)]
    at: Option<String>,
    #[serde(default)]
    base: Base,
    /// Facts of the base that this patient has not answered.
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    facts: Map<String, Json>,
    /// Triage: what the arrival record said, and how long ago the session ended.
    #[serde(default)]
    arrival: Map<String, Json>,
    #[serde(default)]
    hours_after: Option<i64>,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

const SETS: [RuleSet; 4] = [
    RuleSet::Screening,
    RuleSet::Triage,
    RuleSet::Review,
    RuleSet::InSession,
];

fn files(set: RuleSet) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(set.as_str());
    let entries = std::fs::read_dir(&folder).expect("the folder of cases");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

/// Every case of a set with the name of its file.
fn cases(set: RuleSet) -> Vec<(String, Case)> {
    let mut all = Vec::new();
    for path in files(set) {
        let name = format!(
            "{set}/{}",
            path.file_name().expect("a name").to_string_lossy()
        );
        let text = std::fs::read_to_string(&path).expect("a readable case");
        let file: File = toml::from_str(&text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        all.extend(file.case.into_iter().map(|case| (name.clone(), case)));
    }
    all
}

/// Every check-in question of a region answered with no, and pain as it was at arrival.
fn calm_check_in(region: Region) -> Map<String, Json> {
    let asked = ["emergency-signs", "today-signs", "check-in-function"];
    let facts = knowledge().catalogue().facts().iter();
    let signs = facts.filter(|fact| asked.contains(&fact.section.as_str()) && fact.is_for(region));
    let mut answers: Map<String, Json> =
        signs.map(|fact| (fact.id.clone(), json!(false))).collect();
    answers.extend(usual_pain());
    for (site, score) in [("spine", 3), ("limb-left", 0), ("limb-right", 0)] {
        answers.insert(format!("pain_worst_since[{site}]"), json!(score));
    }
    answers
}

/// Three in the back, nothing below it.
fn usual_pain() -> Map<String, Json> {
    let Json::Object(scores) = json!({
        "pain_now[spine]": 3, "pain_now[limb-left]": 0, "pain_now[limb-right]": 0,
        "distal_extent": "spine",
    }) else {
        unreachable!("an object")
    };
    scores
}

/// Three quiet sessions, pain from 6 to 4, function better.
fn calm_course() -> Map<String, Json> {
    let Json::Object(course) = json!({
        "emergency_so_far": false, "warnings_so_far": 0, "last_triage_adjust": false,
        "adjusts_so_far": 0, "sessions_done": 3, "sessions_since_examination": 3,
        "days_since_evaluation": {"value": 8, "unit": "d"}, "days_in_course": {"value": 8, "unit": "d"}, "course_exhausted": false,
        "goals_met": false,
        "score_nprs": [{"value": 6, "at": "2026-11-14T09:00:00Z"}, {"value": 4}],
        "score_odi": [{"value": 40, "unit": "%", "at": "2026-11-14T09:00:00Z"}, {"value": 28, "unit": "%"}],
    }) else {
        unreachable!("an object")
    };
    course
}

/// On the table: no symptom, discomfort as at arrival, pressure as at the start.
fn calm_report() -> Map<String, Json> {
    let facts = knowledge().catalogue().facts().iter();
    let signs =
        facts.filter(|fact| fact.section == "on-the-table" && fact.id.starts_with("table_"));
    let mut report: Map<String, Json> = signs.map(|fact| (fact.id.clone(), json!(false))).collect();
    report.insert("discomfort".to_owned(), json!(3));
    report.insert("discomfort_rise".to_owned(), json!(0));
    report.insert(
        "systolic_rise".to_owned(),
        json!({"value": 0, "unit": "mm[Hg]"}),
    );
    report
}

/// Every row of the start list, ticked by the attendant.
fn start_list() -> Map<String, Json> {
    let rules = knowledge().rules(RuleSet::Screening);
    let rows = rules
        .filter(|rule| rule.gate == Gate::Start)
        .flat_map(|rule| rule.facts());
    rows.map(|fact| (fact, json!({"value": true, "by": "assistant"})))
        .collect()
}

fn base(set: RuleSet, case: &Case, region: Region) -> Map<String, Json> {
    let Json::Object(patient) = routine(region) else {
        unreachable!("the routine answers are an object")
    };
    match (case.base, set) {
        (Base::None, _) => Map::new(),
        (Base::Ready, _) => patient.into_iter().chain(start_list()).collect(),
        (Base::Routine, RuleSet::Triage) => calm_check_in(region),
        (Base::Routine, RuleSet::Review) => calm_course(),
        (Base::Routine, RuleSet::InSession) => calm_report(),
        (Base::Routine, _) => patient,
    }
}

/// `myotome[*]` stands for every index of the fact, in both regions, that is not named itself.
fn spelled_out(facts: &Map<String, Json>) -> Map<String, Json> {
    let mut all = facts.clone();
    for (key, reading) in facts {
        let Some(id) = key.strip_suffix("[*]") else {
            continue;
        };
        all.remove(key);
        let fact = knowledge()
            .catalogue()
            .get(id)
            .expect("a fact of the catalogue");
        for index in Region::ALL
            .into_iter()
            .flat_map(|region| fact.indices(region))
        {
            let named = format!("{id}[{}]", index.join(","));
            all.entry(named).or_insert_with(|| reading.clone());
        }
    }
    all
}

fn fact_set(case: &Case, now: Timestamp, facts: Map<String, Json>) -> Result<FactSet, String> {
    let document = json!({"region": case.region, "at": now.to_string(), "facts": facts});
    read(&document)
        .map(|document| document.fact_set())
        .map_err(|problem| problem.to_string())
}

/// The arrival record, an hour before the session ended, and the session's end.
fn arrival(case: &Case, now: Timestamp) -> Result<FactSet, String> {
    let Some(hours) = case.hours_after else {
        return Ok(FactSet::new());
    };
    let ended = now
        .checked_sub(SignedDuration::from_hours(hours))
        .expect("an instant");
    let mut record = if case.base == Base::Routine {
        usual_pain()
    } else {
        Map::new()
    };
    record.extend(case.arrival.clone());
    let arrived = ended
        .checked_sub(SignedDuration::from_hours(1))
        .expect("an instant");
    let mut facts = fact_set(case, arrived, record)?;
    let end = Map::from_iter([("session_ended".to_owned(), json!(ended.to_string()))]);
    facts.extend(fact_set(case, now, end)?.iter().cloned());
    Ok(facts)
}

/// The region, the instant and the facts of a case.
fn chart(set: RuleSet, case: &Case) -> Result<(Region, Timestamp, FactSet), String> {
    let region = Region::ALL
        .into_iter()
        .find(|region| region.as_str() == case.region);
    let region = region.ok_or_else(|| format!("no region {}", case.region))?;
    let now = at(case.at.as_deref().unwrap_or(AT));
    let mut answers = base(set, case, region);
    answers.extend(spelled_out(&case.facts));
    // What the clinic chose is no fact of the patient: `clinic` reads it.
    answers.retain(|fact, _| !case.without.contains(fact) && !fact.starts_with("policy_"));
    let mut facts = fact_set(case, now, answers)?;
    facts.extend(arrival(case, now)?.iter().cloned());
    Ok((region, now, facts))
}

/// The facts and instants of the cases that expect something of a rule, by rule.
pub(crate) fn charts_by_rule() -> BTreeMap<String, Vec<(FactSet, Timestamp)>> {
    let mut found: BTreeMap<String, Vec<(FactSet, Timestamp)>> = BTreeMap::new();
    for set in SETS {
        for (file, case) in cases(set) {
            let (_, now, facts) =
                chart(set, &case).unwrap_or_else(|fault| panic!("{file}: {fault}"));
            let expect = &case.expect;
            for rule in expect
                .fired
                .iter()
                .chain(&expect.not_fired)
                .chain(&expect.undecided)
            {
                found
                    .entry(rule.clone())
                    .or_default()
                    .push((facts.clone(), now));
            }
        }
    }
    found
}

/// The knowledge under what this case's clinic chose.
fn clinic(case: &Case) -> Result<Option<Knowledge>, String> {
    let choices = case
        .facts
        .iter()
        .filter(|(fact, _)| fact.starts_with("policy_"));
    let toml = |json: &Json| toml::Value::try_from(json).expect("JSON of a TOML file");
    let chosen = Vignette {
        name: case.name.clone(),
        expect: Expectation::Fires,
        region: Some(case.region.clone()),
        at: None,
        arrival: None,
        facts: choices
            .map(|(fact, json)| (fact.clone(), toml(json)))
            .collect(),
    };
    clinic_of(knowledge(), &chosen).map_err(|problem| problem.to_string())
}

fn decided(set: RuleSet, case: &Case) -> Result<Decision, String> {
    let (region, now, facts) = chart(set, case)?;
    let clinic = clinic(case)?;
    let knowledge = clinic.as_ref().unwrap_or_else(|| knowledge());
    let zone = TimeZone::UTC;
    let moment = Moment {
        knowledge,
        at: now,
        zone: &zone,
    };
    let gates = if case.base == Base::Ready {
        Gate::TREAT
    } else {
        Gate::EVALUATE
    };
    Ok(match set {
        RuleSet::Triage => triage_of(&facts, region, &moment),
        RuleSet::Review => review_of(&facts, region, &moment),
        RuleSet::InSession => decide(&Request {
            set,
            facts: &facts,
            region,
            gates: Gate::ALL,
            knowledge,
            at: now,
            zone: &zone,
            baseline: Baseline::Arrival(now),
        }),
        _ => evaluate(&facts, region, gates, knowledge, now, &zone),
    })
}

/// Everything about a decision that is not as the case says.
fn mismatches(expect: &Expect, decision: &Decision) -> Vec<String> {
    let mut wrong = Vec::new();
    let found = (decision.verdict, decision.urgency);
    if found != (expect.verdict, expect.urgency) {
        wrong.push(format!(
            "is {} and {}, not {} and {}",
            found.0, found.1, expect.verdict, expect.urgency
        ));
    }
    let fired: Vec<&str> = decision
        .fired
        .iter()
        .map(|rule| rule.rule.as_str())
        .collect();
    let open: Vec<&str> = decision
        .undecided
        .iter()
        .map(|rule| rule.rule.as_str())
        .collect();
    for rule in expect
        .fired
        .iter()
        .chain(&expect.not_fired)
        .chain(&expect.undecided)
    {
        let wanted = (expect.fired.contains(rule), expect.undecided.contains(rule));
        let is = (
            fired.contains(&rule.as_str()),
            open.contains(&rule.as_str()),
        );
        if knowledge().rule(rule).is_none() {
            wrong.push(format!("names {rule}, which is no rule"));
        } else if wanted.0 != is.0 || wanted.1 && !is.1 {
            wrong.push(format!("{rule} fired: {}, undecided: {}", is.0, is.1));
        }
    }
    let first = decision
        .next_questions
        .first()
        .map(|question| &question.fact);
    if expect.asks_first.is_some() && expect.asks_first.as_ref() != first {
        wrong.push(format!("asks {first:?} first, not {:?}", expect.asks_first));
    }
    if !wrong.is_empty() {
        wrong.push(format!("fired {fired:?}, undecided {open:?}"));
    }
    wrong
}

#[test]
fn every_patient_of_the_cases_is_decided_as_written() {
    let mut wrong = Vec::new();
    for set in SETS {
        for (file, case) in cases(set) {
            let found = match decided(set, &case) {
                Ok(decision) => mismatches(&case.expect, &decision),
                Err(problem) => vec![problem],
            };
            wrong.extend(
                found
                    .iter()
                    .map(|line| format!("{file}: {}: {line}", case.name)),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Results that let a patient go on.
const CALM: [Verdict; 8] = [
    Verdict::Cleared,
    Verdict::Caution,
    Verdict::Well,
    Verdict::ExpectedSoreness,
    Verdict::Continue,
    Verdict::DischargeGoalsMet,
    Verdict::Give,
    Verdict::Withhold,
];

#[test]
fn there_are_as_many_negative_controls_as_positive_ones_and_at_least_sixty_of_each() {
    let all: Vec<(String, Case)> = SETS.into_iter().flat_map(cases).collect();
    for (file, case) in &all {
        let held_back = !CALM.contains(&case.expect.verdict);
        let said = case.control == Control::Positive;
        assert_eq!(said, held_back, "{file}: {}", case.name);
    }
    let count = |control| {
        all.iter()
            .filter(|(_, case)| case.control == control)
            .count()
    };
    let (positive, negative) = (count(Control::Positive), count(Control::Negative));
    assert_eq!(positive, negative, "positive and negative controls");
    assert!(positive >= 60, "{positive} of each");
}

#[test]
fn every_case_says_where_it_comes_from_and_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for (file, case) in SETS.into_iter().flat_map(cases) {
        let cites = case.from.split(|c: char| !c.is_ascii_alphanumeric());
        let known = cites
            .filter(|word| knowledge().source(word).is_some())
            .count();
        let ours = case.from.contains("CLINICAL") || case.from.contains("ours");
        assert!(
            known > 0 || ours,
            "{file}: {}: {} is no source",
            case.name,
            case.from
        );
        assert!(
            case.name.ends_with('.'),
            "{file}: {} is no sentence",
            case.name
        );
        assert!(
            names.insert(case.name.clone()),
            "{file}: {} stands twice",
            case.name
        );
    }
}
