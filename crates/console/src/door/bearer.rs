//! The token that a program shows: who it is, and whether what it asks for is open to it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use uuid::Uuid;

use super::fault::Fault;
use super::route::{Access, Route};
use super::scope::{Right, Scope};
use super::signed::{self, Refusal};
use super::speech::Speech;
use crate::app::App;
use crate::clinic::{Client, Knock};

/// What RFC 6750 §3 answers to who shows no token, one that opens nothing, and one of another scope.
const NO_TOKEN: &str = "Bearer realm=\"annulus\"";
pub(super) const WRONG_TOKEN: &str = "Bearer realm=\"annulus\", error=\"invalid_token\"";

/// Wrong tokens are counted by address under this name.
const COUNTED: &str = "token";
/// Where signed tokens that were shown are among what servers share.
const SHOWN: &str = "signed-token";

/// A request of a program, as far as the door looks at it.
struct Asked<'a> {
    headers: &'a HeaderMap,
    address: IpAddr,
    route: &'a Route,
    /// The type of resource that the path names.
    kind: Option<&'a str>,
    /// The path, and for feedback that of its service, too: what a signed token may be for.
    paths: Vec<String>,
    correlation: Uuid,
}

/// What a token opens.
enum Shown {
    /// What its program may do.
    Open(Arc<Client>),
    /// Nothing; whose it is, if that is known, and what is answered.
    Shut(Option<Arc<Client>>, &'static str),
}

/// The program that comes in, on a route for programs.
pub(super) async fn client(
    app: &App,
    route: &Route,
    path: &[(String, String)],
    (headers, address, correlation): (&HeaderMap, IpAddr, Uuid),
) -> Result<Option<Arc<Client>>, Fault> {
    let Access::Client(right) = route.access else {
        return Ok(None);
    };
    let kind = path.iter().find(|(name, _)| name == "type");
    let asked = Asked {
        headers,
        address,
        route,
        kind: kind.map(|(_, kind)| kind.as_str()),
        paths: called(route.path, path),
        correlation,
    };
    let_in(app, &asked, right).await.map(Some)
}

/// What a program sent with its request, without what opens doors.
pub(super) fn sent(route: &Route, headers: &HeaderMap) -> HeaderMap {
    if Speech::of(route.path) == Speech::Page {
        return HeaderMap::new();
    }
    let mut headers = headers.clone();
    headers.remove(header::AUTHORIZATION);
    headers.remove(header::COOKIE);
    headers
}

/// The client whose token it is. Who is kept out is in the audit log, except where an address is
/// slowed down: it could fill the log. An open token is let in from there all the same, so that
/// nobody locks another program out.
async fn let_in(app: &App, asked: &Asked<'_>, right: Right) -> Result<Arc<Client>, Fault> {
    let Some(token) = token(asked.headers) else {
        return Err(Fault::Token(NO_TOKEN));
    };
    let knock = |client| Knock {
        client,
        patient: None,
        route: asked.route.path,
        address: asked.address,
        correlation: asked.correlation,
    };
    let shown = match signed::is_signed(token) {
        true => of_signer(app, asked, (token, right)).await?,
        false => of_ours(app, token).await?,
    };
    match shown {
        Shown::Open(client) if permits(&client, right, asked.kind) => Ok(client),
        Shown::Open(client) => {
            app.clinic.note_kept_out(&knock(Some(&client))).await?;
            Err(Fault::Forbidden)
        }
        Shown::Shut(known, says) => {
            if let Some(wait) = app.throttle.wait(asked.address, COUNTED).await? {
                return Err(Fault::Throttled(wait.as_secs().max(1)));
            }
            app.throttle.failed_at(asked.address, COUNTED).await?;
            app.clinic.note_kept_out(&knock(known.as_deref())).await?;
            Err(Fault::Token(says))
        }
    }
}

/// A token that an administrator made.
async fn of_ours(app: &App, token: &str) -> Result<Shown, Fault> {
    Ok(match app.clinic.client_of(token).await? {
        Some(client) if client.is_open(Timestamp::now()) => Shown::Open(client),
        known => Shown::Shut(known, WRONG_TOKEN),
    })
}

/// A token that a program signed: it opens decision support, once. Whose it is counts as known
/// where its signature is right.
async fn of_signer(
    app: &App,
    asked: &Asked<'_>,
    (token, right): (&str, Right),
) -> Result<Shown, Fault> {
    let shut = |refusal: Refusal, client: &Arc<Client>| {
        let known = refusal.is_proven().then(|| Arc::clone(client));
        tracing::warn!(client = %client.id, ?refusal, "a signed token opens nothing");
        Shown::Shut(known, refusal.says())
    };
    let nobody = Ok(Shown::Shut(None, WRONG_TOKEN));
    let (true, Some(issuer)) = (right == Right::Cds, signed::claimed_issuer(token)) else {
        return nobody;
    };
    let Some(client) = app.clinic.client_of_issuer(&issuer).await? else {
        return nobody;
    };
    let (Some(signer), now) = (&client.signer, Timestamp::now()) else {
        return nobody;
    };
    let single = match signed::check(token, signer, &asked.paths, now) {
        Ok(single) => single,
        Err(refusal) => return Ok(shut(refusal, &client)),
    };
    if !client.is_open(now) {
        return Ok(Shown::Shut(Some(client), WRONG_TOKEN));
    }
    let shared = app.clinic.journal().shared();
    let claim = shared.claim(SHOWN, &single.key, (client.id, b""), single.life);
    match claim.await.map_err(|e| e.problem())? {
        true => Ok(Shown::Open(client)),
        false => Ok(shut(Refusal::Replayed, &client)),
    }
}

/// The path that was called. Feedback goes to an address below its service's, and a program that
/// names the service names it as well (CDS Hooks 2.0 speaks of the service alone).
fn called(route: &str, path: &[(String, String)]) -> Vec<String> {
    let fill = |made: String, (name, value): &(String, String)| {
        made.replace(&format!("{{{name}}}"), value)
    };
    let made = path.iter().fold(route.to_owned(), fill);
    let service = made.strip_suffix("/feedback").map(str::to_owned);
    std::iter::once(made).chain(service).collect()
}

fn permits(client: &Client, right: Right, kind: Option<&str>) -> bool {
    let resources = |scope: &Scope| matches!(scope, Scope::Resources { .. });
    match right {
        Right::Type(act) => kind.is_some_and(|kind| client.may(kind, act)),
        Right::Resources => client.scopes.iter().any(resources),
        Right::Cds => client.scopes.contains(&Scope::Cds),
        Right::Decide => client.scopes.contains(&Scope::Decide),
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750 §2.1); it stands nowhere else.
fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
