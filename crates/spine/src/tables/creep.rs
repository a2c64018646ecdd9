//! Elongation that grows under a steady pull, and how slowly it goes back.
//!
//! Kurutz gives the ratio of final to initial elongation at 20 min by age
//! (A027: 1.9, 2.4, 3.0; [`super::lumbar::KURUTZ`]); the course in between and
//! the two time constants are ours. One exponential fits nobody (the table's
//! section 2), so there are two terms. In the disc, recovery takes 3–4 times
//! as long as loading (C038).

use crate::{Parameter, Status};

/// Factor on the published excess of final over initial elongation.
pub const AMOUNT: Parameter = Parameter {
    name: "creep amount factor",
    value: 1.0,
    low: 0.5,
    high: 1.5,
    unit: "1",
    rows: &["A027"],
    status: Status::Ours,
    why: "ratios 1.9–3.0 by age were seen without a spread",
}
.checked();

/// Ratio of length at 20 min to initial length on the linear branch.
pub const LINEAR_RATIO: Parameter = Parameter {
    name: "creep ratio beyond the toe",
    value: 1.2,
    low: 1.0,
    high: 1.6,
    unit: "1",
    rows: &["A039"],
    status: Status::Recalled,
    why: "cadaver lumbar spines under 9 kg lengthened from 7.5 to 9 mm in 30 min",
}
.checked();

/// Ratio at 20 min for a cervical segment.
pub const CERVICAL_RATIO: Parameter = Parameter {
    name: "cervical creep ratio",
    value: 1.4,
    low: 1.0,
    high: 2.2,
    unit: "1",
    rows: &["A027"],
    status: Status::Ours,
    why: "no cervical creep was seen; below the youngest lumbar band, because the segments are stiffer and smaller",
}
.checked();

/// Time constant of the fast term.
pub const FAST_TIME: Parameter = Parameter {
    name: "fast creep time",
    value: 60.0,
    low: 20.0,
    high: 180.0,
    unit: "s",
    rows: &[],
    status: Status::Ours,
    why: "viscous straightening of fibres within the first minutes",
}
.checked();

/// Time constant of the slow term.
pub const SLOW_TIME: Parameter = Parameter {
    name: "slow creep time",
    value: 900.0,
    low: 500.0,
    high: 3000.0,
    unit: "s",
    rows: &["A031", "A032"],
    status: Status::Ours,
    why: "stature under traction separates from lying after 21 min (A031); fluid keeps moving for hours (C040), beyond a session",
}
.checked();

/// Share of the 20-minute creep that the fast term carries.
pub const FAST_SHARE: Parameter = Parameter {
    name: "fast share of creep",
    value: 0.4,
    low: 0.15,
    high: 0.65,
    unit: "1",
    rows: &["C039"],
    status: Status::Ours,
    why: "in compression the fast share is 10–15 % of equilibrium (C039); of the first 20 min it is more",
}
.checked();

/// How many times slower creep goes back than it came.
pub const RECOVERY: Parameter = Parameter {
    name: "recovery slowdown",
    value: 3.5,
    low: 3.0,
    high: 4.0,
    unit: "1",
    rows: &["C038"],
    status: Status::Seen,
    why: "human discs after 4 h of load; agrees with a stature gain that fades over about 60 min (A032)",
}
.checked();

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &AMOUNT,
    &LINEAR_RATIO,
    &CERVICAL_RATIO,
    &FAST_TIME,
    &SLOW_TIME,
    &FAST_SHARE,
    &RECOVERY,
];
