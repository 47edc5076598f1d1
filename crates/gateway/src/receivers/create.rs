//! Making a receiver: the account, its owner, its first key, the business behind it and its bank account are one unit of
//! work with the answer to be repeated. Everything random is drawn before it.

use axum::http::StatusCode;
use ayni_domain::fields::Fields;
use ayni_domain::privilege::{Mode, Privileges};
use ayni_domain::receiver::{self, NewReceiver, ReceiverContext};
use ayni_domain::violation::Violation;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use bytes::Bytes;
use jiff::Timestamp;
use thiserror::Error;

use super::sql;
use super::wire::ReceiverCreatedBody;
use crate::app::App;
use crate::http::error::ApiError;
use crate::http::idempotent::outcome::NotAnswered;
use crate::http::idempotent::{Claim, KeptAnswer, NotKept};
use crate::http::json;
use crate::merchants::keys::{self, KeyHash};
use crate::merchants::{Account, ApiKeys, accounts, payout_accounts, secrets};

/// Makes the receiver that a request asks for and returns the answer's bytes, or tells all that is wrong with it;
/// `also` is a violation outside of the body.
pub(super) async fn create(
    app: &App,
    integrator: &Account,
    body: &[u8],
    claim: Option<&Claim<'_>>,
    also: Option<Violation>,
) -> Result<Bytes, NotAnswered> {
    let new = decide(app, integrator, body, also)?;
    loop {
        let (made, answer) = draw(app, integrator, new.clone())?;
        let kept = claim
            .map(|claim| claim.keep(StatusCode::OK, &answer))
            .transpose()?;
        match app
            .db
            .write("receivers.create", move |tx| insert(tx, &made, kept.as_ref()))
            .await
        {
            Err(NotStored::Store(error)) if error.is_conflict() => {}
            Err(NotStored::Store(error)) => return Err(ApiError::from(error).into()),
            Err(NotStored::KeyTaken) => return Err(NotAnswered::KeyTaken),
            Err(NotStored::Refused(error)) => return Err(error.into()),
            Ok(()) => return Ok(answer),
        }
    }
}

fn decide(
    app: &App,
    integrator: &Account,
    body: &[u8],
    also: Option<Violation>,
) -> Result<NewReceiver, ApiError> {
    let fields = Fields::from_json(body).map_err(ApiError::NotJson)?;
    let context = ReceiverContext {
        is_bank: &|id| app.banks.seen_by(integrator.mode).any(|bank| bank.id == id),
        may_call: &|url| app.outbound.check_url(url).is_ok(),
    };
    match (receiver::create(&fields, &context), also) {
        (Ok(new), None) => Ok(new),
        (asked, also) => {
            let mut violations = asked.err().unwrap_or_default();
            violations.extend(also);
            Err(ApiError::Invalid(violations))
        }
    }
}

/// A receiver with all that was drawn for it.
struct Made {
    account: Account,
    new: NewReceiver,
    secret_sealed: Vec<u8>,
    key: KeyHash,
    at: Timestamp,
}

fn draw(app: &App, integrator: &Account, new: NewReceiver) -> Result<(Made, Bytes), ApiError> {
    let (id, secret) = (accounts::draw_id(app), secrets::draw(app));
    let (key, key_hash) = keys::draw(app);
    let sealed = secrets::seal(&app.keyring, id, &secret).map_err(|error| ApiError::internal(&error))?;
    let answer = json::text(&ReceiverCreatedBody {
        receiver_id: id.to_string(),
        secret: &secret,
        api_key: &key,
    })?;
    let account = Account {
        id,
        name: new.business.name.clone(),
        email: new.business.admin_email.clone(),
        mode: integrator.mode,
        privileges: match integrator.mode {
            Mode::Developer => Privileges::of_a_developer(),
            Mode::Live => Privileges::default(),
        },
        integrator: Some(integrator.id),
        notify_url: new.notify_url.clone(),
        api_keys: ApiKeys::Accepted,
        disabled_at: None,
    };
    let made = Made {
        account,
        new,
        secret_sealed: sealed,
        key: key_hash,
        at: app.clock.now(),
    };
    Ok((made, answer))
}

/// Why the unit of work kept nothing.
#[derive(Debug, Error)]
enum NotStored {
    #[error("the Idempotency-Key is taken")]
    KeyTaken,
    #[error(transparent)]
    Refused(#[from] ApiError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotKept> for NotStored {
    fn from(error: NotKept) -> NotStored {
        match error {
            NotKept::Taken => NotStored::KeyTaken,
            NotKept::Unsealed(error) => error.into(),
            NotKept::Store(error) => error.into(),
        }
    }
}

fn insert(tx: &mut Tx<'_>, made: &Made, kept: Option<&KeptAnswer>) -> Result<(), NotStored> {
    let Made { account, new, at, .. } = made;
    let rendition_url = new.rendition_url.as_deref();
    accounts::insert(tx, account, rendition_url, &made.secret_sealed, *at)?;
    keys::insert(tx, &made.key, account.id, KEY_ALIAS, *at, None)?;
    sql::insert_business(tx, account.id, &new.business, *at)?;
    if let Some(payout) = &new.payout_account {
        payout_accounts::set(tx, account.id, payout, *at)?;
    }
    if let Some(kept) = kept {
        kept.insert(tx)?;
    }
    Ok(())
}

/// The name of a receiver's first key.
const KEY_ALIAS: &str = "first";
