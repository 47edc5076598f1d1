//! What merchants read of a payment: the answers of creation, reading and listing.
//!
//! Every documented key is always there and keys are sorted; what is not set is `""`, `[]` or `false`
//! (seen in Khipu's answers).

use std::fmt::Display;

use ayni_domain::ids::PaymentId;
use ayni_domain::money::Amount;
use ayni_domain::time;
use serde::Serialize;
use utoipa::ToSchema;

use super::Payment;
use super::read::ReadPayment;
use crate::app::App;
use crate::merchants::Account;
use crate::reconciliation::{self, Reconciliation};

/// A payment that was just created: where to send its payer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CreatedBody {
    /// Identifier of the payment: twelve lower-case letters and digits.
    #[schema(example = "gqzdy6chjne9")]
    pub payment_id: String,
    /// The payment's page, where the payer chooses a bank and a way to pay.
    #[schema(example = "https://khipu.com/payment/info/gqzdy6chjne9")]
    pub payment_url: String,
    /// The page of the simplified transfer: the payer's bank is driven for the payer.
    #[schema(example = "https://app.khipu.com/payment/simplified/gqzdy6chjne9")]
    pub simplified_transfer_url: String,
    /// The page of the transfer by hand.
    #[schema(example = "https://khipu.com/payment/manual/gqzdy6chjne9")]
    pub transfer_url: String,
    /// Opens the payment in the mobile app.
    #[schema(example = "khipu:///pos/gqzdy6chjne9")]
    pub app_url: String,
    /// Whether the payer's e-mail and bank are known already.
    #[schema(example = false)]
    pub ready_for_terminal: bool,
}

