//! The proof that no money appeared or vanished: read in one snapshot, page by page, while the gateway runs.
//!
//! Three things hold. Every transaction sums to zero. Every balance is the sum of its postings. And what the bank says
//! that an account holds is what the ledger says whose it is: collected for merchants, in wallets, in transit, fees,
//! integrators' shares, in suspense, in payouts that have not left, and merchants' own. Only the last one looks at the
//! world outside; it is what the first two are for.

use std::collections::BTreeMap;

use ayni_domain::currency::Currency;
use ayni_domain::ledger::purpose::Kind;
use ayni_domain::money::Amount;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use thiserror::Error;

use super::sql::check as sql;

/// What was looked at, and everything that does not hold.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Transactions that were summed up.
    pub transactions: u64,
    /// Their postings.
    pub postings: u64,
    /// Every bank account with money or a statement, oldest first.
    pub bank_accounts: Vec<BankAccount>,
    /// What does not hold; at most [`DIFFERENCES_MAX`].
    pub differences: Vec<Difference>,
    /// How many more there are.
    pub more: u64,
}

/// What a collecting bank account holds, and whose it is.
#[derive(Clone, Debug)]
pub struct BankAccount {
    /// Its row.
    pub collecting_id: i64,
    /// As commands name it.
    pub uuid: String,
    /// Its currency.
    pub currency: Currency,
    /// What the bank said that it holds, after the lines that are stored; absent where it did not say it.
    pub stated: Option<Amount>,
    /// When that was stored.
    pub stated_at: Option<Timestamp>,
    /// How much is whose, by kind of ledger account (what is owed above zero); `bank` is not among them.
    pub parts: BTreeMap<Kind, Amount>,
}

impl BankAccount {
    /// All parts together: what the account must hold.
    pub fn explained(&self) -> Amount {
        let parts = self.parts.values();
        Amount::from_ten_thousandths(parts.map(|part| part.ten_thousandths()).sum())
    }
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Difference {
    /// A transaction's postings do not sum to zero.
    #[error("transaction {transaction} sums to {sum} instead of zero")]
    Unbalanced {
        /// Its id.
        transaction: String,
        /// Ten-thousandths would not be read by anybody: an amount.
        sum: Amount,
    },
    /// A transaction has no postings.
    #[error("transaction {transaction} has no postings")]
    Empty {
        /// Its id.
        transaction: String,
    },
    /// Postings belong to no transaction.
    #[error("{postings} postings belong to no transaction")]
    Strays {
        /// How many.
        postings: u64,
    },
    /// A balance is not the sum of its postings.
    #[error(
        "{kind} of {owner} in bank account {account} has the balance {balance}, its postings sum to {sum}"
    )]
    Balance {
        /// The collecting account's uuid, or its row where there is none.
        account: String,
        /// The kind of ledger account.
        kind: String,
        /// Whose it is; 0 for nobody's.
        owner: i64,
        /// As stored.
        balance: Amount,
        /// As summed up.
        sum: Amount,
    },
    /// The bank says another balance.
    #[error("the bank says that account {account} holds {stated}, the ledger explains {explained}")]
    Stated {
        /// The collecting account's uuid.
        account: String,
        /// What the bank said.
        stated: Amount,
        /// What the ledger knows whose it is.
        explained: Amount,
    },
}

impl Report {
    /// Whether everything holds.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }

    fn differ(&mut self, difference: Difference) {
        if self.differences.len() < DIFFERENCES_MAX {
            self.differences.push(difference);
        } else {
            self.more += 1;
        }
    }
}

/// Proves the ledger, in one snapshot; takes as much memory as there are ledger accounts, however long their history.
pub async fn check(db: &Db) -> Result<Report, StoreError> {
    db.read("ledger.check", |tx| {
        let mut report = Report::default();
        let sums = sum_up(tx, &mut report)?;
        let strays = sql::count_postings(tx)?.saturating_sub(report.postings);
        if strays > 0 {
            report.differ(Difference::Strays { postings: strays });
        }
        report.bank_accounts = sql::select_bank_accounts(tx)?;
        compare_balances(tx, &mut report, sums)?;
        compare_statements(&mut report);
        Ok(report)
    })
    .await
}

