//! Checks of the guard that are switched off, one bit a cause: nothing in the
//! product, which is built without the feature `blind`. A campaign removes one
//! check at a time with it and shows that force is then found to be wrong.

use crate::cause::Cause;

/// The checks that are off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Blind(#[cfg(feature = "blind")] u64);

#[cfg(not(feature = "blind"))]
impl Blind {
    pub(super) const NONE: Self = Self();

    pub(super) const fn to(self, _: Cause) -> bool {
        false
    }
}

#[cfg(feature = "blind")]
impl Blind {
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn to(self, cause: Cause) -> bool {
        self.0 & bit(cause) != 0
    }

    pub(super) const fn also(self, cause: Cause) -> Self {
        Self(self.0 | bit(cause))
    }
}

/// Codes are below 64; one that is not cannot be switched off.
#[cfg(feature = "blind")]
const fn bit(cause: Cause) -> u64 {
    match 1_u64.checked_shl(cause.code() as u32) {
        Some(bit) => bit,
        None => 0,
    }
}
