//! Sealing anew, with the key that seals now, whatever an older one sealed and is to stay: row by row, portion by portion,
//! beside running nodes.
//!
//! A value names its key, so a walk that was cut off is made again and goes on where it was. It replaces exactly the value
//! that it read: what somebody changed meanwhile was sealed by a key that seals, or is found by the next walk.

use ayni_store::error::StoreError;
use ayni_store::tx::Tx;

use super::sealed::{Lasting, RowKey, SealedColumn};
use super::{KeysError, refresh, standing};
use crate::app::App;

/// What a walk did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// The key that seals now.
    pub key: String,
    /// Of each column, as `table.column`: values that were sealed anew.
    pub columns: Vec<(&'static str, u64)>,
    /// Values that no key opens, as `table.column key`: they were changed or damaged, and were left as they are.
    pub unopened: Vec<String>,
}

/// Seals anew what an older key sealed. It tells each column as it is done.
///
/// # Errors
/// [`KeysError::NotYet`] while the newest key does not seal: then there is nothing that it could be done with.
pub async fn reseal(
    app: &App,
    tell: &mut (dyn FnMut(&'static str, u64) + Send),
) -> Result<Resealed, KeysError> {
    refresh(app).await?;
    let key = standing::settled(app).await?;
    let mut done = Resealed {
        key,
        ..Resealed::default()
    };
    for column in super::columns() {
        let Some(lasting) = &column.lasting else { continue };
        let mut anew = 0;
        let mut after = Some((lasting.start)());
        while let Some(from) = after {
            let portion = portion(app, column, lasting, from).await?;
            anew += portion.anew;
            done.unopened.extend(portion.unopened);
            after = portion.next;
        }
        tell(column.name, anew);
        done.columns.push((column.name, anew));
    }
    Ok(done)
}

struct Portion {
    anew: u64,
    unopened: Vec<String>,
    /// Where the next one begins; nothing at the end.
    next: Option<RowKey>,
}

async fn portion(
    app: &App,
    column: &SealedColumn,
    lasting: &'static Lasting,
    after: RowKey,
) -> Result<Portion, KeysError> {
    let rows = app
        .db
        .read("keys.sealed", move |tx| select(tx, lasting, &after))
        .await?;
    let mut portion = Portion {
        anew: 0,
        unopened: Vec::new(),
        next: (rows.len() >= PORTION_ROWS)
            .then(|| rows.last().map(|(key, _)| key.clone()))
            .flatten(),
    };
    // What is random is drawn before the unit of work, which may run twice.
    let mut anew = Vec::new();
    for (key, sealed) in rows
        .into_iter()
        .filter(|(_, sealed)| !app.keyring.is_current(sealed))
    {
        let context = (lasting.context)(&key);
        match app.keyring.open(&context, &sealed) {
            Ok(plain) => anew.push((key, sealed, app.keyring.seal(&context, &plain)?)),
            Err(_) => portion.unopened.push(format!("{} {key}", column.name)),
        }
    }
    if !anew.is_empty() {
        let write = move |tx: &mut Tx<'_>| replace(tx, lasting, &anew);
        portion.anew = app.db.write("keys.reseal", write).await?;
    }
    Ok(portion)
}

fn select(tx: &mut Tx<'_>, lasting: &Lasting, after: &RowKey) -> Result<Vec<(RowKey, Vec<u8>)>, StoreError> {
    let limit = i64::try_from(PORTION_ROWS).unwrap_or(i64::MAX);
    tx.all(lasting.select, &[after.value(), limit.into()])?
        .iter()
        .map(|row| Ok((after.next(row)?, row.bytes(1)?)))
        .collect()
}

fn replace(
    tx: &mut Tx<'_>,
    lasting: &Lasting,
    anew: &[(RowKey, Vec<u8>, Vec<u8>)],
) -> Result<u64, StoreError> {
    let mut replaced = 0;
    for (key, old, new) in anew {
        replaced += tx.exec(
            lasting.reseal,
            &[key.value(), old.as_slice().into(), new.as_slice().into()],
        )?;
    }
    Ok(replaced)
}

/// Rows of one unit of work.
const PORTION_ROWS: usize = 200;
