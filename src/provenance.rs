//! How a page came: from a live answer or from a stored one. Both give an
//! extraction the same knowledge, so that an archive can be read again years
//! later and give what the live run gave.

use crate::MAX_PAGE_BYTES;
use crate::article::{Article, HttpInfo};
use crate::failure::{Failure, FailureKind};
use crate::fetch::Fetched;
use crate::fetch::warc::ASKED_FIELD;
use crate::mask_password;
use crate::options::Options;
use crate::page::media::{ContentType, looks_like_a_page};
use crate::page::warc::{Fields, HttpAnswer, Record, RecordKind};

/// Extracts a page; a fault of the program becomes a failure of the page.
pub(crate) fn extract(bytes: &[u8], options: &Options) -> Result<Article, Failure> {
    let extracted = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| crate::extract(bytes, options)));
    extracted.unwrap_or_else(|_| {
        let mut failure =
            Failure::new(FailureKind::Malformed, "the page broke the extraction, a fault of khobor")
                .with_hint("please report the page");
        failure.id.clone_from(&options.id);
        failure.url = options.url.as_deref().map(mask_password);
        failure.source.clone_from(&options.source);
        Err(failure)
    })
}

/// Puts what is known of a fetched page into the options.
pub(crate) fn fetched(options: &mut Options, fetched: &Fetched) {
    options.url = Some(fetched.url.clone());
    options.final_url.clone_from(&fetched.final_url);
    options.charset.clone_from(&fetched.charset);
    options.fetched_at = Some(fetched.fetched_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
    options.http = Some(HttpInfo {
        status: fetched.status,
        content_type: fetched.content_type.clone(),
        charset: fetched.charset.clone(),
        bytes: fetched.body.len() as u64,
        bytes_on_wire: fetched.bytes_on_wire,
        etag: fetched.etag.clone(),
        last_modified: fetched.last_modified.clone(),
    });
}

/// Puts what a stored answer's head says into the options; the length of the
/// decoded body is known only when it is decoded.
pub(crate) fn answered(options: &mut Options, answer: &HttpAnswer) {
    let content_type = answer.fields.get("content-type").map(str::to_owned);
    let kind = ContentType::parse(content_type.as_deref().unwrap_or_default());
    options.charset.clone_from(&kind.charset);
    options.http = Some(HttpInfo {
        status: answer.status,
        content_type,
        charset: kind.charset,
        bytes: 0,
        bytes_on_wire: answer.bytes_on_wire(),
        etag: answer.fields.get("etag").map(str::to_owned),
        last_modified: answer.fields.get("last-modified").map(str::to_owned),
    });
}

/// Puts what a WARC record's header says of the page's address, and the
/// record's name, into the options.
pub(crate) fn recorded(options: &mut Options, fields: &Fields) {
    let record = Record { kind: RecordKind::Other, fields: fields.clone(), block: Vec::new() };
    if let (Some(source), Some(id)) = (&mut options.source, record.id()) {
        source.push('#');
        source.push_str(id);
    }
    let target = record.target_uri();
    match fields.get(&ASKED_FIELD.to_ascii_lowercase()) {
        Some(asked) => {
            options.url = Some(asked.to_owned());
            options.final_url = target.filter(|target| !same_page(asked, target)).map(str::to_owned);
        }
        None => options.url = target.map(str::to_owned),
    }
}

/// Whether two addresses are one but for their spelling: if not, a redirect
/// lies between them.
fn same_page(asked: &str, target: &str) -> bool {
    let plain = |text: &str| {
        let mut url = url::Url::parse(text).ok()?;
        url.set_fragment(None);
        // Refused only for addresses that cannot have any.
        let _ = (url.set_username(""), url.set_password(None));
        Some(url)
    };
    plain(asked) == plain(target)
}

/// Decodes a stored answer, as fetching does with a fresh one.
///
/// # Errors
/// The failure of a body that is too large, broken, or no page.
pub(crate) fn decode(answer: &HttpAnswer, options: &mut Options) -> Result<Vec<u8>, Failure> {
    let body = answer.body(MAX_PAGE_BYTES as u64).map_err(|error| {
        let kind = if error.too_large { FailureKind::TooLarge } else { FailureKind::Decode };
        Failure::new(kind, error.to_string())
    });
    let body = body.map_err(|failure| Failure { status: Some(answer.status), ..failure })?;
    if let Some(http) = &mut options.http {
        http.bytes = body.len() as u64;
    }
    if looks_like_a_page(&body, true) {
        return Ok(body);
    }
    let failure =
        Failure::new(FailureKind::NotHtml, "the answer's first bytes are those of another kind of file");
    Err(Failure { status: Some(answer.status), ..failure })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_told_from_another_spelling() {
        assert!(same_page("HTTP://E.com/খবর#x", "http://e.com/%E0%A6%96%E0%A6%AC%E0%A6%B0"));
        assert!(same_page("http://u:***@e.com", "http://e.com/"));
        assert!(!same_page("http://e.com/a", "http://e.com/b"));
    }
}
