//! `ayni ledger check`: the proof, and each difference by its name.

use std::process::ExitCode;

use ayni_domain::time::wire;
use ayni_gateway::ledger::check::{self, BankAccount, Report};
use serde_json::{Value, json};

use crate::config::Config;
use crate::output::{self, Form};
use crate::place;

/// Checks and tells.
pub(super) async fn run(config: &Config, form: Form) -> anyhow::Result<ExitCode> {
    let report = check::check(&place::open_db(config, place::small())?).await?;
    output::result(form, &described(&report), || told(&report))?;
    Ok(match report.is_clean() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn told(report: &Report) {
    let rows: Vec<_> = report.bank_accounts.iter().map(row).collect();
    let header = ["ACCOUNT", "CURRENCY", "BANK SAYS", "EXPLAINED", "OF WHICH"];
    output::table(&header, &rows, "No bank account has a statement or money yet.");
    for difference in &report.differences {
        output::line(&format!("DIFFERENCE  {difference}"));
    }
    if report.more > 0 {
        output::line(&format!("… and {} more", report.more));
    }
    let verdict = match report.is_clean() {
        true => "everything holds",
        false => "it does not hold",
    };
    output::line(&format!(
        "{} transactions, {} postings: {verdict}.",
        report.transactions, report.postings
    ));
}

fn row(account: &BankAccount) -> Vec<String> {
    let parts = account
        .parts
        .iter()
        .filter(|(_, part)| part.ten_thousandths() != 0);
    let parts: Vec<String> = parts
        .map(|(kind, part)| format!("{} {}", kind.as_str(), part.plain()))
        .collect();
    vec![
        account.uuid.clone(),
        account.currency.code().to_owned(),
        account.stated.map_or("—".to_owned(), |stated| stated.plain()),
        account.explained().plain(),
        parts.join(", "),
    ]
}

fn described(report: &Report) -> Value {
    let accounts: Vec<Value> = report.bank_accounts.iter().map(of_account).collect();
    let differences: Vec<String> = report.differences.iter().map(ToString::to_string).collect();
    json!({
        "ok": report.is_clean(), "transactions": report.transactions, "postings": report.postings,
        "accounts": accounts, "differences": differences, "more_differences": report.more,
    })
}

fn of_account(account: &BankAccount) -> Value {
    let parts = account.parts.iter();
    let parts = parts.map(|(kind, part)| (kind.as_str().to_owned(), Value::from(part.to_string())));
    json!({
        "account": account.uuid, "currency": account.currency.code(),
        "stated": account.stated.map(|stated| stated.to_string()), "stated_at": account.stated_at.map(wire),
        "explained": account.explained().to_string(), "parts": Value::Object(parts.collect()),
    })
}
