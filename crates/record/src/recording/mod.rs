//! Recordings of sessions: which files there are, and their frames as Parquet.
//!
//! The bedside keeps raw files; their SHA-256 is sealed in the patient's
//! stream, with that of the Parquet file that is written beside each. The last fifty
//! sessions of a table stay raw too, of older ones only the Parquet is left, losslessly:
//! every field of a frame is a column, bit for bit, and whoever knows the raw format
//! finds in the metadata what else it takes to give the raw file back.

mod archive;
mod layout;
mod read;
mod register;
mod sums;
mod write;

pub use read::{Tape, read_parquet};
pub(crate) use register::{ARCHIVED, ArchivedPayload, RECORDING, RECORDING_VERSION};
pub use register::{Format, RAW_KEPT, Recording, Sealed};
pub use write::{Written, write_parquet};
