//! Content codings undone by hand: gzip, deflate, brotli, zstd.
//!
//! The HTTP client could do it, but would hide the bytes on the wire, and with
//! them both the payload an archive must keep and the ratio that tells a bomb
//! from a page. Here both sides are counted while the bytes come in, and
//! decoding stops at the cap. Stored answers are decoded by the same code.
//!
//! brotli and zstd need the `fetch` feature; without it they are unknown.

#[cfg(feature = "fetch")]
use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::{Decompress, FlushDecompress, Status};
#[cfg(feature = "fetch")]
use zstd::stream::raw::{DParameter, Decoder as ZstdDecoder, InBuffer, Operation, OutBuffer};

/// The codings that are asked for.
#[cfg(feature = "fetch")]
pub(crate) const ACCEPT_ENCODING: &str = "gzip, deflate, br, zstd";

/// Servers stack two at most; a header with a hundred is an attack.
const MOST_CODINGS: usize = 4;

/// How far a body may grow before its ratio is looked at.
const RATIO_FROM: u64 = 1024 * 1024;

/// zstd windows above 8 MB are not for HTTP (RFC 9659).
#[cfg(feature = "fetch")]
const ZSTD_WINDOW_LOG: u32 = 23;

/// The most that is reserved for a body because its length was announced.
#[cfg(feature = "fetch")]
const MOST_EXPECTED: u64 = 512 * 1024;

/// Output is made in pieces of this size, so that the cap holds to a piece.
const PIECE: usize = 32 * 1024;

/// Why decoding stopped.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("the content coding {0:?} is not known")]
    Unknown(String),
    #[error("the body is not valid {0}")]
    Broken(&'static str),
    #[error("the {0} body ends too early")]
    Truncated(&'static str),
    #[error("the body has more than {0} bytes")]
    TooLarge(u64),
    #[error("the body grows more than {0}-fold by decoding")]
    Ratio(u64),
}

/// A body on its way from the wire to plain bytes.
pub(crate) struct Decoder {
    /// In the order in which they are undone.
    stages: Vec<Stage>,
    body: Vec<u8>,
    wire: u64,
    cap: u64,
    max_ratio: u64,
}

impl Decoder {
    /// A decoder for the values of the `Content-Encoding` headers.
    ///
    /// # Errors
    /// [`DecodeError::Unknown`] for a coding that was not asked for.
    pub(crate) fn new<'a>(
        headers: impl Iterator<Item = &'a [u8]>,
        cap: u64,
        max_ratio: u64,
    ) -> Result<Self, DecodeError> {
        let mut stages = Vec::new();
        for header in headers {
            for coding in String::from_utf8_lossy(header).split(',') {
                let coding = coding.trim().to_ascii_lowercase();
                match coding.as_str() {
                    "" | "identity" => {}
                    "gzip" | "x-gzip" => stages.push(Stage::Inflate(Inflate::gzip())),
                    "deflate" => stages.push(Stage::Inflate(Inflate::deflate())),
                    #[cfg(feature = "fetch")]
                    "br" => stages.push(Stage::Brotli(Brotli::new())),
                    #[cfg(feature = "fetch")]
                    "zstd" => stages.push(Stage::Zstd(Zstd::new()?)),
                    _ => return Err(DecodeError::Unknown(coding)),
                }
                if stages.len() > MOST_CODINGS {
                    return Err(DecodeError::Unknown(format!("{MOST_CODINGS} codings and more")));
                }
            }
        }
        // Listed in the order in which they were applied.
        stages.reverse();
        Ok(Self { stages, body: Vec::new(), wire: 0, cap, max_ratio })
    }

    /// Makes room for a body of an announced length. It is only a hint: what
    /// is announced and never sent costs little.
    #[cfg(feature = "fetch")]
    pub(crate) fn expect(&mut self, length: u64) {
        if self.is_identity() {
            self.body.reserve(usize::try_from(length.min(MOST_EXPECTED)).unwrap_or_default());
        }
    }

    /// Whether the bytes come as they are.
    pub(crate) fn is_identity(&self) -> bool {
        self.stages.is_empty()
    }

    /// What is decoded so far.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Takes bytes from the wire.
    ///
    /// # Errors
    /// Where they are broken or too many; what was decoded before stays.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<(), DecodeError> {
        self.wire += chunk.len() as u64;
        if self.wire > self.cap {
            return Err(DecodeError::TooLarge(self.cap));
        }
        let (limit, error) = self.limit();
        let last = self.stages.len().saturating_sub(1);
        let mut input = std::borrow::Cow::Borrowed(chunk);
        for stage in &mut self.stages[..last] {
            let mut out = Vec::new();
            stage.push(&input, &mut out, limit).map_err(|e| e.unwrap_or_else(&error))?;
            input = out.into();
        }
        if let Some(stage) = self.stages.get_mut(last) {
            stage.push(&input, &mut self.body, limit).map_err(|e| e.unwrap_or_else(error))
        } else {
            self.body.extend_from_slice(&input);
            Ok(())
        }
    }

    /// How long the body may be by now, and what it is called to go beyond.
    fn limit(&self) -> (usize, impl Fn() -> DecodeError + use<>) {
        let (cap, ratio) = (self.cap, self.max_ratio);
        let by_ratio = self.wire.saturating_mul(ratio).max(RATIO_FROM);
        let limit = usize::try_from(cap.min(by_ratio)).unwrap_or(usize::MAX);
        (limit, move || if by_ratio < cap { DecodeError::Ratio(ratio) } else { DecodeError::TooLarge(cap) })
    }

    /// The whole body, after the last bytes from the wire.
    ///
    /// # Errors
    /// [`DecodeError::Truncated`] where a coding had not come to its end. A
    /// body without any bytes is empty in every coding.
    pub(crate) fn finish(self) -> Result<Vec<u8>, DecodeError> {
        match self.stages.iter().find_map(Stage::unfinished) {
            Some(coding) if self.wire > 0 => Err(DecodeError::Truncated(coding)),
            _ => Ok(self.body),
        }
    }
}

