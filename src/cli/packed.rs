//! Stored files that may be packed: gzip and Zstandard are told by their first
//! bytes, whatever the file is called, and nothing is read beyond a page's
//! size.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use crate::MAX_PAGE_BYTES;
use crate::failure::{Failure, FailureKind};

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// A file's name without the ending of a packed one.
pub fn unpacked(name: &str) -> &str {
    [".gz", ".zst"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// The contents of what is read, unpacked where they are packed.
pub fn open(mut reader: impl BufRead + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    let mut head = Vec::new();
    (&mut reader).take(4).read_to_end(&mut head)?;
    let (gzip, zstd) = (head.starts_with(GZIP), head.starts_with(ZSTD));
    let whole = Cursor::new(head).chain(reader);
    Ok(if gzip {
        Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(whole)))
    } else if zstd {
        Box::new(BufReader::new(zstd::stream::read::Decoder::with_buffer(whole)?))
    } else {
        Box::new(whole)
    })
}

/// A page's bytes. One byte more than a page may have tells one that is too
/// large.
pub fn read_page(reader: impl BufRead + Send + 'static) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(reader)?.take(MAX_PAGE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The bytes of the page in a file.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    read_page(BufReader::new(std::fs::File::open(path)?))
}

/// The failure of a page that cannot be read. What the unpacking says is of
/// another kind than what the system says.
pub fn failed(what: &str, error: &io::Error) -> Failure {
    if error.raw_os_error().is_none()
        && matches!(
            error.kind(),
            io::ErrorKind::InvalidInput
                | io::ErrorKind::InvalidData
                | io::ErrorKind::UnexpectedEof
                | io::ErrorKind::Other
        )
    {
        return Failure::new(FailureKind::Decode, format!("{what} cannot be unpacked: {error}"))
            .with_hint("it begins as gzip or Zstandard does; get a whole copy of it");
    }
    Failure::new(FailureKind::Io, format!("{what} cannot be read: {error}"))
        .with_hint("check the path and its permissions")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        read_page(Cursor::new(bytes))
    }

    #[test]
    fn packed_or_not_is_told_by_the_first_bytes() {
        let page = b"<p>page</p>".to_vec();
        assert_eq!(read(page.clone()).unwrap(), page);
        assert_eq!(read(gzip(&page)).unwrap(), page);
        assert_eq!(read([gzip(b"<p>pa"), gzip(b"ge</p>")].concat()).unwrap(), page, "two members");
        assert_eq!(read(zstd::encode_all(&page[..], 1).unwrap()).unwrap(), page);
        assert_eq!(read(b"<p".to_vec()).unwrap(), b"<p");
        assert!(read(Vec::new()).unwrap().is_empty());
    }

    #[test]
    fn what_is_cut_is_no_page_and_what_is_too_large_is_not_read_on() {
        let whole = gzip(&b"<p>page</p>".repeat(100));
        assert_eq!(failed("it", &read(whole[..20].to_vec()).unwrap_err()).kind, FailureKind::Decode);
        let zstd = zstd::encode_all(&b"<p>page</p>".repeat(100)[..], 1).unwrap();
        let cut = read(zstd[..zstd.len() - 4].to_vec()).unwrap_err();
        assert_eq!(failed("it", &cut).kind, FailureKind::Decode);
        assert_eq!(read(gzip(&vec![b' '; MAX_PAGE_BYTES * 2])).unwrap().len(), MAX_PAGE_BYTES + 1);
        let gone = read_file(Path::new("no/such/file")).unwrap_err();
        assert_eq!(failed("it", &gone).kind, FailureKind::Io);
    }
}
