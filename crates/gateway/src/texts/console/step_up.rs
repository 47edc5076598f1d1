//! The page that asks again who somebody is, before an act that matters.

use ayni_domain::lang::Lang;

use super::second;

texts! {
    "the page that asks again who somebody is";
    /// Heads the page.
    title: &'static str = ("Confirme que es usted", "Confirm that it is you");
    /// A field.
    password: &'static str = ("Su contraseña", "Your password");
    /// Under it.
    password_hint: &'static str = (
        "Se pide de nuevo, porque un navegador puede quedar abierto.",
        "It is asked for again, since a browser may be left open."
    );
    /// A field.
    code: &'static str = ("El código que muestra su aplicación", "The code that your authenticator shows");
    /// Does it.
    confirm: &'static str = ("Confirmar", "Confirm");
    /// Does not.
    cancel: &'static str = ("Cancelar", "Cancel");
}

impl Texts {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// Under the code.
    pub fn code_hint(&self) -> &'static str {
        second::Texts::of(self.lang).code_hint
    }
}
