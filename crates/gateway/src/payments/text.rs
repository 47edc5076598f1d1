//! A payment's JSON, as [`PaymentBody`] describes it, written without the detours of a general serializer.

use super::wire::{AppLink, Link, PaymentBody};
use crate::http::object::Object;

/// The same text that serde writes of it.
pub(super) fn of(body: &PaymentBody<'_>) -> Result<Vec<u8>, serde_json::Error> {
    let mut to = Object::with_room_for(ANSWER_BYTES);
    to.shown("amount", body.amount);
    app_link(&mut to, "app_url", &body.app_url);
    to.value("attachment_urls", &body.attachment_urls)?;
    to.text("authorizer_operation_code", body.authorizer_operation_code);
    to.text("bank", body.bank);
    to.text("bank_account_number", body.bank_account_number);
    to.text("bank_id", body.bank_id);
    if let Some(text) = body.body {
        to.text("body", text);
    }
    to.text("cancel_url", body.cancel_url);
    to.text_or_null("conciliation_date", body.conciliation_date.as_deref());
    to.text("currency", body.currency);
    if let Some(custom) = body.custom {
        to.text("custom", custom);
    }
    to.shown("discount", body.discount);
    to.text("expires_date", &body.expires_date);
    to.text("funds_source", body.funds_source);
    to.text("notification_token", &body.notification_token);
    to.text("notify_api_version", body.notify_api_version);
    to.text("notify_url", body.notify_url);
    to.flag("out_of_date_conciliation", body.out_of_date_conciliation);
    to.text("payer_email", body.payer_email);
    to.text("payer_name", body.payer_name);
    to.text("payment_id", body.payment_id.as_str());
    to.text("payment_method", body.payment_method);
    link(&mut to, "payment_url", &body.payment_url);
    to.text("personal_identifier", &body.personal_identifier);
    to.text("picture_url", body.picture_url);
    rest(to, body)
}

/// The second half of the alphabet.
fn rest(mut to: Object, body: &PaymentBody<'_>) -> Result<Vec<u8>, serde_json::Error> {
    to.flag("ready_for_terminal", body.ready_for_terminal);
    to.text("receipt_url", &body.receipt_url);
    to.int("receiver_id", body.receiver_id);
    to.value("refunds", &body.refunds)?;
    to.text("responsible_user_email", body.responsible_user_email);
    to.text("return_url", body.return_url);
    to.flag("send_email", body.send_email);
    to.flag("send_reminders", body.send_reminders);
    link(&mut to, "simplified_transfer_url", &body.simplified_transfer_url);
    to.text("status", body.status);
    to.text("status_detail", body.status_detail);
    to.text("subject", body.subject);
    to.shown("total_refunded", body.total_refunded);
    to.text("transaction_id", body.transaction_id);
    link(&mut to, "transfer_url", &body.transfer_url);
    Ok(to.end())
}

fn link(to: &mut Object, name: &'static str, link: &Link<'_>) {
    to.pieces(name, link.pieces());
}

fn app_link(to: &mut Object, name: &'static str, link: &AppLink<'_>) {
    to.pieces(name, link.pieces());
}

/// Most payments' JSON is shorter.
const ANSWER_BYTES: usize = 2048;

#[cfg(test)]
mod tests {
    use ayni_domain::ids::PaymentId;

    use super::*;
    use crate::harness::House;
    use crate::merchants::accounts;
    use crate::payments::read::{ReadPayment, read};

    const ODD: &str = "«ñ» \"quoted\" back\\slash\nline";

    /// A payment with texts that need escaping.
    async fn odd(house: &House) -> ReadPayment {
        let body = serde_json::json!({
            "amount": 1000, "currency": "CLP", "subject": ODD, "transaction_id": ODD, "body": ODD, "custom": ODD,
            "payer_name": ODD, "payer_email": "pagador@email.com", "bank_id": "Bawdf",
            "return_url": "http://127.0.0.1/return", "cancel_url": "http://127.0.0.1/cancel",
        });
        let created = house.post("/v3/payments", &body.to_string()).await;
        assert_eq!(created.status, 200, "{}", created.text);
        let id = PaymentId::parse(created.json()["payment_id"].as_str().unwrap()).unwrap();
        let found = house.app.db.point("test.find", move |tx| read(tx, id));
        found.await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn a_payment_is_written_as_it_is_described() {
        let house = House::open().await;
        let account = accounts::find(&house.app.db, house.account).await.unwrap();
        let read = odd(&house).await;
        let pending = PaymentBody::of(&house.app, &account, &read);
        let paid = PaymentBody {
            bank: ODD,
            bank_account_number: ODD,
            conciliation_date: Some("2026-03-01T12:00:00.000Z".to_owned()),
            funds_source: "debit",
            out_of_date_conciliation: true,
            personal_identifier: ODD.into(),
            receipt_url: ODD.to_owned(),
            ..pending.clone()
        };
        for body in [pending, paid] {
            assert_eq!(of(&body).unwrap(), serde_json::to_vec(&body).unwrap());
            let listed = body.in_a_list();
            assert_eq!(of(&listed).unwrap(), serde_json::to_vec(&listed).unwrap());
        }
    }
}
