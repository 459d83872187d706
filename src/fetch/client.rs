//! One request and its answer: what is sent, and what is read of what comes
//! back. Redirects, retries and clocks are others' work.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{self, HeaderMap, HeaderValue};
use reqwest::Response;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::error::{broken, classify, too_many_headers};
use super::job::{Validators, Want};
use super::options::{FetchOptions, SetupError};
use super::page;
use super::proxy::Proxies;
use super::resolver::{NoteConnect, Resolver};
use super::tls;
use crate::failure::{Failure, FailureKind};
use crate::page::coding::{ACCEPT_ENCODING, DecodeError, Decoder};
use crate::page::media::{self, looks_like_a_page};

/// Connections that wait for their host's next turn are kept so long beyond
/// the delay.
const IDLE: Duration = Duration::from_secs(10);

/// How much of an answer is read only to keep its connection in use.
const DRAIN: usize = 64 * 1024;

/// The HTTP client with its limits.
#[derive(Debug)]
pub(crate) struct Client {
    keeping: reqwest::Client,
    /// Never keeps a connection beyond its answer.
    closing: reqwest::Client,
    agent: HeaderValue,
    max_bytes: u64,
    max_ratio: u64,
    max_header_bytes: u32,
    slow_bytes: u64,
    slow_window: Duration,
}

/// What a request carries besides its URL.
#[derive(Debug, Default)]
pub(crate) struct Extras<'a> {
    pub(crate) want: Want,
    pub(crate) known: Option<&'a Validators>,
    /// An `Authorization` header.
    pub(crate) auth: Option<HeaderValue>,
    pub(crate) keep: Keep,
}

/// What becomes of a request's connection after the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Keep {
    /// It waits for the host's next turn.
    #[default]
    Open,
    /// It was kept so far and is of no more use: the server is told so.
    Last,
    /// There are too many hosts to keep one for each.
    Crowded,
}

/// An answer whose body is still to come.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) response: Response,
    pub(crate) request_head: Vec<u8>,
    pub(crate) sent_at: DateTime<Utc>,
}

/// The beginning of a body.
#[derive(Debug, Default)]
pub(crate) struct Peek {
    pub(crate) body: Vec<u8>,
    /// As received.
    pub(crate) payload: Vec<u8>,
    /// Whether that was all.
    pub(crate) whole: bool,
}

/// A body, as received and decoded.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) payload: Bytes,
    pub(crate) body: Bytes,
}

impl Client {
    pub(crate) fn new(
        options: &FetchOptions,
        resolver: Resolver,
        proxies: &Proxies,
    ) -> Result<Self, SetupError> {
        let agent = HeaderValue::from_str(&options.user_agent)
            .ok()
            .filter(|value| value.to_str().is_ok())
            .ok_or_else(|| SetupError::UserAgent(options.user_agent.clone()))?;
        let tls = tls::config(&options.ca_certs)?;
        let resolver = Arc::new(resolver);
        let build = |idle: usize| {
            let mut builder = reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .dns_resolver(Arc::clone(&resolver))
                .connector_layer(NoteConnect)
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .pool_max_idle_per_host(idle)
                .pool_idle_timeout(IDLE.saturating_add(options.per_host_delay))
                .http2_max_header_list_size(options.max_header_bytes)
                .no_proxy();
            for proxy in proxies.for_client()? {
                builder = builder.proxy(proxy);
            }
            builder.build().map_err(|e| SetupError::Client(e.to_string()))
        };
        Ok(Self {
            keeping: build(1)?,
            closing: build(0)?,
            agent,
            max_bytes: options.max_bytes,
            max_ratio: options.max_ratio,
            max_header_bytes: options.max_header_bytes,
            slow_bytes: options.slow_bytes,
            slow_window: options.slow_window,
        })
    }

