//! The link to a patient's own page for one session on the table: made from the clinic's key,
//! so that nothing is kept, a restart changes nothing, and nobody without the key makes one.

use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{Clinic, ClinicKey};

/// Digits of an id.
const ID: usize = 32;

impl Clinic {
    /// The token of a patient's page for a session: both ids, and 128 bits that only the
    /// clinic's key makes of them.
    #[must_use]
    pub fn table_token(&self, patient: Uuid, session: Uuid) -> String {
        token(self.key(), patient, session)
    }

    /// The patient and session of a token that this clinic made.
    #[must_use]
    pub fn behind_table_token(&self, token: &str) -> Option<(Uuid, Uuid)> {
        behind(self.key(), token)
    }
}

fn token(key: &ClinicKey, patient: Uuid, session: Uuid) -> String {
    let ids = format!("{}{}", patient.simple(), session.simple());
    let secret = key.secret(&format!("page on the table {ids}"));
    ids + &secret
}

fn behind(key: &ClinicKey, given: &str) -> Option<(Uuid, Uuid)> {
    let id = |from: usize| Uuid::try_parse(given.get(from..from + ID)?).ok();
    let (patient, session) = (id(0)?, id(ID)?);
    let ours = token(key, patient, session);
    bool::from(ours.as_bytes().ct_eq(given.as_bytes())).then_some((patient, session))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(folder: &std::path::Path, name: &str) -> ClinicKey {
        let (private, public) = (folder.join(name), folder.join(format!("{name}.pub")));
        ClinicKey::open(&private, &public).unwrap()
    }

    #[test]
    fn a_token_is_the_same_again_and_nobody_else_makes_one() {
        let folder = tempfile::tempdir().unwrap();
        let (ours, other) = (key(folder.path(), "a"), key(folder.path(), "b"));
        let ids = (Uuid::from_u128(7), Uuid::from_u128(8));
        let made = token(&ours, ids.0, ids.1);
        assert_eq!(made, token(&key(folder.path(), "a"), ids.0, ids.1));
        assert_eq!(behind(&ours, &made), Some(ids));
        assert_eq!(behind(&other, &made), None);
        for place in 0..made.len() {
            let mut changed = made.clone().into_bytes();
            changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(behind(&ours, &changed), None, "{changed}");
        }
        for short in ["", "ä", &made[..95], &format!("{made}0")] {
            assert_eq!(behind(&ours, short), None, "{short}");
        }
    }
}
