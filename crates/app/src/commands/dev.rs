//! `ayni dev`: the whole house on one machine. Gateway, DemoBank, the bill portal, a developer account and its key, in
//! one command.

pub mod doors;
pub mod sites;

use std::time::{Duration, Instant};

use ayni_crypto::entropy::Entropy;
use ayni_gateway::app::{App, Shared};
use ayni_gateway::clock::Clock;
use ayni_gateway::http::serve::Serving;
use ayni_outbound::mail::Mailer;
use ayni_store::db::Db;
use ayni_store::options::Options;
use metrics_exporter_prometheus::PrometheusHandle;

use crate::cli::Common;
use crate::config::values::{Tuning, Values};
use crate::config::{Config, Profile};
use crate::dev_file::DevFile;
use crate::developer::{self, Developer};
use crate::output::{self, Form};
use crate::{gateway, logs, place, run, stop};
use doors::Doors;
use sites::OwnSites;

/// What `ayni dev` takes.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub struct Args {
    /// Port of the gateway; DemoBank gets the next one, the bill portal the one after. 0: any that are free
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    #[command(flatten)]
    tuning: Tuning,
}

/// Runs gateway, bank and portal until Ctrl-C.
pub async fn run(common: &Common, args: Args) -> anyhow::Result<()> {
    let begun = Instant::now();
    let flags = Values {
        tuning: args.tuning,
        ..Values::default()
    };
    let mut config = Config::with(common, flags, Some(Profile::Dev))?;
    let logging = logs::start_with_traces(&config)?;
    let stop = stop::on_signal()?;
    let doors = Doors::open(&config, args.port).await?;
    doors.announce(&mut config)?;
    config.make_data_dir()?;
    let own = OwnSites::start(&config, doors.bank, doors.portal)?;
    let app = open(&config, run::metrics(&stop)?).await?;
    let developer = developer::find_or_create(&app, &config).await?;
    let file = dev_file(&config, &developer)?;
    file.write(&config.data_dir)?;
    tell(
        Form::of(common.json),
        &app,
        &config,
        (&developer, &file),
        begun.elapsed(),
    )?;
    run::until_stopped(app, doors.gateway, Serving::default(), stop).await;
    own.stop().await;
    logging.close().await;
    Ok(())
}

async fn open(config: &Config, metrics: PrometheusHandle) -> anyhow::Result<Shared> {
    let location = place::location(config)?;
    Db::migrate(&location, Clock::System.now()).map_err(|error| place::not_opened(&location, error))?;
    let db = Db::open(&location, Options::default()).map_err(|error| place::not_opened(&location, error))?;
    let master = place::make_master_key(config, &Entropy::system())?;
    gateway::open(config, db, master, Some(metrics)).await
}

fn dev_file(config: &Config, developer: &Developer) -> anyhow::Result<DevFile> {
    Ok(DevFile {
        gateway_url: config.values.edge.public_url.clone().unwrap_or_default(),
        demo_bank_url: config.values.tuning.demo_bank_url.clone().unwrap_or_default(),
        portal_url: config.values.tuning.portal_url.clone().unwrap_or_default(),
        database: place::absolute(&place::location(config)?)?,
        receiver_id: developer.account.id.0,
        secret: developer.secret.clone(),
        api_key: developer.api_key.clone(),
        oauth_client_id: developer.client.id.clone(),
        oauth_client_secret: developer.client.secret.clone(),
        console_url: format!(
            "{}/console",
            config.values.edge.public_url.clone().unwrap_or_default()
        ),
        console_email: developer.account.email.to_lowercase(),
        console_password: developer.console_password.clone(),
    })
}

fn tell(
    form: Form,
    app: &App,
    config: &Config,
    (developer, file): (&Developer, &DevFile),
    took: Duration,
) -> anyhow::Result<()> {
    let path = DevFile::path(&config.data_dir);
    output::result(form, file, || {
        output::line(&format!(
            "Ayni is ready ({} ms). Ctrl-C stops it.\n",
            took.as_millis()
        ));
        if let Some(news) = developer.news {
            output::line(&format!("{news}\n"));
        }
        output::facts(&[
            ("  Gateway", file.gateway_url.clone()),
            ("  DemoBank", file.demo_bank_url.clone()),
            (
                "  Bill portal",
                format!("{} (what it can do: /pruebas)", file.portal_url),
            ),
            (
                "  Mails",
                app.mailer.as_ref().map(Mailer::place).unwrap_or_default(),
            ),
            ("  Console", file.console_url.clone()),
            (
                "  Console sign-in",
                format!("{} with {}", file.console_email, file.console_password),
            ),
            ("  API reference", format!("{}/docs", file.gateway_url)),
            ("  Receiver id", file.receiver_id.to_string()),
            ("  Secret", file.secret.clone()),
            ("  API key", file.api_key.clone()),
            ("  OAuth client", file.oauth_client_id.clone()),
            ("  Client secret", file.oauth_client_secret.clone()),
            ("  All of this", path.display().to_string()),
        ]);
        output::line(&format!("\nCreate a payment:\n\n{}", curl(file)));
        output::line(&next_steps(config));
    })
}

fn curl(file: &DevFile) -> String {
    format!(
        "  curl {}/v3/payments -H 'x-api-key: {}' \\\n       -H 'content-type: application/json' \\\n       \
         -d '{{\"amount\": 1000, \"currency\": \"CLP\", \"subject\": \"Cobro de prueba\"}}'\n",
        file.gateway_url, file.api_key
    )
}

fn next_steps(config: &Config) -> String {
    let directory = match config.data_dir.to_str() {
        Some("ayni-data" | "./ayni-data") => String::new(),
        _ => format!(" --data-dir {}", config.data_dir.display()),
    };
    format!(
        "Then open its payment_url in a browser and choose DemoBank: RUT 11.111.111-1, password 1234,\n\
         coordinates 11 22 33 (99 99 99 are refused, 66 66 66 give no clear answer).\n\
         Or let the command line pay: ayni payment pay ID{directory}\n\
         Add a \"notify_url\" on this machine to receive the signed notification: ayni notices list{directory}\n\n\
         Ask what is owed on a bill: ayni debt \"Aguas Andinas\" 25252525{directory}"
    )
}

const AFTER_HELP: &str = "\
The first start makes a developer account, its API key and collecting accounts at DemoBank;
later starts keep them. DIR/dev.json tells scripts gateway_url, demo_bank_url, portal_url,
database, receiver_id, secret, api_key, oauth_client_id and oauth_client_secret (any port of\nhttp://127.0.0.1/callback is a redirect URI of that client), console_url, console_email and
console_password, the account's owner at the console.

Examples:
  ayni dev
  ayni dev --port 9000 --data-dir /tmp/shop
  ayni dev --database postgres://ayni@localhost/ayni
  ayni dev --demo-bank-url http://127.0.0.1:9100   # with `ayni sandbox demo-bank --port 9100`";
