//! Words of the path of care: evaluate, plan, recover, review.

use care::episode::Severity;
use care::plan::Position;

use super::Say;

impl Say {
    /// What kind of statement a row of evidence is.
    #[must_use]
    pub fn evidence_kind(self, kind: &str) -> String {
        match kind {
            "guideline" => self.evidence_guidelines(),
            "review" => self.evidence_reviews(),
            "trial" => self.evidence_trials(),
            "series" => self.evidence_series(),
            "gap" => self.evidence_gaps(),
            "harm" => self.evidence_harms(),
            "prediction-rule" => self.evidence_prediction(),
            "payer" => self.evidence_payers(),
            _ => self.unknown(),
        }
    }

    /// Which way a row of evidence points.
    #[must_use]
    pub fn evidence_direction(self, direction: &str) -> String {
        match direction {
            "for" => self.evidence_for(),
            "mixed" => self.evidence_mixed(),
            "neutral" => self.evidence_neutral(),
            "against" => self.evidence_against(),
            _ => self.unknown(),
        }
    }

    /// A Carnes class.
    #[must_use]
    pub fn severity(self, severity: Severity) -> String {
        match severity {
            Severity::Mild => self.adverse_mild(),
            Severity::Moderate => self.adverse_moderate(),
            Severity::Major => self.adverse_major(),
        }
    }

    /// How a patient lies.
    #[must_use]
    pub fn note_position(self, position: Position) -> String {
        match position {
            Position::Supine => self.note_supine(),
            Position::SupineLegsRaised => self.note_supine_legs(),
            Position::Prone => self.note_prone(),
        }
    }

    /// The name of a candidate.
    #[must_use]
    pub fn candidate(self, name: &str) -> String {
        match name {
            "gentle" => self.plan_gentle(),
            "standard" => self.plan_standard(),
            "firm" => self.plan_firm(),
            "chosen" => self.plan_chosen(),
            _ => self.unknown(),
        }
    }
}
