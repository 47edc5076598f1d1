//! The customer's accounts and the statement of each.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ayni_domain::currency::Currency;
use serde::Deserialize;

use super::Site;
use super::money::{Instant, Money, currency_name};
use super::page::{Frame, missing, render};
use super::visitor::Visitor;
use crate::account::{AccountNumber, OPENING_BALANCE};
use crate::error::SandboxError;
use crate::statement::{Balance, Movement};

#[derive(Template)]
#[template(path = "accounts.html")]
struct Accounts {
    frame: Frame,
    accounts: Vec<AccountLine>,
}

/// An account as pages name it.
pub struct AccountLine {
    /// Its number.
    pub number: String,
    /// Letters of its currency.
    pub currency: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it holds.
    pub balance: Money,
}

impl AccountLine {
    /// That account with its balance.
    pub fn new(balance: &Balance) -> AccountLine {
        let currency = balance.account.currency();
        AccountLine {
            number: balance.account.to_string(),
            currency: currency.code(),
            name: currency_name(currency),
            balance: Money::new(balance.amount, currency),
        }
    }
}

/// All accounts with their balances.
pub async fn list(State(site): State<Site>, visitor: Visitor) -> Result<Response, SandboxError> {
    let balances = site.bank.balances(visitor.customer).await?;
    let accounts = balances.iter().map(AccountLine::new).collect();
    Ok(render(
        StatusCode::OK,
        &Accounts {
            frame: Frame::of(&visitor),
            accounts,
        },
    ))
}

/// Which page of a statement.
#[derive(Deserialize)]
pub struct Wanted {
    page: Option<String>,
}

#[derive(Template)]
#[template(path = "statement.html")]
struct Statement {
    frame: Frame,
    account: AccountLine,
    rows: Vec<Row>,
    opening: Option<Money>,
    page: i64,
    pages: i64,
    movements: i64,
}

struct Row {
    number: i64,
    at: Instant,
    comment: String,
    counterpart_name: String,
    counterpart_rut: String,
    counterpart: String,
    operation: i64,
    debit: Option<Money>,
    credit: Option<Money>,
    balance: Money,
}

/// One page of the statement of the customer's own account; of another's there is no page.
pub async fn statement(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, SandboxError> {
    let frame = Frame::of(&visitor);
    let number_of_page = wanted
        .page
        .map_or(Some(1), |page| page.parse().ok().filter(|page| *page >= 1));
    let (Some(account), Some(wanted)) = (own_account(&number, &visitor), number_of_page) else {
        return Ok(missing(frame));
    };
    let page = site.bank.page(account, wanted).await?;
    if page.number > page.pages {
        return Ok(missing(frame));
    }
    let currency = account.currency();
    let rows = page.movements.into_iter().map(|movement| row(movement, currency));
    let statement = Statement {
        frame,
        account: AccountLine::new(&page.balance),
        rows: rows.collect::<Result<_, _>>()?,
        opening: (page.number == page.pages).then(|| Money::new(OPENING_BALANCE, currency)),
        page: page.number,
        pages: page.pages,
        movements: page.balance.movements,
    };
    Ok(render(StatusCode::OK, &statement).into_response())
}

/// The account of that number, if it is the customer's.
pub fn own_account(number: &str, visitor: &Visitor) -> Option<AccountNumber> {
    let account: AccountNumber = number.parse().ok()?;
    (account.owner() == visitor.customer).then_some(account)
}

fn row(movement: Movement, currency: Currency) -> Result<Row, SandboxError> {
    let (debit, credit) = movement.sides();
    Ok(Row {
        number: movement.number,
        at: Instant::new(movement.at)?,
        comment: movement.comment,
        counterpart_name: movement.counterpart_name,
        counterpart_rut: movement.counterpart.owner().formatted(),
        counterpart: movement.counterpart.to_string(),
        operation: movement.operation,
        debit: debit.map(|amount| Money::new(amount, currency)),
        credit: credit.map(|amount| Money::new(amount, currency)),
        balance: Money::new(movement.balance, currency),
    })
}
