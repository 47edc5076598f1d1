//! The mail that carries a link to set a password.

use ayni_domain::lang::Lang;

/// The mail's texts.
pub struct Texts {
    /// Its subject.
    pub subject: &'static str,
    /// Names the link.
    pub button: &'static str,
    /// Under it.
    pub note: &'static str,
    lang: Lang,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// Whose console it is about.
    pub fn intro(&self, account: &str) -> String {
        match self.lang {
            Lang::Es => format!("Con este enlace elige su contraseña para la consola de {account}."),
            Lang::En => format!("With this link you choose your password for the console of {account}."),
        }
    }
}

const ES: Texts = Texts {
    subject: "Elija su contraseña",
    button: "Elegir contraseña",
    note: "El enlace se usa una sola vez y dura 24 horas. Quien lo tenga puede ingresar por usted: no lo reenvíe.",
    lang: Lang::Es,
};

const EN: Texts = Texts {
    subject: "Choose your password",
    button: "Choose password",
    note: "The link is used once and lasts 24 hours. Whoever has it can sign in as you: don’t forward it.",
    lang: Lang::En,
};
