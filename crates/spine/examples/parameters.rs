//! Prints the page of all parameters: `docs/parameters.md`.
#![allow(clippy::print_stdout, reason = "a program that prints its result")]

fn main() {
    print!("{}", spine::tables::page());
}
