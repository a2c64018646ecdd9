//! A plan that a practitioner signed, and everything that can be wrong with it.
//!
//! The plan's bytes are kept exactly as they were written and never serialised
//! again: the signature covers their SHA-256, the candidate, the signer and the
//! instant.

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use si::{Problem, Region};

use super::{Candidate, Dose, Proposal};
use crate::decide::{Decision, Fired, RuleSet, Verdict};

/// What is signed begins so: no other signed text of ours does.
const DOMAIN: &[u8] = b"annulus-signed-plan-v1\0";

/// A signed plan, as a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedPlan {
    /// Number of this form of document.
    pub schema: String,
    /// The plan's bytes, exactly as written.
    pub plan: String,
    /// Their SHA-256, hex.
    pub plan_sha256: String,
    /// `gentle`, `standard`, `firm` or `chosen`.
    pub candidate: String,
    /// Who signed.
    pub signer: String,
    /// When.
    #[schemars(with = "String")]
    pub at: Timestamp,
    /// The signer's public key, hex.
    pub public_key: String,
    /// Ed25519 over the message, hex.
    pub signature: String,
}

/// What a signed plan is held against.
#[derive(Clone, Copy, Debug)]
pub struct Against<'a> {
    /// The region to be treated.
    pub region: Region,
    /// The decision of this moment.
    pub decision: &'a Decision,
    /// Keys whose signatures count.
    pub keys: &'a [VerifyingKey],
    /// The numbers of dose in force.
    pub dose: &'a Dose,
    /// Now.
    pub at: Timestamp,
}

/// SHA-256 of a plan's bytes, hex.
#[must_use]
pub fn sha256(plan: &str) -> String {
    hex::encode(Sha256::digest(plan.as_bytes()))
}

impl SignedPlan {
    /// The form this code writes.
    pub const SCHEMA: &'static str = "annulus.signed-plan/1";

    /// Signs one candidate of a plan's bytes.
    ///
    /// # Errors
    /// The bytes are no plan that the rules of dose could have made, it has expired, or it lacks the candidate.
    pub fn sign(
        plan: &str,
        candidate: &str,
        signer: &str,
        at: Timestamp,
        (key, dose): (&SigningKey, &Dose),
    ) -> Result<Self, Problem> {
        let proposal = Proposal::read(plan)?;
        proposal.usable(signer, at, at, dose)?;
        proposal.candidate(candidate)?;
        let plan_sha256 = sha256(plan);
        let message = message(&plan_sha256, candidate, signer, at);
        Ok(Self {
            schema: Self::SCHEMA.to_owned(),
            plan: plan.to_owned(),
            plan_sha256,
            candidate: candidate.to_owned(),
            signer: signer.to_owned(),
            at,
            public_key: hex::encode(key.verifying_key().to_bytes()),
            signature: hex::encode(key.sign(&message).to_bytes()),
        })
    }

    /// Reads a signed plan.
    ///
    /// # Errors
    /// A plan without a signature, or bytes that are neither.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let fault = match serde_json::from_str::<Self>(text) {
            Ok(signed) => return Ok(signed),
            Err(fault) => fault,
        };
        if Proposal::read(text).is_ok() {
            return Err(Problem::new(
                "plan-unsigned",
                "plan",
                "",
                "nobody has signed this plan",
                "have a practitioner sign one of its candidates",
            ));
        }
        Err(Problem::new(
            "plan-unreadable",
            format!("line {}, column {}", fault.line(), fault.column()),
            "",
            fault.to_string(),
            "give the file that `sign` wrote, unchanged",
        ))
    }

    /// The plan and its candidate, if everything about them still holds.
    ///
    /// # Errors
    /// Altered, signed with an unknown key, expired, for another region, or overtaken by a worse decision.
    pub fn check(&self, against: &Against<'_>) -> Result<(Proposal, Candidate), Problem> {
        self.intact(against.keys)?;
        let proposal = Proposal::read(&self.plan)?;
        let candidate = proposal.candidate(&self.candidate)?.clone();
        proposal.usable(&self.signer, self.at, against.at, against.dose)?;
        proposal.for_region(against.region)?;
        proposal.not_overtaken(against.decision)?;
        Ok((proposal, candidate))
    }

    /// Whether bytes and signature are what was signed, with a known key.
    fn intact(&self, keys: &[VerifyingKey]) -> Result<(), Problem> {
        if self.signature.is_empty() {
            return Err(Problem::new(
                "plan-unsigned",
                "signature",
                "",
                "nobody has signed this plan",
                "have a practitioner sign one of its candidates",
            ));
        }
        let altered = |place: &str, value: &str| {
            Problem::new(
                "plan-altered",
                place,
                value,
                "this is not what was signed",
                "use the signed plan unchanged, or propose and sign anew",
            )
        };
        if sha256(&self.plan) != self.plan_sha256 {
            return Err(altered("plan", &self.plan_sha256));
        }
        let key = keys
            .iter()
            .find(|key| hex::encode(key.to_bytes()) == self.public_key);
        let Some(key) = key else {
            return Err(Problem::new(
                "signer-unknown",
                "public_key",
                &self.public_key,
                "nobody here signs with this key",
                "sign with the key of a practitioner of this clinic",
            ));
        };
        let bytes = hex::decode(&self.signature).unwrap_or_default();
        let signature =
            Signature::from_slice(&bytes).map_err(|_| altered("signature", &self.signature))?;
        let message = message(&self.plan_sha256, &self.candidate, &self.signer, self.at);
        key.verify_strict(&message, &signature)
            .map_err(|_| altered("signature", &self.signature))
    }
}

