//! The Modbus codec, both ways: what is read is written again as it came, and no reply
//! is taken that does not answer its request.
#![no_main]

use libfuzzer_sys::fuzz_target;
use table::modbus::codec::{
    FRAME_MOST, Framing, Front, Reply, Request, crc16, frame, rtu_reply, rtu_request, tcp_front,
};
use table::modbus::map::{Command, Fixed, Live};

fuzz_target!(|data: &[u8]| {
    let [mode, asked, rest @ ..] = data else {
        return;
    };
    let cut = usize::from(*asked).min(rest.len());
    let (asked, come) = rest.split_at(cut);
    let request = Request::decode(asked);
    if let Ok(request) = &request {
        assert_eq!(request.encode(), asked);
    }
    let mut come = come.to_vec();
    if mode & 3 == 2 && come.len() > 2 {
        // With a sum that holds: what lies behind it is reached too.
        let body = come.len() - 2;
        let sum = crc16(&come[..body]).to_le_bytes();
        come[body..].copy_from_slice(&sum);
    }
    let rtu = mode & 3 != 0;
    let front = if rtu {
        rtu_request(&come)
    } else {
        tcp_front(&come)
    };
    taken(&front, rtu, &come);
    if let Ok(request) = &request {
        let front = if rtu {
            rtu_reply(&come, request)
        } else {
            tcp_front(&come)
        };
        taken(&front, rtu, &come);
        if let Front::Frame(found, _) = front
            && let Some(reply) = Reply::decode(&found.pdu, request)
        {
            assert_eq!(reply.encode(request.function()), found.pdu);
        }
    }
    let registers: Vec<u16> = come
        .chunks_exact(2)
        .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
        .collect();
    let _ = (
        Live::read(&registers),
        Fixed::read(&registers),
        Command::read(&registers),
    );
});

/// A frame that was taken is written again as it came.
fn taken(front: &Front, rtu: bool, come: &[u8]) {
    let Front::Frame(found, length) = front else {
        return;
    };
    assert!(*length <= come.len().min(FRAME_MOST));
    let framing = if rtu { Framing::Rtu } else { Framing::Tcp };
    let again = frame(framing, found.transaction, found.unit, &found.pdu);
    assert_eq!(again, come[..*length]);
}
