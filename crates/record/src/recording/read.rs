//! Parquet back to frames: whatever tool wrote the file last, the values must be ours.
//!
//! Row groups of any size, columns that another tool made optional, and any encoding
//! and Snappy or no compression are read; a column that is missing, renamed, of another
//! type, out of its range or changed since it was written is told by its name and rows.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use ::parquet::column::reader::get_typed_column_reader;
use ::parquet::data_type::{DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};
use ::parquet::schema::types::SchemaDescriptor;
use traction::Frame;

use super::layout::{Column, Kind, Layout, layout};
use super::sums::{BLOCK, Sums, differing, name};
use super::write::physical;
use crate::{Error, Result};

/// Most rows of a file: longer than the longest session, 8,000 s (ours).
const MOST_ROWS: usize = 1_000_000;
/// Most bytes of a file (ours): a longest session takes less when it is not compressed at all.
const MOST_BYTES: u64 = 512 << 20;

/// What a Parquet file holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Tape {
    /// Bytes of one frame.
    pub length: usize,
    /// The frames, end to end, in the version that was written.
    pub frames: Vec<u8>,
    notes: Vec<(String, String)>,
}

impl std::fmt::Debug for Tape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tape")
            .field("length", &self.length)
            .field("frames", &(self.frames.len() / self.length.max(1)))
            .finish_non_exhaustive()
    }
}

impl Tape {
    /// A note in the file's metadata.
    #[must_use]
    pub fn note(&self, key: &str) -> Option<&str> {
        let found = self.notes.iter().find(|(k, _)| k == key);
        found.map(|(_, value)| value.as_str())
    }

    /// The frames, decoded; nothing for bytes that are none.
    pub fn decoded(&self) -> impl Iterator<Item = Option<Frame>> {
        let rows = self.frames.chunks_exact(self.length.max(1));
        rows.map(Frame::decode)
    }
}

fn altered(path: &Path, place: impl Into<String>, what: impl ToString) -> Error {
    Error::Altered {
        path: path.to_owned(),
        place: place.into(),
        what: what.to_string(),
    }
}

/// Reads a Parquet file of frames, whole.
///
/// # Errors
/// [`Error::Altered`] names column and rows where the file is damaged, not ours, of
/// another version of the frame, or changed since it was written.
pub fn read_parquet(path: &Path) -> Result<Tape> {
    let file = File::open(path).map_err(Error::io("reading", path))?;
    let length = file.metadata().map_err(Error::io("reading", path))?.len();
    if length > MOST_BYTES {
        return Err(altered(path, "file", "it is larger than any session's"));
    }
    // The library panics on some damaged files; a damaged file is no fault of ours.
    let read = catch_unwind(AssertUnwindSafe(|| read(path, file)));
    read.unwrap_or_else(|_| Err(altered(path, "file", "it is damaged beyond reading")))
}

fn read(path: &Path, file: File) -> Result<Tape> {
    let whole = |error: ParquetError| altered(path, "file", error);
    let reader = SerializedFileReader::new(file).map_err(whole)?;
    let metadata = reader.metadata().file_metadata();
    let pairs = metadata.key_value_metadata().into_iter().flatten();
    let notes: Vec<_> = pairs
        .map(|pair| (pair.key.clone(), pair.value.clone().unwrap_or_default()))
        .collect();
    let version = notes.iter().find(|(k, _)| k == "frame.version");
    let layout = version
        .and_then(|(_, v)| v.parse().ok())
        .and_then(layout)
        .ok_or_else(|| {
            let what = match version {
                None => "it is none of ours, or another tool dropped its metadata",
                Some(_) => "it is a version of the frame that this program does not read",
            };
            altered(path, "metadata frame.version", what)
        })?;
    fits(path, metadata.schema_descr(), &layout)?;
    let groups = reader.metadata().row_groups().iter();
    let told = groups.fold(0_i64, |sum, group| sum.saturating_add(group.num_rows()));
    let rows = usize::try_from(told).ok().filter(|rows| *rows <= MOST_ROWS);
    let rows = rows.ok_or_else(|| altered(path, "file", "it has more rows than any session"))?;
    let mut frames = Vec::new();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(whole)?;
        read_group(path, &*group, &layout, &mut frames)?;
    }
    if frames.len() != rows * layout.bytes {
        return Err(altered(path, "file", "its row groups overlap"));
    }
    let tape = Tape {
        length: layout.bytes,
        frames,
        notes,
    };
    unchanged(path, &tape, &layout)?;
    Ok(tape)
}

