//! Each condition changes what its row says, never a cap upwards, and a plan names its row.

use care::fact::By;
use care::plan::{
    Candidate, ConditionRow, History, OfRegion, Position, Proposal, PullMode, Stage, session_force,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use si::{Newtons, Region};

use super::plan::{Asked, dose, firm};
use super::setting::{choice, days, grant, knowledge, number, planned, ready, start};
use care::episode::{Command, Role};

fn region_of(row: &ConditionRow) -> Region {
    let mut all = Region::ALL.into_iter();
    all.find(|region| region.as_str() == row.region)
        .expect("a region")
}

fn name(asked: &mut Asked, fact: &str, word: &str) {
    let reading = choice(fact, word, By::Practitioner, asked.at);
    asked.facts.insert(reading);
}

fn lasts(asked: &mut Asked, weeks: f64) {
    let reading = number("symptom_duration", weeks, By::Patient, start()).with_unit("wk");
    asked.facts.insert(reading);
}

/// A chart that this row is for.
fn asked_for(row: &ConditionRow, kg: f64, sex: Option<&str>) -> Asked {
    let mut asked = Asked::new(region_of(row), kg, sex);
    name(&mut asked, "treated_condition", &row.conditions[0]);
    if let Some(word) = row.types.first() {
        name(&mut asked, "herniation_type", word);
    }
    if let Some(word) = row.locations.first() {
        name(&mut asked, "herniation_type", "protrusion");
        name(&mut asked, "herniation_location", word);
    }
    if let Some(stage) = row.stages.first() {
        let weeks = match stage {
            Stage::Acute => 1.0,
            Stage::Subacute => 8.0,
            Stage::Chronic => 20.0,
        };
        lasts(&mut asked, weeks);
    }
    asked
}

fn later(asked: &mut Asked, tolerated: f64) {
    asked.history = History {
        sessions: 2,
        last: Some(asked.at),
        tolerated_n: Some(tolerated),
        peak_n: Some(tolerated),
        settled: true,
        adjusted: false,
    };
}

fn row(id: &str) -> ConditionRow {
    let rows = dose().condition;
    let mut rows = rows.into_iter();
    rows.find(|row| row.id == id)
        .unwrap_or_else(|| panic!("no row {id}"))
}

fn said(candidate: &Candidate, setting: &str) -> String {
    let reasons = candidate.prescription.reasons.iter();
    let of = reasons.filter(|reason| reason.setting == setting);
    of.map(|reason| reason.why.clone())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn every_condition_of_the_catalogue_has_a_row_where_it_belongs() {
    let catalogue = knowledge().catalogue();
    let words = &catalogue.get("treated_condition").expect("the fact").values;
    for word in words {
        let rows = dose().condition;
        assert!(
            rows.iter().any(|row| row.conditions.contains(word)),
            "{word}"
        );
    }
}

#[test]
fn every_row_is_reached_is_sound_and_is_named_in_the_plan() {
    for row in dose().condition {
        let plan = asked_for(&row, 80.0, Some("male")).plan();
        assert_eq!(plan.condition_row.as_deref(), Some(row.id.as_str()));
        plan.sound(&dose())
            .unwrap_or_else(|problem| panic!("{}: {problem}", row.id));
        for (_, candidate) in plan.offered() {
            let said = said(candidate, "condition");
            assert!(said.contains(&row.id) && said.contains(&row.why), "{said}");
        }
    }
}

#[test]
fn a_row_changes_the_numbers_it_names_and_no_other() {
    for row in dose().condition {
        let before: &OfRegion = &dose().of(region_of(&row)).clone();
        let after = row.applied(before);
        let mut named: Vec<&str> = row.numbers().map(|(name, _, _)| name).collect();
        if named.contains(&"first_time") {
            named.extend([
                "first_time_standard",
                "first_time_firm",
                "first_time_gentle",
            ]);
        }
        for ((name, was), (_, is)) in before.all().zip(after.all()) {
            assert!(was == is || named.contains(&name), "{}: {name}", row.id);
        }
        for (name, _, number) in row.numbers().filter(|(name, _, _)| *name != "first_time") {
            let mut all = after.all();
            let (_, is) = all.find(|(other, _)| *other == name).expect("a number");
            assert_eq!(is.value, number.value, "{}: {name}", row.id);
        }
    }
}

#[test]
fn a_plan_with_a_condition_differs_from_one_without_only_where_the_row_says() {
    for row in dose().condition {
        let mut with = asked_for(&row, 80.0, Some("male"));
        let mut without = Asked::new(region_of(&row), 80.0, Some("male"));
        let tolerated = if row.region == "lumbar" { 120.0 } else { 30.0 };
        later(&mut with, tolerated);
        later(&mut without, tolerated);
        let (with, without) = (with.plan(), without.plan());
        let names = |name: &str| row.numbers().any(|(number, _, _)| number == name);
        for ((name, is), (_, was)) in with.offered().zip(without.offered()) {
            let (a, b) = (&is.prescription, &was.prescription);
            let words = format!("{} {name}", row.id);
            assert!(a.mode == b.mode || row.mode.is_some(), "{words}");
            assert!(
                a.position == b.position || row.position.is_some(),
                "{words}"
            );
            assert_eq!((a.target, a.angle_deg), (b.target, b.angle_deg), "{words}");
            assert_eq!(a.table_split, b.table_split, "{words}");
            assert_eq!(a.force_n, b.force_n, "{words}: what was tolerated");
            let (a, b) = (&is.course, &was.course);
            assert!(a.sessions == b.sessions || names("sessions"), "{words}");
            assert!(a.per_week == b.per_week || names("per_week"), "{words}");
            assert!(
                a.ceiling_n == b.ceiling_n || names("ceiling_share"),
                "{words}"
            );
            let first = names("first_share") || names("ceiling_share");
            assert!(a.first_ceiling_n == b.first_ceiling_n || first, "{words}");
            assert_eq!((a.step_n, a.pauses), (b.step_n, b.pauses), "{words}");
        }
    }
}

#[test]
fn static_intermittent_and_cyclic_all_come_from_their_conditions() {
    let rows = [
        ("lumbar-large-herniation", PullMode::Static),
        ("lumbar-central-herniation", PullMode::Static),
        ("lumbar-disc-acute", PullMode::Intermittent),
        ("lumbar-herniation", PullMode::Intermittent),
        ("lumbar-sciatica", PullMode::Static),
        ("lumbar-degenerative-disc", PullMode::Intermittent),
        ("lumbar-stenosis", PullMode::Static),
        ("lumbar-facet", PullMode::Cyclic),
        ("lumbar-chronic-pain", PullMode::Static),
        ("cervical-disc", PullMode::Intermittent),
        ("cervical-joint", PullMode::Cyclic),
        ("cervical-stenosis", PullMode::Static),
        ("cervical-neck-pain", PullMode::Cyclic),
    ];
    assert_eq!(rows.len(), dose().condition.len());
    for (id, mode) in rows {
        let row = row(id);
        let mut asked = asked_for(&row, 80.0, Some("male"));
        let first = asked.plan();
        later(&mut asked, firm(&first).course.first_ceiling_n);
        for (name, candidate) in asked.plan().offered() {
            let pull = &candidate.prescription;
            assert_eq!(pull.mode, mode, "{id} {name}");
            let turns = pull.cycles > 1 && pull.rest_s > 0.0 && pull.base_n < pull.force_n;
            assert_eq!(turns, mode != PullMode::Static, "{id} {name}: {pull:?}");
        }
        let begins = row.mode.as_ref().is_some_and(|mode| mode.from_first);
        for (name, candidate) in first.offered() {
            let expected = if begins { mode } else { PullMode::Static };
            assert_eq!(candidate.prescription.mode, expected, "{id} {name} first");
        }
    }
}

#[test]
fn an_acute_back_is_pulled_short_and_lightly() {
    let plan = asked_for(&row("lumbar-disc-acute"), 80.0, Some("male")).plan();
    let candidate = firm(&plan);
    let pull = &candidate.prescription;
    // A fifth and 30 % of 784.5 N.
    assert_eq!((pull.force_n, candidate.course.ceiling_n), (156.0, 235.0));
    assert_eq!((pull.hold_s, pull.rest_s), (15.0, 15.0));
    let profile = pull.profile(Newtons::of(pull.force_n)).expect("a profile");
    assert!(profile.total().seconds().get() <= 480.0);
}

#[test]
fn acute_ends_at_four_weeks_chronic_begins_after_twelve_and_the_calendar_counts() {
    let common = dose().common;
    let rows = [
        (3.99, Stage::Acute),
        (4.0, Stage::Subacute),
        (12.0, Stage::Subacute),
        (12.01, Stage::Chronic),
    ];
    for (weeks, stage) in rows {
        assert_eq!(Stage::of(weeks, &common), stage, "{weeks}");
    }
    let acute = row("lumbar-disc-acute");
    let mut asked = asked_for(&acute, 80.0, None);
    lasts(&mut asked, 3.0);
    assert_eq!(
        asked.plan().condition_row.as_deref(),
        Some("lumbar-disc-acute")
    );
    asked.at = start().checked_add(days(7)).expect("an instant");
    let grown = asked.plan().condition_row;
    assert_eq!(grown.as_deref(), Some("lumbar-herniation"), "a week later");
}

#[test]
fn without_a_condition_or_a_row_the_regions_own_settings_hold_and_the_plan_says_so() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, None);
    let bare = asked.plan();
    assert_eq!(bare.condition_row, None);
    let words = said(&bare.candidates.gentle, "condition");
    assert!(
        words.starts_with("No condition named: the region's own settings"),
        "{words}"
    );
    // What a record or a patient calls it is no practitioner's naming.
    for by in [By::Record, By::Patient, By::Imaging] {
        asked
            .facts
            .insert(choice("treated_condition", "facet", by, start()));
    }
    assert_eq!(asked.plan().candidates, bare.candidates);
    name(&mut asked, "treated_condition", "neck-pain");
    let other = asked.plan();
    assert_eq!(other.condition_row, None);
    assert!(said(&other.candidates.gentle, "condition").contains("neck-pain: no source"));
    assert_eq!(
        other.candidates.gentle.course,
        bare.candidates.gentle.course
    );
}

