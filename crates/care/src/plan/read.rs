//! A prescription by itself, outside a plan: for simulations, never for treatment.

use si::{Problem, Region, Segment};

use super::{Position, Prescription, PullMode};
use crate::input::bad;
use crate::input::json;
use crate::input::object::Object;

const EXAMPLE: &str = "send a prescription as `annulus plan` writes it inside its candidates";

const KEYS: [&str; 20] = [
    "region",
    "target",
    "position",
    "table_split",
    "mode",
    "force_n",
    "base_n",
    "ramp_n_per_s",
    "release_n_per_s",
    "hold_s",
    "rest_s",
    "cycles",
    "least_n",
    "rise_s",
    "swing_n",
    "period_s",
    "ceiling_n",
    "angle_deg",
    "conditions",
    "reasons",
];

impl Prescription {
    /// Reads a prescription that stands alone; conditions and reasons may be left out.
    ///
    /// # Errors
    /// The first thing that is wrong with its form.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let of = Object::new("", json::object(bytes, EXAMPLE)?, &KEYS)?;
        let newtons = |key| of.required(key, "a number of newtons");
        let seconds = |key| of.required(key, "a number of seconds");
        let region: String = of.required("region", "\"lumbar\" or \"cervical\"")?;
        let target: String = of.required("target", "a segment, such as \"L4-L5\"")?;
        let shape = |key| of.optional(key, "a number, where the mode has it");
        let words = "\"supine\", \"supine-legs-raised\" or \"prone\"";
        Ok(Self {
            region: known_region(&region)?,
            target: known_target(&target)?,
            position: of.required::<Position>("position", words)?,
            table_split: of.required("table_split", "true or false")?,
            mode: of.required::<PullMode>("mode", "a mode, such as \"static\"")?,
            force_n: newtons("force_n")?,
            base_n: newtons("base_n")?,
            ramp_n_per_s: of.required("ramp_n_per_s", "a number of newtons a second")?,
            release_n_per_s: of.optional("release_n_per_s", "a number of newtons a second")?,
            hold_s: seconds("hold_s")?,
            rest_s: seconds("rest_s")?,
            cycles: of.required("cycles", "a whole number")?,
            least_n: shape("least_n")?,
            rise_s: shape("rise_s")?,
            swing_n: shape("swing_n")?,
            period_s: shape("period_s")?,
            ceiling_n: of.optional("ceiling_n", "a number of newtons")?,
            angle_deg: of.required("angle_deg", "a number of degrees")?,
            conditions: of.optional("conditions", "a list")?.unwrap_or_default(),
            reasons: of.optional("reasons", "a list")?.unwrap_or_default(),
        })
    }
}

fn known_region(name: &str) -> Result<Region, Problem> {
    let known = name.parse();
    known.map_err(|_| unknown("region", name, "write lumbar or cervical"))
}

fn known_target(name: &str) -> Result<Segment, Problem> {
    let known = name.parse();
    known.map_err(|_| unknown("target", name, "name a segment from C0-C1 to L5-S1"))
}

fn unknown(place: &str, name: &str, remedy: &str) -> Problem {
    bad("unknown-name", place, name, "no such name", remedy)
}
