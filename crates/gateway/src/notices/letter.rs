//! A notification as it would be sent at this instant: its headers, its body, byte for byte. The delivery sends it, and
//! whoever listens to the account's events is given it.

use std::collections::BTreeMap;

use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::ids::AccountId;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use serde::Serialize;

use super::sql;
use crate::app::App;
use crate::merchants::MerchantError;
use crate::merchants::secrets::{self, Secrets};
use crate::operations;

/// A signed notification.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Letter {
    /// Its type.
    content_type: &'static str,
    /// Its signatures, `x-khipu-signature` among them; none in form 1.3.
    headers: BTreeMap<&'static str, String>,
    /// Its body, byte for byte.
    body: String,
}

/// A notice signed now; `None` where there is none, or where what it says is erased or can't be opened.
pub(crate) fn of_notice(
    tx: &mut Tx<'_>,
    app: &App,
    id: &str,
    now: Timestamp,
) -> Result<Option<Letter>, StoreError> {
    let Some(parcel) = sql::select_parcel(tx, id)? else {
        return Ok(None);
    };
    let body = match &parcel.operation {
        None => String::from_utf8_lossy(&parcel.body).into_owned(),
        Some(operation) => match operations::callback_body(tx, &app.keyring, operation)? {
            Some(Ok(body)) => body,
            Some(Err(error)) => {
                tracing::warn!(error = %error, "an operation's answer could not be opened");
                return Ok(None);
            }
            None => return Ok(None),
        },
    };
    sign(tx, app, AccountId(parcel.account), (parcel.version, &body), now)
}

/// A body of this form signed now with the account's secrets; `None` where they can't be opened.
pub(crate) fn sign(
    tx: &mut Tx<'_>,
    app: &App,
    account: AccountId,
    (version, body): (NotifyVersion, &str),
    now: Timestamp,
) -> Result<Option<Letter>, StoreError> {
    let secrets = match secrets::open(tx, &app.keyring, account, now) {
        Ok(secrets) => secrets,
        Err(MerchantError::Store(error)) => return Err(error),
        Err(error) => {
            tracing::warn!(error = %error, "an account's secret could not be opened");
            return Ok(None);
        }
    };
    let headers = signatures((version, body.as_bytes()), &secrets, now.as_millisecond());
    Ok(Some(Letter {
        content_type: super::content_type(version),
        headers: headers.into_iter().collect(),
        body: body.to_owned(),
    }))
}

/// The signature with a fresh `t`; during a secret's rotation the next secret signs too.
pub(super) fn signatures(
    (version, body): (NotifyVersion, &[u8]),
    secrets: &Secrets,
    t_ms: i64,
) -> Vec<(&'static str, String)> {
    if version == NotifyVersion::V1_3 {
        return Vec::new();
    }
    let sign = |secret: &str| ayni_crypto::sign::notification_header(secret, t_ms, body);
    let mut headers = vec![(SIGNATURE_HEADER, sign(&secrets.current))];
    if let Some(next) = &secrets.next {
        headers.push((NEXT_SIGNATURE_HEADER, sign(next)));
    }
    headers
}

const SIGNATURE_HEADER: &str = "x-khipu-signature";
const NEXT_SIGNATURE_HEADER: &str = "x-ayni-signature-next";
