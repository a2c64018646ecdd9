//! FHIR import, from outside.
