//! `…/token`: a person's login becomes an account link, once the site has let the person in. Khipu is discontinuing it
//! for OAuth; answers say so (RFC 9745, RFC 8594).

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use ayni_connectors::data::login::{LoggedIn, LoginStep};
use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use serde::Serialize;
use serde_json::value::RawValue;

use super::Issued;
use crate::app::Shared;
use crate::http::RequestLang;
use crate::http::data_auth::DataCaller;
use crate::http::error::ApiError;
use crate::http::json::Body;
use crate::institutions::visit::{self, Found};
use crate::operations::run::{self, Gone};
use crate::operations::{Target, answer, request};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Told<'a> {
    account_link: &'a str,
}

/// Logs in at the site and answers with a link.
pub(crate) async fn post(
    State(app): State<Shared>,
    Extension(target): Extension<Target>,
    Extension(RequestLang(lang)): Extension<RequestLang>,
    caller: DataCaller,
    gone: Gone,
    Body(body): Body,
) -> Result<Response, ApiError> {
    if !caller.may_send_credentials() {
        return Err(ApiError::NotFound);
    }
    caller.authorise(target.site.declaration())?;
    let login = request::read_login(body)?;
    let account = caller.account().id;
    let begun = run::Begun::now(&app, account, &target, lang);
    let site = target.site.clone();
    let (visitor, institution) = (app.clone(), site.declaration().path.clone());
    let visit = async move {
        let logged_in = visit::log_in(&visitor, &site, LoginStep::Credentials(login)).await?;
        let login = match logged_in {
            LoggedIn::Done { login, .. } => login,
            LoggedIn::CodeWanted { .. } => return Err(Fault::new(Code::SecondFactorNeeded)),
        };
        super::issue(&visitor, account, &institution, &login).map_err(|error| {
            tracing::error!(%error, "a link was not issued");
            Fault::new(Code::Internal)
        })
    };
    let outcome = run::within_budget(&app, &gone, visit).await?;
    let link = outcome.as_ref().ok().map(|issued| issued.link.clone());
    let answered = answer::of(begun.id, outcome.and_then(|issued| told(&issued)), lang)?;
    let mut response = run::record(&app, begun, answered, None, link).await?;
    response.headers_mut().extend([
        (DEPRECATION, HeaderValue::from_static(DEPRECATED_AT)),
        (SUNSET, HeaderValue::from_static(SUNSET_AT)),
    ]);
    Ok(response)
}

fn told(issued: &Issued) -> Result<Found, Fault> {
    let text = serde_json::to_string(&Told {
        account_link: &issued.text,
    });
    let data = text.and_then(RawValue::from_string).map_err(|_| Code::Internal)?;
    Ok(Found::of_data(data))
}

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
const SUNSET: HeaderName = HeaderName::from_static("sunset");
/// 2025-05-01, when Khipu's page had announced it (RFC 9745: a structured date).
const DEPRECATED_AT: &str = "@1746057600";
/// Until then it is kept; Khipu names no day.
const SUNSET_AT: &str = "Thu, 31 Dec 2027 23:59:59 GMT";
