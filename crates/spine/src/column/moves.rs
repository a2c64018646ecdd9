//! What every lane of an ensemble is taken through, move by move.
//!
//! A prediction is one move a step. To judge how long the steps may be, each is made
//! twice from where it starts, once whole and once in halves, and goes on from there.

use super::Grid;
use super::grid::Knot;
use crate::chain::Course;

/// How long the pull that is there from the start takes to arrive, s: nothing flows yet.
const AT_ONCE: f64 = 1e-3;

/// Where a move starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// Where the last one ended.
    Here,
    /// There too, to come back to it.
    Mark,
    /// At the mark, which is gone then.
    Back,
}

/// One move of a lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub(super) start: Start,
    /// Which of the lengths it takes; nothing for none.
    pub(super) length: Option<usize>,
    /// Pull at its end, N.
    pub(super) tension: f64,
    /// How the pull goes on.
    pub(super) course: Course,
    /// Whether its end is told of.
    pub(super) told: bool,
}

/// The moves, and the lengths they take, s, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Moves {
    pub(super) lengths: Vec<f64>,
    pub(super) list: Vec<Move>,
}

impl Moves {
    /// Through the steps of `grid`, told of where it is.
    pub(super) fn through(grid: &Grid) -> Self {
        Self::of(grid, |moves, pair, course| {
            moves.go(Start::Here, pair, course, pair[1].told);
        })
    }

    /// Through each step of `grid` whole and, told of beside it, in halves.
    pub(super) fn judging(grid: &Grid) -> Self {
        Self::of(grid, |moves, pair, course| {
            let [first, last] = pair;
            let middle = Knot {
                at: 0.5 * (first.at + last.at),
                tension: 0.5 * (first.tension + last.tension),
                told: false,
            };
            moves.go(Start::Mark, [first, last], course, true);
            moves.go(Start::Back, [first, &middle], course, false);
            moves.go(Start::Here, [&middle, last], Course::Goes, true);
        })
    }

    fn of(grid: &Grid, mut step: impl FnMut(&mut Self, [&Knot; 2], Course)) -> Self {
        let mut moves = Self::default();
        let mut slope = f64::NAN;
        let first = grid.knots.first();
        if let Some(knot) = first {
            let length = (knot.tension > 0.0).then(|| moves.length(AT_ONCE));
            moves.list.push(Move {
                start: Start::Here,
                length,
                tension: knot.tension,
                course: Course::Turns,
                told: knot.told,
            });
        }
        for pair in grid.knots.windows(2) {
            let now = (pair[1].tension - pair[0].tension) / (pair[1].at - pair[0].at);
            let course = match now {
                _ if now.to_bits() == slope.to_bits() => Course::Goes,
                _ if now.abs() <= 0.0 => Course::Eases,
                _ => Course::Turns,
            };
            slope = now;
            step(&mut moves, [&pair[0], &pair[1]], course);
        }
        moves
    }

    fn go(&mut self, start: Start, [first, last]: [&Knot; 2], course: Course, told: bool) {
        let length = Some(self.length(last.at - first.at));
        self.list.push(Move {
            start,
            length,
            tension: last.tension,
            course,
            told,
        });
    }

    /// The place of a length among the others; those that differ by rounding are one.
    fn length(&mut self, dt: f64) -> usize {
        let dt = libm::round(dt * 1e9) * 1e-9;
        let known = self
            .lengths
            .iter()
            .position(|l| l.to_bits() == dt.to_bits());
        known.unwrap_or_else(|| {
            self.lengths.push(dt);
            self.lengths.len() - 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Up for 10 s, held for 20 s in two steps, down for 10 s.
    fn grid() -> Grid {
        let knot = |(at, tension)| Knot {
            at,
            tension,
            told: at > 5.0,
        };
        let all = [
            (0.0, 0.0),
            (10.0, 200.0),
            (20.0, 200.0),
            (30.0, 200.0),
            (40.0, 0.0),
        ];
        Grid {
            knots: all.map(knot).to_vec(),
            held: 3,
        }
    }

    #[test]
    fn a_pull_that_stops_changing_eases_and_one_that_starts_to_turns() {
        let moves = Moves::through(&grid());
        let courses: Vec<Course> = moves.list.iter().map(|one| one.course).collect();
        let (turns, eases) = (Course::Turns, Course::Eases);
        assert_eq!(courses, [turns, turns, eases, Course::Goes, turns]);
        assert_eq!(moves.list[0].length, None);
        assert_eq!(moves.lengths, [10.0]);
    }

    #[test]
    fn each_step_is_judged_whole_and_in_halves_from_one_start() {
        let moves = Moves::judging(&grid());
        let first: Vec<_> = moves.list[1..4]
            .iter()
            .map(|one| (one.start, one.tension, one.told))
            .collect();
        let whole = (Start::Mark, 200.0, true);
        let halves = [(Start::Back, 100.0, false), (Start::Here, 200.0, true)];
        assert_eq!(first, [whole, halves[0], halves[1]]);
        assert_eq!(moves.list.len(), 1 + 3 * 4);
        assert_eq!(moves.lengths, [10.0, 5.0]);
    }
}
