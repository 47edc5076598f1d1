//! The master key opens the data keys that lie in the database. It comes from the environment or from a file that only
//! its owner may read, never from the database, a backup or a log; without it a stolen copy of the database shows no secret.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::Zeroizing;

use crate::aead::KEY_BYTES;
use crate::digest::{hex, sha256};
use crate::entropy::Entropy;

/// The environment variable that may hold the master key as 64 hexadecimal digits.
pub const MASTER_KEY_VARIABLE: &str = "AYNI_MASTER_KEY";

/// Most that is read of a key file: 64 digits and some blanks.
const FILE_MAX_BYTES: u64 = 256;

/// Permission bits of a key file that let others read or change it.
const OTHERS_MODE: u32 = 0o077;

/// Why there is no master key.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    /// The text is not 64 hexadecimal digits; the text itself is never shown.
    #[error("the master key in {place} is not 64 hexadecimal digits")]
    Malformed {
        /// Where it was read: the variable's name or the file's path.
        place: String,
    },
    /// Somebody else on this machine may read the file.
    #[error("{path} may be read by others (mode {mode:03o}): run `chmod 600 {path}`")]
    LoosePermissions {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file could not be read or written.
    #[error("the master key file {path} could not be {verb}")]
    File {
        /// The key file.
        path: PathBuf,
        /// What was tried.
        verb: &'static str,
        /// Why it failed.
        source: io::Error,
    },
}

/// The key that seals the data keys; erased when dropped.
pub struct MasterKey {
    bytes: Zeroizing<[u8; KEY_BYTES]>,
}

impl MasterKey {
    /// A new random key.
    #[must_use]
    pub fn generate(entropy: &Entropy) -> MasterKey {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        entropy.fill(bytes.as_mut());
        MasterKey { bytes }
    }

    /// The key that `AYNI_MASTER_KEY` holds, if it is set and not empty.
    ///
    /// # Errors
    /// When it is set to something else than 64 hexadecimal digits.
    pub fn from_environment() -> Result<Option<MasterKey>, MasterKeyError> {
        match std::env::var_os(MASTER_KEY_VARIABLE) {
            Some(text) if !text.is_empty() => {
                let text = Zeroizing::new(text.into_encoded_bytes());
                MasterKey::parse(&text, MASTER_KEY_VARIABLE).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The key in a file of 64 hexadecimal digits that only its owner may read.
    ///
    /// # Errors
    /// When the file is not there, may be read by others, or holds something else.
    pub fn read_file(path: &Path) -> Result<MasterKey, MasterKeyError> {
        let failed = |source| MasterKeyError::File {
            path: path.to_owned(),
            verb: "read",
            source,
        };
        let file = File::open(path).map_err(failed)?;
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
        if mode & OTHERS_MODE != 0 {
            return Err(MasterKeyError::LoosePermissions {
                path: path.to_owned(),
                mode,
            });
        }
        let mut text = Zeroizing::new(Vec::new());
        file.take(FILE_MAX_BYTES).read_to_end(&mut text).map_err(failed)?;
        MasterKey::parse(&text, &path.display().to_string())
    }

    /// The key in the file, which is made with a new key where there is none; two processes that start at once get the same.
    ///
    /// # Errors
    /// As [`MasterKey::read_file`], or when the file can't be written.
    pub fn read_or_create_file(path: &Path, entropy: &Entropy) -> Result<MasterKey, MasterKeyError> {
        if !path.exists() {
            MasterKey::generate(entropy).write_new_file(path, entropy)?;
        }
        MasterKey::read_file(path)
    }

    /// The key from its text: 64 hexadecimal digits, blanks around them allowed. `place` is named in the error.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(text: &[u8], place: &str) -> Result<MasterKey, MasterKeyError> {
        let malformed = || MasterKeyError::Malformed {
            place: place.to_owned(),
        };
        let text = text.trim_ascii();
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        if text.len() != KEY_BYTES * 2 {
            return Err(malformed());
        }
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte =
                hex_value(pair[0]).ok_or_else(malformed)? << 4 | hex_value(pair[1]).ok_or_else(malformed)?;
        }
        Ok(MasterKey { bytes })
    }

    /// A short text that tells two master keys apart and from which neither can be found: for `ayni doctor` and for the
    /// error of a node that was given another key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex(&self.fingerprint_bytes())
    }

