//! A step of a person's login at the institution: what was typed goes to its site, once, and what came of it is stored.
//!
//! The step runs in a task of its own, so that a browser that hangs up does not cut it off. It is guarded by the way's
//! version: of two tabs that send the same form one is stored, and the other is shown what is now.

use ayni_connectors::data::login::{LoggedIn, Login, LoginSession, LoginStep};
use ayni_domain::oauth::progress::{Event, apply};
use ayni_domain::operation::code::Code;

use super::authorization::Authorization;
use super::refusals::{Message, Stop};
use super::sql;
use super::visitor::Post;
use super::waiting::Waiting;
use crate::app::Shared;
use crate::institutions::visit;

/// What the form brought.
pub(super) enum Typed {
    /// User name and password.
    Login(Login),
    /// The second factor, for the session that waits.
    Code(LoginSession, String),
}

/// How a step ended.
pub(super) enum Stepped {
    /// Something new waits.
    On,
    /// The institution, or we, did not let the person in; why.
    Refused(Code),
}

/// Takes the step.
pub(super) async fn take(
    post: &Post,
    way: Authorization,
    scope: &str,
    typed: Typed,
) -> Result<Stepped, Stop> {
    let (app, address) = (post.visitor.app.clone(), post.visitor.address);
    if !app.payer_limits.take_site_login(address, app.clock.now()) {
        return Err(Stop::Refused(Message::TooMany));
    }
    let (scope, browser) = (scope.to_owned(), post.visitor.browser.hash());
    let step = async move {
        let Some(site) = app.sites.of_scope(&scope).cloned() else {
            return Ok(Stepped::Refused(Code::ComponentMissing));
        };
        let step = match typed {
            Typed::Login(login) => LoginStep::Credentials(login),
            Typed::Code(session, code) => LoginStep::Code { session, code },
        };
        let outcome = visit::log_in(&app, &site, step).await;
        if !matches!(&outcome, Err(fault) if fault.code == Code::LoginRefused) {
            app.payer_limits.give_site_login_back(address);
        }
        let waiting = match outcome {
            Ok(LoggedIn::Done { login, accounts }) => Some(Waiting::Found {
                scope,
                login,
                accounts,
            }),
            Ok(LoggedIn::CodeWanted { prompt, session }) => Some(Waiting::Code {
                scope,
                prompt,
                session,
            }),
            Err(fault) => {
                // A second factor is asked for once: after a refusal the login begins anew.
                store(&app, way, None, browser).await?;
                return Ok(Stepped::Refused(fault.code));
            }
        };
        store(&app, way, waiting, browser).await?;
        Ok(Stepped::On)
    };
    let tasks = &post.visitor.app.tasks;
    tasks
        .spawn(step)
        .await
        .map_err(|_| Stop::Broken("a login ended in a panic".to_owned()))?
}

/// Forgets what waits, so that the person logs in anew.
pub(super) async fn start_over(post: &Post, way: Authorization) -> Result<(), Stop> {
    store(&post.visitor.app, way, None, post.visitor.browser.hash()).await
}

async fn store(
    app: &Shared,
    way: Authorization,
    waiting: Option<Waiting>,
    browser: [u8; 32],
) -> Result<(), Stop> {
    apply(way.state, Event::Answered)?;
    let sealed = waiting
        .map(|waiting| waiting.seal(&app.keyring, &way, way.version + 1))
        .transpose()?;
    app.db
        .append("consents.step", move |tx| {
            // Another tab was faster: what it stored stands.
            sql::update_step(tx, &way, sealed.as_deref(), &browser)?;
            Ok::<_, Stop>(())
        })
        .await
}
