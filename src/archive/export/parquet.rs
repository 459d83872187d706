//! Articles as a Parquet file: a column for each value, zstd.
//! Format: <https://parquet.apache.org/docs/file-format/>.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as PhysicalType, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::row::{COLUMNS, Cell, Row};
use super::{Archive, ArchiveError, ExportOptions, each};

/// Rows that are kept in memory and written together.
const GROUP: usize = 4096;

/// Writes the rows; gives their number.
pub(super) fn write(
    archive: &Archive,
    options: &ExportOptions,
    out: impl Write + Send,
) -> Result<u64, ArchiveError> {
    let level = ZstdLevel::try_new(3).map_err(failed)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by(concat!("khobor ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let schema = Arc::new(schema().map_err(failed)?);
    let mut file = SerializedFileWriter::new(out, schema, Arc::new(properties)).map_err(failed)?;
    let mut rows: Vec<[Cell; COLUMNS.len()]> = Vec::new();
    let count = each(archive, options, |line| {
        let row = Row::read(line).map_err(|e| ArchiveError::Setup(e.to_string()))?;
        rows.push(row.cells());
        if rows.len() == GROUP {
            group(&mut file, &rows).map_err(failed)?;
            rows.clear();
        }
        Ok(())
    })?;
    if !rows.is_empty() {
        group(&mut file, &rows).map_err(failed)?;
    }
    file.close().map_err(failed)?;
    Ok(count)
}

fn schema() -> Result<Type, ParquetError> {
    let sample = Row::default().cells();
    let columns = COLUMNS.iter().zip(sample).map(|(name, cell)| {
        let column = match cell {
            Cell::Text(_) => Type::primitive_type_builder(name, PhysicalType::BYTE_ARRAY)
                .with_logical_type(Some(LogicalType::String))
                .with_repetition(Repetition::OPTIONAL),
            Cell::Number(_) => {
                Type::primitive_type_builder(name, PhysicalType::INT64).with_repetition(Repetition::OPTIONAL)
            }
            Cell::Flag(_) => Type::primitive_type_builder(name, PhysicalType::BOOLEAN)
                .with_repetition(Repetition::REQUIRED),
        };
        column.build().map(Arc::new)
    });
    Type::group_type_builder("articles").with_fields(columns.collect::<Result<_, _>>()?).build()
}

fn group<W: Write + Send>(
    file: &mut SerializedFileWriter<W>,
    rows: &[[Cell; COLUMNS.len()]],
) -> Result<(), ParquetError> {
    let mut group = file.next_row_group()?;
    for column in 0..COLUMNS.len() {
        write_column(&mut group, rows.iter().map(|row| &row[column]))?;
    }
    group.close()?;
    Ok(())
}

/// One column of a group. An optional value has the level 1 where it is there
/// and 0 where it is not; only those that are there follow.
fn write_column<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = &'a Cell>,
) -> Result<(), ParquetError> {
    let (mut texts, mut numbers, mut flags, mut levels) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut kind = PhysicalType::BYTE_ARRAY;
    for cell in cells {
        match cell {
            Cell::Text(text) => {
                levels.push(i16::from(text.is_some()));
                texts.extend(text.as_deref().map(ByteArray::from));
            }
            Cell::Number(number) => {
                kind = PhysicalType::INT64;
                levels.push(i16::from(number.is_some()));
                numbers.extend(*number);
            }
            Cell::Flag(flag) => {
                kind = PhysicalType::BOOLEAN;
                flags.push(*flag);
            }
        }
    }
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("the schema has fewer columns than the rows".to_owned()));
    };
    match kind {
        PhysicalType::BOOLEAN => column.typed::<BoolType>().write_batch(&flags, None, None)?,
        PhysicalType::INT64 => column.typed::<Int64Type>().write_batch(&numbers, Some(&levels), None)?,
        _ => column.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)?,
    };
    column.close()
}

fn failed(error: ParquetError) -> ArchiveError {
    ArchiveError::Export(match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        other => io::Error::other(other),
    })
}
