//! Whether an answer is a page at all, by its header and its first bytes.

/// What the `Content-Type` header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ContentType {
    /// Type and subtype in lower case, without parameters; empty where there
    /// is none.
    pub(crate) essence: String,
    /// The charset parameter in lower case.
    pub(crate) charset: Option<String>,
}

impl ContentType {
    pub(crate) fn parse(header: &str) -> Self {
        let mut parts = header.split(';');
        let essence = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let charset = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']).trim();
            (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty())
                .then(|| value.to_ascii_lowercase())
        });
        Self { essence, charset }
    }

    pub(crate) fn verdict(&self) -> Verdict {
        match self.essence.as_str() {
            "text/html" | "application/xhtml+xml" | "text/plain" | "text/xml" | "application/xml" => {
                Verdict::Page
            }
            // What servers send that do not know better.
            ""
            | "application/octet-stream"
            | "application/x-unknown-content-type"
            | "unknown/unknown"
            | "*/*"
            | "text/*" => Verdict::Unclear,
            essence if essence.contains('/') => Verdict::NoPage,
            _ => Verdict::Unclear,
        }
    }
}

/// Whether a body can be a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Page,
    NoPage,
    /// The first bytes must tell.
    Unclear,
}

/// How many bytes [`looks_like_a_page`] wants to see, if there are so many.
pub(crate) const SNIFF: usize = 1024;

/// First bytes of files that are served as pages by mistake.
const MAGIC: &[&[u8]] = &[
    b"%PDF-",
    b"\x89PNG\r\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"RIFF",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"OggS",
    b"ID3",
    b"\0\0\0\x18ftyp",
    b"\0\0\0\x1cftyp",
    b"\0\0\0\x20ftyp",
    b"\x1aE\xdf\xa3",
    b"wOFF",
    b"wOF2",
    b"Rar!",
    b"7z\xbc\xaf",
];

/// Judges a body's first bytes: `declared` where the header called it a page,
/// so that only the mark of another format speaks against it.
pub(crate) fn looks_like_a_page(bytes: &[u8], declared: bool) -> bool {
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return false;
    }
    if declared || [&b"\xfe\xff"[..], b"\xff\xfe", b"\xef\xbb\xbf"].iter().any(|bom| bytes.starts_with(bom)) {
        return true;
    }
    let start = &bytes[..bytes.len().min(SNIFF)];
    let trimmed = start.trim_ascii_start();
    if trimmed.starts_with(b"{") || trimmed.starts_with(b"[") {
        return false;
    }
    // Control characters that no text has (the binary data bytes of the WHATWG
    // sniffing standard).
    !start.iter().any(|b| matches!(b, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_as_servers_write_it() {
        let t = ContentType::parse("Text/HTML; Charset=\"UTF-8\"; x=y");
        assert_eq!((t.essence.as_str(), t.charset.as_deref()), ("text/html", Some("utf-8")));
        assert_eq!(ContentType::parse("text/html;charset=").charset, None);
        assert_eq!(ContentType::parse("; charset=utf-8").charset.as_deref(), Some("utf-8"));
    }

    #[test]
    fn the_header_decides_where_it_can() {
        for (header, verdict) in [
            ("text/html", Verdict::Page),
            ("application/xhtml+xml; charset=x", Verdict::Page),
            ("image/jpeg", Verdict::NoPage),
            ("application/pdf", Verdict::NoPage),
            ("application/json", Verdict::NoPage),
            ("application/rss+xml", Verdict::NoPage),
            ("text/css", Verdict::NoPage),
            ("", Verdict::Unclear),
            ("html", Verdict::Unclear),
            ("application/octet-stream", Verdict::Unclear),
        ] {
            assert_eq!(ContentType::parse(header).verdict(), verdict, "{header}");
        }
    }

    #[test]
    fn first_bytes_decide_where_the_header_cannot() {
        for (bytes, page) in [
            (&b"  <!doctype html><p>"[..], true),
            (b"plain words", true),
            ("সংবাদ".as_bytes(), true),
            (b"\xff\xfe<\0h\0", true),
            (b"{\"a\": 1}", false),
            (b"\x89PNG\r\n\x1a\n", false),
            (b"abc\0def", false),
            (b"", true),
        ] {
            assert_eq!(looks_like_a_page(bytes, false), page, "{bytes:?}");
        }
        assert!(!looks_like_a_page(b"%PDF-1.7", true), "whatever the header says");
        assert!(looks_like_a_page(b"{{ template }}<html>", true));
    }
}
