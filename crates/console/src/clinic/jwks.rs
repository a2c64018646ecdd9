//! Public keys as a program hands them over: a JSON Web Key Set (RFC 7517 §5), checked when it is
//! entered, so that a key that cannot verify is refused with its place and not with every token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::agreement;
use ring::rand::SystemRandom;
use serde_json::{Map, Value};
use si::Problem;

use super::signer::{Algorithm, NAME, Numbers, PublicKey, wrong};

/// Most keys of one program *(ours: the one in use, the next one, and those of a few machines)*.
const KEYS: usize = 8;
/// Most bytes of a key set *(ours: eight RSA keys of 8,192 bits with certificates fit)*.
const BYTES: usize = 64 * 1024;
/// Bits of an RSA modulus: at least 2,048 (RFC 7518 §3.3), at most what `ring` verifies.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;
/// Members of a JWK that only its owner may have (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// The public keys of a JSON Web Key Set.
///
/// # Errors
/// What is no set of at most eight keys, each with an id of its own, on P-256 or P-384 or of RSA
/// from 2,048 bits, made for signatures and without a private part.
pub fn read_keys(text: &str) -> Result<Vec<PublicKey>, Problem> {
    let how = "paste a JSON Web Key Set: {\"keys\": [...]}";
    if text.len() > BYTES {
        let size = format!("{} bytes", text.len());
        return Err(wrong("keys", &size, "is more than 64 kB", how));
    }
    let read: Value = serde_json::from_str(text)
        .map_err(|error| wrong("keys", &error.to_string(), "cannot be read as JSON", how))?;
    let Some(all) = read.get("keys").and_then(Value::as_array) else {
        return Err(wrong("keys", "", "has no list of keys", how));
    };
    if all.is_empty() || all.len() > KEYS {
        let few = format!("paste one to {KEYS} keys");
        let count = all.len().to_string();
        return Err(wrong("keys", &count, "keys is none or too many", &few));
    }
    let mut keys: Vec<PublicKey> = Vec::with_capacity(all.len());
    for (number, key) in all.iter().enumerate() {
        let key = read_key(&format!("keys[{number}]"), key)?;
        if keys.iter().any(|other| other.kid == key.kid) {
            let place = format!("keys[{number}].kid");
            let remedy = "give each key an id of its own";
            return Err(wrong(&place, &key.kid, "is the id of two keys", remedy));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn read_key(place: &str, key: &Value) -> Result<PublicKey, Problem> {
    let no_key = || wrong(place, "", "is no key", "paste the public key as an object");
    let key = key.as_object().ok_or_else(no_key)?;
    if let Some(part) = PRIVATE.iter().find(|part| key.contains_key(**part)) {
        return Err(Problem::new(
            "key-private",
            format!("{place}.{part}"),
            // It is a secret: it is not said again.
            "",
            "is a part of a private or shared key, which nobody else may have",
            "make a new key, for this one was shown, and paste its public part alone",
        ));
    }
    let kid = text(place, key, "kid")?;
    if kid.is_empty() || kid.chars().count() > NAME {
        let remedy = format!("give the key an id of at most {NAME} characters");
        return Err(wrong(
            &format!("{place}.kid"),
            kid,
            "is no id of a key",
            &remedy,
        ));
    }
    let made = PublicKey {
        kid: kid.to_owned(),
        alg: algorithm(place, key)?,
        numbers: numbers(place, key)?,
    };
    for_signatures(place, key)?;
    if made.alg.is_some_and(|own| !made.numbers.fit(own)) {
        let alg = text(place, key, "alg")?;
        let remedy = "use ES256 with P-256, ES384 with P-384, RS256 or RS384 with RSA";
        return Err(wrong(
            &format!("{place}.alg"),
            alg,
            "does not fit the key",
            remedy,
        ));
    }
    Ok(made)
}

fn algorithm(place: &str, key: &Map<String, Value>) -> Result<Option<Algorithm>, Problem> {
    let Some(named) = key.get("alg") else {
        return Ok(None);
    };
    serde_json::from_value(named.clone())
        .map(Some)
        .map_err(|_| {
            let value = named.as_str().unwrap_or_default();
            let remedy = "use a key for ES384 or RS384 (ES256 and RS256 are taken as well)";
            wrong(&format!("{place}.alg"), value, "is not taken here", remedy)
        })
}

/// A key for encryption verifies no signature (RFC 7517 §4.2, §4.3).
fn for_signatures(place: &str, key: &Map<String, Value>) -> Result<(), Problem> {
    let other_use = key.get("use").filter(|purpose| *purpose != "sig");
    let other_act = key.get("key_ops").filter(|acts| {
        let mut acts = acts.as_array().into_iter().flatten();
        !acts.any(|act| act == "verify")
    });
    let found = other_use.map(|value| ("use", value));
    match found.or(other_act.map(|value| ("key_ops", value))) {
        None => Ok(()),
        Some((name, value)) => Err(wrong(
            &format!("{place}.{name}"),
            &value.to_string(),
            "is another purpose than signatures",
            "paste the key that signs",
        )),
    }
}

fn numbers(place: &str, key: &Map<String, Value>) -> Result<Numbers, Problem> {
    match text(place, key, "kty")? {
        "EC" => curve(place, key),
        "RSA" => rsa(place, key),
        kind => {
            let remedy = "use a key of kind EC (P-384, P-256) or RSA";
            Err(wrong(
                &format!("{place}.kty"),
                kind,
                "is not taken here",
                remedy,
            ))
        }
    }
}

fn curve(place: &str, key: &Map<String, Value>) -> Result<Numbers, Problem> {
    let crv = text(place, key, "crv")?;
    let (size, curve) = match crv {
        "P-256" => (32, &agreement::ECDH_P256),
        "P-384" => (48, &agreement::ECDH_P384),
        _ => {
            let place = format!("{place}.crv");
            let remedy = "use P-384 or P-256";
            return Err(wrong(&place, crv, "is not taken here", remedy));
        }
    };
    let mut point = vec![4];
    for part in ["x", "y"] {
        let bytes = bytes(place, key, part)?;
        if bytes.len() != size {
            let found = format!("{} bytes", bytes.len());
            let remedy = format!("{crv} has {size} bytes there: copy the key again");
            return Err(wrong(
                &format!("{place}.{part}"),
                &found,
                "is no part of it",
                &remedy,
            ));
        }
        point.extend(bytes);
    }
    if !is_on(curve, &point) {
        let remedy = "copy the key again";
        return Err(wrong(place, crv, "is no point of its curve", remedy));
    }
    Ok(Numbers::Curve {
        crv: crv.to_owned(),
        x: text(place, key, "x")?.to_owned(),
        y: text(place, key, "y")?.to_owned(),
    })
}

/// Whether it is a point of the curve: `ring` checks that before it agrees on a secret with anybody
/// (NIST SP 800-56A §5.6.2.3), and has no other word for it. The secret is thrown away.
fn is_on(curve: &'static agreement::Algorithm, point: &[u8]) -> bool {
    let random = SystemRandom::new();
    let own = agreement::EphemeralPrivateKey::generate(curve, &random);
    let peer = agreement::UnparsedPublicKey::new(curve, point);
    own.is_ok_and(|own| agreement::agree_ephemeral(own, &peer, |_| ()).is_ok())
}

fn rsa(place: &str, key: &Map<String, Value>) -> Result<Numbers, Problem> {
    let (n, e) = (bytes(place, key, "n")?, bytes(place, key, "e")?);
    let first = n.first().copied().unwrap_or_default();
    let bits = n.len() * 8 - first.leading_zeros() as usize * usize::from(!n.is_empty());
    let is_odd = |bytes: &[u8]| bytes.last().is_some_and(|last| last % 2 == 1);
    // A modulus begins with its first bit (RFC 7518 §6.3.1.1) and is a product of odd primes.
    if first == 0 || !is_odd(&n) || !RSA_BITS.contains(&bits) {
        let found = format!("{bits} bits");
        let remedy = format!(
            "use a key of {} to {} bits",
            RSA_BITS.start(),
            RSA_BITS.end()
        );
        return Err(wrong(
            &format!("{place}.n"),
            &found,
            "is no modulus taken here",
            &remedy,
        ));
    }
    // `ring` takes exponents of up to 33 bits; 1 would make every signature right.
    if e.first().is_none_or(|first| *first == 0) || !is_odd(&e) || e.len() > 4 || e == [1] {
        let remedy = "use 65537 (AQAB)";
        let value = text(place, key, "e")?;
        return Err(wrong(
            &format!("{place}.e"),
            value,
            "is no exponent taken here",
            remedy,
        ));
    }
    Ok(Numbers::Rsa {
        n: text(place, key, "n")?.to_owned(),
        e: text(place, key, "e")?.to_owned(),
    })
}

fn text<'a>(place: &str, key: &'a Map<String, Value>, name: &str) -> Result<&'a str, Problem> {
    let found = key.get(name).and_then(Value::as_str);
    found.ok_or_else(|| {
        let place = format!("{place}.{name}");
        wrong(&place, "", "is missing or no text", "copy the whole key")
    })
}

fn bytes(place: &str, key: &Map<String, Value>, name: &str) -> Result<Vec<u8>, Problem> {
    let found = text(place, key, name)?;
    URL_SAFE_NO_PAD.decode(found).map_err(|_| {
        let remedy = "copy the key again: letters, digits, - and _ without =";
        wrong(&format!("{place}.{name}"), found, "is no base64url", remedy)
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const FOREIGN: &str = include_str!("../../tests/golden/signed-tokens.v1.json");

    fn foreign() -> Value {
        let told: Value = serde_json::from_str(FOREIGN).unwrap();
        told["keys"]["keys"].clone()
    }

    /// Four keys that a library nobody here wrote has made.
    pub(in crate::clinic) fn foreign_set() -> String {
        json!({ "keys": foreign() }).to_string()
    }

    fn refused(keys: &Value) -> Problem {
        read_keys(&json!({ "keys": keys }).to_string()).unwrap_err()
    }

    #[test]
    fn keys_of_another_program_are_read_and_written_without_what_is_not_needed() {
        let keys = read_keys(&json!({ "keys": foreign() }).to_string()).unwrap();
        assert_eq!(keys.len(), 4);
        let written = serde_json::to_value(&keys[1]).unwrap();
        let mut expected = foreign()[1].clone();
        expected.as_object_mut().unwrap().remove("use");
        assert_eq!(written, expected);
        let read: Vec<PublicKey> = serde_json::from_value(json!(keys)).unwrap();
        assert_eq!(read, keys);
    }

    #[test]
    fn a_key_that_cannot_verify_a_signature_is_refused_with_its_place() {
        let [es256, es384, rsa] = [0, 1, 2].map(|one: usize| foreign()[one].clone());
        let with = |key: &Value, name: &str, value: Value| {
            let mut key = key.clone();
            key[name] = value;
            key
        };
        let half = &rsa["n"].as_str().unwrap()[..171].to_owned();
        for (key, place) in [
            (with(&es384, "crv", json!("P-521")), "keys[0].crv"),
            (with(&es384, "crv", json!("secp256k1")), "keys[0].crv"),
            (with(&es384, "crv", json!("P-256")), "keys[0].x"),
            (with(&es384, "x", es384["y"].clone()), "keys[0]"),
            (with(&es256, "y", json!("AA==")), "keys[0].y"),
            (with(&es256, "alg", json!("ES384")), "keys[0].alg"),
            (with(&rsa, "alg", json!("HS256")), "keys[0].alg"),
            (with(&rsa, "alg", json!("none")), "keys[0].alg"),
            (with(&rsa, "alg", json!("PS256")), "keys[0].alg"),
            (with(&rsa, "n", json!(half)), "keys[0].n"),
            (with(&rsa, "n", json!("")), "keys[0].n"),
            (with(&rsa, "e", json!("AQ")), "keys[0].e"),
            (with(&rsa, "e", json!("AQAA")), "keys[0].e"),
            (with(&rsa, "kty", json!("oct")), "keys[0].kty"),
            (with(&rsa, "use", json!("enc")), "keys[0].use"),
            (with(&rsa, "key_ops", json!(["encrypt"])), "keys[0].key_ops"),
            (with(&rsa, "kid", Value::Null), "keys[0].kid"),
            (with(&rsa, "kid", json!("")), "keys[0].kid"),
            (json!("a key"), "keys[0]"),
        ] {
            let problem = refused(&json!([key]));
            assert_eq!(problem.place, place, "{key}");
            assert!(!problem.remedy.is_empty());
        }
        let problem = refused(&json!([es256, with(&es384, "kid", es256["kid"].clone())]));
        assert_eq!(
            (&*problem.place, &*problem.value),
            ("keys[1].kid", "key-ES256")
        );
        assert_eq!(refused(&json!([])).place, "keys");
        let nine: Vec<Value> = (0..9)
            .map(|n| with(&es256, "kid", json!(format!("{n}"))))
            .collect();
        assert_eq!(refused(&json!(nine)).value, "9");
    }

    #[test]
    fn a_private_part_is_refused_and_never_said_again() {
        for part in PRIVATE {
            let mut key = foreign()[0].clone();
            key[part] = json!("a-secret-of-theirs");
            let problem = refused(&json!([key]));
            assert_eq!(
                (problem.code, problem.place),
                ("key-private", format!("keys[0].{part}"))
            );
            let said = [problem.value, problem.problem, problem.remedy].concat();
            assert!(!said.contains("a-secret"), "{said}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_pasted_is_read_or_refused_and_nothing_breaks(
            text in "\\PC{0,200}",
            name in prop_oneof!["kty", "crv", "x", "y", "n", "e", "kid", "alg", "use", "key_ops"],
            value in "[A-Za-z0-9_=-]{0,90}",
            of in 0..4_usize,
        ) {
            let _ = read_keys(&text);
            let mut key = foreign()[of].clone();
            key[&name] = json!(value);
            let _ = read_keys(&json!({ "keys": [key] }).to_string());
        }
    }
}
