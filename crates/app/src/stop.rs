//! Being asked to stop: the first signal drains, the second one ends the process at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::output;

/// A token that Ctrl-C or SIGTERM cancels; a second signal exits with 130.
pub fn on_signal() -> anyhow::Result<CancellationToken> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if asked.is_cancelled() {
                output::note("stopped at once, as asked twice; what was acknowledged is safe");
                std::process::exit(EXIT_AT_ONCE);
            }
            output::note("stopping: requests and jobs under way are finished first (again: stop at once)");
            asked.cancel();
        }
    });
    Ok(stop)
}

const EXIT_AT_ONCE: i32 = 130;
