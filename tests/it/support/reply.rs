//! Answers, from well-behaved to hostile.

use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::Stream;

/// A step of a scripted answer.
#[derive(Clone, Debug)]
pub enum Part {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Silence.
    Wait(Duration),
    /// These bytes again and again, with a silence after each, until the
    /// client has had enough.
    Endless(Vec<u8>, Duration),
    /// The connection is reset.
    Reset,
}

/// What the server answers.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    latency: Duration,
    script: Option<Vec<Part>>,
}

impl Reply {
    /// An empty answer with this status.
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), latency: Duration::ZERO, script: None }
    }

    /// A page.
    pub fn html(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200).header("content-type", "text/html; charset=utf-8").body(body)
    }

    /// Plain text, as robots.txt has it.
    pub fn text(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200).header("content-type", "text/plain").body(body)
    }

    /// A redirect.
    pub fn moved(to: impl Into<String>) -> Self {
        Self::status(302).header("location", to)
    }

    /// Bytes, silences and resets, word for word; the connection is closed
    /// after them.
    pub fn script(parts: impl Into<Vec<Part>>) -> Self {
        Self { script: Some(parts.into()), ..Self::status(0) }
    }

    /// One piece of bytes, then the end.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self::script([Part::Bytes(bytes.into())])
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Waits before it answers.
    pub fn after(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Writes the answer; false where the connection ends with it.
    pub(super) async fn write<S: Stream>(self, stream: &mut S) -> bool {
        tokio::time::sleep(self.latency).await;
        let Some(script) = self.script else {
            let mut bytes = format!("HTTP/1.1 {} Status\r\n", self.status).into_bytes();
            for (name, value) in &self.headers {
                bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
            }
            bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", self.body.len()).as_bytes());
            bytes.extend_from_slice(&self.body);
            return stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok();
        };
        for part in script {
            match part {
                Part::Bytes(bytes) => {
                    if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() {
                        return false;
                    }
                }
                Part::Wait(time) => tokio::time::sleep(time).await,
                Part::Endless(bytes, silence) => {
                    while stream.write_all(&bytes).await.is_ok() && stream.flush().await.is_ok() {
                        tokio::time::sleep(silence).await;
                    }
                    return false;
                }
                Part::Reset => {
                    let _ = stream.socket().set_zero_linger();
                    return false;
                }
            }
        }
        let _ = stream.shutdown().await;
        false
    }
}
