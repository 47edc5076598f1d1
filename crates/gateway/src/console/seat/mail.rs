//! The mail that carries a link to set a password. Its job is made with the link's row; the link's token is derived anew
//! at each try, so it lies in no row. What is sent again is the same, with the same `Message-ID`.

use std::time::{Duration, SystemTime};

use askama::Template;
use ayni_domain::notice;
use ayni_outbound::mail::mailbox::Mailbox;
use ayni_outbound::mail::message::Mail;
use ayni_store::error::StoreError;
use ayni_store::queue::{self, Job, NewJob};
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::links::{self, Cause, Link};
use super::sql;
use crate::app::{App, Shared};
use crate::merchants::accounts;
use crate::signals::JobKind;
use crate::texts::console::invitation::Texts;
use crate::worker::{Pump, Unfinished};

/// How these mails are sent: few at once, in places of their own.
pub(super) const INVITATIONS: Pump = Pump {
    kind: JobKind::Invitation,
    concurrency: 2,
    per_lane: 2,
};

#[derive(Template)]
#[template(path = "console/mails/invitation.html")]
struct Html<'a> {
    lang: &'static str,
    t: &'static Texts,
    intro: &'a str,
    url: &'a str,
}

/// Arranges for a link's mail, in the unit of work that stores the link. The caller wakes [`JobKind::Invitation`].
pub(super) fn enqueue(tx: &mut Tx<'_>, link: &Link, cause: Cause, now: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        kind: JobKind::Invitation.as_str(),
        key: &link.id,
        lane: "",
        payload: cause.as_str(),
        due_at: now,
    };
    queue::enqueue(tx, &job, now)
}

/// Sends the mail that a job names, if its link opens still.
pub(super) async fn deliver(app: Shared, job: Job) -> Result<(), Unfinished> {
    let (id, now) = (job.key.clone(), app.clock.now());
    let found = app
        .db
        .point("console.invitation", move |tx| sql::select_link_named(tx, &id))
        .await?;
    let (Some(mailer), Some(link)) = (app.mailer.clone(), found.filter(|link| now < link.expires_at)) else {
        return Ok(finish(&app, job).await?);
    };
    let mail = compose(&app, &link, Cause::read(&job.payload)).await?;
    match mailer.send(&mail).await {
        Ok(_) => Ok(finish(&app, job).await?),
        Err(error) if error.is_final() => {
            // Not in the server's words: they may repeat the recipient's address.
            tracing::warn!(code = error.code(), "an invitation's mail was refused");
            Ok(finish(&app, job).await?)
        }
        Err(error) => {
            let tries = u32::try_from(job.tries).unwrap_or(u32::MAX);
            let next = notice::next_try(link.created_at, now, tries, app.entropy.u16());
            let pause = next.map_or(Duration::from_secs(60), |next| {
                next.duration_since(now).unsigned_abs()
            });
            tracing::warn!(code = error.code(), "an invitation's mail was not taken");
            let reason = "not taken".to_owned();
            Err(Unfinished { reason, pause })
        }
    }
}

async fn compose(app: &App, link: &Link, cause: Cause) -> Result<Mail, Unfinished> {
    let failed = |reason: String| Unfinished {
        reason,
        pause: Duration::from_secs(60),
    };
    let account = accounts::find(&app.db, link.account).await;
    let account = account.map_err(|error| failed(error.to_string()))?;
    let t = Texts::of(link.lang, cause);
    let url = links::url(app, &links::token(app, &link.id));
    let intro = t.intro(&account.name);
    let html = Html {
        lang: link.lang.tag(),
        t,
        intro: &intro,
        url: &url,
    };
    let since_epoch = u64::try_from(link.created_at.as_millisecond()).unwrap_or_default();
    Ok(Mail {
        id: format!("invitation-{}", link.id),
        id_domain: app
            .settings
            .public_url
            .host_str()
            .unwrap_or("localhost")
            .to_owned(),
        at: SystemTime::UNIX_EPOCH + Duration::from_millis(since_epoch),
        to: Mailbox::new("", &link.email).ok_or_else(|| failed("no address".to_owned()))?,
        subject: t.subject.to_owned(),
        language: link.lang.tag(),
        text: format!("{intro}\n\n{}:\n{}\n\n{}\n", t.button, url.as_str(), t.note),
        html: html.render().map_err(|error| failed(error.to_string()))?,
        unsubscribe: None,
        attachment: None,
    })
}

async fn finish(app: &App, job: Job) -> Result<(), StoreError> {
    app.db
        .append("console.invited", move |tx| queue::finish(tx, &job).map(drop))
        .await
}
