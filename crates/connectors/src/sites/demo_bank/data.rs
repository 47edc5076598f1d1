//! DemoBank as an institution whose data can be asked for: the same site and the same reading as the statements of the
//! payments, told in the names of the UK's Open Banking read schema, which Khipu's banks use.

mod wire;

use std::collections::BTreeMap;
use std::sync::Arc;

use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::value::to_raw_value;

use super::DemoBank;
use crate::Clock;
use crate::data::declaration::{
    Declaration, LoginField, OperationSpec, Parameter, ParameterKind, VisitLimits,
};
use crate::data::login::{AccountFound, LoggedIn, Login, LoginStep};
use crate::data::stopped::failed;
use crate::data::{Answering, Connector, Failed, Reply, Visit};
use crate::statement::{BankAccount, BankLogin, StatementLine};
use wire::{Account, Accounts, Balance, Balances, Transaction, Transactions};

const ACCOUNTS: &str = "accounts";
const BALANCES: &str = "balances";
const TRANSACTIONS: &str = "transactions";
const RANGE: &str = "range/transactions";
const ACCOUNT_NUMBER: &str = "AccountNumber";
const CURRENCY: &str = "Currency";
const FROM: &str = "BookingDateStart";
const TO: &str = "BookingDateEnd";

/// Longest account number that can be asked for, in characters.
const NUMBER_CHARS_MAX: usize = 20;

/// DemoBank's data.
pub(crate) struct DemoBankData {
    declaration: Declaration,
    site: Arc<DemoBank>,
    clock: Clock,
}

impl DemoBankData {
    /// The data behind that site.
    pub(crate) fn new(site: Arc<DemoBank>, clock: Clock) -> DemoBankData {
        DemoBankData {
            declaration: declaration(),
            site,
            clock,
        }
    }
}

impl Connector for DemoBankData {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn run<'a>(&'a self, visit: Visit<'a>) -> Answering<'a, Reply> {
        Box::pin(async move {
            let login = bank_login(visit.login.ok_or(Code::ParameterMissing)?);
            let (arguments, now) = (visit.arguments, (self.clock)());
            match visit.operation {
                ACCOUNTS => {
                    let accounts = self.accounts(&login, arguments).await?;
                    reply(&Accounts {
                        account: accounts.iter().map(Account::of).collect(),
                    })
                }
                BALANCES => {
                    let accounts = self.accounts(&login, arguments).await?;
                    reply(&Balances {
                        balance: accounts.iter().map(|account| Balance::of(account, now)).collect(),
                    })
                }
                TRANSACTIONS => {
                    let today = now.to_zoned(chile()).date();
                    self.transactions(&login, arguments, (today, today)).await
                }
                RANGE => {
                    let days = (date(arguments, FROM)?, date(arguments, TO)?);
                    if days.0 > days.1 {
                        return Err(Fault::with_detail(Code::ParameterUnfit, TO).into());
                    }
                    self.transactions(&login, arguments, days).await
                }
                _ => Err(Code::NoSuchPath.into()),
            }
        })
    }

    fn log_in(&self, step: LoginStep) -> Answering<'_, LoggedIn> {
        Box::pin(async move {
            let LoginStep::Credentials(login) = step else {
                // The bank asks for no code.
                return Err(Code::Internal.into());
            };
            let accounts = self.site.accounts_of_a_new_login(&bank_login(&login)).await;
            let found = accounts.map_err(failed)?.into_iter().map(|account| AccountFound {
                name: account.name,
                kind: account.currency.code().to_owned(),
                identification: account.number,
            });
            Ok(LoggedIn::Done {
                login,
                accounts: found.collect(),
            })
        })
    }

    fn probe(&self) -> Answering<'_, ()> {
        Box::pin(async move { self.site.open_login().await.map_err(failed) })
    }
}

impl DemoBankData {
    /// The accounts asked for: all, or those of one number and currency.
    async fn accounts(
        &self,
        login: &BankLogin,
        arguments: &BTreeMap<String, String>,
    ) -> Result<Vec<BankAccount>, Failed> {
        let mut accounts = self.site.accounts(login).await.map_err(failed)?;
        if let Some(number) = arguments.get(ACCOUNT_NUMBER) {
            accounts.retain(|account| is_account(&account.number, number));
            if accounts.is_empty() {
                return Err(Code::UnknownClient.into());
            }
        }
        if let Some(currency) = arguments.get(CURRENCY) {
            accounts.retain(|account| account.currency.code() == currency);
        }
        Ok(accounts)
    }

