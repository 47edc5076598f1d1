//! Waiting for what must come: looking again and again, up to a deadline that has a name.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Looks until there is something; `what` and the last thing seen instead stand in the error.
pub async fn until<T>(
    what: &str,
    deadline: Duration,
    mut look: impl AsyncFnMut() -> Result<Looked<T>>,
) -> Result<T> {
    let begun = Instant::now();
    loop {
        match look().await.with_context(|| format!("waiting for {what}"))? {
            Looked::There(found) => return Ok(found),
            Looked::NotYet(instead) if begun.elapsed() > deadline => {
                bail!("waited {} s for {what}: {instead}", deadline.as_secs())
            }
            Looked::NotYet(_) => tokio::time::sleep(LOOK_AGAIN_AFTER).await,
        }
    }
}

/// What a look showed.
pub enum Looked<T> {
    /// What was waited for.
    There(T),
    /// Something else, in words.
    NotYet(String),
}

/// Runs a test on a runtime of its own, which does not wait for what it left running.
pub fn run(test: impl Future<Output = Result<()>>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    let outcome = runtime.block_on(test);
    runtime.shutdown_background();
    if let Err(error) = outcome {
        panic!("{error:?}");
    }
}

const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);
