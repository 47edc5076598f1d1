//! The names of a payment's fields.

use crate::fields::FieldName;

/// A field of `POST /v3/payments`, in the order of its documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of the same name")]
pub enum Field {
    Amount,
    Currency,
    Subject,
    TransactionId,
    Custom,
    Body,
    BankId,
    ReturnUrl,
    CancelUrl,
    PictureUrl,
    NotifyUrl,
    ContractUrl,
    NotifyApiVersion,
    ExpiresDate,
    SendEmail,
    PayerName,
    PayerEmail,
    SendReminders,
    ResponsibleUserEmail,
    FixedPayerPersonalIdentifier,
    IntegratorFee,
    CollectAccountUuid,
    ConfirmTimeoutDate,
    MandatoryPaymentMethod,
    PspClientMerchantName,
}

const NAMES: [&str; 25] = [
    "amount",
    "currency",
    "subject",
    "transaction_id",
    "custom",
    "body",
    "bank_id",
    "return_url",
    "cancel_url",
    "picture_url",
    "notify_url",
    "contract_url",
    "notify_api_version",
    "expires_date",
    "send_email",
    "payer_name",
    "payer_email",
    "send_reminders",
    "responsible_user_email",
    "fixed_payer_personal_identifier",
    "integrator_fee",
    "collect_account_uuid",
    "confirm_timeout_date",
    "mandatory_payment_method",
    "psp_client_merchant_name",
];

impl FieldName for Field {
    const NAMES: &'static [&'static str] = &NAMES;

    fn place(self) -> usize {
        self as usize
    }
}
