//! A caller's token, opened: is it ours, is it for us, does it still hold, and what does it open.

use ayni_crypto::token::{Claims, Unverified};
use ayni_domain::oauth::CLOCK_SKEW;
use ayni_domain::oauth::scope::Scopes;
use ayni_store::error::StoreError;
use jiff::Timestamp;
use thiserror::Error;

use super::{issuer, sql};
use crate::app::App;
use crate::consents::ConsentId;
use crate::merchants::{Account, MerchantError, accounts};

/// What a token opens.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The account that calls.
    pub account: Account,
    /// The client's id as the token says it.
    pub client_id: String,
    /// The institutions.
    pub scopes: Scopes,
    /// The person's consent, for a token won by a person's authorization: `consents::login_of` opens its login.
    pub consent: Option<ConsentId>,
}

/// Why a token opens nothing. Only the last one is our fault.
#[derive(Debug, Error)]
pub enum TokenRefused {
    /// Not one of ours, or changed.
    #[error("the token is malformed or forged")]
    Forged,
    /// Ours, but for somewhere else.
    #[error("the token was made by or for another server")]
    Elsewhere,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// It was revoked, with its family, its consent or its client.
    #[error("the token was revoked")]
    Revoked,
    /// The database could not tell.
    #[error("the token could not be looked up")]
    Store(#[from] StoreError),
}

/// What the database knows of a token.
pub(super) struct Known {
    pub(super) account: i64,
    pub(super) consent: Option<String>,
    pub(super) public: Option<Vec<u8>>,
    pub(super) expires_at: Timestamp,
    /// Whether it, its family, its consent or its client was ended.
    pub(super) is_ended: bool,
    /// When its consent ends.
    pub(super) consent_expires_at: Option<Timestamp>,
}

/// Opens the text after `Bearer `. Asks the database each time: what was revoked, anywhere, is refused from then on.
///
/// # Errors
/// Why it opens nothing; but for [`TokenRefused::Store`] all of them are `A000`, 401.
pub async fn open_token(app: &App, bearer: &str) -> Result<Grant, TokenRefused> {
    let now = app.clock.now();
    let opened = open(app, bearer).await?;
    check(&opened, &issuer(app), now)?;
    let OpenedToken {
        claims,
        known,
        account,
    } = opened;
    let scopes = Scopes::parse(&claims.scope).map_err(|_| TokenRefused::Forged)?;
    Ok(Grant {
        account,
        client_id: claims.client_id,
        scopes,
        consent: known.consent.map(ConsentId),
    })
}

/// A token whose signature is right, whatever else is wrong with it.
pub(super) struct OpenedToken {
    pub(super) claims: Claims,
    pub(super) known: Known,
    pub(super) account: Account,
}

/// Finds its key and its row, and checks its signature.
pub(super) async fn open(app: &App, bearer: &str) -> Result<OpenedToken, TokenRefused> {
    let read = Unverified::read(bearer).map_err(|_| TokenRefused::Forged)?;
    let (id, kid) = (read.id().to_owned(), read.kid().to_owned());
    let found = app
        .db
        .point("oauth.open-token", move |tx| {
            let Some(known) = sql::select_known(tx, &id, &kid)? else {
                return Ok(None);
            };
            let account = match accounts::read(tx, ayni_domain::ids::AccountId(known.account)) {
                Ok(account) => account,
                Err(MerchantError::Store(error)) => return Err(error),
                Err(_) => return Ok(None),
            };
            Ok::<_, StoreError>(Some((known, account)))
        })
        .await?;
    let (known, account) = found.ok_or(TokenRefused::Forged)?;
    let public = known.public.as_deref().ok_or(TokenRefused::Forged)?;
    let claims = read.verify(public).map_err(|_| TokenRefused::Forged)?;
    Ok(OpenedToken {
        claims,
        known,
        account,
    })
}

/// Whether a rightly signed token holds at this instant, here.
pub(super) fn check(token: &OpenedToken, issuer: &str, now: Timestamp) -> Result<(), TokenRefused> {
    let OpenedToken {
        claims,
        known,
        account,
    } = token;
    if claims.iss != issuer || claims.aud != issuer {
        return Err(TokenRefused::Elsewhere);
    }
    let was_made_later = claims.iat > now.as_second().saturating_add(CLOCK_SKEW.as_secs());
    let is_over = claims.exp <= now.as_second() || known.expires_at <= now;
    if is_over || was_made_later {
        return Err(TokenRefused::Expired);
    }
    let consent_is_over = known.consent_expires_at.is_some_and(|end| end <= now);
    match known.is_ended || consent_is_over || account.is_disabled() {
        true => Err(TokenRefused::Revoked),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use ayni_crypto::token::sign;
    use ayni_domain::oauth::ACCESS_LIFE;

    use super::*;
    use crate::harness::House;
    use crate::oauth::issue::{Subject, issue};
    use crate::oauth::keys;

    #[tokio::test]
    async fn a_token_of_ours_for_another_audience_or_by_another_issuer_opens_nothing() {
        let house = House::open().await;
        let subject = Subject {
            account: house.account,
            client: None,
            family: None,
            consent: None,
            scopes: Scopes::parse("com_services_servipag").unwrap(),
        };
        let issued = issue(&house.app, subject, ACCESS_LIFE).await.unwrap();
        let row = issued.row.clone();
        let store = move |tx: &mut ayni_store::tx::Tx<'_>| sql::insert_token(tx, &row);
        house.app.db.append("test.issue", store).await.unwrap();
        assert!(open_token(&house.app, &issued.token).await.is_ok());

        let claims = open(&house.app, &issued.token).await.unwrap().claims;
        let key = keys::current(&house.app).await.unwrap();
        let elsewhere = "https://elsewhere.example".to_owned();
        let (mut aud, mut iss) = (claims.clone(), claims);
        (aud.aud, iss.iss) = (elsewhere.clone(), elsewhere);
        for claims in [aud, iss] {
            let token = sign(&claims, &key).unwrap();
            let refused = open_token(&house.app, &token).await;
            assert!(matches!(refused, Err(TokenRefused::Elsewhere)), "{refused:?}");
        }
    }
}
