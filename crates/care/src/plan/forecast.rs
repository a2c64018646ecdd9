//! What a prescription is expected to do, through `spine::column`.
//!
//! The person is who the chart says: sex, age, height, mass, and the Pfirrmann
//! grade of each disc that was graded, its newest reading however old (a disc does
//! not recover). The whole spine is pulled, [`FORECAST_MEMBERS`] times over what
//! is not known; a level's numbers are those at the end of the last hold. A Cobb angle
//! alone, without apex and side, does not place a curve: then the forecast is of a
//! straight spine and says so. Lordosis on the chart is of a standing person and is
//! not taken for that of a lying one.
//!
//! For people only: no verdict, no limit and no candidate depends on it. Where
//! age is not recorded, or the body lies outside the column's range, there is
//! no forecast rather than a guess. Same chart, same bits.

use si::{Newtons, Problem, Radians, Region, Seconds, Segment};
use spine::anatomy::{Measured, Posture, Reading};
use spine::column::{
    Band, Comfort, Instants, Output, Overall, Prediction, Setting, Subject, Warning, predict,
};
use spine::lumped::Patient;
use spine::unknown::Belief;
use spine::world::{Pull, Support};
use traction::Ticks;
use traction::profile::Profile;

use super::body::Body;
use super::prescription::ForecastCurve;
use super::{Forecast, LevelForecast, Prescription, Range};

/// Spines in the ensemble of a forecast (ours): three candidates stay well below a second, and the
/// ends of a band move by less than the half millimetre that is shown anyway.
pub const FORECAST_MEMBERS: usize = 40;
/// Instants of the curve, evenly from start to end (ours): every 20 s of ten minutes.
const INSTANTS: usize = 31;
/// Cobb angle from which a curve is a scoliosis, °.
const CURVED_DEG: f64 = 10.0;

/// A prescribed pull as the spine sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrescribedPull {
    profile: Profile,
    angle: Radians,
}

impl PrescribedPull {
    /// From start to end, pauses not counted.
    #[must_use]
    pub fn duration(&self) -> Seconds {
        self.profile.total().seconds()
    }
}

impl Prescription {
    /// The pull of the first session, as the spine sees it.
    ///
    /// # Errors
    /// A setting that `traction` refuses, or an angle that is no number.
    pub fn pull(&self) -> Result<PrescribedPull, Problem> {
        let profile = self.profile(Newtons::raw(self.force_n));
        let profile = profile.map_err(|problem| Problem {
            remedy: "give a setting inside the range that the problem names".to_owned(),
            ..problem
        })?;
        let angle = Radians::from_degrees(self.angle_deg).ok_or_else(|| {
            Problem::new(
                "prescription-impossible",
                "prescription.angle_deg",
                self.angle_deg.to_string(),
                "is not a number",
                "give the angle in degrees, positive towards flexion",
            )
        })?;
        Ok(PrescribedPull { profile, angle })
    }
}

impl Pull for PrescribedPull {
    fn tension(&self, t: Seconds) -> Newtons {
        let ticks = Ticks::from_seconds(t).unwrap_or(Ticks::ZERO);
        self.profile.at(ticks).force
    }

    fn angle(&self) -> Radians {
        self.angle
    }
}

/// The forecast by what is believed of this spine, where the body's measures allow one.
pub(super) fn forecast(
    prescription: &Prescription,
    body: &Body,
    belief: &Belief,
) -> Option<Forecast> {
    let region = prescription.region;
    let subject = subject(prescription, body)?;
    let setting = Setting {
        region,
        support: Support {
            position: prescription.position.spine(),
            ..Support::level(prescription.table_split)
        },
        comfort: Comfort::default(),
    };
    if belief.region() != region {
        return None;
    }
    let pull = prescription.pull().ok()?;
    let found = predict(
        &subject,
        &setting,
        (&pull, pull.duration()),
        &Instants::Even(INSTANTS),
        (belief, FORECAST_MEMBERS),
    )
    .ok()?;
    let note = if *belief == Belief::prior(region) {
        "A forecast from published averages, with its doubt; nothing is decided by it."
    } else {
        "A forecast from published averages and what earlier sessions showed, with its doubt; \
         nothing is decided by it."
    };
    told(&found, region, warnings(&found, body), note)
}

