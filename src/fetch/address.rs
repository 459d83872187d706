//! URLs as they stand in a list: reading one, knowing when two are the same,
//! and showing one without its password.
//!
//! Lists are made by other programs and by hand. Two spellings of one address
//! must not be fetched twice, and yet the address is asked for as it was
//! written: some servers redirect `%e0` to `%E0` and back, so the spelling
//! that identifies an address is kept apart from the one that is sent.

use std::fmt;

use url::{Host, Url};

use crate::mask::mask_password;

/// The longest address that is taken, in bytes. Servers refuse longer ones
/// (414); a line beyond it is a broken list.
pub const MAX_URL_BYTES: usize = 8 * 1024;

/// Why a line is no address that can be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// The line does not parse as an absolute URL.
    #[error("no absolute url: {0}")]
    Syntax(url::ParseError),
    /// The scheme is neither http nor https.
    #[error("the scheme is {0}, not http or https")]
    Scheme(String),
    /// The URL names no host.
    #[error("the url names no host")]
    NoHost,
    /// The line is longer than [`MAX_URL_BYTES`].
    #[error("the url has {0} bytes, more than {MAX_URL_BYTES}")]
    TooLong(usize),
}

/// An http(s) URL that can be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    url: Url,
}

impl Address {
    /// Reads an address; white space around it is no part of it.
    ///
    /// # Errors
    /// [`AddressError`] where the text is no absolute http(s) URL with a host.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.len() > MAX_URL_BYTES {
            return Err(AddressError::TooLong(text.len()));
        }
        Self::from_url(Url::parse(text).map_err(AddressError::Syntax)?)
    }

    /// The same for a URL that is parsed already, such as a redirect's target.
    ///
    /// # Errors
    /// [`AddressError`] where the scheme is not http(s) or no host is named.
    pub fn from_url(mut url: Url) -> Result<Self, AddressError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(AddressError::Scheme(url.scheme().to_owned()));
        }
        if url.host_str().is_none_or(str::is_empty) {
            return Err(AddressError::NoHost);
        }
        if url.as_str().len() > 3 * MAX_URL_BYTES {
            return Err(AddressError::TooLong(url.as_str().len()));
        }
        url.set_fragment(None);
        Ok(Self { url })
    }

    /// The URL as it is sent, without its fragment; it may hold credentials.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What identifies the address: two addresses with one key are fetched
    /// once.
    ///
    /// The rules are those of RFC 3986, section 6.2, that change no server's
    /// answer: scheme and host in lower case (the host in its ASCII form),
    /// default port off, empty path as `/`, dot segments resolved, fragment
    /// off, percent-escapes in upper case, letters outside ASCII escaped. A
    /// trailing dot of the host goes too. Nothing is done to the order of a
    /// query or to a trailing slash, which a server may tell apart.
    pub fn key(&self) -> String {
        let mut url = self.url.clone();
        if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned)
            && !host.is_empty()
        {
            // Cannot fail for an http URL; if it did, the dot would stay.
            let _ = url.set_host(Some(&host));
        }
        crate::page::upper_escapes(url.as_str())
    }

    /// The host in lower case, without a trailing dot and without a port: the
    /// unit of politeness.
    pub fn host(&self) -> String {
        host_of(&self.url)
    }
}

impl fmt::Display for Address {
    /// The URL with its password masked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(&self.url))
    }
}

/// The host of an http(s) URL as a key: lower case, no trailing dot, no port.
pub(crate) fn host_of(url: &Url) -> String {
    match url.host() {
        Some(Host::Domain(name)) => name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase(),
        Some(other) => other.to_string(),
        None => String::new(),
    }
}

/// Scheme, host and port of a URL: the unit that robots.txt speaks for.
pub(crate) fn origin_of(url: &Url) -> String {
    format!("{}://{}:{}", url.scheme(), host_of(url), url.port_or_known_default().unwrap_or_default())
}

/// The URL without credentials, as it goes into a request line.
pub(crate) fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    // Neither can fail for a URL with a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// A URL for people, logs and records: its password, if any, masked.
pub(crate) fn shown(url: &Url) -> String {
    mask_password(url.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        Address::parse(text).unwrap().key()
    }

    #[test]
    fn spellings_of_one_address_share_a_key() {
        for (a, b) in [
            ("HTTP://Example.COM:80", "http://example.com/"),
            ("https://example.com.:443/a#top", "https://example.com/a"),
            ("http://e.com/%e0%a6%95?q=%e0", "http://e.com/%E0%A6%95?q=%E0"),
            ("http://e.com/খবর", "http://e.com/%e0%a6%96%e0%a6%ac%e0%a6%b0"),
            (" http://e.com/a/../b \r", "http://e.com/b"),
        ] {
            assert_eq!(key(a), key(b), "{a} and {b}");
        }
    }

    #[test]
    fn what_a_server_may_tell_apart_stays_apart() {
        for (a, b) in [
            ("http://e.com/a", "http://e.com/a/"),
            ("http://e.com/a", "http://e.com/A"),
            ("http://e.com/?a=1&b=2", "http://e.com/?b=2&a=1"),
            ("http://e.com/", "https://e.com/"),
            ("http://e.com/", "http://e.com/?"),
        ] {
            assert_ne!(key(a), key(b), "{a} and {b}");
        }
    }

    #[test]
    fn the_address_is_sent_as_written() {
        assert_eq!(
            Address::parse("http://e.com/%e0%a6%95").unwrap().url().as_str(),
            "http://e.com/%e0%a6%95"
        );
    }

    #[test]
    fn lines_that_are_no_address_are_refused() {
        for line in
            ["", "plain words", "ftp://e.com/a", "file:///etc/passwd", "http://", "/a/b", "mailto:a@b.c"]
        {
            assert!(Address::parse(line).is_err(), "{line}");
        }
        let long = format!("http://e.com/{}", "a".repeat(MAX_URL_BYTES));
        assert!(matches!(Address::parse(&long), Err(AddressError::TooLong(_))));
    }

    #[test]
    fn odd_spellings_of_an_ip_address_become_plain() {
        assert_eq!(Address::parse("http://0x7f.1/").unwrap().host(), "127.0.0.1");
        assert_eq!(Address::parse("http://2130706433/").unwrap().host(), "127.0.0.1");
        assert_eq!(Address::parse("http://[::FFFF:127.0.0.1]/").unwrap().host(), "[::ffff:7f00:1]");
    }
}
