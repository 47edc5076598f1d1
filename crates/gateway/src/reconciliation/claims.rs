//! Lines that settle no payment, and yet are known: what an order sent, what fills a wallet.

use ayni_domain::ledger::Transaction;
use ayni_domain::ledger::entry;
use ayni_store::tx::Tx;

use super::settle::{Seen, SettleError};
use super::sql::Verdict;
use crate::orders::statement::{Debit, of_debit};

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
