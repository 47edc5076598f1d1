//! `ayni merchant`: the accounts that collect.

mod fee;
mod user;

use anyhow::Context as _;
use ayni_domain::ids::AccountId;
use ayni_domain::payout_account::PayoutAccount;
use ayni_domain::privilege::{Mode, Privileges};
use ayni_domain::time::wire;
use ayni_gateway::merchants::accounts::{self, NewAccount};
use ayni_gateway::merchants::{Account, ApiKeys, collecting, keys, payout_accounts, secrets};
use clap::Subcommand;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::cli::Common;
use crate::config::Config;
use crate::output::{self, Form};
use crate::told::Told;
use crate::{developer, gateway, place};

/// What is done with accounts.
#[derive(Subcommand)]
pub enum Action {
    /// Make an account; its secret is told once here and by `merchant show --secret`
    #[command(after_help = CREATE_HELP)]
    Create {
        /// Name that payers see
        #[arg(long, value_name = "NAME", required_unless_present = "developer")]
        name: Option<String>,
        /// Its own e-mail, and its first user
        #[arg(long, value_name = "EMAIL", required_unless_present = "developer")]
        email: Option<String>,
        /// Default notify_url of its payments
        #[arg(long, value_name = "URL")]
        notify_url: Option<String>,
        /// A developer account, with accounts at DemoBank in every currency
        #[arg(long)]
        developer: bool,
        /// The account that integrates it, on whose bank accounts it collects until it has its own: a receiver_id
        #[arg(long, value_name = "ID")]
        integrator: Option<i64>,
    },
    /// All accounts, oldest first
    #[command(
        after_help = "Examples:\n  ayni merchant list\n  ayni merchant list --json | jq '.merchants[].receiver_id'"
    )]
    List,
    /// One account, with its keys and collecting accounts
    #[command(after_help = "Example:\n  ayni merchant show 990939")]
    Show {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
        /// Show the secret that signs its notifications too
        #[arg(long)]
        secret: bool,
    },
    /// Give an account a next secret, which signs its notifications beside the old one for a while; told once
    #[command(after_help = ROTATE_HELP)]
    RotateSecret {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
        /// How long both sign, as 24h or 30m; 0s: the next one alone at once
        #[arg(long, value_name = "TIME", default_value = "24h", conflicts_with = "finish")]
        overlap: SignedDuration,
        /// End the overlap of an earlier call now
        #[arg(long)]
        finish: bool,
    },
    /// Replace an account's privileges
    #[command(after_help = GRANT_HELP)]
    Grant {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
        /// All of: refunds,wallet,confirm,contracts,integrator,psp that it is to have; none: ""
        #[arg(value_name = "PRIVILEGES")]
        privileges: String,
    },
    /// Let nothing more be done with an account: its keys are refused and its payments can't be paid
    #[command(after_help = DISABLE_HELP)]
    Disable {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
    },
    /// Let a disabled account be used again
    #[command(after_help = "Example:\n  ayni merchant enable 990939")]
    Enable {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
    },
    /// Its people and their roles: add, list, remove
    #[command(subcommand)]
    User(user::Action),
    /// Agree on what an account pays for each payment, per currency
    #[command(after_help = FEE_HELP)]
    Fee(fee::Fee),
    /// Say whether an account's API keys open the open-data side, or OAuth tokens only
    #[command(after_help = API_KEYS_HELP)]
    ApiKeys {
        /// The account's receiver_id
        #[arg(value_name = "ID")]
        id: i64,
        /// accepted or refused
        #[arg(value_name = "SETTING", value_parser = ["accepted", "refused"])]
        setting: String,
    },
}

/// Does it.
pub async fn run(common: &Common, action: Action) -> anyhow::Result<()> {
    let (config, form) = (Config::of(common)?, Form::of(common.json));
    match action {
        Action::Create {
            name,
            email,
            notify_url,
            developer,
            integrator,
        } => {
            let new = NewAccount {
                integrator: integrator.map(AccountId),
                ..new_account(name, email, notify_url, developer)
            };
            create(&config, new, form).await
        }
        Action::List => list(&config, form).await,
        Action::Show { id, secret } => show(&config, AccountId(id), secret, form).await,
        Action::RotateSecret { id, finish: true, .. } => finish_rotation(&config, AccountId(id), form).await,
        Action::RotateSecret { id, overlap, .. } => rotate(&config, AccountId(id), overlap, form).await,
        Action::Grant { id, privileges } => grant(&config, AccountId(id), &privileges, form).await,
        Action::Disable { id } => set_disabled(&config, AccountId(id), true, form).await,
        Action::Enable { id } => set_disabled(&config, AccountId(id), false, form).await,
        Action::User(action) => user::run(&config, action, form).await,
        Action::Fee(fee) => fee::run(&config, fee, form).await,
        Action::ApiKeys { id, setting } => set_api_keys(&config, AccountId(id), &setting, form).await,
    }
}

