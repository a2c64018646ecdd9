//! Which orders are orders of mechanical traction.

use crate::export::words::{CPT, HCPCS, TERM};
use crate::view::View;
use si::Problem;

/// The codes of mechanical traction: CPT 97012 (S97), HCPCS S9090 (S97b), and our own. No source
/// that we read names a SNOMED CT code for it, so that none is recognised.
const TRACTION: [(&str, &str); 3] = [
    (CPT, "97012"),
    (HCPCS, "S9090"),
    (TERM, "procedure.traction"),
];

/// Other names of those code systems: their identifiers, and what terminology servers call them.
const ALIASES: [(&str, &str); 5] = [
    ("urn:oid:2.16.840.1.113883.6.12", CPT),
    ("urn:oid:2.16.840.1.113883.6.285", HCPCS),
    ("urn:oid:2.16.840.1.113883.6.14", HCPCS),
    ("http://terminology.hl7.org/CodeSystem/HCPCS", HCPCS),
    (
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets/",
        HCPCS,
    ),
];

/// Statuses of an order that nobody will carry out.
const OVER: [&str; 3] = ["revoked", "completed", "entered-in-error"];

/// Whether a resource orders mechanical traction.
///
/// # Errors
/// A member of the wrong shape.
pub(super) fn is_traction(order: &View<'_>) -> Result<bool, Problem> {
    if order.kind != "ServiceRequest" || order.flag("doNotPerform")? == Some(true) {
        return Ok(false);
    }
    if order
        .text("status")?
        .is_some_and(|status| OVER.contains(&status))
    {
        return Ok(false);
    }
    let concept = order.concept("code")?.unwrap_or_default();
    Ok(concept.codings.iter().any(|coding| {
        let system = coding.system.split('|').next().unwrap_or_default();
        let alias = ALIASES.iter().find(|(alias, _)| *alias == system);
        let system = alias.map_or(system, |(_, system)| *system);
        let code = coding.code.trim().to_uppercase();
        TRACTION
            .iter()
            .any(|(own, traction)| *own == system && traction.eq_ignore_ascii_case(&code))
    }))
}
