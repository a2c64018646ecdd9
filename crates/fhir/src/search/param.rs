//! One search parameter: where its values stand and how they are compared.

use super::Kind;

/// One parameter of one type of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// What it is called.
    pub name: &'static str,
    /// How its values are compared.
    pub kind: Kind,
    /// Where they stand (FHIRPath).
    pub expression: &'static str,
    /// The system of its codes where they stand without one, below `http://hl7.org/fhir/`: that of
    /// the value set which R4 requires (§3.1.1.4.10).
    pub system: Option<&'static str>,
}

/// One whose values say themselves what they are.
pub(super) const fn param(name: &'static str, kind: Kind, expression: &'static str) -> Param {
    Param {
        name,
        kind,
        expression,
        system: None,
    }
}

/// A token that stands as a code or a boolean, without its system.
pub(super) const fn coded(
    name: &'static str,
    system: &'static str,
    expression: &'static str,
) -> Param {
    Param {
        system: Some(system),
        ..param(name, Kind::Token, expression)
    }
}

/// Where the systems of FHIR's own codes are.
const FHIR: &str = "http://hl7.org/fhir/";
/// The system of true and false: so R4 says it for a search; the system itself has another address.
pub(super) const YES_OR_NO: &str = "special-values";
const SPECIAL_VALUES: &str = "http://terminology.hl7.org/CodeSystem/special-values";

impl Param {
    /// Whether this is the system of codes that stand without one.
    #[must_use]
    pub fn implies(&self, system: &str) -> bool {
        self.system.is_some_and(|own| {
            system.strip_prefix(FHIR) == Some(own) || own == YES_OR_NO && system == SPECIAL_VALUES
        })
    }
}
