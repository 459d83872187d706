//! Passwords in addresses: nothing that khobor writes or shows holds one.

/// An address as given, with a password in it masked.
///
/// The text may be no proper URL: whatever a browser would read as user and
/// password before an `@` is treated as such, backslashes and a missing scheme
/// included.
pub fn mask_password(address: &str) -> String {
    let scheme = address.find(':').filter(|at| {
        let name = address[..*at].trim_start();
        name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
            && address[at + 1..].starts_with(['/', '\\'])
    });
    let from = scheme.map_or(0, |at| at + 1);
    let rest = address[from..].trim_start_matches(['/', '\\']);
    let start = address.len() - rest.len();
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    // A password with a slash in it: no address, but a secret all the same.
    let at = rest[..end].rfind('@').or_else(|| {
        let colon = rest[..end].find(':')?;
        let port = rest[colon + 1..end].bytes().all(|b| b.is_ascii_digit());
        rest.find('@').filter(|_| !port)
    });
    let Some(at) = at else { return address.to_owned() };
    let Some(colon) = rest[..at].find(':') else { return address.to_owned() };
    format!("{}{}***{}", &address[..start], &rest[..=colon], &rest[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_is_masked() {
        for (given, shown) in [
            ("https://u:secret@a.example/x?y=@z", "https://u:***@a.example/x?y=@z"),
            ("https://u@a.example/", "https://u@a.example/"),
            ("http://u:p@q@a.example/", "http://u:***@a.example/"),
            ("https://a.example/a:b@c", "https://a.example/a:b@c"),
            ("http:///u:secret@a.example/k", "http:///u:***@a.example/k"),
            ("http:\\\\u:secret@a.example\\x", "http:\\\\u:***@a.example\\x"),
            ("//u:secret@a.example/", "//u:***@a.example/"),
            ("http://u:se/cret@a.example/", "http://u:***@a.example/"),
            ("http://a.example:8080/x@y", "http://a.example:8080/x@y"),
            ("u:secret@a.example/x", "u:***@a.example/x"),
            ("মেলা আজ", "মেলা আজ"),
        ] {
            assert_eq!(mask_password(given), shown);
        }
    }
}
