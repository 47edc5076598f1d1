//! The mails that carry a link to set a password: of an invitation, and of a password that was forgotten.

use ayni_domain::lang::Lang;

use crate::console::seat::links::Cause;

/// A mail's texts.
pub struct Texts {
    /// Its subject.
    pub subject: &'static str,
    /// Names the link.
    pub button: &'static str,
    /// Under it.
    pub note: &'static str,
    before_account: &'static str,
    after_account: &'static str,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang, cause: Cause) -> &'static Texts {
        match cause {
            Cause::Invitation => lang.pick(&ES, &EN),
            Cause::Forgotten => lang.pick(&FORGOTTEN_ES, &FORGOTTEN_EN),
        }
    }

    /// Whose console it is about.
    pub fn intro(&self, account: &str) -> String {
        format!("{}{account}{}", self.before_account, self.after_account)
    }
}

const ES: Texts = Texts {
    subject: "Elija su contraseña",
    button: "Elegir contraseña",
    note: "El enlace se usa una sola vez y dura 24 horas. Quien lo tenga puede ingresar por usted: no lo reenvíe.",
    before_account: "Con este enlace elige su contraseña para la consola de ",
    after_account: ".",
};

const EN: Texts = Texts {
    subject: "Choose your password",
    button: "Choose password",
    note: "The link is used once and lasts 24 hours. Whoever has it can sign in as you: don’t forward it.",
    before_account: "With this link you choose your password for the console of ",
    after_account: ".",
};

const FORGOTTEN_ES: Texts = Texts {
    subject: "Elija una contraseña nueva",
    button: "Elegir contraseña",
    note: "El enlace se usa una sola vez y dura una hora. Si usted no lo pidió, no haga nada: su contraseña sigue igual. \
           Quien lo tenga puede cambiarla: no lo reenvíe.",
    before_account: "Alguien, esperamos que usted, pidió cambiar su contraseña de la consola de ",
    after_account: ", porque la olvidó. Al elegir una nueva se cierran sus sesiones; el segundo factor sigue igual.",
};

const FORGOTTEN_EN: Texts = Texts {
    subject: "Choose a new password",
    button: "Choose password",
    note: "The link is used once and lasts an hour. If you did not ask for it, do nothing: your password stays. \
           Whoever has it can change it: don’t forward it.",
    before_account: "Somebody, we hope you, asked to change your password for the console of ",
    after_account: ", having forgotten it. Choosing a new one ends your sessions; the second factor stays.",
};
