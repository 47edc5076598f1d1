//! The login and its second factor. A person who has given the code on this device once is not asked for it again: the
//! site's cookie for the device goes along with the login.

use ayni_domain::operation::code::Code;
use zeroize::Zeroize;

use super::hooks::Known;
use super::{Site, filled, refused};
use crate::data::login::{LoggedIn, Login, LoginSession};
use crate::data::stopped::Stopped;
use crate::session::Tab;
use crate::session::page::{Page, text_of};
use crate::session::visitor::Visitor;

/// Longest prompt of the site's that is passed on, in characters.
const PROMPT_CHARS_MAX: usize = 300;

/// Where a login led.
pub(super) enum Landing {
    /// To the first page of services.
    In(Page),
    /// To the second factor, with what the site says about it.
    CodeWanted(String),
}

impl Site {
    pub(super) async fn begin_login(&self, login: &Login) -> Result<LoggedIn, Stopped> {
        let mut visitor = self.visitor(login);
        match self.enter(&mut visitor, login).await? {
            Landing::In(page) => self.done(visitor, login.clone(), page).await,
            Landing::CodeWanted(prompt) => Ok(LoggedIn::CodeWanted {
                prompt,
                session: LoginSession {
                    tab: visitor.into_tab().await?,
                    login: login.clone(),
                },
            }),
        }
    }

    /// Gives the code. A wrong one is asked for again, with what the site says.
    pub(super) async fn finish_login(&self, session: LoginSession, code: &str) -> Result<LoggedIn, Stopped> {
        let hooks = &self.hooks.code;
        let login = session.login.clone();
        let mut visitor = self.visits.begin(session.tab.clone());
        let page = visitor.reload().await?;
        self.expect_code(&page)?;
        let fields = [
            (hooks.code.as_str(), code),
            (hooks.remember.as_str(), hooks.remember_value.as_str()),
        ];
        let form = filled(&page.parsed(), &hooks.form, &fields, "the form of the code")?;
        let landed = visitor.submit(&form).await?;
        match self.landing(&landed, &login)? {
            true => self.done(visitor, login, landed).await,
            false => Ok(LoggedIn::CodeWanted {
                prompt: self.prompt(&landed),
                session: LoginSession {
                    tab: visitor.into_tab().await?,
                    login,
                },
            }),
        }
    }

    /// A visitor whose device the site may remember.
    pub(super) fn visitor(&self, login: &Login) -> Visitor {
        let device = login.device.as_deref();
        let tab = device.map(|device| Tab::with_cookie(&self.hooks.code.device_cookie, device));
        self.visits.begin(tab.unwrap_or_default())
    }

    /// Types user name and password.
    pub(super) async fn enter(&self, visitor: &mut Visitor, login: &Login) -> Result<Landing, Stopped> {
        let hooks = &self.hooks.login;
        let page = visitor.open(&hooks.path).await?;
        let form = {
            let page = page.parsed();
            self.expect(&page, Known::Login, "the login page")?;
            let fields = [
                (hooks.username.as_str(), login.username.as_str()),
                (hooks.password.as_str(), login.password.as_str()),
            ];
            filled(&page, &hooks.form, &fields, "the login form")?
        };
        let landed = visitor.submit(&form).await?;
        Ok(match self.landing(&landed, login)? {
            true => Landing::In(landed),
            false => Landing::CodeWanted(self.prompt(&landed)),
        })
    }

    async fn done(&self, visitor: Visitor, mut login: Login, first: Page) -> Result<LoggedIn, Stopped> {
        let (visitor, services) = self.all_services(visitor, first).await?;
        let tab = visitor.into_tab().await?;
        if let Some(device) = tab.cookie(&self.hooks.code.device_cookie) {
            login.device.zeroize();
            login.device = Some(device.to_owned());
        }
        let accounts = services.into_iter().map(Into::into).collect();
        Ok(LoggedIn::Done { login, accounts })
    }

    /// Whether the person is in; false where the code is asked for.
    fn landing(&self, page: &Page, login: &Login) -> Result<bool, Stopped> {
        const WHAT: &str = "the services after the login";
        let (page, hooks) = (&page.parsed(), &self.hooks);
        match hooks.pages.recognise(page) {
            Some(Known::Services) => Ok(true),
            Some(Known::Code) => Ok(false),
            Some(Known::Login) => match page.all(&hooks.login.problem.0).as_slice() {
                [] if page.has(&hooks.login.ended.0) => Err(Stopped::Expired),
                [problem] => {
                    let typed = [login.username.as_str(), login.password.as_str()];
                    Err(refused(&hooks.login.problems, &text_of(*problem), &typed))
                }
                _ => Err(Stopped::with_page(page, Code::UnknownPage, WHAT)),
            },
            shown => Err(self.instead(page, shown, WHAT)),
        }
    }

    /// The page that asks for the code. The login in its place means that too much time went by.
    fn expect_code(&self, page: &Page) -> Result<(), Stopped> {
        let page = &page.parsed();
        match self.hooks.pages.recognise(page) {
            Some(Known::Code) => Ok(()),
            Some(Known::Login) => Err(Stopped::Expired),
            shown => Err(self.instead(page, shown, "the page of the code")),
        }
    }

    /// What the site says about the code: why it was wrong, or how it was sent.
    fn prompt(&self, page: &Page) -> String {
        let (page, hooks) = (page.parsed(), &self.hooks.code);
        let said = page.all(&hooks.problem.0).first().copied();
        let said = said.or_else(|| page.all(&hooks.prompt.0).first().copied());
        let text = said.map(text_of).unwrap_or_default();
        text.chars().take(PROMPT_CHARS_MAX).collect()
    }
}
