//! The end of a file that a killed program left behind.
//!
//! A gzip member that was cut in the middle makes everything after it
//! unreadable to most programs, so it is cut off before more is appended.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::GzDecoder;

use crate::page::warc::WarcReader;

/// What a file of gzip members ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Whole members up to this length; what stands behind it is torn.
    Whole(u64),
    /// Whole records stand behind a broken member, so it is not the end that
    /// is torn.
    BrokenWithin(u64),
    /// It is no file of gzip members.
    Foreign,
}

/// Reads a WARC file of gzip members to its end.
pub fn end_of_members(mut file: &File) -> io::Result<End> {
    file.seek(SeekFrom::Start(0))?;
    let mut input = Counted { inner: BufReader::with_capacity(256 * 1024, file), passed: 0 };
    let whole = loop {
        let whole = input.passed;
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(End::Whole(whole));
        }
        if whole == 0 && buffer[0] != 0x1f {
            return Ok(End::Foreign);
        }
        let mut decoder = GzDecoder::new(input);
        let read = io::copy(&mut decoder, &mut io::sink());
        input = decoder.into_inner();
        match read {
            Ok(_) => {}
            Err(error) if is_torn(&error) => break whole,
            Err(error) => return Err(error),
        }
    };
    file.seek(SeekFrom::Start(whole))?;
    let mut rest = WarcReader::new(BufReader::with_capacity(256 * 1024, file));
    let broken = rest.find(Result::is_err).is_some();
    let more = broken && rest.any(|record| record.is_ok());
    Ok(if more { End::BrokenWithin(whole) } else { End::Whole(whole) })
}

fn is_torn(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof)
}

/// A reader that knows how far it is.
struct Counted<R> {
    inner: R,
    passed: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(out)?;
        self.passed += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.passed += amount as u64;
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn member(n: u8) -> Vec<u8> {
        let record = format!("WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 1\r\n\r\n{n}\r\n\r\n");
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(record.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn end(bytes: &[u8]) -> End {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        end_of_members(&file).unwrap()
    }

    #[test]
    fn every_torn_end_is_found() {
        let (a, b) = (member(1), member(2));
        let whole = a.len() as u64;
        for cut in 1..b.len() {
            assert_eq!(end(&[&a[..], &b[..cut]].concat()), End::Whole(whole), "{cut}");
        }
        assert_eq!(end(&[&a[..], &b].concat()), End::Whole(whole + b.len() as u64));
        assert_eq!(end(b""), End::Whole(0));
        assert_eq!(end(&a[..5]), End::Whole(0));
    }

    #[test]
    fn nothing_but_a_torn_end_is_cut() {
        let mut bent = member(1);
        let last = bent.len() - 6;
        bent[last] ^= 1;
        assert_eq!(end(&[member(0), bent, member(2)].concat()), End::BrokenWithin(member(0).len() as u64));
        assert_eq!(end(b"{\"a\": 1}\n"), End::Foreign);
    }
}
