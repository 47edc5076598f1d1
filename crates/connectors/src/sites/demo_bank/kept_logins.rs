//! Logins that are still open at the bank, so that a statement that is read several times a second is not logged in to
//! several times a second. They live in memory only: another node logs in for itself.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ayni_crypto::digest::sha256;

use crate::session::Tab;
use crate::statement::BankLogin;

/// Logins kept open; with more, one of them is given up and logs in anew when it is needed.
const KEPT_MAX: usize = 256;

/// Tabs by their login. The password is part of the key: who does not know it never gets another's open session.
#[derive(Default)]
pub(super) struct KeptLogins(Mutex<HashMap<[u8; 32], Tab>>);

impl KeptLogins {
    pub(super) fn get(&self, login: &BankLogin) -> Option<Tab> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key(login))
            .cloned()
    }

    pub(super) fn keep(&self, login: &BankLogin, tab: Tab) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(login);
        if kept.len() >= KEPT_MAX && !kept.contains_key(&key) {
            let given_up = kept.keys().next().copied();
            given_up.and_then(|key| kept.remove(&key));
        }
        kept.insert(key, tab);
    }
}

fn key(login: &BankLogin) -> [u8; 32] {
    // The length keeps `1` + `23` apart from `12` + `3`.
    sha256(format!("{} {} {}", login.rut.len(), login.rut, login.password).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(rut: usize, password: &str) -> BankLogin {
        BankLogin {
            rut: rut.to_string(),
            password: password.to_owned(),
            coordinates: None,
        }
    }

    #[test]
    fn an_open_session_is_only_for_who_knows_the_password() {
        let kept = KeptLogins::default();
        kept.keep(&login(1, "1234"), Tab::default());
        assert!(kept.get(&login(1, "1234")).is_some());
        assert!(kept.get(&login(1, "4321")).is_none());
        assert!(kept.get(&login(11, "234")).is_none());
    }

    #[test]
    fn no_more_sessions_are_kept_than_the_limit() {
        let kept = KeptLogins::default();
        for rut in 0..=KEPT_MAX {
            kept.keep(&login(rut, "1234"), Tab::default());
        }
        assert_eq!(kept.0.lock().unwrap().len(), KEPT_MAX);
        assert!(kept.get(&login(KEPT_MAX, "1234")).is_some());
    }
}
