//! What a prediction promises.

use crate::common::{Intermittent, patient, split};
use si::{Region, Seconds};
use spine::column::{Column, predict};

#[test]
fn a_session_opens_every_level_and_shows_half_a_millimetre_of_doubt() {
    let column = Column::new(&patient(46.0), Region::Lumbar, &split()).unwrap();
    let told = predict(&column, &Intermittent { force: 160.0 }, Seconds::of(1200.0)).unwrap();
    for level in &told.levels {
        let opening = level.opening;
        assert!(opening.mid().mm() > 0.1);
        assert!(opening.mid().mm() - opening.low().mm() >= 0.5 - 1e-9);
        assert!(opening.high().mm() - opening.mid().mm() >= 0.5 - 1e-9);
    }
}