/// A ledger account in words, so that a word that nobody knows is compared too: collecting account, kind, owner.
pub(super) type Account = (i64, String, i64);

/// Walks all transactions in the order of their ids, and sums up each of them and each ledger account.
fn sum_up(tx: &mut Tx<'_>, report: &mut Report) -> Result<BTreeMap<Account, i128>, StoreError> {
    let mut sums: BTreeMap<Account, i128> = BTreeMap::new();
    let mut after = String::new();
    loop {
        let page = sql::select_transactions(tx, &after, TRANSACTIONS_IN_A_PAGE)?;
        let Some(last) = page.last() else {
            return Ok(sums);
        };
        after.clone_from(&last.id);
        for postings in page.chunk_by(|one, other| one.id == other.id) {
            report.transactions += 1;
            let mut sum = 0_i128;
            for (account, amount) in postings.iter().filter_map(|row| row.posting.as_ref()) {
                report.postings += 1;
                sum += i128::from(*amount);
                *sums.entry(account.clone()).or_default() += i128::from(*amount);
            }
            let transaction = postings[0].id.clone();
            if postings[0].posting.is_none() {
                report.differ(Difference::Empty { transaction });
            } else if sum != 0 {
                let sum = narrowed(sum);
                report.differ(Difference::Unbalanced { transaction, sum });
            }
        }
    }
}

/// Compares each stored balance with the sum of its postings, and takes the parts of each bank account from the sums.
fn compare_balances(
    tx: &mut Tx<'_>,
    report: &mut Report,
    mut sums: BTreeMap<Account, i128>,
) -> Result<(), StoreError> {
    for (account, sum) in &sums {
        let kind: Option<Kind> = account.1.parse().ok();
        let of = report
            .bank_accounts
            .iter_mut()
            .find(|one| one.collecting_id == account.0);
        if let (Some(kind), Some(of)) = (kind.filter(|kind| *kind != Kind::Bank), of) {
            let part = of.parts.entry(kind).or_default();
            *part = narrowed(i128::from(part.ten_thousandths()) - sum);
        }
    }
    for (account, balance) in sql::select_balances(tx)? {
        let sum = sums.remove(&account).unwrap_or(0);
        if i128::from(balance) != sum {
            compared(report, account, balance, sum);
        }
    }
    for (account, sum) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
        compared(report, account, 0, sum);
    }
    Ok(())
}

fn compared(report: &mut Report, (collecting_id, kind, owner): Account, balance: i64, sum: i128) {
    let named = report
        .bank_accounts
        .iter()
        .find(|one| one.collecting_id == collecting_id);
    let account = named.map_or_else(|| collecting_id.to_string(), |one| one.uuid.clone());
    report.differ(Difference::Balance {
        account,
        kind,
        owner,
        balance: Amount::from_ten_thousandths(balance),
        sum: narrowed(sum),
    });
}

fn compare_statements(report: &mut Report) {
    for account in report.bank_accounts.clone() {
        let explained = account.explained();
        if let Some(stated) = account.stated.filter(|stated| *stated != explained) {
            report.differ(Difference::Stated {
                account: account.uuid,
                stated,
                explained,
            });
        }
    }
}

/// A sum that is shown; one beyond all money is wrong by any measure.
fn narrowed(sum: i128) -> Amount {
    let limit = if sum < 0 { i64::MIN } else { i64::MAX };
    Amount::from_ten_thousandths(i64::try_from(sum).unwrap_or(limit))
}

/// Differences that are named; more are counted.
pub const DIFFERENCES_MAX: usize = 1_000;
/// Transactions that one statement reads, so that none of them runs for long.
const TRANSACTIONS_IN_A_PAGE: i64 = 2_000;