fn new_account(
    name: Option<String>,
    email: Option<String>,
    notify_url: Option<String>,
    is_developer: bool,
) -> NewAccount {
    let usual = developer::new_account(name.clone());
    match is_developer {
        true => NewAccount {
            email: email.unwrap_or(usual.email),
            notify_url,
            ..usual
        },
        false => NewAccount {
            name,
            email: email.unwrap_or_default(),
            mode: Mode::Live,
            privileges: Privileges::default(),
            notify_url,
            integrator: None,
        },
    }
}

async fn create(config: &Config, new: NewAccount, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let account = match new.mode {
        Mode::Developer => developer::create(&app, config, new).await?,
        Mode::Live => accounts::create(&app, new).await?.account,
    };
    let secret = developer::secret(&app, account.id).await?;
    let mut said = described(&account);
    said["secret"] = Value::from(secret.as_str());
    output::result(form, &said, || {
        let mut facts = facts(&account);
        facts.push(("secret", secret));
        output::facts(&facts);
        let id = account.id;
        output::line(&format!("\nNext: ayni key create --account {id} --alias NAME"));
        if account.mode == Mode::Live && account.integrator.is_none() {
            output::line(&format!("      ayni account add --account {id} --help"));
        }
    })
}

async fn list(config: &Config, form: Form) -> anyhow::Result<()> {
    let accounts = accounts::list(&place::open_db(config, place::small())?).await?;
    let said = json!({ "merchants": accounts.iter().map(described).collect::<Vec<_>>() });
    let row = |account: &Account| {
        let mode = account.mode.as_str().to_owned();
        vec![
            account.id.to_string(),
            mode,
            account.name.clone(),
            account.email.clone(),
            account.privileges.to_string(),
        ]
    };
    output::result(form, &said, || {
        let rows: Vec<_> = accounts.iter().map(row).collect();
        let nothing = "No accounts yet: ayni merchant create --name NAME --email EMAIL";
        output::table(&["ID", "MODE", "NAME", "EMAIL", "PRIVILEGES"], &rows, nothing);
    })
}

async fn show(config: &Config, id: AccountId, with_secret: bool, form: Form) -> anyhow::Result<()> {
    let db = place::open_db(config, place::small())?;
    let account = accounts::find(&db, id).await?;
    let (keys, collecting) = (keys::list(&db, id).await?, collecting::list(&db, id).await?);
    let mut said = described(&account);
    let now = ayni_gateway::clock::Clock::System.now();
    let live = keys
        .iter()
        .filter(|key| key.expires_at.is_none_or(|end| end > now));
    said["keys"] = live.clone().map(|key| Value::from(key.alias.as_str())).collect();
    let rendition_url = db
        .read("app.rendition-url", move |tx| accounts::rendition_url(tx, id))
        .await?;
    said["rendition_url"] = Value::from(rendition_url.as_deref());
    let payouts = db
        .read("app.payout-accounts", move |tx| payout_accounts::list(tx, id))
        .await?;
    let paid_to = |a: &PayoutAccount| format!("{} {} {}", a.bank_id, a.currency.code(), a.number);
    said["payout_accounts"] = payouts.iter().map(|a| Value::from(paid_to(a))).collect();
    let shown =
        |a: &collecting::CollectingAccount| format!("{} {} {}", a.bank_id, a.currency.code(), a.number);
    said["collecting_accounts"] = collecting.iter().map(|a| Value::from(shown(a))).collect();
    if with_secret {
        let app = gateway::beside(config).await?;
        said["secret"] = Value::from(developer::secret(&app, id).await?);
    }
    output::result(form, &said, || {
        let mut facts = facts(&account);
        let aliases: Vec<String> = live.map(|key| key.alias.clone()).collect();
        facts.push(("keys", aliases.join(", ")));
        facts.extend(collecting.iter().map(|account| ("collects on", shown(account))));
        facts.extend(payouts.iter().map(|account| ("is paid to", paid_to(account))));
        facts.push(("rendition_url", rendition_url.clone().unwrap_or_default()));
        facts.push(("secret", said["secret"].as_str().unwrap_or_default().to_owned()));
        output::facts(&facts);
    })
}

async fn rotate(config: &Config, id: AccountId, overlap: SignedDuration, form: Form) -> anyhow::Result<()> {
    if overlap.is_negative() || overlap > secrets::OVERLAP_MAX {
        let what = format!(
            "an overlap of {overlap:#} can't be: it is 0s to {:#}",
            secrets::OVERLAP_MAX
        );
        return Err(Told::new(what, "write it as 24h or 30m").into());
    }
    let app = gateway::beside(config).await?;
    let next = secrets::rotate(&app, id, overlap).await?;
    let takes_over = wire(next.takes_over_at);
    let said =
        json!({ "receiver_id": id.0, "next_secret": next.secret.as_str(), "takes_over_at": takes_over });
    output::result(form, &said, || {
        output::facts(&[
            ("next secret", next.secret.to_string()),
            ("takes over at", takes_over.clone()),
        ]);
        output::line(
            "\nIt is not shown again before it takes over. Until then it signs x-ayni-signature-next.",
        );
    })
}

