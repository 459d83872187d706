//! The bytes of a file that may be gzipped: in one member, or in as many as
//! there are records.
//!
//! flate2's own reader of many members cannot go on behind a broken one, so
//! members are opened here one by one.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// A gzip member begins with these bytes: the mark and the only method.
const MARK: &[u8] = &[0x1f, 0x8b, 0x08];

/// A file whose bytes come as if it had never been compressed.
#[derive(Debug)]
pub(super) struct Unpack<R> {
    state: State<R>,
}

#[derive(Debug)]
enum State<R> {
    /// Nothing was read yet.
    Fresh(Input<R>),
    Plain(Input<R>),
    Member(Box<GzDecoder<Input<R>>>),
    /// Before a member, or behind the last.
    Between(Input<R>),
    /// Only while one state is made of another.
    Moving,
}

impl<R: BufRead> Unpack<R> {
    pub(super) fn new(input: R) -> Self {
        Self { state: State::Fresh(Input { head: &[], rest: input }) }
    }

    /// Goes on at the next gzip member behind a broken one; false where there
    /// is none.
    pub(super) fn next_member(&mut self) -> io::Result<bool> {
        let mut input = match std::mem::replace(&mut self.state, State::Moving) {
            State::Member(decoder) => decoder.into_inner(),
            State::Between(input) => input,
            other => {
                self.state = other;
                return Ok(false);
            }
        };
        let found = input.seek_mark();
        self.state = State::Between(input);
        found
    }
}

impl<R: BufRead> Read for Unpack<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let (state, read) = match std::mem::replace(&mut self.state, State::Moving) {
                State::Fresh(mut input) => match input.peek() {
                    Ok(Some(first)) if first == MARK[0] => (State::Between(input), None),
                    Ok(_) => (State::Plain(input), None),
                    Err(error) => (State::Fresh(input), Some(Err(error))),
                },
                State::Plain(mut input) => {
                    let read = input.read(out);
                    (State::Plain(input), Some(read))
                }
                State::Between(mut input) => match input.peek_over_zeros() {
                    Ok(None) => (State::Between(input), Some(Ok(0))),
                    Ok(Some(first)) if first == MARK[0] => {
                        (State::Member(Box::new(GzDecoder::new(input))), None)
                    }
                    Ok(Some(_)) => (State::Between(input), Some(Err(broken("is followed by other bytes")))),
                    Err(error) => (State::Between(input), Some(Err(error))),
                },
                State::Member(mut decoder) => match decoder.read(out) {
                    Ok(0) if !out.is_empty() => (State::Between(decoder.into_inner()), None),
                    Err(error) if is_broken(&error) => {
                        (State::Member(decoder), Some(Err(broken(&format!("is broken: {error}")))))
                    }
                    read => (State::Member(decoder), Some(read)),
                },
                State::Moving => (State::Moving, Some(Ok(0))),
            };
            self.state = state;
            if let Some(read) = read {
                return read;
            }
        }
    }
}

/// Whether an error tells of the bytes and not of the file.
fn is_broken(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof)
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("a gzip member {what}"))
}

/// The file, with bytes that were looked at put back before it.
#[derive(Debug)]
struct Input<R> {
    head: &'static [u8],
    rest: R,
}

impl<R: BufRead> Input<R> {
    fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.fill_buf()?.first().copied())
    }

    /// The same behind padding.
    fn peek_over_zeros(&mut self) -> io::Result<Option<u8>> {
        while self.peek()? == Some(0) {
            self.consume(1);
        }
        self.peek()
    }

    /// Moves to the next mark of a member.
    fn seek_mark(&mut self) -> io::Result<bool> {
        let mut matched = 0;
        while matched < MARK.len() {
            let buffer = self.fill_buf()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            let mut used = 0;
            for byte in buffer {
                used += 1;
                matched = match (MARK[matched] == *byte, MARK[0] == *byte) {
                    (true, _) => matched + 1,
                    (false, true) => 1,
                    (false, false) => 0,
                };
                if matched == MARK.len() {
                    break;
                }
            }
            self.consume(used);
        }
        self.head = MARK;
        Ok(true)
    }
}

impl<R: BufRead> Read for Input<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut buffer = self.fill_buf()?;
        let read = buffer.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.head.is_empty() {
            // An interrupted call must not look like a broken member.
            while let Err(error) = self.rest.fill_buf() {
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
            return self.rest.fill_buf();
        }
        Ok(self.head)
    }

    fn consume(&mut self, amount: usize) {
        if self.head.is_empty() {
            self.rest.consume(amount);
        } else {
            self.head = &self.head[amount.min(self.head.len())..];
        }
    }
}
