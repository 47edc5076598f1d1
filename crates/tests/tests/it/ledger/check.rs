//! `ledger::check` finds whatever was tampered with, and nothing else.

use anyhow::Result;
use ayni_gateway::ledger::check::{Difference, check};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::books::tamper;
use crate::bodies::payment;
use crate::reconciliation::movements::{account_in_pesos, arrives};

on_both_engines!(a_ledger_that_was_tampered_with_does_not_hold);

async fn a_ledger_that_was_tampered_with_does_not_hold(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    arrives(gateway, "44.444.444-4", 1000, &id).await?;
    arrives(gateway, "44.444.444-4", 77, "otro").await?;
    let report = check(&gateway.app.db).await?;
    assert!(report.is_clean(), "{:?}", report.differences);
    assert_eq!(
        (report.transactions, report.postings),
        (10, 20),
        "eight openings and two credits"
    );
    let account = account_in_pesos(gateway).await?;
    for (forward, backward, named) in TAMPERED {
        tamper(gateway, forward).await?;
        let report = check(&gateway.app.db).await?;
        let said: Vec<String> = report.differences.iter().map(Difference::to_string).collect();
        assert_eq!(said.len(), named.len(), "{forward}: {said:?}");
        for (said, named) in said.iter().zip(*named) {
            assert!(said.contains(*named), "{forward}: {said}");
        }
        if let Some(Difference::Stated { account: of, .. }) = report.differences.last() {
            assert_eq!(*of, account);
        }
        tamper(gateway, backward).await?;
    }
    Ok(())
}

/// What is done, what undoes it, and what is said of it.
const TAMPERED: &[(&str, &str, &[&str])] = &[
    (
        "UPDATE ledger_postings SET amount = amount - 10000 WHERE kind = 'collected'",
        "UPDATE ledger_postings SET amount = amount + 10000 WHERE kind = 'collected'",
        &[
            "sums to -1.0000 instead of zero",
            "has the balance -1000.0000, its postings sum to -1001.0000",
            "explains",
        ],
    ),
    (
        "UPDATE ledger_balances SET balance = balance + 10000 WHERE kind = 'collected'",
        "UPDATE ledger_balances SET balance = balance - 10000 WHERE kind = 'collected'",
        &["has the balance -999.0000, its postings sum to -1000.0000"],
    ),
    (
        "UPDATE ledger_balances SET kind = 'cash' WHERE kind = 'collected'",
        "UPDATE ledger_balances SET kind = 'collected' WHERE kind = 'cash'",
        &["cash of", "collected of"],
    ),
    (
        "UPDATE ledger_statements SET balance = balance - 10000 WHERE lines = 2",
        "UPDATE ledger_statements SET balance = balance + 10000 WHERE lines = 2",
        &["the bank says that account"],
    ),
    (
        "INSERT INTO ledger_postings (transaction_id, kind, owner, amount) VALUES ('none', 'fees', 0, 5)",
        "DELETE FROM ledger_postings WHERE transaction_id = 'none'",
        &["1 postings belong to no transaction"],
    ),
    (
        "INSERT INTO ledger_transactions (id, collecting_id, kind, at) VALUES ('none', 1, 'credit', 0)",
        "DELETE FROM ledger_transactions WHERE id = 'none'",
        &["transaction none has no postings"],
    ),
];
