//! The receipt of a transfer, for whoever paid it or got it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Site;
use super::money::{Instant, Money};
use super::page::{Frame, missing, render};
use super::visitor::Visitor;
use crate::customer;
use crate::error::SandboxError;
use crate::statement::Operation;
use crate::transfer::BANK_NAME;

#[derive(Template)]
#[template(path = "receipt.html")]
struct Receipt {
    frame: Frame,
    operation: i64,
    at: Instant,
    amount: Money,
    currency: &'static str,
    payer_name: String,
    payer_rut: String,
    origin: String,
    bank: &'static str,
    holder: String,
    holder_rut: String,
    destination: String,
    comment: String,
}

/// Of another customer's transfer there is no page.
pub async fn show(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, SandboxError> {
    let Ok(number) = number.parse() else {
        return Ok(missing(Frame::of(&visitor)));
    };
    page(&site, &visitor, number).await
}

/// The page of that operation.
pub async fn page(site: &Site, visitor: &Visitor, number: i64) -> Result<Response, SandboxError> {
    let frame = Frame::of(visitor);
    match site.bank.operation(number, visitor.customer).await? {
        Some(operation) => Ok(render(StatusCode::OK, &receipt(frame, operation)?)),
        None => Ok(missing(frame)),
    }
}

fn receipt(frame: Frame, operation: Operation) -> Result<Receipt, SandboxError> {
    let currency = operation.origin.currency();
    let (payer, payee) = (operation.origin.owner(), operation.destination.owner());
    Ok(Receipt {
        frame,
        operation: operation.number,
        at: Instant::new(operation.at)?,
        amount: Money::new(operation.amount, currency),
        currency: currency.code(),
        payer_name: customer::name(payer),
        payer_rut: payer.formatted(),
        origin: operation.origin.to_string(),
        bank: BANK_NAME,
        holder: operation.holder,
        holder_rut: payee.formatted(),
        destination: operation.destination.to_string(),
        comment: operation.comment,
    })
}
