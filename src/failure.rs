//! The failure record: what is written for an input that did not become an
//! article.
//!
//! Every distinct input of a run ends as exactly one [`Article`] or one
//! [`Failure`], so a failure has to say enough for a person or a script to
//! decide what to do next: a machine-readable kind, what happened, and, apart
//! from it, how to mend it.
//!
//! [`Article`]: crate::Article

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The value of [`Failure::schema`].
pub const FAILURE_SCHEMA: &str = "khobor.failure/1";

/// Why an input did not become an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailureKind {
    /// The input is no http(s) URL.
    BadUrl,
    /// The host name did not resolve.
    Dns,
    /// No connection could be made, or it broke.
    Connect,
    /// The TLS handshake failed: certificate, name or protocol.
    Tls,
    /// The attempt took longer than it may.
    Timeout,
    /// The answer is larger than allowed, before or after decompression.
    TooLarge,
    /// The content coding (gzip, brotli, zstd, deflate) is broken or unknown.
    Decode,
    /// The server answered with a status that brings no page.
    HttpStatus,
    /// A bot wall stood in the page's place, whatever its status.
    Challenge,
    /// robots.txt forbids the page, cannot be had, or asks for a delay above
    /// the cap.
    Robots,
    /// The address is private or special and the user's list does not name it.
    BlockedAddress,
    /// Too many redirects, a loop, or a redirect that leads nowhere.
    Redirect,
    /// The host failed too often in this run and was given up.
    HostDown,
    /// The answer is no HTML page.
    NotHtml,
    /// The bytes are no text in any charset that could be found.
    Charset,
    /// The page is no article: home, section, tag, search, policy or error
    /// page, or an empty shell.
    NotArticle,
    /// The page cannot be parsed within the stated caps.
    Malformed,
    /// A file could not be read.
    Io,
    /// The run ended before the input was finished.
    Interrupted,
}

impl FailureKind {
    /// The kind as it stands in the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadUrl => "bad_url",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::TooLarge => "too_large",
            Self::Decode => "decode",
            Self::HttpStatus => "http_status",
            Self::Challenge => "challenge",
            Self::Robots => "robots",
            Self::BlockedAddress => "blocked_address",
            Self::Redirect => "redirect",
            Self::HostDown => "host_down",
            Self::NotHtml => "not_html",
            Self::Charset => "charset",
            Self::NotArticle => "not_article",
            Self::Malformed => "malformed",
            Self::Io => "io",
            Self::Interrupted => "interrupted",
        }
    }
}

impl std::fmt::Display for FailureKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One input that did not become an article.
///
/// Serialised with its keys in this order, absent values as `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    /// Always `khobor.failure/1`.
    pub schema: String,
    /// Handed through from jsonl input.
    pub id: Option<String>,
    /// The address asked for, as given; a password in it is masked.
    pub url: Option<String>,
    /// Offline input: the path as given or found.
    pub source: Option<String>,
    /// What class of failure this is.
    pub kind: FailureKind,
    /// What happened, as a lower-case fragment.
    pub message: String,
    /// How to mend it, where there is a way.
    pub hint: Option<String>,
    /// The HTTP status of the last answer, if there was one.
    pub status: Option<u16>,
    /// How many requests for the page were sent; 0 for offline input.
    pub attempts: u32,
    /// When the failure was final, RFC 3339; `null` for offline input.
    pub at: Option<String>,
}

impl Failure {
    /// A failure of the given kind, with the other fields empty.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            schema: FAILURE_SCHEMA.to_owned(),
            id: None,
            url: None,
            source: None,
            kind,
            message: message.into(),
            hint: None,
            status: None,
            attempts: 0,
            at: None,
        }
    }

    /// The same failure with a word on how to mend it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

// By hand: a field named `source` would make thiserror take it for a cause.
impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_is_written_as_it_displays() {
        for kind in
            [FailureKind::BadUrl, FailureKind::HttpStatus, FailureKind::NotArticle, FailureKind::HostDown]
        {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }

    #[test]
    fn absent_values_are_null() {
        let value = serde_json::to_value(Failure::new(FailureKind::Dns, "no such host")).unwrap();
        assert_eq!(value["schema"], "khobor.failure/1");
        assert_eq!(value["kind"], "dns");
        assert!(value["hint"].is_null() && value["status"].is_null() && value["at"].is_null());
    }
}
