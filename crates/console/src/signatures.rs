//! Signatures of tokens that others made: which are taken, and how they are verified.
//!
//! `jsonwebtoken` brings no cryptography of its own here: `ring`, which TLS has already, verifies.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm as Named, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::signature::{self as by_ring, RsaPublicKeyComponents, UnparsedPublicKey};

use crate::clinic::signer::Algorithm;

/// Makes `jsonwebtoken` able to verify; before the first token is read.
pub(crate) fn ready() {
    // Who installed it first does not matter.
    let _ = RING.install_default();
}

/// A way to sign that is taken: none with a shared secret, none that is none.
pub(crate) fn taken(named: Named) -> Option<Algorithm> {
    match named {
        Named::ES256 => Some(Algorithm::ES256),
        Named::ES384 => Some(Algorithm::ES384),
        Named::RS256 => Some(Algorithm::RS256),
        Named::RS384 => Some(Algorithm::RS384),
        _ => None,
    }
}

/// `jsonwebtoken` verifies by this. It signs nothing, and makes no keys.
static RING: CryptoProvider = CryptoProvider {
    signer_factory: no_signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

fn no_signer(_: &Named, _: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

fn verifier(named: &Named, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let algorithm = taken(*named).ok_or(ErrorKind::UnsupportedAlgorithm)?;
    let key = key.kind().clone();
    Ok(Box::new(ByRing {
        named: *named,
        algorithm,
        key,
    }))
}

/// A key, and the one way in which it verifies.
struct ByRing {
    named: Named,
    algorithm: Algorithm,
    key: DecodingKeyKind,
}

impl JwtVerifier for ByRing {
    fn algorithm(&self) -> Named {
        self.named
    }
}

impl Verifier<Vec<u8>> for ByRing {
    fn verify(&self, message: &[u8], signed: &Vec<u8>) -> Result<(), signature::Error> {
        let point = |way, key: &[u8]| UnparsedPublicKey::new(way, key).verify(message, signed);
        let rsa =
            |way, n: &[u8], e: &[u8]| RsaPublicKeyComponents { n, e }.verify(way, message, signed);
        let verified = match (self.algorithm, &self.key) {
            (Algorithm::ES256, DecodingKeyKind::SecretOrDer(key)) => {
                point(&by_ring::ECDSA_P256_SHA256_FIXED, key)
            }
            (Algorithm::ES384, DecodingKeyKind::SecretOrDer(key)) => {
                point(&by_ring::ECDSA_P384_SHA384_FIXED, key)
            }
            (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                rsa(&by_ring::RSA_PKCS1_2048_8192_SHA256, n, e)
            }
            (Algorithm::RS384, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                rsa(&by_ring::RSA_PKCS1_2048_8192_SHA384, n, e)
            }
            _ => Err(ring::error::Unspecified),
        };
        verified.map_err(|_| signature::Error::new())
    }
}
