//! The seven ligaments of a motion segment.
//!
//! Shape and stiffness: Remus 2021 (B114–B125, *seen*), a lumbosacral model
//! whose ligaments were calibrated on stepwise reduction. Three things about
//! those rows, read from the model's code, decide how they may be used:
//!
//! - stiffness is force per unit of strain, never N/mm;
//! - zero-force strain is where the ligament becomes taut, counted from rest:
//!   negative is tension at rest, positive is slack. The transition strain is
//!   counted from there, over the taut length;
//! - the code gives the printed stiffness to *each* of several parallel springs
//!   (9, 5, 10, 11, 8, 1, 2 of them in the order below). All nine springs of the
//!   anterior ligament together would have 270 N/mm, seven times what an isolated
//!   one shows (B126). [`Ligament::springs`] is the number, between one and all,
//!   that comes nearest to B126; with it the nine strands of L4–L5 add up to
//!   about 160 N/mm beyond their toes (B126: 163).
//!
//! Lengths, attachments and everything outside the lumbar spine are ours.
//!
//! **Failure.** No failure strain of these was seen printed. Six have one by
//! arithmetic on a published bilinear material and its largest load (K001–K006),
//!
//! ```text
//! ε_f = ε_t + (F/A − E₁ ε_t)/E₂
//! ```
//!
//! | symbol | meaning | unit |
//! |---|---|---|
//! | ε_f | strain at failure, from taut: [`Ligament::failure`] | 1 |
//! | ε_t | strain where the material stiffens | 1 |
//! | E₁, E₂ | modulus below and above it | Pa |
//! | F, A | largest load, cross-section | N, m² |
//!
//! recomputed from the rows by `strands::the_strain_at_failure_is_arithmetic_on_its_published_row`.
//! It limits an output and bears no load. Read it with four doubts:
//!
//! - It is a limit of strain, compared with strain, of a material that is not our
//!   law: at its limit a strand of L4–L5 carries a half (anterior), a third
//!   (posterior), a fifth (flavum) and less than a tenth (both spinous) of the
//!   published load, the intertransverse three times
//!   (`strands::at_its_limit_a_strand_carries_another_load_than_the_published_one`).
//! - That table draws on three references and gives no spread, so its straight line
//!   may run to a load of other specimens. The flavum looks like it: 0.275 lies
//!   below the 0.49 where another published law begins to stiffen (B111), and
//!   pigs' flava held to 1.0 and 1.6 (K008); its range runs up to 1.0 for that.
//! - Up to 6° of flexion about the disc's centre none passes its limit. At 10°, as
//!   much as people have from extension to flexion (7–14°, K011), flavum,
//!   interspinous and supraspinous do, by half at most, though people do it unharmed:
//!   their spinous processes part by 127 % (K010), and the pair carries up to
//!   134 N there (K009). Fibres that lie folded or oblique would pull later, we
//!   think, than our strands, which are taut at rest (B117–B119) and stay along the
//!   normal. So the share is too high in far flexion; neither figure was bent to hide it
//!   (`strands::far_flexion_passes_limits_that_people_pass_unharmed`).
//! - The capsule has no such row and stays ours. Its tissue tore at 0.65 (K007),
//!   but the strand of B116 leaves its toe only at 0.95: its 2.6 mm from rim to rim
//!   are not the length of tissue that stretches.

use super::ours;
use crate::{Parameter, Status};

/// One ligament as published, with what we had to add.
#[derive(Clone, Copy, Debug)]
pub struct Ligament {
    /// Name.
    pub name: &'static str,
    /// Row of L4–L5, then the row by level if there is one.
    pub rows: &'static [&'static str],
    /// Force per unit strain beyond the toe of one spring, L1–L2 … L5–S1, N.
    pub stiffness: [f64; 5],
    /// Strain from rest at which it becomes taut.
    pub zero_force: f64,
    /// Strain from there to the end of the toe.
    pub transition: f64,
    /// Cross-section, m².
    pub area: f64,
    /// Parallel springs taken.
    pub springs: &'static Parameter,
    /// Length of the part outside the disc space, as a share of the disc's depth.
    pub length: &'static Parameter,
    /// Whether it also spans the disc's height.
    pub spans_disc: bool,
    /// Strain from taut at which it fails.
    pub failure: &'static Parameter,
}

