//! The pages of a way: which institution, its login, its second factor, what it shows, the person's word, and the end.
//!
//! What is shown is what the row says at that moment, so reloading, going back and second tabs are safe.

use askama::Template;
use axum::http::StatusCode;
use ayni_connectors::data::declaration::{Declaration, LoginField};
use ayni_connectors::data::login::{AccountFound, Login};
use ayni_domain::oauth::CONSENT_LIFE;
use ayni_domain::oauth::progress::State;
use ayni_domain::operation::code::Code;
use ayni_domain::time::wire;
use jiff::Timestamp;

use super::authorization::{self, Authorization, Kind, can_log_in};
use super::frame::{Frame, render};
use super::login::{self, Stepped, Typed};
use super::refusals::{Message, Stop};
use super::visitor::{Answer, Post, Visitor};
use super::waiting::Waiting;
use super::{decide, end, own};
use crate::app::App;
use crate::merchants::accounts;
use crate::texts::dates;
use crate::texts::pages::consents::{data_of, problem_of};

/// Who asks, for the heading of every page.
pub(super) struct Asker {
    /// The client or, in the link flow, the account.
    pub(super) name: String,
    /// The account's own name, where it is not the same.
    pub(super) account: Option<String>,
}

#[derive(Template)]
#[template(path = "consents/choose.html")]
struct ChoosePage {
    frame: Frame,
    asker: Option<Asker>,
    action: String,
    institutions: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "consents/login.html")]
struct LoginPage {
    frame: Frame,
    asker: Option<Asker>,
    institution: String,
    data: Vec<&'static str>,
    until: String,
    until_machine: String,
    action: String,
    version: i64,
    scope: String,
    fields: Vec<LoginField>,
    problem: Option<&'static str>,
    can_refuse: bool,
}

#[derive(Template)]
#[template(path = "consents/code.html")]
struct CodePage {
    frame: Frame,
    institution: String,
    prompt: String,
    action: String,
    version: i64,
}

#[derive(Template)]
#[template(path = "consents/consent.html")]
struct ConsentPage {
    frame: Frame,
    asker: Asker,
    institution: String,
    data: Vec<&'static str>,
    until: String,
    until_machine: String,
    action: String,
    version: i64,
    accounts: Vec<AccountFound>,
}

/// The way of the page's address, if it is this browser's and its time has not passed.
pub(super) async fn load(visitor: &Visitor, kind: Kind) -> Result<Authorization, Stop> {
    let found = authorization::find(&visitor.app, &visitor.token).await?;
    let way = found
        .filter(|way| way.kind == kind && !way.is_over(visitor.app.clock.now()))
        .ok_or(Stop::Refused(Message::Gone))?;
    match &way.browser_hash {
        Some(hash) if hash.as_slice() != visitor.browser.hash() => Err(Stop::Refused(Message::OtherBrowser)),
        _ => Ok(way),
    }
}

/// The page that the way is at.
pub(super) async fn show(visitor: &Visitor, kind: Kind) -> Result<Answer, Stop> {
    let way = load(visitor, kind).await?;
    page(visitor, &way, None).await
}

/// A form of one of the pages.
pub(super) async fn answer(post: &Post, kind: Kind) -> Result<Answer, Stop> {
    let visitor = &post.visitor;
    let way = load(visitor, kind).await?;
    if post.form.text("version") != way.version.to_string() || way.state != State::Asking {
        return Err(Stop::Stale);
    }
    let waiting = Waiting::open(&visitor.app.keyring, &way)?;
    match (post.form.text("step"), waiting) {
        ("login", None) => log_in(post, way, kind).await,
        ("code", Some(Waiting::Code { scope, session, .. })) => {
            let code = post.form.text("code").to_owned();
            step(post, way, &scope, Typed::Code(session, code), kind).await
        }
        ("consent", Some(Waiting::Found { scope, login, .. })) if kind != Kind::Own => {
            decide::consent(post, way, &scope, &login).await
        }
        ("refuse", _) if kind != Kind::Own => decide::refuse(post, way).await,
        ("withdraw", Some(Waiting::Found { scope, login, .. })) if kind == Kind::Own => {
            own::withdraw(post, &scope, &login).await
        }
        ("start-over", Some(_)) => {
            login::start_over(post, way).await?;
            Err(Stop::Stale)
        }
        _ => Err(Stop::Stale),
    }
}

/// The institution of a scope, as its connector declares it.
pub(super) fn declared<'a>(app: &'a App, scope: &str) -> Result<&'a Declaration, Stop> {
    let site = app.sites.of_scope(scope).filter(|_| can_log_in(app, scope));
    site.map(|site| site.declaration())
        .ok_or(Stop::Refused(Message::Gone))
}

/// Who asks.
pub(super) async fn asker(app: &App, way: &Authorization) -> Result<Option<Asker>, Stop> {
    let Some(account) = way.account else {
        return Ok(None);
    };
    let account = accounts::find(&app.db, account).await?;
    let client = match way.client.clone() {
        Some(client) => crate::oauth::clients::name_of(&app.db, client).await?,
        None => None,
    };
    Ok(Some(match client {
        Some(name) => Asker {
            name,
            account: Some(account.name),
        },
        None => Asker {
            name: account.name,
            account: None,
        },
    }))
}

/// The address of the way's pages.
pub(super) fn action(visitor: &Visitor, way: &Authorization) -> String {
    format!("{}/{}", way.kind.path(), visitor.token)
}