    /// Sends a request and waits for the head of the answer. The URL must be
    /// without credentials.
    ///
    /// # Errors
    /// The failure that kept the answer's head from coming.
    pub(crate) async fn send(&self, url: &Url, extras: Extras<'_>) -> Result<Answer, Failure> {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, self.agent.clone());
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept(extras.want)));
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("bn,en;q=0.5"));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(ACCEPT_ENCODING));
        if let Some(known) = extras.known {
            let conditions =
                [(header::IF_NONE_MATCH, &known.etag), (header::IF_MODIFIED_SINCE, &known.last_modified)];
            for (name, value) in conditions {
                if let Some(value) = value.as_deref().and_then(|v| HeaderValue::from_str(v).ok()) {
                    headers.insert(name, value);
                }
            }
        }
        if extras.keep != Keep::Open {
            // Said aloud, so that the server need not wait for more; HTTP/2
            // has no such header, and the client leaves it out there.
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        if let Some(auth) = extras.auth {
            headers.insert(header::AUTHORIZATION, auth);
        }
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let request_head = page::request_head(target, host, &headers);
        let sent_at = Utc::now();
        let http = if extras.keep == Keep::Crowded { &self.closing } else { &self.keeping };
        let response = http.get(url.clone()).headers(headers).send().await.map_err(|e| classify(&e))?;
        let length: usize = response.headers().iter().map(|(n, v)| n.as_str().len() + v.len() + 4).sum();
        if length > self.max_header_bytes as usize {
            return Err(too_many_headers(&format!(
                "the header lines have {length} bytes, more than {}",
                self.max_header_bytes
            )));
        }
        Ok(Answer { response, request_head, sent_at })
    }

    /// Reads a whole body within the limits; `declared` says whether its first
    /// bytes must look like a page, and whether the header called it one.
    ///
    /// # Errors
    /// The failure that kept the body from being whole and a page, and what was
    /// received of one that came in a content coding.
    pub(crate) async fn read(
        &self,
        response: &mut Response,
        declared: Option<bool>,
    ) -> Result<Body, (Failure, Vec<u8>)> {
        let mut payload = Vec::new();
        self.read_into(response, declared, &mut payload).await.map_err(|failure| (failure, payload))
    }

    async fn read_into(
        &self,
        response: &mut Response,
        declared: Option<bool>,
        payload: &mut Vec<u8>,
    ) -> Result<Body, Failure> {
        let mut decoder = self.decoder(response.headers())?;
        if decoder.is_identity() && response.content_length().is_some_and(|length| length > self.max_bytes) {
            return Err(decode_failure(&DecodeError::TooLarge(self.max_bytes)));
        }
        decoder.expect(response.content_length().unwrap_or_default());
        let mut pace = Pace::new(self.slow_bytes, self.slow_window);
        let mut unseen = declared;
        while let Some(chunk) = pace.next(response).await? {
            if !decoder.is_identity() {
                payload.extend_from_slice(&chunk);
            }
            decoder.push(&chunk).map_err(|e| decode_failure(&e))?;
            if decoder.body().len() >= media::SNIFF
                && let Some(declared) = unseen.take()
            {
                page_or_not(decoder.body(), declared)?;
            }
        }
        if let Some(declared) = unseen {
            page_or_not(decoder.body(), declared)?;
        }
        let identity = decoder.is_identity();
        let body = Bytes::from(decoder.finish().map_err(|e| decode_failure(&e))?);
        let payload = if identity { body.clone() } else { std::mem::take(payload).into() };
        Ok(Body { payload, body })
    }

    /// Reads the beginning of a body, at most `most` decoded bytes, and takes
    /// whatever comes: for robots.txt and for the pages of errors.
    pub(crate) async fn peek(&self, response: &mut Response, most: usize) -> Result<Peek, Failure> {
        let mut decoder = self.decoder(response.headers())?;
        let mut pace = Pace::new(self.slow_bytes, self.slow_window);
        let mut peek = Peek::default();
        while decoder.body().len() < most {
            let Some(chunk) = pace.next(response).await? else {
                peek.whole = true;
                break;
            };
            peek.payload.extend_from_slice(&chunk);
            match decoder.push(&chunk) {
                Ok(()) => {}
                Err(DecodeError::TooLarge(_)) => break,
                Err(error) => return Err(decode_failure(&error)),
            }
        }
        peek.body = decoder.body().to_vec();
        peek.body.truncate(most);
        Ok(peek)
    }

    /// Reads a short body to its end, so that its connection can be used
    /// again; only an archive wants the bytes.
    pub(crate) async fn drain(&self, response: &mut Response) -> Peek {
        let mut peek = Peek::default();
        let until = Instant::now() + Duration::from_secs(1);
        while peek.payload.len() < DRAIN {
            match timeout_at(until, response.chunk()).await {
                Ok(Ok(Some(chunk))) => peek.payload.extend_from_slice(&chunk),
                ended => {
                    peek.whole = matches!(ended, Ok(Ok(None)));
                    break;
                }
            }
        }
        peek
    }

    fn decoder(&self, headers: &HeaderMap) -> Result<Decoder, Failure> {
        let codings = headers.get_all(header::CONTENT_ENCODING);
        Decoder::new(codings.iter().map(HeaderValue::as_bytes), self.max_bytes, self.max_ratio)
            .map_err(|e| decode_failure(&e))
    }
}

