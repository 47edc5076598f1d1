//! What a payment lived through, for whoever has to explain it.

use ayni_domain::ids::PaymentId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::Timestamp;

use super::sql;

/// Something that happened to a payment after its creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastEvent {
    /// 1, 2, …
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// The event's name.
    pub kind: String,
    /// The state after it.
    pub state: String,
    /// What the event says, as JSON.
    pub data: String,
}

/// The events of a payment, the first one first.
pub fn of(tx: &mut Tx<'_>, id: PaymentId) -> Result<Vec<PastEvent>, StoreError> {
    sql::select_events(tx, id)
}

/// When the payment was made, and its events, the first one first; `None` where there is no such payment.
pub async fn events(db: &Db, id: PaymentId) -> Result<Option<(Timestamp, Vec<PastEvent>)>, StoreError> {
    db.read("payments.events", move |tx| {
        let Some(payment) = sql::select_payment(tx, id)? else {
            return Ok(None);
        };
        Ok(Some((payment.created_at, sql::select_events(tx, id)?)))
    })
    .await
}
