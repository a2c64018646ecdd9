//! The document and what it becomes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use si::{Kilograms, Metres, Problem, Radians, Segment, Side};
use spine::ColumnError;
use spine::anatomy::{AnatomyError, Coronal, Measured, Person, Posture, Reading, Sex};
use spine::column::Subject;
use spine::world::Support;

use crate::input::bad;
use crate::plan::{Position, Prescription};

/// One person's spine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpineDocument {
    /// Number of this form of document.
    pub schema: String,
    /// Sex, where it is known: otherwise the mean of both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<SexDocument>,
    /// Age, 10 to 110 years.
    pub age_years: f64,
    /// Stature, 1.0 to 2.3 m, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_m: Option<f64>,
    /// Body mass, 20 to 350 kg.
    pub mass_kg: f64,
    /// What was measured of this person; everything else comes from regressions.
    #[serde(default)]
    pub measured: MeasuredDocument,
    /// How the person lies; by default as the prescription says, the neck neutral.
    #[serde(default)]
    pub posture: PostureDocument,
    /// The couch and the harness.
    #[serde(default)]
    pub couch: CouchDocument,
}

/// Sex, as the published tables distinguish it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the words themselves")]
pub enum SexDocument {
    Female,
    Male,
}

/// What was measured of one person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MeasuredDocument {
    /// Mean height of a disc lying, by segment, 0.5 to 25 mm.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub disc_height_mm: BTreeMap<String, f64>,
    /// Degeneration of a disc, by segment, Pfirrmann 1 to 5.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub grade: BTreeMap<String, u8>,
    /// Cross-section of a disc, by segment, 50 to 3,500 mm².
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub disc_area_mm2: BTreeMap<String, f64>,
    /// Lordosis between the upper end plates of L1 and S1, lying with straight legs, 0 to 85.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lordosis_deg: Option<f64>,
    /// Kyphosis between the upper end plate of T1 and the lower of T12, 5 to 90.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kyphosis_deg: Option<f64>,
    /// Lordosis between the lower end plates of C2 and C7, the neck neutral, −30 to 60.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cervical_lordosis_deg: Option<f64>,
    /// Slope of the end plate of S1, lying with straight legs, 0 to 70.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sacral_slope_deg: Option<f64>,
    /// How far C7 lies in front of the back upper corner of S1, −80 to 80.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sagittal_offset_mm: Option<f64>,
    /// A sideways curve.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coronal: Option<CoronalDocument>,
}

/// A sideways curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoronalDocument {
    /// Cobb angle, 0 to 60.
    pub cobb_deg: f64,
    /// The segment that is tilted apart most, C4-C5 to L3-L4.
    pub apex: String,
    /// The side it is convex to, left or right.
    pub side: String,
}

/// How the person lies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PostureDocument {
    /// On the back, with or without raised legs, or on the belly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Bend of the neck forward of neutral, −30 to 45.
    pub neck_flexion_deg: f64,
}

/// The couch and the harness.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CouchDocument {
    /// Slope, positive with the pulled end lower, −20 to 20.
    pub incline_deg: f64,
    /// Travel of the carriage before the harness touches, 0 to 100.
    pub slack_mm: f64,
}

impl Default for CouchDocument {
    fn default() -> Self {
        let level = Support::level(true);
        Self {
            incline_deg: level.incline.degrees(),
            slack_mm: level.slack.mm(),
        }
    }
}

impl SpineDocument {
    /// The form this code reads.
    pub const SCHEMA: &'static str = "annulus.spine/1";

    /// The person as they lie for this prescription, with what was measured.
    ///
    /// # Errors
    /// A value that no person has, a level that does not exist, or a position that
    /// is not the prescription's.
    pub fn subject(&self, prescription: &Prescription) -> Result<Subject, Problem> {
        let position = prescription.position;
        if let Some(own) = self.posture.position.filter(|own| *own != position) {
            let problem = format!("the prescription says {}", position.as_str());
            return Err(bad(
                "positions-differ",
                "posture.position",
                own.as_str(),
                &problem,
                "leave it out, or simulate a prescription for this position",
            ));
        }
        let posture = Posture {
            neck_flexion: degrees("posture.neck_flexion_deg", self.posture.neck_flexion_deg)?,
            ..Posture::neutral(position.spine())
        };
        let person = self.person()?;
        let measured = self.measured.readings()?;
        Subject::new(&person, &posture, &measured).map_err(|error| anatomy(&error))
    }

    /// The couch under that prescription.
    ///
    /// # Errors
    /// A slope or a slack that is no number; their range is the column's to check.
    pub fn support(&self, prescription: &Prescription) -> Result<Support, Problem> {
        Ok(Support {
            position: prescription.position.spine(),
            incline: degrees("couch.incline_deg", self.couch.incline_deg)?,
            slack: metres("couch.slack_mm", self.couch.slack_mm / 1000.0)?,
            ..Support::level(prescription.table_split)
        })
    }

    fn person(&self) -> Result<Person, Problem> {
        let height = self.height_m.map(|height| metres("height_m", height));
        Ok(Person {
            sex: self.sex.map(|sex| match sex {
                SexDocument::Female => Sex::Female,
                SexDocument::Male => Sex::Male,
            }),
            age_years: self.age_years,
            height: height.transpose()?,
            mass: Kilograms::new(self.mass_kg).ok_or_else(|| no_number("mass_kg"))?,
        })
    }
}

