//! A person's login at an institution: what is typed, what the site may ask after it, and what it shows then.
//!
//! Everything here is wiped when dropped, shows nothing of itself in `Debug`, and may be stored only sealed.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::session::Tab;

/// What logs a person in.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Login {
    /// As the person types it.
    pub username: String,
    /// As the person types it.
    pub password: String,
    /// What the site gave a device that passed the second factor, so that it is not asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login(…)")
    }
}

/// One step of logging in.
pub enum LoginStep {
    /// User name and password.
    Credentials(Login),
    /// The code that the site asked for.
    Code {
        /// The step before.
        session: LoginSession,
        /// What the person typed.
        code: String,
    },
}

/// What a step led to.
pub enum LoggedIn {
    /// The site let the person in.
    Done {
        /// The login for later visits, with the device that the site remembers.
        login: Login,
        /// What the site shows for it.
        accounts: Vec<AccountFound>,
    },
    /// The site asks for a second factor.
    CodeWanted {
        /// What the site says about it.
        prompt: String,
        /// To go on with, from any process; store it sealed.
        session: LoginSession,
    },
}

/// A login that waits for its second factor.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct LoginSession {
    /// The site's cookies and open page.
    pub tab: Tab,
    /// What was typed.
    pub login: Login,
}

impl std::fmt::Debug for LoginSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LoginSession(…)")
    }
}

/// An account or service that a login shows, told to the person before consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFound {
    /// Whose it is or what it is called, e.g. `Entel PCS Movil`.
    pub name: String,
    /// What it is, e.g. `Telefonía Celular`.
    pub kind: String,
    /// Its number or client identifier.
    pub identification: String,
}
