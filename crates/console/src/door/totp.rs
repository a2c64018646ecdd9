//! Codes by time (RFC 6238 over RFC 4226): six digits every 30 s by HMAC-SHA-1, which is what
//! every authenticator reads.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// Seconds that a code lives (RFC 6238 §5.2).
const STEP_S: i64 = 30;
/// Digits of a code.
const DIGITS: usize = 6;
/// Steps that a device's clock may be off, either way (RFC 6238 §5.2 recommends one).
const OFF: u64 = 1;

/// Bytes of a secret: as long as what HMAC-SHA-1 gives (RFC 4226 §4, R6).
pub const SECRET: usize = 20;

/// What a device and this server share.
pub type Secret = [u8; SECRET];

/// The code of a step of time.
#[must_use]
pub fn code(secret: &Secret, step: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[SECRET - 1] & 0x0f);
    let mut four = [0; 4];
    four.copy_from_slice(&digest[at..at + 4]);
    let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000;
    format!("{number:0DIGITS$}")
}

/// The step whose code was sent, if it is one of now and later than the last that was used.
#[must_use]
pub fn step_of(secret: &Secret, sent: &str, now_s: i64, last: u64) -> Option<u64> {
    let sent: String = sent.chars().filter(|c| !c.is_whitespace()).collect();
    let now = u64::try_from(now_s / STEP_S).ok()?;
    let near = now.saturating_sub(OFF)..=now + OFF;
    // All are compared, so that the time tells nothing of which one fits.
    let fits = |step: &u64| bool::from(code(secret, *step).as_bytes().ct_eq(sent.as_bytes()));
    let found: Vec<u64> = near.filter(fits).collect();
    found.into_iter().find(|step| *step > last)
}

/// The secret as people type it where nothing reads the picture.
#[must_use]
pub fn typed(secret: &Secret) -> String {
    BASE32_NOPAD.encode(secret)
}

/// What the picture says to an authenticator.
#[must_use]
pub fn address(secret: &Secret, clinic: &str, login: &str) -> String {
    let mut address = url::Url::parse("otpauth://totp/").expect("the address is fixed");
    address.set_path(&format!("{clinic}:{login}"));
    address
        .query_pairs_mut()
        .append_pair("secret", &typed(secret))
        .append_pair("issuer", clinic);
    // A space is no plus sign to an authenticator.
    address.to_string().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B.
    const KEY: &Secret = b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        // Appendix B gives eight digits; six are their end.
        for (seconds, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(KEY, seconds / 30), eight[2..], "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_one_step_early_or_late_and_once() {
        let (now, step) = (1_234_567_890, 1_234_567_890 / 30);
        for near in [step - 1, step, step + 1] {
            assert_eq!(step_of(KEY, &code(KEY, near), now, 0), Some(near));
            assert_eq!(step_of(KEY, &code(KEY, near), now, near), None);
        }
        for far in [step - 2, step + 2] {
            assert_eq!(step_of(KEY, &code(KEY, far), now, 0), None);
        }
        assert_eq!(step_of(KEY, "005 924", now, 0), Some(step));
        for wrong in ["", "5924", "0059240", "00592x"] {
            assert_eq!(step_of(KEY, wrong, now, 0), None, "{wrong:?}");
        }
    }

    #[test]
    fn an_authenticator_is_told_clinic_login_and_secret() {
        assert_eq!(
            address(KEY, "Spine & Co", "ada@example"),
            "otpauth://totp/Spine%20&%20Co:ada@example?\
             secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Spine%20%26%20Co"
        );
    }
}
