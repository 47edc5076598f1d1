//! `ayni openapi`: the documents that a running gateway serves under `/openapi`, without a gateway.

use std::sync::Arc;

use ayni_connectors::{Connectors, SiteSettings};
use ayni_gateway::clock::Clock;

use crate::gateway::{DEMO_BANK, SERVIPAG};
use crate::output;

/// What `ayni openapi` takes.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  ayni openapi payments > payments.json\n  ayni openapi data > data.json")]
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
    /// Khipu's open data API v1, with ours, of the institutions that this program drives.
    Data,
}

/// Prints it.
pub fn run(args: &Args) -> anyhow::Result<()> {
    match args.name {
        Name::Data => {
            let connectors = Connectors::load(&everywhere(), Arc::new(|| Clock::System.now()))?;
            let declarations = connectors.institutions().map(|one| one.declaration());
            output::line(ayni_gateway::http::openapi::data_json(declarations)?.trim_end());
        }
        Name::Payments => output::line(ayni_gateway::http::openapi::payments_json()?.trim_end()),
    }
    Ok(())
}

/// Every site that this program knows, at an address that nobody visits.
fn everywhere() -> SiteSettings {
    let nowhere = |site: &str| (site.to_owned(), "http://localhost".to_owned());
    SiteSettings {
        base_urls: [DEMO_BANK, SERVIPAG].map(nowhere).into(),
        ..SiteSettings::default()
    }
}
