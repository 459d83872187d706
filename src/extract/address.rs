//! The addresses in a page. Most are written just as they are when resolved, so
//! their parts are read from the page itself; only the others are parsed.

use std::ops::Range;

use url::{Position, Url};

/// An address in a page, resolved, without its fragment.
#[derive(Clone, Debug)]
pub struct Address<'p>(Form<'p>);

#[derive(Clone, Debug)]
enum Form<'p> {
    Written(Parts<'p>),
    Parsed(Url),
}

/// The parts of an http(s) address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'p> {
    /// What stands before the path.
    origin: &'p str,
    /// The host.
    pub host: &'p str,
    /// The path; it begins with a slash.
    pub path: &'p str,
    /// What stands behind a question mark.
    pub query: Option<&'p str>,
}

impl Address<'_> {
    /// Its parts.
    pub fn parts(&self) -> Parts<'_> {
        match &self.0 {
            Form::Written(parts) => *parts,
            Form::Parsed(url) => Parts::new(url),
        }
    }
}

impl<'p> Parts<'p> {
    fn new(url: &'p Url) -> Self {
        Self {
            origin: &url[..Position::BeforePath],
            host: url.host_str().unwrap_or(""),
            path: url.path(),
            query: url.query(),
        }
    }

    /// The parts of the path that are not empty.
    pub fn segments(self) -> impl Iterator<Item = &'p str> {
        let mut rest = self.path;
        std::iter::from_fn(move || {
            while let Some(after) = rest.strip_prefix('/') {
                rest = after;
            }
            let end = rest.bytes().position(|b| b == b'/').unwrap_or(rest.len());
            let segment = &rest[..end];
            rest = &rest[end..];
            (!segment.is_empty()).then_some(segment)
        })
    }

    /// The address as one text.
    pub fn whole(self) -> String {
        let (mark, query) = self.query.map_or(("", ""), |query| ("?", query));
        [self.origin, self.path, mark, query].concat()
    }

    /// Whether it is a site's home page.
    pub fn is_home(self) -> bool {
        self.path == "/" && self.query.is_none()
    }

    /// What tells one page from another: host, path and query. They differ by
    /// scheme, `www.`, a trailing slash, `.html` or the query of a tracker at
    /// most where the page is the same.
    fn telling(self) -> (&'p str, &'p str, impl Iterator<Item = &'p str>) {
        let host = self.host.strip_prefix("www.").unwrap_or(self.host);
        let host = host.strip_prefix("m.").unwrap_or(host);
        let path = self.path.trim_end_matches('/');
        let path = path.strip_suffix(".html").unwrap_or(path);
        let parameters = self.query.into_iter().flat_map(|q| q.split('&'));
        (host, path, parameters.filter(|p| !p.is_empty() && !is_tracking(p)))
    }

    /// Whether two addresses are of one page.
    pub fn same_page(self, other: Parts<'_>) -> bool {
        let (host, path, query) = self.telling();
        let (other_host, other_path, other_query) = other.telling();
        // An address's path is ASCII, all else in it is escaped.
        path.eq_ignore_ascii_case(other_path) && host == other_host && query.eq(other_query)
    }

    /// A text that is the same where [`Parts::same_page`] says so.
    pub fn page_key(self) -> String {
        let (host, path, query) = self.telling();
        let mut out = String::with_capacity(host.len() + path.len() + self.query.map_or(0, |q| q.len() + 1));
        out.push_str(host);
        out.push_str(path);
        out[host.len()..].make_ascii_lowercase();
        for (i, parameter) in query.enumerate() {
            out.push(if i == 0 { '?' } else { '&' });
            out.push_str(parameter);
        }
        out
    }
}

/// An address that is asked for its parts again and again.
#[derive(Debug)]
struct Kept {
    whole: String,
    host: Range<usize>,
    path: Range<usize>,
}

impl Kept {
    fn new(url: &Url) -> Self {
        let parts = Parts::new(url);
        let path = parts.origin.len()..parts.origin.len() + parts.path.len();
        let host = parts.origin.rfind(parts.host).unwrap_or(0);
        Self { host: host..host + parts.host.len(), path, whole: parts.whole() }
    }

    fn parts(&self) -> Parts<'_> {
        Parts {
            origin: &self.whole[..self.path.start],
            host: &self.whole[self.host.clone()],
            path: &self.whole[self.path.clone()],
            query: self.whole.get(self.path.end + 1..),
        }
    }
}

/// Against which the addresses in a page are resolved, and the page's own.
#[derive(Debug, Default)]
pub struct Addresses {
    base: Option<Url>,
    /// The parts of the base, if it is an http(s) address.
    web_base: Option<Kept>,
    /// The page's own address.
    own: Option<Kept>,
    /// Whether the page's own host shares or hosts media.
    pub elsewhere: bool,
}

