//! One number, or one number of several spines side by side.
//!
//! Every law of the column is written once over [`Real`]. With `f64` it is one
//! spine; with [`Lane`] each operation works on as many spines as the processor
//! holds in a register, one ensemble member a lane. No operation mixes lanes and
//! none is fused, so a member has the same bits whoever sits beside it and
//! whichever kernel runs.

use core::fmt::Debug;
use core::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};
use pulp::Simd;

/// What the laws of the column need of a number.
pub trait Real:
    Copy
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + AddAssign
    + SubAssign
{
    /// Whether something holds, lane by lane.
    type Mask: Copy + Debug;

    /// The constant `x`, of the same kind as `self`.
    fn of(self, x: f64) -> Self;
    /// Square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// Size without sign.
    fn abs(self) -> Self;
    /// The smaller of two.
    fn min(self, other: Self) -> Self;
    /// The larger of two.
    fn max(self, other: Self) -> Self;
    /// Whether `self` is less than `other`.
    fn less(self, other: Self) -> Self::Mask;
    /// `yes` where the mask holds, `no` elsewhere.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// The numbers, lane by lane, are written to the front of `into`; returns how many.
    fn spread(self, into: &mut [f64; LANES]) -> usize;
    /// Whether the mask holds in any lane; `like` is any number of this kind.
    #[inline(always)]
    fn any(mask: Self::Mask, like: Self) -> bool {
        let mut all = [0.0; LANES];
        let count = Self::select(mask, like.of(1.0), like.of(0.0)).spread(&mut all);
        all[..count].iter().any(|flag| *flag > 0.5)
    }
    /// `f` of each lane by itself: for set-up (exponentials), not for the step.
    fn map(self, f: impl Fn(f64) -> f64) -> Self;
}

/// The most lanes that any kernel has.
pub const LANES: usize = 8;

impl Real for f64 {
    type Mask = bool;

    #[inline(always)]
    fn of(self, x: f64) -> Self {
        x
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        libm::sqrt(self)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn less(self, other: Self) -> bool {
        self < other
    }
    #[inline(always)]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }
    #[inline(always)]
    fn spread(self, into: &mut [f64; LANES]) -> usize {
        into[0] = self;
        1
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        f(self)
    }
}

/// As many numbers as the processor's register holds, one spine each.
#[derive(Clone, Copy, Debug)]
pub struct Lane<S: Simd> {
    simd: S,
    value: S::f64s,
}

impl<S: Simd> Lane<S> {
    /// The same number in every lane.
    #[inline(always)]
    pub fn splat(simd: S, x: f64) -> Self {
        Self {
            simd,
            value: simd.splat_f64s(x),
        }
    }

    /// The numbers of as many members; a short slice is filled up with its last.
    #[inline(always)]
    pub fn gather(simd: S, from: &[f64]) -> Self {
        let mut all = [0.0; LANES];
        let last = from.last().copied().unwrap_or(0.0);
        for (index, slot) in all.iter_mut().enumerate() {
            *slot = from.get(index).copied().unwrap_or(last);
        }
        Self {
            simd,
            value: simd.partial_load_f64s(&all[..S::F64_LANES]),
        }
    }
}

macro_rules! lanewise {
    ($trait:ident, $method:ident, $simd:ident) => {
        impl<S: Simd> $trait for Lane<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self {
                    value: self.simd.$simd(self.value, other.value),
                    ..self
                }
            }
        }
    };
}
lanewise!(Add, add, add_f64s);
lanewise!(Sub, sub, sub_f64s);
lanewise!(Mul, mul, mul_f64s);
lanewise!(Div, div, div_f64s);

macro_rules! by_constant {
    ($trait:ident, $method:ident) => {
        impl<S: Simd> $trait<f64> for Lane<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: f64) -> Self {
                $trait::$method(self, Self::splat(self.simd, other))
            }
        }
    };
}
by_constant!(Add, add);
by_constant!(Sub, sub);
by_constant!(Mul, mul);

impl<S: Simd> Neg for Lane<S> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        // Exact, sign of zero included; `neg_f64s` was a call a number with eight lanes.
        Self::splat(self.simd, -0.0) - self
    }
}

impl<S: Simd> AddAssign for Lane<S> {
    #[inline(always)]
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl<S: Simd> SubAssign for Lane<S> {
    #[inline(always)]
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl<S: Simd> Real for Lane<S> {
    type Mask = S::m64s;

    #[inline(always)]
    fn of(self, x: f64) -> Self {
        Self::splat(self.simd, x)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Self {
            value: self.simd.sqrt_f64s(self.value),
            ..self
        }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        // All bits but the sign; `abs_f64s` was a call a number with eight lanes.
        let size = self.simd.splat_f64s(f64::from_bits(u64::MAX >> 1));
        Self {
            value: self.simd.and_f64s(self.value, size),
            ..self
        }
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if S::F64_LANES == 1 {
            // What the vector instruction does: the second where either is no number.
            return Self::select(self.less(other), self, other);
        }
        Self {
            value: self.simd.min_f64s(self.value, other.value),
            ..self
        }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if S::F64_LANES == 1 {
            return Self::select(other.less(self), self, other);
        }
        Self {
            value: self.simd.max_f64s(self.value, other.value),
            ..self
        }
    }
    #[inline(always)]
    fn less(self, other: Self) -> S::m64s {
        self.simd.less_than_f64s(self.value, other.value)
    }
    #[inline(always)]
    fn select(mask: S::m64s, yes: Self, no: Self) -> Self {
        Self {
            value: yes.simd.select_f64s(mask, yes.value, no.value),
            ..yes
        }
    }
    #[inline(always)]
    fn spread(self, into: &mut [f64; LANES]) -> usize {
        if let ([first, ..], _) = S::as_mut_simd_f64s(into) {
            *first = self.value;
        }
        S::F64_LANES
    }
    #[inline(always)]
    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        let mut all = [0.0; LANES];
        let count = self.spread(&mut all);
        for x in &mut all[..count] {
            *x = f(*x);
        }
        Self::gather(self.simd, &all[..count])
    }
}
