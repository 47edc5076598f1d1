//! The command line's shape. What a command takes stands in its own file.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    account, backup, client, completions, config, connector, debt, dev, doctor, export, key, keys, ledger,
    links, listen, logs, mails, mcp, merchant, migrate, notices, openapi, operations, orders, payment,
    payment_link, payouts, privacy, reference, refund, relocate, restore, review, sandbox, serve, settlement,
    sites, statement, trigger,
};

/// Account-to-account payments that speak Khipu's API, on your own machine
#[derive(Parser)]
#[command(
    name = "ayni",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = AFTER_HELP)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Everywhere")]
pub struct Common {
    /// Where this gateway keeps its database, master key and dev.json [default: ./ayni-data]
    #[arg(
        long,
        value_name = "DIR",
        env = "AYNI_DATA_DIR",
        global = true,
        hide_env = true
    )]
    pub data_dir: Option<PathBuf>,
    /// sqlite:path or postgres://user@host/name [default: the data directory's own]
    #[arg(long, value_name = "DATABASE", global = true)]
    pub database: Option<String>,
    /// TOML file of settings [default: ayni.toml in the data directory, if it is there]
    #[arg(
        long,
        value_name = "FILE",
        env = "AYNI_CONFIG",
        global = true,
        hide_env = true
    )]
    pub config: Option<PathBuf>,
    /// Print one JSON value for a script
    #[arg(long, global = true)]
    pub json: bool,
}

/// Every command, in the order of its first use.
#[derive(Subcommand)]
pub enum Command {
    /// Start gateway, bank, bill portal and account for development, all in one
    Dev(dev::Args),
    /// Start the gateway for production
    Serve(serve::Args),
    /// Bring the database to this version's schema, and make the master key of a new one
    Migrate(migrate::Args),
    /// Keep the database in a file, while gateways go on, and prove the copy
    Backup(backup::Args),
    /// Make a database of a backup, in an empty place; money that leaves is held
    Restore(restore::Restore),
    /// Write the database into a portable file, for either engine
    Export(export::Args),
    /// Make a database of a portable file, in an empty place; money that leaves is held
    Import(restore::Import),
    /// Carry a stopped gateway's database to another place, and between SQLite and PostgreSQL
    Move(relocate::Args),
    /// Accounts that collect: create, list, show, grant, disable, users, rotate-secret
    #[command(subcommand)]
    Merchant(merchant::Action),
    /// API keys: create, list, expire
    #[command(subcommand)]
    Key(key::Action),
    /// The gateway's own keys: rotate, list, reseal, retire, change the master key
    #[command(subcommand)]
    Keys(keys::Action),
    /// OAuth clients: create, list, expire
    #[command(subcommand)]
    Client(client::Action),
    /// Bank accounts on which money arrives: add, list, change a bank login
    #[command(subcommand)]
    Account(account::Action),
    /// Payments: create, show, list, events, mark-paid, and pay as a payer would
    #[command(subcommand)]
    Payment(payment::Action),
    /// Reusable payment links: create, list, show, deactivate
    #[command(subcommand)]
    PaymentLink(payment_link::Action),
    /// Refunds of payments: create, list, show
    #[command(subcommand)]
    Refund(refund::Action),
    /// Money that leaves collecting accounts: list, show, retry, reject, and what is held after a restoration
    #[command(subcommand)]
    Orders(orders::Action),
    /// Money that matched no payment: list, show, assign, accept, return
    #[command(subcommand)]
    Review(review::Action),
    /// Whose the money is: check, show, export, correct
    #[command(subcommand)]
    Ledger(ledger::Action),
    /// Handing merchants what was collected for them: run, list, show, report, notify
    #[command(subcommand)]
    Settlement(settlement::Action),
    /// Transfers that no connector sends, as files for the bank
    #[command(subcommand)]
    Payouts(payouts::Action),
    /// Statements that come as files: import
    #[command(subcommand)]
    Statement(statement::Action),
    /// Notifications to merchants: list, show, resend
    #[command(subcommand)]
    Notices(notices::Action),
    /// What happens to an account, as it happens; hands notifications to a server of yours
    Listen(listen::Args),
    /// An account's requests of the API, live: what was asked, what was refused and why
    Logs(logs::Args),
    /// Make an event really happen in the sandbox
    Trigger(trigger::Args),
    /// Serve the API as tools for assistants (MCP), read-only unless told otherwise
    Mcp(mcp::Args),
    /// Mails to payers: list, show, resend
    #[command(subcommand)]
    Mails(mails::Action),
    /// What a client owes a company, asked at Servipag
    Debt(debt::Args),
    /// What was asked of institutions: list, show
    #[command(subcommand)]
    Operations(operations::Action),
    /// Institutions' sites: list, check, unknown pages
    #[command(subcommand)]
    Sites(sites::Action),
    /// Connectors of other processes: check that one keeps to the protocol
    #[command(subcommand)]
    Connector(connector::Action),
    /// Account links: list, revoke
    #[command(subcommand)]
    Links(links::Action),
    /// One person's data: export, erase
    #[command(subcommand)]
    Privacy(privacy::Action),
    /// DemoBank and the bill portal: run them alone, read the bank's book, transfer by hand
    #[command(subcommand)]
    Sandbox(sandbox::Action),
    /// Check configuration, database, keys, clock and outgoing policy, and say what to do
    Doctor(doctor::Args),
    /// Print the settings in force and where each came from
    Config(config::Args),
    /// Print a shell's completions
    Completions(completions::Args),
    /// Print an OpenAPI document
    Openapi(openapi::Args),
    /// Print every command's help as one Markdown text
    Reference(reference::Args),
}

const AFTER_HELP: &str = "\
Begin with:
  ayni dev                       everything on 127.0.0.1:8080, with a bank and bills to play with
  ayni payment create --amount 1000 --subject 'Two cups'
  ayni payment pay ID
  ayni listen --forward-to http://127.0.0.1:3000/notify
  ayni debt 'Aguas Andinas' 25252525

Settings: flags, then the environment (AYNI_PUBLIC_URL), then the TOML file (public_url = …).
The master key: AYNI_MASTER_KEY (64 hexadecimal digits), or master.key in the data directory.

Exit codes: 0 done · 1 failed · 2 wrong usage · `payment pay` only: 3 refused, 4 uncertain · `statement import` only: 3 some lines rejected";
