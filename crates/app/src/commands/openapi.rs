//! `ayni openapi`: the documents that a running gateway serves under `/openapi`, without a gateway.

use crate::output;

/// What `ayni openapi` takes.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  ayni openapi payments > payments.json")]
pub struct Args {
    /// Which document
    #[arg(value_name = "NAME")]
    name: Name,
}

/// The documents.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Name {
    /// Khipu's instant payments API v3, with ours.
    Payments,
}

/// Prints it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    match args.name {
        Name::Payments => output::line(ayni_gateway::http::openapi::payments_json()?.trim_end()),
    }
    Ok(())
}
