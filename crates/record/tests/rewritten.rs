//! A Parquet file that another tool wrote again: the same values are read, a changed
//! one is told by its column and rows.

use std::path::Path;

use parquet::basic::Type as Physical;
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{DataType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use record::recording::read_parquet;
use traction::Ticks;

use crate::frames::{full, through};
use crate::support::Place;

/// Copies a column of a row group, each value through `change`.
fn copied<T: DataType>(
    group: &dyn RowGroupReader,
    n: usize,
    out: &mut SerializedRowGroupWriter<'_, std::fs::File>,
    change: impl Fn(usize, T::T) -> T::T,
) {
    let rows = usize::try_from(group.metadata().num_rows()).expect("few");
    let optional = group.metadata().schema_descr().column(n).max_def_level() > 0;
    let page = group.get_column_reader(n).expect("a column");
    let mut reader = get_typed_column_reader::<T>(page);
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let told = optional.then_some(&mut levels);
    let read = reader.read_records(rows, told, None, &mut values);
    read.expect("read");
    let values: Vec<T::T> = values
        .into_iter()
        .enumerate()
        .map(|(row, value)| change(row, value))
        .collect();
    let mut writer = out.next_column().expect("room").expect("a column");
    let levels = optional.then_some(&levels[..]);
    let typed = writer.typed::<T>();
    typed.write_batch(&values, levels, None).expect("written");
    writer.close().expect("closed");
}

/// Another tool's copy of the file: no compression, other encodings, the metadata kept,
/// and the numbers of `column` changed by `change` (row, value).
fn rewritten(from: &Path, to: &Path, column: &str, change: impl Fn(usize, f64) -> f64) {
    let file = std::fs::File::open(from).expect("opens");
    let reader = SerializedFileReader::new(file).expect("parquet");
    let metadata = reader.metadata().file_metadata();
    let properties = WriterProperties::builder()
        .set_created_by("another tool".to_owned())
        .set_dictionary_enabled(false)
        .set_key_value_metadata(metadata.key_value_metadata().cloned())
        .build();
    let schema = metadata.schema_descr().root_schema_ptr();
    let out = std::fs::File::create(to).expect("made");
    let mut writer = SerializedFileWriter::new(out, schema, properties.into()).expect("begun");
    let mut first = 0;
    for number in 0..reader.num_row_groups() {
        let group = reader.get_row_group(number).expect("a group");
        let mut into = writer.next_row_group().expect("a group");
        for (n, found) in metadata.schema_descr().columns().iter().enumerate() {
            let ours = found.name() == column;
            match found.physical_type() {
                Physical::INT32 => copied::<Int32Type>(&*group, n, &mut into, |_, value| value),
                Physical::INT64 => copied::<Int64Type>(&*group, n, &mut into, |_, value| value),
                _ => copied::<DoubleType>(&*group, n, &mut into, |row, value| {
                    if ours {
                        change(first + row, value)
                    } else {
                        value
                    }
                }),
            }
        }
        into.close().expect("closed");
        first += usize::try_from(group.metadata().num_rows()).expect("few");
    }
    writer.close().expect("closed");
}

/// hazard: H24
#[test]
fn a_column_changed_and_rewritten_by_another_tool_is_told_by_name_and_rows() {
    let place = Place::new();
    let frames: Vec<_> = (0..20_000_u32)
        .map(|n| {
            let mut frame = full();
            frame.output.tick = Ticks::new(n);
            frame
        })
        .collect();
    let bytes = through(&place, &frames).concat();
    let path = place.dir.path().join("session.parquet");
    let copy = place.dir.path().join("copy.parquet");
    rewritten(&path, &copy, "none of them", |_, value| value);
    assert!(read_parquet(&copy).expect("the same values").frames == bytes);
    for (row, rows) in [
        (3, "0 to 8191"),
        (9_000, "8192 to 16383"),
        (19_999, "16384 to 19999"),
    ] {
        let change = |at, value: f64| if at == row { value + 0.25 } else { value };
        rewritten(&path, &copy, "peak_n", change);
        let refused = read_parquet(&copy).expect_err("one value is another");
        let record::Error::Altered { place, .. } = &refused else {
            panic!("{refused}");
        };
        assert_eq!(place, &format!("column peak_n, rows {rows}"));
        let problem = refused.problem();
        assert_eq!(problem.code, "recording-altered");
        assert!(problem.place.contains("column peak_n"), "{problem}");
        assert!(!problem.remedy.is_empty());
    }
}
