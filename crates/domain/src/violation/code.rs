//! A problem's name, for programs and for logs: it tells nothing of the value that had the problem.

use super::Problem;

impl Problem {
    /// Its name, the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Problem::Required | Problem::RequiredWith(_) => "required",
            Problem::WrongType(_) => "wrong-type",
            Problem::UnreadableText => "unreadable-text",
            Problem::TooLong(_) => "too-long",
            Problem::TooShort(_) => "too-short",
            Problem::NotOneOf(_) => "not-one-of",
            Problem::NotANumber => "not-a-number",
            Problem::NotPositive => "not-positive",
            Problem::Negative => "negative",
            Problem::TooLarge(_) | Problem::TooManyOf(_) => "too-large",
            Problem::TooSmall(_) => "too-small",
            Problem::NotWith(_) => "not-with",
            Problem::TooManyDecimals | Problem::TooManyDecimalsFor(_) => "too-many-decimals",
            Problem::OutOfRange(..) => "out-of-range",
            Problem::BadUrl(_) => "bad-url",
            Problem::AddressRefused(_) => "address-refused",
            Problem::ContractUnreadable(_) => "contract-unreadable",
            Problem::BadEmail => "bad-email",
            Problem::NotARut => "not-a-rut",
            Problem::NotAnAccountNumber => "not-an-account-number",
            Problem::BadInstant => "bad-instant",
            Problem::NoOffset => "no-offset",
            Problem::NotInTheFuture => "not-in-the-future",
            Problem::UnknownBank => "unknown-bank",
            Problem::NotCollectedIn(_) => "not-collected-in",
            Problem::UnknownCollectingAccount => "unknown-collecting-account",
            Problem::CollectingAccountIsIn(_) => "other-currency",
            Problem::NotACollectingUser => "not-a-collecting-user",
            Problem::NotGranted => "not-granted",
            Problem::NoIntegrator => "no-integrator",
            Problem::AboveTheAmount | Problem::NoRoomBesideTheFee => "above-the-amount",
            Problem::EmptyName => "empty-name",
            Problem::Refund(_) => "not-refundable",
            Problem::NotDeletable(_) => "not-deletable",
            Problem::NotConfirmable(_) => "not-confirmable",
            Problem::BadCursor => "bad-cursor",
            Problem::BadIdempotencyKey => "bad-idempotency-key",
        }
    }
}
