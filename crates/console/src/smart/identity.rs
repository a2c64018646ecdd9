//! Who is signed in at the record system: its `id_token`, checked (OpenID Connect Core 1.0,
//! §3.1.3.7). It is shown to whoever takes the record, and logs nobody in.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;
use si::Problem;

use super::AGAIN;
use super::configuration::Issuer;
use super::wire::Call;
use crate::signatures;

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Claims {
    nonce: Option<String>,
    azp: Option<String>,
    #[serde(rename = "fhirUser")]
    fhir_user: Option<String>,
    profile: Option<String>,
}

/// Who it names, if it holds for this launch.
pub(super) async fn check(
    call: &mut Call,
    token: &str,
    issuer: Option<&Issuer>,
    (client, nonce): (&str, &str),
) -> Result<Option<String>, Problem> {
    let issuer = issuer.ok_or_else(|| refused("the record system names no issuer and keys"))?;
    let header = decode_header(token).map_err(|_| refused("it is no signed token"))?;
    if signatures::taken(header.alg).is_none() {
        return Err(refused("its signature is of a kind that is not checked"));
    }
    signatures::ready();
    let keys: Keys = call.json(issuer.keys.clone(), "launch-identity").await?;
    let mut validation = Validation::new(header.alg);
    validation.set_audience(&[client]);
    validation.set_issuer(&[&issuer.name]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    // Keys of a kind that is not known here are others' business.
    let known = keys
        .keys
        .into_iter()
        .filter_map(|key| serde_json::from_value(key).ok());
    let named = |key: &Jwk| header.kid.is_none() || key.common.key_id == header.kid;
    let checked = known.filter(named).find_map(|key: Jwk| {
        let key = DecodingKey::from_jwk(&key).ok()?;
        decode::<Claims>(token, &key, &validation).ok()
    });
    let claims = checked
        .ok_or_else(|| refused("its signature, issuer, audience or time does not hold"))?
        .claims;
    if claims.nonce.as_deref() != Some(nonce) {
        return Err(refused("it was made for another launch"));
    }
    if claims.azp.is_some_and(|azp| azp != client) {
        return Err(refused("it was made for another program"));
    }
    Ok(claims.fhir_user.or(claims.profile))
}

/// What is wrong with it.
pub(super) fn refused(what: &str) -> Problem {
    Problem::new("launch-identity", "id_token", "", what, AGAIN)
}
