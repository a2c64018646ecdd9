//! What became of the cards that other record systems were given (CDS Hooks feedback), as the
//! clinic's own stream keeps it.

use fhir::cds::{Feedback, Service};
use serde::{Deserialize, Serialize};
use si::Problem;
use uuid::Uuid;

use super::Clinic;

/// The event of one request.
pub(super) const KIND: &str = "cds-feedback";

/// What one request said.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Heeded {
    /// The program that sent it.
    client: Uuid,
    /// The service whose cards they were.
    service: String,
    /// What became of each.
    feedback: Vec<Feedback>,
}

impl Clinic {
    /// Keeps what became of cards.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub async fn keep_feedback(
        &self,
        client: Uuid,
        service: Service,
        feedback: Vec<Feedback>,
    ) -> Result<(), Problem> {
        let heeded = Heeded {
            client,
            service: service.id().to_owned(),
            feedback,
        };
        self.append_own(client, KIND, &heeded).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored bytes are read for ever: this file is never deleted.
    const GOLDEN: &str = include_str!("../../tests/golden/cds-feedback.v1.json");

    #[test]
    fn the_first_version_of_feedback_is_still_read() {
        let read: Heeded = serde_json::from_str(GOLDEN).expect("the golden file");
        let written = serde_json::to_string_pretty(&read).expect("JSON");
        assert_eq!(written, GOLDEN.trim_end());
    }
}
