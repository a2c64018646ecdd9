//! Which event becomes which resource: the table that the tests hold the export to.

use super::define::EXTENSIONS;
use super::words::BASE;
use crate::search::SEARCHED;
use care::knowledge::Knowledge;
use std::fmt::Write as _;

/// What one kind of event becomes. Beside these every one that changes a resource leaves a
/// Provenance.
#[derive(Clone, Copy, Debug)]
pub struct Mapped {
    /// The kind, as stored.
    pub kind: &'static str,
    /// The types of resource it makes or changes; none where it says nothing of health.
    pub resources: &'static [&'static str],
    /// What a reader should know of it.
    pub note: &'static str,
}

const fn to(kind: &'static str, resources: &'static [&'static str], note: &'static str) -> Mapped {
    Mapped {
        kind,
        resources,
        note,
    }
}

/// Every kind of event, in the order of the path of care.
pub const MAPPED: &[Mapped] = &[
    to("registered", &["Patient", "EpisodeOfCare"], ""),
    to("contact-changed", &["Patient"], ""),
    to(
        "record-imported",
        &[
            "DocumentReference",
            "Observation",
            "Patient",
            "QuestionnaireResponse",
            "ImagingStudy",
        ],
        "The original whole, as an attachment; what its codes became, `preliminary`; answers to one of our forms, as they were given; its ImagingStudies; a death it tells of, on the Patient. The entries that became nothing are in the original.",
    ),
    to(
        "facts-recorded",
        &[
            "Observation",
            "QuestionnaireResponse",
            "Condition",
            "DiagnosticReport",
            "ImagingStudy",
            "EpisodeOfCare",
        ],
        "One Observation a reading; what a patient answered stands on a QuestionnaireResponse too; `treated_condition` is the Condition and the diagnosis of the episode; findings of one document of imaging are its DiagnosticReport; an examination that they tell of is an ImagingStudy. The sections that were denied as a whole are in the readings that follow from it.",
    ),
    to(
        "conflict-resolved",
        &["Observation", "Condition", "EpisodeOfCare", "ImagingStudy"],
        "`corrected`; the latest of every source that says otherwise becomes `entered-in-error`. The kind and the day of an image are corrected on its ImagingStudy; where none is on file, that becomes `entered-in-error`.",
    ),
    to(
        "clearance-filed",
        &["DocumentReference", "DetectedIssue"],
        "Where the letter lies, and a mitigation of the issue that its rule raised.",
    ),
    to(
        "rule-overridden",
        &["DetectedIssue"],
        "A mitigation, with who, why, what was examined and until when.",
    ),
    to(
        "permission-withdrawn",
        &["DetectedIssue"],
        "A mitigation that says that the earlier ones end.",
    ),
    to(
        "decided",
        &["RiskAssessment", "DetectedIssue"],
        "The issue only where a rule fired that says that something is amiss.",
    ),
    to(
        "consent-given",
        &["Consent"],
        "The text as it was shown, with its SHA-256.",
    ),
    to(
        "consent-withdrawn",
        &["Consent"],
        "`inactive`, with the reason.",
    ),
    to(
        "plan-proposed",
        &["CarePlan"],
        "`draft`; its candidates only once one is signed.",
    ),
    to(
        "plan-signed",
        &["CarePlan", "ServiceRequest", "Provenance"],
        "`active`; every setting with its unit in the order; the signature in the Provenance.",
    ),
    to("arrival-recorded", &["Encounter", "Observation"], ""),
    to("start-checked", &["Observation"], ""),
    to(
        "grant-issued",
        &[
            "Procedure",
            "DeviceUseStatement",
            "RiskAssessment",
            "DetectedIssue",
            "Encounter",
        ],
        "The Grant itself is a permission of the bedside and stays here.",
    ),
    to("session-started", &["Procedure", "DeviceUseStatement"], ""),
    to(
        "session-reported",
        &["Observation", "RiskAssessment", "DetectedIssue"],
        "",
    ),
    to(
        "session-ended",
        &["Procedure", "DeviceUseStatement", "Observation"],
        "`stopped` with its reason where the profile did not run to its end; forces, duration and discomfort as Observations. The recording stays here: its SHA-256 is named.",
    ),
    to("stop-explained", &["Procedure"], ""),
    to(
        "spine-learned",
        &["DocumentReference"],
        "The belief as JSON: numbers of our model.",
    ),
    to("leaving-checked", &["Observation", "Encounter"], ""),
    to(
        "link-issued",
        &[],
        "A key to the patient's page, and nothing about their health.",
    ),
    to(
        "check-in-answered",
        &["QuestionnaireResponse", "Observation"],
        "",
    ),
    to("check-in-missed", &["Communication"], "`not-done`."),
    to(
        "check-in-begun",
        &["QuestionnaireResponse"],
        "`in-progress`; no Observation before it is sent.",
    ),
    to(
        "check-in-abandoned",
        &["QuestionnaireResponse"],
        "`stopped`.",
    ),
    to(
        "note-signed",
        &["DocumentReference", "Procedure"],
        "The code that the visit may be billed as stands on its Procedure: one, never both.",
    ),
    to("note-amended", &["DocumentReference"], ""),
    to("examination-noted", &["Encounter", "DocumentReference"], ""),
    to("examination-amended", &["DocumentReference"], ""),
    to("triaged", &["RiskAssessment", "DetectedIssue"], ""),
    to(
        "suspended",
        &["Flag", "EpisodeOfCare", "CarePlan", "ServiceRequest"],
        "",
    ),
    to(
        "suspension-lifted",
        &["Flag", "EpisodeOfCare", "CarePlan", "ServiceRequest"],
        "",
    ),
    to(
        "adverse-event-opened",
        &["AdverseEvent"],
        "Seriousness only once somebody has judged it, or where it is serious.",
    ),
    to(
        "adverse-event-noted",
        &["AdverseEvent", "DocumentReference"],
        "",
    ),
    to(
        "adverse-event-closed",
        &["AdverseEvent", "DocumentReference"],
        "FHIR's outcome is `unknown`, with what was written as its text: nobody classes it.",
    ),
    to(
        "notified",
        &["Communication"],
        "Without whom: that is data of others.",
    ),
    to("acknowledged", &["Communication"], ""),
    to(
        "referral-written",
        &["ServiceRequest", "DocumentReference"],
        "",
    ),
    to("referral-overdue", &["ServiceRequest"], ""),
    to("referral-closed", &["ServiceRequest"], ""),
    to("therapy-recorded", &["Procedure"], ""),
    to(
        "appointment-missed",
        &["Encounter"],
        "`cancelled`; the Appointment itself comes from the diary.",
    ),
    to(
        "appointment-kept",
        &["Encounter"],
        "The missed one becomes `entered-in-error`.",
    ),
    to(
        "reviewed",
        &[
            "ClinicalImpression",
            "RiskAssessment",
            "DetectedIssue",
            "CarePlan",
            "ServiceRequest",
        ],
        "",
    ),
    to(
        "discharged",
        &[
            "EpisodeOfCare",
            "CarePlan",
            "ServiceRequest",
            "Procedure",
            "DeviceUseStatement",
        ],
        "A session that was permitted and never began is `not-done`.",
    ),
    to("reopened", &["EpisodeOfCare", "Consent"], ""),
];

/// The head of the page, up to its tables.
const HEAD: &str = include_str!("mapping.md");

/// `docs/fhir.md`.
#[must_use]
pub fn document(knowledge: &Knowledge) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n## What each event becomes\n\n| event | resources | note |\n|---|---|---|\n");
    for one in MAPPED {
        let resources = if one.resources.is_empty() {
            "none".to_owned()
        } else {
            one.resources.join(", ")
        };
        let _ = writeln!(text, "| `{}` | {resources} | {} |", one.kind, one.note);
    }
    text.push_str("\n## Facts with a LOINC code\n\nOf the facts that the catalogue has a code for that was read in a source and means the fact itself.\n\n| fact | LOINC | exported in |\n|---|---|---|\n");
    for fact in knowledge.catalogue().facts() {
        if let Some(code) = super::observe::loinc(fact) {
            let unit = fact.unit.as_deref().unwrap_or("1");
            let unit = if code == super::observe::HEIGHT {
                "cm"
            } else {
                unit
            };
            let _ = writeln!(text, "| `{}` | {code} | {unit} |", fact.id);
        }
    }
    let _ = writeln!(
        text,
        "\n## Extensions\n\nEach is `{BASE}:extension:` and its name.\n\n| name | of | type | what it says |\n|---|---|---|---|"
    );
    for one in EXTENSIONS {
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            one.name,
            one.on.join(", "),
            one.takes,
            one.says
        );
    }
    text.push_str("\n## What can be searched\n\nBeside `_id` and `_lastUpdated`. The expressions are those of R4's own definitions.\n\n| type | parameters | `_include` |\n|---|---|---|\n");
    for one in SEARCHED {
        let params = one.params.iter();
        let params: Vec<String> = params
            .map(|param| format!("`{}` ({})", param.name, param.kind.code()))
            .collect();
        let includes: Vec<String> = one
            .includes
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            one.kind,
            params.join(", "),
            includes.join(", ")
        );
    }
    text
}
