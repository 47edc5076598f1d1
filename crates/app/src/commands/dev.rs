//! `ayni dev`: the whole house on one machine. Gateway, DemoBank, the bill portal, a developer account and its key, in
//! one command.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ayni_crypto::entropy::Entropy;
use ayni_gateway::app::Shared;
use ayni_gateway::clock::Clock;
use ayni_gateway::http::serve::Serving;
use ayni_sandbox::bank::DemoBank;
use ayni_sandbox::error::SandboxError;
use ayni_sandbox::portal::{Portal, PortalSettings};
use ayni_store::db::Db;
use ayni_store::options::Options;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::cli::Common;
use crate::config::layers::Source;
use crate::config::values::{Tuning, Values};
use crate::config::{Config, Profile};
use crate::dev_file::DevFile;
use crate::developer::{self, Developer};
use crate::output::{self, Form};
use crate::told::Told;
use crate::{gateway, logs, place, run, stop};

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
    let tuning = &config.values.tuning;
    logs::start(
        tuning.log.as_deref().unwrap_or("info"),
        tuning.log_form.unwrap_or(crate::config::values::LogForm::Text),
    )?;
    let stop = stop::on_signal()?;
    let doors = Doors::open(&config, args.port).await?;
    doors.announce(&mut config)?;
    config.make_data_dir()?;
    let own = OwnSites::start(&config, doors.bank, doors.portal)?;
    let app = open(&config).await?;
    let developer = developer::find_or_create(&app, &config).await?;
    let file = dev_file(&config, &developer)?;
    file.write(&config.data_dir)?;
    tell(Form::of(common.json), &config, &developer, &file, begun.elapsed())?;
    run::until_stopped(app, doors.gateway, Serving::default(), stop).await;
    own.stop().await;
    Ok(())
}

/// Where this process listens. All are taken before anything is made.
struct Doors {
    gateway: TcpListener,
    bank: Option<TcpListener>,
    portal: Option<TcpListener>,
}

impl Doors {
    async fn open(config: &Config, port: u16) -> anyhow::Result<Doors> {
        let tuning = &config.values.tuning;
        let elsewhere = |url: &Option<String>, key: &str| url.is_some() && !is_of_last_time(config, key);
        let gateway = run::listen(at(port), "--port").await?;
        let bank = match elsewhere(&tuning.demo_bank_url, "demo_bank_url") {
            true => None,
            false => Some(neighbour(port, 1, "DemoBank").await?),
        };
        let portal = match elsewhere(&tuning.portal_url, "portal_url") {
            true => None,
            false => Some(neighbour(port, 2, "the bill portal").await?),
        };
        Ok(Doors {
            gateway,
            bank,
            portal,
        })
    }

    /// Writes the URLs into the settings, where the developer did not choose others.
    fn announce(&self, config: &mut Config) -> anyhow::Result<()> {
        if config.values.edge.public_url.is_none() || is_of_last_time(config, "public_url") {
            config.values.edge.public_url = Some(format!("http://{}", self.gateway.local_addr()?));
        }
        if let Some(bank) = &self.bank {
            config.values.tuning.demo_bank_url = Some(format!("http://{}", bank.local_addr()?));
        }
        if let Some(portal) = &self.portal {
            config.values.tuning.portal_url = Some(format!("http://{}", portal.local_addr()?));
        }
        Ok(())
    }
}

/// Listens so many ports after the gateway's, or anywhere if that is anywhere.
async fn neighbour(port: u16, after: u16, who: &str) -> anyhow::Result<TcpListener> {
    let beside = if port == 0 {
        Some(0)
    } else {
        port.checked_add(after)
    };
    let Some(beside) = beside else {
        let what = format!("there is no port after 65535 for {who}");
        return Err(Told::new(what, "choose a lower --port").into());
    };
    run::listen(
        at(beside),
        &format!("--port ({who} takes the one {after} after it)"),
    )
    .await
}

