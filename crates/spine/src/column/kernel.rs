//! Which instructions an ensemble runs on; the bits do not depend on it.

use pulp::{Simd, WithSimd};

/// A set of vector instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernel {
    /// What every processor has: one spine at a time.
    Baseline,
    /// AVX2 without fused multiply-add: four spines at a time.
    Avx2,
    /// AVX-512: eight spines at a time.
    Avx512,
}

impl Kernel {
    /// Every kernel, the plainest first.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Avx2, Self::Avx512];

    /// The widest that this processor has.
    #[must_use]
    pub fn best() -> Self {
        let mut all = Self::ALL.into_iter().rev();
        all.find(|kernel| kernel.is_here())
            .unwrap_or(Self::Baseline)
    }

    /// Its name, as it can be asked for.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Whether this processor has it.
    #[must_use]
    pub fn is_here(self) -> bool {
        match self {
            Self::Baseline => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => pulp::x86::V3::try_new().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => pulp::x86::V4::try_new().is_some(),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// Spines in one register.
    #[must_use]
    pub const fn lanes(self) -> usize {
        match self {
            Self::Baseline => 1,
            Self::Avx2 => 4,
            Self::Avx512 => 8,
        }
    }

    /// What the last `members` of an ensemble are cheapest on: a lane of eight costs
    /// as much as three spines one by one, however few of it are used.
    #[must_use]
    pub(super) const fn for_rest(self, members: usize) -> Self {
        if members * 3 < self.lanes() {
            Self::Baseline
        } else {
            self
        }
    }

    /// Runs `work` on it, or on the baseline where the processor has it not.
    pub(super) fn run<W: WithSimd>(self, work: W) -> W::Output {
        #[cfg(target_arch = "x86_64")]
        match self {
            Self::Avx2 => {
                if let Some(simd) = pulp::x86::V3::try_new() {
                    return Simd::vectorize(simd, work);
                }
            }
            Self::Avx512 => {
                if let Some(simd) = pulp::x86::V4::try_new() {
                    return Simd::vectorize(simd, work);
                }
            }
            Self::Baseline => {}
        }
        Simd::vectorize(pulp::Scalar::new(), work)
    }
}
