//! One-time tokens: the second of two deliberate acts that lead to tension.
//!
//! A token is asked for (first act) and spent with the command it names
//! (second act) within 30 s (devices.md §4b.5), by the same connection, for
//! the same session. Issuing one withdraws the last, so a double click, a
//! replayed frame or a second tab cannot start anything.

use crate::lease::ConnectionId;
use crate::wire::Purpose;

/// How long a token may be spent, wall milliseconds (devices.md §4b.5: two acts ≤ 30 s apart).
pub const LIFE_MS: u64 = 30_000;

/// The secret itself, from the operating system.
pub type Secret = [u8; 16];

#[derive(Clone, Debug)]
struct Issued {
    secret: Secret,
    purpose: Purpose,
    connection: ConnectionId,
    session: [u8; 16],
    at_ms: u64,
}

/// Who presents a token, for what, when.
#[derive(Clone, Copy, Debug)]
pub struct Spender {
    /// What the token must have been issued for.
    pub purpose: Purpose,
    /// The connection that presents it.
    pub connection: ConnectionId,
    /// The session it must belong to.
    pub session: [u8; 16],
    /// Now, wall milliseconds.
    pub now_ms: u64,
}

/// Why a token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// None is outstanding, or it is another one.
    #[error("is not the token last issued")]
    Unknown,
    /// More than 30 s old.
    #[error("is older than 30 s")]
    Expired,
    /// Issued for another command, connection or session.
    #[error("was issued for another act")]
    Elsewhere,
}

/// At most one outstanding token.
#[derive(Debug, Default)]
pub struct Tokens {
    issued: Option<Issued>,
}

impl Tokens {
    /// Makes `secret` the one outstanding token.
    pub fn issue(&mut self, secret: Secret, to: Spender) {
        self.issued = Some(Issued {
            secret,
            purpose: to.purpose,
            connection: to.connection,
            session: to.session,
            at_ms: to.now_ms,
        });
    }

    /// Spends a token. Whatever the answer, the outstanding token is gone afterwards.
    ///
    /// # Errors
    /// [`TokenError`] says which of its conditions was not met.
    pub fn spend(&mut self, secret: &Secret, by: Spender) -> Result<(), TokenError> {
        let issued = self.issued.take().ok_or(TokenError::Unknown)?;
        if issued.secret != *secret {
            return Err(TokenError::Unknown);
        }
        if by.now_ms.saturating_sub(issued.at_ms) > LIFE_MS {
            return Err(TokenError::Expired);
        }
        let same = issued.purpose == by.purpose
            && issued.connection == by.connection
            && issued.session == by.session;
        same.then_some(()).ok_or(TokenError::Elsewhere)
    }
}
