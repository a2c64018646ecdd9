//! Frames to Parquet and back, a row group at a time.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use ::parquet::column::reader::get_typed_column_reader;
use ::parquet::data_type::{DataType, DoubleType, Int32Type, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::{Type, TypePtr};
use traction::Frame;

use super::layout::{Column, Kind, Layout, code_names, layout};
use crate::event::Hash;
use crate::files::{beside, file_sha256, private_file, sync_folder_of};
use crate::{Error, Result};

/// Frames in a row group: 82 s of a session, 1.5 MB in memory.
const GROUP: usize = 8192;

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

/// The layout of a version of the frame that is read.
fn layout_of(path: &Path, version: Option<u8>) -> Result<Layout> {
    version
        .and_then(layout)
        .ok_or_else(|| fault(path, "it holds frames of another version"))
}

/// Writes frames, in order, to a new Parquet file: first under another name,
/// then renamed, so that a file of this name is whole. `notes` go into the
/// file's metadata (session, table, SHA-256 of the raw file).
///
/// # Errors
/// When the file cannot be written.
pub fn write_parquet(
    path: &Path,
    notes: &[(&str, String)],
    frames: impl IntoIterator<Item = Frame>,
) -> Result<Written> {
    let columns = layout_of(path, Some(traction::frame::VERSION))?.columns;
    let unfinished = beside(path, ".part");
    if unfinished.exists() {
        fs::remove_file(&unfinished).map_err(Error::io("removing", &unfinished))?;
    }
    let file = private_file(&unfinished)?;
    let fault = |error: ParquetError| fault(path, error);
    let schema = schema(&columns).map_err(fault)?;
    let properties = Arc::new(properties(notes));
    let out = BufWriter::new(
        file.try_clone()
            .map_err(Error::io("creating", &unfinished))?,
    );
    let mut writer = SerializedFileWriter::new(out, schema, properties).map_err(fault)?;
    let mut written = 0;
    let mut rows: Vec<[u8; Frame::BYTES]> = Vec::with_capacity(GROUP);
    let mut frames = frames.into_iter();
    loop {
        rows.clear();
        rows.extend(frames.by_ref().take(GROUP).map(|f| f.encode()));
        if rows.is_empty() {
            break;
        }
        written += rows.len() as u64;
        let group = writer.next_row_group().map_err(fault)?;
        write_group(group, &columns, &rows).map_err(fault)?;
    }
    writer.close().map_err(fault)?;
    file.sync_all().map_err(Error::io("writing", &unfinished))?;
    let sha256 = file_sha256(&unfinished)?;
    fs::rename(&unfinished, path).map_err(Error::io("renaming", path))?;
    sync_folder_of(path)?;
    Ok(Written {
        frames: written,
        sha256,
    })
}

fn properties(notes: &[(&str, String)]) -> WriterProperties {
    let own = [("frame.version", traction::frame::VERSION.to_string())];
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
        let (physical, converted) = match column.kind {
            Kind::U8 => (Physical::INT32, ConvertedType::UINT_8),
            Kind::U16 => (Physical::INT32, ConvertedType::UINT_16),
            Kind::U32 => (Physical::INT64, ConvertedType::NONE),
            Kind::F64 => (Physical::DOUBLE, ConvertedType::NONE),
        };
        let repetition = match column.flag {
            Some(_) => Repetition::OPTIONAL,
            None => Repetition::REQUIRED,
        };
        let field = Type::primitive_type_builder(column.name, physical)
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

fn write_group(
    mut group: SerializedRowGroupWriter<'_, BufWriter<File>>,
    columns: &[Column],
    rows: &[[u8; Frame::BYTES]],
) -> Result<(), ParquetError> {
    for column in columns {
        match column.kind {
            Kind::U8 => write_column::<Int32Type>(&mut group, column, rows, |b| b[0].into())?,
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
    rows: &[[u8; Frame::BYTES]],
    value: impl Fn(&[u8]) -> T::T,
) -> Result<(), ParquetError> {
    let there = |row: &[u8; Frame::BYTES]| column.flag.is_none_or(|at| row[at] != 0);
    let place = column.offset..column.offset + column.kind.width();
    let values: Vec<T::T> = rows
        .iter()
        .filter(|row| there(row))
        .map(|row| value(&row[place.clone()]))
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

/// Opens a Parquet file of frames.
///
/// # Errors
/// When it is not one, or one of another version of the frame.
pub fn read_parquet(path: &Path) -> Result<Frames> {
    let file = File::open(path).map_err(Error::io("reading", path))?;
    let reader = SerializedFileReader::new(file).map_err(|e| fault(path, e))?;
    let metadata = reader.metadata().file_metadata();
    let names: Vec<_> = metadata
        .schema_descr()
        .columns()
        .iter()
        .map(|c| c.name().to_owned())
        .collect();
    let notes: Vec<_> = metadata
        .key_value_metadata()
        .into_iter()
        .flatten()
        .map(|pair| (pair.key.clone(), pair.value.clone().unwrap_or_default()))
        .collect();
    let version = notes.iter().find(|(k, _)| k == "frame.version");
    let version = version.and_then(|(_, v)| v.parse().ok());
    let layout = layout_of(path, version)?;
    if !names
        .iter()
        .map(String::as_str)
        .eq(layout.columns.iter().map(|c| c.name))
    {
        return Err(fault(path, "its columns are not those of a frame"));
    }
    Ok(Frames {
        path: path.to_owned(),
        reader,
        layout,
        notes,
        group: 0,
        rows: Vec::new().into_iter(),
    })
}

/// The frames of a Parquet file, in order; those of version 1 are read too.
pub struct Frames {
    path: PathBuf,
    reader: SerializedFileReader<File>,
    layout: Layout,
    notes: Vec<(String, String)>,
    group: usize,
    rows: std::vec::IntoIter<[u8; Frame::BYTES]>,
}

impl std::fmt::Debug for Frames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frames")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Frames {
    /// A note in the file's metadata.
    #[must_use]
    pub fn note(&self, key: &str) -> Option<&str> {
        let found = self.notes.iter().find(|(k, _)| k == key);
        found.map(|(_, value)| value.as_str())
    }

    /// Reads the next row group; false after the last.
    fn refill(&mut self) -> Result<bool> {
        if self.group == self.reader.num_row_groups() {
            return Ok(false);
        }
        let fault = |error: ParquetError| fault(&self.path, error);
        let group = self.reader.get_row_group(self.group).map_err(fault)?;
        self.group += 1;
        let rows = read_group(&*group, &self.layout).map_err(fault)?;
        self.rows = rows.into_iter();
        Ok(true)
    }
}

impl Iterator for Frames {
    type Item = Result<Frame>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.next() {
                let frame = row.get(..self.layout.bytes).and_then(Frame::decode);
                return Some(frame.ok_or_else(|| fault(&self.path, "a row is no frame")));
            }
            match self.refill() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.group = self.reader.num_row_groups();
                    return Some(Err(error));
                }
            }
        }
    }
}

