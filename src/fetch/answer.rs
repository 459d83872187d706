//! What an answer to a page's request is: the page, a redirect, or one of the
//! many things that are neither.

use http::StatusCode;
use http::header::{self, HeaderMap};
use url::Url;

use super::address::{Address, shown};
use super::challenge;
use super::client::{Answer, Body, Client, Peek, not_html};
use super::job::{Job, Want};
use super::page::{self, Exchange, Fetched, header};
use crate::failure::{Failure, FailureKind};
use crate::mask::mask_password;
use crate::page::media::{ContentType, Verdict};

/// What an answer is, if it is no failure.
pub(crate) enum Judged {
    Page(Box<Fetched>),
    Moved(Address),
}

/// Reads as much of an answer as is needed to know. One that is not the page
/// is put into `kept`.
///
/// # Errors
/// The failure that the answer is or that came while it was read.
pub(crate) async fn judge(
    client: &Client,
    job: &Job,
    url: &Url,
    final_url: Option<Url>,
    mut answer: Answer,
    kept: &mut Option<Exchange>,
) -> Result<Judged, Failure> {
    let status = answer.response.status();
    let headers = answer.response.headers().clone();
    let response_head = page::response_head(answer.response.version(), status, &headers);
    let remote_addr = answer.response.remote_addr();
    let mut keep = |request_head: &[u8], read: Peek| {
        *kept = Some(Exchange {
            url: shown(url),
            status: status.as_u16(),
            request_head: request_head.to_vec(),
            response_head: response_head.clone(),
            payload: read.payload,
            truncated: !read.whole,
            sent_at: answer.sent_at,
            remote_addr,
        });
    };
    if let Some(wall) = challenge::wall(&headers, b"") {
        keep(&answer.request_head, Peek::default());
        return Err(walled(wall, status));
    }
    match status.as_u16() {
        301 | 302 | 303 | 307 | 308 => {
            let read = client.drain(&mut answer.response).await;
            keep(&answer.request_head, read);
            return location(url, &headers)
                .map(Judged::Moved)
                .map_err(|failure| with_status(failure, status));
        }
        304 if job.known.is_some() => {}
        200..=203 => {}
        _ => {
            // A body that breaks off says no less about the status.
            let read = client.peek(&mut answer.response, challenge::LOOK).await.unwrap_or_default();
            let wall = challenge::wall(&headers, &read.body);
            keep(&answer.request_head, read);
            return Err(wall.map_or_else(|| bad_status(status), |wall| walled(wall, status)));
        }
    }
    let content_type = header(&headers, header::CONTENT_TYPE);
    let kind = ContentType::parse(content_type.as_deref().unwrap_or_default());
    let body = if status == StatusCode::NOT_MODIFIED {
        Body::default()
    } else {
        let declared = match (job.want, kind.verdict()) {
            (Want::Anything, _) => None,
            (Want::Page, Verdict::Page) => Some(true),
            (Want::Page, Verdict::Unclear) => Some(false),
            (Want::Page, Verdict::NoPage) => {
                keep(&answer.request_head, Peek::default());
                let failure = not_html(&format!("the answer is of type {}", kind.essence));
                return Err(with_status(failure, status));
            }
        };
        client.read(&mut answer.response, declared).await.map_err(|(failure, payload)| {
            keep(&answer.request_head, Peek { payload, ..Peek::default() });
            with_status(failure, status)
        })?
    };
    if (job.want == Want::Page || kind.essence == "text/html")
        && let Some(wall) = challenge::wall(&headers, &body.body)
    {
        let payload = body.payload.to_vec();
        keep(&answer.request_head, Peek { payload, whole: true, ..Peek::default() });
        return Err(walled(wall, status));
    }
    Ok(Judged::Page(Box::new(Fetched {
        url: mask_password(&job.url),
        final_url: final_url.as_ref().map(shown),
        status: status.as_u16(),
        response_head,
        content_type,
        charset: kind.charset,
        etag: header(&headers, header::ETAG),
        last_modified: header(&headers, header::LAST_MODIFIED),
        headers: headers.iter().map(|(n, v)| (n.as_str().to_owned(), v.as_bytes().to_vec())).collect(),
        bytes_on_wire: body.payload.len() as u64,
        body: body.body,
        payload: body.payload,
        request_head: answer.request_head,
        fetched_at: answer.sent_at,
        attempts: 0,
        remote_addr,
    })))
}

