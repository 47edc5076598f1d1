//! A request whose client hangs up is either not there at all or complete with its jobs.
//!
//! hyper drops a handler's future when the client goes, at whatever step it is. [`Carried`] runs the handler in place, at
//! no cost, and only when it is dropped unfinished hands the rest of it to a task of its own, which the drain waits for.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::response::Response;
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use super::ClientGone;

/// A handler's answer to come, which is made whether or not somebody waits for it.
pub(super) struct Carried<E: Send + 'static> {
    running: Option<Running<E>>,
    tasks: TaskTracker,
    gone: ClientGone,
}

type Running<E> = Pin<Box<dyn Future<Output = Result<Response, E>> + Send>>;

impl<E: Send + 'static> Carried<E> {
    pub(super) fn new(
        running: impl Future<Output = Result<Response, E>> + Send + 'static,
        tasks: TaskTracker,
        gone: ClientGone,
    ) -> Carried<E> {
        Carried {
            running: Some(Box::pin(running)),
            tasks,
            gone,
        }
    }
}

impl<E: Send + 'static> Future for Carried<E> {
    type Output = Result<Response, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Taken out while it is polled: if it panics, there is nothing left to carry on.
        let Some(mut running) = self.running.take() else {
            return Poll::Pending;
        };
        let polled = running.as_mut().poll(cx);
        if polled.is_pending() {
            self.running = Some(running);
        }
        polled
    }
}

impl<E: Send + 'static> Drop for Carried<E> {
    fn drop(&mut self) {
        if let (Some(running), Ok(runtime)) = (self.running.take(), Handle::try_current()) {
            metrics::counter!("ayni_http_hang_ups_total").increment(1);
            self.gone.0.cancel();
            self.tasks.spawn_on(running, &runtime);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::Arc;

    use axum::response::IntoResponse as _;
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_handler_that_is_dropped_between_two_steps_takes_the_second_one_too() {
        let (tasks, go, done) = (
            TaskTracker::new(),
            Arc::new(Notify::new()),
            Arc::new(Notify::new()),
        );
        let (wait, tell) = (go.clone(), done.clone());
        let handler = async move {
            wait.notified().await;
            tell.notify_one();
            Ok::<_, Infallible>("done".into_response())
        };
        let gone = ClientGone::default();
        let mut carried = Carried::new(handler, tasks.clone(), gone.clone());
        assert!(std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut carried).poll(cx).is_pending())).await);
        drop(carried);
        assert!(gone.0.is_cancelled(), "it is told that nobody waits any more");
        assert_eq!(tasks.len(), 1);
        go.notify_one();
        done.notified().await;
        tasks.close();
        tasks.wait().await;
    }

    #[tokio::test]
    async fn a_handler_that_was_waited_for_leaves_no_task() {
        let tasks = TaskTracker::new();
        let gone = ClientGone::default();
        let handler = async { Ok::<_, Infallible>("done".into_response()) };
        assert!(Carried::new(handler, tasks.clone(), gone.clone()).await.is_ok());
        assert!(tasks.is_empty() && !gone.0.is_cancelled());
    }
}
