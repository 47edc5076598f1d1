//! Lines that settle no payment, and yet are known: what an order sent, what fills a wallet.

use ayni_domain::ledger::Transaction;
use ayni_domain::ledger::entry;
use ayni_domain::matching::{Candidate, ids_in};
use ayni_store::tx::Tx;

use super::settle::{Seen, SettleError, Stored};
use super::sql::{self, Verdict};
use crate::orders::statement::{Debit, of_debit};
use crate::refunds::wallet;

/// Money for a merchant's wallet, which the line names by the wallet's reference and by no payment's id.
pub(super) fn top_up(
    tx: &mut Tx<'_>,
    seen: &Seen<'_>,
    candidates: &[Candidate],
) -> Result<Option<Stored>, SettleError> {
    let named = ids_in(&seen.line.reference);
    if candidates.iter().any(|candidate| named.contains(&candidate.id)) {
        return Ok(None);
    }
    let Some(account) = wallet::of_credit(tx, seen.collecting.id, seen.line)? else {
        return Ok(None);
    };
    let verdict = Verdict {
        state: "top-up",
        payment: None,
        reason: None,
    };
    sql::insert_movement(tx, seen.collecting.id, seen.line, &verdict, seen.now)?;
    let transaction = entry::topped_up(seen.ledger_line(), account);
    Ok(Some(Stored { verdict, transaction }))
}

/// Money left: the order that ordered it is paid now, or a person must look.
pub(super) fn debit(tx: &mut Tx<'_>, seen: &Seen<'_>) -> Result<(Verdict, Transaction), SettleError> {
    let debit = of_debit(tx, seen.collecting.id, seen.line, seen.now)?;
    let transaction = entry::left(seen.ledger_line(), debit.purpose());
    let (state, reason) = match debit {
        Debit::Odd(reason) => ("review", Some(reason.into())),
        Debit::Ordered(_) | Debit::Unknown => ("debit", None),
    };
    let verdict = Verdict {
        state,
        payment: None,
        reason,
    };
    Ok((verdict, transaction))
}
