//! Bot walls: pages that ask for a browser or a person instead of bringing the
//! article.
//!
//! They come with any status, 200 included, and look like HTML; taken for the
//! page they would become an article called "Just a moment...". They are not
//! retried: the wall is the site's answer to programs.

use http::HeaderMap;
use memchr::memmem;

/// How much of a body is looked at.
pub(crate) const LOOK: usize = 64 * 1024;

/// Bodies of walls are short; a long page that only mentions one (an article
/// about it, a widget with a captcha in a comment form) is none.
const SHORT: usize = 24 * 1024;

/// Walls say a sentence or two; a page with more Bengali letters has a text.
const FEW_LETTERS: usize = 400;

/// Headers by which a wall names itself: name, value it begins with, wall.
const HEADERS: &[(&str, &str, &str)] = &[
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-vercel-mitigated", "challenge", "Vercel"),
    ("x-amzn-waf-action", "challenge", "AWS WAF"),
    ("x-amzn-waf-action", "captcha", "AWS WAF"),
    ("x-sucuri-block", "", "Sucuri"),
];

/// Texts that only the wall's own page has, in lower case; each group has to
/// stand in the body whole.
const MARKS: &[(&[&str], &str)] = &[
    (&["window._cf_chl_opt"], "Cloudflare"),
    (&["<title>just a moment...</title>", "challenge-platform"], "Cloudflare"),
    (&["<title>attention required! | cloudflare</title>"], "Cloudflare"),
    (&["cf-browser-verification"], "Cloudflare"),
    (&["sucuri_cloudproxy_js"], "Sucuri"),
    (&["sucuri website firewall", "access denied"], "Sucuri"),
    (&["/_incapsula_resource?", "noindex"], "Incapsula"),
    (&["incapsula incident id"], "Incapsula"),
    (&["<title>ddos-guard</title>"], "DDoS-Guard"),
    (&["ddos-guard/js-challenge"], "DDoS-Guard"),
    (&["check.ddos-guard.net/check.js"], "DDoS-Guard"),
    (&["captcha-delivery.com", "please enable js"], "DataDome"),
    (&["window._pxappid", "px-captcha"], "PerimeterX"),
    (&["bm-verify", "triggerinterstitialchallenge"], "Akamai"),
    (&["errors.edgesuite.net", "<title>access denied</title>"], "Akamai"),
    (&["imunify360", "bot-protection"], "Imunify360"),
    (&["slowaes.decrypt", "tonumbers("], "testcookie"),
    (&["<title>making sure you&#39;re not a bot!</title>"], "Anubis"),
    (&["<title>making sure you're not a bot!</title>"], "Anubis"),
    (&["/.within.website/x/cmd/anubis/"], "Anubis"),
    (&["awswafintegration", "challenge.js"], "AWS WAF"),
    (&["/lsrecaptcha", "recaptcha"], "LiteSpeed"),
];

/// Scripts of captcha services. A comment form may have one as well, so the
/// title must speak of the wall too.
const CAPTCHAS: &[&str] = &[
    "google.com/recaptcha/api",
    "recaptcha/enterprise.js",
    "hcaptcha.com/1/api.js",
    "challenges.cloudflare.com/turnstile",
];

/// What titles of captcha pages say, in lower case.
const TITLES: &[&str] = &[
    "captcha",
    "robot",
    "are you human",
    "verify you are human",
    "human verification",
    "security check",
    "checking your browser",
    "one moment",
    "just a moment",
    "access denied",
    "bot verification",
];

/// The name of the wall that an answer is, if it is one. `body` is the decoded
/// body or at least its first [`LOOK`] bytes.
pub(crate) fn wall(headers: &HeaderMap, body: &[u8]) -> Option<&'static str> {
    for (name, value, wall) in HEADERS {
        let values = headers.get_all(*name).into_iter().filter_map(|v| v.to_str().ok());
        if values.into_iter().any(|v| v.to_ascii_lowercase().starts_with(value)) {
            return Some(wall);
        }
    }
    // The byte with which Bengali letters begin.
    if body.len() > SHORT || memchr::memchr_iter(0xe0, body).count() > FEW_LETTERS {
        return None;
    }
    let text = body.to_ascii_lowercase();
    let has = |text: &[u8], mark: &str| memmem::find(text, mark.as_bytes()).is_some();
    if let Some((_, wall)) = MARKS.iter().find(|(marks, _)| marks.iter().all(|mark| has(&text, mark))) {
        return Some(wall);
    }
    let title = memmem::find(&text, b"<title").map(|at| &text[at..]).unwrap_or_default();
    let title = &title[..memmem::find(title, b"</title").unwrap_or_default()];
    let asks = TITLES.iter().any(|mark| has(title, mark));
    (asks && CAPTCHAS.iter().any(|script| has(&text, script))).then_some("captcha")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_body(body: &str) -> Option<&'static str> {
        wall(&HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn walls_name_themselves_in_headers() {
        for (name, value, expected) in [
            ("cf-mitigated", "challenge", Some("Cloudflare")),
            ("x-amzn-waf-action", "Captcha", Some("AWS WAF")),
            ("cf-cache-status", "challenge", None),
            ("cf-mitigated", "none", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(wall(&headers, b""), expected, "{name}: {value}");
        }
    }

    #[test]
    fn walls_are_known_by_their_pages() {
        for body in [
            "<html><head><title>Just a moment...</title></head><script src=/cdn-cgi/challenge-platform/h/b></script>",
            "<script>window._cf_chl_opt={cvId:'3'}</script>",
            "<html><title>Sucuri WebSite Firewall - Access Denied</title>Access Denied",
            "<META NAME=\"robots\" CONTENT=\"noindex,nofollow\"><script src=\"/_Incapsula_Resource?SWJIYLWA=1\">",
            "<!DOCTYPE html><title>DDoS-Guard</title>",
            "<title>Security check</title><script src='https://www.google.com/recaptcha/api.js'></script>",
        ] {
            assert!(by_body(body).is_some(), "{body}");
        }
    }

    #[test]
    fn pages_that_only_mention_walls_pass() {
        for body in [
            "<title>খবর</title><script src='https://www.google.com/recaptcha/api.js'></script><form>মন্তব্য</form>",
            "<title>How Cloudflare says just a moment</title><p>Attention required!</p>",
            "<title>A robot wrote this</title><p>text</p>",
            "",
        ] {
            assert_eq!(by_body(body), None, "{body}");
        }
        let long = format!("<p>window._cf_chl_opt</p>{}", "x".repeat(SHORT));
        assert_eq!(by_body(&long), None);
        // A localised wall still is one; a text beside a wall's script is none.
        for (sentences, expected) in [(3, Some("Cloudflare")), (30, None)] {
            let page = format!(
                "<script>window._cf_chl_opt={{}}</script>{}",
                "আপনি মানুষ কি না তা দেখা হচ্ছে। ".repeat(sentences)
            );
            assert_eq!(by_body(&page), expected, "{sentences}");
        }
    }
}
