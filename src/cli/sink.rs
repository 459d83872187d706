//! Where records go: standard output or a file, compressed by its ending.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, anyhow};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::torn::{self, End};
use super::{Stop, terminal};

/// How many last bytes of a file tell it from another one.
const TAIL: usize = 256;

/// How long a file is, and what it ends with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Its length in bytes.
    pub length: u64,
    /// Its last bytes.
    pub tail: Vec<u8>,
}

impl Position {
    /// The first `length` bytes of a file.
    fn of(mut file: &File, length: u64) -> io::Result<Self> {
        let tail = length.min(TAIL as u64);
        file.seek(SeekFrom::Start(length - tail))?;
        let mut bytes = Vec::new();
        file.take(tail).read_to_end(&mut bytes)?;
        Ok(Self { length, tail: bytes })
    }

    fn add(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.tail.extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL)..]);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
    }
}

/// Ends a line that an earlier program left torn, so that what is appended
/// stands on lines of its own.
fn end_last_line(path: &Path, mut file: &File) -> io::Result<()> {
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    let mut reader = File::open(path)?;
    reader.seek(SeekFrom::End(-1))?;
    reader.read_exact(&mut last)?;
    if last[0] == b'\n' { Ok(()) } else { file.write_all(b"\n") }
}

/// An output that takes one record a line.
pub struct Sink {
    writer: Writer,
    name: String,
    to_terminal: bool,
    /// How far a plain file was written; `None` for anything else.
    position: Option<Position>,
}

enum Writer {
    Plain(BufWriter<Box<dyn Write + Send>>),
    Gzip(GzEncoder<BufWriter<File>>),
    Zstd(zstd::Encoder<'static, BufWriter<File>>),
}

impl Sink {
    /// Standard output.
    pub fn stdout() -> Self {
        let stdout = io::stdout();
        let to_terminal = stdout.is_terminal();
        Self {
            writer: Writer::Plain(BufWriter::with_capacity(64 * 1024, Box::new(stdout))),
            name: "standard output".to_owned(),
            to_terminal,
            position: None,
        }
    }

