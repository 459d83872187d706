//! Percent-escapes of addresses in one form, for comparing (RFC 3986,
//! section 6.2.2.1).

/// Percent-escapes in upper case; a `%` that begins no escape is left alone.
pub(crate) fn upper_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at..at + 3).filter(|e| e[1..].iter().all(u8::is_ascii_hexdigit));
        // Three ASCII bytes, so the slices fall on letter boundaries.
        let len = if escape.is_some() { 3 } else { 1 };
        out.push_str(&rest[at..at + len].to_ascii_uppercase());
        rest = &rest[at + len..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_raised_only_where_they_are_escapes() {
        assert_eq!(upper_escapes("/%e0%zz%a%ab%"), "/%E0%zz%a%AB%");
        assert_eq!(upper_escapes("%খ%e0"), "%খ%E0");
    }
}
