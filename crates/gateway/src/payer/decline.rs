//! «No voy a pagar» and «Denunciar un abuso»: each asks again on a page of its own, and happens only by its form.

use askama::Template;
use axum::http::StatusCode;
use ayni_domain::payment::Event;

use super::end;
use super::page::{Frame, render};
use super::settle::payment_closed;
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

/// Does it, and ends every attempt that still asks its payer.
pub(super) async fn decline(post: &Post, kind: Kind) -> Result<Answer, Stop> {
    let (app, id) = (&post.visitor.app, post.visitor.id);
    let now = app.clock.now();
    app.db
        .write("payer.decline", move |tx| {
            let payment = payments::find(tx, id)?.ok_or(Stop::Refused(Refusal::NotFound))?;
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
