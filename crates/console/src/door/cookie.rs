//! The session cookie, and those around a login. Behind TLS it is `__Host-annulus`, which a browser
//! takes only with Secure, path `/` and no domain; on plain-HTTP loopback the
//! same cookie goes without prefix and Secure (ENGINEERING.md §6).

use axum::http::{HeaderMap, header};

/// Which cookie names and flags this server uses.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    /// Whether browsers reach this server over TLS.
    pub secure: bool,
}

/// Which of the cookies.
#[derive(Clone, Copy, Debug)]
pub enum Name {
    /// The login.
    Login,
    /// The token of the login form, before anybody is logged in.
    Before,
    /// A password that fitted and waits for its code.
    Half,
    /// That somebody was logged in with this browser before.
    Known,
}

impl Cookies {
    /// The cookie's name.
    #[must_use]
    pub const fn name(self, name: Name) -> &'static str {
        match (name, self.secure) {
            (Name::Login, true) => "__Host-annulus",
            (Name::Login, false) => "annulus",
            (Name::Before, true) => "__Host-annulus-before",
            (Name::Before, false) => "annulus-before",
            (Name::Half, true) => "__Host-annulus-half",
            (Name::Half, false) => "annulus-half",
            (Name::Known, true) => "__Host-annulus-known",
            (Name::Known, false) => "annulus-known",
        }
    }

    /// The value a request carries.
    #[must_use]
    pub fn read(self, headers: &HeaderMap, name: Name) -> Option<String> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == self.name(name))
            .map(|(_, value)| value.to_owned())
    }

    /// The header that sets it.
    #[must_use]
    pub fn set(self, name: Name, value: &str) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}",
            self.name(name)
        )
    }

    /// The header that sets one that stays when the browser is closed.
    #[must_use]
    pub fn keep(self, name: Name, value: &str, seconds: u64) -> String {
        format!("{}; Max-Age={seconds}", self.set(name, value))
    }

    /// The header that removes it.
    #[must_use]
    pub fn clear(self, name: Name) -> String {
        format!("{}; Max-Age=0", self.set(name, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_tls_the_cookie_has_the_host_prefix_and_secure() {
        let set = Cookies { secure: true }.set(Name::Login, "x");
        assert_eq!(
            set,
            "__Host-annulus=x; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
    }

    #[test]
    fn on_loopback_it_has_neither() {
        let set = Cookies { secure: false }.set(Name::Login, "x");
        assert_eq!(set, "annulus=x; Path=/; HttpOnly; SameSite=Strict");
    }

    #[test]
    fn it_is_found_among_other_cookies_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            "annulus-before=a; annulus=b".parse().unwrap(),
        );
        let cookies = Cookies { secure: false };
        assert_eq!(cookies.read(&headers, Name::Login).as_deref(), Some("b"));
        assert_eq!(cookies.read(&headers, Name::Before).as_deref(), Some("a"));
    }
}
