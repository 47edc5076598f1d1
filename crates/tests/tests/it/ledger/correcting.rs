//! Corrections by a person, and postings that race.

use anyhow::Result;
use ayni_domain::ledger::entry;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_gateway::ledger::correct::{Correction, CorrectionError, correct};
use ayni_gateway::ledger::{self, check};
use ayni_store::error::StoreError;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::run::all_at_once;

use super::books::{OPENING, holdings, pesos, posted};

on_both_engines!(
    a_correction_moves_money_once_and_says_why,
    what_can_not_be_moved_is_refused,
    of_many_who_move_the_same_money_only_as_many_succeed_as_there_is_money,
    a_transaction_is_posted_once_however_many_try,
);

fn correction(account: &str, from: &str, to: &str, amount: &str) -> Correction {
    Correction {
        account: account.to_owned(),
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
        amount: Amount::parse(amount, false).unwrap(),
        reason: "carta del banco".to_owned(),
    }
}

async fn a_correction_moves_money_once_and_says_why(gateway: &TestGateway) -> Result<()> {
    gateway.work().await?;
    let account = pesos(gateway).await?;
    let merchant = format!("collected:{}", gateway.receiver_id);
    let id = correct(
        &gateway.app,
        correction(&account.uuid, "suspense", &merchant, "70"),
    )
    .await?;
    assert_eq!(
        holdings(gateway).await?,
        [
            format!("bank {OPENING}"),
            "collected:M 70".to_owned(),
            format!("suspense {}", OPENING - 70),
        ]
    );
    let noted = posted(gateway).await?.remove(0);
    assert_eq!((noted.id, noted.note.as_str()), (id, "carta del banco"));
    Ok(())
}

async fn what_can_not_be_moved_is_refused(gateway: &TestGateway) -> Result<()> {
    gateway.work().await?;
    let account = pesos(gateway).await?.uuid;
    let merchant = format!("wallet:{}", gateway.receiver_id);
    for (from, to, amount, expected) in [
        ("suspense", "fees", "0", "can't be moved"),
        ("suspense", "fees", "0.5", "can't be moved"),
        ("suspense", "suspense", "1", "both sides"),
        ("suspense", "collected", "1", "needs an owner"),
        ("suspense", "fees:990939", "1", "has no owner"),
        ("suspense", "wallet:1", "1", "there is no account 1"),
        ("fees", "suspense", "1", "fees holds 0.0000"),
        (
            merchant.as_str(),
            "suspense",
            "1",
            "holds 0.0000, which is less than 1.0000",
        ),
    ] {
        let refused = correct(&gateway.app, correction(&account, from, to, amount)).await;
        let said = refused.map_err(|error| error.to_string()).unwrap_err();
        assert!(said.contains(expected), "{from} → {to} {amount}: {said}");
    }
    let silent = Correction {
        reason: " ".into(),
        ..correction(&account, "suspense", "fees", "1")
    };
    let refused = correct(&gateway.app, silent).await;
    assert!(matches!(refused, Err(CorrectionError::Reason)), "{refused:?}");
    assert!(posted(gateway).await?.is_empty());
    Ok(())
}

async fn of_many_who_move_the_same_money_only_as_many_succeed_as_there_is_money(
    gateway: &TestGateway,
) -> Result<()> {
    gateway.work().await?;
    let account = pesos(gateway).await?.uuid;
    correct(&gateway.app, correction(&account, "suspense", "fees", "7")).await?;
    let moves = (0..20).map(|_| correct(&gateway.app, correction(&account, "fees", "suspense", "1")));
    let outcomes = all_at_once(moves).await;
    let moved = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(moved, 7, "{outcomes:?}");
    assert_eq!(holdings(gateway).await?.len(), 2, "nothing is left in fees");
    assert!(check::check(&gateway.app.db).await?.is_clean());
    Ok(())
}

async fn a_transaction_is_posted_once_however_many_try(gateway: &TestGateway) -> Result<()> {
    gateway.work().await?;
    let (account, now) = (pesos(gateway).await?, gateway.clock.now());
    let sides = (Purpose::SUSPENSE, Purpose::FEES);
    let once = entry::corrected(account.id, "once", sides, Amount::from_units(3), "same");
    let posts = (0..10).map(|_| {
        let once = once.clone();
        gateway
            .app
            .db
            .write("test.post", move |tx| ledger::post(tx, &once, now))
    });
    let outcomes: Vec<Result<(), StoreError>> = all_at_once(posts).await;
    assert_eq!(
        outcomes.iter().filter(|outcome| outcome.is_ok()).count(),
        1,
        "{outcomes:?}"
    );
    assert!(holdings(gateway).await?.contains(&"fees 3".to_owned()));
    Ok(())
}
