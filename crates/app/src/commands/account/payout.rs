//! `ayni account payout`: the bank account to which a merchant's settled money is paid.

use anyhow::Context as _;
use ayni_domain::currency::Currency;
use ayni_domain::ids::AccountId;
use ayni_domain::payout_account::{AccountType, PayoutAccount, is_account_number};
use ayni_domain::rut::Rut;
use ayni_gateway::merchants::{accounts, payout_accounts};
use ayni_store::error::StoreError;
use serde_json::{Value, json};

use crate::config::Config;
use crate::gateway;
use crate::output::{self, Form};
use crate::told::Told;

/// What `ayni account payout` takes.
#[derive(clap::Args)]
pub struct Args {
    /// Whose: a receiver_id
    #[arg(long, value_name = "ID")]
    account: i64,
    /// The money's currency
    #[arg(long, value_name = "CODE", default_value = "CLP")]
    currency: String,
    /// The bank's id, as in GET /v3/banks; without it and --number the accounts that are set are shown
    #[arg(long, value_name = "BANK_ID", requires = "number")]
    bank: Option<String>,
    /// The account's number there
    #[arg(long, value_name = "NUMBER", requires_all = ["bank", "holder_name", "holder_rut"])]
    number: Option<String>,
    /// checking, sight or savings
    #[arg(long = "type", value_name = "TYPE", default_value = "checking")]
    account_type: String,
    /// The holder's name
    #[arg(long, value_name = "NAME")]
    holder_name: Option<String>,
    /// The holder's RUT
    #[arg(long, value_name = "RUT")]
    holder_rut: Option<String>,
    /// Where the bank may write to the holder [default: the account's e-mail]
    #[arg(long, value_name = "EMAIL")]
    holder_email: Option<String>,
}

/// Sets or shows them.
pub async fn run(config: &Config, args: Args, form: Form) -> anyhow::Result<()> {
    let app = gateway::beside(config).await?;
    let owner = accounts::find(&app.db, AccountId(args.account)).await?;
    let (id, now) = (owner.id, app.clock.now());
    if let (Some(bank), Some(number)) = (&args.bank, &args.number) {
        if !app.banks.seen_by(owner.mode).any(|known| known.id == *bank) {
            let known: Vec<&str> = app
                .banks
                .seen_by(owner.mode)
                .map(|bank| bank.id.as_str())
                .collect();
            let what = format!("there is no bank «{bank}» for account {id}");
            return Err(Told::new(what, format!("the banks are: {}", known.join(", "))).into());
        }
        let to = checked(&args, bank, number, &owner.email)?;
        app.db
            .write("app.payout-account", move |tx| {
                payout_accounts::set(tx, id, &to, now)
            })
            .await?;
    }
    let set = app
        .db
        .read("app.payout-accounts", move |tx| payout_accounts::list(tx, id))
        .await
        .map_err(|error: StoreError| error)?;
    let said = json!({ "payout_accounts": set.iter().map(|to| described(id, to)).collect::<Vec<_>>() });
    output::result(form, &said, || {
        let row = |to: &PayoutAccount| {
            vec![
                to.currency.code().to_owned(),
                to.bank_id.clone(),
                to.account_type.as_str().to_owned(),
                to.number.clone(),
                to.holder_name.clone(),
            ]
        };
        let rows: Vec<_> = set.iter().map(row).collect();
        let nothing = format!("None yet: the money of account {id} waits.");
        output::table(&["CURRENCY", "BANK", "TYPE", "NUMBER", "HOLDER"], &rows, &nothing);
    })
}

fn checked(args: &Args, bank: &str, number: &str, email: &str) -> anyhow::Result<PayoutAccount> {
    let currency: Currency = args
        .currency
        .parse()
        .with_context(|| format!("«{}» is no currency of ours", args.currency))?;
    if currency == Currency::Clf {
        return Err(Told::new("no account is in CLF", "payments in CLF are settled in CLP").into());
    }
    if !is_account_number(number) {
        return Err(Told::new(
            format!("«{number}» is no account's number"),
            "write digits and hyphens",
        )
        .into());
    }
    let account_type: AccountType = args.account_type.parse()?;
    let rut = args.holder_rut.as_deref().unwrap_or_default();
    let holder = Rut::parse(rut).with_context(|| format!("«{rut}» is no RUT"))?;
    Ok(PayoutAccount {
        currency,
        bank_id: bank.to_owned(),
        account_type,
        number: number.to_owned(),
        holder_name: args.holder_name.clone().unwrap_or_default(),
        holder_identifier: holder.plain(),
        holder_email: args.holder_email.clone().unwrap_or_else(|| email.to_owned()),
    })
}

fn described(account: AccountId, to: &PayoutAccount) -> Value {
    json!({
        "receiver_id": account.0, "currency": to.currency.code(), "bank_id": to.bank_id,
        "type": to.account_type.as_str(), "number": to.number, "holder_name": to.holder_name,
        "holder_identifier": to.holder_identifier, "holder_email": to.holder_email,
    })
}

/// What `--help` says at the end.
pub const AFTER_HELP: &str = "\
Money that was collected for an account is paid here from its next settlement on. Until it is set, it waits.

Examples:
  ayni account payout --account 990939
  ayni account payout --account 990939 --bank Bchil --number 00-123-45678-09 \\
       --holder-name 'Panadería Sol SpA' --holder-rut 76.086.428-5";
