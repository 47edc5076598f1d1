//! A bank's site as one value: what the gateway calls, whichever bank stands behind it. Nothing here is kept between
//! the steps of a transfer but what [`Session`] carries, so any node continues what another one began.

use std::sync::Arc;

use crate::failure::SiteError;
use crate::prompt::Answers;
use crate::sites::demo_bank::DemoBank;
use crate::statement::{BankAccount, BankLogin, Statement, StatementLine};
use crate::transfer::{Authorised, Next, Session, TransferOrder};

/// One bank, driven as a browser would.
pub struct Bank {
    driver: Driver,
}

/// The code that knows a kind of site. A second bank is a second variant, and the compiler names every place to fill in.
pub(crate) enum Driver {
    DemoBank(Arc<DemoBank>),
}

impl Bank {
    pub(crate) fn new(driver: Driver) -> Bank {
        Bank { driver }
    }

    /// Begins a transfer: says what the bank asks first. Nothing is sent yet.
    pub fn begin(&self, order: TransferOrder) -> Next {
        match &self.driver {
            Driver::DemoBank(site) => site.begin(order),
        }
    }

    /// Gives the bank the payer's answers to the last [`Next::Ask`]. Moves no money.
    pub async fn answer(&self, session: Session, answers: Answers) -> Next {
        match &self.driver {
            Driver::DemoBank(site) => site.answer(session, answers).await,
        }
    }

    /// Sends the one request that moves money, exactly once. The caller has recorded beforehand that it does so and
    /// never calls this again for the same session, whatever comes back or does not.
    pub async fn authorise(&self, session: Session) -> Authorised {
        match &self.driver {
            Driver::DemoBank(site) => site.authorise(session).await,
        }
    }

    /// The accounts that this login sees.
    pub async fn accounts(&self, login: &BankLogin) -> Result<Vec<BankAccount>, SiteError> {
        match &self.driver {
            Driver::DemoBank(site) => site.accounts(login).await,
        }
    }

    /// Reads an account's statement, newest first, page by page, until `stop` says of a page's lines that the known
    /// part is reached, or the statement ends. Returns every line read, each once, and the balance after the newest.
    pub async fn statement(
        &self,
        login: &BankLogin,
        number: &str,
        stop: impl FnMut(&[StatementLine]) -> bool + Send,
    ) -> Result<Statement, SiteError> {
        match &self.driver {
            Driver::DemoBank(site) => site.statement(login, number, stop).await,
        }
    }
}
