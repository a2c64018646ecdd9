//! §1.1 and §6: the urgency words of the sets after the session.
use crate::support::knowledge;
use care::decide::{RuleSet, Urgency, Verdict};

#[test]
fn every_rule_of_triage_is_as_urgent_as_its_result() {
    for rule in knowledge().rules(RuleSet::Triage) {
        let expected = match rule.verdict {
            Verdict::Emergency => Urgency::Emergency,
            Verdict::SeeClinicianToday => Urgency::Urgent,
            Verdict::ContactPatient | Verdict::Adjust => Urgency::Routine,
            _ => Urgency::None,
        };
        assert_eq!(rule.urgency, expected, "{}", rule.id);
    }
}

#[test]
fn the_words_of_triage_and_review_stand_worst_first() {
    use Verdict as V;
    let triage = [
        V::Emergency,
        V::SeeClinicianToday,
        V::ContactPatient,
        V::Adjust,
        V::ExpectedSoreness,
        V::Well,
    ];
    assert_eq!(RuleSet::Triage.verdicts(), triage);
    let review = [
        V::Discontinue,
        V::ReEvaluate,
        V::DischargeGoalsMet,
        V::Adjust,
        V::Continue,
    ];
    assert_eq!(RuleSet::Review.verdicts(), review);
    assert_eq!(
        RuleSet::InSession.verdicts(),
        [V::Stop, V::Lower, V::HoldNoIncrease, V::Continue]
    );
}

#[test]
fn no_advice_of_fluids_or_stretches_is_given_without_its_criteria() {
    for rule in knowledge().rules(RuleSet::Advice) {
        assert!(!rule.facts().is_empty(), "{} has no criteria", rule.id);
    }
    let movement = knowledge()
        .rule("gentle-movement")
        .expect("advice to keep moving");
    for result in ["see-clinician-today", "emergency", "contact-patient"] {
        assert!(
            !movement.when.contains(result),
            "stretches are given at {result}"
        );
    }
}
