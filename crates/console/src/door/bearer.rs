//! The token that a program shows: who it is, and whether what it asks for is open to it.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use jiff::Timestamp;
use uuid::Uuid;

use super::fault::Fault;
use super::route::{Access, Route};
use super::scope::{Right, Scope};
use super::speech::Speech;
use crate::app::App;
use crate::clinic::{Client, Knock};

/// What RFC 6750 §3 answers to who shows no token, one that opens nothing, and one of another scope.
const NO_TOKEN: &str = "Bearer realm=\"annulus\"";
const WRONG_TOKEN: &str = "Bearer realm=\"annulus\", error=\"invalid_token\"";

/// Wrong tokens are counted by address under this name.
const COUNTED: &str = "token";

/// A request of a program, as far as the door looks at it.
struct Asked<'a> {
    headers: &'a HeaderMap,
    address: IpAddr,
    route: &'a Route,
    /// The type of resource that the path names.
    kind: Option<&'a str>,
    correlation: Uuid,
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
    let client = app.clinic.client_of(token).await?;
    let knock = |client| Knock {
        client,
        patient: None,
        route: asked.route.path,
        address: asked.address,
        correlation: asked.correlation,
    };
    match client {
        Some(client) if client.is_open(Timestamp::now()) => {
            if permits(&client, right, asked.kind) {
                return Ok(client);
            }
            app.clinic.note_kept_out(&knock(Some(&client))).await?;
            Err(Fault::Forbidden)
        }
        known => {
            if let Some(wait) = app.throttle.wait(asked.address, COUNTED).await? {
                return Err(Fault::Throttled(wait.as_secs().max(1)));
            }
            app.throttle.failed_at(asked.address, COUNTED).await?;
            app.clinic.note_kept_out(&knock(known.as_deref())).await?;
            Err(Fault::Token(WRONG_TOKEN))
        }
    }
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
