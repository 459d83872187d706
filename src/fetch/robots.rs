//! robots.txt as RFC 9309 has it: reading the rules that concern this program
//! and asking whether a path may be fetched.
//!
//! Written here rather than taken from a crate, because the comparison has to
//! work on Bengali paths in every spelling (raw, `%e0`, `%E0`), a run over
//! many thousand hosts must keep only the groups that matter, and a hostile
//! file must cost no more than its length: no regular expressions are built.

use std::time::Duration;

use url::Url;

/// How much of a robots.txt is read; the rest is ignored. RFC 9309 asks for at
/// least 500 kibibytes.
pub(crate) const MAX_ROBOTS_BYTES: usize = 512 * 1024;

/// The name to match robots rules against: see
/// [`FetchOptions::product_token`](super::FetchOptions::product_token).
pub(crate) fn product_token(user_agent: &str) -> String {
    let rest = match user_agent.split_once("compatible;") {
        Some((before, rest)) if before.starts_with("Mozilla/") => rest,
        _ => user_agent,
    };
    match token(rest.trim_start()) {
        "" => "khobor".to_owned(),
        name => name.to_owned(),
    }
}

/// The letters, `-` and `_` that a text begins with: RFC 9309's product token.
fn token(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_')).unwrap_or(text.len());
    &text[..end]
}

/// The rules of one robots.txt that hold for one product token.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rules {
    paths: Vec<Rule>,
    /// The longest `Crawl-delay` among them.
    pub(crate) crawl_delay: Option<Duration>,
    /// The sitemaps the file names, whatever the group.
    pub(crate) sitemaps: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    allow: bool,
    /// In the spelling of [`comparable`], `*` and a final `$` still in place.
    pattern: Box<str>,
}

/// What a line of the file says.
enum Line<'a> {
    Agent(&'a str),
    Rule(bool, &'a str),
    Delay(&'a str),
    Sitemap(&'a str),
    Other,
}

impl Rules {
    /// Reads a file. Bytes beyond [`MAX_ROBOTS_BYTES`] are ignored, and so is
    /// everything that is no rule: an HTML page in the file's place forbids
    /// nothing.
    pub(crate) fn parse(bytes: &[u8], product: &str) -> Self {
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_ROBOTS_BYTES)]);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let (mut own, mut all, mut own_seen) = (Self::default(), Self::default(), false);
        let mut sitemaps = Vec::new();
        // Whom the current group speaks to: this program by name, everyone.
        let (mut to_own, mut to_all, mut in_agents) = (false, false, false);
        for line in text.split(['\n', '\r']) {
            match read(line) {
                Line::Agent(name) => {
                    if !in_agents {
                        (to_own, to_all, in_agents) = (false, false, true);
                    }
                    to_all |= name.starts_with('*');
                    let named = token(name).eq_ignore_ascii_case(product);
                    to_own |= named;
                    own_seen |= named;
                }
                Line::Rule(allow, path) => {
                    in_agents = false;
                    if !path.is_empty() {
                        own.push(to_own, allow, path);
                        all.push(to_all, allow, path);
                    }
                }
                Line::Delay(value) => {
                    in_agents = false;
                    own.delay(to_own, value);
                    all.delay(to_all, value);
                }
                Line::Sitemap(url) => sitemaps.push(url.to_owned()),
                Line::Other => {}
            }
        }
        Self { sitemaps, ..if own_seen { own } else { all } }
    }

    fn push(&mut self, here: bool, allow: bool, path: &str) {
        if here {
            self.paths.push(Rule { allow, pattern: comparable(path, true).into_boxed_str() });
        }
    }

    fn delay(&mut self, here: bool, value: &str) {
        // An unreadable or absurd delay is no delay; a huge one stays huge.
        if here
            && let Ok(seconds) = value.parse::<f64>()
            && seconds > 0.0
        {
            let delay = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
            self.crawl_delay = self.crawl_delay.max(Some(delay));
        }
    }

    /// Whether the URL may be fetched: the longest matching rule decides, and
    /// `Allow` wins a tie.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        if url.path() == "/robots.txt" {
            return true;
        }
        let mut path = comparable(url.path(), false);
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(&comparable(query, false));
        }
        self.paths
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }

    /// About how many bytes of memory the rules take.
    pub(crate) fn weight(&self) -> usize {
        let rules: usize = self.paths.iter().map(|r| r.pattern.len() + size_of::<Rule>()).sum();
        size_of::<Self>() + rules + self.sitemaps.iter().map(|s| s.len() + size_of::<String>()).sum::<usize>()
    }
}

