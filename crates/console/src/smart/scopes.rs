//! Which scopes are asked for, and what those that were granted let us read.

use si::Problem;

/// What is asked for unless the administrator writes something else: the launch, who is signed in
/// there, and what the importer reads of the one patient (SMART App Launch 2.2, scopes).
pub const ASKED: &str = "launch openid fhirUser patient/Patient.r patient/Condition.rs \
     patient/Observation.rs patient/MedicationRequest.rs patient/MedicationStatement.rs \
     patient/MedicationAdministration.rs patient/Procedure.rs patient/Device.rs \
     patient/DeviceUseStatement.rs patient/DiagnosticReport.rs patient/ImagingStudy.rs";

/// The types that are looked for, beside the Patient: those whose codes the importer reads.
pub(super) const TYPES: [&str; 10] = [
    "Condition",
    "Observation",
    "MedicationRequest",
    "MedicationStatement",
    "MedicationAdministration",
    "Procedure",
    "Device",
    "DeviceUseStatement",
    "DiagnosticReport",
    "ImagingStudy",
];

/// The scope that says who is signed in.
pub(super) const OPENID: &str = "openid";
/// Scopes that are no right to resources.
const OTHERS: [&str; 4] = ["launch", OPENID, "fhirUser", "profile"];
/// Acts that may be asked for, in the words of SMART 1 and 2.
const ACTS: [&str; 4] = ["read", "r", "s", "rs"];
/// The longest name of a type of resource is 33 letters (R4); more is none.
const LONGEST: usize = 33;

/// Scopes as an administrator types them.
///
/// # Errors
/// One that is none, writes, reaches further than one patient or lasts longer than the launch; no
/// `launch`; no right to read the Patient.
pub fn asked(text: &str) -> Result<Vec<String>, Problem> {
    let all: Vec<&str> = text.split_whitespace().collect();
    if let Some(wrong) = all.iter().find(|scope| !is_asked(scope)) {
        return Err(problem(
            wrong,
            "is not asked for: Annulus reads one patient's record, and nothing else",
        ));
    }
    if !all.contains(&"launch") || !permits(&all, "Patient", 'r') {
        return Err(problem(text, "lack launch or patient/Patient.r"));
    }
    Ok(all.into_iter().map(str::to_owned).collect())
}

/// Whether granted scopes permit to read (`r`) or search (`s`) a type.
pub(super) fn permits<T: AsRef<str>>(granted: &[T], kind: &str, act: char) -> bool {
    granted.iter().any(|scope| {
        let Some((own, acts)) = parts(scope.as_ref()) else {
            return false;
        };
        // What follows `?` narrows it, and the record system sees to that.
        let acts = acts.split('?').next().unwrap_or_default();
        let acts_fit = matches!(acts, "read" | "*") || is_cruds(acts) && acts.contains(act);
        (own == "*" || own == kind) && acts_fit
    })
}

fn is_cruds(acts: &str) -> bool {
    !acts.is_empty() && acts.chars().all(|letter| "cruds".contains(letter))
}

/// The type and the acts of a scope for one patient.
fn parts(scope: &str) -> Option<(&str, &str)> {
    scope.strip_prefix("patient/")?.split_once('.')
}

fn is_asked(scope: &str) -> bool {
    let of_type = |kind: &str| {
        kind.len() <= LONGEST
            && kind.starts_with(|first: char| first.is_ascii_uppercase())
            && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    OTHERS.contains(&scope)
        || parts(scope)
            .is_some_and(|(kind, acts)| (kind == "*" || of_type(kind)) && ACTS.contains(&acts))
}

fn problem(scope: &str, what: &str) -> Problem {
    Problem::new(
        "scope-unasked",
        "scopes",
        scope.chars().take(60).collect::<String>(),
        what,
        "write launch, openid, fhirUser and scopes such as patient/Observation.rs",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_covers_what_is_read() {
        let all = asked(ASKED).unwrap();
        assert!(permits(&all, "Patient", 'r'));
        for kind in TYPES {
            assert!(permits(&all, kind, 's'), "{kind}");
        }
    }

    #[test]
    fn scopes_that_write_reach_further_or_last_longer_are_not_asked_for() {
        for wrong in [
            "patient/Observation.cruds",
            "patient/Observation.write",
            "patient/*.*",
            "user/Observation.rs",
            "system/*.rs",
            "offline_access",
            "online_access",
            "launch/patient",
            "patient/observation.rs",
            "patient/Observation.rs?category=x",
            "x\"y",
        ] {
            let text = format!("launch patient/Patient.r {wrong}");
            assert_eq!(asked(&text).unwrap_err().code, "scope-unasked", "{wrong}");
        }
        for lacking in [
            "",
            "launch",
            "patient/Patient.r",
            "launch patient/Patient.s",
        ] {
            assert_eq!(
                asked(lacking).unwrap_err().code,
                "scope-unasked",
                "{lacking}"
            );
        }
    }

    #[test]
    fn scopes_of_both_versions_are_read_when_they_are_granted() {
        let may = |scope: &str, act| permits(&[scope], "Observation", act);
        for scope in [
            "patient/*.read",
            "patient/Observation.read",
            "patient/*.*",
            "patient/*.cruds",
        ] {
            assert!(may(scope, 'r') && may(scope, 's'), "{scope}");
        }
        assert!(may("patient/Observation.r", 'r') && !may("patient/Observation.r", 's'));
        assert!(may("patient/Observation.rs?category=laboratory", 's'));
        for other in [
            "patient/Condition.rs",
            "user/*.rs",
            "patient/*.write",
            "patient/*.",
            "launch",
        ] {
            assert!(!may(other, 'r') && !may(other, 's'), "{other}");
        }
    }
}
