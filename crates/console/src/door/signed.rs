//! Tokens that a program signs itself (CDS Hooks 2.0, "Trusting CDS Clients"; RFC 7519): whether one
//! was signed with a key of its program, for what is called, and just now.
//!
//! `jsonwebtoken` takes tokens apart and `ring` verifies them (`signatures.rs`); what a token has to say is checked
//! here, by the instant that is given.

use std::time::Duration;

use jiff::Timestamp;
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{DecodingKey, Validation, dangerous};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::clinic::signer::{Numbers, PublicKey, Signer};
use crate::signatures;

/// Longest token, bytes *(ours: an RS384 token of an 8,192-bit key with some claims has 2,000)*.
const LONGEST: usize = 8 * 1024;
/// Longest life of a token, s (SMART App Launch 2, backend services: `exp` is no more than five
/// minutes in the future; CDS Hooks gives no bound).
const LIFE: f64 = 300.0;
/// How far two clocks may be apart, s *(ours: a machine that asks for the time is within one)*.
const SKEW: f64 = 60.0;
/// Most characters of a `jti` *(ours: an UUID has 36)*.
const JTI: usize = 200;

/// The answer to a token of whose program there is no doubt.
macro_rules! said {
    ($why:literal) => {
        concat!(
            "Bearer realm=\"annulus\", error=\"invalid_token\", error_description=\"",
            $why,
            "\""
        )
    };
}
/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Too long, or no token at all.
    Unreadable,
    /// Its header: no `typ` JWT, no key of the program by `kid`, or another `alg` than the key's.
    Key,
    /// Not signed with that key.
    Signature,
    /// A claim is missing or of another kind.
    Claims,
    /// Of another issuer.
    Issuer,
    /// For something else than what is called.
    Audience,
    /// It is over.
    Over,
    /// From the future.
    Early,
    /// It lives too long.
    Long,
    /// It was shown before.
    Replayed,
}

impl Refusal {
    /// Whether it was signed with a key of the program: what it says is the program's own.
    pub(super) fn is_proven(self) -> bool {
        !matches!(self, Self::Unreadable | Self::Key | Self::Signature)
    }

    /// What `WWW-Authenticate` says of it (RFC 6750 §3): more than that it is wrong only to who has
    /// the key.
    pub(super) fn says(self) -> &'static str {
        match self {
            Self::Unreadable | Self::Key | Self::Signature => super::bearer::WRONG_TOKEN,
            Self::Claims => said!("iss, aud, exp, iat and jti are needed, each of its kind"),
            Self::Issuer => said!("iss is another than the one registered"),
            Self::Audience => said!("aud is not the address of what is called"),
            Self::Over => said!("exp is over"),
            Self::Early => said!("iat or nbf is in the future"),
            Self::Long => said!("exp is more than five minutes after iat"),
            Self::Replayed => said!("jti was used before"),
        }
    }
}

/// What a token is known by until it is over, so that it opens once.
#[derive(Debug)]
pub(super) struct Single {
    /// Of its issuer and its `jti`.
    pub(super) key: [u8; 32],
    /// How long it could be shown again.
    pub(super) life: Duration,
}

/// Claims (RFC 7519 §4.1). Others, as `tenant` and `sub`, open nothing and are passed over.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    exp: f64,
    iat: f64,
    #[serde(default)]
    nbf: Option<f64>,
    jti: String,
}

/// One, or several of which one is ours.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn names(&self, one: &str) -> bool {
        match self {
            Self::One(named) => named == one,
            Self::Several(all) => all.iter().any(|named| named == one),
        }
    }
}

/// Whether it looks like a signed token; ours are hexadecimal digits.
pub(super) fn is_signed(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Who a token says it is of. Nobody has proved that yet.
pub(super) fn claimed_issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        iss: String,
    }
    if token.len() > LONGEST {
        return None;
    }
    let named = dangerous::insecure_decode_claims::<Named>(token);
    named.ok().map(|named| named.iss)
}

/// Whether a token of this program opens one of these paths now.
pub(super) fn check(
    token: &str,
    signer: &Signer,
    paths: &[String],
    now: Timestamp,
) -> Result<Single, Refusal> {
    let claims = verified(token, signer)?;
    if claims.iss != signer.issuer {
        return Err(Refusal::Issuer);
    }
    let url = |path: &String| format!("{}{path}", signer.address);
    if !paths.iter().any(|path| claims.aud.names(&url(path))) {
        return Err(Refusal::Audience);
    }
    if claims.jti.is_empty() || claims.jti.chars().count() > JTI {
        return Err(Refusal::Claims);
    }
    let left = in_time(&claims, now)?;
    let mut hash = Sha256::new();
    hash.update(Sha256::digest(claims.iss.as_bytes()));
    hash.update(claims.jti.as_bytes());
    Ok(Single {
        key: hash.finalize().into(),
        life: Duration::from_secs_f64(left),
    })
}

