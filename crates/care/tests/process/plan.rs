//! The dose stays inside CLINICAL.md §4, and a signed plan is what was signed.

use care::decide::{Condition, ConditionKind, Decision, Gate, Verdict, evaluate};
use care::fact::{By, FactKey, FactSet};
use care::plan::{
    Candidate, Choice, Dose, History, Proposal, PullMode, Request, propose, session_force,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use si::{Newtons, Problem, Region};
use spine::unknown::Belief;

use super::setting::{choice, days, knowledge, number, routine, start, yes};

pub(super) fn dose() -> Dose {
    Dose::of_knowledge(knowledge()).expect("numbers of dose")
}

fn chart(region: Region, kg: f64, sex: Option<&str>) -> FactSet {
    let mut facts: FactSet = routine(region, start()).into_iter().collect();
    facts.remove(&FactKey::plain("body_weight"));
    facts.remove(&FactKey::plain("sex"));
    facts.insert(number("body_weight", kg, By::Assistant, start()).with_unit("kg"));
    if let Some(sex) = sex {
        facts.insert(choice("sex", sex, By::Practitioner, start()));
    }
    facts
}

fn cleared(region: Region) -> Decision {
    let facts: FactSet = routine(region, start()).into_iter().collect();
    let decision = evaluate(
        &facts,
        region,
        Gate::EVALUATE,
        knowledge(),
        start(),
        &TimeZone::UTC,
    );
    assert_eq!(decision.verdict, Verdict::Cleared, "{}", decision.to_text());
    decision
}

fn cautious(region: Region, condition: Condition) -> Decision {
    let mut decision = cleared(region);
    decision.verdict = Verdict::Caution;
    decision.conditions = vec![condition];
    decision
}

fn condition() -> Condition {
    Condition {
        kind: ConditionKind::Dose,
        text: "careful".to_owned(),
        rules: vec!["some-rule".to_owned()],
        candidates: Some(vec!["gentle".to_owned()]),
        max_force_n: None,
        max_body_weight_fraction: None,
        item: None,
        fact: None,
        when: Vec::new(),
        stop_at: None,
    }
}

pub(super) struct Asked {
    pub(super) facts: FactSet,
    pub(super) region: Region,
    pub(super) decision: Decision,
    pub(super) history: History,
    pub(super) table: Option<f64>,
    pub(super) at: Timestamp,
    /// What the forecast is made from; most tests look at none.
    pub(super) forecast: Option<Belief>,
    pub(super) choice: Option<Choice>,
}

impl Asked {
    pub(super) fn new(region: Region, kg: f64, sex: Option<&str>) -> Self {
        Self {
            facts: chart(region, kg, sex),
            region,
            decision: cleared(region),
            history: History::default(),
            table: None,
            at: start(),
            forecast: None,
            choice: None,
        }
    }

    pub(super) fn propose(&self) -> Result<Proposal, Problem> {
        propose(&Request {
            facts: &self.facts,
            region: self.region,
            decision: &self.decision,
            history: self.history,
            table_ceiling: self.table.map(Newtons::of),
            belief: self.forecast.as_ref(),
            dose: &dose(),
            evidence: knowledge().evidence(),
            choice: self.choice.as_ref(),
            at: self.at,
        })
    }

    pub(super) fn plan(&self) -> Proposal {
        self.propose().unwrap_or_else(|problem| panic!("{problem}"))
    }
}

pub(super) fn firm(plan: &Proposal) -> &Candidate {
    plan.candidates.firm.as_ref().expect("a firm candidate")
}

#[test]
fn ceilings_are_the_least_of_body_weight_region_and_table() {
    // region, kg, table, expected ceiling of the firm candidate
    let rows = [
        (Region::Lumbar, 80.0, None, 392.0),
        (Region::Lumbar, 150.0, None, 534.0),
        (Region::Lumbar, 80.0, Some(300.0), 300.0),
        (Region::Cervical, 80.0, None, 78.0),
        (Region::Cervical, 150.0, None, 98.0),
    ];
    for (region, kg, table, expected) in rows {
        let mut asked = Asked::new(region, kg, Some("male"));
        asked.table = table;
        assert_eq!(
            firm(&asked.plan()).course.ceiling_n,
            expected,
            "{region} {kg} kg {table:?}"
        );
    }
}

#[test]
fn first_sessions_are_capped_by_weight_and_sex_and_unknown_sex_takes_the_lower() {
    let rows = [
        (Region::Lumbar, 60.0, Some("male"), 147.0),
        (Region::Lumbar, 120.0, Some("male"), 222.0),
        (Region::Lumbar, 120.0, Some("female"), 177.0),
        (Region::Lumbar, 120.0, None, 177.0),
        (Region::Cervical, 60.0, Some("male"), 41.0),
        (Region::Cervical, 120.0, Some("male"), 44.0),
    ];
    for (region, kg, sex, cap) in rows {
        let plan = Asked::new(region, kg, sex).plan();
        for (name, candidate) in plan.offered() {
            assert!(
                candidate.prescription.force_n <= cap,
                "{region} {kg} {sex:?} {name}"
            );
            assert_eq!(
                candidate.course.first_ceiling_n, cap,
                "{region} {kg} {sex:?} {name}"
            );
        }
        assert_eq!(
            firm(&plan).prescription.force_n,
            cap,
            "{region} {kg} {sex:?}"
        );
    }
}

#[test]
fn no_weight_of_this_month_measured_here_is_no_plan() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, None);
    asked.at = start().checked_add(days(31)).expect("an instant");
    assert_eq!(asked.propose().expect_err("stale").code, "weight-missing");
    asked.at = start();
    for by in [By::Patient, By::Record] {
        asked.facts.remove(&FactKey::plain("body_weight"));
        asked
            .facts
            .insert(number("body_weight", 80.0, by, start()).with_unit("kg"));
        assert_eq!(
            asked.propose().expect_err("not measured here").code,
            "weight-missing"
        );
    }
}

