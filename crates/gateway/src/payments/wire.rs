//! What merchants read of a payment: the answers of creation, reading and listing.
//!
//! Every documented key is always there and keys are sorted; what is not set is `""`, `[]` or `false`
//! (seen in Khipu's answers).
//!
//! The bodies borrow what they tell: an answer has forty texts, and is written once, straight from the row.

use std::borrow::Cow;
use std::fmt::{self, Display};

use ayni_domain::ids::PaymentId;
use ayni_domain::money::Amount;
use ayni_domain::time;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::Payment;
use super::read::ReadPayment;
use crate::app::App;
use crate::merchants::Account;
use crate::receipts;
use crate::reconciliation::{self, Reconciliation};
use crate::refunds::wire::RefundBody;
use crate::refunds::{self, Refund};

/// A payment that was just created: where to send its payer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CreatedBody<'a> {
    /// Identifier of the payment: twelve lower-case letters and digits.
    #[schema(value_type = String, example = "gqzdy6chjne9")]
    pub payment_id: PaymentId,
    /// The payment's page, where the payer chooses a bank and a way to pay.
    #[schema(value_type = String, example = "https://khipu.com/payment/info/gqzdy6chjne9")]
    pub payment_url: Link<'a>,
    /// The page of the simplified transfer: the payer's bank is driven for the payer.
    #[schema(value_type = String, example = "https://app.khipu.com/payment/simplified/gqzdy6chjne9")]
    pub simplified_transfer_url: Link<'a>,
    /// The page of the transfer by hand.
    #[schema(value_type = String, example = "https://khipu.com/payment/manual/gqzdy6chjne9")]
    pub transfer_url: Link<'a>,
    /// Opens the payment in the mobile app.
    #[schema(value_type = String, example = "khipu:///pos/gqzdy6chjne9")]
    pub app_url: AppLink<'a>,
    /// Whether the payer's e-mail and bank are known already.
    #[schema(example = false)]
    pub ready_for_terminal: bool,
}

/// A payment as `GET /v3/payments/{id}` tells it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentBody<'a> {
    /// Four decimals.
    #[schema(value_type = String, example = "1000.0000")]
    pub amount: Amount,
    /// Opens the payment in the mobile app.
    #[schema(value_type = String, example = "khipu:///pos/gqzdy6chjne9")]
    pub app_url: AppLink<'a>,
    /// Always empty: payments have no attachments here.
    pub attachment_urls: Vec<String>,
    /// The bank's operation number, once reconciled.
    #[schema(example = "")]
    pub authorizer_operation_code: &'a str,
    /// Name of the payer's bank.
    #[schema(example = "DemoBank")]
    pub bank: &'a str,
    /// The payer's account, once reconciled.
    #[schema(example = "")]
    pub bank_account_number: &'a str,
    /// Identifier of the payer's bank.
    #[schema(example = "Bawdf")]
    pub bank_id: &'a str,
    /// The description; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Cobro de orden de compra #123-abcdef")]
    pub body: Option<&'a str>,
    /// Where the payer is sent who gives up.
    #[schema(example = "https://micomercio.com/order/cancel_url")]
    pub cancel_url: &'a str,
    /// When the money was seen and matched; `null` until then.
    #[schema(example = "2017-03-01T13:00:00.000Z")]
    pub conciliation_date: Option<String>,
    /// ISO 4217.
    #[schema(example = "CLP")]
    pub currency: &'static str,
    /// The merchant's own data, verbatim; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "<xml>...</xml>")]
    pub custom: Option<&'a str>,
    /// Always nothing.
    #[schema(value_type = String, example = "0.0000")]
    pub discount: Amount,
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
    pub notify_url: &'a str,
    /// Whether the money was seen after the payment's expiry.
    pub out_of_date_conciliation: bool,
    /// The payer's e-mail.
    #[schema(example = "pagador@email.com")]
    pub payer_email: &'a str,
    /// The payer's name.
    #[schema(example = "Nombre Pagador")]
    pub payer_name: &'a str,
    /// Identifier of the payment.
    #[schema(value_type = String, example = "gqzdy6chjne9")]
    pub payment_id: PaymentId,
    /// `regular_transfer`, `simplified_transfer` or, until paid, `not_available`.
    #[schema(example = "simplified_transfer")]
    pub payment_method: &'a str,
    /// The payment's page.
    #[schema(value_type = String, example = "https://khipu.com/payment/info/gqzdy6chjne9")]
    pub payment_url: Link<'a>,
    /// Who paid; before that, the only person who may.
    #[schema(example = "11.000.111-9")]
    pub personal_identifier: Cow<'a, str>,
    /// The picture as the merchant gave it.
    #[schema(example = "https://micomercio.com/picture_url")]
    pub picture_url: &'a str,
    /// Whether the payer's e-mail and bank are known already.
    pub ready_for_terminal: bool,
    /// The receipt as a PDF, once its money was seen; with `?lang=en` in English.
    #[schema(
        example = "https://khipu.com/payment/receipt/gqzdy6chjne9-5f0c…/CPKH-0103171000-gqzdy6chjne9.pdf"
    )]
    pub receipt_url: String,
    /// The account that collects.
    #[schema(example = 990939)]
    pub receiver_id: i64,
    /// Refunds of the payment.
    pub refunds: Vec<RefundBody>,
    /// Who is responsible for the collection.
    #[schema(example = "responsible@email.com")]
    pub responsible_user_email: &'a str,
    /// Where the payer is sent while the payment is verified.
    #[schema(example = "https://micomercio.com/order/return_url")]
    pub return_url: &'a str,
    /// Whether the payer is sent a request by e-mail.
    pub send_email: bool,
    /// Whether the payer is reminded.
    pub send_reminders: bool,
    /// The page of the simplified transfer.
    #[schema(value_type = String, example = "https://app.khipu.com/payment/simplified/gqzdy6chjne9")]
    pub simplified_transfer_url: Link<'a>,
    /// `pending`, `verifying`, `done` or `deleted`. An expired payment stays `pending`.
    #[schema(example = "done")]
    pub status: &'static str,
    /// `pending`, `normal`, `marked-paid-by-receiver`, `rejected-by-payer`, `marked-as-abuse`, `reversed`,
    /// `partially-refunded` or `fully-refunded`.
    #[schema(example = "normal")]
    pub status_detail: &'static str,
    /// What it is for.
    #[schema(example = "Cobro de prueba")]
    pub subject: &'a str,
    /// What was refunded so far.
    #[schema(value_type = String, example = "0.0000")]
    pub total_refunded: Amount,
    /// The merchant's own reference.
    #[schema(example = "zwo3wqz6uulcvajt")]
    pub transaction_id: &'a str,
    /// The page of the transfer by hand.
    #[schema(value_type = String, example = "https://khipu.com/payment/manual/gqzdy6chjne9")]
    pub transfer_url: Link<'a>,
}

