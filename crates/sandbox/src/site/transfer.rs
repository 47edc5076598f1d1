//! A transfer's pages: the form, the matrix card, and how it ended.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::Site;
use super::accounts::AccountLine;
use super::form::{Posted, Signed};
use super::money::Money;
use super::page::{Frame, missing, render};
use super::receipt;
use super::visitor::Visitor;
use crate::draft::{Draft, Standing};
use crate::error::SandboxError;
use crate::transfer::{BANK_NAME, Refusal, Transfer};

mod typed;

use typed::{Problems, TransferForm};

#[derive(Template)]
#[template(path = "transfer.html")]
struct Form {
    frame: Frame,
    csrf: String,
    accounts: Vec<AccountLine>,
    bank: &'static str,
    typed: TransferForm,
    problems: Problems,
}

/// The empty form.
pub async fn form(State(site): State<Site>, visitor: Visitor) -> Result<Response, SandboxError> {
    show_form(
        &site,
        &visitor,
        StatusCode::OK,
        TransferForm::default(),
        Problems::default(),
    )
    .await
}

/// Keeps the order as a draft and asks for coordinates; what can't be read is asked for again.
pub async fn begin(State(site): State<Site>, form: Posted<TransferForm>) -> Result<Response, SandboxError> {
    let Posted { visitor, fields } = form;
    let order = match fields.read(&visitor) {
        Ok(order) => order,
        Err(problems) => {
            return show_form(
                &site,
                &visitor,
                StatusCode::UNPROCESSABLE_ENTITY,
                fields,
                problems,
            )
            .await;
        }
    };
    Ok(match site.bank.begin(order).await? {
        Ok(draft) => Redirect::to(&format!("/transfer/{draft}")).into_response(),
        Err(refusal) => refused(&visitor, refusal),
    })
}

async fn show_form(
    site: &Site,
    visitor: &Visitor,
    status: StatusCode,
    typed: TransferForm,
    problems: Problems,
) -> Result<Response, SandboxError> {
    let balances = site.bank.balances(visitor.customer).await?;
    let page = Form {
        frame: Frame::of(visitor),
        csrf: visitor.csrf.clone(),
        accounts: balances.iter().map(AccountLine::new).collect(),
        bank: BANK_NAME,
        typed,
        problems,
    };
    Ok(render(status, &page))
}

#[derive(Template)]
#[template(path = "coordinates.html")]
struct Card {
    frame: Frame,
    csrf: String,
    draft: String,
    order: Summary,
    positions: Vec<String>,
}

struct Summary {
    amount: Money,
    currency: &'static str,
    origin: String,
    bank: &'static str,
    holder: String,
    holder_rut: String,
    destination: String,
    comment: String,
}

/// The draft's card, or how it ended.
pub async fn card(
    State(site): State<Site>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, SandboxError> {
    let draft = site.bank.draft(id.clone(), visitor.customer).await?;
    show_draft(&site, &visitor, id, draft).await
}

/// The three coordinates, in the order asked.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Coordinates {
    csrf: String,
    coordinate_1: String,
    coordinate_2: String,
    coordinate_3: String,
}

impl Signed for Coordinates {
    fn csrf(&self) -> &str {
        &self.csrf
    }
}

/// Executes the draft, once; sent again, it answers how the draft ended.
pub async fn confirm(
    State(site): State<Site>,
    Path(id): Path<String>,
    form: Posted<Coordinates>,
) -> Result<Response, SandboxError> {
    let Posted { visitor, fields } = form;
    let typed = [fields.coordinate_1, fields.coordinate_2, fields.coordinate_3];
    let draft = site.bank.confirm(id.clone(), visitor.customer, typed).await?;
    show_draft(&site, &visitor, id, draft).await
}

async fn show_draft(
    site: &Site,
    visitor: &Visitor,
    id: String,
    draft: Option<Draft>,
) -> Result<Response, SandboxError> {
    let frame = Frame::of(visitor);
    let Some(Draft {
        transfer,
        positions,
        standing,
    }) = draft
    else {
        return Ok(missing(frame));
    };
    let order = summary(transfer);
    Ok(match standing {
        Standing::Open => {
            let csrf = visitor.csrf.clone();
            render(
                StatusCode::OK,
                &Card {
                    frame,
                    csrf,
                    draft: id,
                    order,
                    positions,
                },
            )
        }
        Standing::Moved(operation) => return receipt::page(site, visitor, operation).await,
        Standing::Unclear => render(StatusCode::OK, &Unclear { frame, order }),
        Standing::Refused(refusal) => refused(visitor, refusal),
    })
}

#[derive(Template)]
#[template(path = "unclear.html")]
struct Unclear {
    frame: Frame,
    order: Summary,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct Refused {
    frame: Frame,
    reason: &'static str,
    text: String,
}

fn refused(visitor: &Visitor, refusal: Refusal) -> Response {
    let page = Refused {
        frame: Frame::of(visitor),
        reason: refusal.code(),
        text: refusal.to_string(),
    };
    render(StatusCode::OK, &page)
}

fn summary(transfer: Transfer) -> Summary {
    let currency = transfer.origin.currency();
    Summary {
        amount: Money::new(transfer.amount, currency),
        currency: currency.code(),
        origin: transfer.origin.to_string(),
        bank: BANK_NAME,
        holder: transfer.holder,
        holder_rut: transfer.destination.owner().formatted(),
        destination: transfer.destination.to_string(),
        comment: transfer.comment,
    }
}