    pub(crate) fn fingerprint_bytes(&self) -> [u8; FINGERPRINT_BYTES] {
        let digest = sha256(&[b"ayni master key fingerprint".as_slice(), self.bytes.as_slice()].concat());
        let mut short = [0; FINGERPRINT_BYTES];
        short.copy_from_slice(&digest[..FINGERPRINT_BYTES]);
        short
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.bytes
    }

    /// Writes the key where no file is yet: complete, durable and readable by its owner only from its first instant. A
    /// file that another process put there meanwhile stays.
    fn write_new_file(&self, path: &Path, entropy: &Entropy) -> Result<(), MasterKeyError> {
        let failed = |source| MasterKeyError::File {
            path: path.to_owned(),
            verb: "written",
            source,
        };
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}", hex(&entropy.bytes::<8>())));
        let beside = PathBuf::from(name);
        let written = self.write_and_link(&beside, path);
        let removed = std::fs::remove_file(&beside);
        written.and(removed).map_err(failed)
    }

    fn write_and_link(&self, beside: &Path, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(beside)?;
        let mut text = Zeroizing::new(hex(self.bytes.as_slice()));
        text.push('\n');
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        match std::fs::hard_link(beside, path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
            linked => linked?,
        }
        let directory = path
            .parent()
            .filter(|p| !p.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        File::open(directory)?.sync_all()
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Length of a fingerprint in bytes: enough to tell keys apart.
pub(crate) const FINGERPRINT_BYTES: usize = 8;

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const TEXT: &[u8] = b"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eFF";

    #[test]
    fn a_key_is_64_hexadecimal_digits_with_blanks_around() {
        let key = MasterKey::parse(&[TEXT, b"\n"].concat(), "test").unwrap();
        assert_eq!(key.bytes()[..3], [0, 1, 2]);
        assert_eq!(key.bytes()[31], 0xff);
    }

    #[test]
    fn another_text_is_refused_without_showing_it() {
        for text in [
            b"".as_slice(),
            b"abc",
            &TEXT[1..],
            &[TEXT, b"0"].concat(),
            &[b'z'; 64],
        ] {
            let error = MasterKey::parse(text, "the test").unwrap_err().to_string();
            assert_eq!(error, "the master key in the test is not 64 hexadecimal digits");
        }
    }

    #[test]
    fn a_made_file_is_its_owners_alone_and_gives_the_same_key_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        let entropy = Entropy::seeded(1);
        let made = MasterKey::read_or_create_file(&path, &entropy).unwrap();
        let again = MasterKey::read_or_create_file(&path, &entropy).unwrap();
        assert_eq!(made.bytes(), again.bytes());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn of_two_that_write_at_once_the_first_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        let entropy = Entropy::seeded(1);
        let (first, second) = (MasterKey::generate(&entropy), MasterKey::generate(&entropy));
        first.write_new_file(&path, &entropy).unwrap();
        second.write_new_file(&path, &entropy).unwrap();
        assert_eq!(MasterKey::read_file(&path).unwrap().bytes(), first.bytes());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_others_may_read_is_refused_with_what_to_do() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        fs::write(&path, TEXT).unwrap();
        for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = MasterKey::read_file(&path).unwrap_err();
            assert!(matches!(error, MasterKeyError::LoosePermissions { .. }));
            assert!(error.to_string().contains("chmod 600"));
        }
        for mode in [0o600, 0o400] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert!(MasterKey::read_file(&path).is_ok());
        }
    }

    #[test]
    fn a_file_that_is_not_there_says_so() {
        let error = MasterKey::read_file(Path::new("/nowhere/master.key")).unwrap_err();
        assert!(matches!(error, MasterKeyError::File { verb: "read", .. }));
    }

    #[test]
    fn debug_text_shows_no_key_and_fingerprints_differ() {
        let entropy = Entropy::seeded(1);
        let (one, other) = (MasterKey::generate(&entropy), MasterKey::generate(&entropy));
        assert_eq!(format!("{one:?}"), "MasterKey(…)");
        assert_ne!(one.fingerprint(), other.fingerprint());
        assert_eq!(one.fingerprint().len(), 16);
    }
}
