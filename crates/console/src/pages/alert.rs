//! An alarm to the clinic in words: what it stands on, and what the patient says of it.

use care::decide::{Decision, Fired, Urgency};
use care::episode::{Alert, Episode, Subject, TOLD_FIRST};

use crate::clinic::Clinic;
use crate::frame::Frame;

/// What an alarm is about, in a practitioner's words: the first rule behind it, where there is one.
pub(super) fn about(f: &Frame, clinic: &Clinic, episode: &Episode, alert: &Alert) -> String {
    let t = f.t;
    let first = |ids: &[&str]| {
        let rule = ids.iter().find_map(|id| clinic.knowledge().rule(id));
        rule.map(|rule| sentence(&rule.practitioner))
    };
    let raised = || {
        let fired = decided(episode, alert)?.fired.first()?;
        Some(sentence(&fired.practitioner))
    };
    let words = match Subject::of(&alert.about) {
        Subject::CheckIn(result) => {
            let same = |decision: &&Decision| decision.verdict.as_str() == result;
            decided(episode, alert).filter(same).and_then(|_| raised())
        }
        Subject::Evaluation(rules) => raised().or_else(|| first(&rules)),
        Subject::Session(rules) => first(&rules).map(|rule| t.about_session(rule)),
        Subject::Suspended(rules) => first(&rules).map(|rule| t.about_suspended(rule)),
        Subject::Leaving(facts) => {
            let catalogue = clinic.knowledge().catalogue();
            let labels: Vec<&str> = facts.into_iter().map(|id| catalogue.label(id)).collect();
            Some(t.about_leaving(labels.join(", ")))
        }
        Subject::Other("") => Some(t.about_decision()),
        Subject::Other(_) => None,
    };
    words.unwrap_or_else(|| t.about_other(&alert.about))
}

/// On a line of a list it ends without a stop.
fn sentence(words: &str) -> String {
    words.trim().trim_end_matches('.').to_owned()
}

/// Who was told of it, in the order of telling.
pub(super) fn told(f: &Frame, alert: &Alert) -> String {
    let others = alert.notified.iter().map(|(_, to)| to.as_str());
    let others: Vec<&str> = others.filter(|to| *to != TOLD_FIRST).collect();
    match others.is_empty() {
        true => f.t.told_today(),
        false => f.t.told(others.join(", ")),
    }
}

/// One of those who were told, in words.
pub(super) fn told_to(f: &Frame, to: &str) -> String {
    match to {
        TOLD_FIRST => f.t.told_today(),
        other => other.to_owned(),
    }
}

/// The decision that raised an alarm: it was written in the same act.
pub(super) fn decided<'a>(episode: &'a Episode, alert: &Alert) -> Option<&'a Decision> {
    let told = episode.all_sessions().flat_map(|s| &s.check_ins);
    let triaged = told.filter_map(|told| told.triage.as_ref());
    let mut of_then = triaged.filter(|triage| triage.at == alert.at);
    let kept = of_then.next_back().map(|triage| &triage.decision);
    let screened = episode.decision.as_ref();
    let screened = screened.filter(|kept| kept.at == alert.at);
    let kept = kept.or(screened.map(|kept| &kept.decision));
    kept.map(|kept| &**kept)
}

/// What the patient says at the desk of an emergency department, a line for each emergency.
pub(super) fn said_at_the_desk(clinic: &Clinic, fired: &[Fired]) -> Vec<String> {
    let pressing = fired.iter();
    let pressing = pressing.filter(|fired| fired.urgency == Urgency::Emergency);
    let words = pressing.map(|fired| {
        let rule = clinic.knowledge().rule(&fired.rule);
        let own = rule.and_then(|rule| rule.say.as_ref());
        own.unwrap_or(&fired.practitioner).clone()
    });
    words.collect()
}
