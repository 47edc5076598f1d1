//! Stored payments by the hundred thousand, written through the store as the gateway would write them.

mod many;
pub mod paid;
pub mod settled;
mod told;

use anyhow::{Context as _, Result};
use ayni_crypto::entropy::Entropy;
use ayni_domain::ids::PaymentId;
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::location::Location;
use ayni_store::options::Options;
use ayni_store::tx::Tx;

const INSERT_PAYMENT: &str = "\
    INSERT INTO payments (id, account_id, collecting_id, created_at, expires_at, amount, currency, state, events, \
                          subject) \
    VALUES ($1, $2, $3, $4, $5, 10000000, 'CLP', 'pending', 0, 'Cobro de prueba')";

const SELECT_COLLECTING: &str = "SELECT id FROM collecting_accounts WHERE account_id = $1 AND currency = 'CLP' ORDER BY created_at LIMIT 1";

/// Opens a database of a stopped or running gateway.
pub fn open(database: &str) -> Result<Db> {
    Ok(Db::open(&database.parse::<Location>()?, Options::default())?)
}

/// Whose rows are written: an account, and where it is paid in pesos.
#[derive(Clone, Copy)]
pub struct Owner {
    account: i64,
    collecting: i64,
}

impl Owner {
    /// The account with its own collecting account: rows of another would be left out wherever both are read.
    pub async fn of(db: &Db, account: i64) -> Result<Owner> {
        let collecting = db
            .read("bench.collecting", move |tx| {
                let row = tx.one(SELECT_COLLECTING, &[account.into()])?;
                row.map(|row| row.int(0)).transpose()
            })
            .await?;
        Ok(Owner {
            account,
            collecting: collecting.context("the account is paid nowhere in pesos")?,
        })
    }
}

/// Adds pending payments of this account, made one a second until now, and returns some of their ids.
pub async fn add_payments(db: &Db, account: i64, count: u64, now_ms: i64) -> Result<Vec<String>> {
    let entropy = Entropy::seeded(count);
    let owner = Owner::of(db, account).await?;
    let mut kept = Vec::new();
    let mut made = 0;
    while made < count {
        let batch = UNIT_ROWS.min(count - made);
        let rows: Vec<(String, i64)> = (0..batch)
            .map(|index| {
                let id = PaymentId::from_random_bytes(&entropy.bytes()).as_str().to_owned();
                let age_s = i64::try_from(count - made - index).unwrap_or(0);
                (id, now_ms - age_s * 1000)
            })
            .collect();
        kept.extend(rows.iter().step_by(KEEP_EVERY).map(|row| row.0.clone()));
        db.append("bench.fill", move |tx| {
            rows.iter().try_for_each(|row| insert(tx, owner, row))
        })
        .await?;
        made += batch;
    }
    Ok(kept)
}

fn insert(tx: &mut Tx<'_>, owner: Owner, (id, at_ms): &(String, i64)) -> Result<(), StoreError> {
    let expires_ms = at_ms + DAY_MS;
    let values = [
        id.into(),
        owner.account.into(),
        owner.collecting.into(),
        (*at_ms).into(),
        expires_ms.into(),
    ];
    tx.exec(INSERT_PAYMENT, &values)?;
    Ok(())
}

/// The least work that a durable creation can be: the same row, through the same store, without a gateway.
pub async fn insert_one(db: &Db, entropy: &Entropy, account: i64, now_ms: i64) -> Result<()> {
    let nobodys = Owner {
        account,
        collecting: 0,
    };
    let row = (
        PaymentId::from_random_bytes(&entropy.bytes()).as_str().to_owned(),
        now_ms,
    );
    db.append("bench.one", move |tx| insert(tx, nobodys, &row))
        .await?;
    Ok(())
}

const UNIT_ROWS: u64 = 5_000;
const KEEP_EVERY: usize = 20;
const DAY_MS: i64 = 86_400_000;
