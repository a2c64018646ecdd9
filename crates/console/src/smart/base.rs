//! The address of a record system's FHIR, and which other addresses may be asked because of it.

use std::fmt;
use std::str::FromStr;

use si::Problem;
use url::{Host, Url};

/// Characters of an address *(ours: a URL that a person types)*.
const LONGEST: usize = 300;

/// The base of a FHIR server: https, or http on this machine; without query, without a last `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(Url);

impl Base {
    /// The address of something below it.
    ///
    /// # Errors
    /// What is no path.
    pub(super) fn join(&self, rest: &str) -> Result<Url, Problem> {
        let text = format!("{self}/{rest}");
        Url::parse(&text).map_err(|_| wrong(&text))
    }

    /// Whether an address is the base, or below it: another page of the same answer is.
    pub(super) fn owns(&self, url: &Url) -> bool {
        let (own, path) = (self.0.path().trim_end_matches('/'), url.path());
        let below = path.strip_prefix(own);
        url.origin() == self.0.origin()
            && is_bare(url)
            && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether an endpoint that its configuration names may be asked: TLS is never left.
    pub(super) fn trusts(&self, url: &Url) -> bool {
        let plain = self.0.scheme() == "http" && is_plain_here(url);
        is_bare(url) && url.fragment().is_none() && (url.scheme() == "https" || plain)
    }
}

impl FromStr for Base {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.len() > LONGEST {
            return Err(wrong(text));
        }
        let mut url = Url::parse(text).map_err(|_| wrong(text))?;
        let sealed = url.scheme() == "https" && url.host().is_some();
        let bare = url.query().is_none() && url.fragment().is_none() && is_bare(&url);
        if !(bare && (sealed || is_plain_here(&url))) {
            return Err(wrong(text));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Without a name and password in it.
fn is_bare(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// Plain HTTP that does not leave this machine.
fn is_plain_here(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && here
}

fn wrong(text: &str) -> Problem {
    Problem::new(
        "system-base",
        "base",
        text.chars().take(80).collect::<String>(),
        "is no address of a FHIR server that may be asked",
        "write https://host/path, without a query; http only on this machine",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> Base {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_has_one_form() {
        let one = base("https://EHR.Example:443/fhir/R4/");
        assert_eq!(one.to_string(), "https://ehr.example/fhir/R4");
        assert_eq!(one, base("https://ehr.example/fhir/R4"));
        assert_ne!(one, base("https://ehr.example/FHIR/R4"), "paths have case");
        assert_eq!(
            base("https://ehr.example/").to_string(),
            "https://ehr.example"
        );
        assert_eq!(base(&one.to_string()), one);
    }

    #[test]
    fn what_no_fhir_server_has_is_no_base() {
        for wrong in [
            "",
            "ehr.example/fhir",
            "http://ehr.example/fhir",
            "http://localhost.evil.example/fhir",
            "https://user:secret@ehr.example/fhir",
            "https://ehr.example/fhir?x=1",
            "https://ehr.example/fhir#x",
            "ftp://ehr.example/fhir",
            "file:///etc/passwd",
            "javascript:alert(1)",
            &format!("https://ehr.example/{}", "x".repeat(300)),
        ] {
            let problem = wrong.parse::<Base>().unwrap_err();
            assert_eq!(problem.code, "system-base", "{wrong}");
        }
        for plain in [
            "http://127.0.0.1:8080/fhir",
            "http://[::1]/r4",
            "http://localhost:1/",
        ] {
            assert!(plain.parse::<Base>().is_ok(), "{plain}");
        }
    }

    #[test]
    fn another_page_is_below_the_base_and_nowhere_else() {
        let one = base("https://ehr.example/fhir");
        let owns = |text: &str| one.owns(&Url::parse(text).unwrap());
        assert!(owns("https://ehr.example/fhir?_getpages=1"));
        assert!(owns("https://ehr.example/fhir/Observation?page=2"));
        for other in [
            "https://ehr.example/fhirs/Observation",
            "https://ehr.example/fhir/../admin",
            "https://ehr.example/fhir/%2e%2e/admin",
            "https://ehr.example:444/fhir/Observation",
            "http://ehr.example/fhir/Observation",
            "https://x@ehr.example/fhir/Observation",
            "https://ehr.example.evil/fhir/Observation",
        ] {
            assert!(!owns(other), "{other}");
        }
    }

    #[test]
    fn an_endpoint_never_leaves_tls() {
        let trusts = |base: &Base, text: &str| base.trusts(&Url::parse(text).unwrap());
        let sealed = base("https://ehr.example/fhir");
        assert!(trusts(&sealed, "https://login.example/token"));
        assert!(!trusts(&sealed, "http://ehr.example/token"));
        assert!(!trusts(&sealed, "http://127.0.0.1/token"));
        let here = base("http://127.0.0.1:8080/fhir");
        assert!(trusts(&here, "http://127.0.0.1:8081/token"));
        assert!(!trusts(&here, "http://10.0.0.1/token"));
    }
}
