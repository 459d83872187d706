//! User names and passwords that a list's lines hold: sent to their own origin
//! only, and never written anywhere.

use http::HeaderValue;
use url::Url;

use super::address::{Address, origin_of};

/// The credentials of a list's own line, for a URL of the same origin only.
pub(crate) fn authorization(line: &str, url: &Url) -> Option<HeaderValue> {
    let own = Address::parse(line).ok()?;
    let own = own.url();
    if origin_of(own) != origin_of(url) || (own.username().is_empty() && own.password().is_none()) {
        return None;
    }
    let plain = |text: &str| percent_decode(text);
    let pair = format!("{}:{}", plain(own.username()), plain(own.password().unwrap_or_default()));
    let mut value = HeaderValue::from_str(&format!("Basic {}", base64(pair.as_bytes()))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Percent-escapes of a URL's user name or password undone.
fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let byte = escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Base64 (RFC 4648) for the one header that needs it.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sign = SIGNS[(word >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(sign) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_stay_with_their_origin() {
        let header = |line: &str, url: &str| {
            authorization(line, &Url::parse(url).unwrap()).map(|v| v.to_str().unwrap().to_owned())
        };
        let line = "http://user:p%40ss@e.com/a";
        assert_eq!(header(line, "http://e.com/b").as_deref(), Some("Basic dXNlcjpwQHNz"));
        for other in ["https://e.com/a", "http://e.com:81/a", "http://www.e.com/a", "http://f.com/"] {
            assert_eq!(header(line, other), None, "{other}");
        }
        assert_eq!(header("http://e.com/", "http://e.com/"), None);
    }

    #[test]
    fn base64_as_the_rfc_has_it() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