/// Key and value of a line, comment and white space off. Where the colon is
/// missing, white space is taken for it, as the large crawlers do.
fn read(line: &str) -> Line<'_> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let Some((key, value)) = line.split_once(':').or_else(|| line.split_once(char::is_whitespace)) else {
        return Line::Other;
    };
    let (key, value) = (key.trim(), value.trim());
    let is = |name: &str| key.eq_ignore_ascii_case(name);
    if is("user-agent") || is("useragent") {
        Line::Agent(value)
    } else if is("allow") || is("disallow") {
        Line::Rule(is("allow"), value)
    } else if is("crawl-delay") || is("crawldelay") {
        Line::Delay(value)
    } else if is("sitemap") {
        Line::Sitemap(value)
    } else {
        Line::Other
    }
}

/// The spelling in which paths and patterns are compared (RFC 9309, 2.2.2):
/// escapes of unreserved ASCII undone, other escapes in upper case, letters
/// outside ASCII escaped. In a path `*` and `$` are escaped, so that a pattern
/// can name them; in a pattern they are signs.
fn comparable(text: &str, pattern: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let (byte, step, escaped) = match bytes.get(at..at + 3).and_then(unescape) {
            Some(byte) => (byte, 3, true),
            None => (bytes[at], 1, false),
        };
        let unreserved = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let sign = match byte {
            b'*' => !pattern,
            b'$' => !pattern || at + step < bytes.len(),
            _ => false,
        };
        if unreserved || (byte.is_ascii_graphic() && !escaped && !sign) {
            out.push(char::from(byte));
        } else {
            push_escape(&mut out, byte);
        }
        at += step;
    }
    out
}

fn unescape(escape: &[u8]) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    match escape {
        [b'%', high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    }
}

fn push_escape(out: &mut String, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(HEX[usize::from(byte >> 4)]));
    out.push(char::from(HEX[usize::from(byte & 15)]));
}

