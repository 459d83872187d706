//! Articles as CSV (RFC 4180), UTF-8, a head line first.

use std::io::{self, Write};

use super::row::{COLUMNS, Cell, Row};
use super::{Archive, ArchiveError, ExportOptions, each};

/// Writes the rows; gives their number.
pub(super) fn write(
    archive: &Archive,
    options: &ExportOptions,
    out: impl Write,
) -> Result<u64, ArchiveError> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(COLUMNS).map_err(failed)?;
    let count = each(archive, options, |line| {
        let row = Row::read(line).map_err(|e| ArchiveError::Setup(e.to_string()))?;
        let cells = row.cells().map(|cell| match cell {
            Cell::Text(text) => text.unwrap_or_default(),
            Cell::Number(number) => number.map(|n| n.to_string()).unwrap_or_default(),
            Cell::Flag(flag) => u8::from(flag).to_string(),
        });
        csv.write_record(cells).map_err(failed)
    })?;
    csv.flush().map_err(ArchiveError::Export)?;
    Ok(count)
}

fn failed(error: csv::Error) -> ArchiveError {
    ArchiveError::Export(match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}