/// Where a redirect leads.
///
/// # Errors
/// A `redirect` failure where it leads nowhere that can be followed.
pub(crate) fn location(from: &Url, headers: &HeaderMap) -> Result<Address, Failure> {
    let hint = "only the site can mend it; list the address where the page is now";
    let failure = |message: String| Failure::new(FailureKind::Redirect, message).with_hint(hint);
    let location = header(headers, header::LOCATION).unwrap_or_default();
    let location = location.trim();
    if location.is_empty() {
        return Err(failure("the redirect names no address".to_owned()));
    }
    let unfit = |why: String| {
        failure(format!("the redirect to {:?} cannot be followed: {why}", mask_password(location)))
    };
    let to = from.join(location).map_err(|e| unfit(e.to_string()))?;
    // Credentials that a stranger wrote are not sent to anyone.
    let to =
        if matches!(to.scheme(), "http" | "https") { super::address::without_credentials(&to) } else { to };
    Address::from_url(to).map_err(|e| unfit(e.to_string()))
}

/// A status that brings no page.
pub(crate) fn bad_status(status: StatusCode) -> Failure {
    let reason = status.canonical_reason().map(|r| format!(" {r}")).unwrap_or_default();
    let failure =
        Failure::new(FailureKind::HttpStatus, format!("the server answered {}{reason}", status.as_u16()));
    let failure = with_status(failure, status);
    match status.as_u16() {
        404 | 410 => failure.with_hint("the page is gone; take it off the list"),
        401 | 403 => failure.with_hint("the site refuses access; a contact address in --user-agent may help"),
        429 => failure.with_hint("the site asks for fewer requests; raise --per-host-delay"),
        500.. => failure.with_hint("the server is in trouble; try again later"),
        _ => failure.with_hint("open the address in a browser to see what it brings"),
    }
}

fn with_status(failure: Failure, status: StatusCode) -> Failure {
    Failure { status: Some(status.as_u16()), ..failure }
}

fn walled(wall: &str, status: StatusCode) -> Failure {
    let failure =
        Failure::new(FailureKind::Challenge, format!("a bot wall ({wall}) stands in the page's place"))
            .with_hint("ask the site for access; walls are neither solved nor retried");
    with_status(failure, status)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn to(location: &'static str) -> Result<String, Failure> {
        let from = Url::parse("http://e.com/dir/page?q").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::LOCATION, HeaderValue::from_bytes(location.as_bytes()).unwrap());
        super::location(&from, &headers).map(|address| address.url().to_string())
    }

    #[test]
    fn redirects_are_resolved() {
        assert_eq!(to("/x").unwrap(), "http://e.com/x");
        assert_eq!(to("y#frag").unwrap(), "http://e.com/dir/y");
        assert_eq!(to("//f.com/").unwrap(), "http://f.com/");
        assert_eq!(to("/খবর").unwrap(), "http://e.com/%E0%A6%96%E0%A6%AC%E0%A6%B0");
        assert_eq!(to("https://u:p@f.com/").unwrap(), "https://f.com/");
    }

    #[test]
    fn redirects_that_lead_nowhere_fail() {
        for location in ["", " ", "file:///etc/passwd", "javascript:alert(1)", "http://"] {
            assert_eq!(to(location).unwrap_err().kind, FailureKind::Redirect, "{location}");
        }
    }
}
