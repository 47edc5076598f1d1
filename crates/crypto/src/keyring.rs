//! The keyring seals what must not be readable in a stolen database: webhook secrets, bank logins, payers' sessions.
//!
//! Data keys lie in the database as rows, themselves sealed by the master key, so that every node opens what any node
//! sealed, and the master key can be changed by sealing a few rows anew. Several sealing keys may exist, one is current:
//! a sealed text names its key, and is moved to the current one whenever it is convenient. A separate key, which never
//! changes, derives tokens that must stay the same for ever.
//!
//! A sealed text: format (1 byte), key number (2), nonce (12), AES-256-GCM-SIV text and tag. The caller's context
//! ("accounts.secret:990939") is authenticated with it, so a sealed value copied to another row does not open.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::hmac;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::aead::{Cipher, KEY_BYTES, Unopened};
use crate::digest::hex;
use crate::entropy::Entropy;
use crate::master::{FINGERPRINT_BYTES, MasterKey};

/// Most sealing keys that a keyring may have.
pub const SEALING_KEYS_MAX: usize = 1000;

/// The name of the key that derives tokens.
const DERIVING_NAME: &str = "derive";

/// Names of the sealing keys are this and their number.
const SEALING_PREFIX: &str = "seal-";

/// First byte of every sealed text and sealed data key; another one is of a newer program.
const FORMAT: u8 = 1;

/// Format and key number.
const HEADER_BYTES: usize = 3;

/// Why a keyring, or something sealed, does not open.
#[derive(Debug, Error)]
pub enum KeyringError {
    /// The data keys were sealed by another master key.
    #[error("the data keys of this database were sealed by another master key than the one given")]
    WrongMasterKey,
    /// A key's row is damaged, though the master key is the right one.
    #[error("the data key `{0}` is damaged")]
    DamagedKey(String),
    /// There is no key to derive with, or none to seal with.
    #[error("the keyring is incomplete: there is no data key `{0}`")]
    MissingKey(String),
    /// There are already as many sealing keys as there may be.
    #[error("the keyring is full: it has {SEALING_KEYS_MAX} sealing keys")]
    Full,
    /// It was sealed for another context, by a key that is not here, or it was changed.
    #[error("the sealed value does not open: it was changed, or sealed for another place")]
    Unopened,
    /// It was sealed by a newer program.
    #[error("the sealed value has format {0}, which this program does not know")]
    NewerFormat(u8),
}

/// A data key as it lies in the database: sealed by the master key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// `seal-1`, `seal-2`, … or `derive`.
    pub name: String,
    /// The sealed key.
    pub sealed: Vec<u8>,
}

/// The opened data keys. A running process learns keys that another one added.
pub struct Keyring {
    sealing: RwLock<SealingKeys>,
    deriving: DerivingKey,
    entropy: Entropy,
}

struct SealingKeys {
    by_number: BTreeMap<u16, Arc<SealingKey>>,
    current: u16,
}

impl Keyring {
    /// A new keyring with one sealing key, and its rows to be stored.
    ///
    /// # Errors
    /// When the cryptographic library refuses, which it does not for keys of the right length.
    pub fn create(master: &MasterKey, entropy: &Entropy) -> Result<(Keyring, Vec<KeyRow>), KeyringError> {
        let first = Arc::new(SealingKey::new(random_key(entropy))?);
        let keyring = Keyring {
            sealing: RwLock::new(SealingKeys {
                by_number: BTreeMap::from([(1, first)]),
                current: 1,
            }),
            deriving: DerivingKey::new(random_key(entropy)),
            entropy: entropy.clone(),
        };
        let rows = keyring.rows(master)?;
        Ok((keyring, rows))
    }

    /// Opens stored rows. The sealing key with the highest number is the current one.
    ///
    /// # Errors
    /// [`KeyringError::WrongMasterKey`] where another master key sealed them; otherwise what is damaged or missing.
    pub fn unlock(master: &MasterKey, rows: &[KeyRow], entropy: &Entropy) -> Result<Keyring, KeyringError> {
        let mut sealing = BTreeMap::new();
        let mut deriving = None;
        for row in rows {
            let key = open_row(master, row)?;
            if row.name == DERIVING_NAME {
                deriving = Some(DerivingKey::new(key));
            } else {
                sealing.insert(number_of(&row.name)?, Arc::new(SealingKey::new(key)?));
            }
        }
        let missing = |name: &str| KeyringError::MissingKey(name.to_owned());
        let current = *sealing.keys().next_back().ok_or_else(|| missing("seal-1"))?;
        let deriving = deriving.ok_or_else(|| missing(DERIVING_NAME))?;
        Ok(Keyring {
            sealing: RwLock::new(SealingKeys {
                by_number: sealing,
                current,
            }),
            deriving,
            entropy: entropy.clone(),
        })
    }

