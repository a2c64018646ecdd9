//! The permission asked for and the token given for it (OAuth 2.0 with PKCE, by the `oauth2`
//! library), and what SMART lets a token say.

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardRevocableToken, StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use serde::{Deserialize, Serialize};
use si::Problem;
use url::Url;

use super::configuration::Configuration;
use super::waiting::Waiting;
use super::wire::{Call, Silent};
use super::{AGAIN, identity, scopes};
use crate::clinic::System;

/// Scopes that a record system without an issuer and keys cannot answer.
const OF_IDENTITY: [&str; 3] = [scopes::OPENID, "fhirUser", "profile"];

/// What SMART adds to a token response.
#[derive(Clone, Deserialize, Serialize)]
struct Extra {
    patient: Option<String>,
    id_token: Option<String>,
}

impl ExtraTokenFields for Extra {}

/// Neither a person nor a token.
impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Extra").finish_non_exhaustive()
    }
}

type Response = StandardTokenResponse<Extra, BasicTokenType>;

type Client = oauth2::Client<
    BasicErrorResponse,
    Response,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A token, and what it is good for.
pub(super) struct Given {
    response: Response,
    scopes: Vec<String>,
}

fn client(
    system: &System,
    configuration: &Configuration,
    redirect: &str,
) -> Result<Client, Problem> {
    let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|_| {
        Problem::new(
            "launch-parameter",
            "redirect_uri",
            redirect,
            "is no address to come back to",
            "open Annulus by its own address",
        )
    })?;
    let client = oauth2::Client::new(ClientId::new(system.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(configuration.authorize.clone()))
        .set_token_uri(TokenUrl::from_url(configuration.token.clone()))
        .set_redirect_uri(redirect);
    Ok(client)
}

/// What is asked for there: without an identity where it signs none.
fn asked<'a>(
    system: &'a System,
    configuration: &Configuration,
) -> impl Iterator<Item = &'a String> {
    let signs = configuration.identity.is_some();
    let all = system.scopes.iter();
    all.filter(move |scope| signs || !OF_IDENTITY.contains(&scope.as_str()))
}

/// The page on which the record system asks its user.
pub(super) fn permission(
    system: &System,
    configuration: &Configuration,
    (issuer, launch): (&str, &str),
    waiting: &Waiting,
) -> Result<Url, Problem> {
    let client = client(system, configuration, &waiting.redirect)?;
    let verifier = PkceCodeVerifier::new(waiting.verifier.clone());
    let state = waiting.state.clone();
    let scopes: Vec<_> = asked(system, configuration).collect();
    let signed = scopes.iter().any(|scope| *scope == scopes::OPENID);
    let mut request = client
        .authorize_url(|| CsrfToken::new(state))
        .add_scopes(scopes.into_iter().cloned().map(Scope::new))
        .add_extra_param("aud", issuer)
        .add_extra_param("launch", launch)
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    if signed {
        request = request.add_extra_param("nonce", &waiting.nonce);
    }
    Ok(request.url().0)
}

/// The token for a code.
pub(super) async fn exchange(
    call: &Call,
    (system, secret): (&System, Option<String>),
    configuration: &Configuration,
    (waiting, code): (&Waiting, &str),
) -> Result<Given, Problem> {
    let mut client = client(system, configuration, &waiting.redirect)?;
    if let Some(secret) = secret {
        client = client.set_client_secret(ClientSecret::new(secret));
    }
    let http = call.sender();
    let response = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(waiting.verifier.clone()))
        .request_async(&http)
        .await
        .map_err(|error| failed(&error, &configuration.token))?;
    if !matches!(response.token_type(), BasicTokenType::Bearer) {
        return Err(problem("token_type", "is not Bearer"));
    }
    // Without a word about them what was asked for is granted (RFC 6749, §5.1).
    let scopes = match response.scopes() {
        Some(granted) => granted.iter().map(|scope| scope.to_string()).collect(),
        None => asked(system, configuration).cloned().collect(),
    };
    Ok(Given { response, scopes })
}

impl Given {
    /// The token itself, for the reading.
    pub(super) fn secret(&self) -> &str {
        self.response.access_token().secret()
    }

    /// Whether it reads or searches a type.
    pub(super) fn permits(&self, kind: &str, act: char) -> bool {
        scopes::permits(&self.scopes, kind, act)
    }

    /// Who is signed in, as a signed token; none where that was not granted.
    pub(super) fn identity(&self) -> Option<Result<&str, Problem>> {
        let granted = self.scopes.iter().any(|scope| scope == scopes::OPENID);
        let token = self.response.extra_fields().id_token.as_deref();
        let lacks = || identity::refused("it was granted and did not come");
        granted.then(|| token.ok_or_else(lacks))
    }

    /// The patient for whom Annulus was opened. An id is letters, digits, `-` and `.`, 64 at most
    /// (R4, §2.24.0.1): anything else would lead to another address.
    pub(super) fn patient(&self) -> Result<&str, Problem> {
        let id = self.response.extra_fields().patient.as_deref();
        let id = id.unwrap_or_default();
        let signs = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        let fits = (1..=64).contains(&id.len())
            && id.bytes().all(signs)
            && id.bytes().any(|byte| byte != b'.');
        match fits {
            true => Ok(id),
            false => Err(problem(
                "patient",
                "names nobody: no patient is open there, or its id is no id of FHIR",
            )),
        }
    }
}

/// What the token endpoint said, without what was sent to it and without what it sent.
fn failed(error: &RequestTokenError<Silent, BasicErrorResponse>, url: &Url) -> Problem {
    match error {
        RequestTokenError::Request(silent) => silent.of(url),
        RequestTokenError::ServerResponse(said) => {
            let word: String = said.error().to_string().chars().take(60).collect();
            Problem::new("launch-token", "token", word, "was refused", AGAIN)
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            problem("token", "is not answered as OAuth 2.0 asks")
        }
    }
}

fn problem(place: &str, what: &str) -> Problem {
    Problem::new("launch-token", place, "", what, AGAIN)
}
