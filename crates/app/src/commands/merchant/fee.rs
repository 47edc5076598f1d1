//! `ayni merchant fee`: what an account pays for each payment.

use anyhow::Context as _;
use ayni_domain::currency::Currency;
use ayni_domain::fee::FeeTerms;
use ayni_domain::fee::rate::Rate;
use ayni_domain::ids::AccountId;
use ayni_domain::money::Amount;
use ayni_gateway::ledger::fees;
use ayni_gateway::merchants::accounts;
use clap::Args;
use serde_json::{Value, json};

use crate::config::Config;
use crate::output::{self, Form};
use crate::place;
use crate::told::Told;

/// Whose fee, and what it is to be.
#[derive(Args)]
pub struct Fee {
    /// The account's receiver_id
    #[arg(value_name = "ID")]
    id: i64,
    /// The currency of the bank account where the money arrives (CLP also for payments in CLF); none: show what is agreed
    #[arg(
        long,
        value_name = "CODE",
        required_unless_present = "show",
        requires = "rate"
    )]
    currency: Option<String>,
    /// Part of the amount, as 1.49%
    #[arg(long, value_name = "PERCENT")]
    rate: Option<Rate>,
    /// The least that the fee is, without VAT
    #[arg(long, value_name = "AMOUNT", default_value = "0")]
    minimum: String,
    /// Added to the fee, as 19%
    #[arg(long, value_name = "PERCENT", default_value = "0%")]
    vat: Rate,
    /// Change nothing, show what is agreed
    #[arg(long, conflicts_with_all = ["currency", "rate"])]
    show: bool,
}

/// Agrees, and shows what is agreed.
pub(super) async fn run(config: &Config, asked: Fee, form: Form) -> anyhow::Result<()> {
    let (db, id) = (place::open_db(config, place::small())?, AccountId(asked.id));
    accounts::find(&db, id).await?;
    if let (Some(code), Some(rate)) = (&asked.currency, asked.rate) {
        let (currency, terms) = agreed(code, rate, &asked)?;
        fees::agree(&db, id, currency, terms).await?;
    }
    let agreed = fees::list(&db, id).await?;
    let said = json!({ "receiver_id": id.0, "fees": agreed.iter().map(described).collect::<Vec<_>>() });
    output::result(form, &said, || {
        let rows: Vec<_> = agreed.iter().map(row).collect();
        let nothing = "Nothing is agreed: its payments cost nothing.";
        output::table(&["CURRENCY", "RATE", "MINIMUM", "VAT"], &rows, nothing);
    })
}

fn agreed(code: &str, rate: Rate, asked: &Fee) -> anyhow::Result<(Currency, FeeTerms)> {
    let currency: Currency = code
        .parse()
        .with_context(|| format!("«{code}» is no currency of payments"))?;
    if currency != currency.paid_in() {
        let what = format!("payments in {currency} arrive in {}", currency.paid_in());
        return Err(Told::new(what, format!("agree on --currency {}", currency.paid_in())).into());
    }
    let minimum =
        Amount::parse(&asked.minimum, false).with_context(|| format!("«{}» is no amount", asked.minimum))?;
    if minimum < Amount::ZERO || minimum.decimals() > currency.decimals() {
        let what = format!("{} is no minimum of a fee in {currency}", asked.minimum);
        let hint = format!(
            "write an amount of at most {} decimals, not below zero",
            currency.decimals()
        );
        return Err(Told::new(what, hint).into());
    }
    let vat = asked.vat;
    Ok((currency, FeeTerms { rate, minimum, vat }))
}

fn described((currency, terms): &(Currency, FeeTerms)) -> Value {
    json!({
        "currency": currency.code(), "rate": terms.rate.to_string(), "minimum": terms.minimum.to_string(),
        "vat": terms.vat.to_string(),
    })
}

fn row((currency, terms): &(Currency, FeeTerms)) -> Vec<String> {
    vec![
        currency.code().to_owned(),
        terms.rate.to_string(),
        terms.minimum.plain(),
        terms.vat.to_string(),
    ]
}
