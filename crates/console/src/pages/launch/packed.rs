//! A record that was read, as a page carries it until it is taken: the server keeps its hash
//! alone, and nothing of a patient whom nobody took.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use si::Problem;

/// The record, compressed, in letters that a form sends as they are.
pub(super) fn pack(record: &str) -> Result<String, Problem> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::default());
    let packed = packing
        .write_all(record.as_bytes())
        .and_then(|()| packing.finish());
    packed
        .map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
        .map_err(|_| broken())
}

/// The record again, as far as one may be read at all.
pub(super) fn unpack(packed: &str) -> Result<String, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(packed).map_err(|_| broken())?;
    let most = u64::try_from(fhir::MAX_BYTES).unwrap_or(u64::MAX);
    let mut record = String::new();
    let read = GzDecoder::new(&*bytes)
        .take(most)
        .read_to_string(&mut record);
    read.map_err(|_| broken())?;
    Ok(record)
}

fn broken() -> Problem {
    Problem::new(
        "launch-offer",
        "record",
        "",
        "cannot be read",
        "open Annulus from the other record system again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_as_it_was() {
        let record = "{\"é\":\r\n 1.10}".repeat(1000);
        let packed = pack(&record).unwrap();
        assert!(packed.len() < record.len() / 10);
        assert!(
            packed
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
        assert_eq!(unpack(&packed).unwrap(), record);
        assert_eq!(unpack("x").unwrap_err().code, "launch-offer");
    }
}
