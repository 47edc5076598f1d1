//! `ayni ledger show`: balances, and the newest transactions with their postings.

use anyhow::Context as _;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::ledger::purpose::Kind;
use ayni_domain::money::Amount;
use ayni_domain::time::wire;
use ayni_gateway::ledger::list::{self, BalanceEntry, TransactionEntry, Wanted};
use serde_json::{Value, json};

use super::Shown;
use crate::config::Config;
use crate::output::{self, Form};
use crate::place;

/// Reads and prints.
pub(super) async fn run(config: &Config, asked: Shown, form: Form) -> anyhow::Result<()> {
    let payment = asked
        .payment
        .map(|id| PaymentId::parse(&id).with_context(|| format!("«{id}» is no payment id")))
        .transpose()?;
    let wanted = Wanted {
        owner: asked.merchant.map(AccountId),
        account: asked.account,
        payment,
    };
    let db = place::open_db(config, place::small())?;
    let balances = match payment {
        Some(_) => Vec::new(),
        None => list::balances(&db, wanted.clone(), asked.limit).await?,
    };
    let transactions = list::transactions(&db, wanted, asked.limit).await?;
    let said = json!({
        "balances": balances.iter().map(of_balance).collect::<Vec<_>>(),
        "transactions": transactions.iter().map(of_transaction).collect::<Vec<_>>(),
    });
    output::result(form, &said, || {
        if payment.is_none() {
            let rows: Vec<_> = balances.iter().map(balance_row).collect();
            let header = ["ACCOUNT", "PURPOSE", "CURRENCY", "HOLDS"];
            output::table(&header, &rows, "No money yet.");
            output::line("");
        }
        let rows: Vec<_> = transactions.iter().flat_map(transaction_rows).collect();
        let header = [
            "AT",
            "TRANSACTION",
            "PURPOSE",
            "DEBIT",
            "CREDIT",
            "PAYMENT",
            "NOTE",
        ];
        output::table(&header, &rows, "No transactions.");
    })
}

/// What is held: of the bank as it is, of all others what is owed to them.
fn held(entry: &BalanceEntry) -> Amount {
    match entry.purpose.kind {
        Kind::Bank => entry.balance,
        _ => Amount::ZERO.checked_sub(entry.balance).unwrap_or_default(),
    }
}

fn balance_row(entry: &BalanceEntry) -> Vec<String> {
    vec![
        entry.account.clone(),
        entry.purpose.to_string(),
        entry.currency.code().to_owned(),
        held(entry).plain(),
    ]
}

fn of_balance(entry: &BalanceEntry) -> Value {
    json!({
        "account": entry.account, "purpose": entry.purpose.to_string(), "kind": entry.purpose.kind.as_str(),
        "owner": entry.purpose.owner, "currency": entry.currency.code(), "holds": held(entry).to_string(),
    })
}

/// The first posting's row names the transaction.
fn transaction_rows(entry: &TransactionEntry) -> Vec<Vec<String>> {
    let row = |(index, (purpose, amount)): (usize, &(_, Amount))| {
        let purpose: &ayni_domain::ledger::purpose::Purpose = purpose;
        let (debit, credit) = sides(*amount);
        let mut row = vec![purpose.to_string(), debit.plain(), credit.plain()];
        for (cell, side) in row.iter_mut().skip(1).zip([debit, credit]) {
            if side == Amount::ZERO {
                cell.clear();
            }
        }
        let named = match index {
            0 => [
                wire(entry.at),
                entry.id.clone(),
                entry.payment_id.clone(),
                entry.note.clone(),
            ],
            _ => Default::default(),
        };
        let [at, id, payment, note] = named;
        [vec![at, id], row, vec![payment, note]].concat()
    };
    entry.postings.iter().enumerate().map(row).collect()
}

/// Debit and credit of a posting; one of both is nothing.
pub(super) fn sides(amount: Amount) -> (Amount, Amount) {
    let other = Amount::ZERO.checked_sub(amount).unwrap_or_default();
    (amount.max(Amount::ZERO), other.max(Amount::ZERO))
}

fn of_transaction(entry: &TransactionEntry) -> Value {
    let postings = entry.postings.iter().map(|(purpose, amount)| {
        json!({ "kind": purpose.kind.as_str(), "owner": purpose.owner, "amount": amount.to_string() })
    });
    json!({
        "transaction": entry.id, "kind": entry.kind, "at": wire(entry.at), "account": entry.account,
        "currency": entry.currency.code(), "payment_id": entry.payment_id, "note": entry.note,
        "postings": postings.collect::<Vec<_>>(),
    })
}
