//! Words of the diary.

use care::diary::{Purpose, Standing};

use super::Say;

impl Say {
    /// What an appointment is for.
    #[must_use]
    pub fn purpose(self, purpose: Purpose) -> String {
        match purpose {
            Purpose::FirstVisit => self.purpose_first(),
            Purpose::Session => self.purpose_session(),
            Purpose::ReEvaluation => self.purpose_again(),
        }
    }

    /// Where an appointment stands.
    #[must_use]
    pub fn standing(self, standing: Standing) -> String {
        match standing {
            Standing::Booked => self.standing_booked(),
            Standing::Arrived => self.standing_arrived(),
            Standing::InSession => self.standing_in_session(),
            Standing::Done => self.standing_done(),
            Standing::NoShow => self.standing_no_show(),
            Standing::Cancelled => self.standing_cancelled(),
        }
    }
}
