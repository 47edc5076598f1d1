//! The payer's side: the pages on which a payment is looked at and paid, and the attempts behind them.
//!
//! An attempt belongs to the browser that began it. The bank's questions are passed on step by step, sealed between
//! steps; the request that moves money is sent at most once (`authorise`). A payment is never done because of what
//! happens here: only the collecting account's statement says so, and reconciliation asks [`settle`] then.
//!
//! Pages work without scripts: every form is an ordinary POST that ends in a redirect (or the form again, with what is
//! wrong); what is shown is what the rows say at that moment, so that reloading, going back and second tabs are safe.

pub(crate) mod assets;
pub mod attempt;
pub mod jobs;
pub mod limits;
pub mod live;
pub(crate) mod page;
pub(crate) mod qr;
pub mod settle;

mod authorise;
mod begin;
mod browser;
mod contract;
mod declare;
mod decline;
mod end;
mod info;
mod manual;
mod refusals;
mod simplified;
mod sql;
mod step;
mod stop;
mod viewed;
mod visitor;
mod waiting;

use axum::Router;
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use ayni_domain::ids::PaymentId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use self::attempt::Attempt;
use self::decline::Kind;
use self::visitor::{Answer, Post, Visitor};
use crate::app::Shared;
use crate::http::pages::page_headers;
use crate::keys::sealed::SealedColumn;

/// Every SQL text of this folder.
pub(crate) const STATEMENTS: &[&str] = sql::ALL;

/// What is sealed here, for the walk that seals it anew and the end of a data key.
pub(crate) const SEALED: &[SealedColumn] = &[SealedColumn {
    name: "attempts.session_sealed",
    count: sql::COUNT_SEALED_SESSIONS,
    lasting: None,
}];

/// Ends every attempt that was under way, in the unit of work that says that the database was restored: its session at
/// the bank may have moved money meanwhile.
pub(crate) fn end_restored(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), StoreError> {
    sql::end_asking(tx, now)
}

/// The payer's pages, and the files they are made of.
pub fn router() -> Router<Shared> {
    Router::new()
        .route("/payment/info/{id}", get(get_info).post(post_info))
        .route("/payment/simplified/{id}", get(get_simplified).post(post_answer))
        .route(
            "/payment/simplified/{id}/begin",
            get(get_simplified_again).post(post_begin),
        )
        .route(
            "/payment/simplified/{id}/leave",
            get(get_simplified_again).post(post_leave),
        )
        .route("/payment/manual/{id}", get(get_manual).post(post_manual))
        .route(
            "/payment/manual/{id}/declare",
            get(get_manual_again).post(post_declare),
        )
        .route(
            "/payment/manual/{id}/withdraw",
            get(get_manual_again).post(post_withdraw),
        )
        .route("/payment/end/{id}", get(get_end))
        .route("/payment/reject/{id}", get(get_reject).post(post_reject))
        .route("/payment/abuse/{id}", get(get_abuse).post(post_abuse))
        .route("/payment/events/{id}", get(live::events))
        .layer(map_response(page_headers))
        .merge(assets::router())
}

/// All attempts of a payment, the first one first.
pub fn attempts_of(tx: &mut Tx<'_>, payment: PaymentId) -> Result<Vec<Attempt>, StoreError> {
    sql::select_attempts(tx, payment)
}

async fn get_info(visitor: Visitor) -> Response {
    visitor.answer(info::show(&visitor).await)
}

async fn post_info(post: Post) -> Response {
    post.visitor.answer(info::choose(&post).await)
}

async fn get_simplified(visitor: Visitor) -> Response {
    visitor.answer(simplified::show(&visitor).await)
}

/// Somebody opened a form's own address, by going back or from the history: the page of the form is shown.
async fn get_simplified_again(visitor: Visitor) -> Response {
    visitor.answer(Ok(Answer::SeeOther(visitor.to("simplified"))))
}

/// The same of the manual transfer.
async fn get_manual_again(visitor: Visitor) -> Response {
    visitor.answer(Ok(Answer::SeeOther(visitor.to("manual"))))
}

async fn post_begin(post: Post) -> Response {
    post.visitor.answer(simplified::begin(&post).await)
}

async fn post_answer(post: Post) -> Response {
    post.visitor.answer(simplified::answer(&post).await)
}

async fn post_leave(post: Post) -> Response {
    post.visitor.answer(simplified::leave(&post).await)
}

async fn get_manual(visitor: Visitor) -> Response {
    visitor.answer(manual::show(&visitor).await)
}

async fn post_manual(post: Post) -> Response {
    post.visitor.answer(manual::begin(&post).await)
}

async fn post_declare(post: Post) -> Response {
    post.visitor.answer(declare::declare(&post).await)
}

async fn post_withdraw(post: Post) -> Response {
    post.visitor.answer(declare::withdraw(&post).await)
}

async fn get_end(visitor: Visitor) -> Response {
    visitor.answer(end::show(&visitor).await)
}

async fn get_reject(visitor: Visitor) -> Response {
    visitor.answer(decline::show(&visitor, Kind::Reject).await)
}

async fn post_reject(post: Post) -> Response {
    post.visitor.answer(decline::decline(&post, Kind::Reject).await)
}

async fn get_abuse(visitor: Visitor) -> Response {
    visitor.answer(decline::show(&visitor, Kind::Abuse).await)
}

async fn post_abuse(post: Post) -> Response {
    post.visitor.answer(decline::decline(&post, Kind::Abuse).await)
}

#[cfg(test)]
mod tests;
