//! The answer as the contract tells it, docs/schema/simulation.json.

use super::ask::Question;
use super::has;
use care::plan::{Prescription, Range};
use schemars::JsonSchema;
use serde::Serialize;
use spine::column::{Band, Output, Overall, Prediction};

/// What a prescription does to a spine.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Simulation {
    /// Number of this form of document.
    schema: &'static str,
    /// The pull that was simulated.
    prescription: Prescription,
    /// Whether what was learned from this person's sessions went in.
    learned: bool,
    /// Simulated spines behind every interval.
    members: usize,
    /// What every interval is: the middle spine's value, 5th and 95th percentile of the members.
    interval: &'static str,
    /// Index of the instant at which the last hold ends.
    held: usize,
    /// The instants told of.
    instants: Vec<InstantTold>,
    /// The levels, from the head downwards.
    levels: Vec<LevelTold>,
    /// What to read it with.
    warnings: Vec<WarningTold>,
}

/// One instant, and what is told of the whole spine then.
#[derive(Debug, Serialize, JsonSchema)]
struct InstantTold {
    /// Time from the start.
    t_s: f64,
    /// Pull at the load cells.
    applied_n: f64,
    /// Force that reaches the spine, after friction and weight.
    delivered_n: Range,
    /// Sum of the separations of the levels told of.
    elongation_m: Range,
    /// How much longer the spine is, skull to sacrum.
    stature_m: Range,
    /// Where the carriage stands.
    travel_m: Range,
    /// Guarding, share of the strongest voluntary force.
    activation: Range,
}

/// One level.
#[derive(Debug, Serialize, JsonSchema)]
struct LevelTold {
    /// The level.
    segment: String,
    /// Everything that is told of it.
    outputs: Vec<OutputTold>,
}

/// One quantity of a level in time.
#[derive(Debug, Serialize, JsonSchema)]
struct OutputTold {
    /// Its name.
    name: String,
    /// SI unit, 1 for a ratio.
    unit: String,
    /// Whether only its direction is to be read.
    trend: bool,
    /// Its value at every instant as people are shown it: a separation never narrower than ± 0.5 mm.
    shown: Vec<Range>,
    /// The same as simulated, where that differs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    raw: Vec<Range>,
}

/// Why the answer is to be read with more care than its intervals say.
#[derive(Debug, Serialize, JsonSchema)]
struct WarningTold {
    /// For programs.
    code: String,
    /// For people.
    text: String,
}

/// An interval of the contract.
pub(super) fn range(band: Option<Band>) -> Range {
    let band = band.unwrap_or(Band {
        low: f64::NAN,
        mid: f64::NAN,
        high: f64::NAN,
    });
    Range {
        low: band.low,
        mid: band.mid,
        high: band.high,
    }
}

impl Simulation {
    /// The form this code writes.
    pub(crate) const SCHEMA: &'static str = "annulus.simulation/1";

    /// The answer to a question.
    pub(super) fn of(question: &Question, told: &Prediction) -> Self {
        let count = told.instants.len();
        let level = |segment: &si::Segment| LevelTold {
            segment: segment.to_string(),
            outputs: Output::ALL
                .iter()
                .filter(|output| has(*segment, **output))
                .map(|output| OutputTold {
                    name: output.as_str().to_owned(),
                    unit: output.unit().to_owned(),
                    trend: output.is_trend(),
                    shown: (0..count)
                        .map(|at| range(told.shown(*output, *segment, at)))
                        .collect(),
                    raw: (0..count)
                        .filter(|_| output.shown_at_least() > 0.0)
                        .map(|at| range(told.at(*output, *segment, at)))
                        .collect(),
                })
                .collect(),
        };
        Self {
            schema: Self::SCHEMA,
            prescription: question.prescription.clone(),
            learned: question.learned,
            members: told.members,
            interval: "middle spine, 5th and 95th percentile of the members",
            held: told.held,
            instants: (0..count).map(|at| instant(told, at)).collect(),
            levels: told.levels().iter().map(level).collect(),
            warnings: told
                .warnings
                .iter()
                .map(|warning| WarningTold {
                    code: format!("{warning:?}").to_lowercase(),
                    text: warning.as_str().to_owned(),
                })
                .collect(),
        }
    }
}

fn instant(told: &Prediction, at: usize) -> InstantTold {
    let whole = |quantity| range(told.overall(quantity, at));
    let (t_s, applied_n) = told.instants[at];
    InstantTold {
        t_s,
        applied_n,
        delivered_n: whole(Overall::Delivered),
        elongation_m: whole(Overall::Elongation),
        stature_m: whole(Overall::Stature),
        travel_m: whole(Overall::Travel),
        activation: whole(Overall::Activation),
    }
}
