//! A signed plan is what was signed, and everything else is refused by name.

use care::decide::{Decision, Gate, Urgency, Verdict, evaluate};
use care::fact::FactSet;
use care::plan::{Against, Candidate, Proposal, SignedPlan};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use si::{Problem, Region};

use super::plan::{Asked, dose};
use super::setting::{days, knowledge, start};

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn signed() -> (SignedPlan, Decision) {
    let asked = Asked::new(Region::Lumbar, 80.0, None);
    let plan = asked.plan().bytes().expect("bytes");
    let signed =
        SignedPlan::sign(&plan, "gentle", "PT 1", start(), (&key(), &dose())).expect("a signature");
    (signed, asked.decision)
}

fn check(
    signed: &SignedPlan,
    decision: &Decision,
    region: Region,
    at: Timestamp,
) -> Result<(Proposal, Candidate), Problem> {
    let keys = [key().verifying_key()];
    signed.check(&Against {
        region,
        decision,
        keys: &keys,
        dose: &dose(),
        at,
    })
}

fn code(signed: &SignedPlan, decision: &Decision) -> &'static str {
    check(signed, decision, Region::Lumbar, start())
        .expect_err("a problem")
        .code
}

#[test]
fn a_signed_plan_survives_its_own_document() {
    let (plan, decision) = signed();
    let text = serde_json::to_string(&plan).expect("JSON");
    let read = SignedPlan::read(&text).expect("a signed plan");
    assert_eq!(read, plan);
    check(&read, &decision, Region::Lumbar, start()).expect("intact");
}

#[test]
fn whatever_was_changed_after_signing_is_refused() {
    let (plan, decision) = signed();
    let changes: [fn(&mut SignedPlan); 6] = [
        |plan| plan.plan = plan.plan.replace("\"cycles\": 1", "\"cycles\": 2"),
        |plan| plan.plan.push(' '),
        |plan| plan.candidate = "firm".to_owned(),
        |plan| plan.signer = "PT 2".to_owned(),
        |plan| plan.at = plan.at.checked_add(days(1)).expect("an instant"),
        |plan| plan.signature = "00".repeat(64),
    ];
    for change in changes {
        let mut altered = plan.clone();
        change(&mut altered);
        assert_ne!(altered, plan);
        assert_eq!(code(&altered, &decision), "plan-altered");
    }
    let rehashed = {
        let mut altered = plan.clone();
        altered.plan.push(' ');
        altered.plan_sha256 = care::plan::sha256(&altered.plan);
        altered
    };
    assert_eq!(code(&rehashed, &decision), "plan-altered");
}

#[test]
fn unsigned_expired_foreign_unknown_and_overtaken_plans_each_have_their_name() {
    let (plan, decision) = signed();
    assert_eq!(
        SignedPlan::read(&plan.plan).expect_err("unsigned").code,
        "plan-unsigned"
    );
    assert_eq!(
        SignedPlan::read("{").expect_err("no plan").code,
        "plan-unreadable"
    );
    let bare = SignedPlan {
        signature: String::new(),
        ..plan.clone()
    };
    assert_eq!(code(&bare, &decision), "plan-unsigned");
    let late = start().checked_add(days(14)).expect("an instant");
    let expired = check(&plan, &decision, Region::Lumbar, late).expect_err("expired");
    assert_eq!(expired.code, "plan-expired");
    let other = check(&plan, &decision, Region::Cervical, start()).expect_err("other region");
    assert_eq!(other.code, "plan-region");
    let stranger = SigningKey::from_bytes(&[8; 32]);
    let foreign = SignedPlan::sign(&plan.plan, "gentle", "PT 1", start(), (&stranger, &dose()))
        .expect("signed");
    assert_eq!(code(&foreign, &decision), "signer-unknown");
    for (verdict, urgency) in [
        (Verdict::Caution, Urgency::None),
        (Verdict::Refuse, Urgency::None),
        (Verdict::Cleared, Urgency::Urgent),
    ] {
        let worse = Decision {
            verdict,
            urgency,
            ..decision.clone()
        };
        assert_eq!(code(&plan, &worse), "decision-worse");
    }
}

#[test]
fn a_decision_that_is_only_open_names_what_to_ask() {
    let (plan, decision) = signed();
    let facts = FactSet::new();
    let zone = TimeZone::UTC;
    let region = Region::Lumbar;
    let open = evaluate(&facts, region, Gate::EVALUATE, knowledge(), start(), &zone);
    let problem = check(&plan, &open, region, start()).expect_err("open");
    assert_eq!(problem.code, "facts-missing");
    assert!(!problem.value.is_empty());
    check(&plan, &decision, region, start()).expect("decided");
}