#[test]
fn an_unknown_duration_is_said_where_it_matters() {
    let plan = asked_for(&row("lumbar-herniation"), 80.0, None).plan();
    let missing = &dose().notes.no_duration.why;
    assert!(said(&plan.candidates.gentle, "condition").contains(missing.as_str()));
    let plan = asked_for(&row("lumbar-facet"), 80.0, None).plan();
    assert!(!said(&plan.candidates.gentle, "condition").contains(missing.as_str()));
}

#[test]
fn the_side_of_a_herniation_changes_no_setting_and_the_reason_says_why() {
    let mut asked = asked_for(&row("lumbar-herniation"), 80.0, None);
    let plain = asked.plan();
    name(&mut asked, "herniation_type", "protrusion");
    for side in ["left", "right", "both"] {
        name(&mut asked, "herniation_side", side);
        let plan = asked.plan();
        for ((_, with), (_, without)) in plan.offered().zip(plain.offered()) {
            assert_eq!(with.course, without.course);
            let mut bare = with.prescription.clone();
            bare.reasons.clone_from(&without.prescription.reasons);
            assert_eq!(bare, without.prescription, "{side}");
            assert!(said(with, "angle_deg").contains("The side of the herniation changes nothing"));
            assert!(!said(without, "angle_deg").contains("The side"));
        }
    }
}

