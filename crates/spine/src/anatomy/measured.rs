//! How the person lies, and what was measured of this one.
//!
//! A measured value replaces the regression's and nothing else: another disc's
//! height, area or grade stays as it was. Two consequences are geometry, not
//! exceptions: a lower disc brings the bones above it nearer, and slices that
//! are not measured share the mass that the measured ones leave.

use super::{AnatomyError, BODIES, JOINTS};
use crate::lumped::Position;
use si::{Kilograms, Metres, Radians, Segment, Side};

/// How the person lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posture {
    /// On the back, with or without raised legs, or on the belly.
    pub position: Position,
    /// Bend of the neck forward of neutral (−30° to 45°).
    pub neck_flexion: Radians,
}

impl Posture {
    /// In this position, the neck neutral.
    #[must_use]
    pub const fn neutral(position: Position) -> Self {
        Self {
            position,
            neck_flexion: Radians::ZERO,
        }
    }

    pub(super) fn check(&self) -> Result<(), AnatomyError> {
        let bend = self.neck_flexion.degrees();
        AnatomyError::check("posture.neck_flexion", None, bend, (-30.0, 45.0), "deg")
    }
}

/// A coronal curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coronal {
    /// Cobb angle (0–60°).
    pub cobb: Radians,
    /// The most tilted-apart segment, C4–C5 to L3–L4.
    pub apex: Segment,
    /// The side it is convex to.
    pub side: Side,
}

/// One measured property of one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// Mean height of the disc lying (0.5–25 mm).
    DiscHeight(Metres),
    /// Pfirrmann grade (1–5).
    Grade(u8),
    /// Cross-section of the disc, m² (50–3,500 mm²).
    DiscArea(f64),
}

/// What was measured of this person; nothing by default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// Mean height of each disc, C0–C1 to L5–S1 (0.5–25 mm).
    pub disc_heights: [Option<Metres>; JOINTS],
    /// Pfirrmann grade of each disc (1–5); 4 and 5 lower the disc unless its height was measured.
    pub grades: [Option<u8>; JOINTS],
    /// Cross-section of each disc, m² (50–3,500 mm²).
    pub disc_areas: [Option<f64>; JOINTS],
    /// Mass of each body's slice, skull to sacrum with pelvis and legs.
    pub masses: [Option<Kilograms>; BODIES],
    /// Lordosis between the upper endplates of L1 and S1 lying with straight legs (0–85°).
    pub lordosis: Option<Radians>,
    /// Kyphosis between the upper endplate of T1 and the lower of T12 (5–90°).
    pub kyphosis: Option<Radians>,
    /// Lordosis between the lower endplates of C2 and C7 with the neck neutral (−30° to 60°).
    pub cervical_lordosis: Option<Radians>,
    /// Slope of the endplate of S1 (0–70°), lying with straight legs.
    pub sacral_slope: Option<Radians>,
    /// Coronal curve.
    pub coronal: Option<Coronal>,
    /// How far C7's centre lies in front of the back upper corner of S1 (± 80 mm), taken up at T12–L1.
    pub sagittal_offset: Option<Metres>,
}

impl Measured {
    /// Takes a reading for a level named in text, such as `L4-L5`.
    ///
    /// # Errors
    /// A level that does not exist; a value outside the range of its kind.
    pub fn read(&mut self, level: &str, reading: Reading) -> Result<(), AnatomyError> {
        let unknown = |_| AnatomyError::UnknownLevel {
            given: level.to_owned(),
        };
        let segment: Segment = level.parse().map_err(unknown)?;
        reading.check(segment)?;
        let index = segment.index();
        match reading {
            Reading::DiscHeight(height) => self.disc_heights[index] = Some(height),
            Reading::Grade(grade) => self.grades[index] = Some(grade),
            Reading::DiscArea(area) => self.disc_areas[index] = Some(area),
        }
        Ok(())
    }

    pub(super) fn check(&self) -> Result<(), AnatomyError> {
        for (index, &segment) in Segment::ALL.iter().enumerate() {
            let readings = [
                self.disc_heights[index].map(Reading::DiscHeight),
                self.grades[index].map(Reading::Grade),
                self.disc_areas[index].map(Reading::DiscArea),
            ];
            for reading in readings.into_iter().flatten() {
                reading.check(segment)?;
            }
        }
        self.check_shape()?;
        self.check_coronal()
    }

    fn check_shape(&self) -> Result<(), AnatomyError> {
        let angles = [
            ("measured.lordosis", self.lordosis, (0.0, 85.0)),
            ("measured.kyphosis", self.kyphosis, (5.0, 90.0)),
            (
                "measured.cervical_lordosis",
                self.cervical_lordosis,
                (-30.0, 60.0),
            ),
            ("measured.sacral_slope", self.sacral_slope, (0.0, 70.0)),
        ];
        for (place, angle, range) in angles {
            if let Some(angle) = angle {
                AnatomyError::check(place, None, angle.degrees(), range, "deg")?;
            }
        }
        self.sagittal_offset.map_or(Ok(()), |offset| {
            let place = "measured.sagittal_offset";
            AnatomyError::check(place, None, offset.mm(), (-80.0, 80.0), "mm")
        })
    }

    fn check_coronal(&self) -> Result<(), AnatomyError> {
        let Some(Coronal { cobb, apex, .. }) = self.coronal else {
            return Ok(());
        };
        let degrees = cobb.degrees();
        AnatomyError::check("measured.coronal.cobb", None, degrees, (0.0, 60.0), "deg")?;
        if (Segment::C4C5..=Segment::L3L4).contains(&apex) {
            return Ok(());
        }
        Err(AnatomyError::Apex { given: apex })
    }
}

impl Reading {
    fn check(self, segment: Segment) -> Result<(), AnatomyError> {
        let level = Some(segment.as_str());
        let (place, value, range, unit) = match self {
            Self::DiscHeight(height) => ("measured.disc_height", height.mm(), (0.5, 25.0), "mm"),
            Self::Grade(grade) => ("measured.grade", f64::from(grade), (1.0, 5.0), "Pfirrmann"),
            Self::DiscArea(area) => ("measured.disc_area", area * 1e6, (50.0, 3500.0), "mm2"),
        };
        AnatomyError::check(place, level, value, range, unit)
    }
}
