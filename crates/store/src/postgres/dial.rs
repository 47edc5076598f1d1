//! Getting a connection, patiently but not for ever: a server that restarts is waited for, with growing pauses, as long
//! as a unit of work may wait.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::error::StoreError;
use crate::postgres::session::Session;
use crate::postgres::target::Target;

const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// What every connection is told: a commit is on disk when it returns; nothing is waited for without end.
const SETTINGS: &str = "SET synchronous_commit = on; SET statement_timeout = '30s'; SET lock_timeout = '5s'; \
SET idle_in_transaction_session_timeout = '60s'; ";

pub(crate) struct Dial {
    target: Arc<Target>,
    settings: String,
    patience: Duration,
    failed_at: Option<Instant>,
}

impl Dial {
    /// `settings` are the transaction's: isolation and access mode.
    pub fn new(target: Arc<Target>, settings: &str, patience: Duration) -> Dial {
        Dial {
            target,
            settings: format!("{SETTINGS}{settings}"),
            patience,
            failed_at: None,
        }
    }

    /// A new connection, for a unit of work that has waited since then.
    pub fn session(&mut self, waiting_since: Instant) -> Result<Session, StoreError> {
        let mut pause = FIRST_PAUSE;
        loop {
            let out_of_patience = waiting_since.elapsed() >= self.patience;
            if out_of_patience && self.failed_at.is_some_and(|at| at.elapsed() < LONGEST_PAUSE) {
                return Err(StoreError::Unavailable("no connection for too long".into()));
            }
            match self.try_once() {
                Ok(session) => {
                    self.failed_at = None;
                    return Ok(session);
                }
                Err(error) => {
                    self.failed_at = Some(Instant::now());
                    tracing::warn!(%error, "no connection to PostgreSQL");
                    if out_of_patience {
                        return Err(error);
                    }
                }
            }
            let _ = crossbeam_channel::after(pause).recv();
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }

    fn try_once(&self) -> Result<Session, StoreError> {
        let mut session = Session::new(self.target.connect()?);
        session.batch(&self.settings)?;
        Ok(session)
    }
}