fn at(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

/// Whether a value stands only in dev.json, from an earlier start.
fn is_of_last_time(config: &Config, key: &str) -> bool {
    config.sources.get(key) == Some(&Source::DevFile)
}

/// The sandbox's sites in this process, each on a port of its own.
struct OwnSites {
    ended: CancellationToken,
    serving: JoinSet<()>,
}

impl OwnSites {
    fn start(
        config: &Config,
        bank: Option<TcpListener>,
        portal: Option<TcpListener>,
    ) -> anyhow::Result<OwnSites> {
        let mut own = OwnSites {
            ended: CancellationToken::new(),
            serving: JoinSet::new(),
        };
        if let Some(listener) = bank {
            let (bank, end) = (open_bank(config)?, own.end());
            own.serve("DemoBank", async move { bank.serve(listener, end).await });
        }
        if let Some(listener) = portal {
            let (portal, end) = (open_portal()?, own.end());
            own.serve(
                "the bill portal",
                async move { portal.serve(listener, end).await },
            );
        }
        Ok(own)
    }

    fn end(&self) -> impl Future<Output = ()> + Send + 'static {
        self.ended.clone().cancelled_owned()
    }

    fn serve(
        &mut self,
        name: &'static str,
        serving: impl Future<Output = Result<(), SandboxError>> + Send + 'static,
    ) {
        self.serving.spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "{name} ended");
            }
        });
    }

    /// Ends them after the gateway, whose last steps still need them.
    async fn stop(mut self) {
        self.ended.cancel();
        run::within(SITES_DRAIN_MAX, "requests to the sandbox", async {
            while self.serving.join_next().await.is_some() {}
        })
        .await;
    }
}

/// A bill portal; it has no file.
pub fn open_portal() -> anyhow::Result<Portal> {
    let now = Arc::new(|| Clock::System.now());
    Ok(Portal::new(PortalSettings::default(), now)?)
}

/// DemoBank's file in the data directory, opened.
pub fn open_bank(config: &Config) -> anyhow::Result<DemoBank> {
    let path = config.file("demo-bank.db");
    DemoBank::open(&path, Arc::new(|| Clock::System.now()), None).map_err(|error| {
        let hint = "if it may be lost, delete it: DemoBank makes it anew, with no transfer in it";
        Told::new(
            format!("DemoBank's file {} could not be opened", path.display()),
            hint,
        )
        .because(error)
        .into()
    })
}

async fn open(config: &Config) -> anyhow::Result<Shared> {
    let location = place::location(config)?;
    Db::migrate(&location, Clock::System.now()).map_err(|error| place::not_opened(&location, error))?;
    let db = Db::open(&location, Options::default()).map_err(|error| place::not_opened(&location, error))?;
    let master = place::make_master_key(config, &Entropy::system())?;
    gateway::open(config, db, master, Some(run::metrics()?)).await
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
    })
}

fn tell(
    form: Form,
    config: &Config,
    developer: &Developer,
    file: &DevFile,
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
            ("  API reference", format!("{}/docs", file.gateway_url)),
            ("  Receiver id", file.receiver_id.to_string()),
            ("  Secret", file.secret.clone()),
            ("  API key", file.api_key.clone()),
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
         Add a \"notify_url\" on this machine to receive the signed notification: ayni notices list{directory}"
    )
}

/// How long the sandbox's last requests are waited for.
const SITES_DRAIN_MAX: Duration = Duration::from_secs(5);

const AFTER_HELP: &str = "\
The first start makes a developer account, its API key and collecting accounts at DemoBank;
later starts keep them. DIR/dev.json tells scripts gateway_url, demo_bank_url, portal_url,
database, receiver_id, secret and api_key.

Examples:
  ayni dev
  ayni dev --port 9000 --data-dir /tmp/shop
  ayni dev --database postgres://ayni@localhost/ayni
  ayni dev --demo-bank-url http://127.0.0.1:9100   # with `ayni sandbox demo-bank --port 9100`";
