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

/// Percent-escapes of letters, digits and `-._~` undone, all others in upper
/// case: both spellings name one resource (RFC 3986, section 6.2.2). A `%` that
/// begins no escape is escaped, lest it begin one with what is undone.
#[cfg(feature = "fetch")]
pub(crate) fn plain_escapes(text: &str) -> String {
    let upper = upper_escapes(text);
    let mut pieces = upper.split('%');
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.get(..2).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                out.push(char::from(byte));
                out.push_str(&piece[2..]);
            }
            Some(_) => {
                out.push('%');
                out.push_str(piece);
            }
            None => {
                out.push_str("%25");
                out.push_str(piece);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "fetch")]
    #[test]
    fn escapes_of_what_needs_none_are_undone() {
        assert_eq!(plain_escapes("/%7euser%2f%e0%41%zz%+1%"), "/~user%2F%E0A%25zz%25+1%25");
        assert_eq!(plain_escapes("%খ%%610"), "%25খ%25a0");
    }

    #[test]
    fn escapes_are_raised_only_where_they_are_escapes() {
        assert_eq!(upper_escapes("/%e0%zz%a%ab%"), "/%E0%zz%a%AB%");
        assert_eq!(upper_escapes("%খ%e0"), "%খ%E0");
    }
}
