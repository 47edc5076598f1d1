//! Operations whose caller waits: one visit within the budget, and `T000` past it. A caller who hangs up ends the visit.

use std::convert::Infallible;
use std::future::Future;

use axum::Extension;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use ayni_connectors::data::login::Login;
use ayni_domain::ids::AccountId;
use ayni_domain::lang::Lang;
use ayni_domain::link::Link;
use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use bytes::Bytes;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::answer::{self, Answered};
use super::person::{self, Person};
use super::request::{self, Asked, Rules};
use super::{KEPT_FOR, Operation, Target, accept, answer_context, later, sql};
use crate::app::{App, Shared};
use crate::http::RequestLang;
use crate::http::data_auth::DataCaller;
use crate::http::error::ApiError;
use crate::http::idempotent::Idempotency;
use crate::http::json::Body;
use crate::http::serve::ClientGone;
use crate::institutions::visit::{self, Errand, Found};
use crate::links;
use crate::requests::line::Refusal;

/// Runs an operation, or accepts it where the request names a `CallbackUrl`.
pub(super) async fn post(
    State(app): State<Shared>,
    Extension(target): Extension<Target>,
    Extension(RequestLang(lang)): Extension<RequestLang>,
    caller: DataCaller,
    gone: Gone,
    idempotency: Idempotency,
    Body(body): Body,
) -> Result<Response, ApiError> {
    caller.authorise(target.site.declaration())?;
    if let Some(violation) = idempotency.violation() {
        return Err(ApiError::Invalid(vec![violation]));
    }
    // Keyed: a password is in the body, and its plain digest could be guessed at from a stolen database.
    let body_hash = app.keyring.derive_hex("operation-body", &body);
    let mut asked = read(&app, &caller, &target, body)?;
    let person = person::resolve(&app, &caller, &target, &mut asked).await?;
    let begun = Begun::now(&app, caller.account().id, &target, lang);
    let errand = Errand {
        operation: target.operation.to_string(),
        arguments: asked.arguments,
    };
    if let Some(callback_url) = asked.callback_url {
        let accepted = accept::Accepted {
            begun,
            errand,
            person,
            callback_url,
        };
        return Box::pin(accept::accept(&app, accepted, idempotency, body_hash.as_bytes())).await;
    }
    let link = person.as_ref().and_then(Person::link);
    let account = caller.account().id;
    let login = match person {
        Some(person) => Some(person.login(&app, account, target.path()).await?),
        None => None,
    };
    let login = login.transpose().map_err(ApiError::Operation)?;
    let visit = visited(&app, &target, errand, login);
    let outcome = within_budget(&app, &gone, visit).await?;
    let answered = answer::of(begun.id, outcome, lang)?;
    record(&app, begun, answered, link, None).await
}

fn read(app: &App, caller: &DataCaller, target: &Target, body: Bytes) -> Result<Asked, ApiError> {
    let rules = Rules {
        ignores_credential: !caller.may_send_credentials(),
        has_person: caller.consent().is_some(),
        may_call: &|url| app.outbound.check_url(url).map(drop),
    };
    request::read(body, target.spec()?, &rules)
}

/// An operation that was let in.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub(crate) id: Uuid,
    pub(super) account: AccountId,
    pub(super) institution: String,
    pub(super) operation: String,
    pub(super) lang: Lang,
    pub(super) at: Timestamp,
}

impl Begun {
    /// One that is let in now.
    pub(crate) fn now(app: &App, account: AccountId, target: &Target, lang: Lang) -> Begun {
        Begun {
            id: app.entropy.uuid(),
            account,
            institution: target.path().to_owned(),
            operation: target.operation.to_string(),
            lang,
            at: app.clock.now(),
        }
    }
}

/// One visit.
pub(super) async fn visited(
    app: &Shared,
    target: &Target,
    errand: Errand,
    login: Option<Login>,
) -> Result<Found, Fault> {
    match login {
        Some(login) => visit::ask_as(app, &target.site, &errand, &login).await,
        None => visit::ask(app, &target.site, errand).await,
    }
}

/// What the visit brings within the budget, waiting for the site's limits included.
///
/// # Errors
/// When nobody waits for the answer any more.
pub(crate) async fn within_budget<T>(
    app: &App,
    gone: &Gone,
    visit: impl Future<Output = Result<T, Fault>>,
) -> Result<Result<T, Fault>, ApiError> {
    tokio::select! {
        outcome = tokio::time::timeout(app.settings.operation_budget, visit) => {
            Ok(outcome.unwrap_or_else(|_| Err(Code::OutOfTime.into())))
        }
        () = gone.0.cancelled() => Err(ApiError::Operation(Code::OutOfTime.into())),
    }
}

/// Writes what was answered, and answers it: reading the operation must work as soon as its id is told.
pub(crate) async fn record(
    app: &App,
    begun: Begun,
    answered: Answered,
    used: Option<Uuid>,
    issued: Option<Link>,
) -> Result<Response, ApiError> {
    let id = begun.id.to_string();
    let sealed = app.keyring.seal(&answer_context(&id), &answered.bytes);
    let sealed = sealed.map_err(|error| ApiError::internal(&error))?;
    let now = app.clock.now();
    let status = answered.code.map_or(200, Code::http_status);
    let row = Operation {
        id: begun.id,
        account: begun.account,
        institution: begun.institution,
        operation: begun.operation,
        lang: begun.lang,
        state: answered.state,
        code: answered.code,
        created_at: begun.at,
        deadline_at: None,
        callback_url: None,
        visits: 1,
        ended_at: Some(now),
        erase_at: Some(later(now, KEPT_FOR)),
    };
    app.db
        .append("operations.record", move |tx| {
            if let Some(link) = &issued {
                links::store(tx, link)?;
            }
            if let Some(link) = used {
                links::note_use(tx, link, now)?;
            }
            sql::insert_operation(tx, &row, None, Some(&sealed))
        })
        .await?;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = answer::response(status, answered.bytes);
    if let Some(code) = answered.code {
        response.extensions_mut().insert(Refusal::of_code(code.as_str()));
    }
    Ok(response)
}

/// Cancelled when the client hangs up.
pub(crate) struct Gone(CancellationToken);

impl<S: Send + Sync> FromRequestParts<S> for Gone {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Gone, Infallible> {
        let gone = parts.extensions.get::<ClientGone>();
        Ok(Gone(gone.map(|gone| gone.0.clone()).unwrap_or_default()))
    }
}
