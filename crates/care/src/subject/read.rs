//! Reading the document strictly: place, value and remedy for whatever is wrong.

use si::Problem;

use super::{CoronalDocument, CouchDocument, MeasuredDocument, PostureDocument, SpineDocument};
use crate::input::bad;
use crate::input::json;
use crate::input::object::Object;

const EXAMPLE: &str = "send a JSON object: {\"schema\": \"annulus.spine/1\", \"age_years\": 46, \"mass_kg\": 71, \"measured\": {\"grade\": {\"L4-L5\": 3}}}";

impl SpineDocument {
    /// Reads a spine.
    ///
    /// # Errors
    /// The first thing that is wrong with its form; its values are checked when it
    /// becomes a subject.
    pub fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let keys = [
            "schema",
            "sex",
            "age_years",
            "height_m",
            "mass_kg",
            "measured",
            "posture",
            "couch",
        ];
        let top = Object::new("", json::object(bytes, EXAMPLE)?, &keys)?;
        let schema: String = top.required("schema", "\"annulus.spine/1\"")?;
        if schema != Self::SCHEMA {
            let problem = format!("this is not {}", Self::SCHEMA);
            return Err(bad("unknown-schema", "schema", &schema, &problem, EXAMPLE));
        }
        Ok(Self {
            schema,
            sex: top.optional("sex", "\"female\" or \"male\", or leave it out")?,
            age_years: top.required("age_years", "a number of years")?,
            height_m: top.optional("height_m", "a number of metres")?,
            mass_kg: top.required("mass_kg", "a number of kilograms")?,
            measured: measured(&top)?,
            posture: posture(&top)?,
            couch: couch(&top)?,
        })
    }
}

fn measured(top: &Object) -> Result<MeasuredDocument, Problem> {
    let keys = [
        "disc_height_mm",
        "grade",
        "disc_area_mm2",
        "lordosis_deg",
        "kyphosis_deg",
        "cervical_lordosis_deg",
        "sacral_slope_deg",
        "sagittal_offset_mm",
        "coronal",
    ];
    let Some(of) = top.object("measured", "measured", &keys)? else {
        return Ok(MeasuredDocument::default());
    };
    let degrees = |key| of.optional(key, "a number of degrees");
    let curve = of.object("coronal", "measured.coronal", &["cobb_deg", "apex", "side"])?;
    Ok(MeasuredDocument {
        disc_height_mm: of.levels("disc_height_mm", "a number of millimetres")?,
        grade: of.levels("grade", "a whole number from 1 to 5")?,
        disc_area_mm2: of.levels("disc_area_mm2", "a number of square millimetres")?,
        lordosis_deg: degrees("lordosis_deg")?,
        kyphosis_deg: degrees("kyphosis_deg")?,
        cervical_lordosis_deg: degrees("cervical_lordosis_deg")?,
        sacral_slope_deg: degrees("sacral_slope_deg")?,
        sagittal_offset_mm: of.optional("sagittal_offset_mm", "a number of millimetres")?,
        coronal: curve.as_ref().map(coronal).transpose()?,
    })
}

fn coronal(of: &Object) -> Result<CoronalDocument, Problem> {
    Ok(CoronalDocument {
        cobb_deg: of.required("cobb_deg", "a number of degrees")?,
        apex: of.required("apex", "a segment, such as \"T8-T9\"")?,
        side: of.required("side", "\"left\" or \"right\"")?,
    })
}

fn posture(top: &Object) -> Result<PostureDocument, Problem> {
    let keys = ["position", "neck_flexion_deg"];
    let Some(of) = top.object("posture", "posture", &keys)? else {
        return Ok(PostureDocument::default());
    };
    let words = "\"supine\", \"supine-legs-raised\" or \"prone\"";
    let bend = of.optional("neck_flexion_deg", "a number of degrees")?;
    Ok(PostureDocument {
        position: of.optional("position", words)?,
        neck_flexion_deg: bend.unwrap_or(0.0),
    })
}

fn couch(top: &Object) -> Result<CouchDocument, Problem> {
    let usual = CouchDocument::default();
    let Some(of) = top.object("couch", "couch", &["incline_deg", "slack_mm"])? else {
        return Ok(usual);
    };
    let incline = of.optional("incline_deg", "a number of degrees")?;
    let slack = of.optional("slack_mm", "a number of millimetres")?;
    Ok(CouchDocument {
        incline_deg: incline.unwrap_or(usual.incline_deg),
        slack_mm: slack.unwrap_or(usual.slack_mm),
    })
}
