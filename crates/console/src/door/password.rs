//! Passwords: Argon2id hashes with a random salt each (RFC 9106, the library's
//! defaults: 19 MiB, two passes), and passwords made for a demonstration.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use si::Problem;

use crate::random;

/// The shortest password a person may choose *(ours; NIST SP 800-63B asks for
/// eight at least and recommends length over composition)*.
pub const SHORTEST: usize = 12;
/// The longest that is hashed, so that a long one cannot keep a core busy.
pub const LONGEST: usize = 256;

/// The PHC string of a password.
pub fn hash(password: &str) -> Result<String, Problem> {
    check_length(password)?;
    argon2()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|_| unusable())
}

/// Whether the password is the one behind the PHC string.
#[must_use]
pub fn verify(password: &str, phc: &str) -> bool {
    if password.len() > LONGEST {
        return false;
    }
    PasswordHash::new(phc)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A random password people can type: four groups of letters and digits
/// without the ones that look alike, about 79 bits.
#[must_use]
pub fn generate() -> String {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut out = String::with_capacity(19);
    while out.len() < 19 {
        for byte in random::bytes::<32>() {
            // Bytes above the largest multiple of the alphabet would favour its head.
            if out.len() == 19 || usize::from(byte) >= ALPHABET.len() * 8 {
                continue;
            }
            out.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            if matches!(out.len(), 4 | 9 | 14) {
                out.push('-');
            }
        }
    }
    out
}

fn check_length(password: &str) -> Result<(), Problem> {
    if (SHORTEST..=LONGEST).contains(&password.chars().count()) && password.len() <= LONGEST {
        return Ok(());
    }
    Err(Problem::new(
        "password-length",
        "password",
        "",
        "is too short or too long",
        format!("choose between {SHORTEST} and {LONGEST} characters"),
    ))
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

fn unusable() -> Problem {
    Problem::new(
        "password-unusable",
        "password",
        "",
        "could not be stored",
        "choose another password",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_and_no_other() {
        let phc = hash("correct horse battery").unwrap();
        assert!(phc.starts_with("$argon2id$"));
        assert!(verify("correct horse battery", &phc));
        assert!(!verify("correct horse batterY", &phc));
        assert!(!verify("correct horse battery", "not a hash"));
    }

    #[test]
    fn a_short_password_is_refused_without_being_repeated() {
        let problem = hash("short").unwrap_err();
        assert_eq!(problem.code, "password-length");
        assert!(problem.value.is_empty());
    }

    #[test]
    fn generated_passwords_differ_and_have_four_groups() {
        let one = generate();
        assert_eq!(one.split('-').count(), 4);
        assert_ne!(one, generate());
    }
}
