//! A developer's account: collecting at DemoBank in every currency, found again at each start.

mod console;
mod payouts;

use ayni_connectors::failure::SiteError;
use ayni_connectors::statement::BankLogin;
use ayni_domain::custody::Custody;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Mode, Privileges};
use ayni_domain::rut::Rut;
use ayni_gateway::app::Shared;
use ayni_gateway::banks::Bank;
use ayni_gateway::merchants::accounts::{self, NewAccount};
use ayni_gateway::merchants::collecting::{self, NewCollectingAccount};
use ayni_gateway::merchants::secrets;
use ayni_gateway::merchants::{Account, keys};
use ayni_gateway::oauth::clients::{self, Client, NewClient};

use crate::config::Config;
use crate::dev_file::DevFile;
use crate::gateway::DEMO_BANK;
use crate::told::Told;

/// The account of `ayni dev`, with what a merchant's program needs of it.
pub struct Developer {
    /// The account.
    pub account: Account,
    /// Signs its notifications.
    pub secret: String,
    /// Opens the API.
    pub api_key: String,
    /// Asks for OAuth tokens.
    pub client: DeveloperClient,
    /// The password of its owner, at the console.
    pub console_password: String,
    /// What a person should know about it, if anything.
    pub news: Option<&'static str>,
}

