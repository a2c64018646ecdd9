//! Which field of two outputs differs first, and how.
//!
//! Fields are named as the columns of the Parquet file, so that the place that a
//! replay tells can be looked up with any tool.

use super::Difference;
use traction::Output;
use traction::limiter::Limit;

/// A field's value, by its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    Nothing,
    Count(u64),
    /// The bits of a number.
    Number(u64),
    Word(&'static str),
}

impl Value {
    fn text(self) -> String {
        match self {
            Self::Nothing => "nothing".to_owned(),
            Self::Count(count) => count.to_string(),
            Self::Number(bits) => format!("{:?}", f64::from_bits(bits)),
            Self::Word(word) => word.to_owned(),
        }
    }
}

/// The first field in which `kept` and `again` differ.
pub(super) fn first(tick: u32, kept: &Output, again: &Output) -> Difference {
    let both = fields(kept).into_iter().zip(fields(again));
    // Frames of version 1 do not tell the limit.
    let told = |name: &str| name != "limit" || kept.limit != Limit::Unknown;
    let found = both
        .filter(|((name, kept), (_, again))| told(name) && kept != again)
        .map(|((name, kept), (_, again))| (name, kept.text(), again.text()))
        .next();
    // Bytes that decode alike and are not alike: no field, but no frame of ours either.
    let (field, recorded, replayed) =
        found.unwrap_or_else(|| ("bytes", "not as ours".into(), "as ours".into()));
    Difference {
        tick,
        field,
        recorded,
        replayed,
    }
}

/// Every field, in the order of the frame's bytes.
fn fields(output: &Output) -> [(&'static str, Value); 23] {
    use Value::{Count, Word};
    let state = &output.state;
    let (latch, drive) = (state.latch, output.drive);
    [
        ("tick", Count(output.tick.count().into())),
        ("stage", Word(state.stage.as_str())),
        ("latch_cause", word(latch.map(|latch| latch.cause.as_str()))),
        ("latch_kind", word(latch.map(|latch| latch.kind.as_str()))),
        ("resume", Word(state.resume.as_str())),
        ("held_cause", word(state.held.map(|cause| cause.as_str()))),
        ("pause_cause", word(state.pause.map(|cause| cause.as_str()))),
        ("phase", Word(output.phase.as_str())),
        ("cycle", Count(output.cycle.into())),
        ("set_point_n", number(output.set_point.get())),
        ("target_n", number(output.target.get())),
        ("force_n", number(output.force.get())),
        ("ceiling_n", number(output.ceiling.get())),
        ("drive_velocity_m_per_s", number(drive.velocity.get())),
        ("drive_torque", Count(drive.torque.into())),
        ("action", Word(output.action.as_str())),
        ("cause", word(output.cause.map(|cause| cause.as_str()))),
        ("refused", word(output.refused.map(|why| why.as_str()))),
        ("elapsed_ticks", Count(output.elapsed.count().into())),
        ("remaining_ticks", Count(output.remaining.count().into())),
        ("peak_n", number(output.peak.get())),
        ("impulse_n_s", number(output.impulse_n_s)),
        ("limit", Word(output.limit.as_str())),
    ]
}

fn word(word: Option<&'static str>) -> Value {
    word.map_or(Value::Nothing, Value::Word)
}

const fn number(number: f64) -> Value {
    Value::Number(number.to_bits())
}
