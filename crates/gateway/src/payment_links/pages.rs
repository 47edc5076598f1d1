//! `/payment/process/{code}`: what a link asks, and the form that makes a payment.

use std::net::IpAddr;

use askama::Template;
use axum::body::to_bytes;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use ayni_domain::ids::{LinkCode, PaymentId};
use ayni_domain::lang::Lang;
use ayni_domain::payment_link::order::{self, Objection, Order, Typed};
use ayni_domain::payment_link::terms::Price;
use ayni_domain::payment_link::{PaymentLink, Standing};
use ayni_store::tx::Tx;
use serde::Deserialize;

use super::{LinkUse, closed, counting, form, shown, sql};
use crate::app::{App, Shared};
use crate::http::error::ApiError;
use crate::http::idempotent::outcome::NotAnswered;
use crate::http::pages::{FORM_MAX_BYTES, Form, language, language_cookie, query, tell};
use crate::http::serve::ClientAddress;
use crate::merchants::{Account, MerchantError, accounts};
use crate::payer::page::Frame;
use crate::payments;
use crate::texts::dates;
use crate::texts::pages::payment_link::{Ask, Closed};

#[derive(Template)]
#[template(path = "payment_links/ask.html")]
struct AskPage {
    frame: Frame,
    t: &'static Ask,
    action: String,
    mark: String,
    version: i64,
    payee: String,
    subject: String,
    body: Option<String>,
    unit: Option<String>,
    quantity_max: Option<i64>,
    /// What the amount must be, where it is free.
    range: Option<String>,
    asks_name: bool,
    asks_email: bool,
    expires: Option<String>,
    cancel_url: Option<String>,
    typed: Kept,
    notice: Option<&'static str>,
    problems: Vec<Problem>,
}

#[derive(Template)]
#[template(path = "payment_links/closed.html")]
struct ClosedPage {
    frame: Frame,
    t: &'static Closed,
    payee: Option<String>,
}

/// What was filled in, to be shown again.
#[derive(Default)]
struct Kept {
    amount: String,
    quantity: String,
    name: String,
    email: String,
}

struct Problem {
    field: &'static str,
    text: String,
}

/// What is read of the answer to a creation.
#[derive(Deserialize)]
struct Made {
    payment_id: PaymentId,
}

/// Who opened the page, and how.
struct Visitor {
    app: Shared,
    lang: Lang,
    asks_lang: bool,
    code: Option<LinkCode>,
    address: Option<IpAddr>,
    is_from_elsewhere: bool,
}

/// A link and whose it is.
struct Found {
    link: PaymentLink,
    account: Account,
}

/// The page.
pub(super) async fn show(State(app): State<Shared>, request: Request) -> Result<Response, ApiError> {
    let (visitor, _) = read(app, request).await;
    let Some(found) = find(&visitor).await? else {
        return missing(&visitor);
    };
    match closed(&found.link, &found.account, visitor.app.clock.now()) {
        Some(standing) => ended(&visitor, &found, standing),
        None => ask(&visitor, &found, Kept::default(), None, &[]),
    }
}

/// Makes the payment that was filled in, and leads to its page.
pub(super) async fn order(State(app): State<Shared>, request: Request) -> Result<Response, ApiError> {
    let (visitor, form) = read(app, request).await;
    let Some(found) = find(&visitor).await? else {
        return missing(&visitor);
    };
    let (t, app, code) = (Ask::of(visitor.lang), &visitor.app, found.link.code);
    let submission = form::submission(app, code, &form).filter(|_| !visitor.is_from_elsewhere);
    let Some(submission) = submission else {
        return again(&visitor, &found, &form, t.stale, &[]);
    };
    if let Some(made) = made_before(app, code, &submission).await? {
        return Ok(see_other(made));
    }
    if let Some(standing) = closed(&found.link, &found.account, app.clock.now()) {
        return ended(&visitor, &found, standing);
    }
    if form.text("version") != found.link.version.to_string() {
        return again(&visitor, &found, &form, t.changed, &[]);
    }
    let order = match order::read(&found.link.terms, typed(&form), visitor.lang) {
        Ok(order) => order,
        Err(objections) => return ask(&visitor, &found, Kept::of(&form), None, &objections),
    };
    if !app.payer_limits.take_order(visitor.address, app.clock.now()) {
        return again(&visitor, &found, &form, t.too_many, &[]);
    }
    match make(&visitor, &found, &order, submission.clone()).await {
        Ok(made) => Ok(see_other(made)),
        // The same form came first, or the link is not what it was.
        Err(NotAnswered::KeyTaken) => match made_before(app, code, &submission).await? {
            Some(made) => Ok(see_other(made)),
            None => changed(&visitor, &form).await,
        },
        // What the merchant may collect changed since the link was made.
        Err(NotAnswered::Refused(ApiError::Invalid(_))) => ended(&visitor, &found, Standing::Inactive),
        Err(error) => Err(error.into()),
    }
}