    /// A file. An existing one is refused unless it is to be appended to or
    /// replaced. The endings `.gz` and `.zst` compress; what is appended to
    /// such a file is a further member or frame, as these formats allow.
    pub fn file(path: &Path, append: bool, overwrite: bool) -> Result<Self, Stop> {
        let name = path.display().to_string();
        let mut options = OpenOptions::new();
        options.write(true);
        if append {
            options.create(true).append(true);
        } else if overwrite {
            options.create(true).truncate(true);
        } else {
            options.create_new(true);
        }
        let file = options.open(path).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                Stop::Usage(anyhow!(
                    "{name} exists; give --append to go on at its end or --overwrite to replace it"
                ))
            } else {
                Stop::Output(
                    anyhow::Error::new(error).context(format!("{name} cannot be opened for writing")),
                )
            }
        })?;
        let compressed = matches!(path.extension().and_then(|e| e.to_str()), Some("gz" | "zst"));
        if append && !compressed && path.is_file() {
            end_last_line(path, &file).map_err(|e| Stop::of_output(e, &name))?;
        }
        let position = position_of(&file, path, &name)?;
        let writer = match path.extension().and_then(|e| e.to_str()) {
            Some("gz") => Writer::Gzip(GzEncoder::new(BufWriter::new(file), Compression::default())),
            Some("zst") => Writer::Zstd(
                zstd::Encoder::new(BufWriter::new(file), 0)
                    .context("the zstd encoder cannot be set up")
                    .map_err(Stop::Output)?,
            ),
            _ => Writer::Plain(BufWriter::with_capacity(64 * 1024, Box::new(file))),
        };
        let position = if matches!(writer, Writer::Plain(_)) { position } else { None };
        Ok(Self { writer, name, to_terminal: false, position })
    }

    /// A WARC file, an existing one to be gone on with at its end. A member
    /// that a killed run left torn there is cut off first.
    pub fn warc(path: &Path) -> Result<Self, Stop> {
        let name = path.display().to_string();
        if path.extension().and_then(|e| e.to_str()) != Some("gz") {
            return Err(Stop::Usage(anyhow!(
                "--warc {name}: name it {name}.gz; records are compressed one by one"
            )));
        }
        let mut options = OpenOptions::new();
        let opened = options.read(true).append(true).create(true).open(path);
        let file =
            opened.with_context(|| format!("{name} cannot be opened for writing")).map_err(Stop::Output)?;
        let kind = file.metadata().map_err(|e| Stop::of_output(e, &name))?;
        if kind.is_file() {
            match torn::end_of_members(&file).map_err(|e| Stop::of_output(e, &name))? {
                End::Whole(length) if length < kind.len() => {
                    file.set_len(length).map_err(|e| Stop::of_output(e, &name))?;
                }
                End::Whole(_) => {}
                End::BrokenWithin(at) => {
                    return Err(Stop::Usage(anyhow!(
                        "--warc {name} is broken at byte {at}, with whole records behind it; name another file"
                    )));
                }
                End::Foreign => {
                    return Err(Stop::Usage(anyhow!("--warc {name} is no gzip file; name another file")));
                }
            }
        }
        let position = position_of(&file, path, &name)?;
        Ok(Self { writer: Writer::Plain(BufWriter::new(Box::new(file))), name, to_terminal: false, position })
    }

    /// A file that an earlier run wrote up to `known`. What stands behind is
    /// cut off; a file that does not begin so is refused.
    pub fn resume(path: &Path, known: Position) -> Result<Self, Stop> {
        let name = path.display().to_string();
        let opened = OpenOptions::new().read(true).append(true).create(known.length == 0).open(path);
        let file = match opened {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(Stop::Usage(anyhow!(
                    "{name} is gone, but --state says that it holds {} bytes; put it back, or begin anew with another state",
                    known.length
                )));
            }
            opened => opened.with_context(|| format!("{name} cannot be opened")).map_err(Stop::Output)?,
        };
        let found = file.metadata().map_err(|e| Stop::of_output(e, &name))?;
        if !found.is_file() {
            return Err(Stop::Usage(anyhow!("{name} was a file when --state was written, and is none now")));
        }
        if found.len() < known.length {
            return Err(Stop::Usage(anyhow!(
                "{name} has {} bytes, but --state says that it holds {}; put the whole file back, or begin anew with \
                 another state and output",
                found.len(),
                known.length
            )));
        }
        if Position::of(&file, known.length).map_err(|e| Stop::of_output(e, &name))? != known {
            return Err(Stop::Usage(anyhow!(
                "{name} is not the file that --state was written with; name that file, or begin anew with another state"
            )));
        }
        if found.len() > known.length {
            file.set_len(known.length).map_err(|e| Stop::of_output(e, &name))?;
        }
        let writer = Writer::Plain(BufWriter::with_capacity(64 * 1024, Box::new(file)));
        Ok(Self { writer, name, to_terminal: false, position: Some(known) })
    }

    /// How far a plain file was written, once it is flushed.
    pub fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// Writes bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let written = self.writer().write_all(bytes);
        written.map_err(|e| Stop::of_output(e, &self.name))?;
        if let Some(position) = &mut self.position {
            position.add(bytes);
        }
        Ok(())
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.writer {
            Writer::Plain(w) => w,
            Writer::Gzip(w) => w,
            Writer::Zstd(w) => w,
        }
    }

    /// Ends the output where it stands: a compressed one gets its trailer.
    pub fn end(&mut self) -> Result<(), Stop> {
        let ended = match &mut self.writer {
            Writer::Plain(w) => w.flush(),
            Writer::Gzip(w) => w.try_finish().and_then(|()| w.get_mut().flush()),
            Writer::Zstd(w) => w.do_finish().and_then(|()| w.get_mut().flush()),
        };
        ended.map_err(|e| Stop::of_output(e, &self.name))
    }

    /// Whether people read the output as it comes.
    pub fn is_to_terminal(&self) -> bool {
        self.to_terminal
    }

    /// Writes one record and the end of its line.
    pub fn line(&mut self, json: &str) -> Result<(), Stop> {
        let safe = if self.to_terminal { terminal::escape_json(json) } else { json.into() };
        self.raw(safe.as_bytes())?;
        self.raw(b"\n")
    }

    /// Hands everything written so far to the system.
    pub fn flush(&mut self) -> Result<(), Stop> {
        let flushed = match &mut self.writer {
            Writer::Plain(w) => w.flush(),
            Writer::Gzip(w) => w.flush(),
            Writer::Zstd(w) => w.flush(),
        };
        flushed.map_err(|e| Stop::of_output(e, &self.name))
    }

    /// Ends the output: a compressed one gets its trailer.
    pub fn finish(self) -> Result<(), Stop> {
        let name = self.name;
        let finished = match self.writer {
            Writer::Plain(mut w) => w.flush(),
            Writer::Gzip(w) => w.finish().and_then(|mut w| w.flush()),
            Writer::Zstd(w) => w.finish().and_then(|mut w| w.flush()),
        };
        finished.map_err(|e| Stop::of_output(e, &name))
    }
}

/// Where a file ends that is about to be written to; `None` where it is a
/// device or a pipe. It is opened once more for reading: a pipe that was opened
/// for both would never be found closed.
fn position_of(file: &File, path: &Path, name: &str) -> Result<Option<Position>, Stop> {
    let read = || {
        let found = file.metadata()?;
        if !found.is_file() {
            return Ok(None);
        }
        if found.len() == 0 {
            return Ok(Some(Position::default()));
        }
        Position::of(&File::open(path)?, found.len()).map(Some)
    };
    read().map_err(|e| Stop::Output(anyhow::Error::new(e).context(format!("{name} cannot be read"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_the_same_written_and_read() {
        let mut written = Position::default();
        let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        for n in 0..50 {
            let bytes = vec![b'a' + n; usize::from(n) * 20];
            file.write_all(&bytes).unwrap();
            written.add(&bytes);
            assert_eq!(position_of(&file, &path, "x").unwrap().unwrap(), written);
        }
        assert_eq!(written.tail.len(), TAIL);
    }
}
