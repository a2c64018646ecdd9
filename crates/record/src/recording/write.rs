//! Frames to Parquet, a row group at a time.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use ::parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use ::parquet::data_type::{DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::{Type, TypePtr};

use super::layout::{Column, Kind, Layout, code_names, layout_of_length};
use super::sums::{BLOCK, Sums};
use crate::event::Hash;
use crate::files::{beside, file_sha256, private_file, sync_folder_of};
use crate::{Error, Result};

/// A Parquet file that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Frames in it.
    pub frames: u64,
    /// SHA-256 of the file.
    pub sha256: Hash,
}

fn fault(path: &Path, what: impl ToString) -> Error {
    Error::Recording {
        path: path.to_owned(),
        what: what.to_string(),
    }
}

/// Writes frames, in order, to a new Parquet file: first under another name,
/// then renamed, so that a file of this name is whole. `frames` are their bytes end to
/// end, each `length` long; `notes` go into the file's metadata.
///
/// # Errors
/// When the frames are of no version that is read, or the file cannot be written.
pub fn write_parquet(
    path: &Path,
    notes: &[(&str, String)],
    length: usize,
    frames: &[u8],
) -> Result<Written> {
    let layout = layout_of_length(length);
    let layout = layout.ok_or_else(|| fault(path, "frames of this length are of no version"))?;
    let rows = frames.chunks_exact(length);
    if !rows.remainder().is_empty() || rows.clone().any(|row| row[0] != layout.version) {
        return Err(fault(path, "the bytes are not frames of one version"));
    }
    let unfinished = beside(path, ".part");
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(Error::io("removing", &unfinished))?;
    }
    let file = private_file(&unfinished)?;
    let out = file.try_clone();
    let out = out.map_err(Error::io("creating", &unfinished))?;
    write(out, notes, &layout, rows).map_err(|error| fault(path, error))?;
    file.sync_all().map_err(Error::io("writing", &unfinished))?;
    let sha256 = file_sha256(&unfinished)?;
    fs::rename(&unfinished, path).map_err(Error::io("renaming", path))?;
    sync_folder_of(path)?;
    Ok(Written {
        frames: (frames.len() / length) as u64,
        sha256,
    })
}

fn write<'a>(
    out: File,
    notes: &[(&str, String)],
    layout: &Layout,
    mut rows: impl Iterator<Item = &'a [u8]>,
) -> Result<(), ParquetError> {
    let schema = schema(&layout.columns)?;
    let properties = Arc::new(properties(layout, notes));
    let mut writer = SerializedFileWriter::new(BufWriter::new(out), schema, properties)?;
    let mut sums = Sums::new(&layout.columns);
    let mut group: Vec<&[u8]> = Vec::with_capacity(BLOCK);
    loop {
        group.clear();
        group.extend(rows.by_ref().take(BLOCK));
        if group.is_empty() {
            break;
        }
        group.iter().for_each(|row| sums.add(row));
        write_group(writer.next_row_group()?, &layout.columns, &group)?;
    }
    for (key, value) in sums.finish() {
        writer.append_key_value_metadata(KeyValue::new(key, value));
    }
    writer.close()?;
    Ok(())
}

fn properties(layout: &Layout, notes: &[(&str, String)]) -> WriterProperties {
    let own = [("frame.version", layout.version.to_string())];
    let notes = notes.iter().map(|(k, v)| (*k, v.clone()));
    let pair = |(key, value): (&str, String)| KeyValue::new(key.to_owned(), value);
    let pairs = own.into_iter().chain(code_names()).chain(notes).map(pair);
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("annulus".to_owned())
        .set_key_value_metadata(Some(pairs.collect()))
        .build()
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let converted = match column.kind {
            Kind::U8 => ConvertedType::UINT_8,
            Kind::U16 => ConvertedType::UINT_16,
            Kind::U32 | Kind::F64 => ConvertedType::NONE,
        };
        let repetition = match column.flag {
            Some(_) => Repetition::OPTIONAL,
            None => Repetition::REQUIRED,
        };
        let field = Type::primitive_type_builder(column.name, physical(column.kind))
            .with_repetition(repetition)
            .with_converted_type(converted)
            .build()?;
        Ok(Arc::new(field))
    };
    let fields: Result<Vec<_>, ParquetError> = columns.iter().map(field).collect();
    let schema = Type::group_type_builder("frame")
        .with_fields(fields?)
        .build()?;
    Ok(Arc::new(schema))
}

/// How values of a kind are kept.
pub(super) const fn physical(kind: Kind) -> Physical {
    match kind {
        Kind::U8 | Kind::U16 => Physical::INT32,
        Kind::U32 => Physical::INT64,
        Kind::F64 => Physical::DOUBLE,
    }
}

fn write_group(
    mut group: SerializedRowGroupWriter<'_, BufWriter<File>>,
    columns: &[Column],
    rows: &[&[u8]],
) -> Result<(), ParquetError> {
    for column in columns {
        match column.kind {
            Kind::U8 => write_column::<Int32Type>(&mut group, column, rows, |b| {
                i32::from(fixed::<1>(b)[0])
            })?,
            Kind::U16 => write_column::<Int32Type>(&mut group, column, rows, |b| {
                u16::from_le_bytes(fixed(b)).into()
            })?,
            Kind::U32 => write_column::<Int64Type>(&mut group, column, rows, |b| {
                u32::from_le_bytes(fixed(b)).into()
            })?,
            Kind::F64 => write_column::<DoubleType>(&mut group, column, rows, |b| {
                f64::from_le_bytes(fixed(b))
            })?,
        }
    }
    group.close()?;
    Ok(())
}

/// The bytes of a value; the table of columns gives their number.
fn fixed<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(bytes) {
        *to = *from;
    }
    out
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, BufWriter<File>>,
    column: &Column,
    rows: &[&[u8]],
    value: impl Fn(&[u8]) -> T::T,
) -> Result<(), ParquetError> {
    let there = |row: &[u8]| column.flag.is_none_or(|at| row.get(at) == Some(&1));
    let place = column.offset..column.offset + column.kind.width();
    let values: Vec<T::T> = rows
        .iter()
        .filter(|row| there(row))
        .map(|row| value(row.get(place.clone()).unwrap_or_default()))
        .collect();
    let levels: Option<Vec<i16>> = column
        .flag
        .map(|_| rows.iter().map(|row| there(row).into()).collect());
    let mut writer = group
        .next_column()?
        .ok_or_else(|| ParquetError::General("a column too many".to_owned()))?;
    writer
        .typed::<T>()
        .write_batch(&values, levels.as_deref(), None)?;
    writer.close()
}
