//! What was learned of one spine, as a document: the mean and the packed lower
//! factor of `spine::unknown::Belief`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use si::{Problem, Region};
use spine::unknown::Belief;

use crate::input::bad;

const REMEDY: &str = "give the file that `calibrate` wrote, unchanged";

/// A belief, ready to be stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeliefDocument {
    /// Number of this form of document.
    pub schema: String,
    /// The region whose pull it is about.
    #[serde(with = "crate::words::region")]
    #[schemars(with = "String")]
    pub region: Region,
    /// Mean of the coordinates.
    pub mean: Vec<f64>,
    /// Lower factor of their covariance, row by row.
    pub factor: Vec<f64>,
}

impl BeliefDocument {
    /// The form this code reads and writes.
    pub const SCHEMA: &'static str = "annulus.belief/1";

    /// A belief as a document.
    #[must_use]
    pub fn of(belief: &Belief) -> Self {
        let (mean, factor) = belief.to_parts();
        Self {
            schema: Self::SCHEMA.to_owned(),
            region: belief.region(),
            mean: mean.to_vec(),
            factor: factor.to_vec(),
        }
    }

    /// Reads a belief about pulls on `region`.
    ///
    /// # Errors
    /// Bytes that are no belief, or one about another region.
    pub fn read(bytes: &[u8], region: Region) -> Result<Belief, Problem> {
        let document: Self = serde_json::from_slice(bytes).map_err(|error| {
            let place = format!("line {} column {}", error.line(), error.column());
            bad("belief-unreadable", &place, "", &error.to_string(), REMEDY)
        })?;
        document.belief(region)
    }

    /// The belief about pulls on `region` that this document holds.
    ///
    /// # Errors
    /// Another form, another region, or numbers that no belief of this version has.
    pub fn belief(&self, region: Region) -> Result<Belief, Problem> {
        if self.schema != Self::SCHEMA {
            let problem = format!("this is not {}", Self::SCHEMA);
            let own = &self.schema;
            return Err(bad("unknown-schema", "schema", own, &problem, REMEDY));
        }
        if self.region != region {
            let problem = format!("the prescription pulls the {region} region");
            let own = self.region.as_str();
            let remedy = "give what was learned of the same region, or none";
            return Err(bad("regions-differ", "region", own, &problem, remedy));
        }
        Belief::from_parts(region, &self.mean, &self.factor).map_err(|error| {
            let problem = error.to_string();
            bad("belief-impossible", "belief", "", &problem, REMEDY)
        })
    }
}
