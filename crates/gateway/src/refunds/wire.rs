//! What merchants read of refunds and of their wallet.

use ayni_domain::ids::{OrderId, PaymentId};
use ayni_domain::money::Amount;
use ayni_domain::time;
use serde::Serialize;
use utoipa::ToSchema;

use super::Refund;

/// A refund out of the wallet that was just accepted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WalletRefundBody {
    /// Its identifier.
    #[schema(value_type = String, example = "b7k2m9x4p1qz")]
    pub id: OrderId,
    /// Of which payment.
    #[schema(value_type = String, example = "gqzdy6chjne9")]
    pub payment_id: PaymentId,
    /// What this refund gives back, with four decimals.
    #[schema(value_type = String, example = "300.0000")]
    pub refunded_amount: Amount,
    /// What all refunds of the payment give back.
    #[schema(value_type = String, example = "300.0000")]
    pub total_refunded: Amount,
    /// What is left of the payment.
    #[schema(value_type = String, example = "700.0000")]
    pub remaining: Amount,
    /// ISO 4217.
    #[schema(example = "CLP")]
    pub currency: &'static str,
    /// What happens next, in the caller's language; present while the refund is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "El reembolso fue aceptado y está en proceso")]
    pub message: Option<&'static str>,
}

/// A refund as `GET /v3/refunds/{id}` tells it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReadRefundBody {
    /// What this refund gives back, with four decimals.
    #[schema(value_type = String, example = "300.0000")]
    pub amount: Amount,
    /// ISO 4217.
    #[schema(example = "CLP")]
    pub currency: &'static str,
    /// Its identifier, which stands in the bank transfer's comment.
    #[schema(value_type = String, example = "b7k2m9x4p1qz")]
    pub id: OrderId,
    /// What happens next, in the caller's language; present while the refund is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "El reembolso fue aceptado y está en proceso")]
    pub message: Option<&'static str>,
    /// Of which payment.
    #[schema(value_type = String, example = "gqzdy6chjne9")]
    pub payment_id: PaymentId,
    /// What this refund gives back; the same as `amount`.
    #[schema(value_type = String, example = "300.0000")]
    pub refunded_amount: Amount,
    /// What is left of the payment.
    #[schema(value_type = String, example = "700.0000")]
    pub remaining: Amount,
    /// When it was accepted.
    #[schema(example = "2017-03-01T13:00:00.000Z")]
    pub request_date: String,
    /// `pending`, `authorized` (the bank took it), `paid` (seen leaving) or `expired` (given back).
    #[schema(example = "pending")]
    pub status: &'static str,
    /// What all refunds of the payment give back.
    #[schema(value_type = String, example = "300.0000")]
    pub total_refunded: Amount,
    /// `classic`, out of what was collected, or `wallet`.
    #[serde(rename = "type")]
    #[schema(example = "wallet")]
    pub kind: &'static str,
}

/// What a wallet holds.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BalanceBody {
    /// With four decimals.
    #[schema(value_type = String, example = "10.0000")]
    pub balance: Amount,
    /// ISO 4217.
    #[schema(example = "CLP")]
    pub currency: &'static str,
    /// The page that says how money is added; `""` where the account has no wallet in this currency.
    #[schema(example = "https://khipu.com/refund-wallet/h3f8s0a6w2kd")]
    pub add_funds_url: String,
}

/// A refund of a payment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RefundBody {
    /// Its identifier.
    #[schema(value_type = String, example = "b7k2m9x4p1qz")]
    pub id: OrderId,
    /// `pending`, `authorized`, `paid` or `expired`.
    #[schema(example = "pending")]
    pub status: &'static str,
    /// Four decimals.
    #[schema(value_type = String, example = "1000.0000")]
    pub amount: Amount,
    /// ISO 4217.
    #[schema(example = "CLP")]
    pub currency: &'static str,
    /// When it was asked for.
    #[schema(example = "2017-03-01T13:00:00.000Z")]
    pub request_date: String,
}

impl RefundBody {
    /// As a payment tells it.
    pub fn of(refund: &Refund) -> RefundBody {
        RefundBody {
            id: refund.id,
            status: refund.state.as_str(),
            amount: refund.amount,
            currency: refund.currency.code(),
            request_date: time::wire(refund.requested_at),
        }
    }
}
