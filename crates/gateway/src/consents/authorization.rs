//! One way of a person through the pages, as its row: what is asked, by whom, and how far it came.
//!
//! It is known by a random token in the pages' address and belongs to the browser that took it up. What the institution
//! said, and the login, lie sealed between steps, so that any node goes on; both are gone when the person has decided.

use ayni_crypto::digest::{hex, sha256};
use ayni_domain::ids::AccountId;
use ayni_domain::oauth::progress::State;
use ayni_domain::oauth::scope::Scopes;
use ayni_store::error::StoreError;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::sql;
use crate::app::App;

/// What brought the person here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nobody yet: a request that a client pushed and its browser will name.
    Pushed,
    /// A client's authorization request.
    Code,
    /// A link token of the second-generation flow.
    Link,
    /// The person, to see what was consented to.
    Own,
}

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Institutions, blanks between; the person chooses one.
    pub(crate) scopes: String,
    /// Where the client is answered.
    pub(crate) redirect_uri: Option<String>,
    /// What the client wants back.
    pub(crate) state: Option<String>,
    /// The client's PKCE challenge.
    pub(crate) challenge: Option<String>,
}

/// What [`begin`] makes.
pub(crate) struct New {
    pub(crate) kind: Kind,
    pub(crate) account: Option<AccountId>,
    pub(crate) client: Option<String>,
    pub(crate) asked: Asked,
    pub(crate) browser_hash: Option<[u8; 32]>,
    pub(crate) life: SignedDuration,
}

/// A row of `authorizations`. It has no `Debug` text.
#[derive(Clone)]
pub(crate) struct Authorization {
    pub(crate) hash: [u8; 32],
    pub(crate) kind: Kind,
    pub(crate) account: Option<AccountId>,
    pub(crate) client: Option<String>,
    pub(crate) asked: Asked,
    pub(crate) browser_hash: Option<Vec<u8>>,
    pub(crate) state: State,
    pub(crate) version: i64,
    pub(crate) waiting_sealed: Option<Vec<u8>>,
    pub(crate) consent: Option<String>,
    pub(crate) family: Option<String>,
    pub(crate) expires_at: Timestamp,
}

/// Keeps a request; gives the token of its pages.
pub(crate) async fn begin(app: &App, new: New) -> Result<String, StoreError> {
    let token = hex(&app.entropy.bytes::<32>());
    let (hash, now) = (sha256(token.as_bytes()), app.clock.now());
    let row = Authorization {
        hash,
        kind: new.kind,
        account: new.account,
        client: new.client,
        asked: new.asked,
        browser_hash: new.browser_hash.map(|hash| hash.to_vec()),
        state: State::Asking,
        version: 1,
        waiting_sealed: None,
        consent: None,
        family: None,
        expires_at: now.saturating_add(new.life).unwrap_or(Timestamp::MAX),
    };
    app.db
        .append("consents.begin", move |tx| {
            sql::insert_authorization(tx, &row, now)
        })
        .await?;
    Ok(token)
}

/// The way of that token.
pub(crate) async fn find(app: &App, token: &str) -> Result<Option<Authorization>, StoreError> {
    let hash = sha256(token.as_bytes());
    app.db
        .point("consents.find", move |tx| sql::select_authorization(tx, &hash))
        .await
}

/// Whether people log in to the institution of that scope.
pub(crate) fn can_log_in(app: &App, scope: &str) -> bool {
    app.sites
        .of_scope(scope)
        .is_some_and(|site| !site.declaration().login_fields.is_empty())
}

impl Kind {
    /// Its word in rows.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Kind::Pushed => "pushed",
            Kind::Code => "code",
            Kind::Link => "link",
            Kind::Own => "own",
        }
    }

    /// The kind of that word.
    pub(super) fn parse(word: &str) -> Option<Kind> {
        [Kind::Pushed, Kind::Code, Kind::Link, Kind::Own]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }

    /// Where its pages are.
    pub(super) fn path(self) -> &'static str {
        match self {
            Kind::Pushed | Kind::Code => "/oauth/authorize",
            Kind::Link => "/link",
            Kind::Own => "/consents",
        }
    }
}

impl Authorization {
    /// Whether its time has passed.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }

    /// The institutions that the person may choose from.
    pub(super) fn scopes(&self) -> Scopes {
        Scopes::parse(&self.asked.scopes).unwrap_or_default()
    }

    /// What seals and opens what waits, at a version.
    pub(super) fn context(&self, version: i64) -> String {
        format!("authorization:{}:{version}", hex(&self.hash))
    }
}
