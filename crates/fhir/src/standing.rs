//! What a resource's status lets its code say (CLINICAL.md §1.7).
//!
//! Active and confirmed asserts; resolved is history; refuted and entered in
//! error are ignored, and said to be; everything between opens a question.

use crate::view::View;
use si::Problem;

/// How far a resource's code may be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Active and confirmed, done, or in use: an `asserts` code sets its fact.
    Holds,
    /// A condition that is over: sets its history fact where the code has one, else
    /// opens a question.
    Past(String),
    /// Neither: opens a question.
    Doubtful(String),
    /// Says nothing about the patient: ignored, and listed with the reason.
    Void(String),
}

/// The words that count as each standing, for one status element; every other
/// word, a stopped treatment's among them, only opens a question.
struct Words {
    element: &'static str,
    holds: &'static [&'static str],
    void: &'static [&'static str],
}

/// `MedicationRequest.status`: a draft is no treatment.
const PRESCRIPTION: Words = Words {
    element: "status",
    holds: &["active"],
    void: &["entered-in-error", "draft"],
};

/// `MedicationStatement.status`.
const STATEMENT: Words = Words {
    element: "status",
    holds: &["active"],
    void: &["entered-in-error", "not-taken"],
};

/// `MedicationAdministration.status` and `Procedure.status`: what was begun was done in part.
const PROCEDURE: Words = Words {
    element: "status",
    holds: &["completed"],
    void: &["entered-in-error", "not-done", "preparation"],
};

/// `Observation.status` and `DiagnosticReport.status`: only a final result is one.
const RESULT: Words = Words {
    element: "status",
    holds: &["final", "amended", "corrected", "appended"],
    void: &["entered-in-error", "cancelled", "registered"],
};

/// `ImagingStudy.status`.
const STUDY: Words = Words {
    element: "status",
    holds: &["available"],
    void: &["entered-in-error", "cancelled", "registered"],
};

/// `Device.status` and `DeviceUseStatement.status`.
const DEVICE: Words = Words {
    element: "status",
    holds: &["active"],
    void: &["entered-in-error", "intended"],
};

/// How far the code of `view` may be taken.
///
/// # Errors
/// A status of the wrong shape.
pub(crate) fn standing(view: &View<'_>) -> Result<Standing, Problem> {
    match view.kind {
        "Condition" => condition(view),
        "MedicationRequest" => prescription(view),
        "MedicationStatement" => by_word(view, &STATEMENT),
        "MedicationAdministration" | "Procedure" => by_word(view, &PROCEDURE),
        "Observation" | "DiagnosticReport" => by_word(view, &RESULT),
        "ImagingStudy" => by_word(view, &STUDY),
        "Device" | "DeviceUseStatement" => by_word(view, &DEVICE),
        _ => Ok(Standing::Doubtful("its status is not read".to_owned())),
    }
}

fn by_word(view: &View<'_>, words: &Words) -> Result<Standing, Problem> {
    let Some(status) = view.text(words.element)? else {
        return Ok(Standing::Doubtful(format!(
            "{} is not given",
            words.element
        )));
    };
    let says = format!("{} is {status}", words.element);
    Ok(match status {
        _ if words.holds.contains(&status) => Standing::Holds,
        _ if words.void.contains(&status) => Standing::Void(says),
        _ => Standing::Doubtful(says),
    })
}

/// A prescription is for taking unless it says `doNotPerform`; a proposal or one option is not yet one.
fn prescription(view: &View<'_>) -> Result<Standing, Problem> {
    if view.flag("doNotPerform")? == Some(true) {
        return Ok(Standing::Void("doNotPerform is true".to_owned()));
    }
    if let Some(intent @ ("proposal" | "option")) = view.text("intent")? {
        return Ok(Standing::Doubtful(format!("intent is {intent}")));
    }
    by_word(view, &PRESCRIPTION)
}

/// `Condition`: first whether it is believed, then whether it lasts.
fn condition(view: &View<'_>) -> Result<Standing, Problem> {
    let belief = view.status_code("verificationStatus")?;
    if let Some(status @ ("refuted" | "entered-in-error")) = belief {
        return Ok(Standing::Void(format!("verificationStatus is {status}")));
    }
    let course = view.status_code("clinicalStatus")?;
    let ended = [
        "abatementDateTime",
        "abatementPeriod",
        "abatementAge",
        "abatementRange",
    ]
    .into_iter()
    .chain(["abatementString"])
    .any(|name| view.body.contains_key(name));
    let confirmed = belief == Some("confirmed");
    Ok(match (confirmed, course) {
        (false, _) => Standing::Doubtful(match belief {
            Some(status) => format!("verificationStatus is {status}"),
            None => "verificationStatus is not given".to_owned(),
        }),
        (true, Some(status @ ("inactive" | "remission" | "resolved"))) => {
            Standing::Past(format!("clinicalStatus is {status}"))
        }
        (true, Some(status @ ("active" | "recurrence" | "relapse"))) if ended => {
            Standing::Doubtful(format!("clinicalStatus is {status}, but it has an end"))
        }
        (true, Some("active" | "recurrence" | "relapse")) => Standing::Holds,
        (true, Some(status)) => Standing::Doubtful(format!("clinicalStatus is {status}")),
        (true, None) if ended => Standing::Past("it has an end".to_owned()),
        (true, None) => Standing::Doubtful("clinicalStatus is not given".to_owned()),
    })
}
