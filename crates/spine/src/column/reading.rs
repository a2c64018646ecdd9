//! What is read off a spine at one instant: a row of numbers, lane by lane.
//!
//! A row holds the [`Overall`] quantities, then every [`Output`] of each told
//! level, from the head downwards.

use super::model::told;
use super::{Column, Output, State};
use crate::chain::{Freedom, Plane, Space};
use crate::real::{LANES, Real};
use si::{Region, Segment};

/// One quantity of the whole spine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Overall {
    /// Axial force that enters the spine after friction and weight, N.
    Delivered,
    /// Sum of the separations of the told levels, m.
    Elongation,
    /// How much longer the whole spine is from skull to sacrum, m.
    Stature,
    /// Where the carriage stands, m.
    Travel,
    /// Activation of guarding muscle, share of maximal voluntary force.
    Activation,
}

impl Overall {
    /// How many there are.
    pub const COUNT: usize = 5;
}

/// The segments that are told of when `region` is pulled.
#[must_use]
pub fn levels(region: Region) -> &'static [Segment] {
    let (first, last) = told(region);
    &Segment::ALL[first.index()..=last.index()]
}

/// How much further apart front and back of each told level are now than at rest, m, from
/// the head downwards.
pub fn openings<'a>(
    column: &'a Column<f64>,
    state: &'a State<f64>,
) -> impl Iterator<Item = (Segment, [f64; 2])> + 'a {
    levels(column.region).iter().map(move |segment| {
        let at = segment.index();
        let memory = &state.memory[at];
        let shape = column.tissues[at].report::<Space>(&memory.d, memory).shape;
        (*segment, [shape.anterior, shape.posterior])
    })
}

/// Numbers in a row.
#[must_use]
pub(super) fn width(region: Region) -> usize {
    Overall::COUNT + levels(region).len() * Output::COUNT
}

/// Place of an output in a row.
pub(super) const fn place(level: usize, output: Output) -> usize {
    Overall::COUNT + level * Output::COUNT + output as usize
}

/// A row of readings, lane by lane.
pub(super) type Row = Vec<[f64; LANES]>;

/// Reads a row as long as [`width`].
#[inline(always)]
pub(super) fn read<T: Real>(column: &Column<T>, state: &State<T>, row: &mut Row) {
    if column.plane {
        read_in::<T, Plane>(column, state, row);
    } else {
        read_in::<T, Space>(column, state, row);
    }
}

#[inline(always)]
fn read_in<T: Real, F: Freedom>(column: &Column<T>, state: &State<T>, row: &mut Row) {
    let zero = state.applied.of(0.0);
    let (first, last) = told(column.region);
    let (mut elongation, mut delivered) = (zero, zero);
    // A pull of less than a newton has no share to tell of.
    let per_pull = zero.of(1.0) / state.applied.max(zero + 1.0);
    for (level, at) in (first.index()..=last.index()).enumerate() {
        let d = &state.memory[at].d;
        let report = column.tissues[at].report::<F>(d, &state.memory[at]);
        let joint = &column.sizes[at];
        let shape = &report.shape;
        elongation += d[2];
        let carried = report.disc_change
            + report.ligament_change
            + report.facet_change
            + report.muscle_change;
        if at == column.entrance() {
            delivered = carried;
        }
        let values = [
            d[2],
            shape.anterior,
            shape.posterior,
            d[4],
            report.disc_change,
            report.ligament_change,
            report.facet_change,
            report.muscle_change,
            report.pressure,
            report.pressure_change,
            shape.foramen_height + joint.foramen_height,
            shape.foramen_area + joint.foramen_area,
            shape.bulge * joint.per_depth,
            shape.canal * joint.per_depth,
            report.ligament_strain,
            shape.annulus_strain,
            carried * per_pull,
        ];
        let from = Overall::COUNT + level * Output::COUNT;
        for (value, slot) in values.iter().zip(&mut row[from..]) {
            value.spread(slot);
        }
    }
    let pose = &state.chain.pose;
    let ends = pose[0].shift[2] - pose[column.chain.count - 1].shift[2];
    let activation = state.guard.activation;
    let overall = [delivered, elongation, ends, state.travel, activation];
    for (value, slot) in overall.iter().zip(row) {
        value.spread(slot);
    }
}

impl<T: Real> State<T> {
    /// Sum of the separations of the told levels, m.
    #[must_use]
    pub fn elongation(&self, column: &Column<T>) -> T {
        let (first, last) = told(column.region);
        let mut sum = self.applied.of(0.0);
        for at in first.index()..=last.index() {
            sum += self.memory[at].d[2];
        }
        sum
    }
}
