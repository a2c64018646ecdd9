//! A check that is switched off is not made, and only that one.

use crate::faults::{FAULTS, at_hold};
use crate::plant::lumbar;
use traction::cause::Cause;

#[test]
fn a_check_that_is_switched_off_is_missed_and_no_other() {
    let held = at_hold(lumbar());
    for (name, bend, cause, ticks) in FAULTS {
        for (off, missed) in [(cause, true), (Cause::OverTravel, false)] {
            let mut bench = held;
            bench.session.blind(traction::guard::Check::Cause(off));
            let mut latch = None;
            for _ in 0..ticks {
                latch = latch.or(bench.tick(bend).output.state.latch);
            }
            assert_eq!(
                latch.map(|l| l.cause) != Some(cause),
                missed,
                "{name}: {off}"
            );
        }
    }
}
