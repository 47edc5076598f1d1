//! Passwords of people: which ones are taken, and their slow computation, few at once and never on an async thread.

use std::sync::Arc;

use ayni_crypto::entropy::Entropy;
use ayni_crypto::password::{self, PasswordError};
use thiserror::Error;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::console::refused::Refused;

/// The places in which passwords are computed, and the queue before them.
pub struct Passwords {
    computing: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

/// Why a password was not computed.
#[derive(Debug, Error)]
pub enum ComputeError {
    /// More people wait than may.
    #[error("more people sign in than can be served: try again in a moment")]
    Busy,
    /// The function failed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The computing thread ended.
    #[error("the computation was cut off")]
    CutOff,
}

/// What is wrong with a password that somebody chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Weakness {
    /// Fewer than [`LENGTH_MIN`] characters.
    #[error("a password has at least {LENGTH_MIN} characters")]
    TooShort,
    /// More than [`LENGTH_MAX`] characters.
    #[error("a password has at most {LENGTH_MAX} characters")]
    TooLong,
    /// One that many people have, the e-mail itself, or one character again and again.
    #[error("this password is easy to guess: choose another one")]
    Common,
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords {
            computing: Arc::new(Semaphore::new(COMPUTING_MAX)),
            waiting: Arc::new(Semaphore::new(WAITING_MAX)),
        }
    }
}

impl Passwords {
    /// Whether it is the password of this stored text. Without one the answer is no, after as long a computation.
    ///
    /// # Errors
    /// [`ComputeError::Busy`] where too many wait.
    pub async fn verify(
        &self,
        stored: Option<String>,
        typed: Zeroizing<String>,
    ) -> Result<bool, ComputeError> {
        self.compute(move || password::verify(stored.as_deref(), &typed))
            .await
    }

    /// The text to be stored of a password.
    ///
    /// # Errors
    /// [`ComputeError::Busy`] where too many wait.
    pub async fn hash(&self, entropy: &Entropy, chosen: Zeroizing<String>) -> Result<String, ComputeError> {
        let salt = entropy.bytes();
        self.compute(move || password::hash(&chosen, &salt)).await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, ComputeError> {
        let waits = self.waiting.clone().try_acquire_owned();
        let _waits = waits.map_err(|_| ComputeError::Busy)?;
        let place = self.computing.clone().acquire_owned().await;
        let place = place.map_err(|_| ComputeError::CutOff)?;
        let computed = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        Ok(computed.await.map_err(|_| ComputeError::CutOff)??)
    }
}

impl From<ComputeError> for Refused {
    fn from(error: ComputeError) -> Refused {
        match error {
            ComputeError::Busy => Refused::Busy,
            other => Refused::internal(&other),
        }
    }
}

/// Says what is wrong with a chosen password.
///
/// # Errors
/// Its weakness.
pub fn check(chosen: &str, email: &str) -> Result<(), Weakness> {
    let length = chosen.chars().count();
    if length < LENGTH_MIN {
        return Err(Weakness::TooShort);
    }
    if length > LENGTH_MAX {
        return Err(Weakness::TooLong);
    }
    let plain: String = chosen
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let own: String = email.chars().filter(|c| c.is_alphanumeric()).collect();
    let first = plain.chars().next();
    let is_one_character = plain.chars().all(|c| Some(c) == first);
    let is_run = RUNS
        .iter()
        .any(|run| run.repeat(LENGTH_MAX / run.len()).contains(plain.as_str()));
    match is_one_character || is_run || plain == own || COMMON.contains(&plain.as_str()) {
        true => Err(Weakness::Common),
        false => Ok(()),
    }
}

/// Computations at once; each takes 19 MiB and tens of milliseconds of one processor.
const COMPUTING_MAX: usize = 2;
/// People who wait for one, those computing included.
const WAITING_MAX: usize = 64;
/// Shortest password (NIST SP 800-63B asks for 8 beside a second factor, for 15 without one).
pub const LENGTH_MIN: usize = 12;
/// Longest password in characters.
pub const LENGTH_MAX: usize = 128;
/// Texts that fingers type by themselves.
const RUNS: [&str; 6] = [
    "1234567890",
    "0123456789",
    "9876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwerty123456",
];
/// Long passwords that many people have, without their signs and in lower case.
const COMMON: [&str; 24] = [
    "123456123456",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "administrador",
    "administrator",
    "asdfghjklasdf",
    "bienvenido123",
    "bienvenidos123",
    "changemenow1",
    "contrasena123",
    "contraseña123",
    "contraseñasegura",
    "iloveyou1234",
    "letmeinletmein",
    "micontraseña1",
    "password1234",
    "password12345",
    "password123456",
    "passwordpassword",
    "qazwsxedcrfv",
    "qwertyuiop123",
    "santiagodechile",
    "teamo123456789",
    "welcome12345",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_not_what_everybody_has() {
        for (chosen, expected) in [
            ("once letras", Err(Weakness::TooShort)),
            ("doce letras!", Ok(())),
            ("aaaaaaaaaaaaaaa", Err(Weakness::Common)),
            ("Password-1234", Err(Weakness::Common)),
            ("123456789012345", Err(Weakness::Common)),
            ("ana@example.com", Err(Weakness::Common)),
            ("Contraseña 123", Err(Weakness::Common)),
            ("un caballo y una grapa", Ok(())),
        ] {
            assert_eq!(check(chosen, "ana@example.com"), expected, "{chosen}");
        }
        assert_eq!(check(&"lo".repeat(65), "a@b.cl"), Err(Weakness::TooLong));
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_told_and_nobody_waits_for_ever() {
        let passwords = Passwords::default();
        let all = passwords.waiting.clone().acquire_many_owned(64).await.unwrap();
        let refused = passwords.verify(None, Zeroizing::new("clave".into())).await;
        assert!(matches!(refused, Err(ComputeError::Busy)));
        drop(all);
        assert!(
            !passwords
                .verify(None, Zeroizing::new("clave".into()))
                .await
                .unwrap()
        );
    }
}
