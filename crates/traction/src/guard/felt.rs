//! What a fall of force says by itself of how stiff the patient is.
//!
//! k = (F(t − w) − F(t))/s(t − w, t), with w the shortest from 30 to 60 ms, by the motor
//! to 120 ms, in which force fell by more than noise, and s (m) the way that the carriage
//! was sent down in the same time, 20 ms earlier: a drive is late.
//! It needs no encoder and nothing that was learnt before, which a lying sensor may
//! have spoilt; the stiffer of it and of [`super::slope`] counts, so it only ever makes
//! a release slower. The last k fades within a tenth of a second. Ours; written apart
//! from the controller's, which takes sums that forget. Test:
//! `a_stiffness_learnt_from_cells_that_lied_makes_no_jerk_of_a_release`.

use crate::numbers::Numbers;

/// How long is looked back at most, ticks: by the cells, by the motor …
const BACK: (usize, usize) = (6, 12);
/// How much later a drive goes than it is told, ticks.
const LATE: usize = 2;
/// … and at least: the shortest in which force fell is taken.
const SHORTEST: usize = 3;
const KEPT: usize = BACK.1 + LATE + 1;
/// A fall is told from noise from here on, N: by the cells, by the motor.
const LEAST_FALL: (f64, f64) = (1.5, 8.0);
/// What is kept of it in a tick in which nothing falls.
const FADES: f64 = 0.9;
/// What is left in a tick of the first guess, while force is let go.
const EASES: f64 = 0.85;
/// Sensors that lie may have made what was learnt this much too soft (ours).
pub(super) const MOST_LIE: f64 = 2.5;
/// Shares of a tick's stiffness that are taken: of a higher one, of a lower one.
const SHARES: (f64, f64) = (0.5, 0.35);

/// Share of the stiffness felt that counts: noise makes it rather too high.
const SURELY: f64 = 0.9;

/// What the cells and the motor each say of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Felt {
    /// Where the carriage was sent, m from anywhere; the newest first.
    places: [f64; KEPT],
    cells: Fall,
    motor: Fall,
    /// Share of the first guess that still counts: nothing has fallen yet.
    eased: f64,
}

impl Felt {
    pub(super) const NOTHING: Self = Self {
        places: [0.0; KEPT],
        cells: Fall::NONE,
        motor: Fall::NONE,
        eased: 1.0,
    };

    /// One tick: what cells and motor say, N, and how far the carriage was sent in the
    /// tick before, m.
    pub(super) fn seen(
        self,
        numbers: &Numbers,
        (cells, motor): (Option<f64>, Option<f64>),
        sent: f64,
    ) -> Self {
        let mut places = self.places;
        places.rotate_right(1);
        let before = self.places.first().copied().unwrap_or(0.0);
        if let Some(place) = places.first_mut() {
            *place = before + sent;
        }
        let most = numbers.stiffest.get();
        Self {
            places,
            cells: self.cells.seen(cells, &places, BACK.0, LEAST_FALL.0, most),
            motor: self.motor.seen(motor, &places, BACK.1, LEAST_FALL.1, most),
            eased: self.eased,
        }
    }

    /// The stiffest of `learnt` and of what falls by the witnesses that count, N/m.
    pub(super) fn or_stiffer(
        &self,
        numbers: &Numbers,
        learnt: f64,
        (cells, motor): (bool, bool),
    ) -> f64 {
        let by_cells = if cells { self.cells.k } else { 0.0 };
        let by_motor = if motor { self.motor.k } else { 0.0 };
        let felt = SURELY * by_cells.max(by_motor);
        let guess = numbers.guess.get();
        learnt
            .max(felt.min(guess.max(MOST_LIE * learnt)))
            .max(self.eased * guess)
    }

    /// How fast the carriage is told to go, m/s: letting go begins as with a patient as
    /// stiff as was guessed, until the fall itself has had the time to tell (ours: 100 ms).
    pub(super) fn told(self, numbers: &Numbers, velocity: f64) -> Self {
        let lets_go = -velocity * numbers.guess.get() > numbers.release_least.get();
        let eased = if lets_go {
            EASES * self.eased
        } else {
            (self.eased / EASES).min(1.0)
        };
        Self { eased, ..self }
    }
}

/// What one witness says.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fall {
    /// The newest first.
    forces: [Option<f64>; KEPT],
    k: f64,
}

impl Fall {
    const NONE: Self = Self {
        forces: [None; KEPT],
        k: 0.0,
    };

    fn seen(
        self,
        force: Option<f64>,
        places: &[f64; KEPT],
        longest: usize,
        least: f64,
        most: f64,
    ) -> Self {
        let mut forces = self.forces;
        forces.rotate_right(1);
        if let Some(newest) = forces.first_mut() {
            *newest = force;
        }
        let place = |ago: usize| places.get(ago).copied().unwrap_or(0.0);
        let fell = |ago: usize| {
            let then = forces.get(ago).copied().flatten();
            then.zip(force).map_or(0.0, |(then, now)| then - now)
        };
        let back = (SHORTEST..=longest).find(|ago| fell(*ago) >= least);
        let way = back.map_or(0.0, |ago| place(ago + LATE) - place(LATE));
        let fell = back.map_or(0.0, fell);
        let k = if way <= 0.0 {
            FADES * self.k
        } else {
            let now = (fell / way).min(most);
            let share = if now > self.k { SHARES.0 } else { SHARES.1 };
            self.k + share * (now - self.k)
        };
        Self { forces, k }
    }
}