async fn page(visitor: &Visitor, way: &Authorization, problem: Option<Code>) -> Result<Answer, Stop> {
    match way.state {
        State::Consented => return end::consented(visitor, way).await,
        State::Refused => return end::refused(visitor, way).await,
        State::Asking => {}
    }
    match Waiting::open(&visitor.app.keyring, way)? {
        Some(Waiting::Code { scope, prompt, .. }) => code_page(visitor, way, &scope, prompt),
        Some(Waiting::Found { scope, login, .. }) if way.kind == Kind::Own => {
            own::page(visitor, way, &scope, &login).await
        }
        Some(Waiting::Found { scope, accounts, .. }) => consent_page(visitor, way, &scope, accounts).await,
        None => login_page(visitor, way, problem).await,
    }
}

async fn log_in(post: &Post, way: Authorization, kind: Kind) -> Result<Answer, Stop> {
    let (form, scope) = (&post.form, post.form.text("institution").to_owned());
    if !way.scopes().has(&scope) {
        return Err(Stop::Stale);
    }
    let fits = |text: &str| (1..=TYPED_LENGTH_MAX).contains(&text.chars().count());
    if !fits(form.text("Username")) || !fits(form.raw("Password")) {
        return login_page(&post.visitor, &way, Some(Code::ParameterMissing)).await;
    }
    let login = Login {
        username: form.text("Username").to_owned(),
        password: form.raw("Password").to_owned(),
        device: None,
    };
    step(post, way, &scope, Typed::Login(login), kind).await
}

async fn step(
    post: &Post,
    way: Authorization,
    scope: &str,
    typed: Typed,
    kind: Kind,
) -> Result<Answer, Stop> {
    match login::take(post, way, scope, typed).await? {
        Stepped::On => Err(Stop::Stale),
        Stepped::Refused(code) => {
            let way = load(&post.visitor, kind).await?;
            page(&post.visitor, &way, Some(code)).await
        }
    }
}

async fn login_page(visitor: &Visitor, way: &Authorization, problem: Option<Code>) -> Result<Answer, Stop> {
    let (app, lang) = (&visitor.app, visitor.lang);
    let scopes = way.scopes();
    let offered: Vec<&str> = scopes.iter().filter(|scope| can_log_in(app, scope)).collect();
    let chosen = match (visitor.query.get("institution"), offered.as_slice()) {
        (_, [only]) => Some(*only),
        (Some(asked), _) => offered.iter().copied().find(|scope| scope == asked),
        (None, _) => None,
    };
    let asker = asker(app, way).await?;
    let Some(scope) = chosen else {
        return choose_page(visitor, way, asker, &offered);
    };
    let (declaration, until) = (declared(app, scope)?, consent_ends_at(app));
    let template = LoginPage {
        frame: Frame::of(visitor, "login", &declaration.name),
        can_refuse: asker.is_some(),
        asker,
        institution: declaration.name.clone(),
        data: data_of(declaration, lang),
        until: dates::shown(until, lang),
        until_machine: wire(until),
        action: format!("{}?institution={scope}", action(visitor, way)),
        version: way.version,
        scope: scope.to_owned(),
        fields: declaration.login_fields.clone(),
        problem: problem.map(|code| problem_of(code, lang)),
    };
    let status = match problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    render(status, &template)
}

fn choose_page(
    visitor: &Visitor,
    way: &Authorization,
    asker: Option<Asker>,
    offered: &[&str],
) -> Result<Answer, Stop> {
    let named = offered.iter().filter_map(|scope| {
        Some((
            (*scope).to_owned(),
            declared(&visitor.app, scope).ok()?.name.clone(),
        ))
    });
    let frame = Frame::of(visitor, "choose", "");
    let template = ChoosePage {
        frame: Frame {
            title: frame.t.choose.to_owned(),
            ..frame
        },
        asker,
        action: action(visitor, way),
        institutions: named.collect(),
    };
    render(StatusCode::OK, &template)
}

fn code_page(visitor: &Visitor, way: &Authorization, scope: &str, prompt: String) -> Result<Answer, Stop> {
    let declaration = declared(&visitor.app, scope)?;
    let template = CodePage {
        frame: Frame::of(visitor, "code", &declaration.name),
        institution: declaration.name.clone(),
        prompt,
        action: action(visitor, way),
        version: way.version,
    };
    render(StatusCode::OK, &template)
}

async fn consent_page(
    visitor: &Visitor,
    way: &Authorization,
    scope: &str,
    accounts: Vec<AccountFound>,
) -> Result<Answer, Stop> {
    let (app, lang) = (&visitor.app, visitor.lang);
    let (declaration, until) = (declared(app, scope)?, consent_ends_at(app));
    let asker = asker(app, way).await?.ok_or(Stop::Refused(Message::Gone))?;
    let template = ConsentPage {
        frame: Frame::of(visitor, "consent", &asker.name),
        asker,
        institution: declaration.name.clone(),
        data: data_of(declaration, lang),
        until: dates::shown(until, lang),
        until_machine: wire(until),
        action: action(visitor, way),
        version: way.version,
        accounts,
    };
    render(StatusCode::OK, &template)
}

/// When a consent given now ends.
pub(super) fn consent_ends_at(app: &App) -> Timestamp {
    let now = app.clock.now();
    now.saturating_add(CONSENT_LIFE).unwrap_or(Timestamp::MAX)
}

/// Longest user name or password that is passed on, in characters.
const TYPED_LENGTH_MAX: usize = 128;
