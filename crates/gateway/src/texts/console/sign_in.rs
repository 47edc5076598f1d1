//! Signing in, and setting a password.

use ayni_domain::lang::Lang;

use crate::console::seat::passwords::Weakness;

/// The texts of these pages.
pub struct Texts {
    /// Heads the sign-in.
    pub title: &'static str,
    /// Under it.
    pub lead: &'static str,
    /// A field.
    pub email: &'static str,
    /// A field.
    pub password: &'static str,
    /// Sends the form.
    pub sign_in: &'static str,
    /// On a button that was pressed.
    pub busy: &'static str,
    /// To the page for who forgot it.
    pub forgotten: &'static str,
    /// For who has none yet.
    pub help: &'static str,
    /// E-mail or password is wrong; never says which.
    pub wrong: &'static str,
    /// The person is no user of any account.
    pub no_account: &'static str,
    /// Heads the choice of a password.
    pub new_password: &'static str,
    /// Before the e-mail.
    pub new_password_for: &'static str,
    /// Under the field.
    pub new_password_hint: &'static str,
    /// A field.
    pub again: &'static str,
    /// Sends the form.
    pub save: &'static str,
    /// The two differ.
    pub not_the_same: &'static str,
    /// Heads the page of a link that does not open.
    pub link_gone: &'static str,
    /// Under it.
    pub link_gone_means: &'static str,
    lang: Lang,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// Too many tries.
    pub fn locked(&self, minutes: i64) -> String {
        match (self.lang, minutes) {
            (Lang::Es, 1) => "Hubo demasiados intentos. Espere un minuto e intente de nuevo.".to_owned(),
            (Lang::Es, _) => {
                format!("Hubo demasiados intentos. Espere {minutes} minutos e intente de nuevo.")
            }
            (Lang::En, 1) => "There were too many tries. Wait a minute and try again.".to_owned(),
            (Lang::En, _) => format!("There were too many tries. Wait {minutes} minutes and try again."),
        }
    }

    /// Why a password is not taken.
    pub fn weakness(&self, weakness: Weakness) -> &'static str {
        match weakness {
            Weakness::TooShort => self.lang.pick(
                "Una contraseña tiene al menos 12 caracteres.",
                "A password has at least 12 characters.",
            ),
            Weakness::TooLong => self.lang.pick(
                "Una contraseña tiene a lo más 128 caracteres.",
                "A password has at most 128 characters.",
            ),
            Weakness::Common => self.lang.pick(
                "Esa contraseña es fácil de adivinar: elija otra.",
                "That password is easy to guess: choose another one.",
            ),
        }
    }
}

const ES: Texts = Texts {
    title: "Ingresar",
    lead: "La consola de su comercio: pagos, entregas, rendiciones.",
    email: "Correo",
    password: "Contraseña",
    sign_in: "Ingresar",
    busy: "Un momento…",
    forgotten: "¿Olvidó su contraseña?",
    help: "¿Aún sin contraseña? Pida un enlace a un dueño de la cuenta o al operador de la pasarela.",
    wrong: "El correo o la contraseña no son correctos.",
    no_account: "Su correo no es de ninguna cuenta. Pida a un dueño que lo agregue.",
    new_password: "Elija su contraseña",
    new_password_for: "Para ingresar con",
    new_password_hint: "Al menos 12 caracteres. Unas cuantas palabras sueltas son fáciles de recordar y difíciles de adivinar.",
    again: "La misma, otra vez",
    save: "Guardar contraseña",
    not_the_same: "Las dos contraseñas no son iguales.",
    link_gone: "Este enlace ya no sirve",
    link_gone_means: "Un enlace se usa una sola vez y vence: el de una invitación a las 24 horas, el de una contraseña olvidada en una hora. Pida uno nuevo.",
    lang: Lang::Es,
};

const EN: Texts = Texts {
    title: "Sign in",
    lead: "Your business’s console: payments, deliveries, settlements.",
    email: "E-mail",
    password: "Password",
    sign_in: "Sign in",
    busy: "One moment…",
    forgotten: "Forgot your password?",
    help: "No password yet? Ask an owner of the account or the gateway’s operator for a link.",
    wrong: "The e-mail or the password is not right.",
    no_account: "Your e-mail belongs to no account. Ask an owner to add it.",
    new_password: "Choose your password",
    new_password_for: "To sign in as",
    new_password_hint: "At least 12 characters. A few unrelated words are easy to remember and hard to guess.",
    again: "The same, again",
    save: "Save password",
    not_the_same: "The two passwords differ.",
    link_gone: "This link does not open any more",
    link_gone_means: "A link is used once, and an invitation’s ends after 24 hours, that of a forgotten password after an hour. Ask for a new one.",
    lang: Lang::En,
};
