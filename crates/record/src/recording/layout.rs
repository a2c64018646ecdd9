//! The columns of a frame: one line each, in the order of its encoded bytes.
//!
//! [`traction::Frame`] has a fixed little-endian encoding in which an optional
//! value is a flag and its bytes, all zero when it is absent. So a column is a
//! place in those bytes, and what is written from them and put back into them
//! is the same frame bit for bit, also where a value is not a number. A test
//! holds this table against the fields of `Frame` by name. Version 1 of the frame
//! had all but the columns of [`SINCE_SECOND`]; its files are still read.

use traction::Frame;
use traction::frame::{FIRST_VERSION, VERSION};

/// How a value stands in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One byte: a flag, a score or a code listed in the file's metadata.
    U8,
    /// Two bytes.
    U16,
    /// Four bytes.
    U32,
    /// Eight bytes, IEEE 754.
    F64,
}

impl Kind {
    pub(super) const fn width(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::U32 => 4,
            Self::F64 => 8,
        }
    }
}

/// A value, or several that are present or absent together.
enum Group {
    Always(&'static str, Kind),
    Maybe(&'static [(&'static str, Kind)]),
}

use Group::{Always, Maybe};
use Kind::{F64, U8, U16, U32};

/// After the version byte.
const GROUPS: &[Group] = &[
    Maybe(&[("force_a_n", F64), ("force_a_age_ms", U16)]),
    Maybe(&[("force_b_n", F64), ("force_b_age_ms", U16)]),
    Maybe(&[("travel_m", F64), ("travel_age_ms", U16)]),
    Maybe(&[("motor_force_n", F64), ("motor_force_age_ms", U16)]),
    Always("switch_a", U8),
    Always("switch_b", U8),
    Maybe(&[("comfort", U8)]),
    Maybe(&[
        ("command", U8),
        ("command_detail", U8),
        ("command_force_n", F64),
    ]),
    Maybe(&[("heartbeat_age_ms", U32)]),
    Always("late_ms", U16),
    Always("drive_fault", U8),
    Always("tick", U32),
    Always("stage", U8),
    Maybe(&[("latch_cause", U8), ("latch_kind", U8)]),
    Always("resume", U8),
    Maybe(&[("held_cause", U8)]),
    Maybe(&[("pause_cause", U8)]),
    Always("phase", U8),
    Always("cycle", U16),
    Always("set_point_n", F64),
    Always("target_n", F64),
    Always("force_n", F64),
    Always("ceiling_n", F64),
    Always("drive_velocity_m_per_s", F64),
    Always("drive_torque", U8),
    Always("action", U8),
    Maybe(&[("cause", U8)]),
    Maybe(&[("refused", U8)]),
    Always("elapsed_ticks", U32),
    Always("remaining_ticks", U32),
    Always("peak_n", F64),
    Always("impulse_n_s", F64),
    Always("limit", U8),
];

/// What frames of version 1 do not have.
const SINCE_SECOND: &[&str] = &["command_force_n", "limit"];

/// One column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Place of its bytes.
    pub(super) offset: usize,
    /// Place of the flag that says whether it is present.
    pub(super) flag: Option<usize>,
}

/// Where the values of a version of the frame stand.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) version: u8,
    /// Length of a frame.
    pub(super) bytes: usize,
    pub(super) columns: Vec<Column>,
}

/// The layout of a version; `None` for one that is not read, or when the columns do
/// not fill a frame, which a test excludes.
pub(super) fn layout(version: u8) -> Option<Layout> {
    let bytes = match version {
        VERSION => Frame::BYTES,
        FIRST_VERSION => Frame::FIRST_BYTES,
        _ => return None,
    };
    let has = |name: &str| version != FIRST_VERSION || !SINCE_SECOND.contains(&name);
    let mut offset = 1;
    let mut columns = Vec::new();
    for group in GROUPS {
        let (flag, values) = match group {
            Always(name, kind) => (None, &[(*name, *kind)][..]),
            Maybe(values) => {
                offset += 1;
                (Some(offset - 1), *values)
            }
        };
        for (name, kind) in values.iter().filter(|(name, _)| has(name)) {
            columns.push(Column {
                name,
                kind: *kind,
                offset,
                flag,
            });
            offset += kind.width();
        }
    }
    (offset == bytes).then_some(Layout {
        version,
        bytes,
        columns,
    })
}

/// The layout of frames of this length.
pub(super) fn layout_of_length(bytes: usize) -> Option<Layout> {
    let mut all = [VERSION, FIRST_VERSION].into_iter().filter_map(layout);
    all.find(|layout| layout.bytes == bytes)
}

fn codes<T: Copy>(all: &[T], of: impl Fn(T) -> (u8, &'static str)) -> String {
    let named = |item: &T| {
        let (code, name) = of(*item);
        format!("{code}={name}")
    };
    all.iter().map(named).collect::<Vec<_>>().join(" ")
}

/// What the codes mean, for readers that do not have this program.
pub(super) fn code_names() -> Vec<(&'static str, String)> {
    use traction::cause::{Action, Cause};
    use traction::input::{Pole, StopKind};
    use traction::limiter::Limit;
    use traction::output::Refusal;
    use traction::profile::Phase;
    use traction::supervisor::Stage;
    let causes = codes(Cause::ALL, |c| (c.code(), c.as_str()));
    let poles = codes(Pole::ALL, |c| (c.code(), c.as_str()));
    vec![
        ("codes.switch_a", poles.clone()),
        ("codes.switch_b", poles),
        ("codes.stage", codes(Stage::ALL, |c| (c.code(), c.as_str()))),
        ("codes.phase", codes(Phase::ALL, |c| (c.code(), c.as_str()))),
        (
            "codes.action",
            codes(Action::ALL, |c| (c.code(), c.as_str())),
        ),
        ("codes.latch_cause", causes.clone()),
        (
            "codes.latch_kind",
            codes(StopKind::ALL, |c| (c.code(), c.as_str())),
        ),
        ("codes.held_cause", causes.clone()),
        ("codes.pause_cause", causes.clone()),
        ("codes.cause", causes),
        (
            "codes.refused",
            codes(Refusal::ALL, |c| (c.code(), c.as_str())),
        ),
        ("codes.limit", codes(Limit::ALL, |c| (c.code(), c.as_str()))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_fill_a_frame_and_have_distinct_names() {
        for version in [FIRST_VERSION, VERSION] {
            let columns = layout(version)
                .expect("the table follows the frame")
                .columns;
            let mut names: Vec<_> = columns.iter().map(|c| c.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), columns.len());
        }
        assert!(layout(VERSION + 1).is_none());
    }
}