fn read_group(
    group: &dyn RowGroupReader,
    layout: &Layout,
) -> Result<Vec<[u8; Frame::BYTES]>, ParquetError> {
    let count = usize::try_from(group.metadata().num_rows())
        .ok()
        .filter(|n| *n <= GROUP)
        .ok_or_else(|| ParquetError::General("a row group is too large".to_owned()))?;
    let mut blank = [0; Frame::BYTES];
    blank[0] = layout.version;
    let mut rows = vec![blank; count];
    for (n, column) in layout.columns.iter().enumerate() {
        let rows = &mut rows;
        match column.kind {
            Kind::U8 | Kind::U16 => {
                read_column::<Int32Type>(group, n, column, rows, |v: i32| {
                    v.to_le_bytes().to_vec()
                })?;
            }
            Kind::U32 => {
                read_column::<Int64Type>(group, n, column, rows, |v: i64| {
                    v.to_le_bytes().to_vec()
                })?;
            }
            Kind::F64 => {
                read_column::<DoubleType>(group, n, column, rows, |v: f64| {
                    v.to_le_bytes().to_vec()
                })?;
            }
        }
    }
    Ok(rows)
}

fn read_column<T: DataType>(
    group: &dyn RowGroupReader,
    n: usize,
    column: &Column,
    rows: &mut [[u8; Frame::BYTES]],
    bytes: impl Fn(T::T) -> Vec<u8>,
) -> Result<(), ParquetError> {
    let mut reader = get_typed_column_reader::<T>(group.get_column_reader(n)?);
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let optional = column.flag.map(|_| &mut levels);
    let (read, _, _) = reader.read_records(rows.len(), optional, None, &mut values)?;
    let short = || ParquetError::General(format!("column {} is too short", column.name));
    if read != rows.len() {
        return Err(short());
    }
    let mut values = values.into_iter();
    for (at, row) in rows.iter_mut().enumerate() {
        if let Some(flag) = column.flag {
            if levels.get(at).copied().unwrap_or(0) == 0 {
                continue;
            }
            row[flag] = 1;
        }
        let value = bytes(values.next().ok_or_else(short)?);
        let width = column.kind.width();
        if value[width..].iter().any(|b| *b != 0) {
            let what = format!("column {} is out of range", column.name);
            return Err(ParquetError::General(what));
        }
        row[column.offset..column.offset + width].copy_from_slice(&value[..width]);
    }
    Ok(())
}
