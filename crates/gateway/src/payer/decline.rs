//! «No voy a pagar» and «Denunciar un abuso»: each asks again on a page of its own, and happens only by its form.

use askama::Template;
use axum::http::StatusCode;
use ayni_domain::payment::Event;
use jiff::Timestamp;

use super::attempt::Attempt;
use super::end;
use super::page::{Frame, render};
use super::settle::payment_closed;
use super::sql;
use super::stop::Stop;
use super::viewed::load;
use super::visitor::{Answer, Post, Visitor};
use crate::payments;
use crate::texts::pages::decline::{Decline, abuse, reject};
use crate::texts::pages::refusals::Refusal;

#[derive(Template)]
#[template(path = "payer/decline.html")]
struct DeclinePage {
    frame: Frame,
    t: &'static Decline,
    csrf: String,
    action: String,
    info_href: String,
}

/// Which of the two.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// The payer will not pay.
    Reject,
    /// The payer says that the request is an abuse.
    Abuse,
}

/// The page that asks again.
pub(super) async fn show(visitor: &Visitor, kind: Kind) -> Result<Answer, Stop> {
    let viewed = load(visitor).await?;
    if let Some(outcome) = viewed.outcome() {
        return end::page(visitor, &viewed, outcome);
    }
    let (page, t, path) = match kind {
        Kind::Reject => ("confirm-reject", reject(visitor.lang), "reject"),
        Kind::Abuse => ("confirm-abuse", abuse(visitor.lang), "abuse"),
    };
    let template = DeclinePage {
        frame: Frame::of(visitor, &viewed, page, t.heading),
        t,
        csrf: visitor.csrf(),
        action: visitor.to(path),
        info_href: visitor.to("info"),
    };
    render(StatusCode::OK, &template)
}

/// Does it, and ends every attempt that still asks its payer. Whoever has the link may decline, but not under the hands
/// of somebody who is paying.
pub(super) async fn decline(post: &Post, kind: Kind) -> Result<Answer, Stop> {
    let (app, id) = (&post.visitor.app, post.visitor.id);
    let (now, hash) = (app.clock.now(), post.visitor.browser.hash());
    if !app.payer_limits.take_claim(post.visitor.address, now) {
        return Err(Stop::Refused(Refusal::TooManyClaims));
    }
    app.db
        .write("payer.decline", move |tx| {
            let payment = payments::find(tx, id)?.ok_or(Stop::Refused(Refusal::NotFound))?;
            let attempts = sql::select_attempts(tx, id)?;
            if attempts.iter().any(|one| is_paying_elsewhere(one, &hash, now)) {
                return Err(Stop::Refused(Refusal::BeingPaid));
            }
            let event = match kind {
                Kind::Reject => Event::RejectedByPayer,
                Kind::Abuse => Event::ReportedAsAbuse,
            };
            payments::transition(tx, &payment, &event, now)?;
            Ok::<_, Stop>(payment_closed(tx, id, now)?)
        })
        .await?;
    app.signals.payment_changed(id);
    Ok(Answer::SeeOther(post.visitor.to("end")))
}

/// Whether another browser's payer has said who pays, and is being asked.
fn is_paying_elsewhere(attempt: &Attempt, browser_hash: &[u8], now: Timestamp) -> bool {
    attempt.is_asking_at(now) && attempt.payer_identifier.is_some() && attempt.browser_hash != browser_hash
}
