//! Whose data an operation reads: named by the token, by an account link, or by a login in the request.

use ayni_connectors::data::login::Login;
use ayni_domain::ids::AccountId;
use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::problem::{Problem, What};
use ayni_store::error::StoreError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Target;
use super::request::{Asked, Credential};
use crate::app::App;
use crate::consents::{self, ConsentError, ConsentId};
use crate::http::data_auth::DataCaller;
use crate::http::error::ApiError;
use crate::links;

/// A person's login, or where it is found. Logins wipe themselves; it is stored only sealed.
#[derive(Serialize, Deserialize)]
pub(super) enum Person {
    /// As the request said it.
    Login(Login),
    /// Out of an account link.
    Link {
        /// The link.
        id: Uuid,
        /// What was in it.
        login: Login,
    },
    /// Out of a consent, which is looked up at each visit.
    Consent(String),
}

/// Finds whose data is read, and tells all that is wrong with the request if anything is.
pub(super) async fn resolve(
    app: &App,
    caller: &DataCaller,
    target: &Target,
    asked: &mut Asked,
) -> Result<Option<Person>, ApiError> {
    let person = match asked.credential.take() {
        Some(Credential::Login(login)) => Some(Person::Login(login)),
        Some(Credential::Link(text)) => {
            let opened = links::open(app, caller.account().id, target.path(), &text).await?;
            if opened.is_none() {
                asked.problems.push(Problem::new(LINK_FIELD, What::BadLink));
            }
            opened.map(|link| Person::Link {
                id: link.id,
                login: link.login,
            })
        }
        None => caller
            .consent()
            .filter(|_| target.spec().is_ok_and(|spec| spec.needs_login))
            .map(|consent| Person::Consent(consent.0.clone())),
    };
    match asked.problems.is_empty() {
        true => Ok(person),
        false => Err(ApiError::Parameters(std::mem::take(&mut asked.problems))),
    }
}

impl Person {
    /// The link that is used.
    pub(super) fn link(&self) -> Option<Uuid> {
        match self {
            Person::Link { id, .. } => Some(*id),
            Person::Login(_) | Person::Consent(_) => None,
        }
    }

    /// The login, while link or consent hold: either may have been ended since the request.
    pub(super) async fn login(
        self,
        app: &App,
        account: AccountId,
        institution: &str,
    ) -> Result<Result<Login, Fault>, StoreError> {
        match self {
            Person::Login(login) => Ok(Ok(login)),
            Person::Link { id, login } => match links::is_live(app, account, institution, id).await? {
                true => Ok(Ok(login)),
                false => Ok(Err(Code::NoCredential.into())),
            },
            Person::Consent(id) => match consents::login_of(app, &ConsentId(id)).await {
                Ok(Some(login)) => Ok(Ok(login)),
                Ok(None) => Ok(Err(Code::NoCredential.into())),
                Err(ConsentError::Store(error)) => Err(error),
                Err(error) => {
                    tracing::error!(%error, "a consent's login could not be used");
                    Ok(Err(Code::Internal.into()))
                }
            },
        }
    }
}

const LINK_FIELD: &str = "RequestData.AccountCredential.AccountLink";
