//! What an ensemble costs, and how far a predicted session lies from a run at 1 ms.
//!
//! ```text
//! ensemble members COUNT    one cycle of 80 s for COUNT spines, nothing kept but sums
//! ensemble accuracy [S [M]] the session of the figures against steps of 1 ms, for S seconds (1200),
//!                           member M (0, the median spine)
//! ```
//!
//! Each writes one line of JSON. `scripts/bench-ensemble` reads processor time and
//! memory of the first from the system.
#![expect(clippy::print_stdout, reason = "a program that prints its result")]

use session::{SETTING, Session, subject};
use si::{Radians, Region, Seconds};
use spine::column::{
    Column, Ensemble, Grid, Instants, Overall, Prediction, Scratch, State, refined, stated_range,
    step,
};
use spine::unknown::Belief;
use spine::world::{Load, Pull};

mod session;

/// Runs `count` members through one cycle; memory stays that of a batch.
fn members(count: usize) {
    let (belief, told) = (Belief::prior(Region::Lumbar), Instants::Even(9));
    let range = stated_range(Region::Lumbar);
    let grid = Grid::new(&Session, Seconds::of(80.0), &told, range).expect("a common pull");
    let ensemble =
        Ensemble::new(&subject(), &SETTING, grid, Radians::ZERO).expect("a common angle");
    let (mut sum, mut most) = (0.0, 0.0_f64);
    let draw = |member: usize| belief.member(member as u32);
    let ran = ensemble.each(0..count, draw, |_, place, _, value| {
        if place == Overall::Elongation as usize {
            sum += value;
            most = most.max(value);
        }
    });
    ran.expect("every member settles");
    println!(
        "{{\"members\": {count}, \"steps\": {}, \"mean_elongation_mm\": {:.6}, \"largest_mm\": {:.6}}}",
        ensemble.grid().steps(),
        1e3 * sum / (count * 9) as f64,
        1e3 * most,
    );
}

/// A member's elongation at every told instant up to `end`, against 1 ms.
fn accuracy(end: f64, member: u32) {
    const PER_SECOND: usize = 1000;
    let (subject, belief) = (subject(), Belief::prior(Region::Lumbar));
    let told = Instants::At(
        (1..=(end / 10.0) as u32)
            .map(|i| 10.0 * f64::from(i))
            .collect(),
    );
    let pull: (&dyn Pull, Seconds) = (&Session, Seconds::of(end));
    let ensemble = refined(&subject, &SETTING, pull, &told, &belief).expect("a common pull");
    let part = ensemble
        .run(0..1, |_| belief.member(member))
        .expect("a member of the prior");
    let predicted = Prediction::joined(&subject, &SETTING, &ensemble, vec![part]);
    let column = Column::new(&subject, &SETTING, &belief.member(member));
    let column = column.expect("a member of the prior");
    let (mut state, mut scratch) = (State::rest(&column), Scratch::new(&column));
    let (mut next, mut worst, mut largest) = (0, 0.0_f64, 0.0_f64);
    let dt = Seconds::of(1.0 / PER_SECOND as f64);
    for done in 1..=(end * PER_SECOND as f64) as usize {
        let at = done as f64 / PER_SECOND as f64;
        let load = Load::along(Session.tension(Seconds::of(at)));
        step(&column, &mut state, &mut scratch, load, dt).expect("a common pull");
        while predicted
            .instants
            .get(next)
            .is_some_and(|told| told.0 <= at + 1e-9)
        {
            let told = predicted
                .overall(Overall::Elongation, next)
                .map_or(f64::NAN, |band| band.mid);
            let reference = state.elongation(&column);
            largest = largest.max(reference);
            worst = worst.max((told - reference).abs());
            next += 1;
        }
    }
    println!(
        "{{\"steps\": {}, \"instants\": {next}, \"largest_mm\": {:.5}, \"worst_error_mm\": {:.5}, \"worst_share\": {:.5}}}",
        ensemble.grid().steps(),
        1e3 * largest,
        1e3 * worst,
        worst / largest,
    );
}

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, fallback: f64| {
        asked
            .get(place)
            .and_then(|n| n.parse().ok())
            .unwrap_or(fallback)
    };
    match asked.first().map(String::as_str) {
        Some("members") => members(number(1, 1000.0) as usize),
        Some("accuracy") => accuracy(number(1, 1200.0), number(2, 0.0) as u32),
        _ => println!("usage: ensemble members COUNT | ensemble accuracy [SECONDS [MEMBER]]"),
    }
}
