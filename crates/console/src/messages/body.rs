//! The body on which pain is marked.

use super::{Say, messages};

messages! {
    body_back = "From behind";
    body_front = "From the front";
    body_left = "left";
    body_right = "right";
    body_list = "The same as a list";
    body_lower_back = "lower back";
    body_buttock = "buttock";
    body_thigh_back = "back of the thigh";
    body_calf = "calf";
    body_foot = "foot";
    body_belly = "belly";
    body_groin = "groin";
    body_thigh_front = "front of the thigh";
    body_shin = "shin";
    body_head = "back of the head";
    body_neck = "neck";
    body_upper_back = "upper back";
    body_shoulder = "shoulder";
    body_upper_arm = "upper arm";
    body_forearm = "forearm";
    body_hand = "hand";
    body_face = "face";
    body_throat = "throat";
    body_chest = "chest";
}

impl Say {
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
