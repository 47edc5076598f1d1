//! The commands, one file each: what it takes, what it does, what it prints.

pub mod account;
pub mod backup;
pub mod client;
pub mod completions;
pub mod config;
pub mod connector;
pub mod debt;
pub mod dev;
pub mod doctor;
pub mod export;
pub mod held;
pub mod key;
pub mod keys;
pub mod ledger;
pub mod links;
pub mod listen;
pub mod logs;
pub mod mails;
pub mod mcp;
pub mod merchant;
pub mod migrate;
pub mod notices;
pub mod openapi;
pub mod operations;
pub mod orders;
pub mod pay;
pub mod payment;
pub mod payment_link;
pub mod payouts;
pub mod privacy;
pub mod reference;
pub mod refund;
pub mod relocate;
pub mod restore;
pub mod review;
pub mod sandbox;
pub mod sent;
pub mod serve;
pub mod settlement;
pub mod sites;
pub mod statement;
pub mod trigger;

use std::process::ExitCode;

use crate::cli::{Cli, Command};

/// Runs the command.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let common = &cli.common;
    match cli.command {
        Command::Dev(args) => Box::pin(dev::run(common, args)).await?,
        Command::Serve(args) => Box::pin(serve::run(common, args)).await?,
        Command::Migrate(args) => migrate::run(common, &args).await?,
        Command::Backup(args) => return backup::run(common, args).await,
        Command::Restore(args) => restore::restore(common, args).await?,
        Command::Export(args) => export::run(common, args).await?,
        Command::Import(args) => restore::import(common, args).await?,
        Command::Move(args) => relocate::run(common, args).await?,
        Command::Merchant(action) => merchant::run(common, action).await?,
        Command::Key(action) => key::run(common, action).await?,
        Command::Keys(action) => keys::run(common, action).await?,
        Command::Client(action) => client::run(common, action).await?,
        Command::Account(action) => account::run(common, action).await?,
        Command::Payment(action) => return Box::pin(payment::run(common, action)).await,
        Command::PaymentLink(action) => Box::pin(payment_link::run(common, action)).await?,
        Command::Privacy(action) => Box::pin(privacy::run(common, action)).await?,
        Command::Refund(action) => refund::run(common, action).await?,
        Command::Orders(action) => orders::run(common, action).await?,
        Command::Review(action) => review::run(common, action).await?,
        Command::Ledger(action) => return ledger::run(common, action).await,
        Command::Settlement(action) => settlement::run(common, action).await?,
        Command::Payouts(action) => payouts::run(common, action).await?,
        Command::Statement(action) => return statement::run(common, action).await,
        Command::Notices(action) => notices::run(common, action).await?,
        Command::Listen(args) => Box::pin(listen::run(common, args)).await?,
        Command::Logs(args) => Box::pin(logs::run(common, args)).await?,
        Command::Trigger(args) => Box::pin(trigger::run(common, args)).await?,
        Command::Mcp(args) => mcp::run(common, args).await?,
        Command::Mails(action) => mails::run(common, action).await?,
        Command::Debt(args) => Box::pin(debt::run(common, args)).await?,
        Command::Operations(action) => operations::run(common, action).await?,
        Command::Sites(action) => Box::pin(sites::run(common, action)).await?,
        Command::Connector(action) => return Box::pin(connector::run(common, action)).await,
        Command::Links(action) => links::run(common, action).await?,
        Command::Sandbox(action) => sandbox::run(common, action).await?,
        Command::Doctor(args) => return doctor::run(common, args).await,
        Command::Config(args) => config::run(common, args)?,
        Command::Completions(args) => completions::run(&args),
        Command::Openapi(args) => openapi::run(&args)?,
        Command::Reference(args) => reference::run(&args),
    }
    Ok(ExitCode::SUCCESS)
}
