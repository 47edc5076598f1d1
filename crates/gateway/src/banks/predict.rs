//! Would the payer's bank let it through? Reads the question and the payer's history; the answer is the domain's.

use std::collections::HashMap;

use ayni_domain::clf;
use ayni_domain::currency::Currency;
use ayni_domain::email;
use ayni_domain::money::{Amount, AmountError};
use ayni_domain::predict::{self, BankLimits, Forecast};
use ayni_domain::privilege::Mode;
use ayni_domain::violation::{Problem, Violation};
use ayni_store::error::StoreError;
use url::form_urlencoded;

use super::{Bank, Banks, sql};
use crate::app::App;
use crate::merchants::{Account, collecting};

/// What is asked, every value checked.
pub(super) struct Question<'a> {
    payer_email: String,
    bank: &'a Bank,
    amount: Amount,
    currency: Currency,
}

impl<'a> Question<'a> {
    /// Reads the query, or tells everything that is missing or wrong.
    pub(super) fn parse(query: &str, banks: &'a Banks, mode: Mode) -> Result<Question<'a>, Vec<Violation>> {
        let given: HashMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
        let mut violations = Vec::new();
        let field = |name: &'static str| {
            let value = given
                .get(name)
                .filter(|value| !value.is_empty())
                .map(AsRef::as_ref);
            value.ok_or_else(|| Violation::new(name, Problem::Required))
        };
        let payer_email = field("payer_email").and_then(read_email);
        let bank = field("bank_id").and_then(|id| read_bank(id, banks, mode));
        let amount = field("amount");
        let currency = field("currency").and_then(read_currency);
        let amount = amount.and_then(|text| read_amount(text, currency.as_ref().ok().copied()));
        let payer_email = payer_email.map_err(|violation| violations.push(violation));
        let bank = bank.map_err(|violation| violations.push(violation));
        let amount = amount.map_err(|violation| violations.push(violation));
        let currency = currency.map_err(|violation| violations.push(violation));
        match (payer_email, bank, amount, currency) {
            (Ok(payer_email), Ok(bank), Ok(amount), Ok(currency)) => Ok(Question {
                payer_email,
                bank,
                amount,
                currency,
            }),
            _ => Err(violations),
        }
    }
}

/// Answers from the bank's limits and from what the payer has paid to the account before.
pub(super) async fn forecast(
    app: &App,
    account: &Account,
    question: Question<'_>,
) -> Result<Forecast, StoreError> {
    let Question {
        payer_email,
        bank,
        amount,
        currency,
    } = question;
    let (account, integrator) = (account.id, account.integrator);
    let (paid_in, bank_id) = (currency.paid_in(), bank.id.clone());
    let (collects, first_paid_at) = app
        .db
        .point("banks.predict", move |tx| {
            let collects = !collecting::first_in(tx, account, integrator, paid_in)?.is_empty();
            let first = sql::select_first_paid_at(tx, account, &payer_email, &bank_id)?;
            Ok::<_, StoreError>((collects, first))
        })
        .await?;
    let limits = BankLimits {
        min: bank.min_amount,
        max: Some(bank.max_amount),
        new_payee_max: Some(bank.new_payee_max_amount),
        cool_down_hours: bank.new_payee_cool_down_h,
    };
    let amount = match currency {
        Currency::Clf => clf::to_pesos(amount, app.settings.uf_value).unwrap_or(Amount::MAX),
        _ => amount,
    };
    Ok(predict::forecast(&predict::Question {
        amount,
        bank: collects.then_some(limits),
        first_paid_at,
        now: app.clock.now(),
    }))
}

fn read_email(text: &str) -> Result<String, Violation> {
    match email::is_valid(text) {
        true => Ok(text.to_owned()),
        false => Err(Violation::new("payer_email", Problem::BadEmail)),
    }
}

fn read_bank<'a>(id: &str, banks: &'a Banks, mode: Mode) -> Result<&'a Bank, Violation> {
    let mut seen = banks.seen_by(mode);
    seen.find(|bank| bank.id == id)
        .ok_or_else(|| Violation::new("bank_id", Problem::UnknownBank))
}

fn read_currency(code: &str) -> Result<Currency, Violation> {
    code.parse().map_err(|_| {
        Violation::new(
            "currency",
            Problem::NotOneOf(Currency::ALL.map(Currency::code).to_vec()),
        )
    })
}

fn read_amount(text: &str, currency: Option<Currency>) -> Result<Amount, Violation> {
    let problem = match (Amount::parse(text, false), currency) {
        (Ok(amount), _) if amount <= Amount::ZERO => Problem::NotPositive,
        (Ok(amount), Some(currency)) if amount.decimals() > currency.decimals() => {
            Problem::TooManyDecimalsFor(currency)
        }
        (Ok(amount), _) => return Ok(amount),
        (Err(AmountError::Shape), _) => Problem::NotANumber,
        (Err(AmountError::TooManyDecimals), _) => Problem::TooManyDecimals,
        (Err(AmountError::TooLarge), _) => Problem::TooLarge(Amount::MAX),
    };
    Err(Violation::new("amount", problem))
}
