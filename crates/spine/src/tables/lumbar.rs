//! Tension of the lumbar segments: in-vivo elongation by age, and the branch beyond its toe.
//!
//! Kurutz & Bender 2010 hung people by the neck in water with ankle weights
//! (11 N of net body weight + 40 N = 51 N at the lumbar spine) and measured
//! L3–L4, L4–L5 and L5–S1 by ultrasound: the only true force–elongation–time
//! set in muscle-free tension that the reference table holds. The elongation
//! includes relief of the compression of standing, so the apparent stiffness
//! (64, 102, 255 N/mm: A024–A026) is a *lower* bound. The compression chain
//! (B050–B054, 1,470–2,130 N/mm) is another branch and is never used here.

use crate::{Parameter, Status};

/// Tension in the lumbar spine in that experiment, N: 11 N (A023) + 2 × 20 N weights.
pub const KURUTZ_TENSION: f64 = 51.0;

/// Time at which the final elongation was read, s (A018, A020, A022).
pub const KURUTZ_FINAL_TIME: f64 = 1200.0;

/// One age band of the experiment.
#[derive(Clone, Copy, Debug)]
pub struct AgeBand {
    /// Age that stands for the band, years (ours: the bands are "< 40", "40–60", "> 60").
    pub age: f64,
    /// Initial elastic elongation of one segment, m.
    pub initial: f64,
    /// Elongation at 20 min, m.
    pub last: f64,
    /// Rows: initial, final, derived stiffness.
    pub rows: [&'static str; 3],
}

/// Means over L3–L4, L4–L5 and L5–S1 by age, all rows *seen*.
pub const KURUTZ: [AgeBand; 3] = [
    AgeBand {
        age: 30.0,
        initial: 0.8e-3,
        last: 1.5e-3,
        rows: ["A017", "A018", "A024"],
    },
    AgeBand {
        age: 50.0,
        initial: 0.5e-3,
        last: 1.2e-3,
        rows: ["A019", "A020", "A025"],
    },
    AgeBand {
        age: 70.0,
        initial: 0.2e-3,
        last: 0.6e-3,
        rows: ["A021", "A022", "A026"],
    },
];

/// Person-to-person factor on the published elongation.
pub const SUBJECT_FACTOR: Parameter = Parameter {
    name: "lumbar subject factor",
    value: 1.0,
    low: 0.5,
    high: 1.7,
    unit: "1",
    rows: &["B063"],
    status: Status::Ours,
    why: "no standard deviation was seen for the elongations; scatter between specimens exceeds every class difference (B063)",
}
.checked();

/// Share of the published elongation that was relief of standing compression,
/// already gone once a patient lies down.
pub const RELIEF_SHARE: Parameter = Parameter {
    name: "share of relief of compression",
    value: 0.15,
    low: 0.0,
    high: 0.4,
    unit: "1",
    rows: &["A024", "A025", "A026"],
    status: Status::Ours,
    why: "the derived stiffness is a lower bound because of this relief; its share was not measured",
}
.checked();

/// Stiffness of one segment in tension beyond the toe.
pub const LINEAR_STIFFNESS: Parameter = Parameter {
    name: "lumbar tension stiffness beyond the toe",
    value: 438e3,
    low: 250e3,
    high: 1000e3,
    unit: "N/m",
    rows: &["B059", "B126", "A026"],
    status: Status::Recalled,
    why: "direct human lumbar tension curves are the largest hole of the table: small-displacement stiffness at zero preload (B059), below it the ligaments alone (B126 sum 163 N/mm) and the oldest band in vivo (A026)",
}
.checked();

/// Force over which the toe straightens.
pub const TOE_FORCE: Parameter = Parameter {
    name: "lumbar toe force",
    value: 40.0,
    low: 20.0,
    high: 90.0,
    unit: "N",
    rows: &["A012"],
    status: Status::Ours,
    why: "the toe must be inside the 51 N of the experiment; lying discs come out of compression by about 120 N (A012)",
}
.checked();

/// Level-to-level factor on L3–L4, L4–L5 and L5–S1, of which only the mean is published.
pub const LEVEL_FACTOR: Parameter = Parameter {
    name: "lumbar level factor",
    value: 1.0,
    low: 0.6,
    high: 1.5,
    unit: "1",
    rows: &["B063"],
    status: Status::Ours,
    why: "the means over three levels hide their differences; specimen scatter dominates (B063)",
}
.checked();

/// The same for L1–L2 and L2–L3, which nobody measured.
pub const UPPER_LEVEL_FACTOR: Parameter = Parameter {
    name: "upper lumbar level factor",
    value: 1.0,
    low: 0.4,
    high: 1.8,
    unit: "1",
    rows: &[],
    status: Status::Ours,
    why: "no tension data above L3: scaled by disc height, hence a wider range",
}
.checked();

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &SUBJECT_FACTOR,
    &RELIEF_SHARE,
    &LINEAR_STIFFNESS,
    &TOE_FORCE,
    &LEVEL_FACTOR,
    &UPPER_LEVEL_FACTOR,
];

/// Published initial and 20-minute elongation of a lumbar segment under 51 N at an age,
/// m: straight between the ages that stand for the bands, constant beyond (A017–A022).
#[must_use]
pub fn elongation(age: f64) -> (f64, f64) {
    let [young, middle, old] = KURUTZ;
    let (from, to) = if age < middle.age {
        (young, middle)
    } else {
        (middle, old)
    };
    let way = ((age - from.age) / (to.age - from.age)).clamp(0.0, 1.0);
    (
        from.initial + way * (to.initial - from.initial),
        from.last + way * (to.last - from.last),
    )
}
