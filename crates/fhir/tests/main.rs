//! FHIR import, from outside: bad input, statuses, real samples, demonstration data.

mod bad_input;
mod demo;
mod mutated;
mod samples;
mod standings;
mod support;
