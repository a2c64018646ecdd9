//! The session core from outside.

mod arbitrary;
mod bits;
#[cfg(feature = "blind")]
mod blind;
mod campaign;
mod causes;
mod changes;
mod codes;
mod crawling;
mod edges;
mod exactly;
mod faults;
mod golden;
mod guard;
mod guarding;
mod lies;
mod limits;
mod losing;
mod plant;
mod profiles;
mod releasing;
mod search;
mod session;
mod softening;
mod stops;
mod transitions;
mod values;