impl Addresses {
    /// The addresses of a page; `base` is what its `<base>` says.
    pub fn new(url: Option<&Url>, base: Option<&str>) -> Self {
        let resolved = match (url, base) {
            (Some(url), Some(other)) => url.join(other).ok(),
            (Some(url), None) => Some(url.clone()),
            (None, Some(other)) => Url::parse(other).ok(),
            (None, None) => None,
        };
        let own = url.filter(|u| !u.cannot_be_a_base()).map(Kept::new);
        let web_base = resolved.as_ref().filter(|u| is_web(u)).map(Kept::new);
        let elsewhere = url.and_then(Url::host_str).is_some_and(super::links::is_elsewhere);
        Self { base: resolved, web_base, own, elsewhere }
    }

    /// An address resolved; `None` where it is no http(s) address.
    pub fn resolve(&self, href: &str) -> Option<Url> {
        let href = href.trim();
        let url = match &self.base {
            Some(base) => base.join(href).ok()?,
            None => Url::parse(href).ok()?,
        };
        is_web(&url).then_some(url)
    }

    /// The same without its fragment, for one that is only looked at.
    pub fn read<'p>(&'p self, href: &'p str) -> Option<Address<'p>> {
        let href = href.trim();
        let base = self.web_base.as_ref().map(Kept::parts);
        if href.is_empty() || href.starts_with('#') {
            return base.map(|parts| Address(Form::Written(parts)));
        }
        if let Some(parts) = as_written(href, base) {
            return Some(Address(Form::Written(parts)));
        }
        // These are no http(s) addresses, which is known without parsing them.
        let opens = |scheme: &str| href.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
        if ["javascript:", "mailto:", "tel:"].into_iter().any(opens)
            || self.base.is_none() && memchr::memchr(b':', href.as_bytes()).is_none()
        {
            return None;
        }
        self.resolve(href).map(|url| Address(Form::Parsed(url)))
    }

    /// The parts of the page's own address.
    pub fn own(&self) -> Option<Parts<'_>> {
        self.own.as_ref().map(Kept::parts)
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Whether a query parameter is there for counting visits only.
pub fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or("");
    let is = |tracker: &str| name.eq_ignore_ascii_case(tracker);
    name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("utm_")) || TRACKERS.iter().any(|t| is(t))
}

/// Parameters by which visits are counted, those that begin with `utm_` left
/// out.
const TRACKERS: &[&str] =
    &["fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "_ga", "ref", "ref_src", "yclid"];

/// The parts of an address that resolving changes nothing in but to put the
/// base's origin before it; `None` where that is not certain.
fn as_written<'p>(href: &'p str, base: Option<Parts<'p>>) -> Option<Parts<'p>> {
    let (origin, host, rest) = if let Some(after) = href.strip_prefix("http") {
        let after = after.strip_prefix('s').unwrap_or(after).strip_prefix("://")?;
        let len = after.bytes().position(|b| !is_of(b, HOST)).unwrap_or(after.len());
        let (host, rest) = after.split_at(len);
        if base.is_none_or(|base| base.host != host) && !is_settled_host(host) {
            return None;
        }
        (&href[..href.len() - rest.len()], host, rest)
    } else {
        let opens = href.starts_with('/') && !href[1..].starts_with('/');
        let base = base.filter(|_| opens)?;
        (base.origin, base.host, href)
    };
    let bytes = rest.as_bytes();
    let end = bytes.iter().position(|b| !is_of(*b, PATH)).unwrap_or(bytes.len());
    let path = match &rest[..end] {
        "" => "/",
        path if path.starts_with('/') && !holds_dots(path) => path,
        _ => return None,
    };
    let query = match bytes.get(end) {
        None | Some(b'#') => None,
        Some(b'?') => {
            let query = &rest[end + 1..];
            let len = query.bytes().position(|b| !is_of(b, QUERY)).unwrap_or(query.len());
            if !matches!(query.as_bytes().get(len), None | Some(b'#')) {
                return None;
            }
            Some(&query[..len])
        }
        Some(_) => return None,
    };
    Some(Parts { origin, host, path, query })
}

/// Whether a host of letters, digits, dots and hyphens stays as it is: no
/// number, nothing in Punycode, no empty label.
fn is_settled_host(host: &str) -> bool {
    let bytes = host.as_bytes();
    let last = memchr::memrchr(b'.', bytes).map_or(0, |dot| dot + 1);
    let is_letter = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphabetic);
    is_letter(bytes.get(last))
        && is_letter(bytes.last())
        && bytes[0] != b'.'
        && !host.contains("..")
        && !host.contains("xn--")
}

