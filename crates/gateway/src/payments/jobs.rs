//! The background work of payments: fetching their pictures.

use std::time::Duration;

use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job};

use super::picture::{Picture, made_anew};
use super::sql;
use crate::app::{App, Shared};
use crate::signals::JobKind;
use crate::worker::{Pump, Unfinished};

/// How pictures are fetched: few at once, since decoding takes memory.
pub const PICTURES: Pump = Pump {
    kind: JobKind::Picture,
    concurrency: 2,
    per_lane: 2,
};

/// Fetches a payment's picture, makes it anew and stores it; gives up after a few tries, or at once where the bytes are
/// no picture.
pub async fn fetch_picture(app: Shared, job: Job) -> Result<(), Unfinished> {
    let fetched = match app.outbound.fetch(&job.payload, MAX_BYTES, TIMEOUT).await {
        Ok(fetched) => fetched,
        Err(error) if job.tries < MAX_TRIES => {
            return Err(Unfinished {
                reason: error.to_string(),
                pause: PAUSE,
            });
        }
        Err(error) => return Ok(give_up(&app, job, error.to_string()).await?),
    };
    let made = tokio::task::spawn_blocking(move || made_anew(&fetched.bytes)).await;
    match made {
        Ok(Ok(picture)) => Ok(keep(&app, job, picture).await?),
        Ok(Err(error)) => Ok(give_up(&app, job, error.to_string()).await?),
        Err(error) => Ok(give_up(&app, job, error.to_string()).await?),
    }
}

async fn keep(app: &App, job: Job, picture: Picture) -> Result<(), StoreError> {
    app.db
        .append("payments.keep-picture", move |tx| {
            sql::upsert_picture(tx, &job.key, &picture)?;
            queue::finish(tx, &job).map(|_| ())
        })
        .await
}

async fn give_up(app: &App, job: Job, reason: String) -> Result<(), StoreError> {
    let now = app.clock.now();
    app.db
        .append("payments.give-up-picture", move |tx| {
            queue::bury(tx, &job, &reason, now).map(|_| ())
        })
        .await
}

const MAX_BYTES: usize = 2 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_TRIES: i64 = 3;
const PAUSE: Duration = Duration::from_secs(60);