/// One coding. `Err(None)` says that the output grew beyond the limit.
enum Stage {
    Inflate(Inflate),
    #[cfg(feature = "fetch")]
    Brotli(Brotli),
    #[cfg(feature = "fetch")]
    Zstd(Zstd),
}

type Pushed = Result<(), Option<DecodeError>>;

impl Stage {
    fn push(&mut self, input: &[u8], out: &mut Vec<u8>, limit: usize) -> Pushed {
        match self {
            Self::Inflate(stage) => stage.push(input, out, limit),
            #[cfg(feature = "fetch")]
            Self::Brotli(stage) => stage.push(input, out, limit),
            #[cfg(feature = "fetch")]
            Self::Zstd(stage) => stage.push(input, out, limit),
        }
    }

    /// The coding's name where its end has not come.
    fn unfinished(&self) -> Option<&'static str> {
        match self {
            Self::Inflate(stage) => (!stage.ended).then_some(stage.name),
            #[cfg(feature = "fetch")]
            Self::Brotli(stage) => (!stage.ended).then_some("brotli"),
            #[cfg(feature = "fetch")]
            Self::Zstd(stage) => (!stage.ended).then_some("zstd"),
        }
    }
}

/// Adds a piece of output.
fn emit(piece: &[u8], out: &mut Vec<u8>, limit: usize) -> Pushed {
    let room = limit.saturating_sub(out.len());
    out.extend_from_slice(&piece[..piece.len().min(room)]);
    if piece.len() > room { Err(None) } else { Ok(()) }
}

/// gzip and deflate. What HTTP calls deflate is zlib by the book and raw
/// deflate from some servers; the first two bytes tell.
struct Inflate {
    name: &'static str,
    state: Option<Decompress>,
    /// The first bytes of a deflate body, until there are two.
    head: Vec<u8>,
    ended: bool,
}

impl Inflate {
    fn gzip() -> Self {
        Self { name: "gzip", state: Some(gunzip()), head: Vec::new(), ended: false }
    }

    fn deflate() -> Self {
        Self { name: "deflate", state: None, head: Vec::new(), ended: false }
    }

