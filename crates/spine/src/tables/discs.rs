//! Disc heights by level, age and sex.
//!
//! Regressions of Shao 2002 as coded in the LMG toolbox (B065–B070 men,
//! B071–B076 women, *seen* second-hand): height = a + b · age. Heights rise
//! with age there (healthy selection); the ratio between levels hardly moves.
//! The axial model uses the ratios only, the anatomy the heights.

use crate::lumped::Sex;

/// One regression: row, height at age 0 in m, growth in m per year.
#[derive(Clone, Copy, Debug)]
pub struct DiscHeight {
    /// Row of the reference table.
    pub row: &'static str,
    /// Intercept, m.
    pub base: f64,
    /// Slope, m per year.
    pub per_year: f64,
}

impl DiscHeight {
    const fn of(row: &'static str, base_cm: f64, per_year_cm: f64) -> Self {
        Self {
            row,
            base: base_cm / 100.0,
            per_year: per_year_cm / 100.0,
        }
    }

    /// Height at `age_years`, m.
    #[must_use]
    pub fn at(&self, age_years: f64) -> f64 {
        self.base + self.per_year * age_years
    }
}

/// L1–L2 … L5–S1, men.
pub const MEN: [DiscHeight; 5] = [
    DiscHeight::of("B066", 0.68, 0.006_201),
    DiscHeight::of("B067", 0.832, 0.006_687),
    DiscHeight::of("B068", 1.105, 0.005_455),
    DiscHeight::of("B069", 1.076, 0.006_952),
    DiscHeight::of("B070", 0.973, 0.008_63),
];

/// L1–L2 … L5–S1, women.
pub const WOMEN: [DiscHeight; 5] = [
    DiscHeight::of("B072", 0.627, 0.004_84),
    DiscHeight::of("B073", 0.817, 0.004_771),
    DiscHeight::of("B074", 0.985, 0.004_982),
    DiscHeight::of("B075", 1.051, 0.005_052),
    DiscHeight::of("B076", 0.926, 0.008_17),
];

/// T12–L1, men and women.
pub const THORACOLUMBAR: [DiscHeight; 2] = [
    DiscHeight::of("B065", 0.519, 0.004_903),
    DiscHeight::of("B071", 0.433, 0.004_903),
];

/// Heights of T12–L1, L1–L2 … L5–S1, m; the mean of both sexes when the sex is unknown.
#[must_use]
pub fn heights(age_years: f64, sex: Option<Sex>) -> [f64; 6] {
    let [top_of_men, top_of_women] = THORACOLUMBAR;
    core::array::from_fn(|level| {
        let (men, women) = match level {
            0 => (top_of_men, top_of_women),
            below => (MEN[below - 1], WOMEN[below - 1]),
        };
        let (men, women) = (men.at(age_years), women.at(age_years));
        match sex {
            Some(Sex::Male) => men,
            Some(Sex::Female) => women,
            None => 0.5 * (men + women),
        }
    })
}

/// Height of disc `level` (0 = L1–L2) over the mean of L3–L4, L4–L5 and L5–S1;
/// the mean of both sexes when the sex is unknown.
#[must_use]
pub fn relative_height(level: usize, age_years: f64, sex: Option<Sex>) -> f64 {
    let of = |table: &[DiscHeight; 5]| {
        let lower = table[2].at(age_years) + table[3].at(age_years) + table[4].at(age_years);
        table[level].at(age_years) * 3.0 / lower
    };
    match sex {
        Some(Sex::Male) => of(&MEN),
        Some(Sex::Female) => of(&WOMEN),
        None => 0.5 * (of(&MEN) + of(&WOMEN)),
    }
}
