//! hyper sets a timer for each head that it waits for and takes it down when the head has come. Setting one costs as much
//! as parsing the head, so a connection keeps one that runs on from head to head and is moved only when it goes off.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

/// The timer of one connection.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadTimer {
    idle: Idle,
}

/// The running timer, while no head is waited for.
type Idle = Arc<Mutex<Option<Running>>>;

type Running = Pin<Box<tokio::time::Sleep>>;

/// One wait for a head.
struct Wait {
    deadline: Instant,
    running: Option<Running>,
    idle: Idle,
}

impl Timer for HeadTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Wait {
            deadline,
            running: self.idle.lock().unwrap_or_else(PoisonError::into_inner).take(),
            idle: self.idle.clone(),
        })
    }
}

impl Sleep for Wait {}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let wait = self.get_mut();
        let deadline = wait.deadline.into();
        let running = wait
            .running
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(deadline)));
        // One that was set for an earlier head goes off too early.
        while running.deadline() < deadline {
            ready!(running.as_mut().poll(cx));
            running.as_mut().reset(deadline);
        }
        running.as_mut().poll(cx)
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = self.running.take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_millis(40);

    #[tokio::test]
    async fn a_head_is_waited_for_until_its_own_deadline_though_the_timer_was_set_for_an_earlier_one() {
        let timer = HeadTimer::default();
        let mut first = timer.sleep(PATIENCE);
        assert!(poll_once(&mut first).await.is_pending());
        let set_for = first_deadline(&timer, first);
        let begun = Instant::now();
        let second = timer.sleep_until(begun + 3 * PATIENCE);
        assert_eq!(first_deadline_of_idle(&timer), None, "the one timer is in use");
        second.await;
        assert!(begun.elapsed() >= 3 * PATIENCE);
        assert!(
            first_deadline_of_idle(&timer) > set_for,
            "it was moved, not set anew"
        );
    }

    async fn poll_once(sleep: &mut Pin<Box<dyn Sleep>>) -> Poll<()> {
        std::future::poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx))).await
    }

    fn first_deadline(timer: &HeadTimer, wait: Pin<Box<dyn Sleep>>) -> Option<tokio::time::Instant> {
        drop(wait);
        first_deadline_of_idle(timer)
    }

    fn first_deadline_of_idle(timer: &HeadTimer) -> Option<tokio::time::Instant> {
        timer
            .idle
            .lock()
            .unwrap()
            .as_ref()
            .map(|running| running.deadline())
    }
}
