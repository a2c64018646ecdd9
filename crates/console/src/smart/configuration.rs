//! What a record system says of itself under `.well-known/smart-configuration`.

use serde::Deserialize;
use si::Problem;
use url::Url;

use super::wire::Call;
use super::{AGAIN, Base};

const PROBLEM: &str = "launch-configuration";

/// The endpoints of a launch.
#[derive(Debug)]
pub(super) struct Configuration {
    pub(super) authorize: Url,
    pub(super) token: Url,
    /// None where it signs nobody's name.
    pub(super) identity: Option<Issuer>,
}

/// Who signs who somebody is, and where the keys are.
#[derive(Debug)]
pub(super) struct Issuer {
    pub(super) name: String,
    pub(super) keys: Url,
}

#[derive(Deserialize)]
struct Said {
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
    issuer: Option<String>,
    jwks_uri: Option<String>,
}

impl Configuration {
    /// Asks for it.
    pub(super) async fn of(call: &mut Call, base: &Base) -> Result<Self, Problem> {
        let url = base.join(".well-known/smart-configuration")?;
        let said: Said = call.json(url, PROBLEM).await?;
        let has = |method: &str| {
            let all = &said.code_challenge_methods_supported;
            all.iter().any(|one| one == method)
        };
        if !has("S256") {
            let what = "does not offer PKCE with S256, without which a code may be stolen";
            return Err(problem("code_challenge_methods_supported", "", what));
        }
        let identity = match (said.issuer, &said.jwks_uri) {
            (Some(name), Some(_)) => Some(Issuer {
                name,
                keys: endpoint(base, "jwks_uri", said.jwks_uri.as_deref())?,
            }),
            _ => None,
        };
        let authorize = said.authorization_endpoint.as_deref();
        Ok(Self {
            authorize: endpoint(base, "authorization_endpoint", authorize)?,
            token: endpoint(base, "token_endpoint", said.token_endpoint.as_deref())?,
            identity,
        })
    }

    /// Whether a code that says who gave it is of this one (RFC 9207).
    pub(super) fn is_of(&self, issuer: Option<&str>) -> Result<(), Problem> {
        match (&self.identity, issuer) {
            (Some(own), Some(issuer)) if own.name != issuer => Err(Problem::new(
                "launch-issuer",
                "iss",
                issuer.chars().take(80).collect::<String>(),
                "is not who was asked",
                AGAIN,
            )),
            _ => Ok(()),
        }
    }
}

/// An address that is named there, if it may be asked.
fn endpoint(base: &Base, name: &str, said: Option<&str>) -> Result<Url, Problem> {
    let said = said.unwrap_or_default();
    let url = Url::parse(said).ok();
    let shown: String = said.chars().take(80).collect();
    url.filter(|url| base.trusts(url))
        .ok_or_else(|| problem(name, &shown, "is missing, or is no https address"))
}

fn problem(place: &str, value: &str, what: &str) -> Problem {
    let remedy = "ask the administrator of the other record system";
    Problem::new(PROBLEM, place, value, what, remedy)
}
