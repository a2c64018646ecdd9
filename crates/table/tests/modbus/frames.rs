//! The codec by any bytes, and by bits that flip.

use proptest::prelude::*;
use table::modbus::codec::{
    Exception, Framing, Front, Reply, Request, Span, crc16, frame, rtu_reply, rtu_request,
    tcp_front,
};

#[test]
fn the_sum_is_that_of_the_standard() {
    // "Modbus over serial line", appendix B: 02 07 has the CRC 41 12.
    assert_eq!(crc16(&[0x02, 0x07]).to_le_bytes(), [0x41, 0x12]);
}

#[test]
fn a_read_that_wraps_past_the_last_register_is_refused() {
    let pdu = [3, 0xFF, 0xFF, 0, 2];
    assert_eq!(Request::decode(&pdu), Err(Exception::IllegalAddress));
}

fn request() -> impl Strategy<Value = Request> {
    let values = prop::collection::vec(any::<u16>(), 1..=121);
    let read = (0_u16..60_000, 1_u16..=125).prop_map(|(first, count)| Span { first, count });
    let write = (0_u16..60_000, values);
    prop_oneof![
        read.clone().prop_map(Request::Read),
        write
            .clone()
            .prop_map(|(first, values)| Request::Write { first, values }),
        (read, write).prop_map(|(read, (first, values))| Request::Exchange {
            read,
            first,
            values
        }),
    ]
}

proptest! {
    #[test]
    fn a_request_survives_both_lines(request in request(), transaction: u16, unit: u8) {
        let pdu = request.encode();
        for framing in [Framing::Tcp, Framing::Rtu] {
            let bytes = frame(framing, transaction, unit, &pdu);
            let front = match framing {
                Framing::Tcp => tcp_front(&bytes),
                Framing::Rtu => rtu_request(&bytes),
            };
            let Front::Frame(read, length) = front else {
                return Err(TestCaseError::fail("no frame"));
            };
            prop_assert_eq!((length, read.unit), (bytes.len(), unit));
            prop_assert_eq!(Request::decode(&read.pdu), Ok(request.clone()));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        request in request(),
    ) {
        let _ = (tcp_front(&bytes), rtu_request(&bytes), rtu_reply(&bytes, &request));
        if let Ok(read) = Request::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes.clone());
        }
        if let Some(reply) = Reply::decode(&bytes, &request) {
            prop_assert_eq!(reply.encode(request.function()), bytes);
        }
    }

    #[test]
    fn up_to_three_flipped_bits_never_pass_on_rtu(
        request in request(),
        flips in prop::collection::btree_set(0_usize..2_100, 1..=3),
    ) {
        let whole = frame(Framing::Rtu, 0, 1, &request.encode());
        let mut bent = whole.clone();
        for flip in flips {
            let at = flip % (8 * whole.len());
            bent[at / 8] ^= 1 << (at % 8);
        }
        prop_assume!(bent != whole);
        if let Front::Frame(read, length) = rtu_request(&bent) {
            // A bent count can cut the frame shorter; what is left must not be the request.
            prop_assert!(length < whole.len());
            prop_assert!(Request::decode(&read.pdu) != Ok(request));
        }
    }
}