    /// All data keys sealed by `master`: to store a new keyring, or to change the master key.
    ///
    /// # Errors
    /// When the cryptographic library refuses.
    pub fn rows(&self, master: &MasterKey) -> Result<Vec<KeyRow>, KeyringError> {
        let mut rows = vec![seal_row(
            master,
            DERIVING_NAME.to_owned(),
            &self.deriving.bytes,
            &self.entropy,
        )?];
        for (number, key) in &self.read().by_number {
            rows.push(seal_row(
                master,
                sealing_name(*number),
                &key.bytes,
                &self.entropy,
            )?);
        }
        Ok(rows)
    }

    /// Makes a new sealing key, to be stored. It is not used before [`Keyring::learn`] says so: other processes must know
    /// it before anything is sealed with it.
    ///
    /// # Errors
    /// [`KeyringError::Full`] at [`SEALING_KEYS_MAX`].
    pub fn new_key(&self, master: &MasterKey) -> Result<KeyRow, KeyringError> {
        let keys = self.read();
        if keys.by_number.len() >= SEALING_KEYS_MAX {
            return Err(KeyringError::Full);
        }
        let newest = keys.by_number.keys().next_back().copied().unwrap_or_default();
        let number = newest.checked_add(1).ok_or(KeyringError::Full)?;
        seal_row(
            master,
            sealing_name(number),
            &random_key(&self.entropy),
            &self.entropy,
        )
    }

    /// Learns keys that were stored since, and seals from now on with `current`, a name such as `seal-2`.
    ///
    /// # Errors
    /// What is damaged or missing; nothing is changed then.
    pub fn learn(&self, master: &MasterKey, rows: &[KeyRow], current: &str) -> Result<(), KeyringError> {
        let mut learned = BTreeMap::new();
        for row in rows.iter().filter(|row| row.name != DERIVING_NAME) {
            let number = number_of(&row.name)?;
            if !self.read().by_number.contains_key(&number) {
                learned.insert(number, Arc::new(SealingKey::new(open_row(master, row)?)?));
            }
        }
        let current = number_of(current)?;
        let mut keys = self.sealing.write().unwrap_or_else(PoisonError::into_inner);
        if !keys.by_number.contains_key(&current) && !learned.contains_key(&current) {
            return Err(KeyringError::MissingKey(sealing_name(current)));
        }
        keys.by_number.append(&mut learned);
        keys.current = current;
        Ok(())
    }

    /// Seals `plain` for one place, with the current key.
    ///
    /// # Errors
    /// When the cryptographic library refuses, which it does only for a text of many gigabytes.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<Vec<u8>, KeyringError> {
        let current = self.read().current;
        let key = self.key(current)?;
        Ok(key
            .cipher
            .seal(&header_of(current), context, plain, &self.entropy)?)
    }

    /// The plain text of what was sealed for the same context; erased when dropped.
    ///
    /// # Errors
    /// When it was changed, sealed for another context, or by a key that is not here.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyringError> {
        let (header, number) = read_header(sealed)?;
        let key = self.key(number)?;
        Ok(key.cipher.open(header, context, sealed)?)
    }

    /// Whether the current key sealed it; what an older one sealed should be sealed anew when keys are rotated.
    #[must_use]
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        read_header(sealed).is_ok_and(|(_, number)| number == self.read().current)
    }

    /// 64 hexadecimal digits that only this keyring can find from `purpose` and `data`, the same for ever.
    #[must_use]
    pub fn derive_hex(&self, purpose: &str, data: &[u8]) -> String {
        let mut context = hmac::Context::with_key(&self.deriving.key);
        context.update(&u64::try_from(purpose.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(purpose.as_bytes());
        context.update(data);
        hex(context.sign().as_ref())
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, SealingKeys> {
        self.sealing.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, number: u16) -> Result<Arc<SealingKey>, KeyringError> {
        self.read()
            .by_number
            .get(&number)
            .cloned()
            .ok_or(KeyringError::Unopened)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} sealing keys)", self.read().by_number.len())
    }
}