impl MeasuredDocument {
    fn readings(&self) -> Result<Measured, Problem> {
        let mut measured = Measured::default();
        for (level, mm) in &self.disc_height_mm {
            let place = format!("measured.disc_height_mm[{level}]");
            let reading = Reading::DiscHeight(metres(&place, mm / 1000.0)?);
            take(&mut measured, level, reading, place)?;
        }
        for (level, grade) in &self.grade {
            let place = format!("measured.grade[{level}]");
            take(&mut measured, level, Reading::Grade(*grade), place)?;
        }
        for (level, mm2) in &self.disc_area_mm2 {
            let place = format!("measured.disc_area_mm2[{level}]");
            take(&mut measured, level, Reading::DiscArea(mm2 * 1e-6), place)?;
        }
        let angle = |place: &str, value: Option<f64>| {
            let angle = value.map(|value| degrees(place, value));
            angle.transpose()
        };
        measured.lordosis = angle("measured.lordosis_deg", self.lordosis_deg)?;
        measured.kyphosis = angle("measured.kyphosis_deg", self.kyphosis_deg)?;
        let neck = self.cervical_lordosis_deg;
        measured.cervical_lordosis = angle("measured.cervical_lordosis_deg", neck)?;
        measured.sacral_slope = angle("measured.sacral_slope_deg", self.sacral_slope_deg)?;
        let offset = self
            .sagittal_offset_mm
            .map(|mm| metres("measured.sagittal_offset_mm", mm / 1000.0));
        measured.sagittal_offset = offset.transpose()?;
        measured.coronal = self.coronal.as_ref().map(coronal).transpose()?;
        Ok(measured)
    }
}

fn coronal(curve: &CoronalDocument) -> Result<Coronal, Problem> {
    let unknown = |place: &str, value: &str, expected: &str| {
        let remedy = format!("write {expected}");
        bad("unknown-name", place, value, "no such name", &remedy)
    };
    let apex: Result<Segment, _> = curve.apex.parse();
    let side: Result<Side, _> = curve.side.parse();
    Ok(Coronal {
        cobb: degrees("measured.coronal.cobb_deg", curve.cobb_deg)?,
        apex: apex
            .map_err(|error| unknown("measured.coronal.apex", &curve.apex, error.expected))?,
        side: side
            .map_err(|error| unknown("measured.coronal.side", &curve.side, error.expected))?,
    })
}

/// Takes one reading; what is wrong with it is told at `place`.
fn take(
    measured: &mut Measured,
    level: &str,
    reading: Reading,
    place: String,
) -> Result<(), Problem> {
    measured.read(level, reading).map_err(|error| {
        let told = anatomy(&error);
        Problem { place, ..told }
    })
}

fn no_number(place: &str) -> Problem {
    bad(
        "not-a-number",
        place,
        "",
        "is not a finite number",
        "give a number",
    )
}

fn metres(place: &str, value: f64) -> Result<Metres, Problem> {
    Metres::new(value).ok_or_else(|| no_number(place))
}

fn degrees(place: &str, value: f64) -> Result<Radians, Problem> {
    Radians::from_degrees(value).ok_or_else(|| no_number(place))
}

/// What the anatomy refuses, in the words of the document.
fn anatomy(error: &AnatomyError) -> Problem {
    match error {
        AnatomyError::Person(error) => refused(error),
        AnatomyError::OutOfRange {
            place,
            value,
            low,
            high,
            unit,
            ..
        } => outside(place, *value, (*low, *high), unit),
        AnatomyError::UnknownLevel { given } => bad(
            "unknown-level",
            error.place(),
            given,
            "no such level",
            error.remedy(),
        ),
        AnatomyError::Apex { given } => bad(
            "out-of-range",
            error.place(),
            given.as_str(),
            "is too near an end of the spine",
            error.remedy(),
        ),
        other => bad(
            "impossible",
            other.place(),
            "",
            &other.to_string(),
            other.remedy(),
        ),
    }
}

/// What the column refuses, in the words of the document and of the prescription.
#[must_use]
pub fn refused(error: &ColumnError) -> Problem {
    match error {
        ColumnError::OutOfRange {
            place,
            value,
            low,
            high,
            unit,
        } => outside(place, *value, (*low, *high), unit),
        other => bad(
            "not-computed",
            other.place(),
            "",
            &other.to_string(),
            other.remedy(),
        ),
    }
}

fn outside(place: &str, value: f64, (low, high): (f64, f64), unit: &str) -> Problem {
    let unit = match unit {
        "1" => "",
        "a" => "years",
        "deg" => "°",
        "mm2" => "mm²",
        other => other,
    };
    bad(
        "out-of-range",
        named(place),
        format!("{} {unit}", tidy(value)).trim_end(),
        format!("is outside {low} to {high} {unit}").trim_end(),
        "give a value inside the range",
    )
}

/// A value without the dust of a conversion.
fn tidy(value: f64) -> f64 {
    libm::round(value * 1e9) * 1e-9
}

/// The document's name for a place of the model.
fn named(place: &str) -> &str {
    match place {
        "patient.age_years" => "age_years",
        "patient.mass" => "mass_kg",
        "patient.height" => "height_m",
        "support.incline" => "couch.incline_deg",
        "support.slack" => "couch.slack_mm",
        "posture.neck_flexion" => "posture.neck_flexion_deg",
        "measured.lordosis" => "measured.lordosis_deg",
        "measured.kyphosis" => "measured.kyphosis_deg",
        "measured.cervical_lordosis" => "measured.cervical_lordosis_deg",
        "measured.sacral_slope" => "measured.sacral_slope_deg",
        "measured.sagittal_offset" => "measured.sagittal_offset_mm",
        "measured.coronal.cobb" => "measured.coronal.cobb_deg",
        "pull.tension" => "prescription.force_n",
        "pull.angle" => "prescription.angle_deg",
        other => other,
    }
}
