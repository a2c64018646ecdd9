//! The black box's reader: any bytes, and any bytes whose hashes hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use table::blackbox::Contents;
use table::blackbox::format::{End, Tail};
use table::summary::Summary;
use table::{measured::Measured, replay};

fuzz_target!(|data: &[u8]| {
    let Some((mode, bytes)) = data.split_first() else {
        return;
    };
    let bytes = if mode & 1 == 1 {
        fuzz::resealed(bytes)
    } else {
        bytes.to_vec()
    };
    let _ = Measured::read(&bytes);
    let Ok(contents) = Contents::read(&bytes) else {
        return;
    };
    assert!(contents.intact <= bytes.len());
    let _ = replay::replay(&contents);
    let _ = replay::replay_intact(&contents);
    if let Ok(frames) = replay::frames(&contents) {
        let _ = Summary::of(frames);
    }
    if contents.tail != Tail::Closed && contents.end.is_none() {
        // Closed where it broke, it is whole again and holds the same frames.
        let mut mended = bytes[..contents.intact].to_vec();
        let end = End {
            completed: false,
            lost: 0,
            reason: "mended".into(),
        };
        contents.resume().finish(&end, &mut mended);
        let again = Contents::read(&mended).expect("it was one");
        assert_eq!((again.tail, again.frames), (Tail::Closed, contents.frames));
    }
});
