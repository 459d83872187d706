//! khobor (খবর, "news") turns Bengali news pages into clean, structured
//! records.

#[cfg(feature = "archive")]
pub mod archive;
pub mod article;
pub mod bangla;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "fetch")]
pub mod discover;
mod extract;
pub mod failure;
#[cfg(feature = "fetch")]
pub mod fetch;
mod mask;
mod normalize;
mod options;
pub mod page;
#[cfg(feature = "fetch")]
mod provenance;
#[cfg(test)]
mod same_records;
pub mod sites;
pub mod tz;

pub use article::Article;
pub use failure::{Failure, FailureKind};
#[cfg(feature = "fetch")]
pub use fetch::Fetcher;
pub use mask::mask_password;
pub use options::{Format, Options};

use std::borrow::Cow;

use article::WarningCode;
use extract::ExtractionNotes;

/// A page may have this many bytes.
pub const MAX_PAGE_BYTES: usize = 32 * 1024 * 1024;

/// Extracts one page: bytes in, record out.
///
/// # Errors
///
/// A [`Failure`] that says why the page gives no record: it is no article, is
/// larger than [`MAX_PAGE_BYTES`], or holds more markup than
/// [`page::MAX_TAGS`].
///
/// ```
/// let html = "<html><body><h1>নদীর ধারে শীতের মেলা শুরু</h1>\
///     <p class='date'>প্রকাশ: ৩ মার্চ ২০২৪, রাত সাড়ে ১০টা</p>\
///     <div><p>গ্রামের পাশে নদীর ধারে তিন দিনের মেলা শুরু হয়েছে গতকাল। দূর থেকে এসেছেন দোকানিরা।</p>\
///     <p>মেলায় এবার মাটির পুতুল আর পাটের থলের দোকান বেশি। ছোটদের জন্য আছে নাগরদোলা।</p></div></body></html>";
/// let options = khobor::Options::new().with_url("https://ujan.example/news/17");
/// let article = khobor::extract(html.as_bytes(), &options).unwrap();
/// assert_eq!(article.headline.as_deref(), Some("নদীর ধারে শীতের মেলা শুরু"));
/// assert_eq!(article.published_at.as_deref(), Some("2024-03-03T22:30:00+06:00"));
/// assert_eq!(article.blocks.len(), 2);
/// ```
pub fn extract(bytes: &[u8], options: &Options) -> Result<Article, Failure> {
    extract_with(bytes, options, |html| page::Document::parse(html)).map_err(|mut failure| {
        failure.id.clone_from(&options.id);
        failure.url = options.url.as_deref().map(mask_password);
        failure.source.clone_from(&options.source);
        failure.status = options.http.as_ref().map(|h| h.status);
        failure
    })
}

/// Extracts a page of which `document` makes the document.
fn extract_with(
    bytes: &[u8],
    options: &Options,
    document: for<'s> fn(Cow<'s, str>) -> page::Document<'s>,
) -> Result<Article, Failure> {
    if bytes.len() > MAX_PAGE_BYTES {
        return Err(Failure::new(
            FailureKind::TooLarge,
            format!("the page has {} bytes, more than {MAX_PAGE_BYTES}", bytes.len()),
        ));
    }
    let decoded = page::charset::decode(bytes, options.charset.as_deref());
    let mut notes = ExtractionNotes { explain: options.explain, ..ExtractionNotes::default() };
    if let Some(claim) = &decoded.overruled {
        notes.warn(WarningCode::CharsetOverruled, format!("declared {claim}, is {}", decoded.encoding));
    }
    if decoded.errors {
        notes.warn(
            WarningCode::CharsetErrors,
            format!("bytes that are no {} were replaced", decoded.encoding),
        );
    }
    let address = options.final_url.as_deref().or(options.url.as_deref());
    let url = address.and_then(|u| url::Url::parse(u).ok());
    let reference = options.reference_instant();
    let found = match options.format {
        Format::Text => extract::text(&decoded.text, url.as_ref(), &options.sites, reference, notes)?,
        Format::Html => {
            let page = page::Page::parse_with(decoded.text, document)?;
            if page.doc.flattened() > 0 {
                notes.warn(
                    WarningCode::NestingFlattened,
                    format!(
                        "{} elements dissolved: nested deeper than {}, or formatting that is never closed",
                        page.doc.flattened(),
                        page::MAX_DEPTH
                    ),
                );
            }
            let address = url.or_else(|| page.own_address());
            let rule = address.as_ref().and_then(|u| options.sites.find(u));
            extract::html(&page, address, rule, reference, notes)?
        }
    };
    Ok(normalize::article(found, options))
}