/// What the signature covers.
fn message(plan_sha256: &str, candidate: &str, signer: &str, at: Timestamp) -> Vec<u8> {
    let mut message = DOMAIN.to_vec();
    for part in [plan_sha256, candidate, signer, &at.to_string()] {
        message.extend_from_slice(part.as_bytes());
        message.push(0);
    }
    message
}

impl Proposal {
    /// A sound plan, in force, signed by somebody after it was made and before it is used.
    fn usable(
        &self,
        signer: &str,
        signed: Timestamp,
        at: Timestamp,
        dose: &Dose,
    ) -> Result<(), Problem> {
        self.in_force(at)?;
        self.signed_in_order(signer, signed, at)?;
        self.sound(dose)
    }

    /// # Errors
    /// Nobody is named, or the instants are not in order.
    pub(crate) fn signed_in_order(
        &self,
        signer: &str,
        signed: Timestamp,
        at: Timestamp,
    ) -> Result<(), Problem> {
        let fault = |place: &str, value: String, problem: &str| {
            let remedy = "propose the plan again and sign it";
            Err(Problem::new("plan-unsound", place, value, problem, remedy))
        };
        if signer.trim().is_empty() {
            return fault("signer", String::new(), "no one is named as the signer");
        }
        if signed < self.at {
            return fault("at", signed.to_string(), "it was signed before it was made");
        }
        if at < signed {
            return fault(
                "at",
                signed.to_string(),
                "it is signed at a later instant than now",
            );
        }
        Ok(())
    }

    /// # Errors
    /// The plan has expired.
    pub fn in_force(&self, at: Timestamp) -> Result<(), Problem> {
        if at < self.expires {
            return Ok(());
        }
        Err(Problem::new(
            "plan-expired",
            "expires",
            self.expires.to_string(),
            "the plan has expired",
            "evaluate, propose and sign again",
        ))
    }

    /// # Errors
    /// The plan is for another region.
    pub fn for_region(&self, region: Region) -> Result<(), Problem> {
        if self.region == region {
            return Ok(());
        }
        Err(Problem::new(
            "plan-region",
            "region",
            self.region.as_str(),
            format!("the plan is not for the {region} region"),
            "use the plan that was signed for this region",
        ))
    }

    /// # Errors
    /// The decision of this moment is worse than the one the plan was made from.
    pub fn not_overtaken(&self, now: &Decision) -> Result<(), Problem> {
        let rank = |verdict| RuleSet::Screening.rank(verdict);
        let worse = rank(now.verdict) < rank(self.verdict) || now.urgency > self.urgency;
        if now.permits_traction() && !worse {
            return Ok(());
        }
        let blocks = |fired: &Fired| rank(fired.verdict) <= rank(Verdict::EvaluateFirst);
        if now.verdict == Verdict::EvaluateFirst && !now.fired.iter().any(blocks) {
            return Err(unanswered(now));
        }
        let rules: Vec<&str> = now.fired.iter().map(|fired| fired.rule.as_str()).collect();
        Err(Problem::new(
            "decision-worse",
            "decision.verdict",
            format!("{} (urgency {})", now.verdict, now.urgency),
            format!(
                "the plan was signed under {} (urgency {}); since then: {}",
                self.verdict,
                self.urgency,
                rules.join(", ")
            ),
            "see to these findings, then evaluate, propose and sign again",
        ))
    }
}

/// Nothing was found against it; something was not asked.
fn unanswered(now: &Decision) -> Problem {
    let asked = now
        .next_questions
        .iter()
        .map(|question| question.fact.as_str());
    let asked: Vec<&str> = asked.take(5).collect();
    Problem::new(
        "facts-missing",
        "facts",
        asked.join(", "),
        "the facts of this moment leave the decision open",
        "answer these, then try again",
    )
}
