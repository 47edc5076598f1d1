//! Accounts and statements as DemoBank shows them, parsed to the last field: what can't be understood is an error for
//! the whole page, so that no line is ever passed over.

use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::time;
use scraper::ElementRef;

use super::DemoBank;
use super::hooks::{Known, Statement};
use crate::failure::SiteError;
use crate::session::page::{Parsed, attribute, one_in, text_of};
use crate::statement::{BankAccount, StatementLine};

/// One page of a statement.
pub(super) struct StatementPage {
    pub(super) lines: Vec<StatementLine>,
    /// After the newest of these lines.
    pub(super) balance: Amount,
    /// Where the next older page is.
    pub(super) older: Option<String>,
}

impl DemoBank {
    pub(super) fn read_accounts(&self, page: &Parsed<'_>) -> Result<Vec<BankAccount>, SiteError> {
        let hooks = &self.hooks.accounts;
        self.expect(page, Known::Accounts, "the accounts")?;
        let rows = page.all(&hooks.row.0).into_iter();
        rows.map(|row| {
            Ok(BankAccount {
                number: attribute(row, &hooks.number_attribute, "an account's number")?.to_owned(),
                currency: currency(row, &hooks.currency_attribute)?,
                name: text_of(one_in(row, &hooks.name.0, "an account's name")?),
                balance: amount(one_in(row, &hooks.balance.0, "an account's balance")?)?,
            })
        })
        .collect()
    }

    pub(super) fn read_statement(&self, page: &Parsed<'_>, number: &str) -> Result<StatementPage, SiteError> {
        let hooks = &self.hooks.statement;
        self.expect(page, Known::Statement, "the statement")?;
        let body = page.body("the statement's body")?;
        if attribute(body, &hooks.account_attribute, "the statement's account")? != number {
            return Err(SiteError::Unreadable {
                what: "a statement of another account",
            });
        }
        let currency = currency(body, &hooks.currency_attribute)?;
        page.one(&hooks.table.0, "the movements")?;
        let rows = page.all(&hooks.row.0);
        let balance = match rows.first() {
            Some(newest) => one_in(*newest, &hooks.balance_after.0, "a movement's balance")?,
            None => page.one(&hooks.balance.0, "the statement's balance")?,
        };
        let balance = amount(balance)?;
        let lines = rows
            .into_iter()
            .map(|row| line(hooks, row, currency))
            .collect::<Result<Vec<_>, _>>()?;
        let newest_first = |pair: &[StatementLine]| ordinal(&pair[0]) > ordinal(&pair[1]);
        if !lines.windows(2).all(newest_first) {
            return Err(SiteError::Unreadable {
                what: "a statement that is not newest first",
            });
        }
        let older = page
            .all(&hooks.older.0)
            .first()
            .map(|anchor| page.link(*anchor))
            .transpose()?;
        Ok(StatementPage {
            lines,
            balance,
            older: older.map(String::from),
        })
    }
}

fn line(hooks: &Statement, row: ElementRef<'_>, currency: Currency) -> Result<StatementLine, SiteError> {
    let text = |css: &crate::sites::Css, what| one_in(row, &css.0, what).map(text_of);
    let id = attribute(row, &hooks.id_attribute, "a movement's number")?;
    if id.is_empty() || id.len() > 18 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SiteError::Unreadable {
            what: "a movement's number",
        });
    }
    let booked_at = one_in(row, &hooks.booked_at.0, "a movement's date")?;
    let booked_at = time::parse(attribute(booked_at, "datetime", "a movement's date")?);
    let without_reference = row.select(&hooks.no_reference.0).next().is_some();
    let reference = text(&hooks.reference, "a movement's comment")?;
    Ok(StatementLine {
        id: id.to_owned(),
        booked_at: booked_at.map_err(|_| SiteError::Unreadable {
            what: "a movement's date",
        })?,
        amount: signed(hooks, row)?,
        currency,
        payer_identifier: text(&hooks.payer_identifier, "a movement's RUT")?,
        payer_name: text(&hooks.payer_name, "a movement's name")?,
        payer_account: text(&hooks.payer_account, "a movement's account")?,
        reference: if without_reference {
            String::new()
        } else {
            reference
        },
        operation_number: text(&hooks.operation, "a movement's operation")?,
    })
}

/// A credit above zero, a debit below; a movement is exactly one of both.
fn signed(hooks: &Statement, row: ElementRef<'_>) -> Result<Amount, SiteError> {
    let side = |css: &crate::sites::Css| row.select(&css.0).map(amount).collect::<Result<Vec<_>, _>>();
    let amount = match (side(&hooks.debit)?.as_slice(), side(&hooks.credit)?.as_slice()) {
        ([debit], []) if *debit > Amount::ZERO => Amount::ZERO.checked_sub(*debit),
        ([], [credit]) if *credit > Amount::ZERO => Some(*credit),
        _ => None,
    };
    amount.ok_or(SiteError::Unreadable {
        what: "a movement's amount",
    })
}

fn ordinal(line: &StatementLine) -> Option<u64> {
    line.id.parse().ok()
}

/// The exact amount of a `<data value>`.
pub(super) fn amount(element: ElementRef<'_>) -> Result<Amount, SiteError> {
    let text = attribute(element, "value", "an amount")?;
    Amount::parse(text, false).map_err(|_| SiteError::Unreadable { what: "an amount" })
}

pub(super) fn currency(element: ElementRef<'_>, name: &str) -> Result<Currency, SiteError> {
    let code = attribute(element, name, "a currency")?;
    code.parse()
        .map_err(|_| SiteError::Unreadable { what: "a currency" })
}