async fn make(
    visitor: &Visitor,
    found: &Found,
    order: &Order,
    submission: String,
) -> Result<PaymentId, NotAnswered> {
    let used = LinkUse {
        code: found.link.code,
        version: found.link.version,
        submission,
        quantity: order.quantity,
    };
    let body = serde_json::to_vec(&found.link.request(order)).map_err(|error| ApiError::internal(&error))?;
    let by = counting(used, visitor.app.clock.now());
    let made = payments::create_by(&visitor.app, &found.account, &body, visitor.lang, &by).await?;
    let told: Made = serde_json::from_slice(&made).map_err(|error| ApiError::internal(&error))?;
    Ok(told.payment_id)
}

/// The link as it is now, after somebody changed it or took its last use.
async fn changed(visitor: &Visitor, form: &Form) -> Result<Response, ApiError> {
    let Some(found) = find(visitor).await? else {
        return missing(visitor);
    };
    match closed(&found.link, &found.account, visitor.app.clock.now()) {
        Some(standing) => ended(visitor, &found, standing),
        None => again(visitor, &found, form, Ask::of(visitor.lang).changed, &[]),
    }
}

async fn read(app: Shared, request: Request) -> (Visitor, Form) {
    let (mut parts, body) = request.into_parts();
    let query = query(&parts);
    let path = Path::<String>::from_request_parts(&mut parts, &app).await;
    let visitor = Visitor {
        lang: language(&parts, &query),
        asks_lang: query.contains_key("lang"),
        code: path.ok().and_then(|Path(code)| LinkCode::parse(&code).ok()),
        address: parts.extensions.get::<ClientAddress>().map(|address| address.0),
        is_from_elsewhere: is_from_elsewhere(&parts.headers),
        app,
    };
    let bytes = to_bytes(body, FORM_MAX_BYTES).await.unwrap_or_default();
    (visitor, Form::read(&bytes))
}

/// Whether a browser says that another site's page sent the form.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    matches!(site, Some("cross-site" | "same-site"))
}

async fn find(visitor: &Visitor) -> Result<Option<Found>, ApiError> {
    let Some(code) = visitor.code else {
        return Ok(None);
    };
    let work = move |tx: &mut Tx<'_>| -> Result<Option<Found>, MerchantError> {
        let Some(link) = sql::select_link(tx, code)? else {
            return Ok(None);
        };
        let account = accounts::read(tx, link.account)?;
        Ok(Some(Found { link, account }))
    };
    let found = visitor.app.db.read("payment-links.open", work).await;
    found.map_err(|error| match error {
        MerchantError::Store(error) => error.into(),
        other => ApiError::internal(&other),
    })
}

async fn made_before(app: &App, code: LinkCode, submission: &str) -> Result<Option<PaymentId>, ApiError> {
    let submission = submission.to_owned();
    let work = move |tx: &mut Tx<'_>| sql::select_use(tx, code, &submission);
    Ok(app.db.read("payment-links.use", work).await?)
}

fn typed(form: &Form) -> Typed<'_> {
    Typed {
        amount: form.text("amount"),
        quantity: form.text("quantity"),
        name: form.text("name"),
        email: form.text("email"),
    }
}

fn again(
    visitor: &Visitor,
    found: &Found,
    form: &Form,
    notice: &'static str,
    objections: &[Objection],
) -> Result<Response, ApiError> {
    ask(visitor, found, Kept::of(form), Some(notice), objections)
}

