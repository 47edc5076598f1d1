//! hyper sets a timer for each head that it waits for and takes it down when the head has come. Setting one costs as much
//! as parsing the head, so a connection keeps one that runs on from head to head and is moved only when it goes off. Heads
//! that were answered beneath hyper move it too.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

/// The timer of one connection.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadTimer {
    kept: Arc<Mutex<Kept>>,
}

/// What is kept from head to head.
#[derive(Debug, Default)]
struct Kept {
    /// The running timer, while no head is waited for.
    idle: Option<Running>,
    /// The deadline of the head that is waited for, since another was answered.
    put_off_to: Option<Instant>,
}

type Running = Pin<Box<tokio::time::Sleep>>;

/// One wait for a head.
struct Wait {
    deadline: Instant,
    running: Option<Running>,
    timer: HeadTimer,
}

impl HeadTimer {
    /// The head that is waited for may take until then: one before it has just been answered.
    pub(super) fn put_off(&self, deadline: Instant) {
        self.kept().put_off_to = Some(deadline);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Timer for HeadTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Wait {
            deadline,
            running: self.kept().idle.take(),
            timer: self.clone(),
        })
    }
}

impl Sleep for Wait {}

impl Future for Wait {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Wait {
            deadline,
            running,
            timer,
        } = self.get_mut();
        let running = running.get_or_insert_with(|| Box::pin(tokio::time::sleep_until((*deadline).into())));
        loop {
            ready!(running.as_mut().poll(cx));
            // One that was set for an earlier head goes off too early.
            *deadline = timer
                .kept()
                .put_off_to
                .take()
                .map_or(*deadline, |later| later.max(*deadline));
            if running.deadline() >= (*deadline).into() {
                return Poll::Ready(());
            }
            running.as_mut().reset((*deadline).into());
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.timer.kept().idle = self.running.take();
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

    #[tokio::test]
    async fn a_head_that_is_waited_for_has_its_time_from_the_one_that_was_answered_before_it() {
        let timer = HeadTimer::default();
        let begun = Instant::now();
        let mut wait = timer.sleep_until(begun + PATIENCE);
        assert!(poll_once(&mut wait).await.is_pending());
        timer.put_off(begun + 3 * PATIENCE);
        wait.await;
        assert!(begun.elapsed() >= 3 * PATIENCE);
    }

    async fn poll_once(sleep: &mut Pin<Box<dyn Sleep>>) -> Poll<()> {
        std::future::poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx))).await
    }

    fn first_deadline(timer: &HeadTimer, wait: Pin<Box<dyn Sleep>>) -> Option<tokio::time::Instant> {
        drop(wait);
        first_deadline_of_idle(timer)
    }

    fn first_deadline_of_idle(timer: &HeadTimer) -> Option<tokio::time::Instant> {
        timer.kept().idle.as_ref().map(|running| running.deadline())
    }
}
