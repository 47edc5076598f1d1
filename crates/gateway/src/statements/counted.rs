//! Where in a file a reader is, in lines as an editor counts them.

use std::io::{self, BufRead, Read};

/// Counts the lines of what was read through it.
pub(super) struct Counted<R> {
    inner: R,
    lines: u64,
}

impl<R: BufRead> Counted<R> {
    pub(super) fn new(inner: R) -> Counted<R> {
        Counted { inner, lines: 0 }
    }

    /// The line that is being read, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.lines + 1
    }
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.lines += newlines(&into[..read]);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed was filled before, so this reads nothing.
        if let Ok(filled) = self.inner.fill_buf() {
            self.lines += newlines(&filled[..amount.min(filled.len())]);
        }
        self.inner.consume(amount);
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