/// Anterior longitudinal, posterior longitudinal, flavum, interspinous,
/// supraspinous, capsular (each side), intertransverse (each side).
pub const LIGAMENTS: [Ligament; 7] = [
    Ligament {
        name: "anterior longitudinal",
        rows: &["B114", "B121"],
        stiffness: [412.0, 509.0, 582.0, 485.0, 291.0],
        zero_force: -0.03,
        transition: 0.08,
        area: 24e-6,
        springs: &ANTERIOR_SPRINGS,
        length: &RIM,
        spans_disc: true,
        failure: &ANTERIOR_FAILURE,
    },
    Ligament {
        name: "posterior longitudinal",
        rows: &["B115", "B122"],
        stiffness: [191.0, 412.0, 119.0, 290.0, 246.0],
        zero_force: 0.12,
        transition: 0.23,
        area: 14.4e-6,
        springs: &POSTERIOR_SPRINGS,
        length: &RIM,
        spans_disc: true,
        failure: &POSTERIOR_FAILURE,
    },
    Ligament {
        name: "flavum",
        rows: &["B117", "B124"],
        stiffness: [25.5, 27.6, 38.1, 30.0, 22.2],
        zero_force: -0.03,
        transition: 0.09,
        area: 75e-6,
        springs: &FLAVUM_SPRINGS,
        length: &FLAVUM_LENGTH,
        spans_disc: false,
        failure: &FLAVUM_FAILURE,
    },
    Ligament {
        name: "interspinous",
        rows: &["B118"],
        stiffness: [2.5; 5],
        zero_force: -0.02,
        transition: 0.05,
        area: 40e-6,
        springs: &INTERSPINOUS_SPRINGS,
        length: &INTERSPINOUS_LENGTH,
        spans_disc: false,
        failure: &INTERSPINOUS_FAILURE,
    },
    Ligament {
        name: "supraspinous",
        rows: &["B119", "B125"],
        stiffness: [35.8, 38.6, 36.4, 28.0, 19.9],
        zero_force: -0.08,
        transition: 0.20,
        area: 30e-6,
        springs: &SUPRASPINOUS_SPRINGS,
        length: &SUPRASPINOUS_LENGTH,
        spans_disc: false,
        failure: &SUPRASPINOUS_FAILURE,
    },
    Ligament {
        name: "capsular",
        rows: &["B116", "B123"],
        stiffness: [55.6, 44.4, 42.4, 40.0, 24.8],
        zero_force: 0.55,
        transition: 0.95,
        area: 36e-6,
        springs: &CAPSULAR_SPRINGS,
        length: &CAPSULAR_LENGTH,
        spans_disc: false,
        failure: &CAPSULAR_FAILURE,
    },
    Ligament {
        name: "intertransverse",
        rows: &["B120"],
        stiffness: [150.0; 5],
        zero_force: 0.02,
        transition: 0.10,
        area: 12e-6,
        springs: &INTERTRANSVERSE_SPRINGS,
        length: &INTERTRANSVERSE_LENGTH,
        spans_disc: false,
        failure: &INTERTRANSVERSE_FAILURE,
    },
];

/// Parallel springs with the printed stiffness: what lies nearest to an isolated ligament (B126).
const fn springs(name: &'static str, value: f64, low: f64, high: f64) -> Parameter {
    let why = "the code gives the printed stiffness to each of as many springs as the high end says; the value comes nearest to isolated ligaments (B126), the piecewise tables (B107–B113) are stiffer";
    Parameter {
        rows: &[
            "B126", "B107", "B108", "B109", "B110", "B111", "B112", "B113",
        ],
        ..ours(name, [value, low, high], "1", why)
    }
    .checked()
}

