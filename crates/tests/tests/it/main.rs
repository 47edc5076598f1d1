//! The behaviour of the whole, over HTTP, on both engines: one binary, its modules as the API's parts.

#![expect(clippy::unwrap_used, reason = "in a test, what should not happen ends it")]

mod attempts;
mod bodies;
mod console;
mod contracts;
mod edge;
mod end_to_end;
mod events;
mod keys;
mod ledger;
mod lists;
mod mails;
mod notices;
mod oauth;
mod operations;
mod payment_links;
mod payments;
mod privacy;
mod receipts;
mod receivers;
mod reconciliation;
mod refunds;
mod requests;
mod restoring;
mod settlement;
