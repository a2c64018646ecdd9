//! What the column refuses, and how it says so; the state stays as it was.

use super::{Bench, Hold, Told, degrees, every, lying, man, setting, subject};
use si::{Kilograms, Metres, Newtons, Radians, Region, Seconds, Segment, Side};
use spine::anatomy::{Coronal, Measured, Posture};
use spine::column::{
    Column, ColumnError, Comfort, Grid, Instants, Setting, Subject, Warning, impose, predict,
    stated_range, step,
};
use spine::unknown::{Belief, Draw, Unknown};
use spine::world::{Carriage, Load, Position, Pull};

/// A bench that was pulled already, so that a changed state would show.
fn pulled(region: Region) -> Bench {
    let mut bench = Bench::new(region, true);
    for _ in 0..5 {
        bench.pull(60.0, 1.0).unwrap();
    }
    bench
}

/// Everything of a state, told apart to the last bit.
fn picture(bench: &Bench) -> String {
    format!("{:?}", bench.state)
}

fn refused(region: Region, load: Load, dt: f64) -> ColumnError {
    let mut bench = pulled(region);
    let before = picture(&bench);
    let dt = Seconds::raw(dt);
    let result = step(
        &bench.column,
        &mut bench.state,
        &mut bench.scratch,
        load,
        dt,
    );
    assert_eq!(before, picture(&bench), "the state changed");
    result.unwrap_err()
}

fn along(newtons: f64) -> Load {
    Load::along(Newtons::raw(newtons))
}

fn tilted(angle: f64) -> Load {
    Load {
        tension: Newtons::of(60.0),
        angle: degrees(angle),
    }
}

#[test]
fn a_pull_that_is_none_or_negative_or_beyond_the_stated_range_changes_nothing() {
    for region in [Region::Lumbar, Region::Cervical] {
        let most = stated_range(region).1;
        for newtons in [f64::NAN, f64::INFINITY, -1.0, most + 0.1] {
            let error = refused(region, along(newtons), 1.0);
            assert_eq!(error.place(), "pull.tension", "{newtons}");
        }
    }
    let said = refused(Region::Cervical, along(300.0), 1.0).to_string();
    assert_eq!(
        said,
        "pull.tension: 300 N is outside 0 to 250 N; give a value inside the range"
    );
}

#[test]
fn a_step_that_is_no_time_or_too_long_changes_nothing() {
    for dt in [f64::NAN, f64::INFINITY, 0.0, -1.0, 1e-7, 3601.0] {
        let error = refused(Region::Lumbar, along(60.0), dt);
        assert_eq!(error.place(), "dt", "{dt}");
        assert!(error.to_string().contains("inside the range"));
    }
}

#[test]
fn an_angle_that_no_couch_has_changes_nothing() {
    for angle in [f64::NAN, -46.0, 61.0] {
        let error = refused(Region::Lumbar, tilted(angle), 1.0);
        assert_eq!(error.place(), "pull.angle", "{angle}");
        let grid = Grid::new(
            &Hold::of(100.0),
            Seconds::of(60.0),
            &Instants::Even(7),
            stated_range(Region::Lumbar),
        );
        let (setting, wrong) = (
            setting(Region::Lumbar, true),
            Radians::raw(angle.to_radians()),
        );
        let built = spine::column::Ensemble::new(&subject(), &setting, grid.unwrap(), wrong);
        assert_eq!(built.unwrap_err().place(), "pull.angle");
    }
}

#[test]
fn a_carriage_that_is_nowhere_or_beyond_the_couch_changes_nothing() {
    for travel in [f64::NAN, f64::NEG_INFINITY, -1.1, 1.1] {
        let mut bench = pulled(Region::Lumbar);
        let before = picture(&bench);
        let carriage = Carriage {
            travel: Metres::raw(travel),
            angle: Radians::ZERO,
        };
        let dt = Seconds::of(0.01);
        let (column, scratch) = (&bench.column, &mut bench.scratch);
        let error = impose(column, &mut bench.state, scratch, carriage, dt).unwrap_err();
        assert_eq!(error.place(), "carriage.travel", "{travel}");
        assert_eq!(before, picture(&bench));
    }
}

#[test]
fn a_prediction_refuses_what_a_step_refuses() {
    struct Broken(f64);
    impl Pull for Broken {
        fn tension(&self, t: Seconds) -> Newtons {
            Newtons::raw(if t.get() > 30.0 { self.0 } else { 10.0 })
        }
        fn angle(&self) -> Radians {
            Radians::ZERO
        }
    }
    let belief = Belief::prior(Region::Lumbar);
    let ask = |pull: &dyn Pull, duration: f64, told: Instants| {
        predict(
            &subject(),
            &setting(Region::Lumbar, true),
            (pull, Seconds::raw(duration)),
            &told,
            (&belief, 1),
        )
        .unwrap_err()
        .place()
    };
    for newtons in [f64::NAN, -0.5, 1000.5] {
        assert_eq!(
            ask(&Broken(newtons), 60.0, Instants::Even(3)),
            "pull.tension"
        );
    }
    let steep = Hold {
        degrees: 70.0,
        ..Hold::of(100.0)
    };
    assert_eq!(ask(&steep, 60.0, Instants::Even(3)), "pull.angle");
    for duration in [f64::NAN, 0.0, -60.0, 1e6] {
        let place = ask(&Hold::of(100.0), duration, Instants::Even(3));
        assert_eq!(place, "duration", "{duration}");
    }
    for instant in [f64::NAN, -1.0, 61.0] {
        let place = ask(&Hold::of(100.0), 60.0, Instants::At(vec![instant]));
        assert_eq!(place, "instants", "{instant}");
    }
}