fn ask(
    visitor: &Visitor,
    found: &Found,
    typed: Kept,
    notice: Option<&'static str>,
    objections: &[Objection],
) -> Result<Response, ApiError> {
    let (t, terms, lang) = (Ask::of(visitor.lang), &found.link.terms, visitor.lang);
    let money = |amount| shown(amount, terms.currency, lang);
    let (unit, quantity_max, range) = match terms.price {
        Price::Fixed { unit, quantity_max } => (
            Some(money(unit)),
            (quantity_max > 1).then_some(quantity_max),
            None,
        ),
        Price::Free { minimum, maximum } => (None, None, Some(t.range(&money(minimum), &money(maximum)))),
    };
    let problem = |objection: &Objection| Problem {
        field: objection.field(),
        text: t.objection(*objection, &money),
    };
    let page = AskPage {
        frame: frame(visitor, "payment-link", &terms.subject),
        t,
        action: path(found.link.code),
        mark: form::mark(&visitor.app, found.link.code),
        version: found.link.version,
        payee: found.account.name.clone(),
        subject: terms.subject.clone(),
        body: terms.body.clone(),
        unit,
        quantity_max,
        range,
        asks_name: terms.asks_name,
        asks_email: terms.asks_email,
        expires: terms.expires_at.map(|end| dates::shown(end, lang)),
        cancel_url: terms.cancel_url.clone(),
        typed,
        notice,
        problems: objections.iter().map(problem).collect(),
    };
    let status = match (notice, objections) {
        (None, []) => StatusCode::OK,
        (Some(text), _) if text == t.too_many => StatusCode::TOO_MANY_REQUESTS,
        (Some(_), _) => StatusCode::CONFLICT,
        (None, _) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    render(visitor, status, &page)
}

fn ended(visitor: &Visitor, found: &Found, standing: Standing) -> Result<Response, ApiError> {
    let t = Closed::of(standing, visitor.lang);
    let page = ClosedPage {
        frame: frame(visitor, t.page, t.heading),
        t,
        payee: Some(found.account.name.clone()),
    };
    render(visitor, StatusCode::GONE, &page)
}

fn missing(visitor: &Visitor) -> Result<Response, ApiError> {
    let t = Closed::missing(visitor.lang);
    let page = ClosedPage {
        frame: frame(visitor, t.page, t.heading),
        t,
        payee: None,
    };
    render(visitor, StatusCode::NOT_FOUND, &page)
}

fn frame(visitor: &Visitor, page: &'static str, title: &str) -> Frame {
    let frame = Frame::alone(visitor.lang, page, title);
    let other = visitor.lang.pick(Lang::En, Lang::Es).tag();
    match visitor.code {
        Some(code) => frame.in_other_language(format!("{}?lang={other}", path(code))),
        None => frame,
    }
}

fn render(visitor: &Visitor, status: StatusCode, page: &impl Template) -> Result<Response, ApiError> {
    let html = page.render().map_err(|error| ApiError::internal(&error))?;
    let mut response = (status, Html(html)).into_response();
    let is_https = visitor.app.settings.public_url.scheme() == "https";
    let cookie = visitor
        .asks_lang
        .then(|| language_cookie(visitor.lang, "/payment", is_https));
    tell(&mut response, visitor.lang, cookie);
    Ok(response)
}

fn see_other(payment: PaymentId) -> Response {
    let path = format!("/payment/info/{payment}");
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

fn path(code: LinkCode) -> String {
    format!("/payment/process/{code}")
}

impl AskPage {
    /// What is wrong with a field.
    fn problem(&self, field: &str) -> Option<&str> {
        let found = self.problems.iter().find(|problem| problem.field == field);
        found.map(|problem| problem.text.as_str())
    }
}

impl Kept {
    fn of(form: &Form) -> Kept {
        Kept {
            amount: form.text("amount").to_owned(),
            quantity: form.text("quantity").to_owned(),
            name: form.text("name").to_owned(),
            email: form.text("email").to_owned(),
        }
    }
}
