//! Browsers in which somebody was logged in before: what is tried elsewhere makes nobody wait there.

use subtle::ConstantTimeEq as _;

use super::{Clinic, User};
use crate::random;

/// Hexadecimal digits of a browser's number, and of what vouches for an account in it.
const DIGITS: usize = 32;
/// Accounts that one browser is known for, the last ones *(ours: a clinic's shared screen)*.
const ACCOUNTS: usize = 8;

impl Clinic {
    /// What a browser keeps after this account was logged in there. It names nobody and opens
    /// nothing.
    #[must_use]
    pub fn known_browser(&self, user: &User, kept: Option<&str>) -> String {
        let (browser, vouched) = kept.and_then(parts).unwrap_or_default();
        let browser = match browser.is_empty() {
            true => random::id().simple().to_string(),
            false => browser.to_owned(),
        };
        let own = self.vouch(user, &browser);
        let others = vouched.into_iter().filter(|other| *other != own);
        let all: Vec<&str> = std::iter::once(own.as_str())
            .chain(others)
            .take(ACCOUNTS)
            .collect();
        format!("{browser}.{}", all.join("."))
    }

    /// The browser's number, where this account was logged in there before.
    #[must_use]
    pub fn known_here(&self, user: &User, kept: &str) -> Option<String> {
        let (browser, vouched) = parts(kept)?;
        let own = self.vouch(user, browser);
        let is_own = |other: &&str| bool::from(other.as_bytes().ct_eq(own.as_bytes()));
        let known = vouched.iter().any(is_own);
        known.then(|| format!("{browser} {}", user.id))
    }

    fn vouch(&self, user: &User, browser: &str) -> String {
        let words = format!("browser {browser} of {}", user.id.simple());
        let mut secret = self.key().secret(&words);
        secret.truncate(DIGITS);
        secret
    }
}

/// A browser's number, and what vouches for accounts in it.
fn parts(kept: &str) -> Option<(&str, Vec<&str>)> {
    let is_hex =
        |part: &&str| part.len() == DIGITS && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut parts = kept.split('.').take(1 + ACCOUNTS);
    let browser = parts.next().filter(is_hex)?;
    Some((browser, parts.filter(is_hex).collect()))
}
