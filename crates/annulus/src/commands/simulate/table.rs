//! The answer as a tidy table: one row for each instant, level and output.
//!
//! Columns: `t_s`, `segment` (null for the whole spine), `output`, `low`, `mid`,
//! `high` (raw, SI), `unit`.

use super::has;
use crate::failure::Failure;
use parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use spine::column::{Band, Output, Overall, Prediction};
use std::sync::Arc;

/// Instants in a row group.
const GROUP: usize = 1000;

/// The quantities of the whole spine: name and unit.
const WHOLE: [(Overall, &str, &str); Overall::COUNT] = [
    (Overall::Delivered, "delivered", "N"),
    (Overall::Elongation, "elongation", "m"),
    (Overall::Stature, "stature", "m"),
    (Overall::Travel, "travel", "m"),
    (Overall::Activation, "activation", "1"),
];

/// One row.
struct Row {
    t_s: f64,
    segment: Option<&'static str>,
    output: &'static str,
    band: Band,
    unit: &'static str,
}

/// The file.
pub(super) fn bytes(told: &Prediction) -> Result<Vec<u8>, Failure> {
    written(told).map_err(|error| Failure::new("writing the table", error))
}

fn written(told: &Prediction) -> Result<Vec<u8>, ParquetError> {
    let note = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
    let notes = vec![
        note("schema", "annulus.simulation-table/1".to_owned()),
        note("members", told.members.to_string()),
        note(
            "interval",
            "middle spine, 5th and 95th percentile".to_owned(),
        ),
    ];
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("annulus".to_owned())
        .set_key_value_metadata(Some(notes))
        .build();
    let mut out = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut out, schema()?, Arc::new(properties))?;
    let instants: Vec<usize> = (0..told.instants.len()).collect();
    for group in instants.chunks(GROUP) {
        let rows: Vec<Row> = group.iter().flat_map(|at| rows(told, *at)).collect();
        let mut open = writer.next_row_group()?;
        write_group(&mut open, &rows)?;
        open.close()?;
    }
    writer.close()?;
    Ok(out)
}

fn rows(told: &Prediction, at: usize) -> Vec<Row> {
    let (t_s, applied) = told.instants[at];
    let exact = Band {
        low: applied,
        mid: applied,
        high: applied,
    };
    let row = |segment, output, band, unit| Row {
        t_s,
        segment,
        output,
        band,
        unit,
    };
    let mut rows = vec![row(None, "applied", exact, "N")];
    for (quantity, name, unit) in WHOLE {
        let band = told.overall(quantity, at);
        rows.extend(band.map(|band| row(None, name, band, unit)));
    }
    for segment in told.levels() {
        for output in Output::ALL
            .into_iter()
            .filter(|output| has(*segment, *output))
        {
            let band = told.at(output, *segment, at);
            let level = Some(segment.as_str());
            rows.extend(band.map(|band| row(level, output.as_str(), band, output.unit())));
        }
    }
    rows
}

fn schema() -> Result<TypePtr, ParquetError> {
    let field = |name: &str, text: bool, repetition| {
        let (physical, converted) = if text {
            (Physical::BYTE_ARRAY, ConvertedType::UTF8)
        } else {
            (Physical::DOUBLE, ConvertedType::NONE)
        };
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(repetition)
            .with_converted_type(converted)
            .build()?;
        Ok::<_, ParquetError>(Arc::new(field))
    };
    let always = Repetition::REQUIRED;
    let fields = vec![
        field("t_s", false, always)?,
        field("segment", true, Repetition::OPTIONAL)?,
        field("output", true, always)?,
        field("low", false, always)?,
        field("mid", false, always)?,
        field("high", false, always)?,
        field("unit", true, always)?,
    ];
    let schema = Type::group_type_builder("level")
        .with_fields(fields)
        .build()?;
    Ok(Arc::new(schema))
}

fn write_group<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    rows: &[Row],
) -> Result<(), ParquetError> {
    let numbers = |pick: fn(&Row) -> f64| rows.iter().map(pick).collect::<Vec<f64>>();
    let words = |pick: fn(&Row) -> &'static str| {
        let texts = rows.iter().map(pick);
        texts
            .map(|text| ByteArray::from(text.as_bytes().to_vec()))
            .collect::<Vec<_>>()
    };
    let named = rows.iter().filter_map(|row| row.segment);
    let segments: Vec<ByteArray> = named
        .map(|name| ByteArray::from(name.as_bytes().to_vec()))
        .collect();
    let there: Vec<i16> = rows
        .iter()
        .map(|row| row.segment.is_some().into())
        .collect();
    doubles(group, &numbers(|row| row.t_s))?;
    texts(group, &segments, Some(&there))?;
    texts(group, &words(|row| row.output), None)?;
    doubles(group, &numbers(|row| row.band.low))?;
    doubles(group, &numbers(|row| row.band.mid))?;
    doubles(group, &numbers(|row| row.band.high))?;
    texts(group, &words(|row| row.unit), None)
}

fn doubles<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[f64],
) -> Result<(), ParquetError> {
    let mut column = next(group)?;
    column
        .typed::<DoubleType>()
        .write_batch(values, None, None)?;
    column.close()
}

fn texts<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[ByteArray],
    there: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let mut column = next(group)?;
    column
        .typed::<ByteArrayType>()
        .write_batch(values, there, None)?;
    column.close()
}

fn next<'g, W: std::io::Write + Send>(
    group: &'g mut SerializedRowGroupWriter<'_, W>,
) -> Result<parquet::file::writer::SerializedColumnWriter<'g>, ParquetError> {
    let column = group.next_column()?;
    column.ok_or_else(|| ParquetError::General("a column too many".to_owned()))
}