/// The account's OAuth client, for itself and for people.
#[derive(Clone)]
pub struct DeveloperClient {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

/// Finds the data directory's developer account, or makes it.
pub async fn find_or_create(app: &Shared, config: &Config) -> anyhow::Result<Developer> {
    let known = accounts::list(&app.db).await?;
    let written = config.dev_file.as_ref();
    let mut developers = known
        .into_iter()
        .filter(|account| account.mode == Mode::Developer);
    let found = match written {
        Some(file) => developers.find(|account| account.id.0 == file.receiver_id),
        None => developers.next(),
    };
    let is_new = found.is_none();
    let account = match found {
        Some(account) => account,
        None => create(app, config, new_account(None)).await?,
    };
    ensure_collecting(app, config, &account).await?;
    payouts::ensure(app, config, &account).await?;
    let kept_key = written
        .filter(|file| file.receiver_id == account.id.0)
        .map(|file| file.api_key.clone());
    let is_key_lost = !is_new && kept_key.is_none();
    let api_key = match kept_key {
        Some(key) => key,
        None => new_key(app, account.id).await?,
    };
    let kept = written.filter(|file| file.receiver_id == account.id.0);
    let client = find_or_create_client(app, account.id, kept).await?;
    let console_password = console::password(app, &account, kept).await?;
    let news = match (is_new, is_key_lost) {
        (true, _) => Some("A developer account was made."),
        (false, true) => {
            Some("dev.json was not there, so the account has a new API key; the old one still works.")
        }
        (false, false) => None,
    };
    Ok(Developer {
        secret: secret(app, account.id).await?,
        account,
        api_key,
        client,
        console_password,
        news,
    })
}

/// What is said of a developer account that is made.
pub fn new_account(name: Option<String>) -> NewAccount {
    NewAccount {
        name,
        email: "desarrollo@example.com".to_owned(),
        mode: Mode::Developer,
        privileges: Privileges::of_a_developer(),
        notify_url: None,
        integrator: None,
    }
}

/// Makes a developer account with its accounts at DemoBank, which must answer; one with an integrator collects on the
/// integrator's.
pub async fn create(app: &Shared, config: &Config, new: NewAccount) -> anyhow::Result<Account> {
    // A login of anybody's, so that nothing is made when DemoBank does not answer.
    bank_accounts(app, config, &login(AccountId(0))).await?;
    let account = accounts::create(app, new).await?.account;
    if account.integrator.is_none() {
        ensure_collecting(app, config, &account).await?;
    }
    payouts::ensure(app, config, &account).await?;
    Ok(account)
}

/// The secret that signs an account's notifications.
pub async fn secret(app: &Shared, id: AccountId) -> anyhow::Result<String> {
    let (opener, now) = (app.clone(), app.clock.now());
    let opened = app
        .db
        .read("app.secret", move |tx| {
            secrets::open(tx, &opener.keyring, id, now)
        })
        .await?;
    Ok(opened.current.as_str().to_owned())
}

/// Adds what is missing of the account's collecting accounts, as after a first start that was cut off.
async fn ensure_collecting(app: &Shared, config: &Config, account: &Account) -> anyhow::Result<()> {
    let existing = collecting::list(&app.db, account.id).await?;
    if !existing.is_empty() && existing.len() >= DEMO_BANK_CURRENCIES {
        return Ok(());
    }
    let (bank, login) = (demo_bank(app)?.id.clone(), login(account.id));
    for found in bank_accounts(app, config, &login).await? {
        if existing.iter().any(|known| known.number == found.number) {
            continue;
        }
        let new = NewCollectingAccount {
            account: account.id,
            bank_id: bank.clone(),
            currency: found.currency,
            number: found.number,
            holder_name: account.name.clone(),
            holder_identifier: rut(account.id).map(Rut::plain).unwrap_or_default(),
            holder_email: account.email.clone(),
            custody: Custody::Gateway,
        };
        collecting::add(app, new, Some(&login)).await?;
    }
    Ok(())
}

async fn bank_accounts(
    app: &Shared,
    config: &Config,
    login: &BankLogin,
) -> anyhow::Result<Vec<ayni_connectors::statement::BankAccount>> {
    let url = config
        .values
        .tuning
        .demo_bank_url
        .as_deref()
        .unwrap_or("its address");
    let Some(site) = app.connectors.for_bank(DEMO_BANK) else {
        let hint = "say where it is with --demo-bank-url; `ayni sandbox demo-bank` starts one";
        return Err(Told::new("DemoBank's address is not known", hint).into());
    };
    site.accounts(login).await.map_err(|error| {
        let what = match error {
            SiteError::Unreachable(_) => format!("DemoBank does not answer at {url}"),
            _ => format!("DemoBank at {url} did not let the developer account in"),
        };
        let hint = "is it running? `ayni sandbox demo-bank --port N` starts one by itself;\n\
                    without --demo-bank-url `ayni dev` starts its own";
        Told::new(what, hint).because(error).into()
    })
}

fn demo_bank(app: &Shared) -> anyhow::Result<&Bank> {
    let mut seen = app.banks.seen_by(Mode::Developer);
    seen.find(|bank| bank.connector.as_deref() == Some(DEMO_BANK))
        .ok_or_else(|| {
            let hint = "a bank's file with development = true and connector = \"demo-bank\" is needed";
            Told::new("none of the banks is DemoBank", hint).into()
        })
}

async fn new_key(app: &Shared, account: AccountId) -> anyhow::Result<String> {
    let number = keys::list(&app.db, account).await?.len() + 1;
    let alias = if number == 1 {
        "dev".to_owned()
    } else {
        format!("dev-{number}")
    };
    Ok(keys::create(app, account, &alias, None)
        .await?
        .as_str()
        .to_owned())
}

/// The client that dev.json names, while it is live and may ask for every institution; otherwise a new one.
async fn find_or_create_client(
    app: &Shared,
    account: AccountId,
    kept: Option<&DevFile>,
) -> anyhow::Result<DeveloperClient> {
    let known = clients::known_scopes(app);
    let is_good = |client: &Client, file: &DevFile| {
        client.id == file.oauth_client_id && client.is_live() && client.scopes == known
    };
    if let Some(file) = kept {
        let own = clients::list(&app.db, account).await?;
        if own.iter().any(|client| is_good(client, file)) {
            return Ok(DeveloperClient {
                id: file.oauth_client_id.clone(),
                secret: file.oauth_client_secret.clone(),
            });
        }
    }
    let new = NewClient {
        account,
        name: "Cliente de desarrollo".to_owned(),
        is_public: false,
        redirect_uris: DEV_REDIRECT_URIS.map(str::to_owned).to_vec(),
        scopes: known,
    };
    let (client, secret) = clients::create(app, new).await?;
    Ok(DeveloperClient {
        id: client.id,
        secret: secret.map(|secret| secret.to_string()).unwrap_or_default(),
    })
}

/// The merchant's own login at DemoBank, where anybody with a valid RUT is a customer.
fn login(account: AccountId) -> BankLogin {
    login_of(rut(account).map(Rut::formatted).unwrap_or_default())
}

fn login_of(rut: String) -> BankLogin {
    BankLogin {
        rut,
        password: "1234".to_owned(),
        coordinates: Some("11 22 33".to_owned()),
    }
}

/// A company's RUT that only this account has.
fn rut(account: AccountId) -> Option<Rut> {
    u32::try_from(account.0)
        .ok()
        .and_then(|id| Rut::from_body(FIRST_MERCHANT_RUT + id))
}

/// On a loopback address any port is good.
const DEV_REDIRECT_URIS: [&str; 4] = [
    "http://127.0.0.1/callback",
    "http://127.0.0.1/cb",
    "http://127.0.0.1/",
    "http://[::1]/callback",
];
const FIRST_MERCHANT_RUT: u32 = 76_000_000;
/// All currencies but CLF, which is paid in pesos.
const DEMO_BANK_CURRENCIES: usize = 8;