#[test]
fn only_cleared_and_caution_have_a_plan() {
    for verdict in [Verdict::Refuse, Verdict::EvaluateFirst] {
        let mut asked = Asked::new(Region::Lumbar, 80.0, None);
        asked.decision.verdict = verdict;
        let problem = asked.propose().expect_err("no plan");
        assert_eq!(
            (problem.code, problem.value.as_str()),
            ("not-permitted", verdict.as_str())
        );
    }
}

#[test]
fn a_decision_for_the_other_region_makes_no_plan() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, None);
    asked.decision = cleared(Region::Cervical);
    assert_eq!(
        asked.propose().expect_err("no plan").code,
        "decision-region"
    );
}

#[test]
fn caution_offers_gentle_alone_unless_its_rule_allows_more() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, None);
    asked.decision = cautious(Region::Lumbar, condition());
    let plan = asked.plan();
    assert_eq!(
        plan.offered().map(|(name, _)| name).collect::<Vec<_>>(),
        ["gentle"]
    );
    assert_eq!(plan.withheld.len(), 2);
    assert_eq!(
        plan.candidate("firm").expect_err("withheld").code,
        "candidate-not-offered"
    );
    let allows = vec!["gentle".to_owned(), "standard".to_owned()];
    asked.decision = cautious(
        Region::Lumbar,
        Condition {
            candidates: Some(allows),
            ..condition()
        },
    );
    let plan = asked.plan();
    assert_eq!(
        plan.offered().map(|(name, _)| name).collect::<Vec<_>>(),
        ["gentle", "standard"]
    );
}

#[test]
fn a_condition_lowers_the_ceiling_of_every_candidate() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, None);
    asked.decision = cautious(
        Region::Lumbar,
        Condition {
            max_force_n: Some(90.0),
            ..condition()
        },
    );
    assert!(asked.plan().candidates.gentle.course.ceiling_n <= 90.0);
    let fraction = Condition {
        max_body_weight_fraction: Some(0.1),
        ..condition()
    };
    asked.decision = cautious(Region::Lumbar, fraction);
    assert!(asked.plan().candidates.gentle.course.ceiling_n <= 78.5);
}

