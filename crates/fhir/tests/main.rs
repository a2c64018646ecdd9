//! FHIR import and the checker, from outside: bad input, statuses, real samples, demonstration data.

mod bad_input;
mod cds;
mod check;
mod decisions;
mod demo;
mod mappings;
mod mutated;
mod questionnaire;
mod samples;
mod standings;
mod support;
