//! Recordings of sessions: which files there are, and their frames as Parquet.
//!
//! The bedside keeps raw files; their SHA-256 is sealed in the patient's
//! stream. The last fifty sessions of a table stay raw, older ones become
//! Parquet, losslessly: every field of a frame is a column, bit for bit.

mod archive;
mod layout;
mod parquet;
mod register;

pub use parquet::{Frames, Written, read_parquet, write_parquet};
pub(crate) use register::{ARCHIVED, ArchivedPayload, RECORDING};
pub use register::{Format, RAW_KEPT, Recording};
