//! Words of the clinic's own outcomes.

use super::Say;

impl Say {
    /// A period of episodes.
    #[must_use]
    pub fn outcomes_period(self, key: &str) -> String {
        match key {
            "year" => self.outcomes_year(),
            "quarter" => self.outcomes_quarter(),
            _ => self.outcomes_all(),
        }
    }
}
