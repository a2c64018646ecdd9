//! What a person may do (CLINICAL.md §7): the roles are `care`'s.

pub use care::episode::Role;
