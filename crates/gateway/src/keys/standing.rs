//! Which data key seals, what each of them still seals, and the end of one that seals nothing.
//!
//! Account links lie with their holders, so nobody can count them: a key is needed until the last link expired that was
//! issued while it may have sealed.

use ayni_crypto::keyring::sealed_prefix;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use jiff::{SignedDuration, Timestamp};

use super::{KEY_SETTLES, KeysError, SEALING, StoredKey, columns, refresh, sql};
use crate::app::App;
use crate::links;

/// A data key as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataKey {
    /// `seal-1`, …
    pub name: String,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// Whether new values are sealed with it.
    pub seals: bool,
    /// Of each column, as `table.column`, where there are any: values that it sealed, at most [`COUNT_MAX`].
    pub sealed: Vec<(&'static str, u64)>,
    /// Until when account links may need it.
    pub links_until: Option<Timestamp>,
    /// Why it can't be retired.
    pub needed: Option<Needed>,
}

/// Why a data key stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// It seals, or will.
    Seals,
    /// Its successor seals since too short a time: something may be under way.
    JustReplaced,
    /// Values are sealed with it.
    Values,
    /// Account links may be.
    Links,
}

/// All sealing keys, the oldest first, with what they seal. It reads every sealed value's first bytes.
pub async fn list(app: &App) -> Result<Vec<DataKey>, KeysError> {
    let stored = sealing(app).await?;
    let mut keys = Vec::new();
    for place in 0..stored.len() {
        keys.push(look(app, &stored, place).await?);
    }
    Ok(keys)
}

/// Takes a key out of the database, so that nothing opens any more that it sealed, not even by somebody who has the master
/// key and an old copy of what was sealed.
///
/// # Errors
/// [`KeysError::NoKey`], and [`KeysError::Needed`] as long as something is sealed with it.
pub async fn retire(app: &App, name: &str) -> Result<(), KeysError> {
    let stored = sealing(app).await?;
    let no_key = || KeysError::NoKey(name.to_owned());
    let place = stored
        .iter()
        .position(|key| key.row.name == name)
        .ok_or_else(no_key)?;
    let key = look(app, &stored, place).await?;
    if let Some(why) = key.needed {
        return Err(KeysError::Needed {
            name: key.name,
            why: said(why, &key.sealed, key.links_until),
        });
    }
    let wanted = name.to_owned();
    let deleted = app
        .db
        .write("keys.retire", move |tx| sql::delete_key(tx, &wanted))
        .await?;
    match deleted {
        0 => Err(no_key()),
        _ => Ok(()),
    }
}

/// The newest key, where it seals.
pub(super) async fn settled(app: &App) -> Result<String, KeysError> {
    let stored = sealing(app).await?;
    let newest = stored
        .last()
        .ok_or_else(|| KeysError::NoKey("seal-1".to_owned()))?;
    let left = KEY_SETTLES - app.clock.now().duration_since(newest.created_at);
    match stored.len() > 1 && left.is_positive() {
        true => Err(KeysError::NotYet {
            name: newest.row.name.clone(),
            in_s: left.as_secs() + 1,
        }),
        false => Ok(newest.row.name.clone()),
    }
}

/// The sealing keys, the lowest number first.
async fn sealing(app: &App) -> Result<Vec<StoredKey>, KeysError> {
    refresh(app).await?;
    let mut stored = app.db.read("keys.list", sql::select_keys).await?;
    stored.retain(|key| key.row.name.starts_with(SEALING));
    stored.sort_by_key(super::number);
    Ok(stored)
}

async fn look(app: &App, stored: &[StoredKey], place: usize) -> Result<DataKey, KeysError> {
    let now = app.clock.now();
    let (key, next) = (&stored[place], stored.get(place + 1));
    // The one before a key that does not seal yet seals.
    let replaced_at = next
        .map(|next| next.created_at + KEY_SETTLES)
        .filter(|at| *at <= now);
    let prefix = sealed_prefix(&key.row.name)?;
    let sealed = app.db.read("keys.count", move |tx| count(tx, &prefix)).await?;
    let links_until = match replaced_at {
        None => None,
        Some(at) => {
            let until = at + UNDER_WAY;
            app.db
                .read("keys.links", move |tx| links::last_expiry(tx, until, now))
                .await?
        }
    };
    let needed = match replaced_at {
        None => Some(Needed::Seals),
        Some(at) if now < at + UNDER_WAY => Some(Needed::JustReplaced),
        Some(_) if !sealed.is_empty() => Some(Needed::Values),
        Some(_) if links_until.is_some() => Some(Needed::Links),
        Some(_) => None,
    };
    let is_newest = stored[place + 1..]
        .iter()
        .all(|later| now < later.created_at + KEY_SETTLES);
    let was_first = place == 0 || now >= key.created_at + KEY_SETTLES;
    Ok(DataKey {
        name: key.row.name.clone(),
        created_at: key.created_at,
        seals: is_newest && was_first,
        sealed,
        links_until,
        needed,
    })
}

fn count(tx: &mut Tx<'_>, prefix: &[u8; 3]) -> Result<Vec<(&'static str, u64)>, StoreError> {
    let mut counted = Vec::new();
    for column in columns() {
        let row = tx.one(column.count, &[prefix.into(), COUNT_MAX.into()])?;
        let count = row.map_or(Ok(0), |row| row.int(0))?;
        if count > 0 {
            counted.push((column.name, count.unsigned_abs()));
        }
    }
    Ok(counted)
}

/// For the person who wanted to retire it.
fn said(why: Needed, sealed: &[(&'static str, u64)], links_until: Option<Timestamp>) -> String {
    match why {
        Needed::Seals => "it seals, or will: `ayni keys rotate` makes its successor".to_owned(),
        Needed::JustReplaced => format!(
            "its successor seals since less than {} minutes, and something may be under way",
            UNDER_WAY.as_mins()
        ),
        Needed::Values => {
            let what: Vec<String> = sealed
                .iter()
                .map(|(name, count)| format!("{count} of {name}"))
                .collect();
            format!(
                "it sealed {}: `ayni keys reseal` seals anew what stays, the rest ends by itself within days",
                what.join(", ")
            )
        }
        Needed::Links => format!(
            "account links that it sealed are valid until {}",
            links_until.map_or_else(String::new, ayni_domain::time::wire)
        ),
    }
}

/// Where counting ends.
pub const COUNT_MAX: i64 = 10_000;
/// Longer than anything takes that was sealed and is not written yet, jobs among it.
const UNDER_WAY: SignedDuration = SignedDuration::from_hours(2);