#[test]
fn first_sessions_are_static_and_five_to_ten_minutes_long() {
    for region in Region::ALL {
        for (name, candidate) in Asked::new(region, 80.0, None).plan().offered() {
            let prescription = &candidate.prescription;
            assert_eq!(prescription.mode, PullMode::Static, "{name}");
            let profile = prescription
                .profile(Newtons::of(prescription.force_n))
                .expect("a profile");
            let minutes = profile.total().seconds().get() / 60.0;
            assert!(
                (4.9..=10.1).contains(&minutes),
                "{region} {name}: {minutes}"
            );
        }
    }
}

#[test]
fn a_plan_says_its_forecast_with_doubt_and_decides_nothing_by_it() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, Some("male"));
    asked.forecast = Some(Belief::prior(Region::Lumbar));
    let with = asked.plan();
    let forecast = with
        .candidates
        .gentle
        .prediction
        .clone()
        .expect("a forecast");
    assert_eq!(forecast.levels.len(), 5);
    for level in &forecast.levels {
        let opening = level.opening_mm;
        assert!(
            opening.low < opening.mid && opening.mid < opening.high,
            "{opening:?}"
        );
    }
    asked.facts.remove(&FactKey::plain("age"));
    let without = asked.plan();
    assert!(without.candidates.gentle.prediction.is_none());
    assert_eq!(
        with.candidates.gentle.course,
        without.candidates.gentle.course
    );
    assert_eq!(
        with.candidates.gentle.prescription,
        without.candidates.gentle.prescription
    );
}

#[test]
fn the_plan_is_the_json_contract() {
    let plan = Asked::new(Region::Cervical, 70.0, None).plan();
    let json: serde_json::Value =
        serde_json::from_str(&plan.bytes().expect("bytes")).expect("JSON");
    for name in ["schema", "candidates", "decision_hash", "expires"] {
        assert!(!json[name].is_null(), "{name}");
    }
    let standard = &json["candidates"]["standard"];
    for field in [
        "region",
        "target",
        "position",
        "table_split",
        "mode",
        "force_n",
        "base_n",
        "ramp_n_per_s",
        "hold_s",
        "rest_s",
        "cycles",
        "angle_deg",
        "conditions",
        "reasons",
    ] {
        assert!(
            !standard["prescription"][field].is_null(),
            "prescription.{field}"
        );
    }
    for field in [
        "sessions",
        "per_week",
        "step_n",
        "ceiling_n",
        "max_rate_n_per_s",
        "max_duration_s",
    ] {
        assert!(!standard["course"][field].is_null(), "course.{field}");
    }
    assert_eq!(json["decision_hash"].as_str().map(str::len), Some(64));
}

