//! The gateway: Khipu's payments API, the payer's pages, reconciliation and notifications.
//!
//! One folder per capability, each with the same rooms: `mod.rs` (what it is, its router), `api.rs` (JSON),
//! `pages.rs` (HTML), `sql.rs` (all its SQL), `jobs.rs` (background work). A capability never reads another's
//! `sql.rs`; it calls a function of its `mod.rs`.

pub mod app;
pub mod background;
pub mod banks;
pub mod clock;
pub mod consents;
pub mod console;
pub mod contracts;
pub mod events;
mod guide;
#[cfg(test)]
mod harness;
pub mod http;
pub mod institutions;
pub mod keys;
pub mod ledger;
pub mod links;
pub mod lists;
pub mod mails;
pub mod merchants;
pub mod notices;
pub mod oauth;
pub mod operations;
pub mod orders;
pub mod payer;
pub mod payment_links;
pub mod payments;
pub mod payouts;
pub mod privacy;
pub mod receipts;
pub mod receivers;
pub mod reconciliation;
pub mod refunds;
pub mod requests;
pub mod restorations;
pub mod settings;
pub mod settlement;
pub mod signals;
pub mod statements;
pub mod texts;
pub mod told;
pub mod traces;
pub mod uses;
pub(crate) mod walk;
pub mod witness;
pub mod worker;

/// Every SQL text of the gateway, so that a test can have both engines prepare them.
pub fn statements() -> Vec<&'static str> {
    [
        banks::STATEMENTS,
        consents::STATEMENTS,
        contracts::STATEMENTS,
        events::STATEMENTS,
        http::idempotent::STATEMENTS,
        institutions::STATEMENTS,
        keys::STATEMENTS,
        ledger::STATEMENTS,
        links::STATEMENTS,
        mails::STATEMENTS,
        merchants::STATEMENTS,
        merchants::payout_accounts::STATEMENTS,
        merchants::sealed::STATEMENTS,
        merchants::users::STATEMENTS,
        notices::STATEMENTS,
        oauth::STATEMENTS,
        operations::STATEMENTS,
        orders::STATEMENTS,
        payer::STATEMENTS,
        payment_links::STATEMENTS,
        payments::STATEMENTS,
        payouts::STATEMENTS,
        receivers::STATEMENTS,
        reconciliation::STATEMENTS,
        refunds::STATEMENTS,
        requests::STATEMENTS,
        restorations::STATEMENTS,
    ]
    .concat()
    .into_iter()
    .chain(console::STATEMENTS.concat())
    .chain(settlement::STATEMENTS.concat())
    .chain(console::payments::STATEMENTS.concat())
    .chain(privacy::STATEMENTS.concat())
    .collect()
}
