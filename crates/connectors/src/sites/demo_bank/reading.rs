//! What a collecting account's owner can see: accounts and statements, on a login that stays open between readings.

use std::collections::HashSet;

use super::DemoBank;
use super::statement_page::StatementPage;
use crate::failure::SiteError;
use crate::session::Tab;
use crate::session::page::Page;
use crate::statement::{BankAccount, BankLogin, StatementLine};

/// Pages of one reading: 200,000 movements at DemoBank's 50 a page.
pub(super) const PAGES_MAX: u32 = 4_000;

impl DemoBank {
    /// All accounts of the login.
    pub(crate) async fn accounts(&self, login: &BankLogin) -> Result<Vec<BankAccount>, SiteError> {
        let mut tab = self.kept.get(login);
        let read = |page: &Page| self.read_accounts(&page.parsed());
        self.read_logged_in(login, &mut tab, &self.hooks.accounts.path, read)
            .await
    }

    /// The statement's lines, newest first, until `stop` or the end. Movements booked while it is read push others to
    /// the next page; these come twice and are kept once.
    pub(crate) async fn statement(
        &self,
        login: &BankLogin,
        number: &str,
        mut stop: impl FnMut(&[StatementLine]) -> bool + Send,
    ) -> Result<Vec<StatementLine>, SiteError> {
        if !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(SiteError::NoSuchAccount);
        }
        let mut tab = self.kept.get(login);
        let mut address = self.hooks.statement.path.replace("{number}", number);
        let (mut lines, mut seen) = (Vec::new(), HashSet::new());
        for _ in 0..PAGES_MAX {
            let read = |page: &Page| match page.status() {
                404 => Err(SiteError::NoSuchAccount),
                _ => self.read_statement(&page.parsed(), number),
            };
            let read = self.read_logged_in(login, &mut tab, &address, read).await?;
            let StatementPage {
                lines: on_page,
                older,
            } = read;
            let known_part_reached = stop(&on_page);
            lines.extend(on_page.into_iter().filter(|line| seen.insert(line.id.clone())));
            match older {
                Some(older) if !known_part_reached => address = older,
                _ => return Ok(lines),
            }
        }
        Err(SiteError::TooManyPages { pages_max: PAGES_MAX })
    }

    /// Reads a page on the kept login, and logs in first if there is none or the bank ended it.
    async fn read_logged_in<T>(
        &self,
        login: &BankLogin,
        tab: &mut Option<Tab>,
        address: &str,
        read: impl Fn(&Page) -> Result<T, SiteError> + Send,
    ) -> Result<T, SiteError> {
        if let Some(kept) = tab {
            let page = self.browser.open(kept, address).await?;
            match read(&page) {
                Err(SiteError::SessionExpired) => {}
                result => return result,
            }
        }
        let mut fresh = Tab::default();
        let entered = self.send_login(&mut fresh, &login.rut, &login.password).await?;
        self.expect_logged_in(&entered)?;
        self.kept.keep(login, fresh.clone());
        let page = self.browser.open(tab.insert(fresh), address).await?;
        read(&page)
    }
}