fn median() -> Draw<f64> {
    Belief::prior(Region::Lumbar).member(0)
}

#[test]
fn a_drawn_number_that_is_none_or_negative_is_refused_by_name() {
    let setting = setting(Region::Lumbar, true);
    for unknown in Unknown::ALL {
        for value in [f64::NAN, f64::INFINITY, -1.0] {
            let mut draw = median();
            draw.0[unknown as usize] = value;
            let built = Column::new(&subject(), &setting, &draw);
            let error = built.map(drop).unwrap_err();
            assert!(error.place().starts_with("draw."), "{unknown:?}: {error}");
        }
    }
}

#[test]
fn pain_and_effort_off_their_scales_are_refused() {
    for (pain, effort, place) in [
        (f64::NAN, 0.0, "comfort.pain"),
        (11.0, 0.0, "comfort.pain"),
        (0.0, f64::NAN, "comfort.effort"),
        (0.0, 1.5, "comfort.effort"),
    ] {
        let setting = Setting {
            comfort: Comfort { pain, effort },
            ..setting(Region::Lumbar, true)
        };
        let built = Column::new(&subject(), &setting, &median());
        assert_eq!(built.map(drop).unwrap_err().place(), place);
    }
}

/// A spine whose L2–L3 cannot be computed with.
fn breaking(factor: f64) -> Draw<f64> {
    let mut draw = median();
    draw.0[Unknown::Level3 as usize] = factor;
    draw
}

#[test]
fn a_state_that_breaks_says_where_and_when_and_stays_as_it_was() {
    for factor in [0.0, 1e-300, 1e308] {
        let setting = setting(Region::Lumbar, true);
        let mut bench = Bench::drawn(&subject(), &setting, &breaking(factor));
        let before = picture(&bench);
        let error = bench.pull(100.0, 1.0).unwrap_err();
        assert_eq!(before, picture(&bench), "the state changed");
        let said = "L2-L3: a number is not finite at step 1; \
                    check that pull, carriage and step length are finite numbers";
        assert_eq!(error.to_string(), said);
    }
}

#[test]
fn one_broken_member_stops_an_ensemble_with_the_same_error() {
    let (subject, setting) = (subject(), setting(Region::Lumbar, true));
    let ensemble = every(&subject, &setting, &Hold::of(100.0), (30.0, 5.0)).unwrap();
    let belief = Belief::prior(Region::Lumbar);
    let told = Told::drawn(&ensemble, Region::Lumbar, 9, |member| match member {
        6 => breaking(0.0),
        _ => belief.member(member as u32),
    });
    let error = told.map(drop).unwrap_err();
    let (segment, step) = (Some(Segment::L2L3), 1);
    assert_eq!(error, ColumnError::NotFinite { segment, step });
}

/// What a minute's pull of so many newtons at so many degrees is told with.
fn warned(subject: &Subject, region: Region, [force, angle]: [f64; 2]) -> Vec<Warning> {
    let pull = Hold {
        degrees: angle,
        ..Hold::of(force)
    };
    let pull: (&dyn Pull, Seconds) = (&pull, Seconds::of(60.0));
    let told = Instants::Even(2);
    let belief = (&Belief::prior(region), 8);
    let found = predict(subject, &setting(region, true), pull, &told, belief);
    found.expect("inside the stated range").warnings
}

#[test]
fn outside_the_validated_range_a_prediction_says_so() {
    let lumbar = |subject: &Subject, pull| warned(subject, Region::Lumbar, pull);
    assert_eq!(lumbar(&subject(), [20.0, 0.0]), []);
    assert_eq!(lumbar(&subject(), [400.0, 0.0]), [Warning::Extrapolated]);
    assert_eq!(lumbar(&subject(), [20.0, 20.0]), [Warning::Angled]);
    let heavy = spine::lumped::Patient {
        mass: Kilograms::of(150.0),
        ..man()
    };
    let posture = Posture::neutral(Position::Supine);
    let heavy = Subject::new(&heavy, &posture, &Measured::default()).unwrap();
    assert_eq!(lumbar(&heavy, [20.0, 0.0]), [Warning::Person]);
    let mut worn = Measured::default();
    worn.grades[Segment::L4L5.index()] = Some(5);
    assert_eq!(lumbar(&lying(&worn), [20.0, 0.0]), [Warning::Degenerated]);
    let curved = Measured {
        coronal: Some(Coronal {
            cobb: degrees(30.0),
            apex: Segment::L2L3,
            side: Side::Right,
        }),
        ..Measured::default()
    };
    assert_eq!(lumbar(&lying(&curved), [20.0, 0.0]), [Warning::Curved]);
    let neck = warned(&subject(), Region::Cervical, [40.0, 20.0]);
    assert_eq!(neck, [Warning::Specimens]);
}
