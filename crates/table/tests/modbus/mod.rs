//! Modbus: the rules of a table that is served, its page and its frames.

mod frames;
mod page;
mod probe;
mod rules;
