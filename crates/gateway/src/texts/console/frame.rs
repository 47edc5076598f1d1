//! What stands around every page of the console.

use ayni_domain::lang::Lang;
use ayni_domain::role::Role;

use crate::console::frame::Section;

/// The frame's texts.
pub struct Texts {
    /// First link of the page, for keyboards.
    pub skip: &'static str,
    /// Names the link in the other language, in that language.
    pub other_language: &'static str,
    /// Names the menu.
    pub menu: &'static str,
    /// Marks a developer account.
    pub developer: &'static str,
    /// Heads the person's other accounts.
    pub change_account: &'static str,
    /// Changes to the account beside it.
    pub change: &'static str,
    /// To one's password, second factor and sessions.
    pub security: &'static str,
    /// Ends the session.
    pub sign_out: &'static str,
    /// On a button that was pressed.
    pub busy: &'static str,
    /// To the next, older page of a list.
    pub older: &'static str,
    /// To a list's first page.
    pub newest: &'static str,
    /// After a time of day.
    pub chile_time: &'static str,
    sections: [&'static str; 12],
    roles: [&'static str; 3],
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// A section's name.
    pub(crate) fn section(&self, section: Section) -> &'static str {
        let index = match section {
            Section::Home => 0,
            Section::Payments => 1,
            Section::Deliveries => 2,
            Section::Review => 3,
            Section::Links => 4,
            Section::Settlements => 5,
            Section::Keys => 6,
            Section::Clients => 7,
            Section::People => 8,
            Section::Privacy => 9,
            Section::Audit => 10,
            Section::Security => 11,
        };
        self.sections[index]
    }

    /// A role's name.
    pub fn role(&self, role: Role) -> &'static str {
        let index = match role {
            Role::Owner => 0,
            Role::Collector => 1,
            Role::ReadOnly => 2,
        };
        self.roles[index]
    }
}

const ES: Texts = Texts {
    skip: "Ir al contenido",
    other_language: "English",
    menu: "Menú",
    developer: "Desarrollo",
    change_account: "Sus otras cuentas",
    change: "Cambiar a",
    security: "Mi acceso",
    sign_out: "Salir",
    busy: "Un momento…",
    older: "Más antiguos",
    newest: "Los más nuevos",
    chile_time: "hora de Chile",
    sections: [
        "Inicio",
        "Cobros",
        "Entregas",
        "Por revisar",
        "Links de pago",
        "Rendiciones",
        "Llaves",
        "Clientes OAuth",
        "Personas",
        "Datos personales",
        "Auditoría",
        "Mi acceso",
    ],
    roles: ["Dueño", "Cobrador", "Solo lectura"],
};

const EN: Texts = Texts {
    skip: "Skip to content",
    other_language: "Español",
    menu: "Menu",
    developer: "Development",
    change_account: "Your other accounts",
    change: "Change to",
    security: "My sign-in",
    sign_out: "Sign out",
    busy: "One moment…",
    older: "Older",
    newest: "Newest",
    chile_time: "Chile time",
    sections: [
        "Home",
        "Payments",
        "Deliveries",
        "To review",
        "Payment links",
        "Settlements",
        "Keys",
        "OAuth clients",
        "People",
        "Personal data",
        "Audit log",
        "My sign-in",
    ],
    roles: ["Owner", "Collector", "Read-only"],
};
