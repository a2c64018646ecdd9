//! What a client may do: scopes in the syntax of SMART App Launch 2 (`system/Observation.rs`),
//! and `system/cds` for the services of CDS Hooks and `system/decide` for the steps that decide,
//! which SMART has no word for *(ours)*.

use std::fmt;
use std::str::FromStr;

use si::Problem;

/// The scope of decision support.
pub const CDS: &str = "system/cds";
/// The scope of the steps that decide from what is sent: they touch no record.
pub const DECIDE: &str = "system/decide";

/// The longest name of a type of resource is 33 letters (R4); more is none.
const LONGEST: usize = 64;

/// One thing that may be done to resources (SMART App Launch 2.0, §3.0.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// `c`: new ones.
    Create,
    /// `r`: one by its id, with its history.
    Read,
    /// `u`: others in their place.
    Update,
    /// `d`: none any more.
    Delete,
    /// `s`: those that fit.
    Search,
}

impl Act {
    /// All, in the order in which a scope names them.
    const ALL: [(char, Self); 5] = [
        ('c', Self::Create),
        ('r', Self::Read),
        ('u', Self::Update),
        ('d', Self::Delete),
        ('s', Self::Search),
    ];
}

/// What a route asks of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// This act on the type of resource that `{type}` in the path names.
    Type(Act),
    /// A scope of resources, any: what arrives names its own types, and the handler asks for each.
    Resources,
    /// Decision support.
    Cds,
    /// The steps that decide.
    Decide,
}

/// One scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Acts on a type of resource, or on all.
    Resources {
        /// The type; none for all.
        kind: Option<String>,
        /// The acts, in their order.
        acts: Vec<Act>,
    },
    /// Decision support.
    Cds,
    /// The steps that decide.
    Decide,
}

impl Scope {
    /// Whether it permits this act on this type.
    #[must_use]
    pub fn permits(&self, kind: &str, act: Act) -> bool {
        match self {
            Self::Resources { kind: own, acts } => {
                own.as_ref().is_none_or(|own| own == kind) && acts.contains(&act)
            }
            Self::Cds | Self::Decide => false,
        }
    }
}

impl FromStr for Scope {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        match text {
            CDS => return Ok(Self::Cds),
            DECIDE => return Ok(Self::Decide),
            _ => {}
        }
        let parts = text
            .strip_prefix("system/")
            .and_then(|rest| rest.split_once('.'));
        let (kind, letters) = parts.ok_or_else(|| unreadable(text))?;
        let acts: Option<Vec<Act>> = letters.chars().map(act).collect();
        let acts = acts
            .filter(|acts| in_order(acts))
            .ok_or_else(|| unreadable(text))?;
        let kind = match kind {
            "*" => None,
            kind if is_type(kind) => Some(kind.to_owned()),
            _ => return Err(unreadable(text)),
        };
        Ok(Self::Resources { kind, acts })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cds => f.write_str(CDS),
            Self::Decide => f.write_str(DECIDE),
            Self::Resources { kind, acts } => {
                write!(f, "system/{}.", kind.as_deref().unwrap_or("*"))?;
                let named = Act::ALL.iter().filter(|(_, act)| acts.contains(act));
                named
                    .map(|(letter, _)| *letter)
                    .try_for_each(|letter| write!(f, "{letter}"))
            }
        }
    }
}

/// Scopes as they are typed: with spaces between them, at least one.
///
/// # Errors
/// One that is none.
pub fn scopes(text: &str) -> Result<Vec<Scope>, Problem> {
    let all: Vec<Scope> = text
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    if all.is_empty() {
        return Err(unreadable(text));
    }
    Ok(all)
}

fn act(letter: char) -> Option<Act> {
    let mut all = Act::ALL.iter();
    all.find(|(one, _)| *one == letter).map(|(_, act)| *act)
}

/// SMART asks for the order of `cruds`, each once; it knows no scope without an act.
fn in_order(acts: &[Act]) -> bool {
    let place = |act: &Act| Act::ALL.iter().position(|(_, one)| one == act);
    !acts.is_empty() && acts.windows(2).all(|two| place(&two[0]) < place(&two[1]))
}

fn is_type(kind: &str) -> bool {
    kind.len() <= LONGEST
        && kind.starts_with(|first: char| first.is_ascii_uppercase())
        && kind.chars().all(|letter| letter.is_ascii_alphabetic())
}

fn unreadable(text: &str) -> Problem {
    let shown: String = text.chars().take(60).collect();
    Problem::new(
        "scope-unreadable",
        "scopes",
        shown,
        "is no scope",
        "name types and acts in their order, as system/Observation.rs or system/*.cruds; or system/cds, system/decide",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_permits_its_acts_on_its_type_and_no_others() {
        let one: Scope = "system/Observation.rs".parse().unwrap();
        assert!(one.permits("Observation", Act::Read) && one.permits("Observation", Act::Search));
        assert!(!one.permits("Observation", Act::Create) && !one.permits("Patient", Act::Read));
        let all: Scope = "system/*.cruds".parse().unwrap();
        assert!(all.permits("Patient", Act::Delete) && all.permits("Flag", Act::Update));
        assert!(!Scope::Cds.permits("Patient", Act::Read));
        assert!(!Scope::Decide.permits("Patient", Act::Read));
    }

    #[test]
    fn what_is_no_scope_of_smart_2_is_refused_by_name() {
        for wrong in [
            "",
            "system/",
            "system/*",
            "system/*.",
            "system/*.sr",
            "system/*.rr",
            "system/*.x",
            "system/patient.r",
            "patient/*.r",
            "user/*.r",
            "system/Observation.read",
            "system/Observation.rs?category=laboratory",
            "system/*.*",
            "cds",
            "system/Cds/x.r",
        ] {
            let problem = scopes(wrong).unwrap_err();
            assert_eq!((problem.code, &*problem.value), ("scope-unreadable", wrong));
        }
    }

    #[test]
    fn scopes_are_written_as_they_are_read() {
        let text = "system/*.r system/Patient.cruds system/cds system/decide";
        let read = scopes(text).unwrap();
        let again: Vec<String> = read.iter().map(ToString::to_string).collect();
        assert_eq!(again.join(" "), text);
    }
}
