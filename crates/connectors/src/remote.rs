//! Connectors in other processes. A biller with an interface of its own, or a team that writes another language, answers
//! four requests over HTTP (`docs/connector-protocol.md`) and is an institution like any other: routes, limits, links
//! and consent come with its declaration, and nothing in the gateway knows the difference.
//!
//! Such a process is not trusted: an answer is either exactly what the protocol says or [`Code::ComponentAnswerInvalid`].

pub mod check;
mod declared;
mod wire;

use std::time::Duration;

use ayni_domain::operation::code::Code;
use ayni_outbound::error::SendError;
use ayni_outbound::site::{SiteAnswer, SiteClient, SiteLimits, SiteRequest};
use secret::Secret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;
use zeroize::Zeroizing;

use crate::data::declaration::Declaration;
use crate::data::login::{LoggedIn, LoginSession, LoginStep};
use crate::data::{Answering, Connector, Failed, Reply, Visit};
use crate::session::Tab;
use wire::{Credentials, LoginAnswer, LoginRequest, RunAnswer, RunRequest, VERSION};

mod secret;

/// Longest answer of a connector.
pub const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Time for one request; the gateway's budget for an operation may end it sooner.
pub const TIMEOUT: Duration = Duration::from_secs(60);

/// Time for the declaration and for the health probe.
const BRIEF_TIMEOUT: Duration = Duration::from_secs(5);

/// Under this name the connector's own session lies in the sealed tab of a login that waits for its code.
const SESSION: &str = "session";

/// A connector of another process.
pub struct RemoteConnector {
    declaration: Declaration,
    place: Place,
    client: SiteClient,
}

/// Where a connector is, and what opens it.
#[derive(Clone)]
pub struct Place {
    base: Url,
    secret: Option<Secret>,
}

/// Why a connector can't be used.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// Its address is no http or https URL of a host alone.
    #[error("the connector's address is no http or https URL")]
    Address,
    /// Its secret has other characters than visible ASCII.
    #[error("the connector's secret can't be sent in a header")]
    Secret,
    /// No client could be made.
    #[error(transparent)]
    Client(#[from] ayni_outbound::error::ClientError),
    /// It does not answer.
    #[error("the connector does not answer")]
    NoAnswer(#[source] SendError),
    /// It answers something else than the protocol says.
    #[error("the connector's declaration is not of the protocol: {reason}")]
    Declaration {
        /// What is wrong with it.
        reason: String,
    },
}

impl Place {
    /// A connector at `address`, with the secret that it asks for as a bearer token.
    pub fn new(address: &str, secret: Option<String>) -> Result<Place, RemoteError> {
        let base = Url::parse(address).map_err(|_| RemoteError::Address)?;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() || base.path() != "/" {
            return Err(RemoteError::Address);
        }
        let secret = secret
            .map(Secret::new)
            .transpose()
            .map_err(|_| RemoteError::Secret)?;
        Ok(Place { base, secret })
    }

    fn client(&self, timeout: Duration) -> Result<SiteClient, RemoteError> {
        let limits = SiteLimits {
            timeout,
            max_answer_bytes: ANSWER_BYTES_MAX,
        };
        Ok(SiteClient::new(vec![self.base.clone()], limits)?)
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    async fn get(&self, client: &SiteClient, path: &str) -> Result<SiteAnswer, SendError> {
        let authorization = self.secret.as_ref().map(Secret::header);
        let mut headers = vec![("accept", JSON)];
        headers.extend(
            authorization
                .as_ref()
                .map(|value| ("authorization", value.as_str())),
        );
        let request = SiteRequest {
            url: &self.url(path),
            form: None,
            headers: &headers,
            fresh_connection: false,
        };
        client.send(request).await
    }

    async fn post(&self, client: &SiteClient, path: &str, body: Vec<u8>) -> Result<SiteAnswer, SendError> {
        let authorization = self.secret.as_ref().map(Secret::header);
        let mut headers = vec![("accept", JSON), ("content-type", JSON)];
        headers.extend(
            authorization
                .as_ref()
                .map(|value| ("authorization", value.as_str())),
        );
        client.post(&self.url(path), &headers, body.into()).await
    }
}

const JSON: &str = "application/json";

impl RemoteConnector {
    /// Asks the connector what it can do.
    ///
    /// # Errors
    /// When it does not answer, or declares what no institution is.
    pub async fn connect(place: Place) -> Result<RemoteConnector, RemoteError> {
        let brief = place.client(BRIEF_TIMEOUT)?;
        let answer = place
            .get(&brief, "/declaration")
            .await
            .map_err(RemoteError::NoAnswer)?;
        let declared = declared::read(&answer).map_err(|reason| RemoteError::Declaration { reason })?;
        Ok(RemoteConnector {
            declaration: declared.declaration,
            client: place.client(TIMEOUT)?,
            place,
        })
    }

    async fn ask<Q: Serialize, A: DeserializeOwned>(&self, path: &str, question: &Q) -> Result<A, Failed> {
        let body = Zeroizing::new(serde_json::to_vec(question).map_err(|_| Code::Internal)?);
        let answer = self.place.post(&self.client, path, body.to_vec()).await;
        let answer = answer.map_err(|error| no_answer(&error))?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body).map_err(|_| Code::ComponentAnswerInvalid.into()),
            502..=504 => Err(Code::ComponentMissing.into()),
            _ => Err(Code::ComponentAnswerInvalid.into()),
        }
    }
}