impl fmt::Debug for KeyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRow({}, …)", self.name)
    }
}

impl From<Unopened> for KeyringError {
    fn from(_: Unopened) -> KeyringError {
        KeyringError::Unopened
    }
}

/// How everything begins that the key of this name sealed.
///
/// # Errors
/// When it is no name of a sealing key.
pub fn sealed_prefix(name: &str) -> Result<[u8; HEADER_BYTES], KeyringError> {
    Ok(header_of(number_of(name)?))
}

type KeyBytes = Zeroizing<[u8; KEY_BYTES]>;

struct SealingKey {
    bytes: KeyBytes,
    cipher: Cipher,
}

impl SealingKey {
    fn new(bytes: KeyBytes) -> Result<SealingKey, KeyringError> {
        let cipher = Cipher::new(&bytes)?;
        Ok(SealingKey { bytes, cipher })
    }
}

struct DerivingKey {
    bytes: KeyBytes,
    key: hmac::Key,
}

impl DerivingKey {
    fn new(bytes: KeyBytes) -> DerivingKey {
        let key = hmac::Key::new(hmac::HMAC_SHA256, bytes.as_slice());
        DerivingKey { bytes, key }
    }
}

fn random_key(entropy: &Entropy) -> KeyBytes {
    let mut bytes = Zeroizing::new([0; KEY_BYTES]);
    entropy.fill(bytes.as_mut());
    bytes
}

fn sealing_name(number: u16) -> String {
    format!("{SEALING_PREFIX}{number}")
}

fn number_of(name: &str) -> Result<u16, KeyringError> {
    let number = name.strip_prefix(SEALING_PREFIX).and_then(|n| n.parse().ok());
    number
        .filter(|n| sealing_name(*n) == name)
        .ok_or_else(|| KeyringError::DamagedKey(name.to_owned()))
}

fn header_of(number: u16) -> [u8; HEADER_BYTES] {
    let [high, low] = number.to_be_bytes();
    [FORMAT, high, low]
}

fn read_header(sealed: &[u8]) -> Result<(&[u8], u16), KeyringError> {
    match *sealed {
        [FORMAT, high, low, ..] => Ok((&sealed[..HEADER_BYTES], u16::from_be_bytes([high, low]))),
        [] | [FORMAT, ..] => Err(KeyringError::Unopened),
        [other, ..] => Err(KeyringError::NewerFormat(other)),
    }
}

/// A data key's row: format, the master key's fingerprint, then the sealed key; its name is the context.
fn seal_row(
    master: &MasterKey,
    name: String,
    key: &KeyBytes,
    entropy: &Entropy,
) -> Result<KeyRow, KeyringError> {
    let sealed = Cipher::new(master.bytes())?.seal(&row_header(master), &name, key.as_slice(), entropy)?;
    Ok(KeyRow { name, sealed })
}

fn open_row(master: &MasterKey, row: &KeyRow) -> Result<KeyBytes, KeyringError> {
    let damaged = || KeyringError::DamagedKey(row.name.clone());
    let header = row_header(master);
    match row.sealed.first() {
        None => return Err(damaged()),
        Some(&FORMAT) => {}
        Some(&other) => return Err(KeyringError::NewerFormat(other)),
    }
    if !row.sealed.starts_with(&header) {
        return Err(KeyringError::WrongMasterKey);
    }
    let plain = Cipher::new(master.bytes())?
        .open(&header, &row.name, &row.sealed)
        .map_err(|_| damaged())?;
    let mut key = Zeroizing::new([0; KEY_BYTES]);
    if plain.len() != KEY_BYTES {
        return Err(damaged());
    }
    key.copy_from_slice(&plain);
    Ok(key)
}

fn row_header(master: &MasterKey) -> [u8; 1 + FINGERPRINT_BYTES] {
    let mut header = [FORMAT; 1 + FINGERPRINT_BYTES];
    header[1..].copy_from_slice(&master.fingerprint_bytes());
    header
}

#[cfg(test)]
mod tests;
