//! The inputs of `extract`: files, folders, standard input; pages, texts,
//! lines of JSON and stored answers.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde::Deserialize;

use super::Stop;
use super::args::{ExtractArgs, InputFormat};
use super::packed;
use super::stored::StoredPages;
use crate::MAX_PAGE_BYTES;
use crate::failure::{Failure, FailureKind};
use crate::options::{Format, Options};
use crate::page::warc::HttpAnswer;
use crate::provenance;

/// A line of JSON may have this many bytes: a page of the largest size, every
/// character escaped.
const MAX_LINE: u64 = 6 * MAX_PAGE_BYTES as u64;

/// One input: what to extract, or why it cannot be had.
#[derive(Debug)]
pub struct Input {
    /// What is known of it.
    pub options: Options,
    /// Where its bytes are.
    pub content: Content,
}

/// Where an input's bytes are.
#[derive(Debug)]
pub enum Content {
    /// In a file, to be read by whoever extracts it.
    File(PathBuf),
    /// At hand.
    Bytes(Vec<u8>),
    /// In an answer whose codings are to be undone by whoever extracts it.
    Answer(Box<HttpAnswer>),
    /// Nowhere.
    Failed(Failure),
}

impl Content {
    /// Reads the bytes; what comes to light about them goes into the options.
    pub fn read(self, options: &mut Options) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Failed(failure) => Err(failure),
            Self::Answer(answer) => provenance::decode(&answer, options),
            Self::File(path) => packed::read_file(&path).map_err(|e| packed::failed("the file", &e)),
        }
    }
}

/// All inputs of a command line, in order.
pub struct Inputs {
    base: Options,
    format: Option<InputFormat>,
    urls: HashMap<String, (String, Option<String>)>,
    paths: VecDeque<PathBuf>,
    /// The paths as named on the command line.
    named: Vec<PathBuf>,
    /// Whether there is one page and no more.
    one: bool,
    lines: Option<JsonLines>,
    stored: Option<StoredPages>,
}

struct JsonLines {
    reader: Box<dyn BufRead + Send>,
    source: String,
    number: u64,
}

#[derive(Deserialize)]
struct JsonInput {
    id: Option<serde_json::Value>,
    url: Option<String>,
    html: Option<String>,
    text: Option<String>,
    fetched_at: Option<String>,
}

impl Inputs {
    /// The inputs that the command line names.
    pub fn new(args: &ExtractArgs, mut base: Options) -> Result<Self, Stop> {
        base.url.clone_from(&args.url);
        let urls = match &args.urls {
            Some(map) => read_map(map).map_err(Stop::Usage)?,
            None => HashMap::new(),
        };
        let mut paths: VecDeque<PathBuf> = args.paths.iter().cloned().collect();
        if paths.is_empty() {
            paths.push_back(PathBuf::from("-"));
        }
        let format = |path: &Path| args.input_format.unwrap_or_else(|| guess(path));
        let many =
            |path: &Path| path.is_dir() || matches!(format(path), InputFormat::Warc | InputFormat::Wet);
        let one = paths.len() == 1 && !many(&paths[0]) && format(&paths[0]) != InputFormat::Jsonl;
        if args.url.is_some() && (paths.len() > 1 || many(&paths[0])) {
            return Err(Stop::Usage(anyhow!(
                "--url names one page's address; give --urls MAP.tsv for several pages"
            )));
        }
        let named = args.paths.clone();
        Ok(Self { base, format: args.input_format, urls, paths, named, one, lines: None, stored: None })
    }

    /// How many inputs can be worked on at once, of `jobs`.
    pub fn at_once(&self, jobs: usize) -> usize {
        if self.one { 1 } else { jobs }
    }

    fn page(&self, path: &Path, content: Content) -> Input {
        let mut options = self.base.clone();
        let stdin = path.as_os_str() == "-";
        options.source = Some(if stdin { "-".to_owned() } else { path.display().to_string() });
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let known = self.urls.get(name.as_ref()).or_else(|| self.urls.get(packed::unpacked(&name)));
        if let Some((url, charset)) = known {
            options.url = Some(url.clone());
            options.charset.clone_from(charset);
        }
        options.format = match self.format.unwrap_or_else(|| guess(path)) {
            InputFormat::Text => Format::Text,
            _ => Format::Html,
        };
        Input { options, content }
    }

