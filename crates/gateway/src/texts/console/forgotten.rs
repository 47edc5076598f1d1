//! Asking for a link where a password was forgotten.

use ayni_domain::lang::Lang;

texts! {
    "/console/forgotten";
    /// Heads the page.
    title: &'static str = ("¿Olvidó su contraseña?", "Forgot your password?");
    /// Under it.
    lead: &'static str = (
        "Escriba su correo y le enviamos un enlace para elegir una nueva.",
        "Write your e-mail, and we send you a link to choose a new one."
    );
    /// The same where no mail is sent.
    ask_operator: &'static str = (
        "Esta pasarela no envía correos. Pida un enlace a quien la opera: lo crea con ayni merchant user invite.",
        "This gateway sends no mail. Ask its operator for a link: it is made with ayni merchant user invite."
    );
    /// A field.
    email: &'static str = ("Correo", "E-mail");
    /// Sends the form.
    send: &'static str = ("Enviar enlace", "Send the link");
    /// On a button that was pressed.
    busy: &'static str = ("Un momento…", "One moment…");
    /// To the sign-in.
    back: &'static str = ("Volver a ingresar", "Back to the sign-in");
    /// What was typed is none.
    no_email: &'static str = ("Eso no es un correo.", "That is no e-mail.");
    /// Heads the answer, which is the same for everybody.
    asked: &'static str = ("Revise su correo", "Look into your mail");
    /// Under it.
    asked_means: &'static str = (
        "Si ese correo usa la consola, le llegará un enlace. Se usa una sola vez y dura una hora.",
        "If that e-mail uses the console, a link is on its way. It is used once and lasts an hour."
    );
    /// Where none comes.
    asked_none: &'static str = (
        "¿No llega? Mire en el correo no deseado, o pídalo a un dueño de la cuenta o a quien opera la pasarela.",
        "Nothing came? Look among the unwanted mail, or ask an owner of the account or the gateway’s operator."
    );
}

impl Texts {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// Too many requests.
    pub fn locked(&self, minutes: i64) -> String {
        match self.lang {
            Lang::Es => {
                format!("Ya se pidieron varios enlaces: revise su correo. Podrá pedir otro en {minutes} min.")
            }
            Lang::En => format!(
                "Several links were asked for: look into your mail. You can ask for another one in {minutes} min."
            ),
        }
    }
}
