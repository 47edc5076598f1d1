//! The bank's balance and the lines that it belongs to, whoever reads and whenever one looks.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use ayni_connectors::statement::StatementLine;
use ayni_domain::currency::Currency;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;
use ayni_gateway::ledger::check::{Difference, check};
use ayni_gateway::ledger::correct::{Correction, correct};
use ayni_gateway::ledger::statement::{self, Known};
use ayni_gateway::reconciliation::importing;
use ayni_gateway::reconciliation::settle::SettleError;
use ayni_gateway::reconciliation::storing::{self, Reading};
use ayni_store::error::StoreError;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;

use super::books::{OPENING, holdings, pesos, posted};

on_both_engines!(
    at_every_moment_of_a_long_reading_the_ledger_holds,
    of_two_readings_at_once_one_begins_anew,
    a_long_reading_comes_to_its_end_while_others_move_the_same_money,
    a_bank_that_says_no_balance_is_not_compared,
);

fn lines(numbers: std::ops::Range<i64>, gateway: &TestGateway) -> Vec<StatementLine> {
    let line = |number: i64| StatementLine {
        id: number.to_string(),
        booked_at: gateway.clock.now(),
        amount: Amount::from_units(if number % 3 == 0 { -number } else { number }),
        currency: Currency::Clp,
        payer_identifier: String::new(),
        payer_name: String::new(),
        payer_account: String::new(),
        reference: String::new(),
        operation_number: String::new(),
    };
    numbers.map(line).collect()
}

fn sum(lines: &[StatementLine]) -> i64 {
    lines
        .iter()
        .map(|line| line.amount.ten_thousandths() / 10_000)
        .sum()
}

async fn known(gateway: &TestGateway, collecting_id: i64) -> Result<Known> {
    let db = &gateway.app.db;
    Ok(db
        .read("test.known", move |tx| statement::known(tx, collecting_id))
        .await?)
}

async fn at_every_moment_of_a_long_reading_the_ledger_holds(gateway: &TestGateway) -> Result<()> {
    gateway.work().await?;
    let account = pesos(gateway).await?;
    let lines = lines(1..650, gateway);
    let balance = Some(Amount::from_units(OPENING + sum(&lines)));
    let before = known(gateway, account.id).await?;
    let storing = storing::store(
        &gateway.app,
        &account,
        Reading {
            before,
            lines,
            balance,
        },
    );
    let looking = async {
        let mut seen = 0;
        while seen < 650 {
            let report = check(&gateway.app.db).await?;
            anyhow::ensure!(
                report.is_clean(),
                "after {} lines: {:?}",
                report.transactions,
                report.differences
            );
            seen = report.transactions.saturating_sub(7);
        }
        anyhow::Ok(())
    };
    let (stored, looked) = tokio::join!(storing, looking);
    stored?;
    looked?;
    assert_eq!(known(gateway, account.id).await?.balance, balance);
    Ok(())
}

async fn of_two_readings_at_once_one_begins_anew(gateway: &TestGateway) -> Result<()> {
    gateway.work().await?;
    let account = pesos(gateway).await?;
    let before = known(gateway, account.id).await?;
    let reading = |until| {
        let lines = lines(1..until, gateway);
        let balance = Some(Amount::from_units(OPENING + sum(&lines)));
        storing::store(
            &gateway.app,
            &account,
            Reading {
                before,
                lines,
                balance,
            },
        )
    };
    let (one, other) = tokio::join!(reading(5), reading(9));
    assert!(
        matches!(
            (&one, &other),
            (Ok(()), Err(SettleError::Overtaken)) | (Err(SettleError::Overtaken), Ok(()))
        ),
        "{one:?} {other:?}"
    );
    assert!(check(&gateway.app.db).await?.is_clean());
    let stored = if one.is_ok() { 4 } else { 8 };
    assert_eq!(posted(gateway).await?.len(), stored);
    Ok(())
}

async fn a_long_reading_comes_to_its_end_while_others_move_the_same_money(
    gateway: &TestGateway,
) -> Result<()> {
    gateway.work().await?;
    let account = pesos(gateway).await?;
    let lines = lines(1..400, gateway);
    let balance = Some(Amount::from_units(OPENING + sum(&lines)));
    let before = known(gateway, account.id).await?;
    let (stored, is_over) = (AtomicBool::new(false), Ordering::SeqCst);
    let storing = async {
        let reading = Reading {
            before,
            lines,
            balance,
        };
        let outcome = storing::store(&gateway.app, &account, reading).await;
        stored.store(true, is_over);
        outcome
    };
    let correction = Correction {
        account: account.uuid.clone(),
        from: Purpose::SUSPENSE,
        to: Purpose::FEES,
        amount: Amount::from_units(1),
        reason: "otra vez".to_owned(),
    };
    let moving = async {
        while !stored.load(is_over) {
            correct(&gateway.app, correction.clone()).await?;
        }
        anyhow::Ok(())
    };
    let (stored, moved) = tokio::join!(storing, moving);
    stored?;
    moved?;
    assert_eq!(known(gateway, account.id).await?.balance, balance);
    Ok(())
}

async fn a_bank_that_says_no_balance_is_not_compared(gateway: &TestGateway) -> Result<()> {
    let account = pesos(gateway).await?;
    let never: Result<u64, StoreError> = gateway
        .app
        .db
        .write("test.never", |tx| {
            tx.exec("DELETE FROM jobs WHERE kind = 'statement'", &[])
        })
        .await;
    assert!(never? > 0);
    let silent = Reading {
        before: Known::default(),
        lines: lines(1..3, gateway),
        balance: None,
    };
    storing::store(&gateway.app, &account, silent).await?;
    let report = check(&gateway.app.db).await?;
    assert!(
        report.is_clean() && report.bank_accounts[0].stated.is_none(),
        "{report:?}"
    );
    assert_eq!(holdings(gateway).await?, ["bank 3", "suspense 3"]);

    importing::state(&gateway.app, &account, Amount::from_units(1_003)).await?;
    assert_eq!(
        holdings(gateway).await?,
        ["bank 1003", "suspense 1003"],
        "what it held before is posted now"
    );
    importing::state(&gateway.app, &account, Amount::from_units(1_002)).await?;
    let differences = check(&gateway.app.db).await?.differences;
    assert!(
        matches!(differences.as_slice(), [Difference::Stated { .. }]),
        "{differences:?}"
    );
    Ok(importing::state(&gateway.app, &account, Amount::from_units(1_003)).await?)
}