/// A payment as `GET /v3/payments/{id}` tells it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentBody {
    /// Four decimals.
    #[schema(example = "1000.0000")]
    pub amount: String,
    /// Opens the payment in the mobile app.
    #[schema(example = "khipu:///pos/gqzdy6chjne9")]
    pub app_url: String,
    /// Always empty: payments have no attachments here.
    pub attachment_urls: Vec<String>,
    /// The bank's operation number, once reconciled.
    #[schema(example = "")]
    pub authorizer_operation_code: String,
    /// Name of the payer's bank.
    #[schema(example = "DemoBank")]
    pub bank: String,
    /// The payer's account, once reconciled.
    #[schema(example = "")]
    pub bank_account_number: String,
    /// Identifier of the payer's bank.
    #[schema(example = "Bawdf")]
    pub bank_id: String,
    /// The description; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Cobro de orden de compra #123-abcdef")]
    pub body: Option<String>,
    /// Where the payer is sent who gives up.
    #[schema(example = "https://micomercio.com/order/cancel_url")]
    pub cancel_url: String,
    /// When the money was seen and matched; `null` until then.
    #[schema(example = "2017-03-01T13:00:00.000Z")]
    pub conciliation_date: Option<String>,
    /// ISO 4217.
    #[schema(example = "CLP")]
    pub currency: &'static str,
    /// The merchant's own data, verbatim; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "<xml>...</xml>")]
    pub custom: Option<String>,
    /// Always nothing.
    #[schema(example = "0.0000")]
    pub discount: String,
    /// Until when an attempt to pay may begin.
    #[schema(example = "2017-03-02T13:00:00.000Z")]
    pub expires_date: String,
    /// `debit` once paid: a transfer takes it from the payer's account.
    #[schema(example = "debit")]
    pub funds_source: &'static str,
    /// 64 hexadecimal digits, as in notifications of version 1.3.
    pub notification_token: String,
    /// `3.0` or `1.3`.
    #[schema(example = "3.0")]
    pub notify_api_version: &'static str,
    /// Where the merchant is notified.
    #[schema(example = "https://micomercio.com/webhook/notify_url")]
    pub notify_url: String,
    /// Whether the money was seen after the payment's expiry.
    pub out_of_date_conciliation: bool,
    /// The payer's e-mail.
    #[schema(example = "pagador@email.com")]
    pub payer_email: String,
    /// The payer's name.
    #[schema(example = "Nombre Pagador")]
    pub payer_name: String,
    /// Identifier of the payment.
    #[schema(example = "gqzdy6chjne9")]
    pub payment_id: String,
    /// `regular_transfer`, `simplified_transfer` or, until paid, `not_available`.
    #[schema(example = "simplified_transfer")]
    pub payment_method: String,
    /// The payment's page.
    #[schema(example = "https://khipu.com/payment/info/gqzdy6chjne9")]
    pub payment_url: String,
    /// Who paid; before that, the only person who may.
    #[schema(example = "11.000.111-9")]
    pub personal_identifier: String,
    /// The picture as the merchant gave it.
    #[schema(example = "https://micomercio.com/picture_url")]
    pub picture_url: String,
    /// Whether the payer's e-mail and bank are known already.
    pub ready_for_terminal: bool,
    /// The receipt's page, once paid.
    #[schema(example = "https://khipu.com/payment/end/gqzdy6chjne9")]
    pub receipt_url: String,
    /// The account that collects.
    #[schema(example = 990939)]
    pub receiver_id: i64,
    /// Refunds of the payment.
    pub refunds: Vec<RefundBody>,
    /// Who is responsible for the collection.
    #[schema(example = "responsible@email.com")]
    pub responsible_user_email: String,
    /// Where the payer is sent while the payment is verified.
    #[schema(example = "https://micomercio.com/order/return_url")]
    pub return_url: String,
    /// Whether the payer is sent a request by e-mail.
    pub send_email: bool,
    /// Whether the payer is reminded.
    pub send_reminders: bool,
    /// The page of the simplified transfer.
    #[schema(example = "https://app.khipu.com/payment/simplified/gqzdy6chjne9")]
    pub simplified_transfer_url: String,
    /// `pending`, `verifying`, `done` or `deleted`. An expired payment stays `pending`.
    #[schema(example = "done")]
    pub status: &'static str,
    /// `pending`, `normal`, `marked-paid-by-receiver`, `rejected-by-payer`, `marked-as-abuse`, `reversed`,
    /// `partially-refunded` or `fully-refunded`.
    #[schema(example = "normal")]
    pub status_detail: &'static str,
    /// What it is for.
    #[schema(example = "Cobro de prueba")]
    pub subject: String,
    /// What was refunded so far.
    #[schema(example = "0.0000")]
    pub total_refunded: String,
    /// The merchant's own reference.
    #[schema(example = "zwo3wqz6uulcvajt")]
    pub transaction_id: String,
    /// The page of the transfer by hand.
    #[schema(example = "https://khipu.com/payment/manual/gqzdy6chjne9")]
    pub transfer_url: String,
}

/// A refund of a payment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RefundBody {
    /// Its identifier.
    pub id: String,
    /// Where it stands.
    pub status: String,
    /// Four decimals.
    #[schema(example = "1000.0000")]
    pub amount: String,
    /// ISO 4217.
    #[schema(example = "CLP")]
    pub currency: String,
    /// When it was asked for.
    #[schema(example = "2017-03-01T13:00:00.000Z")]
    pub request_date: String,
}

/// A page of payments, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageBody {
    /// The payments, without `custom` and `body`.
    pub payments: Vec<PaymentBody>,
    /// `cursor` of the next page; `null` on the last one.
    pub next_cursor: Option<String>,
}

/// What was done, in the caller's language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MessageBody {
    /// For people.
    #[schema(example = "El pago fue eliminado")]
    pub message: &'static str,
}

impl CreatedBody {
    /// Where the payer of this payment is sent.
    pub(super) fn of(app: &App, id: PaymentId, ready_for_terminal: bool) -> CreatedBody {
        CreatedBody {
            payment_id: id.as_str().to_owned(),
            payment_url: page(app, "info", id),
            simplified_transfer_url: page(app, "simplified", id),
            transfer_url: page(app, "manual", id),
            app_url: app_url(app, id),
            ready_for_terminal,
        }
    }
}

impl PaymentBody {
    /// Everything that the wire tells of a payment of this account.
    pub(super) fn of(app: &App, account: &Account, read: ReadPayment) -> PaymentBody {
        let custom = read.custom.unwrap_or_default();
        let body = PaymentBody::as_created(app, account, read.payment, custom);
        match read.settled {
            Some(settled) => body.paid(app, settled),
            None => body,
        }
    }