/// Whether a pattern with `*` and a final `$` matches the beginning of a path
/// (all of it with `$`). Each piece is found as early as possible, so there is
/// no backtracking.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(rest) => (rest, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let mut last = None;
    for piece in pieces {
        if let Some(previous) = last.replace(piece) {
            match rest.find(previous) {
                Some(at) => rest = &rest[at + previous.len()..],
                None => return false,
            }
        }
    }
    match last {
        None => !anchored || rest.is_empty(),
        Some(piece) if anchored => rest.ends_with(piece),
        Some(piece) => rest.contains(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(file: &str, path: &str) -> bool {
        let url = Url::parse(&format!("http://e.com{path}")).unwrap();
        Rules::parse(file.as_bytes(), "khobor").allows(&url)
    }

    #[test]
    fn the_token_follows_the_user_agent() {
        for (agent, token) in [
            ("khobor/0.1 (+https://e.com)", "khobor"),
            ("MyBot", "MyBot"),
            ("Mozilla/5.0 (compatible; Desk-Bot/2.1; +mailto:a@b.c)", "Desk-Bot"),
            ("Mozilla/5.0 (X11; Linux)", "Mozilla"),
            ("7up/1", "khobor"),
            ("", "khobor"),
        ] {
            assert_eq!(product_token(agent), token, "{agent}");
        }
    }

    #[test]
    fn the_own_group_wins_over_the_general_one() {
        let file = "User-agent: *\nDisallow: /\n\nUser-Agent: Khobor/2\nDisallow: /x\n";
        assert!(allows(file, "/a") && !allows(file, "/x"));
        let both = "user-agent: other\nuser-agent: KHOBOR\ndisallow: /a\n\nuser-agent: khobor\ndisallow: /b";
        assert!(!allows(both, "/a") && !allows(both, "/b") && allows(both, "/c"));
        assert!(allows("User-agent: khobor-news\nDisallow: /", "/a"), "another product");
        assert!(allows("User-agent: *\nDisallow: /\nUser-agent: khobor\nAllow: /y\n", "/a"));
    }

    #[test]
    fn the_longest_match_decides_and_allow_wins_a_tie() {
        let file = "User-agent: *\nDisallow: /news\nAllow: /news/open\nDisallow: /news/open/not\n";
        assert!(!allows(file, "/news") && !allows(file, "/newspaper"));
        assert!(allows(file, "/news/open/1") && !allows(file, "/news/open/not"));
        assert!(allows("User-agent: *\nDisallow: /a\nAllow: /a", "/a"));
        assert!(allows("User-agent: *\nDisallow:\n", "/a"), "an empty rule forbids nothing");
    }

    #[test]
    fn wildcards_and_the_end_sign() {
        let file = "User-agent: *\nDisallow: /*.php$\nDisallow: /*?print=\nDisallow: /a*b*c\n";
        for (path, ok) in [
            ("/x.php", false),
            ("/x.php?q", true),
            ("/x.php5", true),
            ("/n?print=1", false),
            ("/a1b2c3", false),
            ("/acb", true),
            ("/ab", true),
        ] {
            assert_eq!(allows(file, path), ok, "{path}");
        }
        assert!(!allows("User-agent: *\nDisallow: /*", "/x"));
        assert!(!allows("User-agent: *\nDisallow: *x", "/a/x"));
        assert!(!allows("User-agent: *\nDisallow: /*ab$", "/abab"));
        assert!(!allows("User-agent: *\nDisallow: /$", "/") && allows("User-agent: *\nDisallow: /$", "/a"));
    }

    #[test]
    fn escapes_compare_in_every_spelling() {
        for rule in ["/খবর", "/%E0%A6%96%E0%A6%AC%E0%A6%B0", "/%e0%a6%96%e0%a6%ac%e0%a6%b0"] {
            let file = format!("User-agent: *\nDisallow: {rule}\n");
            for path in ["/খবর/১", "/%e0%a6%96%E0%A6%AC%e0%a6%b0"] {
                assert!(!allows(&file, path), "{rule} and {path}");
            }
            assert!(allows(&file, "/খব"));
        }
        assert!(!allows("User-agent: *\nDisallow: /%7Euser", "/~user"));
        assert!(!allows("User-agent: *\nDisallow: /a%2Fb", "/a%2fb"));
        assert!(allows("User-agent: *\nDisallow: /a%2Fb", "/a/b"));
        assert!(!allows("User-agent: *\nDisallow: /a%2A", "/a*"));
        assert!(!allows("User-agent: *\nDisallow: /a$b", "/a$b"));
    }

    #[test]
    fn delays_sitemaps_and_rubbish() {
        let file =
            "\u{feff}Sitemap: https://e.com/s.xml\r\nUSER-AGENT : * # all\rCrawl-delay: 2.5\r\nDisallow /x";
        let rules = Rules::parse(file.as_bytes(), "khobor");
        assert_eq!(rules.crawl_delay, Some(Duration::from_millis(2500)));
        assert_eq!(rules.sitemaps, ["https://e.com/s.xml"]);
        assert!(!allows(file, "/x"));
        assert!(allows("<html><body>Disallow: /</body></html>", "/a"));
        assert!(allows("Disallow: /\n", "/a"), "a rule outside a group holds for nobody");
        assert_eq!(Rules::parse(b"User-agent: *\nCrawl-delay: -1", "k").crawl_delay, None);
        assert_eq!(Rules::parse(b"User-agent: *\nCrawl-delay: 1e300", "k").crawl_delay, Some(Duration::MAX));
    }

    #[test]
    fn only_the_first_half_megabyte_counts() {
        let mut file = b"User-agent: *\n".to_vec();
        file.resize(MAX_ROBOTS_BYTES, b'\n');
        file.extend_from_slice(b"Disallow: /\n");
        assert!(Rules::parse(&file, "khobor").allows(&Url::parse("http://e.com/a").unwrap()));
    }

    #[test]
    fn a_hostile_pattern_costs_little() {
        let file = format!("User-agent: *\nDisallow: /{}\n", "a*".repeat(100_000));
        let path = format!("/{}", "a".repeat(8000));
        let started = std::time::Instant::now();
        assert!(allows(&file, &path));
        assert!(started.elapsed() < Duration::from_secs(2));
    }
}