/// The claims of a token that was signed with a key of its program, in the way of that key: what
/// the token says of itself chooses neither.
fn verified(token: &str, signer: &Signer) -> Result<Claims, Refusal> {
    if token.len() > LONGEST {
        return Err(Refusal::Unreadable);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| Refusal::Unreadable)?;
    let is_jwt = |typ: &String| typ.eq_ignore_ascii_case("JWT");
    let key = header.kid.as_deref().and_then(|kid| signer.key(kid));
    let algorithm = signatures::taken(header.alg);
    let (Some(key), Some(algorithm)) = (key, algorithm) else {
        return Err(Refusal::Key);
    };
    if !header.typ.as_ref().is_some_and(is_jwt) || !key.signs(algorithm) {
        return Err(Refusal::Key);
    }
    let mut validation = Validation::new(header.alg);
    // By the instant that is given, all of them: `check`.
    validation.required_spec_claims.clear();
    (validation.validate_exp, validation.validate_aud) = (false, false);
    let decoding = decoding(key).map_err(|_| Refusal::Key)?;
    signatures::ready();
    match jsonwebtoken::decode::<Claims>(token, &decoding, &validation) {
        Ok(read) => Ok(read.claims),
        Err(error) => Err(match error.kind() {
            ErrorKind::Json(_) => Refusal::Claims,
            _ => Refusal::Signature,
        }),
    }
}

/// How long it may be shown again, s.
fn in_time(claims: &Claims, now: Timestamp) -> Result<f64, Refusal> {
    let now = now.as_duration().as_secs_f64();
    let all = [claims.exp, claims.iat, claims.nbf.unwrap_or(claims.iat)];
    if !all.iter().all(|at| at.is_finite() && *at >= 0.0) {
        return Err(Refusal::Claims);
    }
    let [exp, iat, nbf] = all;
    if iat > now + SKEW || nbf > now + SKEW {
        return Err(Refusal::Early);
    }
    if exp - iat > LIFE {
        return Err(Refusal::Long);
    }
    let left = exp + SKEW - now;
    if left <= 0.0 || exp < iat {
        return Err(Refusal::Over);
    }
    Ok(left)
}

