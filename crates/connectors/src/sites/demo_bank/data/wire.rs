//! `Data` of DemoBank's operations: names and values of the UK's Open Banking read schema (Account and Transaction API).
//! Amounts are decimal texts without a sign; the indicator beside them tells credit from debit.

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount as Exact;
use ayni_domain::time;
use jiff::Timestamp;
use serde::Serialize;

use crate::statement::{BankAccount, StatementLine};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Accounts {
    pub(super) account: Vec<Account>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Balances {
    pub(super) balance: Vec<Balance>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Transactions {
    pub(super) transaction: Vec<Transaction>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Account {
    account_id: String,
    status: &'static str,
    currency: &'static str,
    account_type: &'static str,
    account_sub_type: &'static str,
    nickname: String,
    account: Vec<Identification>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Identification {
    scheme_name: &'static str,
    identification: String,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Balance {
    account_id: String,
    credit_debit_indicator: &'static str,
    #[serde(rename = "Type")]
    kind: &'static str,
    date_time: String,
    amount: Amount,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Transaction {
    account_id: String,
    transaction_id: String,
    booking_date_time: String,
    credit_debit_indicator: &'static str,
    status: &'static str,
    amount: Amount,
    transaction_information: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Amount {
    amount: String,
    currency: &'static str,
}

impl Account {
    /// The bank shows no holder's name beside an account, so its own name for the account stands there.
    pub(super) fn of(account: &BankAccount) -> Account {
        Account {
            account_id: account.number.clone(),
            status: "Enabled",
            currency: account.currency.code(),
            account_type: "Personal",
            account_sub_type: "CurrentAccount",
            nickname: account.name.clone(),
            account: vec![Identification {
                scheme_name: "CL.AccountNumber",
                identification: account.number.clone(),
                name: account.name.clone(),
            }],
        }
    }
}

impl Balance {
    pub(super) fn of(account: &BankAccount, now: Timestamp) -> Balance {
        let (credit_debit_indicator, amount) = told(account.balance, account.currency);
        Balance {
            account_id: account.number.clone(),
            credit_debit_indicator,
            kind: "InterimAvailable",
            date_time: time::wire(now),
            amount,
        }
    }
}

impl Transaction {
    /// Where the payer wrote no comment, the other side's name tells what it was.
    pub(super) fn of(account: &BankAccount, line: &StatementLine) -> Transaction {
        let (credit_debit_indicator, amount) = told(line.amount, line.currency);
        let written = [&line.reference, &line.payer_name];
        let information = written.into_iter().find(|text| !text.is_empty());
        Transaction {
            account_id: account.number.clone(),
            transaction_id: line.id.clone(),
            booking_date_time: time::wire(line.booked_at),
            credit_debit_indicator,
            status: "Booked",
            amount,
            transaction_information: information.cloned().unwrap_or_default(),
        }
    }
}

fn told(amount: Exact, currency: Currency) -> (&'static str, Amount) {
    let is_debit = amount < Exact::ZERO;
    let text = amount.plain();
    let amount = Amount {
        amount: text.trim_start_matches('-').to_owned(),
        currency: currency.code(),
    };
    (if is_debit { "Debit" } else { "Credit" }, amount)
}
