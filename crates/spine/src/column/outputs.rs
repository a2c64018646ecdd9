//! What is told of each level, and how.

/// One quantity of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub enum Output {
    /// How much further apart the two bones are than at rest, at the disc's centre.
    Separation,
    /// The same at the disc's front.
    SeparationAnterior,
    /// The same at the disc's back.
    SeparationPosterior,
    /// Rotation in the sagittal plane, flexion positive.
    Rotation,
    /// Axial force in the disc, change from rest, tension positive.
    DiscForce,
    /// Axial force in the seven ligaments, change from rest.
    LigamentForce,
    /// Axial force in the facet joints, change from rest.
    FacetForce,
    /// Axial force in muscle, passive and active, change from rest.
    MuscleForce,
    /// Pressure of the nucleus relative to the atmosphere.
    Pressure,
    /// Its change from rest.
    PressureChange,
    /// Height of the intervertebral foramen.
    ForamenHeight,
    /// Area of the intervertebral foramen.
    ForamenArea,
    /// Bulge of the disc, relative change (a trend).
    Bulge,
    /// Sagittal width of the canal behind the disc, relative change (a trend).
    Canal,
    /// Largest ligament strain as a share of its failure strain: published, but for the capsule's.
    LigamentStrain,
    /// Largest strain of the outer annulus as a share of its published failure strain.
    AnnulusStrain,
    /// Share of the applied pull that reaches this level.
    ForceShare,
}

impl Output {
    /// How many there are.
    pub const COUNT: usize = 17;

    /// Every output, in the order of readings.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Separation,
        Self::SeparationAnterior,
        Self::SeparationPosterior,
        Self::Rotation,
        Self::DiscForce,
        Self::LigamentForce,
        Self::FacetForce,
        Self::MuscleForce,
        Self::Pressure,
        Self::PressureChange,
        Self::ForamenHeight,
        Self::ForamenArea,
        Self::Bulge,
        Self::Canal,
        Self::LigamentStrain,
        Self::AnnulusStrain,
        Self::ForceShare,
    ];

    /// Its name in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Separation => "separation",
            Self::SeparationAnterior => "separation-anterior",
            Self::SeparationPosterior => "separation-posterior",
            Self::Rotation => "rotation",
            Self::DiscForce => "disc-force",
            Self::LigamentForce => "ligament-force",
            Self::FacetForce => "facet-force",
            Self::MuscleForce => "muscle-force",
            Self::Pressure => "pressure",
            Self::PressureChange => "pressure-change",
            Self::ForamenHeight => "foramen-height",
            Self::ForamenArea => "foramen-area",
            Self::Bulge => "bulge",
            Self::Canal => "canal",
            Self::LigamentStrain => "ligament-strain",
            Self::AnnulusStrain => "annulus-strain",
            Self::ForceShare => "force-share",
        }
    }

    /// The output of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|output| output.as_str() == name)
    }

    /// SI unit, `1` for a ratio.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Separation
            | Self::SeparationAnterior
            | Self::SeparationPosterior
            | Self::ForamenHeight => "m",
            Self::Rotation => "rad",
            Self::DiscForce | Self::LigamentForce | Self::FacetForce | Self::MuscleForce => "N",
            Self::Pressure | Self::PressureChange => "Pa",
            Self::ForamenArea => "m2",
            Self::Bulge
            | Self::Canal
            | Self::LigamentStrain
            | Self::AnnulusStrain
            | Self::ForceShare => "1",
        }
    }

    /// Whether only its direction is to be read.
    #[must_use]
    pub const fn is_trend(self) -> bool {
        matches!(self, Self::Bulge | Self::Canal)
    }

    /// Half width below which nobody is shown it: a level's separation cannot be
    /// measured more finely than half a millimetre (B092, B093).
    #[must_use]
    pub const fn shown_at_least(self) -> f64 {
        match self {
            Self::Separation | Self::SeparationAnterior | Self::SeparationPosterior => 0.5e-3,
            _ => 0.0,
        }
    }
}

/// A value with its doubt: the median spine's, and the 5th and 95th percentile of the ensemble.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Band {
    /// 5th percentile, never above `mid`.
    pub low: f64,
    /// The median spine's value.
    pub mid: f64,
    /// 95th percentile, never below `mid`.
    pub high: f64,
}

impl Band {
    /// The band of an ensemble whose first value is the median spine's; nothing
    /// where a value is not finite or there is none.
    #[must_use]
    pub fn of(values: &mut [f64]) -> Option<Self> {
        let mid = *values.first()?;
        if !values.iter().all(|x| x.is_finite()) {
            return None;
        }
        let (low, high) = (quantile(values, 0.05), quantile(values, 0.95));
        Some(Self {
            low: low.min(mid),
            mid,
            high: high.max(mid),
        })
    }

    /// Widened until each side is at least `half` away.
    #[must_use]
    pub fn at_least(self, half: f64) -> Self {
        Self {
            low: self.low.min(self.mid - half),
            mid: self.mid,
            high: self.high.max(self.mid + half),
        }
    }

    /// Whether `value` lies inside, ends included.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// The value below which a share of the values lies, between neighbours straight.
fn quantile(values: &mut [f64], share: f64) -> f64 {
    let place = share * (values.len() - 1) as f64;
    let below = place.floor() as usize;
    let (_, low, rest) = values.select_nth_unstable_by(below, f64::total_cmp);
    let low = *low;
    let next = rest
        .iter()
        .copied()
        .fold(f64::INFINITY, |a, b| if b < a { b } else { a });
    if next.is_finite() {
        low + (next - low) * (place - below as f64)
    } else {
        low
    }
}
