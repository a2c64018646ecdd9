//! The wire: whatever bytes come, an answer or an error, never a panic.

use proptest::prelude::*;
use std::io::Cursor;
use table::wire::{
    Addressed, Fault, FaultKind, FaultName, Frame, MAX_FRAME, Reader, Request, Simulated, VERSION,
    WireError, Writer,
};

fn bytes_of(requests: &[Request]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes);
    for request in requests {
        writer.write(request, Vec::new()).expect("a short message");
    }
    bytes
}

fn read_all(bytes: &[u8]) -> Result<usize, WireError> {
    let mut reader = Reader::new(Cursor::new(bytes));
    let mut count = 0;
    while reader.read()?.is_some() {
        count += 1;
    }
    Ok(count)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_decode_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = read_all(&bytes);
        let _ = Frame::decode(&bytes);
        let _ = serde_json::from_slice::<Request>(&bytes);
        let _ = serde_json::from_slice::<Addressed>(&bytes);
    }

    #[test]
    fn a_frame_comes_back_as_it_went(
        sequence in any::<u32>(),
        json in prop::collection::vec(any::<u8>(), 0..2_000),
        blob in prop::collection::vec(any::<u8>(), 0..2_000),
    ) {
        let frame = Frame { sequence, json, blob };
        let bytes = frame.encode().expect("a short frame");
        prop_assert_eq!(Frame::decode(&bytes[4..]).expect("whole"), frame);
    }

    #[test]
    fn a_flipped_byte_of_a_head_is_never_a_whole_conversation(at in 0_usize..10, flip in 1_u8..=255) {
        let mut bytes = bytes_of(&[Request::Heartbeat, Request::Stop]);
        bytes[at] ^= flip;
        prop_assert!(!read_all(&bytes).is_ok_and(|count| count == 2));
    }

    #[test]
    fn a_cut_conversation_ends_with_an_error_unless_it_ends_between_frames(keep in 0_usize..1_000) {
        let bytes = bytes_of(&[Request::Heartbeat, Request::Stop]);
        let first = bytes_of(&[Request::Heartbeat]).len();
        let keep = keep % bytes.len();
        let between = keep == 0 || keep == first;
        prop_assert_eq!(read_all(&bytes[..keep]).is_ok(), between, "{} bytes", keep);
    }
}

#[test]
fn an_oversize_frame_is_refused_before_it_is_read() {
    let length = u32::try_from(MAX_FRAME).expect("64 KiB") - 3;
    let error = read_all(&length.to_le_bytes()).expect_err("64 KiB and one byte");
    assert!(
        matches!(error, WireError::Length(refused) if refused == length),
        "{error}"
    );
    let error = Frame::new(1, &"x", vec![0; MAX_FRAME]).expect_err("as long");
    assert!(matches!(error, WireError::Length(_)), "{error}");
}

#[test]
fn the_longest_frame_is_taken() {
    let blob = vec![7; MAX_FRAME - 4 - 10 - 3];
    let bytes = Frame::new(1, &"x", blob)
        .and_then(|frame| frame.encode())
        .expect("fits");
    assert_eq!(bytes.len(), MAX_FRAME);
    assert_eq!(read_all(&bytes).expect("one frame"), 1);
}

#[test]
fn another_version_is_refused() {
    let mut bytes = bytes_of(&[Request::Stop]);
    bytes[4..6].copy_from_slice(&(VERSION + 1).to_le_bytes());
    let error = read_all(&bytes).expect_err("a later version");
    assert!(
        matches!(error, WireError::Version(version) if version == VERSION + 1),
        "{error}"
    );
}

#[test]
fn a_repeated_or_skipped_frame_ends_the_conversation() {
    let bytes = bytes_of(&[Request::Pause, Request::Stop]);
    let first = bytes_of(&[Request::Pause]);
    let repeated = [&first[..], &first[..]].concat();
    assert!(matches!(
        read_all(&repeated),
        Err(WireError::Sequence {
            expected: 2,
            got: 1
        })
    ));
    let skipped = &bytes[first.len()..];
    assert!(matches!(
        read_all(skipped),
        Err(WireError::Sequence {
            expected: 1,
            got: 2
        })
    ));
}

#[test]
fn messages_are_named_in_kebab_case_with_their_units() {
    let json = |request: &Request| serde_json::to_string(request).expect("JSON");
    assert_eq!(json(&Request::NoIncrease), r#"{"kind":"no-increase"}"#);
    assert_eq!(
        json(&Request::Comfort { score: 4 }),
        r#"{"kind":"comfort","score":4}"#
    );
    let status = r#"{"kind":"hello","console":"desk","later":"addition"}"#;
    assert!(
        serde_json::from_str::<Request>(status).is_ok(),
        "additions are compatible"
    );
}

#[test]
fn the_names_of_faults_that_consoles_know_still_travel_and_sized_faults_beside_them() {
    for (name, on) in [("cell-a-stuck", true), ("harness-slip", false)] {
        let json = format!(r#"{{"what":"fault","fault":"{name}","on":{on}}}"#);
        let act: Simulated = serde_json::from_str(&json).expect("an old message");
        let Simulated::Fault { fault, on: told } = act else {
            panic!("{act:?}");
        };
        assert!(FaultName::ALL.contains(&fault));
        assert_eq!(told, on);
        assert_eq!(serde_json::to_string(&act).expect("a message"), json);
    }
    let json =
        r#"{"what":"inject","fault":{"kind":{"sensor":["both-cells","gain"]},"magnitude":0.8}}"#;
    let act: Simulated = serde_json::from_str(json).expect("a new message");
    let kind = FaultName::BothCellsLow.kind();
    let fault = Fault::of(kind, 0.8);
    assert_eq!(act, Simulated::Inject { fault });
    for kind in FaultKind::all() {
        let act = Simulated::Inject {
            fault: Fault::usual(kind).over_ms(100).for_ms(2_000),
        };
        let json = serde_json::to_string(&act).expect("a message");
        assert_eq!(serde_json::from_str::<Simulated>(&json).expect(&json), act);
    }
}
