//! The sign of life of the patient's switch (H11).
//!
//! ```text
//! every tick the table forces the inputs of both poles to the other level for less than a
//! millisecond and sees it at what reads them ─▶ count + 1 (mod 64)
//! count unchanged for T ticks of the table ─▶ nothing was read of the switch
//! ```
//! An input that hangs at "released" reads like a hand at rest; only a test that goes
//! through it tells the two apart. T = 3 (30 ms, ours, as old as a sample may be): the
//! guard takes a switch of which nothing was read for pressed 50 ms later (devices H11).
//! The loop and the Modbus client judge it alike. Shown by
//! `a_switch_input_that_hangs_is_a_missing_switch_within_thirty_ms`.

/// Ticks for which the count may stand.
const MOST: u16 = 3;
/// The count begins again here.
pub(crate) const COUNTS: u8 = 64;

/// Whether the inputs of the switch answer their tests.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Life {
    last: Option<u8>,
    /// Ticks since the count moved.
    stands: u16,
}

impl Life {
    /// The count of answered tests, `ticks` of the table after it was last seen.
    pub(crate) fn seen(&mut self, count: u8, ticks: u16) {
        if self.last == Some(count) {
            self.stands = self.stands.saturating_add(ticks);
        } else {
            self.last = Some(count);
            self.stands = 0;
        }
    }

    /// Whether what is read of the switch can be believed.
    pub(crate) const fn is_there(self) -> bool {
        self.last.is_some() && self.stands < MOST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// hazard: H11
    #[test]
    fn a_count_that_stands_for_three_ticks_is_no_sign_of_life() {
        let mut life = Life::default();
        assert!(!life.is_there(), "before anything was seen");
        life.seen(0, 1);
        for _ in 0..2 {
            assert!(life.is_there());
            life.seen(0, 1);
        }
        life.seen(0, 1);
        assert!(!life.is_there());
        life.seen(1, 1);
        assert!(life.is_there());
        life.seen(1, 3);
        assert!(!life.is_there(), "a reader that comes late sees it too");
    }
}