fn accept(want: Want) -> &'static str {
    match want {
        Want::Page => "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.5,*/*;q=0.1",
        Want::Anything => "*/*",
    }
}

fn page_or_not(bytes: &[u8], declared: bool) -> Result<(), Failure> {
    if looks_like_a_page(bytes, declared) {
        return Ok(());
    }
    Err(not_html("the answer's first bytes are those of another kind of file"))
}

/// An answer that is no page.
pub(crate) fn not_html(message: &str) -> Failure {
    Failure::new(FailureKind::NotHtml, message).with_hint("list addresses of HTML pages only")
}

fn decode_failure(error: &DecodeError) -> Failure {
    let message = error.to_string();
    match error {
        DecodeError::TooLarge(_) => {
            Failure::new(FailureKind::TooLarge, message).with_hint("raise --max-bytes if the page is wanted")
        }
        DecodeError::Ratio(_) => Failure::new(FailureKind::TooLarge, message)
            .with_hint("this is how decompression bombs look; the page was not read on"),
        DecodeError::Unknown(_) | DecodeError::Broken(_) | DecodeError::Truncated(_) => {
            Failure::new(FailureKind::Decode, message)
                .with_hint("the server sends what it did not announce; only the site can mend it")
        }
    }
}

/// Chunks of a body, as long as they come fast enough.
struct Pace {
    least: u64,
    window: Duration,
    until: Instant,
    got: u64,
}

impl Pace {
    fn new(least: u64, window: Duration) -> Self {
        Self { least, window, until: Instant::now() + window, got: 0 }
    }

    async fn next(&mut self, response: &mut Response) -> Result<Option<Bytes>, Failure> {
        loop {
            let came = timeout_at(self.until, response.chunk()).await;
            let chunk = match came {
                Ok(Ok(None)) => return Ok(None),
                Ok(Ok(chunk)) => chunk,
                Ok(Err(error)) => return Err(in_body(&error)),
                Err(_) => None,
            };
            self.got += chunk.as_ref().map_or(0, |c| c.len() as u64);
            if Instant::now() >= self.until && self.got >= self.least {
                self.until = Instant::now() + self.window;
                self.got = 0;
            }
            if Instant::now() < self.until {
                match chunk {
                    Some(_) => return Ok(chunk),
                    None => continue,
                }
            }
            let (got, seconds) = (self.got, self.window.as_secs_f64());
            return Err(Failure::new(
                FailureKind::Timeout,
                format!("the body came too slowly: {got} bytes in {seconds} s"),
            )
            .with_hint("the server may be overloaded; try again later"));
        }
    }
}

/// An error while the body came in.
fn in_body(error: &reqwest::Error) -> Failure {
    let failure = classify(error);
    match failure.kind {
        FailureKind::Connect => broken(&format!("the body broke off: {}", failure.message)),
        _ => failure,
    }
}
