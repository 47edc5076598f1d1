//! Commands that call a gateway as a merchant's program does: where it answers and with which key.

use ayni_client::Client;
use ayni_client::error::Error;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::Mode;
use ayni_gateway::merchants::accounts;

use crate::config::Config;
use crate::place;
use crate::told::Told;

/// Which gateway is called, and as whom.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Gateway {
    /// Where the gateway answers [default: that of ayni dev]
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// The account's API key [default: that of ayni dev]
    #[arg(long, value_name = "KEY", env = "AYNI_API_KEY", hide_env_values = true)]
    pub key: Option<String>,
}

impl Gateway {
    /// A client of it.
    pub fn client(&self, config: &Config) -> anyhow::Result<Client> {
        let dev = config.dev_file.as_ref();
        let url = self.url.clone().or(dev.map(|dev| dev.gateway_url.clone()));
        let url = url.or(config.values.edge.public_url.clone());
        // The key of ayni dev is for its own gateway and for no other.
        let own = dev.filter(|dev| self.url.as_ref().is_none_or(|url| *url == dev.gateway_url));
        let key = self.key.clone().or(own.map(|dev| dev.api_key.clone()));
        let (Some(url), Some(key)) = (url, key) else {
            let hint = "start `ayni dev`, or say it with --url URL and AYNI_API_KEY (or --key KEY)";
            return Err(Told::new("which gateway is called, and with which key?", hint).into());
        };
        Client::new(&url, &key).map_err(|error| {
            Told::new("the gateway can't be called", "look at --url and --key")
                .because(error)
                .into()
        })
    }
}

/// What a call's failure means to whoever typed the command.
pub fn failed(error: Error) -> anyhow::Error {
    let hint = match &error {
        Error::Unreachable(_) => "is the gateway running? `ayni dev` starts it; elsewhere: --url URL",
        Error::Refused(refusal) if refusal.status == 401 => {
            "`ayni key create` makes a key; say it with AYNI_API_KEY"
        }
        Error::Refused(refusal) if refusal.status == 404 => {
            "is it this account's, and does the gateway have this version?"
        }
        _ => "`ayni doctor` looks closer",
    };
    Told::new("the gateway did not do it", hint).because(error).into()
}

/// Refuses where the account of `ayni dev` is not a developer's: nothing happens to real money by a command.
pub async fn only_developers(config: &Config) -> anyhow::Result<()> {
    let Some(dev) = &config.dev_file else {
        return Err(Told::new(
            "there is no dev.json: only `ayni dev` has a sandbox",
            "start `ayni dev`",
        )
        .into());
    };
    let db = place::open_db(config, place::small())?;
    let account = accounts::find(&db, AccountId(dev.receiver_id)).await?;
    match account.mode {
        Mode::Developer => Ok(()),
        Mode::Live => {
            let what = format!(
                "account {} is live: events are triggered for developers only",
                account.id
            );
            Err(Told::new(what, "use the account of `ayni dev`").into())
        }
    }
}