/// Whether a segment of a path begins with a dot, which may mean a folder above,
/// escaped or not.
fn holds_dots(path: &str) -> bool {
    let bytes = path.as_bytes();
    let is_escaped = |at: usize| bytes[at..].starts_with(b"/%2e") || bytes[at..].starts_with(b"/%2E");
    memchr::memchr_iter(b'.', bytes).any(|at| at > 0 && bytes[at - 1] == b'/')
        || memchr::memchr(b'%', bytes).is_some() && memchr::memchr_iter(b'/', bytes).any(is_escaped)
}

/// Where a byte may stand and is kept as it is: in a host, a path, a query.
const HOST: u8 = 1;
const PATH: u8 = 2;
const QUERY: u8 = 4;

fn is_of(byte: u8, place: u8) -> bool {
    PLACES[usize::from(byte)] & place != 0
}

/// For each byte where it is kept as it is.
const PLACES: [u8; 256] = {
    let mut out = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        out[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' => HOST | PATH | QUERY,
            b'A'..=b'Z'
            | b'/'
            | b'_'
            | b'~'
            | b'%'
            | b'!'
            | b'$'
            | b'&'
            | b'('
            | b')'
            | b'*'
            | b'+'
            | b','
            | b';'
            | b'='
            | b':'
            | b'@' => PATH | QUERY,
            b'?' => QUERY,
            _ => 0,
        };
        byte += 1;
    }
    out
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_as_written_is_what_parsing_gives() {
        let bases =
            [None, Some("https://www.a.example/x/y?z=1#t"), Some("http://b.example:81"), Some("data:x")];
        let opens = [
            "",
            "https://a.example",
            "http://A.example",
            "https://www.a.example",
            "https://a.example:443",
            "https://u@a.example",
            "https://1.2.3.4",
            "https://1.2",
            "https://a.0x1f",
            "https://a..example",
            "https://.example",
            "https://xn--a",
            "https://xn--a.example",
            "https://a_b.example",
            "https://a.example.",
            "https:/a.example",
            "https:a.example",
            "http",
            "https://",
            "ftp://a.example",
            "//a.example",
            "javascript:x",
            "mailto:a@a.example",
            "খবর",
        ];
        let ends = [
            "",
            "/",
            "/a/b",
            "/A/b.html?c=d&e#f",
            "/a//b/",
            "/a/./b",
            "/a/../b",
            "/a/%2e%2E/b",
            "/.a",
            "/a.b",
            "/খবর",
            "/%E0%a6%95",
            "/a b",
            "/a\tb",
            "/a'b?c'd",
            "/a\\b",
            "/a|b^c[d]",
            "/a{b}",
            "?",
            "?a=খ",
            "?a b",
            "?a?b/c",
            "#",
            "#a?b",
            "/a?#b",
            "/a:b@c;d=e,f+g*h(i)!$",
            "/a\"<>`",
            "/%",
            "\\a",
            "a/b",
            "/%2",
        ];
        let mut written = 0;
        for base in bases {
            let addresses = Addresses::new(None, base);
            for href in opens.iter().flat_map(|o| ends.iter().map(move |e| format!("{o}{e}"))) {
                let parsed = addresses.resolve(&href).map(|mut url| {
                    url.set_fragment(None);
                    url
                });
                let read = addresses.read(&href);
                assert_eq!(
                    read.as_ref().map(Address::parts),
                    parsed.as_ref().map(Parts::new),
                    "{href} on {base:?}"
                );
                assert_eq!(read.as_ref().map(|r| r.parts().whole()), parsed.map(String::from), "{href}");
                written += usize::from(read.is_some_and(|r| matches!(r.0, Form::Written(_))));
            }
        }
        assert!(written > 150, "{written}");
    }

    #[test]
    fn one_page_has_several_addresses() {
        let page = Url::parse("https://www.a.example/n/Fair.html?id=5&utm_source=x").unwrap();
        let addresses = Addresses::new(Some(&page), None);
        let same = |href: &str| {
            let address = addresses.read(href).unwrap();
            let (one, other) = (address.parts(), addresses.own().unwrap());
            assert_eq!(one.same_page(other), one.page_key() == other.page_key(), "{href}");
            one.same_page(other)
        };
        assert!(same("http://m.a.example/n/fair/?id=5") && same("#top") && same("/n/fair?FBCLID=1&id=5"));
        assert!(!same("/n/fair") && !same("/n/fair?id=6") && !same("https://b.example/n/fair?id=5"));
    }

    #[test]
    fn segments_are_those_of_the_url() {
        for path in ["/", "/a", "//a//b/", "/a/b.html"] {
            let url = Url::parse(&format!("https://a.example{path}")).unwrap();
            let expected: Vec<&str> = url.path_segments().unwrap().filter(|s| !s.is_empty()).collect();
            assert_eq!(Parts::new(&url).segments().collect::<Vec<_>>(), expected);
        }
    }
}