    fn push(&mut self, input: &[u8], out: &mut Vec<u8>, limit: usize) -> Pushed {
        if self.state.is_some() {
            return self.inflate(input, out, limit);
        }
        self.head.extend_from_slice(input);
        let [first, second, ..] = self.head[..] else { return Ok(()) };
        let zlib = first & 0x0f == 8 && (u16::from(first) << 8 | u16::from(second)) % 31 == 0;
        self.state = Some(Decompress::new(zlib));
        let head = std::mem::take(&mut self.head);
        self.inflate(&head, out, limit)
    }

    fn inflate(&mut self, mut input: &[u8], out: &mut Vec<u8>, limit: usize) -> Pushed {
        let Some(state) = &mut self.state else { return Ok(()) };
        let mut piece = vec![0; PIECE];
        loop {
            if self.ended {
                // Another gzip member may follow; other bytes after the end
                // are ignored, as browsers do.
                if self.name != "gzip" || input.first() != Some(&0x1f) {
                    return Ok(());
                }
                *state = gunzip();
                self.ended = false;
            }
            let (used, made) = (state.total_in(), state.total_out());
            let status = state
                .decompress(input, &mut piece, FlushDecompress::None)
                .map_err(|_| DecodeError::Broken(self.name))?;
            // Differences of at most the lengths of the two slices.
            let used = usize::try_from(state.total_in() - used).unwrap_or(input.len());
            let made = usize::try_from(state.total_out() - made).unwrap_or(piece.len());
            input = &input[used..];
            emit(&piece[..made], out, limit)?;
            self.ended = status == Status::StreamEnd;
            if !self.ended && (input.is_empty() && made < PIECE || used == 0 && made == 0) {
                return Ok(());
            }
        }
    }
}

/// Window bits of 15: the whole 32 KB that deflate allows.
fn gunzip() -> Decompress {
    Decompress::new_gzip(15)
}

#[cfg(feature = "fetch")]
struct Brotli {
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    ended: bool,
}

#[cfg(feature = "fetch")]
impl Brotli {
    fn new() -> Self {
        let alloc = StandardAlloc::default;
        Self { state: Box::new(BrotliState::new(alloc(), alloc(), alloc())), ended: false }
    }

    fn push(&mut self, input: &[u8], out: &mut Vec<u8>, limit: usize) -> Pushed {
        let mut piece = vec![0; PIECE];
        let (mut left, mut at) = (input.len(), 0);
        while !self.ended {
            let (mut room, mut made, mut total) = (piece.len(), 0, 0);
            let result = BrotliDecompressStream(
                &mut left,
                &mut at,
                input,
                &mut room,
                &mut made,
                &mut piece,
                &mut total,
                &mut self.state,
            );
            emit(&piece[..made], out, limit)?;
            match result {
                BrotliResult::ResultSuccess => self.ended = true,
                BrotliResult::NeedsMoreInput => return Ok(()),
                BrotliResult::NeedsMoreOutput => {}
                BrotliResult::ResultFailure => return Err(Some(DecodeError::Broken("brotli"))),
            }
        }
        Ok(())
    }
}

#[cfg(feature = "fetch")]
struct Zstd {
    state: ZstdDecoder<'static>,
    ended: bool,
}

#[cfg(feature = "fetch")]
impl Zstd {
    fn new() -> Result<Self, DecodeError> {
        let mut state = ZstdDecoder::new().map_err(|_| DecodeError::Broken("zstd"))?;
        state
            .set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG))
            .map_err(|_| DecodeError::Broken("zstd"))?;
        Ok(Self { state, ended: false })
    }

    fn push(&mut self, input: &[u8], out: &mut Vec<u8>, limit: usize) -> Pushed {
        let mut piece = vec![0; PIECE];
        let mut input = InBuffer::around(input);
        loop {
            let (before, mut output) = (input.pos(), OutBuffer::around(&mut piece[..]));
            let hint = self.state.run(&mut input, &mut output).map_err(|_| DecodeError::Broken("zstd"))?;
            let made = output.as_slice().len();
            emit(&piece[..made], out, limit)?;
            let stuck = input.pos() == before && made == 0;
            if !stuck {
                self.ended = hint == 0;
            }
            if stuck || (input.pos() == input.src.len() && made < PIECE) {
                return Ok(());
            }
        }
    }
}

#[cfg(all(test, feature = "fetch"))]
#[path = "coding_tests.rs"]
mod tests;
