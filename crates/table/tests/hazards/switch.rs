//! The patient's switch and the hand that holds it.

use super::Hand;
use table::Table as _;
use table::wire::{Fault, FaultKind, Poles, Simulated};
use traction::input::{Pole, Switch};

/// A hand at rest, with a fault, pressing or not.
fn read(kind: FaultKind, pressed: bool) -> (Switch, bool) {
    let mut hand = Hand::under(50.0);
    hand.usual(kind);
    hand.table.simulate(Simulated::Switch { pressed });
    (hand.read().switch, hand.table.truth().pressed)
}

/// fault of: H11
#[test]
fn an_open_pole_stays_open_and_a_shorted_one_closed_whoever_presses() {
    for pressed in [false, true] {
        let rest = if pressed { Pole::Open } else { Pole::Closed };
        for (kind, at) in [
            (FaultKind::PoleOpen as fn(Poles) -> FaultKind, Pole::Open),
            (FaultKind::PoleClosed, Pole::Closed),
        ] {
            let told = |poles| read(kind(poles), pressed);
            assert_eq!(told(Poles::A), (Switch { a: at, b: rest }, pressed));
            assert_eq!(told(Poles::B), (Switch { a: rest, b: at }, pressed));
            assert_eq!(told(Poles::Both), (Switch { a: at, b: at }, pressed));
        }
    }
}

/// fault of: H11
#[test]
fn an_unplugged_switch_is_missing() {
    assert_eq!(read(FaultKind::SwitchUnplugged, true).0, Switch::MISSING);
}

/// hazard: H11
#[test]
fn a_switch_input_that_hangs_is_a_missing_switch_within_thirty_ms() {
    let mut hand = Hand::under(50.0);
    hand.read();
    hand.usual(FaultKind::SwitchHangs);
    hand.table.simulate(Simulated::Switch { pressed: true });
    let told: Vec<Switch> = (0..4).map(|_| hand.read().switch).collect();
    let hung = Switch::RELEASED;
    assert_eq!(told, [hung, hung, Switch::MISSING, Switch::MISSING]);
    hand.table.mend(FaultKind::SwitchHangs);
    assert_eq!(hand.read().switch, Switch::PRESSED);
}

/// fault of: H11
#[test]
fn a_loose_pole_opens_by_chance_and_as_often_as_is_said() {
    let mut hand = Hand::under(50.0);
    hand.fault(Fault::of(FaultKind::PoleChatter(Poles::A), 0.3));
    let open = |hand: &mut Hand| hand.read().switch.a == Pole::Open;
    let count = (0..1_000).filter(|_| open(&mut hand)).count();
    assert!((250..350).contains(&count), "{count}");
    assert_eq!(hand.read().switch.b, Pole::Closed);
}

/// fault of: H12
#[test]
fn who_has_dropped_the_switch_or_sleeps_does_not_press_it() {
    for kind in [FaultKind::SwitchDropped, FaultKind::PatientAsleep] {
        assert_eq!(read(kind, true), (Switch::RELEASED, false));
    }
}
