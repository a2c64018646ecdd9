//! Shapes that R4 lacks, by which a resource of another FHIR version is recognised.
//!
//! FHIR JSON does not say its version. What a version renamed or reshaped does:
//! the table names, for the resources we read, elements of DSTU2, STU3 and R5
//! that R4 (4.0.1) does not have, or has in another shape. R4B keeps R4's shapes
//! for all of them and is read as R4. From the R4 resource pages' lists of
//! changes ("R3 Diff") and R5's ("R4 Diff"), hl7.org/fhir/R4 and /R5.

use crate::view::View;
use serde_json::Value;
use si::Problem;

const OLD: &str = "FHIR STU3 or DSTU2";
const R5: &str = "FHIR R5";

/// The shape of an element.
#[derive(Clone, Copy)]
enum Shape {
    /// There at all.
    Any,
    /// A bare string.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl Shape {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Text => value.is_string(),
            Self::List => value.is_array(),
            Self::Object => value.is_object(),
        }
    }

    const fn says(self) -> &'static str {
        match self {
            Self::Any => "is an element",
            Self::Text => "is a string",
            Self::List => "is a list",
            Self::Object => "is an object",
        }
    }
}

/// (resource, element, shape, the version that has it); `*` stands for every resource.
const SHAPES: &[(&str, &str, Shape, &str)] = &[
    ("*", "fhir_comments", Shape::Any, "FHIR DSTU2"),
    ("Condition", "clinicalStatus", Shape::Text, OLD),
    ("Condition", "verificationStatus", Shape::Text, OLD),
    ("Condition", "assertedDate", Shape::Any, "FHIR STU3"),
    ("Condition", "dateRecorded", Shape::Any, "FHIR DSTU2"),
    ("Condition", "context", Shape::Any, "FHIR STU3"),
    ("Condition", "patient", Shape::Any, "FHIR DSTU2"),
    ("Condition", "participant", Shape::Any, R5),
    ("AllergyIntolerance", "clinicalStatus", Shape::Text, OLD),
    ("AllergyIntolerance", "verificationStatus", Shape::Text, OLD),
    (
        "AllergyIntolerance",
        "assertedDate",
        Shape::Any,
        "FHIR STU3",
    ),
    ("AllergyIntolerance", "substance", Shape::Any, "FHIR DSTU2"),
    ("AllergyIntolerance", "type", Shape::Object, R5),
    ("AllergyIntolerance", "participant", Shape::Any, R5),
    ("Patient", "animal", Shape::Any, OLD),
    ("Patient", "careProvider", Shape::Any, "FHIR DSTU2"),
    ("Encounter", "class", Shape::Text, "FHIR DSTU2"),
    ("Encounter", "class", Shape::List, R5),
    ("Encounter", "reason", Shape::Any, "FHIR DSTU2, STU3 or R5"),
    ("Encounter", "actualPeriod", Shape::Any, R5),
    ("Encounter", "admission", Shape::Any, R5),
    ("Encounter", "subjectStatus", Shape::Any, R5),
    ("Observation", "context", Shape::Any, "FHIR STU3"),
    ("Observation", "comment", Shape::Any, "FHIR STU3"),
    ("Observation", "comments", Shape::Any, "FHIR DSTU2"),
    ("Observation", "related", Shape::Any, OLD),
    ("Observation", "interpretation", Shape::Object, OLD),
    ("Observation", "triggeredBy", Shape::Any, R5),
    ("Observation", "bodyStructure", Shape::Any, R5),
    ("Procedure", "context", Shape::Any, "FHIR STU3"),
    ("Procedure", "notDone", Shape::Any, "FHIR STU3"),
    ("Procedure", "notPerformed", Shape::Any, "FHIR DSTU2"),
    ("Procedure", "occurrenceDateTime", Shape::Any, R5),
    ("Procedure", "occurrencePeriod", Shape::Any, R5),
    ("Procedure", "recorded", Shape::Any, R5),
    ("Procedure", "reason", Shape::Any, R5),
    ("MedicationRequest", "context", Shape::Any, "FHIR STU3"),
    ("MedicationRequest", "medication", Shape::Any, R5),
    ("MedicationStatement", "medication", Shape::Any, R5),
    ("MedicationStatement", "taken", Shape::Any, "FHIR STU3"),
    (
        "MedicationStatement",
        "wasNotTaken",
        Shape::Any,
        "FHIR DSTU2",
    ),
    ("MedicationStatement", "adherence", Shape::Any, R5),
    ("ImagingStudy", "uid", Shape::Any, OLD),
    ("ImagingStudy", "accession", Shape::Any, OLD),
    ("ImagingStudy", "procedure", Shape::Any, R5),
    ("DiagnosticReport", "codedDiagnosis", Shape::Any, OLD),
    ("DiagnosticReport", "context", Shape::Any, "FHIR STU3"),
    ("DiagnosticReport", "supportingInfo", Shape::Any, R5),
    ("DiagnosticReport", "study", Shape::Any, R5),
    ("Device", "udi", Shape::Any, OLD),
    ("Device", "name", Shape::Any, R5),
    ("Device", "type", Shape::List, R5),
    ("Goal", "status", Shape::Any, OLD),
    ("QuestionnaireResponse", "parent", Shape::Any, "FHIR STU3"),
    ("Bundle", "issues", Shape::Any, R5),
];

/// Resource types that R4 does not have, and the version that does.
const KINDS: &[(&str, &str)] = &[
    ("MedicationOrder", "FHIR DSTU2"),
    ("DiagnosticOrder", "FHIR DSTU2"),
    ("DeviceUseRequest", "FHIR DSTU2"),
    ("Conformance", "FHIR DSTU2"),
    ("ImagingObjectSelection", "FHIR DSTU2"),
    ("ProcedureRequest", OLD),
    ("ReferralRequest", OLD),
    ("ProcessRequest", OLD),
    ("EligibilityRequest", OLD),
    ("DeviceComponent", OLD),
    ("BodySite", OLD),
    ("DataElement", OLD),
    ("Sequence", "FHIR STU3"),
    ("ImagingManifest", "FHIR STU3"),
    ("DeviceUsage", R5),
    ("ImagingSelection", R5),
    ("EncounterHistory", R5),
    ("GenomicStudy", R5),
    ("ActorDefinition", R5),
    ("Requirements", R5),
    ("Transport", R5),
    ("NutritionIntake", R5),
    ("InventoryItem", R5),
    ("Permission", R5),
];

/// Refuses a resource that shows a shape of another version.
///
/// # Errors
/// The first such element, with the version it belongs to.
pub(crate) fn check(resource: &View<'_>) -> Result<(), Problem> {
    if let Some((_, version)) = KINDS.iter().find(|(kind, _)| *kind == resource.kind) {
        return Err(other(
            resource.at("resourceType"),
            resource.kind.to_owned(),
            format!("is a resource of {version} that R4 does not have"),
        ));
    }
    let applies = SHAPES
        .iter()
        .filter(|(kind, ..)| *kind == "*" || *kind == resource.kind);
    for (_, element, shape, version) in applies {
        if let Some(value) = resource
            .body
            .get(*element)
            .filter(|value| shape.fits(value))
        {
            return Err(other(
                resource.at(element),
                crate::view::shown(value),
                format!("{}, as in {version}; R4 has no such shape", shape.says()),
            ));
        }
    }
    Ok(())
}

fn other(place: String, value: String, problem: String) -> Problem {
    Problem::new(
        "other-fhir-version",
        place,
        value,
        problem,
        "export the record as FHIR R4 (4.0.1)",
    )
}
