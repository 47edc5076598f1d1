//! All background work of a node, in one list: started with it, drained with it.

use std::time::Duration;

use ayni_store::error::StoreError;
use tokio::task::JoinSet;

use crate::app::Shared;
use crate::console::payments::{export, search};
use crate::console::seat;
use crate::mails;
use crate::merchants::keys;
use crate::notices::lanes::Lanes;
use crate::operations::jobs as operations;
use crate::orders::jobs as orders;
use crate::payer::jobs as payer;
use crate::payments::jobs as payments;
use crate::reconciliation::jobs as reconciliation;
use crate::settlement::jobs as settlement;

/// Starts every worker. They end, their work in flight recorded, when the process drains; await the set for that.
pub fn start(app: &Shared) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    workers.spawn(reconciliation::STATEMENTS.run(app.clone(), reconciliation::read_statement));
    workers.spawn(reconciliation::VERIFYING_LAPSES.run(app.clone(), reconciliation::lapse_verification));
    workers.spawn(payer::ATTEMPT_LAPSES.run(app.clone(), payer::lapse_attempt));
    workers.spawn(payments::PICTURES.run(app.clone(), payments::fetch_picture));
    workers.spawn(operations::OPERATIONS.run(app.clone(), operations::visit));
    workers.spawn(orders::ORDERS.run(app.clone(), orders::send_next));
    workers.spawn(orders::ORDER_LAPSES.run(app.clone(), orders::lapse_order));
    workers.spawn(settlement::SETTLEMENTS.run(app.clone(), settlement::settle_day));
    workers.spawn(Lanes::new(app.clone()).run());
    workers.spawn(mails::REMINDERS.run(app.clone(), mails::remind));
    if app.mailer.is_some() {
        workers.spawn(mails::MAILS.run(app.clone(), mails::deliver));
        workers.spawn(seat::FORGOTTEN.run(app.clone(), seat::look_up_forgotten));
        workers.spawn(seat::INVITATIONS.run(app.clone(), seat::deliver_invitation));
    }
    workers.spawn(export::EXPORTS.run(app.clone(), export::write));
    workers.spawn(search::run(app.clone()));
    workers.spawn(housekeeping(app.clone()));
    workers
}

/// Does everything that is due at this instant, and returns when nothing is: for tests on a moved clock.
pub async fn drain_due(app: &Shared) -> Result<(), StoreError> {
    let lanes = Lanes::new(app.clone());
    settlement::schedule(app).await?;
    loop {
        search::index_due(app).await?;
        let ran = payments::PICTURES.drain_due(app, payments::fetch_picture).await?
            + reconciliation::STATEMENTS
                .drain_due(app, reconciliation::read_statement)
                .await?
            + reconciliation::VERIFYING_LAPSES
                .drain_due(app, reconciliation::lapse_verification)
                .await?
            + payer::ATTEMPT_LAPSES.drain_due(app, payer::lapse_attempt).await?
            + operations::OPERATIONS.drain_due(app, operations::visit).await?
            + orders::ORDERS.drain_due(app, orders::send_next).await?
            + orders::ORDER_LAPSES.drain_due(app, orders::lapse_order).await?
            + settlement::SETTLEMENTS
                .drain_due(app, settlement::settle_day)
                .await?
            + lanes.drain_due().await?
            + mails::REMINDERS.drain_due(app, mails::remind).await?
            + export::EXPORTS.drain_due(app, export::write).await?
            + match app.mailer {
                Some(_) => {
                    mails::MAILS.drain_due(app, mails::deliver).await?
                        + seat::FORGOTTEN.drain_due(app, seat::look_up_forgotten).await?
                        + seat::INVITATIONS.drain_due(app, seat::deliver_invitation).await?
                }
                None => 0,
            };
        if ran == 0 {
            return tidy(app).await;
        }
    }
}

async fn housekeeping(app: Shared) {
    let mut is_scheduled = false;
    while !app.draining.is_cancelled() {
        tokio::select! {
            () = tokio::time::sleep(TIDY_PAUSE) => {}
            () = app.draining.cancelled() => {}
        }
        if !is_scheduled {
            is_scheduled = settlement::schedule(&app).await.is_ok();
        }
        if let Err(error) = tidy(&app).await {
            tracing::warn!(error = %error, "housekeeping was put off");
        }
    }
}

/// Writes what was noted in memory and deletes what is kept for a day only.
async fn tidy(app: &Shared) -> Result<(), StoreError> {
    keys::record_uses(app).await?;
    app.limits.forget_idle();
    if let Err(error) = crate::keys::refresh(app).await {
        tracing::error!(%error, "new data keys could not be learned");
    }
    crate::oauth::forget_old(app).await?;
    export::forget_old(app).await?;
    crate::operations::forget_old(app).await?;
    crate::institutions::refusals::forget_old(app).await?;
    crate::consents::forget_old(app).await?;
    crate::console::home::feed::catch_up(app).await?;
    seat::forget_old(app).await?;
    crate::privacy::retention::forget_old(app).await?;
    crate::events::forget_old(app).await?;
    crate::http::idempotent::forget_old(app).await
}

const TIDY_PAUSE: Duration = Duration::from_secs(10);