    /// What its creation said of it, and where it stands.
    fn as_created(app: &App, account: &Account, payment: Payment, custom: String) -> PaymentBody {
        let Payment { id, details, .. } = payment;
        let bank = details.bank_id.as_deref().and_then(|id| app.banks.find(id));
        let notify_url = details.notify_url.as_ref().or(account.notify_url.as_ref());
        let responsible = details.responsible_user_email.as_ref().unwrap_or(&account.email);
        PaymentBody {
            amount: payment.amount.to_string(),
            app_url: app_url(app, id),
            attachment_urls: Vec::new(),
            authorizer_operation_code: String::new(),
            bank: bank.map(|bank| bank.name.clone()).unwrap_or_default(),
            bank_account_number: String::new(),
            notify_url: notify_url.cloned().unwrap_or_default(),
            responsible_user_email: responsible.clone(),
            ready_for_terminal: details.is_ready_for_terminal(),
            bank_id: details.bank_id.unwrap_or_default(),
            body: Some(details.body.unwrap_or_default()),
            cancel_url: details.cancel_url.unwrap_or_default(),
            conciliation_date: None,
            currency: payment.currency.code(),
            custom: Some(custom),
            discount: Amount::ZERO.to_string(),
            expires_date: time::wire(payment.expires_at),
            funds_source: "",
            notification_token: super::notification_token(app, id),
            notify_api_version: details.notify_api_version.as_str(),
            out_of_date_conciliation: false,
            payer_email: details.payer_email.unwrap_or_default(),
            payer_name: details.payer_name.unwrap_or_default(),
            payment_id: id.as_str().to_owned(),
            payment_method: "not_available".to_owned(),
            payment_url: page(app, "info", id),
            personal_identifier: details.fixed_payer_personal_identifier.unwrap_or_default(),
            picture_url: details.picture_url.unwrap_or_default(),
            receipt_url: String::new(),
            receiver_id: payment.account.0,
            refunds: Vec::new(),
            return_url: details.return_url.unwrap_or_default(),
            send_email: details.send_email,
            send_reminders: details.send_reminders,
            simplified_transfer_url: page(app, "simplified", id),
            status: payment.state.status(),
            status_detail: payment.state.status_detail(),
            subject: payment.subject,
            total_refunded: Amount::ZERO.to_string(),
            transaction_id: payment.transaction_id.unwrap_or_default(),
            transfer_url: page(app, "manual", id),
        }
    }

    /// With what its reconciliation made known: it goes before what its creation said.
    fn paid(self, app: &App, settled: Reconciliation) -> PaymentBody {
        let id = &self.payment_id;
        PaymentBody {
            authorizer_operation_code: settled.operation_code,
            bank: known_or(settled.bank, self.bank),
            bank_account_number: settled.payer_account,
            bank_id: known_or(settled.bank_id, self.bank_id),
            conciliation_date: Some(time::wire(settled.conciliated_at)),
            funds_source: "debit",
            out_of_date_conciliation: settled.is_out_of_date,
            payer_email: known_or(settled.payer_email, self.payer_email),
            payer_name: known_or(settled.payer_name, self.payer_name),
            payment_method: settled.method,
            personal_identifier: reconciliation::personal_identifier(
                &settled.payer_identifier,
                Some(&self.personal_identifier),
            ),
            receipt_url: page(app, "end", id),
            ..self
        }
    }

    /// As lists tell it: without the texts that may be large.
    pub(super) fn in_a_list(self) -> PaymentBody {
        PaymentBody {
            body: None,
            custom: None,
            ..self
        }
    }
}

fn known_or(known: String, said: String) -> String {
    if known.is_empty() { said } else { known }
}

pub(super) fn page(app: &App, name: &str, id: impl Display) -> String {
    format!(
        "{}/payment/{name}/{id}",
        app.settings.public_url.as_str().trim_end_matches('/')
    )
}

fn app_url(app: &App, id: PaymentId) -> String {
    format!("{}:///pos/{id}", app.settings.app_url_scheme)
}