/// Of nine: 30 N/mm against 40.5.
pub const ANTERIOR_SPRINGS: Parameter = springs("springs, anterior longitudinal", 1.0, 1.0, 9.0);
/// Of five: 25 N/mm against 25.8.
pub const POSTERIOR_SPRINGS: Parameter = springs("springs, posterior longitudinal", 1.0, 1.0, 5.0);
/// Of eleven: 20 N/mm against 27.2.
pub const FLAVUM_SPRINGS: Parameter = springs("springs, flavum", 11.0, 5.0, 11.0);
/// Of eight: 1.3 N/mm along the disc's normal against 11.5.
pub const INTERSPINOUS_SPRINGS: Parameter = springs("springs, interspinous", 8.0, 4.0, 8.0);
/// One, with room for the 23.7 N/mm of B126, which it misses by far (1.5 N/mm).
pub const SUPRASPINOUS_SPRINGS: Parameter = springs("springs, supraspinous", 1.0, 1.0, 10.0);
/// Of ten: 29 N/mm a side against 33.9.
pub const CAPSULAR_SPRINGS: Parameter = springs("springs, capsular", 3.0, 1.0, 10.0);
/// Two: 10 N/mm a side; no isolated test was seen.
pub const INTERTRANSVERSE_SPRINGS: Parameter = springs("springs, intertransverse", 2.0, 1.0, 3.0);

const LENGTH: &str = "measured on the L4–L5 geometry of the model behind B114–B120 and scaled by the disc's depth, which unlike its height does not shrink with degeneration";

/// Part of the longitudinal ligaments that lies on the rims of the bodies.
pub const RIM: Parameter = ours("ligament on the rims", [0.04, 0.0, 0.3], "1", LENGTH);
/// Flavum: 16.8 mm.
pub const FLAVUM_LENGTH: Parameter = ours("length of the flavum", [0.48, 0.3, 0.65], "1", LENGTH);
/// Interspinous: a gap of 8.7 mm that its fibres cross obliquely, at some 45°;
/// along the normal it then works as if it were 8.7 mm / cos² 45° long.
pub const INTERSPINOUS_LENGTH: Parameter =
    ours("length of the interspinous", [0.45, 0.25, 0.7], "1", LENGTH);
/// Supraspinous: 20 mm.
pub const SUPRASPINOUS_LENGTH: Parameter =
    ours("length of the supraspinous", [0.57, 0.35, 0.8], "1", LENGTH);
/// Capsule: 2.6 mm between its two rims.
pub const CAPSULAR_LENGTH: Parameter =
    ours("length of the capsule", [0.075, 0.04, 0.2], "1", LENGTH);
/// Intertransverse: 28.6 mm.
pub const INTERTRANSVERSE_LENGTH: Parameter = ours(
    "length of the intertransverse",
    [0.82, 0.6, 1.0],
    "1",
    LENGTH,
);

/// Strain at failure by arithmetic on a published material.
const fn failure(
    name: &'static str,
    range: [f64; 3],
    rows: &'static [&'static str],
    why: &'static str,
) -> Parameter {
    Parameter {
        rows,
        status: Status::Derived,
        ..ours(name, range, "1", why)
    }
    .checked()
}

const FAILURE: &str = "where the published material reaches its published largest load; that row gives no spread, so the range is ours: half as much to half as much again, the 30 % standard deviation of torn flava (K008) spread evenly";

