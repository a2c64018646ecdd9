//! Programs that sign their own tokens: by what name, where they call, and with which keys.
//!
//! An administrator pastes the public keys (a JSON Web Key Set, RFC 7517 §5). Nothing is fetched,
//! so that nobody can make this server ask an address of theirs.

use serde::{Deserialize, Serialize};
use si::Problem;
use url::Url;

pub use super::jwks::read_keys;

/// Most characters of a key's id and of an issuer *(ours: they stand on a page and in an event)*.
pub(super) const NAME: usize = 200;

/// How a token may be signed (RFC 7518 §3.1). CDS Hooks recommends ES384 and RS384; a shared secret
/// (HS256) and no signature at all are not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384.
    ES384,
    /// RSA PKCS #1 v1.5 with SHA-256.
    RS256,
    /// The same with SHA-384.
    RS384,
}

/// What a public key is made of, in base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kty")]
pub enum Numbers {
    /// A point of a curve.
    #[serde(rename = "EC")]
    Curve {
        /// Its name: P-256 or P-384.
        crv: String,
        /// Across.
        x: String,
        /// Up.
        y: String,
    },
    /// A modulus and an exponent.
    #[serde(rename = "RSA")]
    Rsa {
        /// The modulus.
        n: String,
        /// The exponent.
        e: String,
    },
}

/// A public key of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// Its id, by which a token names it.
    pub kid: String,
    /// The one way in which it signs, where its owner says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<Algorithm>,
    /// What it is made of.
    #[serde(flatten)]
    pub numbers: Numbers,
}

impl PublicKey {
    /// Whether a token may be signed so with it.
    #[must_use]
    pub fn signs(&self, algorithm: Algorithm) -> bool {
        self.alg.is_none_or(|own| own == algorithm) && self.numbers.fit(algorithm)
    }
}

impl Numbers {
    pub(super) fn fit(&self, algorithm: Algorithm) -> bool {
        match self {
            Self::Curve { crv, .. } => match algorithm {
                Algorithm::ES256 => crv == "P-256",
                Algorithm::ES384 => crv == "P-384",
                Algorithm::RS256 | Algorithm::RS384 => false,
            },
            Self::Rsa { .. } => matches!(algorithm, Algorithm::RS256 | Algorithm::RS384),
        }
    }
}

/// A program that signs its own tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// The name in its tokens (`iss`).
    pub issuer: String,
    /// The address under which it calls this server, without a path of ours and without a slash at
    /// the end. What a token is for (`aud`) begins with it: a header `Host` can be chosen by anybody.
    pub address: String,
    /// Its public keys.
    pub keys: Vec<PublicKey>,
}

impl Signer {
    /// As an administrator types it.
    ///
    /// # Errors
    /// A name, an address or keys that cannot be.
    pub fn read(issuer: &str, address: &str, keys: &str) -> Result<Self, Problem> {
        let issuer = issuer.trim();
        if issuer.is_empty() || issuer.chars().count() > NAME {
            let remedy = format!("copy what its tokens say as iss, at most {NAME} characters");
            return Err(wrong("issuer", issuer, "is no name of an issuer", &remedy));
        }
        Ok(Self {
            issuer: issuer.to_owned(),
            address: read_address(address.trim())?,
            keys: read_keys(keys)?,
        })
    }

    /// The key of this id.
    #[must_use]
    pub fn key(&self, kid: &str) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.kid == kid)
    }
}

fn read_address(text: &str) -> Result<String, Problem> {
    let fit = Url::parse(text).ok().filter(|url| {
        let plain = url.query().is_none() && url.fragment().is_none();
        let open = url.username().is_empty() && url.password().is_none();
        matches!(url.scheme(), "https" | "http") && url.has_host() && plain && open
    });
    let own = text.contains("/cds-services") || text.chars().count() > NAME;
    match fit {
        Some(_) if !own => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err(wrong(
            "address",
            text,
            "is no address under which this server is called",
            "type what stands before /cds-services, as https://annulus.example",
        )),
    }
}

pub(super) fn wrong(place: &str, value: &str, problem: &str, remedy: &str) -> Problem {
    let shown: String = value.chars().take(60).collect();
    Problem::new("key-unfit", place, shown, problem, remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_where_this_server_is_called_and_nothing_more() {
        let keys = super::super::jwks::tests::foreign_set();
        let read = |address| Signer::read("ehr", address, &keys).map(|signer| signer.address);
        assert_eq!(read("https://a.example/").unwrap(), "https://a.example");
        assert_eq!(
            read("https://a.example/clinic").unwrap(),
            "https://a.example/clinic"
        );
        for wrong in [
            "a.example",
            "ftp://a.example",
            "https://",
            "https://a.example/cds-services",
            "https://a.example?x=1",
            "https://a.example#x",
            "https://me:word@a.example",
        ] {
            assert_eq!(read(wrong).unwrap_err().place, "address", "{wrong}");
        }
        assert_eq!(
            Signer::read(" ", "https://a.example", &keys)
                .unwrap_err()
                .place,
            "issuer"
        );
    }
}
