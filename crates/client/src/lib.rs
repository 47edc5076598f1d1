//! Who calls the gateway from Rust should not have to write the same hundred lines again: which header carries the key,
//! what a refusal looks like, which request may be sent twice after a lost connection, how a notification is verified.
//!
//! [`Client`] has one method for each operation. Amounts are exact ([`ayni_domain::money::Amount`]); an error says
//! whether the request was refused, and by which field, or whether it may have been done. What is safe to send again is sent
//! again by itself, after pauses that grow and are drawn: readings, and everything that carries an `Idempotency-Key`, which
//! this client draws for each POST unless it is given one.
//!
//! ```no_run
//! use ayni_client::payments::NewPayment;
//! use ayni_client::Client;
//! use ayni_domain::currency::Currency;
//!
//! # async fn pay() -> Result<(), ayni_client::error::Error> {
//! let client = Client::new("http://127.0.0.1:8080", "5d2e7a0c-…")?;
//! let amount = "1000".to_owned().try_into().unwrap_or_default();
//! let mut new = NewPayment::new(amount, Currency::Clp, "Two cups");
//! new.notify_url = Some("https://shop.example/notify".to_owned());
//! let made = client.create_payment(&new).await?;
//! println!("{}", made.payment_url);
//! # Ok(())
//! # }
//! ```

mod backoff;
pub mod banks;
mod call;
pub mod error;
pub mod events;
pub mod notices;
pub mod operations;
pub mod payments;
pub mod receivers;
pub mod refunds;
pub mod requests;
pub mod settlements;
pub mod stream;
pub mod tokens;
pub mod verify;

use std::time::Duration;

use url::Url;

use call::Way;
use error::Error;

/// The gateway, as one account calls it. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    way: Way,
}

/// What may be wanted otherwise than usual.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time that one try may take, from connecting to the answer's last byte.
    pub timeout: Duration,
    /// Tries of one call at most, the first one included; 1: nothing is sent again.
    pub tries_max: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            timeout: Duration::from_secs(60),
            tries_max: 4,
        }
    }
}

impl Client {
    /// A client of the gateway at this address, with an account's API key.
    ///
    /// # Errors
    /// [`Error::Setup`] where the address or the key can't be used.
    pub fn new(gateway_url: &str, api_key: &str) -> Result<Client, Error> {
        Client::with_limits(gateway_url, api_key, Limits::default())
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_limits(gateway_url: &str, api_key: &str, limits: Limits) -> Result<Client, Error> {
        let way = Way::new(gateway_url, limits)?.opened_by("x-api-key", api_key)?;
        Ok(Client { way })
    }

    /// A client of the data side, with an OAuth token in place of a key ([`tokens`] gets one).
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with_token(gateway_url: &str, token: &str, limits: Limits) -> Result<Client, Error> {
        let bearer = format!("Bearer {token}");
        let way = Way::new(gateway_url, limits)?.opened_by("authorization", &bearer)?;
        Ok(Client { way })
    }

    /// Where the gateway answers.
    pub fn gateway_url(&self) -> &Url {
        self.way.base()
    }
}