    fn failed(&self, path: &Path, failure: Failure) -> Input {
        self.page(path, Content::Failed(failure))
    }

    /// The pages below a folder, sorted by name.
    fn expand(&mut self, dir: &Path) -> Option<Input> {
        let format = self.format.unwrap_or(InputFormat::Html);
        let entries = std::fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut found: Vec<PathBuf> = match entries {
            Ok(entries) => entries.into_iter().map(|e| e.path()).collect(),
            Err(error) => {
                let failure = Failure::new(FailureKind::Io, format!("the folder cannot be read: {error}"))
                    .with_hint("check the path and its permissions");
                return Some(self.failed(dir, failure));
            }
        };
        found.sort();
        found.retain(|p| {
            if p.is_dir() {
                // A link to a folder could lead in a circle.
                !p.is_symlink()
            } else {
                p.is_file() && endings(format).iter().any(|ending| ends_with(p, ending))
            }
        });
        if found.is_empty() && self.named.iter().any(|named| named == dir) {
            let wanted = endings(format).join(" or ");
            let failure = Failure::new(FailureKind::Io, format!("the folder holds no {wanted}"))
                .with_hint("give --input-format text for .txt pages");
            return Some(self.failed(dir, failure));
        }
        for path in found.into_iter().rev() {
            self.paths.push_front(path);
        }
        None
    }

    /// Opens an input that holds many pages; the failure of one that cannot
    /// be opened.
    fn open(&mut self, path: &Path, format: InputFormat) -> Option<Input> {
        let (reader, source): (Box<dyn BufRead + Send>, String) = if path.as_os_str() == "-" {
            (Box::new(BufReader::new(std::io::stdin())), "-".to_owned())
        } else {
            match File::open(path) {
                Ok(file) => (Box::new(BufReader::new(file)), path.display().to_string()),
                Err(error) => {
                    let failure = Failure::new(FailureKind::Io, format!("the file cannot be read: {error}"))
                        .with_hint("check the path and its permissions");
                    return Some(self.failed(path, failure));
                }
            }
        };
        if format == InputFormat::Jsonl {
            match packed::open(reader) {
                Ok(reader) => self.lines = Some(JsonLines { reader, source, number: 0 }),
                Err(error) => return Some(self.failed(path, packed::failed("the file", &error))),
            }
        } else {
            self.stored = Some(StoredPages::new(reader, source, format == InputFormat::Wet));
        }
        None
    }

    fn next_line(&mut self) -> Option<Input> {
        let lines = self.lines.as_mut()?;
        loop {
            let mut line = Vec::new();
            let read = (&mut lines.reader).take(MAX_LINE + 1).read_until(b'\n', &mut line);
            lines.number += 1;
            let mut options = self.base.clone();
            options.source = Some(lines.source.clone());
            let number = lines.number;
            let failed = |options: Options, failure: Failure| {
                Some(Input { options, content: Content::Failed(failure) })
            };
            match read {
                Ok(0) => {
                    self.lines = None;
                    return None;
                }
                Err(error) => {
                    self.lines = None;
                    return failed(options, packed::failed("the input", &error));
                }
                Ok(_) if line.len() as u64 > MAX_LINE => {
                    self.lines = None;
                    let message = format!("line {number} has more than {MAX_LINE} bytes");
                    return failed(options, Failure::new(FailureKind::TooLarge, message));
                }
                Ok(_) => {}
            }
            if number == 1 && line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            return Some(match serde_json::from_slice::<JsonInput>(&line) {
                Ok(object) => json_input(object, options, number),
                Err(error) => Input {
                    options,
                    content: Content::Failed(
                        Failure::new(FailureKind::Malformed, format!("line {number} does not fit: {error}"))
                            .with_hint("give objects {id, url, html or text, fetched_at}, one a line"),
                    ),
                },
            });
        }
    }
}

