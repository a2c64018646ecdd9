//! Quantities: one type a unit, private field, checked constructor.
//!
//! `new` refuses what is not a finite number; `of` is for constants and checks
//! at compile time. Arithmetic keeps the unit; a product of two units is spelt
//! out where it has a name (`Kilograms::weight`, `NewtonsPerMetre * Metres`).

use core::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// Standard acceleration of free fall, m/s² (CGPM 1901, exact by definition).
pub const STANDARD_GRAVITY: f64 = 9.806_65;

/// One pound-force in newtons (international pound × standard gravity, exact).
const POUND_FORCE_N: f64 = 4.448_221_615_260_5;
/// One conventional millimetre of mercury in pascals (BIPM conventional value).
const MMHG_PA: f64 = 133.322_387_415;

/// What every quantity offers to generic code (tables, intervals, renderers).
pub trait Quantity: Copy + PartialOrd {
    /// UCUM symbol of the SI unit, as written in JSON.
    const UNIT: &'static str;
    /// The value in the SI unit.
    fn get(self) -> f64;
    /// The quantity, or nothing if `value` is not finite.
    fn new(value: f64) -> Option<Self>;
}

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $unit:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// No amount at all.
            pub const ZERO: Self = Self(0.0);

            /// The quantity, or nothing if `value` is not finite.
            #[must_use]
            pub const fn new(value: f64) -> Option<Self> {
                if value.is_finite() { Some(Self(value)) } else { None }
            }

            /// A constant; a value that is not finite fails the build where it is used in a `const`.
            #[must_use]
            pub const fn of(value: f64) -> Self {
                assert!(value.is_finite(), "a constant quantity must be finite");
                Self(value)
            }

            /// A measurement as it came: not finite means a broken sensor, and whoever
            /// reads it decides with [`Self::is_finite`] what that means.
            #[must_use]
            pub const fn raw(value: f64) -> Self {
                Self(value)
            }

            /// The value in the SI unit.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }

            /// Whether the value is a finite number.
            #[must_use]
            pub const fn is_finite(self) -> bool {
                self.0.is_finite()
            }

            /// The smaller of two.
            #[must_use]
            pub const fn min(self, other: Self) -> Self {
                Self(self.0.min(other.0))
            }

            /// The larger of two.
            #[must_use]
            pub const fn max(self, other: Self) -> Self {
                Self(self.0.max(other.0))
            }

            /// Within `low ..= high`; `low` wins if they cross.
            #[must_use]
            pub const fn clamp(self, low: Self, high: Self) -> Self {
                self.min(high).max(low)
            }

            /// The size without its sign.
            #[must_use]
            pub const fn abs(self) -> Self {
                Self(self.0.abs())
            }
        }

        impl Quantity for $name {
            const UNIT: &'static str = $unit;
            fn get(self) -> f64 { self.0 }
            fn new(value: f64) -> Option<Self> { Self::new(value) }
        }
        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self { Self(self.0 + other.0) }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self { Self(self.0 - other.0) }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) { self.0 += other.0; }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) { self.0 -= other.0; }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self { Self(-self.0) }
        }
        impl Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self { Self(self.0 * factor) }
        }
        impl Div<f64> for $name {
            type Output = Self;
            fn div(self, divisor: f64) -> Self { Self(self.0 / divisor) }
        }
        impl Div for $name {
            type Output = f64;
            fn div(self, other: Self) -> f64 { self.0 / other.0 }
        }
    };
}

quantity!(
    /// Force, N. Tension at the load cells is positive.
    Newtons, "N");
quantity!(
    /// Rate of change of force, N/s.
    NewtonsPerSecond, "N/s");
quantity!(
    /// Stiffness, N/m.
    NewtonsPerMetre, "N/m");
quantity!(
    /// Length, m.
    Metres, "m");
quantity!(
    /// Time span, s.
    Seconds, "s");
quantity!(
    /// Pressure relative to the atmosphere, Pa.
    Pascals, "Pa");
quantity!(
    /// Plane angle, rad.
    Radians, "rad");
quantity!(
    /// Mass, kg.
    Kilograms, "kg");
quantity!(
    /// Temperature, °C (clinical readings; no difference of temperatures is taken in kelvin).
    Celsius, "Cel");

impl Newtons {
    /// From pounds-force, as US practice writes forces.
    #[must_use]
    pub fn from_pounds_force(pounds: f64) -> Option<Self> {
        Self::new(pounds * POUND_FORCE_N)
    }

    /// In pounds-force, for people who read them.
    #[must_use]
    pub fn pounds_force(self) -> f64 {
        self.0 / POUND_FORCE_N
    }
}

impl Pascals {
    /// From millimetres of mercury.
    #[must_use]
    pub fn from_mmhg(mmhg: f64) -> Option<Self> {
        Self::new(mmhg * MMHG_PA)
    }

    /// In millimetres of mercury.
    #[must_use]
    pub fn mmhg(self) -> f64 {
        self.0 / MMHG_PA
    }
}

impl Kilograms {
    /// Weight at standard gravity.
    #[must_use]
    pub fn weight(self) -> Newtons {
        Newtons(self.0 * STANDARD_GRAVITY)
    }
}

impl Metres {
    /// From millimetres.
    #[must_use]
    pub fn from_mm(mm: f64) -> Option<Self> {
        Self::new(mm / 1000.0)
    }

    /// In millimetres.
    #[must_use]
    pub fn mm(self) -> f64 {
        self.0 * 1000.0
    }
}

impl Radians {
    /// From degrees.
    #[must_use]
    pub fn from_degrees(degrees: f64) -> Option<Self> {
        Self::new(degrees.to_radians())
    }

    /// In degrees.
    #[must_use]
    pub fn degrees(self) -> f64 {
        self.0.to_degrees()
    }
}

impl Mul<Metres> for NewtonsPerMetre {
    type Output = Newtons;
    fn mul(self, length: Metres) -> Newtons {
        Newtons(self.0 * length.0)
    }
}

impl Div<NewtonsPerMetre> for Newtons {
    type Output = Metres;
    fn div(self, stiffness: NewtonsPerMetre) -> Metres {
        Metres(self.0 / stiffness.0)
    }
}

impl Mul<Seconds> for NewtonsPerSecond {
    type Output = Newtons;
    fn mul(self, time: Seconds) -> Newtons {
        Newtons(self.0 * time.0)
    }
}

impl Div<NewtonsPerSecond> for Newtons {
    type Output = Seconds;
    fn div(self, rate: NewtonsPerSecond) -> Seconds {
        Seconds(self.0 / rate.0)
    }
}
