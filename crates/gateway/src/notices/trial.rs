//! A notification that tells of nothing, so that who develops sees one arrive: signed with the account's secret, delivered
//! as all others are, and kept with its answer.
//!
//! It must not be taken for money. So its body names no payment, no amount and no state, whatever reads it, says first that
//! it is a test, and is sent for developer accounts only. It is tried once: what it is for is to be looked at now.

use ayni_domain::creation::details::NotifyVersion;
use ayni_domain::ids::AccountId;
use ayni_domain::time::wire;
use ayni_store::tx::Tx;
use jiff::Timestamp;
use uuid::Uuid;

use super::{NewNotice, Subject, create};
use crate::app::App;
use crate::signals::JobKind;
use crate::told::ToldError;
use crate::witness::Witness;

/// Sends one there, signed by the witness with its id; returns the id.
pub(crate) async fn send(app: &App, account: AccountId, url: &str, by: &Witness) -> Result<Uuid, ToldError> {
    let (id, now, by) = (app.entropy.uuid(), app.clock.now(), by.clone());
    let notice = NewNotice {
        id,
        account,
        subject: Subject::Trial,
        url: url.to_owned(),
        version: NotifyVersion::V3_0,
        body: body(account, now),
    };
    app.db
        .write("notices.trial", move |tx: &mut Tx<'_>| {
            by.sign(tx, &notice.id.to_string())?;
            Ok::<_, ToldError>(create(tx, &notice, now)?)
        })
        .await?;
    app.signals.wake(JobKind::Notice);
    Ok(id)
}

/// Written by hand, so that what it says first comes first.
fn body(account: AccountId, now: Timestamp) -> String {
    let (message, sent_at) = (
        "Notificación de prueba: no es de ningún pago. A test notification: it is of no payment.",
        wire(now),
    );
    format!(
        r#"{{"test":true,"message":"{message}","receiver_id":{},"sent_at":"{sent_at}"}}"#,
        account.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_says_first_that_it_is_one_and_nothing_that_a_payment_says() {
        let body = body(AccountId(990_939), Timestamp::UNIX_EPOCH);
        assert!(body.starts_with("{\"test\":true,"), "{body}");
        for told_of_payments in ["payment_id", "amount", "status", "transaction_id", "currency"] {
            assert!(!body.contains(told_of_payments), "{told_of_payments}");
        }
    }
}
