//! A queue's bytes, kept in a file once they grow: a list of ten million URLs
//! is read ahead without filling the memory.
//!
//! The file is unlinked from the start, so that no way of ending the program
//! leaves it behind. A short list never touches the disk.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// How many bytes stay in memory before they go to the file.
const TAIL: usize = 1024 * 1024;

/// Records by offset: written once, read once, in any order.
#[derive(Debug, Default)]
pub(crate) struct Spill {
    file: Option<File>,
    /// How many bytes are in the file; the tail begins at this offset.
    flushed: u64,
    tail: Vec<u8>,
    /// Records not taken yet; at zero everything is dropped.
    alive: usize,
}

impl Spill {
    /// Adds a record and gives its offset.
    ///
    /// # Errors
    /// Where the temporary file cannot be made or written.
    pub(crate) fn push(&mut self, record: &[u8]) -> io::Result<u64> {
        let len = u32::try_from(record.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        if self.tail.len() + record.len() > TAIL {
            self.flush()?;
        }
        let at = self.flushed + self.tail.len() as u64;
        self.tail.extend_from_slice(&len.to_le_bytes());
        self.tail.extend_from_slice(record);
        self.alive += 1;
        Ok(at)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.tail.is_empty() {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(self.flushed))?;
        file.write_all(&self.tail)?;
        self.flushed += self.tail.len() as u64;
        self.tail.clear();
        Ok(())
    }

    /// Takes the record at an offset that [`Self::push`] gave.
    ///
    /// # Errors
    /// Where the temporary file cannot be read.
    pub(crate) fn take(&mut self, at: u64) -> io::Result<Vec<u8>> {
        let record = self.read(at);
        self.alive = self.alive.saturating_sub(1);
        if self.alive == 0 {
            self.tail.clear();
            self.flushed = 0;
            if let Some(file) = &self.file {
                file.set_len(0)?;
            }
        }
        record
    }

    fn read(&mut self, at: u64) -> io::Result<Vec<u8>> {
        let mut len = [0; 4];
        if let Some(offset) = at.checked_sub(self.flushed) {
            let offset = usize::try_from(offset).map_err(|_| io::ErrorKind::InvalidInput)?;
            let record = self.tail.get(offset..).ok_or(io::ErrorKind::UnexpectedEof)?;
            let (head, record) = record.split_at_checked(4).ok_or(io::ErrorKind::UnexpectedEof)?;
            len.copy_from_slice(head);
            let record =
                record.get(..u32::from_le_bytes(len) as usize).ok_or(io::ErrorKind::UnexpectedEof)?;
            return Ok(record.to_vec());
        }
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut len)?;
        let mut record = vec![0; u32::from_le_bytes(len) as usize];
        file.read_exact(&mut record)?;
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_from_memory_and_from_the_file() {
        let mut spill = Spill::default();
        let record = |i: u32| format!("record {i} {}", "x".repeat(i as usize % 300)).into_bytes();
        let at: Vec<u64> = (0..20_000).map(|i| spill.push(&record(i)).unwrap()).collect();
        assert!(spill.flushed > 0 && !spill.tail.is_empty());
        for i in (0..20_000).rev() {
            assert_eq!(spill.take(at[i as usize]).unwrap(), record(i));
        }
        assert_eq!((spill.flushed, spill.tail.len()), (0, 0));
        let again = spill.push(b"again").unwrap();
        assert_eq!(spill.take(again).unwrap(), b"again");
    }

    #[test]
    fn an_offset_beyond_the_end_is_an_error() {
        let mut spill = Spill::default();
        spill.push(b"one").unwrap();
        assert!(spill.read(99).is_err() && spill.read(5).is_err());
    }
}
