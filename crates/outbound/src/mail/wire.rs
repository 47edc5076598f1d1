//! The bytes under a conversation, whichever way they are protected.
//!
//! What is heard between two things that we say is bounded here: the library parses a long reply anew with each of its
//! lines, which for a megabyte takes minutes of a processor.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// Bytes of one reply of a server.
pub(super) const REPLY_MAX_BYTES: usize = 16 * 1024;

/// A connection to the server.
#[derive(Debug)]
pub(super) struct Wire {
    stream: Stream,
    /// What is heard before anything of the stream.
    greeting: &'static [u8],
    /// Since something was said.
    heard_bytes: usize,
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Wire {
    /// In clear.
    pub(super) fn plain(stream: TcpStream) -> Wire {
        Wire::of(Stream::Plain(stream), b"")
    }

    /// With TLS from the first byte.
    pub(super) fn encrypted(stream: TlsStream<TcpStream>) -> Wire {
        Wire::of(Stream::Encrypted(Box::new(stream)), b"")
    }

    /// After STARTTLS. There is no greeting there, and the library waits for one: this says it in the server's place.
    pub(super) fn upgraded(stream: TlsStream<TcpStream>) -> Wire {
        Wire::of(Stream::Encrypted(Box::new(stream)), b"220 encrypted\r\n")
    }

    fn of(stream: Stream, greeting: &'static [u8]) -> Wire {
        Wire {
            stream,
            greeting,
            heard_bytes: 0,
        }
    }
}

impl AsyncTokioStream for Wire {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        match &self.stream {
            Stream::Plain(stream) => stream.peer_addr(),
            Stream::Encrypted(stream) => stream.get_ref().0.peer_addr(),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        if !wire.greeting.is_empty() {
            let (now, later) = wire
                .greeting
                .split_at(wire.greeting.len().min(buffer.remaining()));
            buffer.put_slice(now);
            wire.greeting = later;
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = match &mut wire.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Encrypted(stream) => Pin::new(stream).poll_read(context, buffer),
        };
        wire.heard_bytes += buffer.filled().len().saturating_sub(before);
        if wire.heard_bytes > REPLY_MAX_BYTES {
            return Poll::Ready(Err(io::Error::other("the reply does not end")));
        }
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        wire.heard_bytes = 0;
        match &mut wire.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Encrypted(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Encrypted(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Stream::Encrypted(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