async fn finish_rotation(config: &Config, id: AccountId, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    secrets::finish_rotation(&app, id).await?;
    output::result(form, &json!({ "receiver_id": id.0 }), || {
        output::line(&format!(
            "Notifications of account {id} are signed with its next secret alone."
        ));
    })
}

async fn grant(config: &Config, id: AccountId, words: &str, form: Form) -> anyhow::Result<()> {
    let privileges: Privileges = words
        .parse()
        .with_context(|| format!("«{words}» can't be granted"))?;
    let db = place::open_db(config, place::small())?;
    accounts::grant(&db, id, privileges).await?;
    let account = accounts::find(&db, id).await?;
    output::result(form, &described(&account), || {
        let privileges = account.privileges.to_string();
        let shown = if privileges.is_empty() {
            "none"
        } else {
            &privileges
        };
        output::line(&format!("Account {id} has the privileges: {shown}."));
    })
}

async fn set_disabled(config: &Config, id: AccountId, is_disabled: bool, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    accounts::set_disabled(&app, id, is_disabled).await?;
    let account = accounts::find(&app.db, id).await?;
    output::result(form, &described(&account), || {
        output::line(&match is_disabled {
            true => format!(
                "Account {id} is disabled: its keys are refused, its payments can't be paid; money that comes is recorded."
            ),
            false => format!("Account {id} can be used again."),
        });
    })
}

async fn set_api_keys(config: &Config, id: AccountId, word: &str, form: Form) -> anyhow::Result<()> {
    let setting =
        ApiKeys::parse(word).with_context(|| format!("«{word}» is neither accepted nor refused"))?;
    let db = place::open_db(config, place::small())?;
    accounts::set_api_keys(&db, id, setting).await?;
    let account = accounts::find(&db, id).await?;
    output::result(form, &described(&account), || {
        output::line(&format!(
            "API keys of account {id} on the open-data side: {}.",
            account.api_keys.as_str()
        ));
    })
}

fn described(account: &Account) -> Value {
    json!({
        "receiver_id": account.id.0, "name": account.name, "email": account.email, "mode": account.mode.as_str(),
        "privileges": account.privileges.to_string(), "notify_url": account.notify_url,
        "api_keys": account.api_keys.as_str(), "integrator": account.integrator.map(|id| id.0),
        "disabled_at": account.disabled_at.map(wire),
    })
}

fn facts(account: &Account) -> Vec<(&'static str, String)> {
    vec![
        ("receiver id", account.id.to_string()),
        ("name", account.name.clone()),
        ("e-mail", account.email.clone()),
        ("mode", account.mode.as_str().to_owned()),
        ("privileges", account.privileges.to_string()),
        ("notify_url", account.notify_url.clone().unwrap_or_default()),
        ("data api keys", account.api_keys.as_str().to_owned()),
        (
            "integrator",
            account.integrator.map(|id| id.to_string()).unwrap_or_default(),
        ),
        ("disabled since", shown(account.disabled_at)),
    ]
}

/// An instant as commands print it, or nothing.
pub fn shown(at: Option<jiff::Timestamp>) -> String {
    at.map(wire).unwrap_or_default()
}

const CREATE_HELP: &str = "\
Examples:
  ayni merchant create --name 'Panadería Sol' --email pagos@panaderiasol.cl
  ayni merchant create --developer          # collects at DemoBank, for tests
  ayni merchant create --name 'Feria' --email caja@feria.cl --integrator 990939";

const DISABLE_HELP: &str = "\
Its API keys and tokens are refused with 403 and 401 from the next request on, its open payments' pages say that the
merchant is not collecting, and no new attempt to pay begins. Transfers that were already authorised, and money that
comes all the same, are recorded and notified as ever.

Example:
  ayni merchant disable 990939";

const FEE_HELP: &str = "\
The fee is the part of the amount, at least the minimum, with VAT on top, rounded half up to the currency's decimals. It
is taken from payments whose money is seen from now on, on the operator's bank accounts alone.

Examples:
  ayni merchant fee 990939 --currency CLP --rate 1.49% --minimum 100 --vat 19%
  ayni merchant fee 990939 --currency CLP --rate 0%      # none any more
  ayni merchant fee 990939 --show";

const API_KEYS_HELP: &str = "\
Refused: /v1 takes OAuth tokens only, the …/token operations are gone and AccountCredential is ignored. The payments
side takes API keys always.

Example:
  ayni merchant api-keys 990939 refused";

const ROTATE_HELP: &str = "\
Until the overlap ends the old secret signs x-khipu-signature and the next one x-ayni-signature-next;
then the next one signs x-khipu-signature alone.

Examples:
  ayni merchant rotate-secret 990939
  ayni merchant rotate-secret 990939 --overlap 0s    # the old one is known to others
  ayni merchant rotate-secret 990939 --finish        # the merchant has changed over";

const GRANT_HELP: &str = "\
It replaces what the account had.

Examples:
  ayni merchant grant 990939 refunds,confirm
  ayni merchant grant 990939 \"\"";
