//! What a table measured of a session: its black box, or force and travel as JSON.

use crate::failure::Failure;
use serde::Deserialize;
use si::{Problem, Radians, Region};
use spine::learn::{Recording, RecordingError, Samples};
use table::blackbox::format::MAGIC;
use table::measured;

/// A measured session.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) region: Region,
    pub(super) recording: Recording,
}

/// Force and travel as JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    schema: String,
    region: String,
    #[serde(default)]
    angle_deg: f64,
    t_s: Vec<f64>,
    force_n: Vec<f64>,
    travel_m: Vec<f64>,
}

const SCHEMA: &str = "annulus.measured-session/1";

impl Measured {
    /// Reads either form; `angle` is the prescription's, in degrees, where there is one.
    pub(super) fn read(bytes: &[u8], angle: Option<f64>) -> Result<Self, Failure> {
        if bytes.starts_with(MAGIC) {
            Ok(from_box(bytes, angle.unwrap_or(0.0))?)
        } else {
            Ok(from_json(bytes, angle)?)
        }
    }
}

fn recording(samples: &Samples<'_>, angle: f64) -> Result<Recording, Problem> {
    let angle = Radians::from_degrees(angle).ok_or_else(|| {
        let remedy = "give a number of degrees";
        Problem::new(
            "not-a-number",
            "session.angle_deg",
            "",
            "is no angle",
            remedy,
        )
    })?;
    Recording::new(samples, angle).map_err(|error| problem(&error))
}

/// What the samples refuse, in the words of the document.
fn problem(error: &RecordingError) -> Problem {
    let place = error.place();
    let (column, index) = place.split_at(place.find('[').unwrap_or(place.len()));
    let column = match column {
        "at" => "t_s",
        "travel" => "travel_m",
        _ => "force_n",
    };
    let code = match error {
        RecordingError::NoHold { .. } | RecordingError::Short { .. } => "session-too-short",
        _ => "session-impossible",
    };
    Problem::new(
        code,
        format!("session.{column}{index}"),
        error.value(),
        error.problem(),
        error.remedy(),
    )
}

fn from_json(bytes: &[u8], angle: Option<f64>) -> Result<Measured, Problem> {
    let remedy =
        "give the recording that `treat` wrote, or force and travel as annulus.measured-session/1";
    let document: Document = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("session line {} column {}", error.line(), error.column());
        Problem::new("session-unreadable", place, "", error.to_string(), remedy)
    })?;
    if document.schema != SCHEMA {
        let problem = format!("this is not {SCHEMA}");
        let own = document.schema;
        return Err(Problem::new(
            "unknown-schema",
            "session.schema",
            own,
            problem,
            remedy,
        ));
    }
    let region: Region = document.region.parse().map_err(|_| {
        let remedy = "write lumbar or cervical";
        let own = document.region.clone();
        Problem::new(
            "unknown-name",
            "session.region",
            own,
            "no such region",
            remedy,
        )
    })?;
    let samples = Samples {
        at: &document.t_s,
        force: &document.force_n,
        travel: &document.travel_m,
    };
    Ok(Measured {
        region,
        recording: recording(&samples, angle.unwrap_or(document.angle_deg))?,
    })
}

/// The black box: the force that the loop believed and the carriage's travel, tick by tick.
fn from_box(bytes: &[u8], angle: f64) -> Result<Measured, Problem> {
    let measured = measured::Measured::read(bytes)?;
    Ok(Measured {
        region: measured.region,
        recording: recording(&measured.samples(), angle)?,
    })
}