impl Connector for RemoteConnector {
    fn declaration(&self) -> &Declaration {
        &self.declaration
    }

    fn run<'a>(&'a self, visit: Visit<'a>) -> Answering<'a, Reply> {
        Box::pin(async move {
            let request = RunRequest {
                version: VERSION,
                operation: visit.operation,
                arguments: visit.arguments,
                login: visit.login.map(Credentials::of),
            };
            self.ask::<_, RunAnswer>("/run", &request).await?.reply()
        })
    }

    fn log_in(&self, step: LoginStep) -> Answering<'_, LoggedIn> {
        Box::pin(async move {
            let (request, login) = match &step {
                LoginStep::Credentials(login) => {
                    let credentials = Credentials::of(login);
                    (
                        LoginRequest::Credentials {
                            version: VERSION,
                            login: credentials,
                        },
                        login,
                    )
                }
                LoginStep::Code { session, code } => {
                    let kept = session.tab.cookie(SESSION).ok_or(Code::Internal)?;
                    (
                        LoginRequest::Code {
                            version: VERSION,
                            session: kept,
                            code,
                        },
                        &session.login,
                    )
                }
            };
            let answer = self.ask::<_, LoginAnswer>("/log-in", &request).await?;
            answer.logged_in(login.clone(), kept_session)
        })
    }

    fn probe(&self) -> Answering<'_, ()> {
        Box::pin(async move {
            let brief = self.place.client(BRIEF_TIMEOUT).map_err(|_| Code::Internal)?;
            let answer = self.place.get(&brief, "/health").await;
            match answer.map_err(|error| no_answer(&error))?.status {
                200 => Ok(()),
                _ => Err(Code::ComponentMissing.into()),
            }
        })
    }
}

/// The connector's own session, to be sealed with the login; none if it has characters that the protocol does not have.
fn kept_session(session: &str, login: crate::data::login::Login) -> Option<LoginSession> {
    let tab = Tab::with_cookie(SESSION, session);
    let fits = tab.cookie(SESSION) == Some(session) && !session.is_empty();
    fits.then_some(LoginSession { tab, login })
}

fn no_answer(error: &SendError) -> Failed {
    match error {
        SendError::Timeout => Code::OutOfTime,
        SendError::TooLarge { .. } | SendError::Status(_) => Code::ComponentAnswerInvalid,
        _ => Code::ComponentMissing,
    }
    .into()
}
