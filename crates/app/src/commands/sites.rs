//! `ayni sites`: the institutions that are driven, whether their sites answer, and the pages that nobody knew.

use ayni_domain::time::wire;
use ayni_gateway::institutions::commands::{self, Checked};
use ayni_gateway::institutions::pages::{self, UnknownPage};
use clap::Subcommand;
use serde_json::json;

use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{gateway, place, remote_connectors};

/// What is done with sites.
#[derive(Subcommand)]
pub enum Action {
    /// The institutions with their operations
    #[command(after_help = "Example:\n  ayni sites list")]
    List,
    /// Open each site's first page once; fails if one does not answer
    #[command(after_help = "Examples:\n  ayni sites check\n  ayni sites check servipag.com")]
    Check {
        /// Only this institution, by its host
        #[arg(value_name = "HOST")]
        host: Option<String>,
    },
    /// Pages that a connector did not know, without anybody's data
    #[command(after_help = "Examples:\n  ayni sites pages\n  ayni sites pages --show ID > page.html")]
    Pages {
        /// The markup of one of them
        #[arg(long, value_name = "ID")]
        show: Option<String>,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::List => list(&config, form).await,
        Action::Check { host } => check(&config, host.as_deref(), form).await,
        Action::Pages { show: Some(id) } => show(&config, &id, form).await,
        Action::Pages { show: None } => list_pages(&config, form).await,
    }
}

async fn list(config: &Config, form: Form) -> anyhow::Result<()> {
    let mut connectors = gateway::connectors(config)?;
    remote_connectors::add(&mut connectors, config).await?;
    let declarations: Vec<_> = connectors
        .institutions()
        .map(|connector| connector.declaration().clone())
        .collect();
    output::result(form, &json!({ "institutions": declarations }), || {
        let row = |declaration: &ayni_connectors::data::declaration::Declaration| {
            let names = declaration.operations.iter();
            let names: Vec<&str> = names.map(|operation| operation.name.as_str()).collect();
            vec![
                declaration.name.clone(),
                format!("/v1/{}", declaration.path),
                declaration.scope.clone(),
                names.join(" "),
            ]
        };
        let rows: Vec<_> = declarations.iter().map(row).collect();
        let nothing =
            "None: a site is driven once it has an address (portal_url, demo_bank_url, or its site file).";
        output::table(&["NAME", "PATH", "SCOPE", "OPERATIONS"], &rows, nothing);
    })
}

async fn check(config: &Config, host: Option<&str>, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let checked = commands::check(&app, host).await;
    let said = |one: &Checked| {
        let fault = one.fault.as_ref().map(|fault| fault.code.as_str());
        json!({ "institution": one.site.declaration().institution, "took_ms": one.took_ms, "code": fault })
    };
    let row = |one: &Checked| {
        let outcome = one.fault.as_ref().map_or("answers", |fault| fault.code.as_str());
        vec![
            one.site.declaration().institution.clone(),
            outcome.to_owned(),
            format!("{} ms", one.took_ms),
        ]
    };
    let all = json!({ "sites": checked.iter().map(said).collect::<Vec<_>>() });
    output::result(form, &all, || {
        let rows: Vec<_> = checked.iter().map(row).collect();
        output::table(&["SITE", "OUTCOME", "TOOK"], &rows, "There is no such site.");
    })?;
    match checked.iter().find(|one| one.fault.is_some()) {
        Some(one) => Err(Told::new(
            format!(
                "{} does not answer as its connector expects",
                one.site.declaration().institution
            ),
            "`ayni sites pages` shows what came instead, where a page came",
        )
        .into()),
        None => Ok(()),
    }
}

async fn list_pages(config: &Config, form: Form) -> anyhow::Result<()> {
    let kept = pages::list(&place::open_db(config, place::small())?, None).await?;
    let said = |page: &UnknownPage| {
        json!({
            "id": page.id, "institution": page.institution, "operation": page.operation, "at": wire(page.at),
            "expected": page.expected, "status": page.status,
        })
    };
    let row = |page: &UnknownPage| {
        vec![
            page.id.clone(),
            page.institution.clone(),
            page.operation.clone(),
            wire(page.at),
            page.expected.clone(),
            page.status.to_string(),
        ]
    };
    let all = json!({ "pages": kept.iter().map(said).collect::<Vec<_>>() });
    output::result(form, &all, || {
        let rows: Vec<_> = kept.iter().map(row).collect();
        let header = ["ID", "INSTITUTION", "OPERATION", "CAME", "EXPECTED", "STATUS"];
        output::table(&header, &rows, "None: every page so far was known.");
    })
}

async fn show(config: &Config, id: &str, form: Form) -> anyhow::Result<()> {
    let found = pages::find(&place::open_db(config, place::small())?, id).await?;
    let page = found.ok_or_else(|| {
        Told::new(
            format!("no page {id} is kept"),
            "`ayni sites pages` shows those that are",
        )
    })?;
    output::result(form, &json!({ "id": page.id, "markup": page.markup }), || {
        output::line(&page.markup);
    })
}
