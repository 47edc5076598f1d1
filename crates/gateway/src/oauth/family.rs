//! What came of one authorization: its tokens are given one after the other, and revoked together.

use ayni_crypto::digest::{hex, sha256};
use ayni_domain::ids::AccountId;
use ayni_domain::oauth::error::Refusal;
use ayni_domain::oauth::scope::Scopes;
use ayni_domain::oauth::{ACCESS_LIFE, REFRESH_LIFE};
use ayni_store::error::StoreError;
use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;

use super::answer::OAuthError;
use super::issue::{Subject, issue};
use super::sql;
use crate::app::App;

/// A family as its row and its consent say.
#[derive(Clone)]
pub(super) struct Family {
    pub(super) id: String,
    pub(super) client: String,
    pub(super) consent: String,
    pub(super) account: AccountId,
    pub(super) subject: String,
    pub(super) scopes: Scopes,
    /// When its consent ends.
    pub(super) ends_at: Timestamp,
    /// Whether it was revoked, or its consent withdrawn.
    pub(super) is_ended: bool,
}

/// What is given up for new tokens; both work once.
#[derive(Clone, Copy)]
pub(super) enum Spent {
    /// The digest of a code.
    Code([u8; 32]),
    /// The digest of a refresh token.
    Refresh([u8; 32]),
}

/// An access token and the refresh token for the next one.
pub(super) struct Given {
    pub(super) access: Zeroizing<String>,
    pub(super) access_life: SignedDuration,
    pub(super) refresh: Zeroizing<String>,
}

/// Gives tokens for what is spent, in one unit of work. Of two that spend the same at once, one gets tokens, and the
/// other revokes them: one of both is not who it says.
pub(super) async fn give(
    app: &App,
    family: Family,
    spent: Spent,
    scopes: Scopes,
) -> Result<Given, OAuthError> {
    let now = app.clock.now();
    if family.is_ended || family.ends_at <= now {
        return Err(Refusal::grant().into());
    }
    let left = family.ends_at.duration_since(now);
    let access_life = ACCESS_LIFE.min(left);
    let refresh_ends_at = now
        .saturating_add(REFRESH_LIFE.min(left))
        .unwrap_or(family.ends_at);
    let refresh = Zeroizing::new(hex(&app.entropy.bytes::<32>()));
    let refresh_hash = sha256(refresh.as_bytes());
    let subject = Subject {
        account: family.account,
        client: Some(family.client),
        family: Some(family.id.clone()),
        consent: Some((family.consent, family.subject)),
        scopes,
    };
    let issued = issue(app, subject, access_life).await?;
    let (row, id) = (issued.row, family.id.clone());
    let was_there = app
        .db
        .write("oauth.exchange", move |tx| {
            let spent = match &spent {
                Spent::Code(hash) => sql::spend_code(tx, hash, now)?,
                Spent::Refresh(hash) => sql::spend_refresh_token(tx, hash, now)?,
            };
            if spent == 0 {
                sql::revoke_family(tx, &id, now)?;
                return Ok(false);
            }
            sql::insert_token(tx, &row)?;
            sql::insert_refresh_token(tx, &refresh_hash, &id, refresh_ends_at)?;
            Ok::<_, StoreError>(true)
        })
        .await?;
    match was_there {
        true => Ok(Given {
            access: issued.token,
            access_life,
            refresh,
        }),
        false => Err(Refusal::grant().into()),
    }
}

/// Ends a family because something of it was used twice.
pub(super) async fn revoke(app: &App, family: &Family) -> Result<(), OAuthError> {
    let (id, now) = (family.id.clone(), app.clock.now());
    tracing::warn!(client = %family.client, "a code or refresh token was used twice: its family is revoked");
    Ok(app
        .db
        .append("oauth.revoke-family", move |tx| {
            sql::revoke_family(tx, &id, now).map(drop)
        })
        .await?)
}
