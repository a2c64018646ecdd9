//! Random bytes and ids, made at this door and passed down.

use uuid::Uuid;

/// `N` bytes from the operating system.
///
/// # Panics
/// When the operating system has no randomness: no secret may then be made.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    getrandom::fill(&mut out).expect("the operating system gives random bytes");
    out
}

/// A 128-bit secret in hexadecimal digits.
#[must_use]
pub fn token() -> String {
    hex::encode(bytes::<16>())
}

/// A fresh id, ordered by the time it was made.
#[must_use]
pub fn id() -> Uuid {
    Uuid::now_v7()
}
