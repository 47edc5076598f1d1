//! Plain readings of payments are answered beneath hyper, in the stream that it reads: it never sees them.
//!
//! A connection is the stream's own as long as it is asked for nothing else. The first bytes that are anything but one
//! whole plain reading that can be answered at once go on to hyper with all that follow, since from then on only hyper
//! knows where a request begins. So nothing is ever answered out of turn.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::head_timer::HeadTimer;
use crate::http::front::Front;
use crate::http::front::plain::Dated;

/// A stream that answers plain readings itself.
pub(super) struct Beneath<S> {
    stream: S,
    front: Front,
    /// hyper's, put off by each answer.
    timer: HeadTimer,
    head_max: Duration,
    /// Until something else came.
    is_own: bool,
    dated: Dated,
    /// An answer, and how much of it was sent.
    unsent: (Vec<u8>, usize),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Beneath<S> {
    /// Over a stream whose heads may take `head_max` to arrive.
    pub(super) fn new(stream: S, front: Front, timer: HeadTimer, head_max: Duration) -> Beneath<S> {
        Beneath {
            stream,
            front,
            timer,
            head_max,
            is_own: true,
            dated: Dated::default(),
            unsent: (Vec::new(), 0),
        }
    }

    /// Nothing is read or closed before an answer is sent whole.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let (answer, sent) = &mut self.unsent;
        if answer.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while let Some(rest @ [_, ..]) = answer.get(*sent..) {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                count => *sent += count,
            }
        }
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        // An idle connection holds no room for answers.
        self.unsent = (Vec::new(), 0);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Beneath<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while this.is_own {
            ready!(this.poll_send(cx))?;
            let before = buf.filled().len();
            ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
            let came = &buf.filled()[before..];
            match this.front.answer_plain(came, &mut this.dated) {
                Some(answer) => this.unsent = (answer, 0),
                None => {
                    this.is_own = false;
                    return Poll::Ready(Ok(()));
                }
            }
            this.timer.put_off(Instant::now() + this.head_max);
            buf.set_filled(before);
        }
        Pin::new(&mut this.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Beneath<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_send(cx))?;
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_send(cx))?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;
    use crate::harness::House;

    const HEAD_MAX: Duration = Duration::from_secs(30);
    const PLAIN: &str = r#"{"amount":1000,"currency":"CLP","subject":"Cobro"}"#;

    /// A house, the bytes of a plain reading, the client's end, and the stream as hyper has it.
    async fn at_work(room_bytes: usize) -> (House, String, DuplexStream, Beneath<DuplexStream>) {
        let house = House::open().await;
        let created = house.post("/v3/payments", PLAIN).await.json();
        let (id, key) = (created["payment_id"].as_str().unwrap(), &house.key);
        let head = format!("GET /v3/payments/{id} HTTP/1.1\r\nx-api-key: {key}\r\n\r\n");
        let (client, server) = duplex(room_bytes);
        let beneath = Beneath::new(server, house.front(), HeadTimer::default(), HEAD_MAX);
        (house, head, client, beneath)
    }

    async fn answer(client: &mut DuplexStream) -> String {
        let mut answer = String::new();
        loop {
            answer.push(char::from(client.read_u8().await.unwrap()));
            if let Some((head, body)) = answer.split_once("\r\n\r\n") {
                let (_, rest) = head.split_once("content-length: ").unwrap();
                if rest.split("\r\n").next() == Some(body.len().to_string().as_str()) {
                    return answer;
                }
            }
        }
    }

    #[tokio::test]
    async fn readings_are_answered_and_hyper_sees_what_comes_after_them_and_all_that_follows() {
        let (_house, head, mut client, mut beneath) = at_work(1 << 16).await;
        let hyper = tokio::spawn(async move {
            let (mut seen, mut room) = (String::new(), [0; 4096]);
            loop {
                match beneath.read(&mut room).await.unwrap() {
                    0 => return seen,
                    count => seen += std::str::from_utf8(&room[..count]).unwrap(),
                }
            }
        });
        for _ in 0..3 {
            client.write_all(head.as_bytes()).await.unwrap();
            assert!(answer(&mut client).await.ends_with('}'));
        }
        client.write_all(b"POST /v3/payments HTTP/1.1\r\n").await.unwrap();
        tokio::task::yield_now().await;
        client.write_all(head.as_bytes()).await.unwrap();
        drop(client);
        assert_eq!(
            hyper.await.unwrap(),
            format!("POST /v3/payments HTTP/1.1\r\n{head}")
        );
    }

    #[tokio::test]
    async fn a_head_in_two_pieces_is_hypers_from_its_first_byte() {
        let (_house, head, mut client, mut beneath) = at_work(1 << 16).await;
        let mut seen = vec![0; head.len()];
        for piece in [&head[..20], &head[20..]] {
            client.write_all(piece.as_bytes()).await.unwrap();
            let count = beneath.read(&mut seen).await.unwrap();
            assert_eq!(&seen[..count], piece.as_bytes());
        }
    }

    #[tokio::test]
    async fn an_answer_that_a_slow_client_takes_bit_by_bit_is_whole_before_hyper_reads_or_writes() {
        let (_house, head, mut client, mut beneath) = at_work(128).await;
        let hyper = tokio::spawn(async move {
            let mut room = [0; 512];
            let count = beneath.read(&mut room).await.unwrap();
            beneath.write_all(&room[..count]).await.unwrap();
            beneath.shutdown().await.unwrap();
        });
        client.write_all(head.as_bytes()).await.unwrap();
        let mut all = vec![client.read_u8().await.unwrap()];
        client.write_all(b"another").await.unwrap();
        client.read_to_end(&mut all).await.unwrap();
        hyper.await.unwrap();
        let all = String::from_utf8(all).unwrap();
        let (head, rest) = all.split_once("\r\n\r\n").unwrap();
        let body = rest.strip_suffix("another").unwrap();
        assert!(
            head.contains(&format!("content-length: {}\r\n", body.len())),
            "{head}"
        );
    }
}
