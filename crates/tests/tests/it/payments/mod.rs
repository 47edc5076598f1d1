//! `/v3/payments`.

mod amounts;
mod creating;
mod deleting;
mod idempotency;
mod listing;
mod reading;
mod violations;
