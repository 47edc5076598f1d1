//! All background work of a node, in one list: started with it, drained with it.

use std::pin::Pin;
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
use crate::privacy::cases::{self, jobs as people};
use crate::privacy::retention::jobs as retention;
use crate::reconciliation::jobs as reconciliation;
use crate::requests::keep;
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
    workers.spawn(people::CASES.run(app.clone(), people::carry_out));
    workers.spawn(retention::RETENTION.run(app.clone(), retention::forget_old));
    workers.spawn(search::run(app.clone()));
    workers.spawn(keep::run(app.clone()));
    workers.spawn(housekeeping(app.clone()));
    workers
}

/// Does everything that is due at this instant, and returns when nothing is: for tests on a moved clock.
pub async fn drain_due(app: &Shared) -> Result<(), StoreError> {
    let lanes = Lanes::new(app.clone());
    settlement::schedule(app).await?;
    retention::schedule(app).await?;
    keep::keep_due(app).await?;
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
            + people::CASES.drain_due(app, people::carry_out).await?
            + retention::RETENTION.drain_due(app, retention::forget_old).await?
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
            is_scheduled =
                settlement::schedule(&app).await.is_ok() && retention::schedule(&app).await.is_ok();
        }
        // What could not be done is in the log, and done in the next round.
        let _ = tidy(&app).await;
    }
}

/// Writes what was noted in memory and deletes what is kept for a day only. A step that fails keeps no other from its
/// turn; the first one's error is returned.
async fn tidy(app: &Shared) -> Result<(), StoreError> {
    app.limits.forget_idle();
    if let Err(error) = crate::keys::refresh(app).await {
        tracing::error!(%error, "new data keys could not be learned");
    }
    let steps: [(&str, Step<'_>); 13] = [
        ("uses of API keys", Box::pin(keys::record_uses(app))),
        ("uses of consents", Box::pin(crate::consents::record_uses(app))),
        ("tokens", Box::pin(crate::oauth::forget_old(app))),
        ("exports", Box::pin(export::forget_old(app))),
        ("operations", Box::pin(crate::operations::forget_old(app))),
        (
            "refusals",
            Box::pin(crate::institutions::refusals::forget_old(app)),
        ),
        ("consents", Box::pin(crate::consents::forget_old(app))),
        (
            "figures of days",
            Box::pin(async { crate::console::home::feed::catch_up(app).await.map(drop) }),
        ),
        ("sessions", Box::pin(seat::forget_old(app))),
        ("cases of people", Box::pin(cases::forget_old(app))),
        ("events", Box::pin(crate::events::forget_old(app))),
        ("lines of requests", Box::pin(keep::forget_old(app))),
        (
            "idempotent answers",
            Box::pin(crate::http::idempotent::forget_old(app)),
        ),
    ];
    let mut all = Ok(());
    for (step, doing) in steps {
        if let Err(error) = doing.await {
            tracing::warn!(step, %error, "housekeeping was put off");
            all = all.and(Err(error));
        }
    }
    all
}

/// A part of the housekeeping, begun when it is its turn.
type Step<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

const TIDY_PAUSE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use ayni_store::tx::Tx;

    use super::*;
    use crate::harness::House;

    #[tokio::test]
    async fn a_step_of_the_housekeeping_that_fails_keeps_no_other_from_its_turn() {
        let house = House::open().await;
        let exec = |text: &'static str| {
            let work = move |tx: &mut Tx<'_>| tx.exec(text, &[]);
            let written = house.app.db.write("test.exec", work);
            async move { written.await.map(drop) }
        };
        exec("INSERT INTO idempotent_answers (account_id, method, path, key, body_hash, status, answer_sealed, created_at) \
              VALUES (1, 'POST', '/', 'k', x'00', 200, x'00', 0)")
        .await
        .unwrap();
        exec("DROP TABLE oauth_tokens").await.unwrap();
        assert!(tidy(&house.app).await.is_err(), "it is told");
        let left = house.app.db.read("test.left", |tx: &mut Tx<'_>| {
            tx.all("SELECT key FROM idempotent_answers", &[])
        });
        assert!(left.await.unwrap().is_empty(), "the last step had its turn");
    }
}
