//! The Parquet reader: any bytes are read or refused, and what is read is written and
//! read again alike. The library's own panics on damaged files are refusals, so the
//! fuzzer's hook that would abort on them is taken off.
#![no_main]

use libfuzzer_sys::fuzz_target;
use record::recording::{read_parquet, write_parquet};
use std::sync::Once;

static QUIET: Once = Once::new();

fuzz_target!(|data: &[u8]| {
    // Our own assertions abort by themselves, below.
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    let folder = std::path::Path::new("/dev/shm").join(format!("fuzz-{}", std::process::id()));
    let path = folder.join("one.parquet");
    if std::fs::create_dir_all(&folder).is_err() || std::fs::write(&path, data).is_err() {
        return;
    }
    let Ok(read) = read_parquet(&path) else {
        return;
    };
    let again = folder.join("two.parquet");
    let kept = write_parquet(&again, &[], read.length, &read.frames);
    let same = kept.is_ok_and(|_| read_parquet(&again).is_ok_and(|two| two.frames == read.frames));
    if !same {
        std::process::abort();
    }
});