/// A page of payments, newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PageBody<'a> {
    /// The payments, without `custom` and `body`.
    pub payments: Vec<PaymentBody<'a>>,
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

/// The address of one of a payment's pages.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    base: &'a str,
    name: &'static str,
    id: PaymentId,
}

/// The address that opens a payment in the mobile app.
#[derive(Clone, Copy, Debug)]
pub struct AppLink<'a> {
    scheme: &'a str,
    id: PaymentId,
}

impl<'a> CreatedBody<'a> {
    /// Where the payer of this payment is sent.
    pub(super) fn of(app: &'a App, id: PaymentId, ready_for_terminal: bool) -> CreatedBody<'a> {
        CreatedBody {
            payment_id: id,
            payment_url: page(app, "info", id),
            simplified_transfer_url: page(app, "simplified", id),
            transfer_url: page(app, "manual", id),
            app_url: app_link(app, id),
            ready_for_terminal,
        }
    }
}

impl<'a> PaymentBody<'a> {
    /// Everything that the wire tells of a payment of this account.
    pub(super) fn of(app: &'a App, account: &'a Account, read: &'a ReadPayment) -> PaymentBody<'a> {
        let custom = read.custom.as_deref().unwrap_or_default();
        let body = PaymentBody::as_created(app, account, &read.payment, custom);
        match &read.settled {
            Some(settled) => body.paid(app, settled).refunded(&read.refunds),
            None => body,
        }
    }

    /// What its creation said of it, and where it stands.
    fn as_created(
        app: &'a App,
        account: &'a Account,
        payment: &'a Payment,
        custom: &'a str,
    ) -> PaymentBody<'a> {
        let (id, details) = (payment.id, &payment.details);
        let bank = details.bank_id.as_deref().and_then(|id| app.banks.find(id));
        let notify_url = details.notify_url.as_ref().or(account.notify_url.as_ref());
        let responsible = details.responsible_user_email.as_ref().unwrap_or(&account.email);
        PaymentBody {
            amount: payment.amount,
            app_url: app_link(app, id),
            attachment_urls: Vec::new(),
            authorizer_operation_code: "",
            bank: bank.map_or("", |bank| &bank.name),
            bank_account_number: "",
            notify_url: notify_url.map_or("", String::as_str),
            responsible_user_email: responsible,
            ready_for_terminal: details.is_ready_for_terminal(),
            bank_id: said(&details.bank_id),
            body: Some(said(&details.body)),
            cancel_url: said(&details.cancel_url),
            conciliation_date: None,
            currency: payment.currency.code(),
            custom: Some(custom),
            discount: Amount::ZERO,
            expires_date: time::wire(payment.expires_at),
            funds_source: "",
            notification_token: super::notification_token(app, id),
            notify_api_version: details.notify_api_version.as_str(),
            out_of_date_conciliation: false,
            payer_email: said(&details.payer_email),
            payer_name: said(&details.payer_name),
            payment_id: id,
            payment_method: "not_available",
            payment_url: page(app, "info", id),
            personal_identifier: said(&details.fixed_payer_personal_identifier).into(),
            picture_url: said(&details.picture_url),
            receipt_url: String::new(),
            receiver_id: payment.account.0,
            refunds: Vec::new(),
            return_url: said(&details.return_url),
            send_email: details.send_email,
            send_reminders: details.send_reminders,
            simplified_transfer_url: page(app, "simplified", id),
            status: payment.state.status(),
            status_detail: payment.state.status_detail(),
            subject: &payment.subject,
            total_refunded: Amount::ZERO,
            transaction_id: said(&payment.transaction_id),
            transfer_url: page(app, "manual", id),
        }
    }

