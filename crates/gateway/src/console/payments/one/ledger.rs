//! What the ledger posted for a payment, as a table: whose the money is, after each thing that happened to it.

use ayni_domain::lang::Lang;
use ayni_domain::ledger::purpose::Purpose;
use ayni_domain::money::Amount;

use super::facts::Facts;
use crate::ledger::list::TransactionEntry;
use crate::texts::console::payments::One;
use crate::texts::dates;

/// One transaction.
pub(super) struct TransactionView {
    pub id: String,
    pub when: String,
    pub note: String,
    pub postings: Vec<PostingView>,
}

/// What it adds to one ledger account.
pub(super) struct PostingView {
    pub account: String,
    pub debit: String,
    pub credit: String,
}

/// The transactions of a payment, the oldest first.
pub(super) fn of(facts: &Facts, lang: Lang) -> Vec<TransactionView> {
    let oldest_first = facts.transactions.iter().rev();
    oldest_first.map(|transaction| view(transaction, lang)).collect()
}

fn view(transaction: &TransactionEntry, lang: Lang) -> TransactionView {
    let posting = |(purpose, amount): &(Purpose, Amount)| {
        let size = Amount::from_ten_thousandths(amount.ten_thousandths().saturating_abs());
        let text = size.shown(transaction.currency, lang);
        let (debit, credit) = match *amount < Amount::ZERO {
            true => (String::new(), text),
            false => (text, String::new()),
        };
        PostingView {
            account: One::of(lang).word(purpose.kind.as_str()).to_owned(),
            debit,
            credit,
        }
    };
    TransactionView {
        id: transaction.id.clone(),
        when: dates::shown(transaction.at, lang),
        note: transaction.note.clone(),
        postings: transaction.postings.iter().map(posting).collect(),
    }
}
