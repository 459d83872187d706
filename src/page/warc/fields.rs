//! Header lines, of records and of stored HTTP heads alike: they share a
//! grammar, and both come from programs that bend it.

use std::io::{self, BufRead, Read};

/// Named fields in their order; names are compared without case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    list: Vec<(String, String)>,
}

impl Fields {
    /// The first value of a field, whose name is given in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.list.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// All values of a field, whose name is given in lower case.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.list.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Reads lines up to an empty one; `None` where there are more than `most`
    /// bytes of them or the input ends before that line.
    pub(super) fn read(input: &mut impl BufRead, most: usize) -> io::Result<Option<Self>> {
        let mut fields = Self::default();
        let mut left = most as u64;
        loop {
            let mut line = Vec::new();
            left -= input.take(left).read_until(b'\n', &mut line)? as u64;
            if line.last() != Some(&b'\n') {
                return Ok(None);
            }
            if !fields.line(&line) {
                return Ok(Some(fields));
            }
        }
    }

    /// Takes the lines of a head in memory; what remains after it, if an
    /// empty line ends it.
    pub(super) fn parse(mut bytes: &[u8]) -> (Self, &[u8]) {
        let mut fields = Self::default();
        while let Some(end) = memchr::memchr(b'\n', bytes) {
            let (line, rest) = bytes.split_at(end + 1);
            bytes = rest;
            if !fields.line(line) {
                return (fields, bytes);
            }
        }
        (fields, &[])
    }

    /// Adds a line; false for the empty one that ends a head. A line without
    /// a colon says nothing and is passed over.
    fn line(&mut self, line: &[u8]) -> bool {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return false;
        }
        if text.starts_with([' ', '\t']) {
            // A folded line goes on with the one before.
            if let Some((_, value)) = self.list.last_mut() {
                value.push(' ');
                value.push_str(text.trim());
            }
        } else if let Some((name, value)) = text.split_once(':') {
            self.list.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
        true
    }
}
