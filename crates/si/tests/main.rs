//! Units, levels and problems, from outside.

use si::{Interval, Metres, Newtons, NewtonsPerMetre, Pascals, Region, Root, Segment};

#[test]
fn a_pound_force_is_exact_both_ways() {
    let force = Newtons::from_pounds_force(200.0).expect("finite");
    assert!((force.get() - 889.644_323_052_1).abs() < 1e-9);
    assert!((force.pounds_force() - 200.0).abs() < 1e-12);
}

#[test]
fn what_is_not_finite_is_refused() {
    assert_eq!(Newtons::new(f64::NAN), None);
    assert_eq!(Pascals::from_mmhg(f64::INFINITY), None);
}

#[test]
fn force_over_stiffness_is_length() {
    let opening = Newtons::of(178.0) / NewtonsPerMetre::of(356_000.0);
    assert!((opening.mm() - 0.5).abs() < 1e-12);
}

#[test]
fn an_interval_is_never_narrower_than_asked() {
    let mm = |v| Metres::from_mm(v).expect("finite");
    let narrow = Interval::new(mm(0.9), mm(1.0), mm(1.6)).expect("ordered");
    let shown = narrow.at_least(mm(0.5));
    assert!((shown.low().mm() - 0.5).abs() < 1e-9);
    assert!((shown.high().mm() - 1.6).abs() < 1e-9);
    assert!(Interval::new(mm(1.0), mm(0.5), mm(2.0)).is_none());
}

#[test]
fn names_of_levels_read_back() {
    for segment in Segment::ALL {
        assert_eq!(segment.as_str().parse(), Ok(*segment));
    }
    assert_eq!(Segment::of(Region::Lumbar).len(), 5);
    assert_eq!(Root::examined_in(Region::Lumbar).len(), 9);
    assert!("L6".parse::<Root>().is_err());
}

#[cfg(feature = "alloc")]
#[test]
fn a_problem_in_the_log_hides_the_value() {
    let problem = si::Problem::new("unit", "unit", "stone", "is not a unit of mass", "use kg")
        .within("weight")
        .within("facts");
    assert_eq!(problem.place, "facts.weight.unit");
    assert!(!problem.log().contains("stone"));
}
