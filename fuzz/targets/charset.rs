//! Bytes to text under any declared charset. What is valid UTF-8 and not
//! ASCII stays as it is, whatever a header says.

#![no_main]

use khobor::page::charset;
use libfuzzer_sys::fuzz_target;

const DECLARED: [Option<&str>; 6] =
    [None, Some("utf-8"), Some("iso-8859-1"), Some("windows-1252"), Some("utf-16"), Some("no such charset")];

fuzz_target!(|bytes: &[u8]| {
    for declared in DECLARED {
        let decoded = charset::decode(bytes, declared);
        assert!(!decoded.encoding.is_empty());
        let bare = !bytes.contains(&0) && !bytes.starts_with(b"\xef\xbb\xbf");
        if let (true, Ok(text)) = (bare, std::str::from_utf8(bytes)) {
            assert_eq!(decoded.text, text);
            assert!(!decoded.errors);
        }
    }
});
