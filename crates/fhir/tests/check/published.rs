//! Published resources: none is refused but those that R4 itself does not allow.

use crate::support::sample;
use fhir::check::{self, Extensions};
use std::path::Path;

/// What is truly not R4, and which rule each breaks.
const REFUSED: [(&str, &str, &str); 3] = [
    // An underscore in an id.
    ("ahrq_pain/brenda_jackson_r4.json", "format", "Bundle.id"),
    // HL7's own example names a Procedure, which R4 does not list among the targets.
    (
        "fhir_test_cases_r4/deviceusestatement-example.json",
        "reference-target",
        "DeviceUseStatement.reasonReference[0]",
    ),
    // HL7's own example names a Practitioner, where R4 lists Organization alone.
    (
        "fhir_test_cases_r4/medicationrequest0301.json",
        "reference-target",
        "MedicationRequest.dispenseRequest.performer",
    ),
];

const FILES: &str = "fhir_test_cases_r4: allergyintolerance-example appointment-example auditevent-example \
    careteam-example condition-example consent-example detectedissue-example device-example \
    deviceusestatement-example encounter-example episodeofcare-example flag-example goal-example medicationrequest0301 \
    observation-decimal observation-example patient-example questionnaire-example \
    questionnaireresponse-example-bluebook
us_core_r4: Device-defib Device-knee DiagnosticReport-bone-density-report Procedure-R4-defib-implant \
    Questionnaire-exercise-vital-sign Questionnaire-phq-9-example QuestionnaireResponse-exercise-vital-sign \
    QuestionnaireResponse-phq-9-example allergyintolerance-example careplan-ulcer-example condition-duodenal-ulcer \
    condition-encounter-diagnosis-example1 encounter-example-1 goal-1 medicationrequest-self-tylenol \
    observation-pregnancy-intent observation-pregnancy-status patient-child-example patient-deceased-example \
    patient-example procedure-rehab
sdc: Questionnaire-CardiologyForm.gz Questionnaire-rxterms QuestionnaireResponse-Cardiology-MariaSantos
ahrq_pain: brenda_jackson_r4
smart_app_launch: Bundle-example1 Bundle-example2 Bundle-example3 Bundle-example4
synthea_r4: active_pregnancy.gz clopidogrel.gz colon_cancer.gz control_buster.gz control_clemente.gz hip_fracture.gz \
    hospital_information.gz osteoporosis_and_tubal_pregnancy.gz pathological_fracture_osteoporosis.gz \
    practitioner_information rheumatoid_arthritis.gz spinal_cord_lesion_paralysis.gz";

/// The published files, by folder and name.
pub(super) fn files() -> Vec<String> {
    let in_folder = |line: &str| {
        let (folder, names) = line.split_once(": ").expect("a folder");
        let file = |name: &str| match name.strip_suffix(".gz") {
            Some(name) => format!("{folder}/{name}.json.gz"),
            None => format!("{folder}/{name}.json"),
        };
        names.split_whitespace().map(file).collect::<Vec<_>>()
    };
    FILES.lines().flat_map(in_folder).collect()
}

#[test]
fn published_resources_conform_but_for_those_that_truly_do_not() {
    for file in files() {
        let Some(bytes) = sample(&file) else { continue };
        let issues = check::bytes(&bytes, Extensions::Any);
        let errors: Vec<_> = issues
            .iter()
            .filter(|issue| issue.is_error())
            .map(|issue| (file.as_str(), issue.rule, issue.place.as_str()))
            .collect();
        let expected: Vec<_> = REFUSED.into_iter().filter(|(of, ..)| *of == file).collect();
        assert_eq!(errors, expected);
    }
}

/// The demonstration's records, as they are written: days are counted from today there.
#[test]
fn the_records_of_the_demonstration_conform() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../console/demo");
    let at = crate::support::at();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the demonstration") {
        let path = entry.expect("an entry").path();
        if !path.to_string_lossy().ends_with(".fhir.json") {
            continue;
        }
        seen += 1;
        let text = std::fs::read_to_string(&path).expect("text");
        let text = fhir::relative::resolve(&text, at, &jiff::tz::TimeZone::UTC).expect("dates");
        let errors: Vec<_> = check::bytes(text.as_bytes(), Extensions::Any)
            .into_iter()
            .filter(check::Issue::is_error)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
    assert_eq!(seen, 6);
}
