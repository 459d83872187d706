//! Where records go: standard output or a file, compressed by its ending.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, anyhow};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::torn::{self, End};
use super::{Stop, terminal};

/// An output that takes one record a line.
pub struct Sink {
    writer: Writer,
    name: String,
    to_terminal: bool,
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
        let writer = match path.extension().and_then(|e| e.to_str()) {
            Some("gz") => Writer::Gzip(GzEncoder::new(BufWriter::new(file), Compression::default())),
            Some("zst") => Writer::Zstd(
                zstd::Encoder::new(BufWriter::new(file), 0)
                    .context("the zstd encoder cannot be set up")
                    .map_err(Stop::Output)?,
            ),
            _ => Writer::Plain(BufWriter::with_capacity(64 * 1024, Box::new(file))),
        };
        Ok(Self { writer, name, to_terminal: false })
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
        Ok(Self { writer: Writer::Plain(BufWriter::new(Box::new(file))), name, to_terminal: false })
    }

    /// Writes bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let written = self.writer().write_all(bytes);
        written.map_err(|e| Stop::of_output(e, &self.name))
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.writer {
            Writer::Plain(w) => w,
            Writer::Gzip(w) => w,
            Writer::Zstd(w) => w,
        }
    }

    /// Writes one record and the end of its line.
    pub fn line(&mut self, json: &str) -> Result<(), Stop> {
        let safe = if self.to_terminal { terminal::escape_json(json) } else { json.into() };
        let writer = self.writer();
        let written = writer.write_all(safe.as_bytes()).and_then(|()| writer.write_all(b"\n"));
        written.map_err(|e| Stop::of_output(e, &self.name))
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