    /// What was booked from the beginning of the first day to the end of the last one, in Chile.
    async fn transactions(
        &self,
        login: &BankLogin,
        arguments: &BTreeMap<String, String>,
        (first, last): (Date, Date),
    ) -> Result<Reply, Failed> {
        let begin = begin_of(first)?;
        let end = begin_of(last.tomorrow().map_err(|_| Code::ParameterUnfit)?)?;
        let mut transaction = Vec::new();
        for account in self.accounts(login, arguments).await? {
            let past_the_first_day =
                |lines: &[StatementLine]| lines.last().is_some_and(|line| line.booked_at < begin);
            let read = self.site.statement(login, &account.number, past_the_first_day);
            let lines = read.await.map_err(failed)?.lines;
            let within = lines.iter().filter(|line| (begin..end).contains(&line.booked_at));
            transaction.extend(within.map(|line| Transaction::of(&account, line)));
        }
        reply(&Transactions { transaction })
    }
}

fn reply<T: Serialize>(data: &T) -> Result<Reply, Failed> {
    Ok(Reply {
        data: Some(to_raw_value(data).map_err(|_| Code::Internal)?),
        note: None,
    })
}

fn bank_login(login: &Login) -> BankLogin {
    BankLogin {
        rut: login.username.clone(),
        password: login.password.clone(),
        coordinates: None,
    }
}

/// The bank's numbers have 21 digits, the first of which is the currency's: one more than can be asked for. So the
/// number may be asked for without that one, and without the zeros at the beginning.
fn is_account(number: &str, asked: &str) -> bool {
    let plain = |number: &str| {
        let digits: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
        digits.trim_start_matches('0').to_owned()
    };
    let asked = plain(asked);
    !asked.is_empty() && (plain(number) == asked || number.get(1..).is_some_and(|rest| plain(rest) == asked))
}

fn date(arguments: &BTreeMap<String, String>, name: &str) -> Result<Date, Fault> {
    let text = arguments
        .get(name)
        .ok_or_else(|| Fault::with_detail(Code::ParameterMissing, name))?;
    text.parse()
        .map_err(|_| Fault::with_detail(Code::ParameterUnfit, name))
}

fn begin_of(day: Date) -> Result<Timestamp, Code> {
    let begin = day.to_zoned(chile()).map_err(|_| Code::ParameterUnfit)?;
    Ok(begin.timestamp())
}

fn chile() -> TimeZone {
    TimeZone::get("America/Santiago").unwrap_or(TimeZone::UTC)
}

fn declaration() -> Declaration {
    let parameter = |name: &str, kind, required| Parameter {
        name: name.to_owned(),
        kind,
        required,
    };
    let operation = |name: &str, dates: &[&str]| {
        let max_chars = NUMBER_CHARS_MAX;
        let dates = dates
            .iter()
            .map(|name| parameter(name, ParameterKind::Date, true));
        let filters = [
            parameter(ACCOUNT_NUMBER, ParameterKind::Text { max_chars }, false),
            parameter(CURRENCY, ParameterKind::Currency, false),
        ];
        OperationSpec {
            name: name.to_owned(),
            needs_login: true,
            parameters: dates.chain(filters).collect(),
        }
    };
    let field = |name: &str, label: &str, secret| LoginField {
        name: name.to_owned(),
        label: label.to_owned(),
        secret,
    };
    Declaration {
        institution: "demo-bank.khipu.com".to_owned(),
        path: "cl/banking/personal/demo-bank.khipu.com".to_owned(),
        scope: "cl_banking_personal_demobank".to_owned(),
        name: "DemoBank".to_owned(),
        operations: vec![
            operation(ACCOUNTS, &[]),
            operation(BALANCES, &[]),
            operation(TRANSACTIONS, &[]),
            operation(RANGE, &[FROM, TO]),
        ],
        login_fields: vec![field("Username", "RUT", false), field("Password", "Clave", true)],
        limits: VisitLimits::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_asked_for_with_or_without_the_currencys_digit_and_zeros() {
        for (number, asked, is_it) in [
            ("000000000000111111111", "00000000000111111111", true),
            ("000000000000111111111", "111111111", true),
            ("400000000000111111111", "00000000000111111111", true),
            ("400000000000111111111", "111-111-111", true),
            ("400000000000111111111", "11111111", false),
            ("000000000000111111111", "222222222", false),
            ("000000000000000000000", "0", false),
            ("", "", false),
        ] {
            assert_eq!(is_account(number, asked), is_it, "{number} {asked}");
        }
    }
}