#[test]
fn every_plan_says_that_no_dose_or_mode_was_superior() {
    let mut plans: Vec<Proposal> = Region::ALL
        .map(|region| Asked::new(region, 80.0, None).plan())
        .into();
    let rows = dose().condition;
    plans.extend(rows.iter().map(|row| asked_for(row, 80.0, None).plan()));
    for plan in plans {
        for (_, candidate) in plan.offered() {
            let mut reasons = candidate.prescription.reasons.iter();
            let dose = reasons
                .find(|reason| reason.setting == "dose")
                .expect("the note");
            assert_eq!(dose.sources, ["S56b"]);
            assert!(dose.why.contains("lower force is defensible"));
            assert!(!dose.dissent.is_empty());
        }
    }
}

#[test]
fn what_eases_this_patient_counts_more_than_what_is_usual_for_the_condition() {
    let mut asked = asked_for(&row("lumbar-herniation"), 80.0, None);
    let position = |asked: &Asked| asked.plan().candidates.gentle.prescription.position;
    assert_eq!(position(&asked), Position::SupineLegsRaised);
    name(&mut asked, "directional_preference", "extension");
    assert_eq!(position(&asked), Position::Prone);
    let plan = asked.plan();
    let mut reasons = plan.candidates.gentle.prescription.reasons.iter();
    let why = reasons
        .find(|reason| reason.setting == "position")
        .expect("a reason");
    assert!(
        why.dissent[0].starts_with("Usual for the condition: "),
        "{why:?}"
    );
    name(&mut asked, "directional_preference", "flexion");
    assert_eq!(position(&asked), Position::SupineLegsRaised);
}

