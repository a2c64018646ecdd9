//! What an ensemble costs, and how far a predicted session lies from a run at 1 ms.
//!
//! ```text
//! ensemble members COUNT    one cycle of 80 s for COUNT spines, nothing kept but sums
//! ensemble accuracy [S [M]] the session of the figures against steps of 1 ms: the first S seconds
//!                           (1200) of M members (24), their median spine and their band
//! ```
//!
//! Each writes one line of JSON. `scripts/bench-ensemble` reads processor time and
//! memory of the first from the system.
#![expect(clippy::print_stdout, reason = "a program that prints its result")]

use session::{SETTING, Session, subject};
use si::{Radians, Region, Seconds};
use spine::column::{
    Band, Column, Ensemble, Grid, Instants, Overall, Scratch, State, refined, stated_range, step,
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

/// Every member's elongation, m, at every told instant.
type Elongations = Vec<Vec<f64>>;

/// As the figures predict them, and in how many steps.
fn predicted(end: f64, members: usize) -> (usize, Elongations) {
    let (subject, belief) = (subject(), Belief::prior(Region::Lumbar));
    let told = Instants::At(instants(end).map(|instant| 10.0 * instant).collect());
    let pull: (&dyn Pull, Seconds) = (&Session, Seconds::of(end));
    let ensemble = refined(&subject, &SETTING, pull, &told, (&belief, members));
    let ensemble = ensemble.expect("a common pull");
    let mut out = vec![vec![0.0; ensemble.grid().told().count()]; members];
    let draw = |member: usize| belief.member(member as u32);
    let ran = ensemble.each(0..members, draw, |told, place, member, value| {
        if place == Overall::Elongation as usize {
            out[member][told] = value;
        }
    });
    ran.expect("members of the prior");
    let times: Vec<f64> = ensemble.grid().told().map(|knot| knot.at).collect();
    let asked = |at: &f64| at % 10.0 < 1e-6;
    for member in &mut out {
        let mut at = times.iter();
        member.retain(|_| at.next().is_some_and(asked));
    }
    (ensemble.grid().steps(), out)
}

/// The tens of seconds up to `end`.
fn instants(end: f64) -> impl Iterator<Item = f64> {
    (1..=(end / 10.0) as u32).map(f64::from)
}

/// As steps of 1 ms give them.
fn stepped(end: f64, member: usize) -> Vec<f64> {
    const PER_INSTANT: u32 = 10_000;
    let draw = Belief::prior(Region::Lumbar).member(member as u32);
    let column = Column::new(&subject(), &SETTING, &draw).expect("a member of the prior");
    let (mut state, mut scratch) = (State::rest(&column), Scratch::new(&column));
    let mut until = |instant: f64| {
        for tick in 1..=PER_INSTANT {
            let at = 10.0 * (instant - 1.0 + f64::from(tick) / f64::from(PER_INSTANT));
            let load = Load::along(Session.tension(Seconds::of(at)));
            step(&column, &mut state, &mut scratch, load, Seconds::of(1e-3))
                .expect("a common pull");
        }
        state.elongation(&column)
    };
    instants(end).map(&mut until).collect()
}

/// [`stepped`], on two threads.
fn reference(end: f64, members: usize) -> Elongations {
    let half = members.div_ceil(2);
    std::thread::scope(|scope| {
        let halves = [0..half, half..members].map(|range| {
            scope.spawn(move || range.map(|member| stepped(end, member)).collect::<Vec<_>>())
        });
        let joined = halves.map(|half| half.join().expect("a thread that ends"));
        joined.into_iter().flatten().collect()
    })
}

/// How far the elongations of `members` lie from steps of 1 ms up to `end`: the median
/// spine, the band at each instant, and single members.
fn accuracy(end: f64, members: usize) {
    let (steps, predicted) = predicted(end, members);
    let reference = reference(end, members);
    let largest = |row: &[f64]| row.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let off = |member: usize| {
        let pairs = predicted[member].iter().zip(&reference[member]);
        let worst = pairs
            .map(|(ours, fine)| (ours - fine).abs())
            .fold(0.0, f64::max);
        worst / largest(&reference[member])
    };
    let band = |all: &Elongations, instant: usize| {
        let mut values: Vec<f64> = all.iter().map(|member| member[instant]).collect();
        Band::of(&mut values).expect("finite elongations")
    };
    let mut bands = [0.0_f64; 3];
    for instant in 0..reference[0].len() {
        let (ours, fine) = (band(&predicted, instant), band(&reference, instant));
        let pairs = [
            (ours.low, fine.low),
            (ours.mid, fine.mid),
            (ours.high, fine.high),
        ];
        for (worst, (ours, fine)) in bands.iter_mut().zip(pairs) {
            *worst = worst.max((ours - fine).abs() / fine.abs());
        }
    }
    let member = (0..members).map(off).fold(0.0, f64::max);
    println!(
        "{{\"steps\": {steps}, \"members\": {members}, \"instants\": {}, \"largest_mm\": {:.5}, \
         \"worst_share\": {:.5}, \"band_shares\": [{:.5}, {:.5}, {:.5}], \"worst_member_share\": {member:.5}}}",
        reference[0].len(),
        1e3 * largest(&reference[0]),
        off(0),
        bands[0],
        bands[1],
        bands[2],
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
        Some("accuracy") => accuracy(number(1, 1200.0), number(2, 24.0) as usize),
        _ => println!("usage: ensemble members COUNT | ensemble accuracy [SECONDS [MEMBERS]]"),
    }
}
