//! The column against closed forms, published numbers and its own laws.

mod anatomy;
mod anatomy_refusals;
mod bad_input;
mod carriage;
mod chain;
mod column;
mod common;
mod fit;
mod friction;
mod guarding;
mod joints;
mod laws;
mod learning;
mod numerics;
mod prediction;
mod published;
mod stance;
mod strands;
mod tables;
mod tissue;
mod tissue_lanes;
mod tissue_people;
mod tissue_rows;
mod validation;
mod world;
