//! What every page of the console shows around its own work: the menu, the account and how to change it, who is signed
//! in, the language, and what was just done.

use ayni_domain::lang::Lang;
use ayni_domain::privilege::Mode;
use ayni_domain::role::Role;
use url::form_urlencoded;

use super::flash::Flash;
use super::seat::Seat;
use crate::payer::assets;
use crate::texts::console::frame::Texts;

/// A group of pages, as the menu names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The first page.
    Home,
    /// Payments.
    Payments,
    /// Notifications and mails, and what became of them.
    Deliveries,
    /// Money that waits for a person.
    Review,
    /// Payment links.
    Links,
    /// Settlements.
    Settlements,
    /// API keys and the secret of notifications.
    Keys,
    /// OAuth clients and consents.
    Clients,
    /// The people of the account.
    People,
    /// What is kept about one person.
    Privacy,
    /// Who did what.
    Audit,
    /// One's own password, second factor and sessions; beside the menu.
    Security,
}

/// What the menu shows, in its order. A group adds its section when it has pages.
const MENU: &[Section] = &[
    Section::Home,
    Section::Payments,
    Section::Links,
    Section::Deliveries,
    Section::Review,
    Section::Settlements,
    Section::Keys,
    Section::Clients,
    Section::People,
    Section::Privacy,
    Section::Audit,
];

impl Section {
    /// Where it begins.
    pub fn href(self) -> &'static str {
        match self {
            Section::Home => "/console",
            Section::Payments => "/console/payments",
            Section::Deliveries => "/console/deliveries",
            Section::Review => "/console/review",
            Section::Links => "/console/links",
            Section::Settlements => "/console/settlements",
            Section::Keys => "/console/keys",
            Section::Clients => "/console/clients",
            Section::People => "/console/people",
            Section::Privacy => "/console/privacy",
            Section::Audit => "/console/audit",
            Section::Security => "/console/security",
        }
    }

    /// Its first page's name for tests and scripts.
    fn page(self) -> &'static str {
        match self.href().rsplit_once('/') {
            Some(("/console", name)) => name,
            _ => "home",
        }
    }

    /// Whether people of this role find anything there.
    fn is_for(self, role: Role) -> bool {
        match self {
            Section::People | Section::Privacy | Section::Audit | Section::Keys | Section::Clients => {
                role == Role::Owner
            }
            _ => true,
        }
    }
}

/// The frame of a page; templates extend `console/layout.html` and have it as `frame`.
pub struct Frame {
    pub(crate) lang: Lang,
    /// The page's name for tests and scripts (`data-page`).
    pub(crate) page: &'static str,
    pub(crate) title: String,
    pub(crate) t: &'static Texts,
    pub(crate) menu: Vec<MenuItem>,
    pub(crate) account_name: String,
    pub(crate) account_id: String,
    pub(crate) is_developer: bool,
    /// The person's other accounts.
    pub(crate) others: Vec<OtherAccount>,
    pub(crate) email: String,
    pub(crate) role: &'static str,
    /// Whether the person may make payments.
    pub(crate) may_collect: bool,
    pub(crate) is_at_security: bool,
    pub(crate) flash: Option<Flash>,
    pub(crate) csrf: String,
    /// This page in the other language.
    pub(crate) other_language: String,
}

/// A line of the menu.
pub(crate) struct MenuItem {
    pub(crate) href: &'static str,
    pub(crate) label: &'static str,
    pub(crate) is_current: bool,
}

/// An account to change to.
pub(crate) struct OtherAccount {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) dotted: String,
}

impl Frame {
    /// The frame of a page of this section.
    pub fn of(seat: &Seat, section: Section, title: &str) -> Frame {
        let t = Texts::of(seat.lang);
        let menu = MENU.iter().filter(|shown| shown.is_for(seat.role));
        let others = seat
            .memberships
            .iter()
            .filter(|other| other.account != seat.account);
        Frame {
            lang: seat.lang,
            page: section.page(),
            title: title.to_owned(),
            t,
            menu: menu
                .map(|shown| MenuItem {
                    href: shown.href(),
                    label: t.section(*shown),
                    is_current: *shown == section,
                })
                .collect(),
            account_name: seat.account_name.clone(),
            account_id: seat.account.dotted(),
            is_developer: seat.mode == Mode::Developer,
            others: others
                .map(|other| OtherAccount {
                    id: other.account.0,
                    name: other.name.clone(),
                    dotted: other.account.dotted(),
                })
                .collect(),
            email: seat.email.clone(),
            role: t.role(seat.role),
            may_collect: seat.role.may_collect(),
            is_at_security: section == Section::Security,
            flash: seat.flash.clone(),
            csrf: seat.csrf().to_owned(),
            other_language: other_language(seat),
        }
    }

    /// With a name of its own for tests and scripts, where a section has several pages.
    pub fn named(self, page: &'static str) -> Frame {
        Frame { page, ..self }
    }

    /// With the way to the other language leading to another page, where this one is the answer to a form.
    pub fn in_other_language_at(self, path: &str) -> Frame {
        let other_language = format!("{path}?lang={}", self.other_lang().tag());
        Frame {
            other_language,
            ..self
        }
    }

    /// The address of a file of ours.
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    /// The language of the header's link.
    pub fn other_lang(&self) -> Lang {
        self.lang.pick(Lang::En, Lang::Es)
    }

    /// The hidden field that every form of the page carries; hexadecimal digits, so safe as it is.
    pub fn csrf_field(&self) -> String {
        format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", self.csrf)
    }
}

fn other_language(seat: &Seat) -> String {
    let lang = seat.lang.pick(Lang::En, Lang::Es);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(seat.query.iter().filter(|(name, _)| *name != "lang"));
    format!("{}?{}", seat.path, query.append_pair("lang", lang.tag()).finish())
}
