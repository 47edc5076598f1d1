//! What tests need to be sentences: a gateway with real neighbours, and nothing that depends on timing.
//!
//! [`gateway::TestGateway`] is a whole gateway on either engine with DemoBank and the bill portal ([`portal::Portal`]) on
//! ports of their own; [`merchant::Merchant`] is a real server that takes notifications; [`payer::Payer`] is a person's browser at the
//! payment's pages; [`mail_server::MailServer`] takes its mails; [`http`] is a plain client that hides nothing. [`on_both_engines`] runs a test on each engine, and
//! after each of them [`truth`] compares what the database, the bank's book and the notifications say.

#![expect(clippy::panic, reason = "in a test, what should not happen ends it")]
#![expect(
    clippy::print_stderr,
    reason = "a test tells its reader what it could not clean up"
)]

pub mod account;
pub mod bank;
pub mod client;
pub mod console;
pub mod engine;
pub mod gateway;
pub mod http;
pub mod logs;
pub mod mail_server;
pub mod merchant;
pub mod payer;
pub mod person;
pub mod portal;
pub mod run;
pub mod truth;