#[test]
fn where_sources_disagree_on_the_type_the_worst_binds_until_a_practitioner_settles_it() {
    let mut asked = Asked::new(Region::Lumbar, 80.0, None);
    name(&mut asked, "treated_condition", "disc-herniation");
    let earlier = start().checked_sub(days(2)).expect("an instant");
    let report = choice("herniation_type", "extrusion", By::Imaging, earlier);
    asked.facts.insert(report);
    name(&mut asked, "herniation_type", "bulge");
    let row = |asked: &Asked| asked.plan().condition_row.expect("a row");
    assert_eq!(row(&asked), "lumbar-large-herniation");
    let mut settled = choice("herniation_type", "bulge", By::Practitioner, start());
    settled.resolves = Some("read the images again".to_owned());
    asked.facts.insert(settled);
    assert_eq!(row(&asked), "lumbar-herniation");
}

#[test]
fn a_condition_named_after_the_signing_lowers_what_may_start() {
    let mut story = planned(Region::Lumbar, "firm");
    ready(&mut story);
    let readings = vec![
        choice("treated_condition", "sciatica", By::Practitioner, story.at),
        number("symptom_duration", 1.0, By::Patient, story.at).with_unit("wk"),
    ];
    let denied = Vec::new();
    story.does(
        Role::Practitioner,
        Command::RecordFacts { readings, denied },
    );
    let command = grant(1, &story);
    assert_eq!(
        story.refused(Role::Practitioner, command),
        "force-above-caps"
    );
}

/// The plan with one place of its document changed.
fn edited(plan: &Proposal, place: &str, value: Json) -> Proposal {
    let mut document: Json = serde_json::from_str(&plan.bytes().expect("bytes")).expect("JSON");
    let pointer = format!("/{}", place.replace('.', "/"));
    *document
        .pointer_mut(&pointer)
        .unwrap_or_else(|| panic!("no {place}")) = value;
    Proposal::read(&document.to_string()).expect("a plan")
}

