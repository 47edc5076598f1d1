//! What merchants and operators do with links: `ayni payment-link` and the console.

use ayni_domain::ids::{AccountId, LinkCode};
use ayni_domain::lang::Lang;
use ayni_domain::payment_link::PaymentLink;
use ayni_domain::payment_link::terms::Terms;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::{LinkError, Use, check, sql};
use crate::app::App;
use crate::http::error::ApiError;
use crate::http::idempotent::NotKept;
use crate::merchants::Account;
use crate::witness::Witness;

/// Makes a link of this code (see [`new_code`]) from a JSON body; see `ayni_domain::payment_link::terms` for its fields.
pub async fn create(
    app: &App,
    account: &Account,
    (code, json): (LinkCode, &[u8]),
    lang: Lang,
    by: &Witness,
) -> Result<PaymentLink, LinkError> {
    let terms = check(app, account, json, lang).await?;
    let text = written(&terms)?;
    let mut link = PaymentLink {
        code,
        account: account.id,
        created_at: app.clock.now(),
        version: 1,
        terms,
        uses: 0,
        deactivated_at: None,
    };
    loop {
        let (row, text, by) = (link.clone(), text.clone(), by.clone());
        let work = move |tx: &mut Tx<'_>| {
            let is_made = sql::insert_link(tx, &row, &text)?;
            if is_made {
                by.sign(tx, row.code.as_str())?;
            }
            Ok::<_, NotKept>(is_made)
        };
        if app.db.write("payment-links.create", work).await? {
            return Ok(link);
        }
        // The same form sent again, or another's code that happens to be the same.
        match find_of(app, account.id, link.code).await {
            Ok(made) => return Ok(made),
            Err(LinkError::NotFound(_)) => link.code = new_code(app),
            Err(error) => return Err(error),
        }
    }
}

/// Changes what a link asks, if nobody else did since it was read; payers who saw it before are shown it anew.
pub async fn change(
    app: &App,
    account: &Account,
    (code, version): (LinkCode, i64),
    json: &[u8],
    lang: Lang,
    by: &Witness,
) -> Result<(), LinkError> {
    let link = find_of(app, account.id, code).await?;
    let link = PaymentLink {
        version,
        terms: check(app, account, json, lang).await?,
        ..link
    };
    let (text, by) = (written(&link.terms)?, by.clone());
    let work = move |tx: &mut Tx<'_>| {
        let is_changed = sql::update_terms(tx, &link, &text)?;
        if is_changed {
            by.sign(tx, code.as_str())?;
        }
        Ok::<_, NotKept>(is_changed)
    };
    match app.db.write("payment-links.change", work).await? {
        true => Ok(()),
        false => Err(LinkError::Raced),
    }
}

/// Switches a link off, or on again.
pub async fn set_active(
    app: &App,
    account: AccountId,
    code: LinkCode,
    is_active: bool,
    by: &Witness,
) -> Result<PaymentLink, LinkError> {
    let (at, by) = ((!is_active).then(|| app.clock.now()), by.clone());
    let work = move |tx: &mut Tx<'_>| {
        let is_known = sql::update_activity(tx, account, code, at)?;
        if is_known {
            by.sign(tx, code.as_str())?;
        }
        Ok::<_, NotKept>(is_known)
    };
    match app.db.write("payment-links.set-active", work).await? {
        true => find_of(app, account, code).await,
        false => Err(LinkError::NotFound(code)),
    }
}

/// An account's link.
pub async fn find_of(app: &App, account: AccountId, code: LinkCode) -> Result<PaymentLink, LinkError> {
    let found = super::find(app, code).await?;
    found
        .filter(|link| link.account == account)
        .ok_or(LinkError::NotFound(code))
}

/// An account's links, newest first, after the one that an earlier page ended with.
pub async fn list(
    app: &App,
    account: AccountId,
    after: Option<(Timestamp, LinkCode)>,
    limit: i64,
) -> Result<Vec<PaymentLink>, StoreError> {
    let (ms, code) = after.map_or((i64::MAX, String::new()), |(at, code)| {
        (at.as_millisecond(), code.to_string())
    });
    let work = move |tx: &mut Tx<'_>| sql::select_links(tx, account, (ms, &code), limit.clamp(1, PAGE_MAX));
    app.db.read("payment-links.list", work).await
}

/// What came of a link, newest first, after the use that an earlier page ended with.
pub async fn uses(
    app: &App,
    code: LinkCode,
    after: Option<(i64, String)>,
    limit: i64,
) -> Result<Vec<Use>, StoreError> {
    let (ms, id) = after.unwrap_or((i64::MAX, String::new()));
    let work = move |tx: &mut Tx<'_>| sql::select_uses(tx, code, (ms, &id), limit.clamp(1, PAGE_MAX));
    app.db.read("payment-links.uses", work).await
}

fn written(terms: &Terms) -> Result<String, LinkError> {
    Ok(serde_json::to_string(terms).map_err(|error| ApiError::internal(&error))?)
}

/// A code that is probably free.
pub fn new_code(app: &App) -> LinkCode {
    LinkCode::from_random_bytes(&app.entropy.bytes())
}

/// Links, or uses, of one page.
pub const PAGE_MAX: i64 = 100;
