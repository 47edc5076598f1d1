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

/// The seed of a test's chance: chosen anew for each run, unless the environment names the one to repeat.
pub fn seed() -> Result<u64> {
    let seed = match std::env::var("AYNI_TEST_SEED") {
        Ok(seed) => seed.parse()?,
        Err(_) => ayni_crypto::entropy::Entropy::system().u64() >> 16,
    };
    println!("AYNI_TEST_SEED={seed} repeats this run's chance");
    Ok(seed)
}

const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(20);
