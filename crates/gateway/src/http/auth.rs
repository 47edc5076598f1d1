//! Who is calling: `x-api-key` opens an account, or the request ends here with 401.
//!
//! A handler that takes [`Caller`] can't run without it, and every query of a capability takes the caller's
//! account: tenancy is in the types. A handler that only reads a few rows takes the [`Key`] instead, and opens it in the
//! unit of work that reads them ([`read_as`]): one visit to the database where there would be two.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use tower::{Layer, Service};

use super::error::ApiError;
use super::limits::{self, Allowance};
use crate::app::{App, Shared};
use crate::merchants::Account;
use crate::merchants::keys::{self, KeyAccount, KeyHash};
use crate::requests::tail::By;

/// The account whose key came with the request. Only the check of its key makes one.
#[derive(Clone, Debug)]
pub struct Caller {
    account: Arc<Account>,
}

/// The key that came with a request, which may open nothing: whoever uses it opens it first, as [`read_as`] does.
#[derive(Clone, Copy)]
pub struct Key {
    hash: KeyHash,
}

/// Opens each request with its key, holds it to the key's rate and tells the rate in `RateLimit-*` headers.
#[derive(Clone)]
pub struct Authentication {
    app: Shared,
}

/// What stands behind an [`Authentication`].
#[derive(Clone)]
pub struct Authenticated<S> {
    behind: S,
    app: Shared,
}

impl Caller {
    /// The calling account.
    pub fn account(&self) -> &Account {
        &self.account
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, ApiError> {
        parts
            .extensions
            .get::<Caller>()
            .cloned()
            .ok_or(ApiError::Unauthorized)
    }
}

impl Key {
    /// A key by its text.
    pub(super) fn of(text: &[u8]) -> Key {
        Key {
            hash: ayni_crypto::digest::sha256(text),
        }
    }

    /// What the database knows of it.
    pub(crate) fn hash(&self) -> KeyHash {
        self.hash
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Key, ApiError> {
        key_of(&parts.headers).ok_or(ApiError::Unauthorized)
    }
}

/// Answers a request that only reads a few rows: opens its key and runs `work` for the key's account in one point read,
/// holds the key to its rate, and `tell`s what was found.
pub async fn read_as<T: Send + 'static, R: IntoResponse>(
    app: &App,
    key: Key,
    name: &'static str,
    work: impl Fn(&mut Tx<'_>, &Account) -> Result<T, StoreError> + Send + Sync + 'static,
    tell: impl FnOnce(&Account, T) -> Result<R, ApiError>,
) -> Response {
    let Key { hash } = key;
    let found = match app.db.point(name, move |tx| find_and_work(tx, hash, &work)).await {
        Ok(found) => found,
        Err(error) => return ApiError::from(error).into_response(),
    };
    let opened = found.and_then(|(found, read)| Some((keys::open(app, hash, Some(found))?, read)));
    let Some((account, read)) = opened else {
        return ApiError::Unauthorized.into_response();
    };
    if account.is_disabled() {
        return ApiError::AccountDisabled.into_response();
    }
    let allowance = allowance(app, account.id, hash);
    let told = allowance.refused().map_or_else(|| tell(&account, read), Err);
    let mut response = told.into_response();
    limits::tell(&mut response, &allowance);
    response
}

/// Like [`read_as`] where the reading can be answered at once, nothing refuses it and nobody tails it; `None` otherwise.
pub(crate) fn read_as_now<T>(
    app: &App,
    key: Key,
    name: &'static str,
    work: impl Fn(&mut Tx<'_>, &Account) -> Result<Option<T>, StoreError>,
) -> Option<(T, Allowance)> {
    let Key { hash } = key;
    let find = |tx: &mut Tx<'_>| find_and_work(tx, hash, &work);
    let (found, read) = app.db.point_now(name, find)?.ok()??;
    let read = read?;
    let account = keys::open(app, hash, Some(found))?;
    if account.is_disabled() || app.tail.is_tailed(account.id) {
        return None;
    }
    let allowance = app.limits.take(hash);
    match allowance.refused() {
        Some(_) => None,
        None => Some((read, allowance)),
    }
}

/// What a key opens, and what `work` does for it, whether or not the key has expired.
fn find_and_work<T>(
    tx: &mut Tx<'_>,
    hash: KeyHash,
    work: impl Fn(&mut Tx<'_>, &Account) -> Result<T, StoreError>,
) -> Result<Option<(KeyAccount, T)>, StoreError> {
    keys::find_then(tx, &hash, |tx, found| {
        let done = work(tx, &found.account)?;
        Ok((found, done))
    })
}

impl Authentication {
    /// With this gateway's keys and rates.
    pub fn of(app: &Shared) -> Authentication {
        Authentication { app: app.clone() }
    }
}

impl<S> Layer<S> for Authentication {
    type Service = Authenticated<S>;

    fn layer(&self, behind: S) -> Authenticated<S> {
        Authenticated {
            behind,
            app: self.app.clone(),
        }
    }
}

/// A service of its own and not a function of axum's middleware, which clones all that stands behind it once more.
impl<S> Service<Request> for Authenticated<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.behind.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        // The clone is the one to be called next: this one was made ready.
        let next = self.behind.clone();
        let mut behind = std::mem::replace(&mut self.behind, next);
        let app = self.app.clone();
        let key = key_of(request.headers());
        Box::pin(async move {
            let work = |caller, ()| {
                request.extensions_mut().insert(caller);
                behind.call(request)
            };
            as_caller(&app, key, |_, _| Ok(()), work).await
        })
    }
}

/// Opens a request's key, holds it to its rate, and answers as `work` does for its account, with what `also` reads in the
/// key's point read.
pub(super) async fn as_caller<T, F>(
    app: &App,
    key: Option<Key>,
    also: impl Fn(&mut Tx<'_>, &Account) -> Result<T, StoreError> + Send + Sync + 'static,
    work: impl FnOnce(Caller, T) -> F,
) -> Result<Response, Infallible>
where
    T: Send + 'static,
    F: Future<Output = Result<Response, Infallible>>,
{
    let Some(Key { hash }) = key else {
        return Ok(ApiError::Unauthorized.into_response());
    };
    let found = app
        .db
        .point("keys.open", move |tx| find_and_work(tx, hash, &also));
    let found = match found.await {
        Ok(found) => found,
        Err(error) => return Ok(ApiError::from(error).into_response()),
    };
    let opened = found.and_then(|(found, read)| Some((keys::open(app, hash, Some(found))?, read)));
    let Some((account, read)) = opened else {
        return Ok(ApiError::Unauthorized.into_response());
    };
    if account.is_disabled() {
        return Ok(ApiError::AccountDisabled.into_response());
    }
    let account = Arc::new(account);
    let allowance = allowance(app, account.id, hash);
    let mut response = match allowance.refused() {
        Some(error) => error.into_response(),
        None => work(Caller { account }, read).await?,
    };
    limits::tell(&mut response, &allowance);
    Ok(response)
}

/// What an account's key has left of its rate.
fn allowance(app: &App, account: AccountId, hash: KeyHash) -> Allowance {
    let opened = app.tail.opened(account, || By::Key(hash));
    app.limits.take(hash).opened(opened)
}

/// The key that came with a request.
pub(super) fn key_of(headers: &HeaderMap) -> Option<Key> {
    headers.get(X_API_KEY).map(|key| Key::of(key.as_bytes()))
}

pub(super) const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