    /// With what its reconciliation made known: it goes before what its creation said.
    fn paid(self, app: &'a App, settled: &'a Reconciliation) -> PaymentBody<'a> {
        let payer =
            reconciliation::personal_identifier(&settled.payer_identifier, Some(&self.personal_identifier));
        PaymentBody {
            authorizer_operation_code: &settled.operation_code,
            bank: known_or(&settled.bank, self.bank),
            bank_account_number: &settled.payer_account,
            bank_id: known_or(&settled.bank_id, self.bank_id),
            conciliation_date: Some(time::wire(settled.conciliated_at)),
            funds_source: "debit",
            out_of_date_conciliation: settled.is_out_of_date,
            payer_email: known_or(&settled.payer_email, self.payer_email),
            payer_name: known_or(&settled.payer_name, self.payer_name),
            payment_method: &settled.method,
            personal_identifier: payer.into(),
            receipt_url: receipts::url(app, self.payment_id, settled.conciliated_at),
            ..self
        }
    }

    /// With what was given back.
    fn refunded(self, refunds: &[Refund]) -> PaymentBody<'a> {
        PaymentBody {
            refunds: refunds.iter().map(RefundBody::of).collect(),
            total_refunded: refunds::total(refunds),
            ..self
        }
    }

    /// As lists tell it: without the texts that may be large.
    pub(super) fn in_a_list(self) -> PaymentBody<'a> {
        PaymentBody {
            body: None,
            custom: None,
            ..self
        }
    }
}

impl Link<'_> {
    /// Its text, in pieces.
    pub(super) fn pieces(&self) -> [&str; 5] {
        [self.base, "/payment/", self.name, "/", self.id.as_str()]
    }
}

impl AppLink<'_> {
    /// Its text, in pieces.
    pub(super) fn pieces(&self) -> [&str; 3] {
        [self.scheme, ":///pos/", self.id.as_str()]
    }
}

impl Display for Link<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().iter().try_for_each(|piece| out.write_str(piece))
    }
}

impl Display for AppLink<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces().iter().try_for_each(|piece| out.write_str(piece))
    }
}

impl Serialize for Link<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl Serialize for AppLink<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// The address of one of a payment's pages.
pub(super) fn page<'a>(app: &'a App, name: &'static str, id: PaymentId) -> Link<'a> {
    Link {
        base: app.settings.public_url.as_str().trim_end_matches('/'),
        name,
        id,
    }
}

fn app_link(app: &App, id: PaymentId) -> AppLink<'_> {
    AppLink {
        scheme: &app.settings.app_url_scheme,
        id,
    }
}

fn said(field: &Option<String>) -> &str {
    field.as_deref().unwrap_or_default()
}

fn known_or<'a>(known: &'a str, said: &'a str) -> &'a str {
    if known.is_empty() { said } else { known }
}