/// The columns are those of a frame, by name and type, in order.
fn fits(path: &Path, schema: &SchemaDescriptor, layout: &Layout) -> Result<()> {
    for (at, column) in layout.columns.iter().enumerate() {
        let place = format!("column {}", column.name);
        let found = schema.columns().get(at);
        let found = found.filter(|found| found.name() == column.name);
        let found = found.ok_or_else(|| altered(path, &place, "it is not where it was"))?;
        let levels = (found.max_def_level(), found.max_rep_level());
        if found.physical_type() != physical(column.kind) || levels.0 > 1 || levels.1 > 0 {
            return Err(altered(path, place, "it is of another type"));
        }
    }
    match schema.columns().get(layout.columns.len()) {
        None => Ok(()),
        Some(more) => {
            let place = format!("column {}", more.name());
            Err(altered(path, place, "no frame has it"))
        }
    }
}

/// The values are those that were written, where the file has sums.
fn unchanged(path: &Path, tape: &Tape, layout: &Layout) -> Result<()> {
    let mut sums = Sums::new(&layout.columns);
    let rows = tape.frames.chunks_exact(layout.bytes);
    let count = rows.len();
    rows.for_each(|row| sums.add(row));
    let found = sums.finish();
    let summed = |(key, _): &&(String, String)| tape.note(key).is_some();
    if found.iter().filter(summed).count() == 0 {
        // Files written before there were sums.
        return Ok(());
    }
    for (column, (key, found)) in layout.columns.iter().zip(&found) {
        let noted = tape.note(key).unwrap_or_default();
        if noted == found {
            continue;
        }
        let first = differing(noted, found) * BLOCK;
        let last = (first + BLOCK).min(count.max(first + 1)) - 1;
        let place = format!("column {}, rows {first} to {last}", column.name);
        let what = format!(
            "it was changed after it was written: its sums ({}) do not hold",
            name(column.name)
        );
        return Err(altered(path, place, what));
    }
    Ok(())
}

fn read_group(
    path: &Path,
    group: &dyn RowGroupReader,
    layout: &Layout,
    frames: &mut Vec<u8>,
) -> Result<()> {
    let begin = frames.len();
    let count = usize::try_from(group.metadata().num_rows()).unwrap_or(usize::MAX);
    let fits = count.saturating_add(begin / layout.bytes) <= MOST_ROWS;
    if !fits {
        return Err(altered(path, "file", "a row group is too large"));
    }
    frames.resize(begin + count * layout.bytes, 0);
    let rows = &mut frames[begin..];
    rows.chunks_exact_mut(layout.bytes)
        .for_each(|row| row[0] = layout.version);
    for (n, column) in layout.columns.iter().enumerate() {
        let place = Place {
            group,
            number: n,
            column,
            length: layout.bytes,
        };
        let read = match column.kind {
            Kind::U8 | Kind::U16 => place.read::<Int32Type, 4>(rows, i32::to_le_bytes),
            Kind::U32 => place.read::<Int64Type, 8>(rows, i64::to_le_bytes),
            Kind::F64 => place.read::<DoubleType, 8>(rows, f64::to_le_bytes),
        };
        let of = || format!("column {}", column.name);
        read.map_err(|error| altered(path, of(), error))?;
    }
    Ok(())
}

/// One column of a row group.
struct Place<'a> {
    group: &'a dyn RowGroupReader,
    number: usize,
    column: &'a Column,
    /// Bytes of a frame.
    length: usize,
}

impl Place<'_> {
    /// Puts its values into `rows`.
    fn read<T: DataType, const N: usize>(
        &self,
        rows: &mut [u8],
        bytes: impl Fn(T::T) -> [u8; N],
    ) -> Result<(), ParquetError> {
        let general = |what: &str| ParquetError::General(what.to_owned());
        let count = rows.len() / self.length;
        let schema = self.group.metadata().schema_descr();
        let optional = schema.column(self.number).max_def_level() > 0;
        let page = self.group.get_column_reader(self.number)?;
        let mut reader = get_typed_column_reader::<T>(page);
        let (mut values, mut levels) = (Vec::new(), Vec::new());
        let told = optional.then_some(&mut levels);
        let (read, ..) = reader.read_records(count, told, None, &mut values)?;
        if read != count {
            return Err(general("it is too short"));
        }
        let column = self.column;
        let width = column.kind.width();
        let mut values = values.into_iter();
        for (at, row) in rows.chunks_exact_mut(self.length).enumerate() {
            if optional && levels.get(at).copied().unwrap_or(0) == 0 {
                if column.flag.is_none() {
                    return Err(general("a value is missing in a row"));
                }
                continue;
            }
            if let Some(flag) = column.flag {
                row[flag] = 1;
            }
            let value = values.next().ok_or_else(|| general("it is too short"))?;
            let value = bytes(value);
            let (kept, rest) = value.split_at(width);
            if rest.iter().any(|byte| *byte != 0) {
                return Err(general("a value is out of its range"));
            }
            row[column.offset..column.offset + width].copy_from_slice(kept);
        }
        Ok(())
    }
}