fn decoding(key: &PublicKey) -> Result<DecodingKey, Error> {
    match &key.numbers {
        Numbers::Curve { x, y, .. } => DecodingKey::from_ec_components(x, y),
        Numbers::Rsa { n, e } => DecodingKey::from_rsa_components(n, e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinic::signer::Algorithm;
    use jiff::SignedDuration;
    use proptest::prelude::*;
    use serde_json::Value;

    /// Keys and tokens that a library nobody here wrote has made.
    const FOREIGN: &str = include_str!("../../tests/golden/signed-tokens.v1.json");

    struct Foreign {
        told: Value,
        signer: Signer,
        signed_at: Timestamp,
        paths: [String; 1],
    }

    fn foreign() -> Foreign {
        let told: Value = serde_json::from_str(FOREIGN).unwrap();
        let text = |name: &str| told[name].as_str().unwrap();
        let keys = told["keys"].to_string();
        Foreign {
            signer: Signer::read(text("issuer"), text("address"), &keys).unwrap(),
            signed_at: Timestamp::from_second(told["signed_at"].as_i64().unwrap()).unwrap(),
            paths: ["/cds-services/traction-order-sign".to_owned()],
            told,
        }
    }

    impl Foreign {
        fn good(&self, algorithm: &str) -> &str {
            self.told["good"][algorithm].as_str().unwrap()
        }

        fn check(&self, token: &str, after_s: i64) -> Result<Single, Refusal> {
            let now = self.signed_at + SignedDuration::from_secs(after_s);
            check(token, &self.signer, &self.paths, now)
        }

        fn named(&self, name: &str, after_s: i64) -> Result<Single, Refusal> {
            self.check(self.told[name].as_str().unwrap(), after_s)
        }
    }

    #[test]
    fn tokens_of_a_program_that_nobody_here_wrote_are_verified_in_each_way() {
        let foreign = foreign();
        let mut keys = Vec::new();
        for algorithm in ["ES256", "ES384", "RS256", "RS384"] {
            let token = foreign.good(algorithm);
            let single = foreign.check(token, 10).unwrap();
            assert_eq!(single.life, Duration::from_secs(300 + 60 - 10));
            assert_eq!(
                claimed_issuer(token).as_deref(),
                Some("https://ehr.example")
            );
            keys.push(single.key);
        }
        keys.push(foreign.named("several_audiences", 10).unwrap().key);
        keys.push(foreign.named("fractions", 10).unwrap().key);
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 6, "each is known by its own jti");
    }

    #[test]
    fn a_token_opens_from_when_it_is_signed_until_it_is_over_give_or_take_a_minute() {
        let foreign = foreign();
        let token = foreign.good("ES384");
        let at = |after_s| foreign.check(token, after_s).map(|_| ());
        assert_eq!(at(-61), Err(Refusal::Early));
        assert_eq!(at(-60), Ok(()));
        assert_eq!(at(359), Ok(()));
        assert_eq!(at(360), Err(Refusal::Over));
        let not_yet = |after_s| foreign.named("not_yet", after_s).map(|_| ());
        assert_eq!(not_yet(139), Err(Refusal::Early));
        assert_eq!(not_yet(140), Ok(()));
        assert_eq!(foreign.named("long", 10).unwrap_err(), Refusal::Long);
        assert_eq!(foreign.named("no_jti", 10).unwrap_err(), Refusal::Claims);
        let endless = foreign.named("without_exp", 10);
        assert_eq!(endless.unwrap_err(), Refusal::Claims);
    }

    #[test]
    fn a_token_is_for_its_service_and_its_issuer_alone() {
        let mut foreign = foreign();
        let token = foreign.good("RS384").to_owned();
        foreign.paths = ["/cds-services/traction-patient-view".to_owned()];
        assert_eq!(foreign.check(&token, 10).unwrap_err(), Refusal::Audience);
        foreign.paths = ["/cds-services/traction-order-sign".to_owned()];
        foreign.signer.address = "https://annulus.example.org".to_owned();
        assert_eq!(foreign.check(&token, 10).unwrap_err(), Refusal::Audience);
        foreign.signer.address = "https://annulus.example".to_owned();
        foreign.signer.issuer = "https://other.example".to_owned();
        assert_eq!(foreign.check(&token, 10).unwrap_err(), Refusal::Issuer);
    }

    #[test]
    fn a_key_that_signs_in_one_way_alone_verifies_no_other() {
        let mut foreign = foreign();
        let token = foreign.good("RS256").to_owned();
        foreign.signer.keys[2].alg = Some(Algorithm::RS384);
        assert_eq!(foreign.check(&token, 10).unwrap_err(), Refusal::Key);
        foreign.signer.keys[2].alg = Some(Algorithm::RS256);
        foreign.check(&token, 10).unwrap();
        let numbers = foreign.signer.keys[3].numbers.clone();
        foreign.signer.keys[2].numbers = numbers;
        assert_eq!(foreign.check(&token, 10).unwrap_err(), Refusal::Signature);
    }

    /// Every letter of a token counts: none can be another, be missing or be more.
    #[test]
    fn a_token_with_one_letter_changed_opens_nothing() {
        let foreign = foreign();
        let token = foreign.good("ES256");
        for at in 0..token.len() {
            let other = if token.as_bytes()[at] == b'A' {
                "B"
            } else {
                "A"
            };
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            assert!(foreign.check(&changed, 10).is_err(), "letter {at}");
            let shorter = format!("{}{}", &token[..at], &token[at + 1..]);
            assert!(foreign.check(&shorter, 10).is_err(), "without letter {at}");
        }
        let long = format!("{token}{}", "A".repeat(LONGEST));
        assert_eq!(foreign.check(&long, 10).unwrap_err(), Refusal::Unreadable);
        assert_eq!(claimed_issuer(&long), None);
    }

    proptest! {
        #[test]
        fn whatever_is_shown_is_refused_and_nothing_breaks(
            header in "[ -~]{0,60}",
            claims in prop_oneof!["[ -~]{0,80}", Just(r#"{"iss":"https://ehr.example"}"#.to_owned())],
            signature in prop::collection::vec(any::<u8>(), 0..120),
            algorithm in prop_oneof!["none", "None", "HS256", "ES256", "ES384", "RS256", "RS384", "PS256"],
            whole in "\\PC{0,200}",
        ) {
            use base64::Engine as _;
            let coded = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
            let foreign = foreign();
            let named = format!(r#"{{"typ":"JWT","kid":"key-{algorithm}","alg":"{algorithm}"}}"#);
            for header in [header, named] {
                let token = [header.as_bytes(), claims.as_bytes(), &signature].map(coded).join(".");
                prop_assert!(is_signed(&token));
                claimed_issuer(&token);
                prop_assert!(foreign.check(&token, 10).is_err());
            }
            claimed_issuer(&whole);
            prop_assert!(foreign.check(&whole, 10).is_err());
        }
    }
}
