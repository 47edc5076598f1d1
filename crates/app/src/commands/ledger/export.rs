//! `ayni ledger export`: one line of CSV for each posting, read page by page.

use std::fs::File;
use std::io::{BufWriter, Write};

use anyhow::Context as _;
use ayni_domain::time::wire;
use ayni_gateway::clock::Clock;
use ayni_gateway::ledger::list::{self, Place, TransactionEntry};
use ayni_store::db::Db;
use jiff::Timestamp;
use serde_json::json;

use super::Exported;
use super::show::sides;
use crate::config::Config;
use crate::output::{self, Form};
use crate::place;

/// Writes it, and says how much it was.
pub(super) async fn run(config: &Config, asked: Exported, form: Form) -> anyhow::Result<()> {
    let db = place::open_db(config, place::small())?;
    let until = asked.until.unwrap_or_else(|| Clock::System.now());
    let from = asked.from.unwrap_or(Timestamp::UNIX_EPOCH);
    let accounts = match asked.account {
        Some(account) => vec![account],
        None => list::accounts(&db).await?,
    };
    let Some(path) = asked.to else {
        export(&db, &accounts, (from, until), BufWriter::new(std::io::stdout())).await?;
        return Ok(());
    };
    let file = File::create(&path).with_context(|| format!("{} can't be written", path.display()))?;
    let postings = export(&db, &accounts, (from, until), BufWriter::new(file)).await?;
    output::result(form, &json!({ "postings": postings, "file": path }), || {
        output::line(&format!("{postings} postings in {}.", path.display()));
    })
}

async fn export(
    db: &Db,
    accounts: &[String],
    (from, until): (Timestamp, Timestamp),
    to: impl Write,
) -> anyhow::Result<u64> {
    let mut csv = csv::Writer::from_writer(to);
    csv.write_record(HEADER)?;
    let mut postings = 0;
    for account in accounts {
        let mut next = Some(Place::from(from));
        while let Some(after) = next {
            let (page, following) = list::page(db, account, after, until).await?;
            for record in page.iter().flat_map(records) {
                csv.write_record(&record)?;
                postings += 1;
            }
            next = following;
        }
    }
    csv.flush()?;
    Ok(postings)
}

fn records(entry: &TransactionEntry) -> impl Iterator<Item = [String; 12]> {
    entry.postings.iter().map(|(purpose, amount)| {
        let (debit, credit) = sides(*amount);
        [
            wire(entry.at),
            entry.id.clone(),
            entry.kind.clone(),
            entry.account.clone(),
            entry.bank_id.clone(),
            entry.currency.code().to_owned(),
            purpose.kind.as_str().to_owned(),
            purpose.owner.to_string(),
            debit.to_string(),
            credit.to_string(),
            entry.payment_id.clone(),
            entry.note.clone(),
        ]
    })
}

const HEADER: [&str; 12] = [
    "at",
    "transaction",
    "kind",
    "account",
    "bank_id",
    "currency",
    "ledger_account",
    "owner",
    "debit",
    "credit",
    "payment_id",
    "note",
];
