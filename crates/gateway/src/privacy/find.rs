//! Where a person stands among an account's payments.

use std::collections::BTreeSet;

use ayni_domain::creation::details::PaymentDetails;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::personal::Person;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::{Found, PrivacyError, sql};
use crate::app::App;

pub(super) async fn find(app: &App, account: AccountId, person: &Person) -> Result<Found, PrivacyError> {
    let meant = person.clone();
    let by_rows = app.db.read("privacy.find", move |tx: &mut Tx<'_>| {
        let payments = sql::select_by_rows(tx, account, &meant, PAYMENTS_MAX + 1)?;
        let lines = sql::select_lines(tx, account, &meant, PAYMENTS_MAX)?;
        Ok::<_, StoreError>((payments, lines))
    });
    let (payments, movements) = by_rows.await?;
    let mut all: BTreeSet<PaymentId> = payments.into_iter().collect();
    search(app, account, person, &mut all).await?;
    if i64::try_from(all.len()).unwrap_or(i64::MAX) > PAYMENTS_MAX {
        return Err(PrivacyError::TooMany);
    }
    Ok(Found {
        payments: all.into_iter().collect(),
        movements,
    })
}

/// Looks into the fields that the account's merchant wrote, payment by payment.
async fn search(
    app: &App,
    account: AccountId,
    person: &Person,
    all: &mut BTreeSet<PaymentId>,
) -> Result<(), StoreError> {
    let traces = person.traces();
    let (mut after, mut id) = (i64::MIN, String::new());
    loop {
        let from = id.clone();
        let page = app.db.read("privacy.search", move |tx: &mut Tx<'_>| {
            sql::select_payments(tx, account, (after, &from), PAGE)
        });
        let page = page.await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        (after, id) = (last.created_at.as_millisecond(), last.id.to_string());
        let named = page.iter().filter(|payment| {
            let names = |text: &String| traces.blotted(text).is_some();
            let is_told = |details: &PaymentDetails| {
                person.is_named_in(details) || details.body.as_ref().is_some_and(names)
            };
            payment.details.as_ref().is_some_and(is_told) || payment.texts.iter().any(names)
        });
        all.extend(named.map(|payment| payment.id));
    }
}

/// A person with more is told and erased by the operator of the database.
pub const PAYMENTS_MAX: i64 = 10_000;
/// Payments that are looked into at once.
const PAGE: i64 = 500;
/// In no column: stands for a RUT or an address that was not said.
pub(super) const NOBODY: &str = "\u{1}";
