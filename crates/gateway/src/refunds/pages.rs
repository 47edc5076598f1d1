//! `/refund-wallet/{reference}`: how money is added to a wallet. The address is the reference that the transfer carries;
//! whoever knows it can do no more than add money, so neither balance nor refunds are shown.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use ayni_domain::ids::OrderId;
use ayni_domain::lang::Lang;
use ayni_domain::rut::Rut;
use ayni_store::tx::Tx;
use url::form_urlencoded;

use super::wallet::{self, Wallet};
use crate::app::{App, Shared};
use crate::http::error::ApiError;
use crate::http::pages::{language, query, tell};
use crate::merchants::{MerchantError, accounts};
use crate::payer::page::Frame;
use crate::texts::pages::wallet::TopUp;

#[derive(Template)]
#[template(path = "refunds/top-up.html")]
struct TopUpPage {
    frame: Frame,
    t: &'static TopUp,
    transfer: Option<Transfer>,
}

/// Where to transfer.
struct Transfer {
    merchant: String,
    rows: Vec<Row>,
}

struct Row {
    id: &'static str,
    label: &'static str,
    text: String,
    hint: Option<&'static str>,
    is_strong: bool,
}

/// The page, in the language asked for.
pub(super) async fn top_up(
    State(app): State<Shared>,
    Path(reference): Path<String>,
    parts: Parts,
) -> Result<Response, ApiError> {
    let lang = language(&parts, &query(&parts));
    let found = match OrderId::parse(&reference) {
        Ok(reference) => find(&app, reference).await?,
        Err(_) => None,
    };
    let (status, title) = match &found {
        Some(_) => (StatusCode::OK, TopUp::of(lang).heading),
        None => (StatusCode::NOT_FOUND, TopUp::of(lang).missing),
    };
    let page = TopUpPage {
        frame: Frame::alone(lang, "top-up", title).in_other_language(other_language(&parts, lang)),
        t: TopUp::of(lang),
        transfer: found.map(|(wallet, merchant)| Transfer {
            merchant,
            rows: rows(&app, &wallet, lang),
        }),
    };
    let html = page.render().map_err(|error| ApiError::internal(&error))?;
    let mut response = (status, Html(html)).into_response();
    tell(&mut response, lang, []);
    Ok(response)
}

/// The wallet, and its merchant's name.
async fn find(app: &App, reference: OrderId) -> Result<Option<(Wallet, String)>, ApiError> {
    let found = app.db.read("refunds.top-up", move |tx: &mut Tx<'_>| {
        let Some(wallet) = wallet::by_reference(tx, reference)? else {
            return Ok(None);
        };
        let account = accounts::read(tx, wallet.account)?;
        Ok::<_, MerchantError>(Some((wallet, account.name)))
    });
    found.await.map_err(|error| match error {
        MerchantError::Store(error) => error.into(),
        other => ApiError::internal(&other),
    })
}

fn rows(app: &App, wallet: &Wallet, lang: Lang) -> Vec<Row> {
    let (t, home) = (TopUp::of(lang), &wallet.home);
    let bank = app.banks.find(&home.bank_id);
    let plain = |id, label, text: String| Row {
        id,
        label,
        text,
        hint: None,
        is_strong: false,
    };
    let rut = Rut::parse(&home.holder_identifier);
    vec![
        plain(
            "transfer-bank",
            t.bank,
            bank.map_or(&home.bank_id, |bank| &bank.name).clone(),
        ),
        plain("account", t.account, home.number.clone()),
        plain("currency", t.currency, home.currency.code().to_owned()),
        plain("holder", t.holder, home.holder_name.clone()),
        plain(
            "holder-rut",
            t.holder_rut,
            rut.map_or_else(|_| home.holder_identifier.clone(), Rut::formatted),
        ),
        plain("holder-email", t.holder_email, home.holder_email.clone()),
        Row {
            hint: Some(t.reference_hint),
            is_strong: true,
            ..plain("reference", t.reference, wallet.reference.to_string())
        },
    ]
}

/// This page in the other language.
fn other_language(parts: &Parts, lang: Lang) -> String {
    let tag = lang.pick(Lang::En, Lang::Es).tag();
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("lang", tag)
        .finish();
    format!("{}?{query}", parts.uri.path())
}
