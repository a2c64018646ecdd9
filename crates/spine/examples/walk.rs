//! Walks the median spine through a pull, step by step.
#![allow(clippy::print_stdout, reason = "a program that prints its result")]
use si::*;
use spine::anatomy::{Measured, Posture};
use spine::column::*;
use spine::lumped::Patient;
use spine::unknown::Belief;
use spine::world::{Load, Support};
fn main() {
    let dt: f64 = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(10.0);
    let m: u32 = std::env::args()
        .nth(2)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    let patient = Patient {
        sex: Some(spine::lumped::Sex::Male),
        age_years: 46.0,
        height: Some(Metres::of(1.75)),
        mass: Kilograms::of(71.0),
    };
    let subject = Subject::new(
        &patient,
        &Posture::neutral(spine::world::Position::Supine),
        &Measured::default(),
    )
    .unwrap();
    let setting = Setting {
        region: Region::Lumbar,
        support: Support::level(true),
        comfort: Comfort::default(),
    };
    let belief = Belief::prior(Region::Lumbar);
    let column = Column::new(&subject, &setting, &belief.member(m)).unwrap();
    let mut state = State::rest(&column);
    let mut scratch = Scratch::new(&column);
    let mut last = 0;
    let started = std::time::Instant::now();
    let steps = (100.0 / dt) as usize;
    for k in 1..=steps {
        let t = k as f64 * dt;
        let f = if t <= 10.0 { 260.0 * t / 10.0 } else { 260.0 };
        let r = step(
            &column,
            &mut state,
            &mut scratch,
            Load::along(Newtons::of(f)),
            Seconds::of(dt),
        );
        if steps <= 200 || k % (steps / 20) == 0 || r.is_err() {
            println!(
                "t {t:.3} f {f:.0} {r:?} iterations {} travel {:.3} mm",
                state.iterations() - last,
                state.travel() * 1e3
            );
            if r.is_err() {
                break;
            }
        }
        last = state.iterations();
    }
    println!(
        "{:.2} us a step",
        started.elapsed().as_secs_f64() * 1e6 / steps as f64
    );
}
