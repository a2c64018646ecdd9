//! Sums of columns, so that a change is told by its column and its rows.
//!
//! For each column and each [`BLOCK`] rows: the first eight bytes of the SHA-256 over,
//! row by row, one byte that says whether the value is there and the value's bytes
//! (little-endian, as in the frame). They locate; what proves is the SHA-256 of the raw
//! recording, which the file gives back (ours).
//!
//! Shown by `a_column_changed_and_rewritten_by_another_tool_is_told_by_name_and_rows`.

use sha2::{Digest as _, Sha256};

use super::layout::Column;

/// Rows under one sum.
pub(super) const BLOCK: usize = 8192;
/// Bytes of a sum that are kept.
const KEPT: usize = 8;

/// The sums of every column so far.
pub(super) struct Sums {
    columns: Vec<Column>,
    open: Vec<Sha256>,
    rows: usize,
    done: Vec<Vec<[u8; KEPT]>>,
}

impl Sums {
    pub(super) fn new(columns: &[Column]) -> Self {
        Self {
            columns: columns.to_vec(),
            open: columns.iter().map(|_| Sha256::new()).collect(),
            rows: 0,
            done: columns.iter().map(|_| Vec::new()).collect(),
        }
    }

    /// Takes a row: the bytes of a frame.
    pub(super) fn add(&mut self, row: &[u8]) {
        for (column, sum) in self.columns.iter().zip(&mut self.open) {
            let there = column.flag.is_none_or(|at| row.get(at) == Some(&1));
            let place = column.offset..column.offset + column.kind.width();
            sum.update([u8::from(there)]);
            if there {
                sum.update(row.get(place).unwrap_or_default());
            }
        }
        self.rows += 1;
        if self.rows == BLOCK {
            self.close();
        }
    }

    fn close(&mut self) {
        for (open, done) in self.open.iter_mut().zip(&mut self.done) {
            let sum = std::mem::take(open).finalize();
            done.push(sum.first_chunk::<KEPT>().copied().unwrap_or_default());
        }
        self.rows = 0;
    }

    /// Name and sums of every column, as the file's metadata keeps them.
    pub(super) fn finish(mut self) -> Vec<(String, String)> {
        if self.rows > 0 {
            self.close();
        }
        let said = |sums: &Vec<[u8; KEPT]>| {
            let words: Vec<String> = sums.iter().map(hex::encode).collect();
            words.join(" ")
        };
        let names = self.columns.iter().map(|column| name(column.name));
        names.zip(self.done.iter().map(said)).collect()
    }
}

/// Key of a column's sums in the metadata.
pub(super) fn name(column: &str) -> String {
    format!("sum.{column}")
}

/// The first block in which two lists of sums differ.
pub(super) fn differing(noted: &str, found: &str) -> usize {
    let pairs = noted.split(' ').zip(found.split(' '));
    pairs.take_while(|(noted, found)| noted == found).count()
}
