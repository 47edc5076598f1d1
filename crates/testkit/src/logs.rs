//! What the gateway and the bank log while tests run: kept, and searched for what must never be in it.

use std::io::{self, Write};
use std::sync::{Mutex, Once, PoisonError};

use anyhow::{Result, ensure};

/// Keeps all logs of this process from now on, down to the debug level.
pub fn keep() {
    static KEEPING: Once = Once::new();
    KEEPING.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(|| Keeper)
            .finish();
        // A test that keeps logs of its own came first: then those are its own to search.
        let _ = tracing::subscriber::set_global_default(subscriber);
    });
}

/// Nothing of what people typed, nor anything that opens an account, is in the logs.
pub fn tell_none_of(secrets: &[&str]) -> Result<()> {
    let kept = LOGS.lock().unwrap_or_else(PoisonError::into_inner);
    let text = String::from_utf8_lossy(&kept);
    for secret in secrets {
        let line = text.lines().find(|line| line.contains(secret));
        ensure!(
            line.is_none(),
            "the logs tell {secret}: {}",
            line.unwrap_or_default()
        );
    }
    Ok(())
}

struct Keeper;

impl Write for Keeper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut kept = LOGS.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT_MAX_BYTES {
            kept.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

static LOGS: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Far above what one test logs, and far below what memory has.
const KEPT_MAX_BYTES: usize = 16 * 1024 * 1024;
