//! The search parameters that are served: names and expressions as HL7's definitions of R4 have
//! them (`search-parameters.json` of 4.0.1), of each the part that speaks of the type.

use super::Kind::{Date, Quantity, Reference, Text, Token, Uri};
use super::param::{Param, YES_OR_NO, coded, param};

/// A type of resource with its parameters, beside those of every type.
#[derive(Clone, Copy, Debug)]
pub struct Searched {
    /// The type.
    pub kind: &'static str,
    /// Its parameters, by name.
    pub params: &'static [Param],
    /// References that `_include` follows.
    pub includes: &'static [&'static str],
}

/// Parameters of every type (R4, §3.1.1.1).
pub const COMMON: [Param; 2] = [
    param("_id", Token, "Resource.id"),
    param("_lastUpdated", Date, "Resource.meta.lastUpdated"),
];

/// Every type that can be searched.
pub const SEARCHED: &[Searched] = &[
    Searched {
        kind: "AdverseEvent",
        params: &[
            coded(
                "actuality",
                "adverse-event-actuality",
                "AdverseEvent.actuality",
            ),
            param("date", Date, "AdverseEvent.date"),
            param("recorder", Reference, "AdverseEvent.recorder"),
            param("seriousness", Token, "AdverseEvent.seriousness"),
            param("severity", Token, "AdverseEvent.severity"),
            param("subject", Reference, "AdverseEvent.subject"),
        ],
        includes: &["recorder", "subject"],
    },
    Searched {
        kind: "Appointment",
        params: &[
            param("actor", Reference, "Appointment.participant.actor"),
            param("date", Date, "Appointment.start"),
            param(
                "patient",
                Reference,
                "Appointment.participant.actor.where(resolve() is Patient)",
            ),
            param(
                "practitioner",
                Reference,
                "Appointment.participant.actor.where(resolve() is Practitioner)",
            ),
            param("service-type", Token, "Appointment.serviceType"),
            coded("status", "appointmentstatus", "Appointment.status"),
        ],
        includes: &["actor", "patient", "practitioner"],
    },
    Searched {
        kind: "AuditEvent",
        params: &[
            coded("action", "audit-event-action", "AuditEvent.action"),
            param("agent", Reference, "AuditEvent.agent.who"),
            param("date", Date, "AuditEvent.recorded"),
            param("entity", Reference, "AuditEvent.entity.what"),
            coded("outcome", "audit-event-outcome", "AuditEvent.outcome"),
            param(
                "patient",
                Reference,
                "AuditEvent.agent.who.where(resolve() is Patient) | AuditEvent.entity.what.where(resolve() is Patient)",
            ),
        ],
        includes: &[],
    },
    Searched {
        kind: "CarePlan",
        params: &[
            param("category", Token, "CarePlan.category"),
            param("date", Date, "CarePlan.period"),
            coded("intent", "request-intent", "CarePlan.intent"),
            param(
                "patient",
                Reference,
                "CarePlan.subject.where(resolve() is Patient)",
            ),
            coded("status", "request-status", "CarePlan.status"),
            param("subject", Reference, "CarePlan.subject"),
        ],
        includes: &["patient", "subject"],
    },
    Searched {
        kind: "ClinicalImpression",
        params: &[
            param("date", Date, "ClinicalImpression.date"),
            param(
                "patient",
                Reference,
                "ClinicalImpression.subject.where(resolve() is Patient)",
            ),
            coded("status", "event-status", "ClinicalImpression.status"),
            param("subject", Reference, "ClinicalImpression.subject"),
        ],
        includes: &["patient", "subject"],
    },
    Searched {
        kind: "Communication",
        params: &[
            param(
                "patient",
                Reference,
                "Communication.subject.where(resolve() is Patient)",
            ),
            param("sent", Date, "Communication.sent"),
            coded("status", "event-status", "Communication.status"),
            param("subject", Reference, "Communication.subject"),
        ],
        includes: &["patient", "subject"],
    },
    Searched {
        kind: "Condition",
        params: &[
            param("clinical-status", Token, "Condition.clinicalStatus"),
            param("code", Token, "Condition.code"),
            param(
                "patient",
                Reference,
                "Condition.subject.where(resolve() is Patient)",
            ),
            param("recorded-date", Date, "Condition.recordedDate"),
            param("subject", Reference, "Condition.subject"),
            param("verification-status", Token, "Condition.verificationStatus"),
        ],
        includes: &["patient", "subject"],
    },
    Searched {
        kind: "Consent",
        params: &[
            param("category", Token, "Consent.category"),
            param("date", Date, "Consent.dateTime"),
            param("patient", Reference, "Consent.patient"),
            param("scope", Token, "Consent.scope"),
            coded("status", "consent-state-codes", "Consent.status"),
        ],
        includes: &["patient"],
    },
    Searched {
        kind: "DetectedIssue",
        params: &[
            param("code", Token, "DetectedIssue.code"),
            param("identified", Date, "DetectedIssue.identified"),
            param("implicated", Reference, "DetectedIssue.implicated"),
            param("patient", Reference, "DetectedIssue.patient"),
            coded("status", "observation-status", "DetectedIssue.status"),
        ],
        includes: &["implicated", "patient"],
    },
    Searched {
        kind: "Device",
        params: &[
            param("identifier", Token, "Device.identifier"),
            coded("status", "device-status", "Device.status"),
            param("type", Token, "Device.type"),
        ],
        includes: &[],
    },
    Searched {
        kind: "DeviceUseStatement",
        params: &[
            param("device", Reference, "DeviceUseStatement.device"),
            param("patient", Reference, "DeviceUseStatement.subject"),
            param("subject", Reference, "DeviceUseStatement.subject"),
        ],
        includes: &["device", "patient", "subject"],
    },
    Searched {
        kind: "DiagnosticReport",
        params: &[
            param("code", Token, "DiagnosticReport.code"),
            param("date", Date, "DiagnosticReport.effective"),
            param(
                "patient",
                Reference,
                "DiagnosticReport.subject.where(resolve() is Patient)",
            ),
            param("result", Reference, "DiagnosticReport.result"),
            coded(
                "status",
                "diagnostic-report-status",
                "DiagnosticReport.status",
            ),
            param("subject", Reference, "DiagnosticReport.subject"),
        ],
        includes: &["patient", "result", "subject"],
    },
    Searched {
        kind: "DocumentReference",
        params: &[
            param("author", Reference, "DocumentReference.author"),
            param("date", Date, "DocumentReference.date"),
            param(
                "patient",
                Reference,
                "DocumentReference.subject.where(resolve() is Patient)",
            ),
            coded(
                "status",
                "document-reference-status",
                "DocumentReference.status",
            ),
            param("subject", Reference, "DocumentReference.subject"),
            param("type", Token, "DocumentReference.type"),
        ],
        includes: &["author", "patient", "subject"],
    },
    Searched {
        kind: "Encounter",
        params: &[
            param("class", Token, "Encounter.class"),
            param("date", Date, "Encounter.period"),
            param("episode-of-care", Reference, "Encounter.episodeOfCare"),
            param(
                "patient",
                Reference,
                "Encounter.subject.where(resolve() is Patient)",
            ),
            coded("status", "encounter-status", "Encounter.status"),
            param("subject", Reference, "Encounter.subject"),
        ],
        includes: &["episode-of-care", "patient", "subject"],
    },
    Searched {
        kind: "EpisodeOfCare",
        params: &[
            param("condition", Reference, "EpisodeOfCare.diagnosis.condition"),
            param("date", Date, "EpisodeOfCare.period"),
            param(
                "organization",
                Reference,
                "EpisodeOfCare.managingOrganization",
            ),
            param("patient", Reference, "EpisodeOfCare.patient"),
            coded("status", "episode-of-care-status", "EpisodeOfCare.status"),
        ],
        includes: &["condition", "organization", "patient"],
    },
    Searched {
        kind: "Flag",
        params: &[
            param("date", Date, "Flag.period"),
            param(
                "patient",
                Reference,
                "Flag.subject.where(resolve() is Patient)",
            ),
            param("subject", Reference, "Flag.subject"),
        ],
        includes: &["patient", "subject"],
    },
    Searched {
        kind: "ImagingStudy",
        params: &[
            param("identifier", Token, "ImagingStudy.identifier"),
            param("modality", Token, "ImagingStudy.series.modality"),
            param(
                "patient",
                Reference,
                "ImagingStudy.subject.where(resolve() is Patient)",
            ),
            param("started", Date, "ImagingStudy.started"),
            coded("status", "imagingstudy-status", "ImagingStudy.status"),
            param("subject", Reference, "ImagingStudy.subject"),
        ],
        includes: &["patient", "subject"],
    },
    Searched {
        kind: "Observation",
        params: &[
            param("category", Token, "Observation.category"),
            param("code", Token, "Observation.code"),
            param("data-absent-reason", Token, "Observation.dataAbsentReason"),
            param("date", Date, "Observation.effective"),
            param("encounter", Reference, "Observation.encounter"),
            param(
                "patient",
                Reference,
                "Observation.subject.where(resolve() is Patient)",
            ),
            coded("status", "observation-status", "Observation.status"),
            param("subject", Reference, "Observation.subject"),
            param(
                "value-concept",
                Token,
                "(Observation.value.ofType(CodeableConcept))",
            ),
            param(
                "value-quantity",
                Quantity,
                "(Observation.value.ofType(Quantity))",
            ),
        ],
        includes: &["encounter", "patient", "subject"],
    },
    Searched {
        kind: "Organization",
        params: &[
            coded("active", YES_OR_NO, "Organization.active"),
            param("name", Text, "Organization.name | Organization.alias"),
        ],
        includes: &[],
    },
    Searched {
        kind: "Patient",
        params: &[
            coded("active", YES_OR_NO, "Patient.active"),
            param("birthdate", Date, "Patient.birthDate"),
            param("email", Token, "Patient.telecom.where(system='email')"),
            coded("gender", "administrative-gender", "Patient.gender"),
            param("identifier", Token, "Patient.identifier"),
            param("name", Text, "Patient.name"),
            param("organization", Reference, "Patient.managingOrganization"),
            param("phone", Token, "Patient.telecom.where(system='phone')"),
        ],
        includes: &["organization"],
    },
    Searched {
        kind: "Practitioner",
        params: &[
            coded("active", YES_OR_NO, "Practitioner.active"),
            param("identifier", Token, "Practitioner.identifier"),
            param("name", Text, "Practitioner.name"),
        ],
        includes: &[],
    },
    Searched {
        kind: "PractitionerRole",
        params: &[
            coded("active", YES_OR_NO, "PractitionerRole.active"),
            param("organization", Reference, "PractitionerRole.organization"),
            param("practitioner", Reference, "PractitionerRole.practitioner"),
            param("role", Token, "PractitionerRole.code"),
        ],
        includes: &["organization", "practitioner"],
    },
    Searched {
        kind: "Procedure",
        params: &[
            param("based-on", Reference, "Procedure.basedOn"),
            param("code", Token, "Procedure.code"),
            param("date", Date, "Procedure.performed"),
            param("encounter", Reference, "Procedure.encounter"),
            param(
                "patient",
                Reference,
                "Procedure.subject.where(resolve() is Patient)",
            ),
            coded("status", "event-status", "Procedure.status"),
            param("subject", Reference, "Procedure.subject"),
        ],
        includes: &["based-on", "encounter", "patient", "subject"],
    },
    Searched {
        kind: "Provenance",
        params: &[
            param("agent", Reference, "Provenance.agent.who"),
            param(
                "patient",
                Reference,
                "Provenance.target.where(resolve() is Patient)",
            ),
            param("recorded", Date, "Provenance.recorded"),
            param("target", Reference, "Provenance.target"),
        ],
        includes: &["agent", "patient", "target"],
    },
    Searched {
        kind: "Questionnaire",
        params: &[
            param("name", Text, "Questionnaire.name"),
            coded("status", "publication-status", "Questionnaire.status"),
            param("title", Text, "Questionnaire.title"),
            param("url", Uri, "Questionnaire.url"),
            param("version", Token, "Questionnaire.version"),
        ],
        includes: &[],
    },
    Searched {
        kind: "QuestionnaireResponse",
        params: &[
            param("author", Reference, "QuestionnaireResponse.author"),
            param("authored", Date, "QuestionnaireResponse.authored"),
            param(
                "patient",
                Reference,
                "QuestionnaireResponse.subject.where(resolve() is Patient)",
            ),
            param("source", Reference, "QuestionnaireResponse.source"),
            coded(
                "status",
                "questionnaire-answers-status",
                "QuestionnaireResponse.status",
            ),
            param("subject", Reference, "QuestionnaireResponse.subject"),
        ],
        includes: &["author", "patient", "source", "subject"],
    },
    Searched {
        kind: "RiskAssessment",
        params: &[
            param("date", Date, "(RiskAssessment.occurrence.ofType(dateTime))"),
            param(
                "patient",
                Reference,
                "RiskAssessment.subject.where(resolve() is Patient)",
            ),
            param("subject", Reference, "RiskAssessment.subject"),
        ],
        includes: &["patient", "subject"],
    },
    Searched {
        kind: "ServiceRequest",
        params: &[
            param("authored", Date, "ServiceRequest.authoredOn"),
            param("code", Token, "ServiceRequest.code"),
            coded("intent", "request-intent", "ServiceRequest.intent"),
            param(
                "patient",
                Reference,
                "ServiceRequest.subject.where(resolve() is Patient)",
            ),
            param("requester", Reference, "ServiceRequest.requester"),
            coded("status", "request-status", "ServiceRequest.status"),
            param("subject", Reference, "ServiceRequest.subject"),
        ],
        includes: &["patient", "requester", "subject"],
    },
];

/// The type with this name.
#[must_use]
pub fn searched(kind: &str) -> Option<&'static Searched> {
    SEARCHED.iter().find(|one| one.kind == kind)
}

impl Searched {
    /// The parameter with this name, of this type or of every type.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        let own = self.params.iter().find(|param| param.name == name);
        own.or_else(|| COMMON.iter().find(|param| param.name == name))
    }

    /// Every parameter, those of every type first.
    pub fn all(&self) -> impl Iterator<Item = &'static Param> {
        COMMON.iter().chain(self.params)
    }

    /// By what entries can be sorted: the parameter and the name under which its one value stands.
    #[must_use]
    pub fn sorts(&self) -> Vec<&'static str> {
        let mut sorts = vec!["_lastUpdated"];
        sorts.extend(self.param("date").map(|date| date.name));
        sorts
    }
}
