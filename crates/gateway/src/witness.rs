//! Who did it, written where it is done.
//!
//! What people do in the console is done by the same functions that the API and the commands call. Such a function takes
//! a [`Witness`] and lets it sign in its unit of work, before anything else: so who did what is recorded exactly when it
//! is done, and a form that is sent twice finds its own signature and does nothing more.

use std::fmt;
use std::sync::Arc;

use ayni_store::tx::Tx;

use crate::http::idempotent::NotKept;

type Signature = dyn Fn(&mut Tx<'_>, &str) -> Result<(), NotKept> + Send + Sync;

/// Signs what somebody does, in its unit of work. Like that, it may sign twice, and has no effect but its rows.
#[derive(Clone)]
pub struct Witness(Option<Arc<Signature>>);

impl Witness {
    /// Nobody has to be named: a request of the API, a command of the operator, something that the gateway does itself.
    pub fn nobody() -> &'static Witness {
        static NOBODY: Witness = Witness(None);
        &NOBODY
    }

    /// Signs with this, which is given what it is done to: a payment's, a notice's or a mail's id.
    pub fn new(sign: impl Fn(&mut Tx<'_>, &str) -> Result<(), NotKept> + Send + Sync + 'static) -> Witness {
        Witness(Some(Arc::new(sign)))
    }

    /// Signs. [`NotKept::Taken`] where this very act was done before: the unit of work must keep nothing then.
    pub(crate) fn sign(&self, tx: &mut Tx<'_>, subject: &str) -> Result<(), NotKept> {
        match &self.0 {
            Some(sign) => sign(tx, subject),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Witness").field(&self.0.is_some()).finish()
    }
}