/// Anterior longitudinal.
pub const ANTERIOR_FAILURE: Parameter = failure(
    "failure strain, anterior longitudinal",
    [0.554, 0.28, 0.83],
    &["K001", "K008"],
    FAILURE,
);
/// Posterior longitudinal.
pub const POSTERIOR_FAILURE: Parameter = failure(
    "failure strain, posterior longitudinal",
    [0.568, 0.28, 0.85],
    &["K002", "K008"],
    FAILURE,
);
/// Flavum.
pub const FLAVUM_FAILURE: Parameter = failure(
    "failure strain, flavum",
    [0.275, 0.14, 1.0],
    &["K003", "K008", "B111"],
    "where the published material reaches its published largest load; that row gives no spread, so the range is ours: down to half, up to what pigs' flava held at the faster rate (K008), since another published law only begins to stiffen at 0.49 (B111)",
);
/// Interspinous.
pub const INTERSPINOUS_FAILURE: Parameter = failure(
    "failure strain, interspinous",
    [0.45, 0.23, 0.68],
    &["K004", "K008"],
    FAILURE,
);
/// Supraspinous.
pub const SUPRASPINOUS_FAILURE: Parameter = failure(
    "failure strain, supraspinous",
    [0.673, 0.34, 1.01],
    &["K005", "K008"],
    FAILURE,
);
/// Capsular: from the end of its toe upwards.
pub const CAPSULAR_FAILURE: Parameter = Parameter {
    name: "failure strain, capsular",
    value: 1.2,
    low: 0.96,
    high: 2.0,
    unit: "1",
    rows: &["B116", "K007"],
    status: Status::Ours,
    why: "no row fits the strand: its toe ends at 0.95 (B116), where isolated tissue tore at 0.65 (K007), for 2.6 mm from rim to rim are not the length of tissue that stretches; above the toe and wide",
}
.checked();
/// Intertransverse.
pub const INTERTRANSVERSE_FAILURE: Parameter = failure(
    "failure strain, intertransverse",
    [0.809, 0.4, 1.21],
    &["K006", "K008"],
    FAILURE,
);

const PLACE: &str = "read off the L4–L5 geometry of the model behind B114–B120; processes vary from person to person";

/// Interspinous: how far from the facets to the tips of the spinous processes.
pub const INTERSPINOUS_PLACE: Parameter =
    ours("place of the interspinous", [0.67, 0.4, 0.9], "1", PLACE);
/// Intertransverse: distance behind the disc's centre, as a share of the facets'.
pub const INTERTRANSVERSE_BACK: Parameter =
    ours("intertransverse, behind", [0.8, 0.5, 1.0], "1", PLACE);
/// Intertransverse: distance from the midline, as a share of the disc's width.
pub const INTERTRANSVERSE_ASIDE: Parameter =
    ours("intertransverse, aside", [0.85, 0.6, 1.0], "1", PLACE);

/// Thoracic stiffness per unit strain, as a share of L1–L2.
pub const THORACIC: Parameter = ours(
    "thoracic ligaments against lumbar",
    [0.8, 0.4, 1.6],
    "1",
    "no thoracic row: keeps N/mm as it is at L1–L2 over a disc that is less deep",
);
/// Cervical stiffness per unit strain, as a share of L1–L2.
pub const CERVICAL: Parameter = Parameter {
    name: "cervical ligaments against lumbar",
    value: 0.5,
    low: 0.2,
    high: 1.0,
    unit: "1",
    rows: &["B061"],
    status: Status::Ours,
    why: "no cervical row: keeps N/mm as at L1–L2, less than half of the 356 N/mm that disc and ligaments have together (B061)",
}
.checked();

/// Every parameter of this family.
pub const ALL: &[&Parameter] = &[
    &ANTERIOR_SPRINGS,
    &POSTERIOR_SPRINGS,
    &FLAVUM_SPRINGS,
    &INTERSPINOUS_SPRINGS,
    &SUPRASPINOUS_SPRINGS,
    &CAPSULAR_SPRINGS,
    &INTERTRANSVERSE_SPRINGS,
    &RIM,
    &FLAVUM_LENGTH,
    &INTERSPINOUS_LENGTH,
    &SUPRASPINOUS_LENGTH,
    &CAPSULAR_LENGTH,
    &INTERTRANSVERSE_LENGTH,
    &ANTERIOR_FAILURE,
    &POSTERIOR_FAILURE,
    &FLAVUM_FAILURE,
    &INTERSPINOUS_FAILURE,
    &SUPRASPINOUS_FAILURE,
    &CAPSULAR_FAILURE,
    &INTERTRANSVERSE_FAILURE,
    &INTERSPINOUS_PLACE,
    &INTERTRANSVERSE_BACK,
    &INTERTRANSVERSE_ASIDE,
    &THORACIC,
    &CERVICAL,
];
