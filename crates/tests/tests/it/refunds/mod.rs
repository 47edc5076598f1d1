//! `POST /v3/payments/{id}/refunds`, `/v3/refunds`, `/v3/refund-wallet/balance`, and the orders that execute refunds.

mod classic;
mod debits;
pub mod house;
mod keys;
mod orders;
mod page;
mod races;
mod wallet;
