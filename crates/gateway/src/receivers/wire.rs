//! What integrators read.

use serde::Serialize;
use utoipa::ToSchema;

/// A receiver that was just made, with what opens it; told once.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceiverCreatedBody<'a> {
    /// The account: a number, as text.
    #[schema(example = "934568")]
    pub(super) receiver_id: String,
    /// Signs its notifications: 40 hexadecimal digits.
    #[schema(example = "4f3ae0e4b2f5a9c1d8e7f60123456789abcdef01")]
    pub(super) secret: &'a str,
    /// Its API key, a UUID.
    #[schema(example = "8f4e1a0c-7a35-4a9e-9a53-0d8f1a1f4a11")]
    pub(super) api_key: &'a str,
}

/// A page of an integrator's receivers.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChildrenBody {
    /// The receivers.
    pub(super) receivers: Vec<ChildBody>,
    /// How many there are in all.
    #[schema(example = 1)]
    pub(super) total: i64,
}

/// One of them.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChildBody {
    /// Its `receiver_id`.
    #[schema(example = 934568)]
    pub(super) id: i64,
    /// Shown to payers.
    #[schema(example = "Panadería Sol SpA")]
    pub(super) name: String,
    /// When it was made.
    #[schema(example = "2017-03-01T13:00:00.000Z")]
    pub(super) date_created: String,
    /// Whether an operator lets nothing be done with it.
    pub(super) disabled: bool,
    /// Whether it can make payments: it is not disabled and there is a bank account to collect on.
    pub(super) can_collect: bool,
}
