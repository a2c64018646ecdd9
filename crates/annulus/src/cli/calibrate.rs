//! Arguments of `calibrate`.

use clap::Args;
use std::path::PathBuf;

pub(super) const HELP: &str = "Examples:
  annulus calibrate --spine spine.json --session session.frames --out belief.json
  annulus calibrate --spine spine.json --session second.frames --prior belief.json --out belief.json
  annulus simulate --spine spine.json --prescription pull.json --posterior belief.json
  annulus calibrate --spine spine.json --lumped --out lumped.json

A session is the recording that `treat` writes, or JSON:
  {\"schema\": \"annulus.measured-session/1\", \"region\": \"lumbar\", \"angle_deg\": 0,
   \"t_s\": [0, 0.1, …], \"force_n\": [0, 2.1, …], \"travel_m\": [0, 0.0004, …]}";

/// `calibrate`.
#[derive(Debug, Args)]
pub(crate) struct CalibrateArgs {
    /// The spine: sex, age, mass and whatever was measured (docs/schema/spine.json).
    #[arg(long, value_name = "FILE")]
    pub(crate) spine: PathBuf,
    /// The session to learn from: a recording, or force and travel as JSON.
    #[arg(long, value_name = "FILE", required_unless_present = "lumped")]
    pub(crate) session: Option<PathBuf>,
    /// What was learned before, as `calibrate` wrote it; without it, what is known of people.
    #[arg(long, value_name = "FILE")]
    pub(crate) prior: Option<PathBuf>,
    /// How the person lay: a prescription, plan or signed plan; without it, supine on a split table.
    #[arg(long, value_name = "FILE")]
    pub(crate) prescription: Option<PathBuf>,
    /// gentle, standard or firm: which candidate of a plan.
    #[arg(long, value_name = "NAME", requires = "prescription")]
    pub(crate) candidate: Option<String>,
    /// Fit the lumped patient of campaigns to the column instead, and tell its error.
    #[arg(long, conflicts_with_all = ["session", "prior"])]
    pub(crate) lumped: bool,
    /// lumbar or cervical, for --lumped [default: lumbar, or the prescription's].
    #[arg(long, requires = "lumped")]
    pub(crate) region: Option<si::Region>,
    /// --lumped: what was learned of this spine; without it, the median spine of its kind.
    #[arg(long, value_name = "FILE", requires = "lumped")]
    pub(crate) posterior: Option<PathBuf>,
    /// Where what was learned, or the lumped patient, is written.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}
