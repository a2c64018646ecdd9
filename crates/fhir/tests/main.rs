//! FHIR import, from outside: bad input, statuses, real samples, demonstration data.

mod bad_input;
mod decisions;
mod demo;
mod mappings;
mod mutated;
mod samples;
mod standings;
mod support;
