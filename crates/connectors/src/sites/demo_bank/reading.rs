//! What a collecting account's owner can see: accounts and statements, on a login that stays open between readings.

use std::collections::HashSet;

use super::DemoBank;
use super::statement_page::StatementPage;
use crate::failure::SiteError;
use crate::session::Tab;
use crate::session::page::Page;
use crate::statement::{BankAccount, BankLogin, Statement, StatementLine};

impl DemoBank {
    /// All accounts of the login.
    pub(crate) async fn accounts(&self, login: &BankLogin) -> Result<Vec<BankAccount>, SiteError> {
        let mut tab = self.kept.get(login);
        let read = |page: &Page| self.read_accounts(&page.parsed());
        self.read_logged_in(login, &mut tab, &self.hooks.accounts.path, read)
            .await
    }

    /// All accounts, after a login of its own: an open session tells nothing of a password that was changed meanwhile.
    pub(crate) async fn accounts_of_a_new_login(
        &self,
        login: &BankLogin,
    ) -> Result<Vec<BankAccount>, SiteError> {
        let read = |page: &Page| self.read_accounts(&page.parsed());
        self.read_logged_in(login, &mut None, &self.hooks.accounts.path, read)
            .await
    }

    /// The statement's lines, newest first, until `stop` or the end. Movements booked while it is read push others to
    /// the next page; these come twice and are kept once. So the lines are those that there were when the first page was
    /// shown, and the balance of that page is theirs.
    pub(crate) async fn statement(
        &self,
        login: &BankLogin,
        number: &str,
        mut stop: impl FnMut(&[StatementLine]) -> bool + Send,
    ) -> Result<Statement, SiteError> {
        if !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(SiteError::NoSuchAccount);
        }
        let mut tab = self.kept.get(login);
        let mut address = self.hooks.statement.path.replace("{number}", number);
        let pages_max = self.hooks.statement.pages_max;
        let (mut whole, mut seen) = (Statement::default(), HashSet::new());
        for _ in 0..pages_max {
            let read = |page: &Page| match page.status() {
                404 => Err(SiteError::NoSuchAccount),
                _ => self.read_statement(&page.parsed(), number),
            };
            let read = self.read_logged_in(login, &mut tab, &address, read).await?;
            let StatementPage {
                lines: on_page,
                balance,
                older,
            } = read;
            whole.balance = whole.balance.or(Some(balance));
            let known_part_reached = stop(&on_page);
            let new = on_page.into_iter().filter(|line| seen.insert(line.id.clone()));
            whole.lines.extend(new);
            match older {
                Some(older) if !known_part_reached => address = older,
                _ => return Ok(whole),
            }
        }
        Err(SiteError::TooManyPages { pages_max })
    }

    /// Reads a page on the kept login, and logs in first if there is none or the bank ended it.
    async fn read_logged_in<T>(
        &self,
        login: &BankLogin,
        tab: &mut Option<Tab>,
        address: &str,
        read: impl Fn(&Page) -> Result<T, SiteError> + Send,
    ) -> Result<T, SiteError> {
        if let Some(open) = tab {
            let page = self.browser.open(open, address).await?;
            match read(&page) {
                Err(SiteError::SessionExpired) => {}
                result => {
                    self.kept.keep(login, open.clone());
                    return result;
                }
            }
        }
        let fresh = tab.insert(Tab::default());
        let entered = self.send_login(fresh, &login.rut, &login.password).await?;
        self.expect_logged_in(&entered)?;
        let page = self.browser.open(fresh, address).await?;
        self.kept.keep(login, fresh.clone());
        read(&page)
    }
}