#[test]
fn a_plan_edited_beyond_its_row_is_not_sound() {
    for row in dose().condition {
        let mut asked = asked_for(&row, 80.0, Some("male"));
        let first = asked.plan();
        later(&mut asked, firm(&first).course.first_ceiling_n);
        let plan = asked.plan();
        plan.sound(&dose())
            .unwrap_or_else(|problem| panic!("{}: {problem}", row.id));
        let region = dose().of(region_of(&row)).clone();
        let firm = firm(&plan);
        let pull = |name: &str| format!("candidates.firm.prescription.{name}");
        let course = |name: &str| format!("candidates.firm.course.{name}");
        let beyond = |shown: f64| json!(shown + 1.0);
        let others = [PullMode::Intermittent, PullMode::Cyclic];
        let others = others
            .into_iter()
            .filter(|mode| *mode != firm.prescription.mode);
        let mut edits: Vec<(String, Json)> = vec![
            (course("ceiling_n"), beyond(firm.course.ceiling_n)),
            (course("sessions"), json!(firm.course.sessions + 3)),
            (course("per_week"), json!(firm.course.per_week + 1)),
            ("condition_row".to_owned(), json!("no-such-row")),
            (pull("reasons.0.why"), json!("as the clinic likes it")),
        ];
        edits.extend(others.map(|mode| (pull("mode"), json!(mode))));
        if firm.prescription.mode != PullMode::Static {
            edits.push((pull("hold_s"), beyond(firm.prescription.hold_s)));
            edits.push((pull("rest_s"), beyond(firm.prescription.rest_s)));
        }
        if let Some(time) = &row.later_time {
            assert!(time.value < region.later_time.value, "{}", row.id);
            edits.push((pull("cycles"), json!(40)));
        }
        for (place, value) in edits {
            let words = format!("{}: {place} = {value}", row.id);
            let problem = edited(&plan, &place, value).sound(&dose());
            let problem = problem.expect_err(&words);
            assert!(
                matches!(problem.code, "plan-unsound" | "prescription-impossible"),
                "{words}: {problem}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_condition_raises_a_cap_and_equal_charts_give_equal_bytes(
        number in 0_usize..13,
        kg in 30.0_f64..200.0,
        sex in prop_oneof![Just(None), Just(Some("male")), Just(Some("female"))],
        table in proptest::option::of(60.0_f64..900.0),
        sessions in 0_u32..12,
        tolerated in 12.0_f64..900.0,
        settled: bool,
        adjusted: bool,
        gap in 0_i64..30,
    ) {
        let rows = dose().condition;
        let row = &rows[number % rows.len()];
        let region = region_of(row);
        let mut asked = asked_for(row, kg, sex);
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
        // A pull below 10 N is none; so light a neck has no plan.
        let plan = match asked.propose() {
            Ok(plan) => plan,
            Err(problem) => {
                prop_assert_eq!(problem.code, "prescription-impossible");
                return Ok(());
            }
        };
        // An acute complaint grows out of its row with the days.
        let named = plan.condition_row.as_deref().expect("a row");
        let row = rows.iter().find(|row| row.id == named).expect("the row");
        prop_assert_eq!(plan.bytes().expect("bytes"), asked.plan().bytes().expect("bytes"));
        prop_assert!(plan.sound(&dose()).is_ok(), "{:?}", plan.sound(&dose()));
        for (name, candidate) in plan.offered() {
            let mut cap = (share * weight).min(most).min(table.unwrap_or(f64::MAX));
            let own = row.ceiling_share.as_ref().map_or(share, |share| share.value);
            cap = cap.min(own * weight);
            if sessions < 2 {
                cap = cap.min(first_share * weight).min(first);
                let own = row.first_share.as_ref().map_or(first_share, |share| share.value);
                cap = cap.min(own * weight);
            }
            prop_assert!(candidate.prescription.force_n <= cap, "{}", name);
            let next = session_force(candidate, &asked.history, sessions, &dose(), asked.at);
            prop_assert!(next.force.get() <= cap, "{}: {:?}", name, next);
            if next.force.get() >= 12.0 {
                let limits = candidate.limits((next.force, next.ceiling), 3).expect("limits");
                let profile = candidate.prescription.profile(next.force).expect("a profile");
                prop_assert!(profile.spec().ramp <= limits.rate_up, "{}", name);
                prop_assert!(profile.total() <= limits.total_time, "{}", name);
            }
            let top = Newtons::of(candidate.course.ceiling_n.max(12.0));
            let profile = candidate.prescription.profile(top).expect("a profile");
            let minutes = profile.total().seconds().get() / 60.0;
            prop_assert!(minutes <= 30.0, "{}: {} minutes at the ceiling", name, minutes);
        }
    }
}
