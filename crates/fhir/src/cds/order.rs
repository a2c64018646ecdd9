//! Which orders are orders of mechanical traction: by code, and with SNOMED CT by words.
//!
//! SNOMED CT has concepts of traction ("Cervical traction (procedure)" in its Editorial Guide,
//! "Anatomy relating to the spine"), but no source that we read gives the number of one. So an
//! order that is coded in it counts by what its display or text says *(the words are ours, and
//! English)*. In doubt it is traction: a card too many can be dismissed.

use crate::export::words::{CPT, HCPCS, SNOMED, TERM};
use crate::view::{Coding, View};
use si::Problem;

/// The codes of mechanical traction: CPT 97012 (S97), HCPCS S9090 (S97b), and our own.
const TRACTION: [(&str, &str); 3] = [
    (CPT, "97012"),
    (HCPCS, "S9090"),
    (TERM, "procedure.traction"),
];

/// Other names of those code systems: their identifiers, and what terminology servers call them.
const ALIASES: [(&str, &str); 7] = [
    ("urn:oid:2.16.840.1.113883.6.96", SNOMED),
    ("https://snomed.info/sct", SNOMED),
    ("urn:oid:2.16.840.1.113883.6.12", CPT),
    ("urn:oid:2.16.840.1.113883.6.285", HCPCS),
    ("urn:oid:2.16.840.1.113883.6.14", HCPCS),
    ("http://terminology.hl7.org/CodeSystem/HCPCS", HCPCS),
    (
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets/",
        HCPCS,
    ),
];

/// Words that mean the spine: its parts, what is treated there, and `mechanical`, which CPT 97012
/// says without a place.
const SPINE: [&str; 16] = [
    "spine",
    "spinal",
    "vertebral",
    "cervical",
    "neck",
    "thoracic",
    "lumbar",
    "lumbosacral",
    "back",
    "disc",
    "disk",
    "radiculopathy",
    "sciatica",
    "mechanical",
    "motorised",
    "motorized",
];

/// Words of another traction, where none of [`SPINE`] stands beside them: of a limb, by the skin,
/// in the eye, of teeth, of hair.
const ELSEWHERE: [&str; 40] = [
    "acetabular",
    "acetabulum",
    "alopecia",
    "ankle",
    "arm",
    "calcaneal",
    "elbow",
    "extremities",
    "extremity",
    "eye",
    "femoral",
    "femur",
    "finger",
    "foot",
    "forearm",
    "fracture",
    "hair",
    "hand",
    "hip",
    "humerus",
    "knee",
    "leg",
    "limb",
    "macular",
    "olecranon",
    "orthodontic",
    "retina",
    "retinal",
    "shoulder",
    "skin",
    "suture",
    "teeth",
    "thumb",
    "tibia",
    "tibial",
    "toe",
    "tooth",
    "vitreomacular",
    "vitreous",
    "wrist",
];

/// Traction that hangs on bone: an operation that treats what forbids ours.
const FIXED: [&str; 5] = [
    "skeletal traction",
    "skull traction",
    "pin traction",
    "halo",
    "tongs",
];

/// Names of traction that do not say so: as S97 and S97b have them.
const NAMES: [&str; 3] = [
    "spinal decompression therapy",
    "spine decompression therapy",
    "axial decompression",
];

/// What decompression is that is no operation.
const UNCUT: [&str; 2] = ["nonsurgical", "nonoperative"];

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
    let by_words = concept.codings.iter().any(|coding| {
        system(coding) == SNOMED && (says_traction(coding.display) || says_traction(concept.text))
    });
    Ok(by_words || concept.codings.iter().any(has_code))
}

/// The code system by the name that we know it under.
fn system<'a>(coding: &Coding<'a>) -> &'a str {
    let system = coding.system.split('|').next().unwrap_or_default();
    let alias = ALIASES.iter().find(|(alias, _)| *alias == system);
    alias.map_or(system, |(_, system)| *system)
}

fn has_code(coding: &Coding<'_>) -> bool {
    let (system, code) = (system(coding), coding.code.trim());
    TRACTION
        .iter()
        .any(|(own, traction)| *own == system && traction.eq_ignore_ascii_case(code))
}

/// Whether words order traction of the spine, or of no place.
fn says_traction(text: &str) -> bool {
    let text = plain(text);
    let phrase = |phrase: &&str| text.contains(&format!(" {phrase} "));
    let word = |list: &[&str]| {
        text.split(' ')
            .any(|word| list.contains(&word) || list.contains(&word.trim_end_matches('s')))
    };
    if text.starts_with(" removal ") || FIXED.iter().any(phrase) {
        return false;
    }
    let traction = word(&["traction"]) && (word(&SPINE) || !word(&ELSEWHERE));
    let decompression = word(&["decompression"]) && word(&SPINE) && word(&UNCUT);
    traction || decompression || NAMES.iter().any(phrase)
}

/// Its words in small letters, a space before and after each; `non-surgical` is one word.
fn plain(text: &str) -> String {
    let small = text.to_lowercase();
    let words = small.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" ")).replace(" non ", " non")
}
