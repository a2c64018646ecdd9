//! The body on which pain is marked.

use super::Say;

impl Say {
    /// What pain feels like, by its name in the catalogue.
    #[must_use]
    pub fn body_feel(self, feel: &str) -> String {
        match feel {
            "aching" => self.feel_aching(),
            "stiff" => self.feel_stiff(),
            "tired" => self.feel_tired(),
            "cramping" => self.feel_cramping(),
            "throbbing" => self.feel_throbbing(),
            "burning" => self.feel_burning(),
            _ => self.unknown(),
        }
    }

    /// What was felt where a root is tested.
    #[must_use]
    pub fn feeling(self, felt: draw::Feeling) -> String {
        match felt {
            draw::Feeling::Untested => self.examined_untested(),
            draw::Feeling::Normal => self.examined_normal(),
            draw::Feeling::Altered => self.examined_altered(),
            draw::Feeling::Absent => self.examined_absent(),
        }
    }

    /// A place on the body, by its name in the catalogue.
    #[must_use]
    pub fn body_place(self, place: &str) -> String {
        match place {
            "lower-back" => self.body_lower_back(),
            "buttock" => self.body_buttock(),
            "thigh-back" => self.body_thigh_back(),
            "calf" => self.body_calf(),
            "foot" => self.body_foot(),
            "belly" => self.body_belly(),
            "groin" => self.body_groin(),
            "thigh-front" => self.body_thigh_front(),
            "shin" => self.body_shin(),
            "head" => self.body_head(),
            "neck" => self.body_neck(),
            "upper-back" => self.body_upper_back(),
            "shoulder" => self.body_shoulder(),
            "upper-arm" => self.body_upper_arm(),
            "forearm" => self.body_forearm(),
            "hand" => self.body_hand(),
            "face" => self.body_face(),
            "throat" => self.body_throat(),
            "chest" => self.body_chest(),
            other => other.replace('-', " "),
        }
    }
}
