//! DemoBank's site, step by step.

use crate::failure::{Failure, SiteError};
use crate::prompt::Answers;
use crate::sites::SiteFileError;
use crate::statement::{BankAccount, BankLogin, StatementLine};
use crate::transfer::{Authorised, Next, Session, TransferOrder};
use crate::{Clock, SiteSettings};

/// The connector's name in `banks/*.toml`.
pub(crate) const NAME: &str = "demo-bank";

pub(crate) struct DemoBank {}

impl DemoBank {
    pub(crate) fn load(_settings: &SiteSettings, _clock: Clock) -> Result<Option<DemoBank>, SiteFileError> {
        Ok(Some(DemoBank {}))
    }

    pub(crate) fn begin(&self, order: TransferOrder) -> Next {
        let _ = Session::begin(order);
        Next::Failed(Failure::Unreachable)
    }

    pub(crate) async fn answer(&self, _session: Session, _answers: Answers) -> Next {
        Next::Failed(Failure::Unreachable)
    }

    pub(crate) async fn authorise(&self, _session: Session) -> Authorised {
        Authorised::Refused(Failure::Unreachable)
    }

    pub(crate) async fn accounts(&self, _login: &BankLogin) -> Result<Vec<BankAccount>, SiteError> {
        Err(SiteError::SessionExpired)
    }

    pub(crate) async fn statement(
        &self,
        _login: &BankLogin,
        _number: &str,
        _stop: impl FnMut(&[StatementLine]) -> bool + Send,
    ) -> Result<Vec<StatementLine>, SiteError> {
        Err(SiteError::SessionExpired)
    }
}
