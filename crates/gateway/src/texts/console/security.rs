//! One's own password, second factor and sessions.

use ayni_domain::lang::Lang;

/// The page's texts.
pub struct Texts {
    /// Heads the page.
    pub title: &'static str,
    /// Heads the password.
    pub password: &'static str,
    /// A field.
    pub old: &'static str,
    /// A field.
    pub new: &'static str,
    /// Under it.
    pub new_hint: &'static str,
    /// A field.
    pub again: &'static str,
    /// Sends the form.
    pub change: &'static str,
    /// It was done.
    pub password_changed: &'static str,
    /// The old one is wrong.
    pub wrong_password: &'static str,
    /// Too many wrong ones.
    pub too_many: &'static str,
    /// Heads the sessions.
    pub sessions: &'static str,
    /// Under it.
    pub sessions_hint: &'static str,
    /// Marks the session of this browser.
    pub this_one: &'static str,
    /// A column.
    pub agent: &'static str,
    /// A column.
    pub address: &'static str,
    /// A column.
    pub since: &'static str,
    /// A column.
    pub seen: &'static str,
    /// Ends one.
    pub end: &'static str,
    /// Ends all but this one.
    pub end_others: &'static str,
    /// It was done.
    pub ended: &'static str,
    /// Where a browser does not say its name.
    pub unknown: &'static str,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }
}

const ES: Texts = Texts {
    title: "Mi acceso",
    password: "Contraseña",
    old: "Contraseña actual",
    new: "Contraseña nueva",
    new_hint: "Al menos 12 caracteres. Se cierran sus sesiones en otros navegadores.",
    again: "La nueva, otra vez",
    change: "Cambiar contraseña",
    password_changed: "Su contraseña cambió, y sus otras sesiones terminaron.",
    wrong_password: "La contraseña actual no es correcta.",
    too_many: "Hubo demasiados intentos. Espere un cuarto de hora.",
    sessions: "Sesiones",
    sessions_hint: "Una sesión termina después de 8 horas sin uso, y a más tardar a la semana.",
    this_one: "Esta",
    agent: "Navegador",
    address: "Dirección",
    since: "Desde",
    seen: "Último uso",
    end: "Terminar",
    end_others: "Terminar todas las otras",
    ended: "La sesión terminó.",
    unknown: "Desconocido",
};

const EN: Texts = Texts {
    title: "My sign-in",
    password: "Password",
    old: "Current password",
    new: "New password",
    new_hint: "At least 12 characters. Your sessions in other browsers end.",
    again: "The new one, again",
    change: "Change password",
    password_changed: "Your password was changed, and your other sessions have ended.",
    wrong_password: "The current password is not right.",
    too_many: "There were too many tries. Wait a quarter of an hour.",
    sessions: "Sessions",
    sessions_hint: "A session ends after 8 hours without use, and after a week at the latest.",
    this_one: "This one",
    agent: "Browser",
    address: "Address",
    since: "Since",
    seen: "Last use",
    end: "End",
    end_others: "End all others",
    ended: "The session has ended.",
    unknown: "Unknown",
};
