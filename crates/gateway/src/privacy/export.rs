//! Everything that is kept about a person, as it lies there, for machines to read.

use ayni_domain::audit::Action;
use ayni_domain::ids::{AccountId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::personal::Person;
use ayni_domain::time::wire;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use serde_json::{Map, Value, json};

use super::places::PLACES;
use super::{PrivacyError, digest_of, find, sql};
use crate::app::App;
use crate::console::audit::{self, Actor};
use crate::payments;

/// The bundle, written down in the audit log. `payments[].stored` names each column with its values.
pub async fn export(
    app: &App,
    account: AccountId,
    person: &Person,
    actor: &Actor,
) -> Result<Value, PrivacyError> {
    let found = find(app, account, person).await?;
    let mut told = Vec::new();
    for payment in &found.payments {
        let stored = stored(app, *payment).await?;
        let shown = payments::show(app, *payment).await?.unwrap_or_default();
        let payment: Value = serde_json::from_slice(&shown).unwrap_or(Value::Null);
        told.push(json!({ "payment": payment, "stored": stored }));
    }
    let movements = lines(app, found.movements).await?;
    let (actor, subject, now) = (actor.clone(), digest_of(app, person), app.clock.now());
    app.db
        .write("privacy.note", move |tx: &mut Tx<'_>| {
            audit::note_by(tx, &actor, Action::PersonExport, &subject, now)
        })
        .await?;
    Ok(json!({
        "format": FORMAT, "exported_at": wire(now), "receiver_id": account.0, "payments": told,
        "movements": movements,
    }))
}

async fn stored(app: &App, payment: PaymentId) -> Result<Value, StoreError> {
    let work = move |tx: &mut Tx<'_>| {
        let mut columns = Map::new();
        for place in PLACES {
            let rows = tx.all(place.select, &[payment.as_str().into()])?;
            let values = rows.iter().map(|row| Ok(Value::from(row.str(0)?)));
            let values = values.collect::<Result<Vec<Value>, StoreError>>()?;
            if !values.is_empty() {
                columns.insert(format!("{}.{}", place.table, place.column), values.into());
            }
        }
        Ok::<_, StoreError>(Value::Object(columns))
    };
    app.db.read("privacy.stored", work).await
}

async fn lines(app: &App, movements: Vec<(i64, String)>) -> Result<Vec<Value>, StoreError> {
    let work = move |tx: &mut Tx<'_>| {
        let mut told = Vec::new();
        for (collecting, id) in &movements {
            if let Some(line) = sql::select_line(tx, *collecting, id)? {
                told.push(json!({
                    "id": id, "booked_at": wire(line.booked_at), "state": line.state, "currency": line.currency,
                    "amount": Amount::from_ten_thousandths(line.amount), "payer_identifier": line.identifier,
                    "payer_name": line.name, "payer_account": line.number, "reference": line.reference,
                }));
            }
        }
        Ok::<_, StoreError>(told)
    };
    app.db.read("privacy.lines", work).await
}

/// Grows when a key changes its meaning.
const FORMAT: &str = "ayni-person-1";
