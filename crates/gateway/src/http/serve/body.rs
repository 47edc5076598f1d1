//! A request's body has a deadline, so that a client that drips it does not keep a handler for ever.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use thiserror::Error;
use tokio::time::{Sleep, sleep};

/// The body did not come in time.
#[derive(Debug, Error)]
#[error("the body did not come in time")]
pub(super) struct TooSlow;

/// A body that fails when it has not come whole in time. The clock starts when something is first waited for, so a body
/// that came with its head costs no timer.
pub(super) struct TimedBody<B> {
    incoming: B,
    patience: Duration,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<B> TimedBody<B> {
    pub(super) fn new(incoming: B, patience: Duration) -> TimedBody<B> {
        TimedBody {
            incoming,
            patience,
            deadline: None,
        }
    }
}

impl<B> Body for TimedBody<B>
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.incoming).poll_frame(cx) {
            return Poll::Ready(frame.map(|f| f.map_err(Into::into)));
        }
        let patience = self.patience;
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(sleep(patience)));
        deadline.as_mut().poll(cx).map(|()| Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use tokio::sync::mpsc;
    use tokio_stream::StreamExt as _;
    use tokio_stream::wrappers::ReceiverStream;

    use super::*;

    const PATIENCE: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn a_body_that_drips_fails_at_its_deadline() {
        let (sender, drops) = mpsc::channel(1);
        tokio::spawn(async move { while sender.send(Bytes::from_static(b"x")).await.is_ok() {} });
        let dripping = axum::body::Body::from_stream(ReceiverStream::new(drops).map(Ok::<_, BoxError>));
        let error = TimedBody::new(dripping, PATIENCE).collect().await.unwrap_err();
        assert!(error.is::<TooSlow>());
    }

    #[tokio::test]
    async fn a_body_that_comes_whole_is_passed_on() {
        let body = axum::body::Body::from("hello");
        let whole = TimedBody::new(body, PATIENCE).collect().await.unwrap().to_bytes();
        assert_eq!(whole, "hello");
    }
}