fn json_input(object: JsonInput, mut options: Options, number: u64) -> Input {
    options.id = object.id.map(|id| match id {
        serde_json::Value::String(s) => s,
        other => other.to_string(),
    });
    options.url = object.url.filter(|u| !u.trim().is_empty()).or(options.url);
    if let Some(time) = object.fetched_at.filter(|t| !t.trim().is_empty()) {
        if chrono::DateTime::parse_from_rfc3339(&time).is_err() {
            let failure = Failure::new(
                FailureKind::Malformed,
                format!("line {number}: fetched_at {time:?} is no RFC 3339 time"),
            )
            .with_hint("give a time such as 2024-03-03T22:30:00+06:00");
            return Input { options, content: Content::Failed(failure) };
        }
        options.fetched_at = Some(time);
    }
    let content = match (object.html, object.text) {
        (Some(html), _) => Content::Bytes(html.into_bytes()),
        (None, Some(text)) => {
            options.format = Format::Text;
            Content::Bytes(text.into_bytes())
        }
        (None, None) => Content::Failed(
            Failure::new(
                FailureKind::Malformed,
                format!("the object in line {number} has neither html nor text"),
            )
            .with_hint("give objects {id, url, html or text, fetched_at}, one a line"),
        ),
    };
    Input { options, content }
}

impl Iterator for Inputs {
    type Item = Input;

    fn next(&mut self) -> Option<Input> {
        loop {
            if self.lines.is_some() {
                if let Some(input) = self.next_line() {
                    return Some(input);
                }
                continue;
            }
            if let Some(stored) = &mut self.stored {
                if let Some(input) = stored.next(&self.base) {
                    return Some(input);
                }
                self.stored = None;
                continue;
            }
            let path = self.paths.pop_front()?;
            let stdin = path.as_os_str() == "-";
            if !stdin && path.is_dir() {
                if let Some(failed) = self.expand(&path) {
                    return Some(failed);
                }
                continue;
            }
            let format = self.format.unwrap_or_else(|| guess(&path));
            if matches!(format, InputFormat::Jsonl | InputFormat::Warc | InputFormat::Wet) {
                if let Some(failed) = self.open(&path, format) {
                    return Some(failed);
                }
                continue;
            }
            if !stdin {
                return Some(self.page(&path, Content::File(path.clone())));
            }
            return Some(match packed::read_page(BufReader::new(std::io::stdin())) {
                Ok(bytes) => self.page(&path, Content::Bytes(bytes)),
                Err(error) => self.failed(&path, packed::failed("standard input", &error)),
            });
        }
    }
}

/// The endings of the files that are taken from a folder.
fn endings(format: InputFormat) -> &'static [&'static str] {
    match format {
        InputFormat::Html => &[".html", ".htm"],
        InputFormat::Text => &[".txt"],
        InputFormat::Jsonl => &[".jsonl", ".ndjson"],
        InputFormat::Warc => &[".warc", ".warc.gz"],
        InputFormat::Wet => &[".wet", ".wet.gz"],
    }
}

fn guess(path: &Path) -> InputFormat {
    use InputFormat::{Html, Jsonl, Text, Warc, Wet};
    if ends_with(path, ".text") {
        return Text;
    }
    let named = |format: &InputFormat| endings(*format).iter().any(|ending| ends_with(path, ending));
    [Text, Jsonl, Warc, Wet].into_iter().find(named).unwrap_or(Html)
}

fn ends_with(path: &Path, ending: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    name.ends_with(ending) || packed::unpacked(&name).ends_with(ending)
}

/// Reads `--urls`: base name TAB address [TAB charset].
fn read_map(path: &Path) -> anyhow::Result<HashMap<String, (String, Option<String>)>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("--urls {} cannot be read", path.display()))?;
    let mut map = HashMap::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        if line.is_empty() {
            continue;
        }
        let mut fields = line.split('\t');
        let (Some(name), Some(url)) = (fields.next(), fields.next()) else {
            return Err(anyhow!(
                "--urls {}, line {}: write the file's base name, a tab, and the address",
                path.display(),
                number + 1
            ));
        };
        if url.trim().is_empty() {
            return Err(anyhow!("--urls {}, line {}: the address is empty", path.display(), number + 1));
        }
        let charset = fields.next().map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned);
        map.insert(name.to_owned(), (url.trim().to_owned(), charset));
    }
    Ok(map)
}
