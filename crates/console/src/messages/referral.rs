//! Words of letters to other places.

use care::episode::ReferralEnd;

impl super::Say {
    /// What came of a letter.
    #[must_use]
    pub fn referral_ended(self, end: ReferralEnd) -> String {
        match end {
            ReferralEnd::Answered => self.referral_answered(),
            ReferralEnd::NotSeen => self.referral_not_seen(),
            ReferralEnd::Withdrawn => self.referral_withdrawn(),
        }
    }
}
