//! Frames between console and bedside: read from any bytes, written again as they came.
#![no_main]

use libfuzzer_sys::fuzz_target;
use table::wire::{Reader, Reply, Request};

fuzz_target!(|data: &[u8]| {
    let mut reader = Reader::new(data);
    let mut read = 0;
    while let Ok(Some(frame)) = reader.read() {
        let again = frame.encode().expect("it came in one frame");
        assert_eq!(again, data[read..read + again.len()]);
        read += again.len();
        let _ = frame.message::<Request>();
        let _ = frame.message::<Reply>();
    }
});
