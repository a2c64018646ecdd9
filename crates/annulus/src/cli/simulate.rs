//! Arguments of `simulate`.

use clap::Args;
use std::path::PathBuf;

pub(super) const HELP: &str = "Examples:
  annulus simulate --spine spine.json --prescription plan.json --candidate gentle
  annulus simulate --spine spine.json --prescription pull.json --format svg --output pressure-change --out spine.svg
  annulus simulate --spine spine.json --prescription pull.json --format parquet --out levels.parquet";

/// `simulate`.
#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// The spine: sex, age, mass and whatever was measured (docs/schema/spine.json).
    #[arg(long, value_name = "FILE")]
    pub(crate) spine: PathBuf,
    /// The pull: a prescription by itself, or a plan or signed plan as `plan` and `sign` write them.
    #[arg(long, value_name = "FILE")]
    pub(crate) prescription: PathBuf,
    /// gentle, standard or firm: which candidate of a plan.
    #[arg(long, value_name = "NAME")]
    pub(crate) candidate: Option<String>,
    /// How hard the person pulls against it, 0 (relaxed) to 1.
    #[arg(long, value_name = "EFFORT", default_value_t = 0.0)]
    pub(crate) resisting: f64,
    /// Pain, 0 to 10: it feeds guarding.
    #[arg(long, value_name = "SCORE", default_value_t = 0.0)]
    pub(crate) pain: f64,
    /// Simulated spines behind every interval.
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) members: usize,
    /// What was learned of this spine, as `calibrate` wrote it; without it, what is known of people.
    #[arg(long, value_name = "FILE")]
    pub(crate) posterior: Option<PathBuf>,
    /// How many instants are told of, evenly from start to end.
    #[arg(long, value_name = "N", default_value_t = 121)]
    pub(crate) instants: usize,
    /// svg: what colours and labels the discs, such as separation or pressure-change.
    #[arg(long, value_name = "NAME", default_value = "separation")]
    pub(crate) output: String,
    /// svg: the instant drawn, s; the end of the last hold by default.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) at_s: Option<f64>,
    /// svg: the whole spine instead of the region.
    #[arg(long)]
    pub(crate) whole: bool,
    /// svg: head up instead of lying.
    #[arg(long)]
    pub(crate) upright: bool,
    /// Where the result goes; standard output by default (parquet needs a file).
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}