/// The person as they lie, with what is on record.
fn subject(prescription: &Prescription, body: &Body) -> Option<Subject> {
    let patient = Patient {
        sex: body.sex,
        age_years: body.age?,
        height: body.height,
        mass: body.mass,
    };
    let mut measured = Measured::default();
    for (segment, grade) in &body.grades {
        let reading = Reading::Grade(*grade);
        measured.read(segment.as_str(), reading).ok()?;
    }
    let posture = Posture::neutral(prescription.position.spine());
    Subject::new(&patient, &posture, &measured).ok()
}

fn warnings(found: &Prediction, body: &Body) -> Vec<String> {
    let mut warnings: Vec<String> = found
        .warnings
        .iter()
        .map(|warning| warning.as_str().to_owned())
        .collect();
    if let Some(cobb) = body.cobb_deg.filter(|cobb| *cobb >= CURVED_DEG) {
        warnings.push(format!(
            "a sideways curve of {cobb:.0}° is on record without its apex and side; \
             the forecast is of a straight spine"
        ));
    }
    warnings
}

fn told(found: &Prediction, region: Region, warnings: Vec<String>, note: &str) -> Option<Forecast> {
    let held = found.held;
    let levels = found
        .levels()
        .iter()
        .filter(|segment| Segment::of(region).contains(segment));
    Some(Forecast {
        levels: levels
            .map(|segment| level(found, *segment))
            .collect::<Option<_>>()?,
        delivered_n: range(found.overall(Overall::Delivered, held)?, 1.0),
        elongation_mm: range(found.overall(Overall::Elongation, held)?, MM),
        stature_mm: Some(range(found.overall(Overall::Stature, held)?, MM)),
        extrapolated: found.warnings.contains(&Warning::Extrapolated),
        warnings,
        curve: curve(found),
        note: note.to_owned(),
    })
}

/// What one level does at the end of the last hold.
fn level(found: &Prediction, segment: Segment) -> Option<LevelForecast> {
    let shown = |output, scale| Some(range(found.shown(output, segment, found.held)?, scale));
    Some(LevelForecast {
        segment,
        opening_mm: shown(Output::Separation, MM)?,
        anterior_mm: shown(Output::SeparationAnterior, MM),
        posterior_mm: shown(Output::SeparationPosterior, MM),
        rotation_deg: shown(Output::Rotation, Radians::raw(1.0).degrees()),
        pressure_change_kpa: shown(Output::PressureChange, 1e-3),
        annulus_strain_share: shown(Output::AnnulusStrain, 1.0),
        ligament_strain_share: shown(Output::LigamentStrain, 1.0),
        share_of_force: rounded(found.at(Output::ForceShare, segment, found.held)?.mid),
    })
}

fn curve(found: &Prediction) -> Option<ForecastCurve> {
    let mut curve = ForecastCurve::default();
    for (instant, (at, applied)) in found.instants.iter().enumerate() {
        let elongation = range(found.overall(Overall::Elongation, instant)?, MM);
        curve.at_s.push(rounded(*at));
        curve.applied_n.push(rounded(*applied));
        curve.low_mm.push(elongation.low);
        curve.mid_mm.push(elongation.mid);
        curve.high_mm.push(elongation.high);
    }
    Some(curve)
}

/// Millimetres in a metre.
const MM: f64 = 1e3;

fn range(band: Band, scale: f64) -> Range {
    Range {
        low: rounded(band.low * scale),
        mid: rounded(band.mid * scale),
        high: rounded(band.high * scale),
    }
}

/// To thousandths: a plan is read and signed by people.
fn rounded(value: f64) -> f64 {
    libm::round(value * 1e3) / 1e3
}
