//! Sets of roles, as the route table names them.

use crate::role::Role;

/// A set of roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roles(u8);

/// Those who work with patients at the table.
pub const CLINICAL: Roles = Roles::of(&[Role::Assistant, Role::Practitioner, Role::ClinicalLead]);
/// Those who decide, sign, start, raise, resume and lift.
pub const DECIDING: Roles = Roles::of(&[Role::Practitioner, Role::ClinicalLead]);
/// Those at work in the clinic with patients, and the front desk.
pub const CLINIC: Roles = Roles::of(&[
    Role::FrontDesk,
    Role::Assistant,
    Role::Practitioner,
    Role::ClinicalLead,
]);
/// The clinical lead alone.
pub const LEADING: Roles = Roles::of(&[Role::ClinicalLead]);
/// The administrator alone.
pub const ADMINISTRATION: Roles = Roles::of(&[Role::Administrator]);
/// Those who answer for what is kept.
pub const KEEPING: Roles = Roles::of(&[Role::ClinicalLead, Role::Administrator]);
/// Those who may look at what is known of all patients together, nobody named.
pub const RESEARCHING: Roles = Roles::of(&[Role::ClinicalLead, Role::Researcher]);
/// Everybody who works here, without patients.
pub const STAFF: Roles = Roles::of(&[
    Role::FrontDesk,
    Role::Assistant,
    Role::Practitioner,
    Role::ClinicalLead,
    Role::Administrator,
    Role::Researcher,
]);
/// A patient, who sees their own record alone.
pub const PATIENT: Roles = Roles::of(&[Role::Patient]);
/// Whoever has logged in.
pub const ANYBODY: Roles = Roles::of(&Role::ALL);

impl Roles {
    const fn of(roles: &[Role]) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < roles.len() {
            bits |= 1 << roles[index] as u8;
            index += 1;
        }
        Self(bits)
    }

    /// Whether the role is in the set.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }
}
