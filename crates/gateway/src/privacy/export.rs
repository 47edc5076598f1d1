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
use super::{PrivacyError, digest_of, find, sign_in, sql};
use crate::app::{App, Shared};
use crate::consents::{self, Consent};
use crate::console::audit::{self, Actor};
use crate::http::error::ApiError;
use crate::orders::{self, Order};
use crate::payments;

/// The bundle, written down in the audit log. `payments[].stored` names each column with its values.
pub async fn export(
    app: &Shared,
    account: AccountId,
    person: &Person,
    actor: &Actor,
) -> Result<Value, PrivacyError> {
    let found = find(app, account, person).await?;
    let mut told = Vec::new();
    for id in &found.payments {
        told.push(payment(app, *id).await?);
    }
    let rest = rest(app, account, person, found.movements).await?;
    let (actor, subject, now) = (actor.clone(), digest_of(app, person), app.clock.now());
    app.db
        .write("privacy.note", move |tx: &mut Tx<'_>| {
            audit::note_by(tx, &actor, Action::PersonExport, &subject, now)
        })
        .await?;
    let mut bundle = Map::new();
    bundle.insert("format".to_owned(), FORMAT.into());
    bundle.insert("exported_at".to_owned(), wire(now).into());
    bundle.insert("receiver_id".to_owned(), account.0.into());
    bundle.insert("payments".to_owned(), told.into());
    bundle.extend(rest);
    Ok(bundle.into())
}

/// One payment: as the API shows it, where it can be read, and each column that tells of a person.
pub(super) async fn payment(app: &App, id: PaymentId) -> Result<Value, PrivacyError> {
    let stored = stored(app, id).await?;
    let payment = match payments::show(app, id).await {
        Ok(shown) => serde_json::from_slice(&shown.unwrap_or_default()).unwrap_or(Value::Null),
        // It can't be read: its columns are told as they lie there.
        Err(error @ ApiError::Internal(_)) => {
            tracing::error!(payment = %id, %error, "a payment of an export can't be read");
            Value::Null
        }
        Err(error) => return Err(error.into()),
    };
    Ok(json!({ "payment": payment, "stored": stored }))
}

/// What is no payment's: lines of statements with what sent them back, consents, and the person at the console.
pub(super) async fn rest(
    app: &Shared,
    account: AccountId,
    person: &Person,
    movements: Vec<(i64, String)>,
) -> Result<Map<String, Value>, PrivacyError> {
    let movements = lines(app, movements).await?;
    let (reader, meant) = (app.clone(), person.clone());
    let told = app.db.read("privacy.rest", move |tx: &mut Tx<'_>| {
        let [rut, ..] = meant.usual_spellings();
        let names: Vec<String> = rut.into_iter().chain(meant.email().map(str::to_owned)).collect();
        let given = consents::of_person(tx, &reader.keyring, account, &names)?;
        let console = sign_in::told(tx, account, &meant)?;
        Ok::<_, StoreError>((given.iter().map(consent).collect::<Vec<_>>(), console))
    });
    let (given, console) = told.await?;
    let told = [
        ("movements", movements.into()),
        ("consents", given.into()),
        ("console", console),
    ];
    Ok(told
        .map(|(key, told)| (key.to_owned(), told))
        .into_iter()
        .collect())
}

fn consent(consent: &Consent) -> Value {
    json!({
        "consent_id": consent.id.0, "institution": consent.scope, "client_id": consent.client,
        "subject": consent.subject, "given": wire(consent.created_at), "ends": wire(consent.expires_at),
        "withdrawn": consent.withdrawn_at.map(wire),
    })
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
                let returns = orders::returns_of(tx, *collecting, id)?;
                told.push(json!({
                    "id": id, "booked_at": wire(line.booked_at), "state": line.state, "currency": line.currency,
                    "amount": Amount::from_ten_thousandths(line.amount), "payer_identifier": line.identifier,
                    "payer_name": line.name, "payer_account": line.number, "reference": line.reference,
                    "returns": returns.iter().map(sent_back).collect::<Vec<_>>(),
                }));
            }
        }
        Ok::<_, StoreError>(told)
    };
    app.db.read("privacy.lines", work).await
}

/// An order that sent a line's money back.
fn sent_back(order: &Order) -> Value {
    let payee = &order.new.payee;
    json!({
        "order_id": order.new.id.as_str(), "amount": order.new.amount, "currency": order.new.currency.code(),
        "state": order.state.as_str(), "at": wire(order.created_at), "bank_id": payee.bank_id,
        "number": payee.number, "holder_name": payee.holder_name,
        "holder_identifier": payee.holder_identifier, "holder_email": payee.holder_email,
        "reason": order.reason,
    })
}

/// Grows when a key changes its meaning.
pub(super) const FORMAT: &str = "ayni-person-1";