#[test]
fn a_gap_or_an_adjustment_restarts_at_or_below_what_was_tolerated() {
    let plan = Asked::new(Region::Lumbar, 80.0, Some("male")).plan();
    let candidate = firm(&plan);
    let history = History {
        sessions: 5,
        last: Some(start()),
        tolerated_n: Some(180.0),
        peak_n: Some(200.0),
        settled: true,
        adjusted: false,
    };
    let force = |history: &History, after: i64| {
        let at = start().checked_add(days(after)).expect("an instant");
        session_force(candidate, history, 5, &dose(), at)
            .force
            .get()
    };
    assert_eq!(force(&history, 2), 202.0, "one step of 22 N");
    assert_eq!(force(&history, 15), 180.0, "after a gap");
    assert_eq!(
        force(
            &History {
                adjusted: true,
                ..history
            },
            2
        ),
        180.0,
        "after an adjust"
    );
    assert_eq!(
        force(
            &History {
                settled: false,
                ..history
            },
            2
        ),
        180.0,
        "not known to have settled"
    );
    let stopped = History {
        tolerated_n: Some(0.0),
        ..history
    };
    assert_eq!(force(&stopped, 15), 150.0, "three quarters of the peak");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_candidate_and_no_session_is_ever_above_a_cap(
        kg in 30.0_f64..200.0,
        region in prop_oneof![Just(Region::Lumbar), Just(Region::Cervical)],
        sex in prop_oneof![Just(None), Just(Some("male")), Just(Some("female"))],
        table in proptest::option::of(60.0_f64..900.0),
        sessions in 0_u32..12,
        tolerated in 0.0_f64..900.0,
        settled: bool,
        adjusted: bool,
        gap in 0_i64..30,
    ) {
        let mut asked = Asked::new(region, kg, sex);
        asked.table = table;
        asked.history = History {
            sessions,
            last: (sessions > 0).then(start),
            tolerated_n: (sessions > 0).then_some(tolerated),
            peak_n: (sessions > 0).then_some(tolerated),
            settled,
            adjusted,
        };
        asked.at = start().checked_add(days(gap)).expect("an instant");
        let weight = kg * 9.806_65;
        let (share, most) = if region == Region::Lumbar { (0.5, 534.0) } else { (0.1, 98.0) };
        let (first_share, first) = match (region, sex) {
            (Region::Cervical, _) => (0.07, 44.0),
            (Region::Lumbar, Some("male")) => (0.25, 222.0),
            (Region::Lumbar, _) => (0.25, 177.0),
        };
        let Ok(plan) = asked.propose() else { return Ok(()) };
        for (name, candidate) in plan.offered() {
            let mut cap = (share * weight).min(most).min(table.unwrap_or(f64::MAX));
            if sessions < 2 {
                cap = cap.min(first_share * weight).min(first);
            }
            prop_assert!(candidate.prescription.force_n <= cap, "{name}");
            let next = session_force(candidate, &asked.history, sessions, &dose(), asked.at);
            prop_assert!(next.force.get() <= cap, "{name}: {:?}", next);
        }
    }
}

#[test]
fn positions_and_levels_follow_the_examination() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, None);
    asked.facts.insert(choice(
        "directional_preference",
        "extension",
        By::Practitioner,
        start(),
    ));
    asked
        .facts
        .insert(choice("treated_level", "L5-S1", By::Practitioner, start()));
    let plan = asked.plan();
    let prescription = &plan.candidates.gentle.prescription;
    assert_eq!(prescription.position, care::plan::Position::Prone);
    assert_eq!(prescription.target.as_str(), "L5-S1");
    asked.facts.insert(yes("pregnancy", By::Patient, start()));
    asked
        .facts
        .insert(choice("treated_level", "C5-C6", By::Practitioner, start()));
    let elsewhere = asked.plan().candidates.gentle.prescription.target;
    assert!(
        elsewhere.as_str().starts_with('L'),
        "a neck level is no lumbar target"
    );
}

#[test]
fn after_two_tolerated_sessions_firm_is_intermittent_and_no_longer_than_it_should_be() {
    for (region, tolerated) in [(Region::Lumbar, 200.0), (Region::Cervical, 44.0)] {
        let mut asked = Asked::new(region, 80.0, Some("male"));
        asked.history = History {
            sessions: 2,
            last: Some(start()),
            tolerated_n: Some(tolerated),
            peak_n: Some(tolerated),
            settled: true,
            adjusted: false,
        };
        let plan = asked.plan();
        let firm = &firm(&plan).prescription;
        assert_eq!(firm.mode, PullMode::Intermittent, "{region}");
        assert!(
            firm.cycles > 3 && firm.rest_s > 0.0 && firm.base_n < firm.force_n,
            "{firm:?}"
        );
        assert_eq!(firm.force_n, tolerated, "what was tolerated, not more");
        let profile = firm.profile(Newtons::of(firm.force_n)).expect("a profile");
        let most = dose().of(region).later_time.value;
        let total = profile.total().seconds().get();
        assert!(total <= most && total > 0.7 * most, "{region}: {total} s");
        assert_eq!(plan.candidates.gentle.prescription.mode, PullMode::Static);
    }
}
