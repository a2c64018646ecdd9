//! The fault campaign in its shortest form; `annulus campaign` runs the long ones.

use table::campaign::{Hazard, Scenario, run, sweep};

#[test]
fn a_hundred_and_fifty_sessions_with_faults_break_no_law() {
    let report = sweep(0..150, 2).expect("tables that can be made ready");
    assert_eq!(report.violations, 0, "{:#?}", report.failures);
    assert_eq!(report.sessions, 150);
    assert!(report.faulted > 100 && report.pairs > 40, "{report:?}");
    assert!(report.completed > 30, "{report:?}");
}

#[test]
fn a_report_does_not_depend_on_how_many_threads_made_it() {
    let (one, three) = (sweep(40..70, 1), sweep(40..70, 3));
    let (one, three) = (one.expect("a report"), three.expect("a report"));
    // Sums of seconds may round otherwise.
    assert!((one.simulated_s - three.simulated_s).abs() < 1e-6);
    let plain = |report: &table::campaign::Report| table::campaign::Report {
        simulated_s: 0.0,
        ..report.clone()
    };
    assert_eq!(plain(&one), plain(&three));
}

#[test]
fn a_seed_is_one_scenario_and_one_outcome() {
    let scenario = Scenario::of(4711).expect("a scenario");
    assert_eq!(scenario, Scenario::of(4711).expect("the same"));
    let (one, other) = (run(&scenario), run(&scenario));
    let told = |outcome: Result<table::campaign::Outcome, si::Problem>| {
        format!("{:?}", outcome.expect("an outcome"))
    };
    assert_eq!(told(one), told(other));
}

#[test]
fn seeds_reach_every_kind_of_fault_at_every_moment() {
    use std::collections::BTreeSet;
    let mut kinds = BTreeSet::new();
    let mut moments = BTreeSet::new();
    for seed in 0..6_000 {
        for one in Scenario::of(seed).expect("a scenario").injections {
            moments.insert(one.moment);
            if let Hazard::Table(fault) = one.hazard {
                fault.check().expect("a size that the kind can have");
                kinds.insert(format!("{:?}", fault.kind));
            }
        }
    }
    assert_eq!(moments.len(), table::campaign::Moment::ALL.len());
    let all = table::wire::FaultKind::all();
    let missing: Vec<_> = all
        .iter()
        .map(|kind| format!("{kind:?}"))
        .filter(|kind| !kinds.contains(kind))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn seeds_reach_every_mode_a_limit_above_the_force_and_changes_in_mid_session() {
    use std::collections::BTreeSet;
    use table::campaign::Incident;
    use traction::profile::Mode;
    let scenarios = (0..2_000).map(|seed| Scenario::of(seed).expect("a scenario"));
    let (mut modes, mut above, mut changes) = (BTreeSet::new(), 0, 0);
    for one in scenarios {
        modes.insert(one.profile.spec().mode.as_str());
        above += u32::from(one.ceiling > one.profile.spec().force);
        changes += u32::from(one.incident == Incident::Change);
    }
    assert_eq!(modes.len(), Mode::ALL.len(), "{modes:?}");
    assert!(
        above > 200 && changes > 200,
        "{above} above, {changes} changes"
    );
}
