//! The second factor.

use ayni_domain::lang::Lang;

/// The texts of its pages.
pub struct Texts {
    /// Heads its part of a person's page.
    pub title: &'static str,
    /// Marks it.
    pub on: &'static str,
    /// Marks it.
    pub off: &'static str,
    /// What it is.
    pub lead: &'static str,
    /// Begins it.
    pub turn_on: &'static str,
    /// Ends it.
    pub turn_off: &'static str,
    /// It was done.
    pub is_off: &'static str,
    /// Draws recovery codes.
    pub new_codes: &'static str,
    /// Heads the enrolment.
    pub enrol_title: &'static str,
    /// Before the QR.
    pub scan: &'static str,
    /// Before the secret.
    pub type_it: &'static str,
    /// A field.
    pub first_code: &'static str,
    /// It was not done.
    pub wrong_first: &'static str,
    /// Heads the recovery codes.
    pub codes_title: &'static str,
    /// Under it.
    pub codes_lead: &'static str,
    /// Goes on.
    pub kept: &'static str,
    /// Heads the second step of the sign-in.
    pub code_title: &'static str,
    /// Under it.
    pub code_lead: &'static str,
    /// A field.
    pub code: &'static str,
    /// Under it.
    pub code_hint: &'static str,
    /// Sends it.
    pub go_on: &'static str,
    /// To the first step.
    pub back: &'static str,
    /// It is not right.
    pub wrong: &'static str,
    lang: Lang,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// How many recovery codes are left.
    pub fn codes_left(&self, count: i64) -> String {
        match (self.lang, count) {
            (Lang::Es, 1) => "Le queda 1 código de recuperación.".to_owned(),
            (Lang::Es, _) => format!("Le quedan {count} códigos de recuperación."),
            (Lang::En, 1) => "You have 1 recovery code left.".to_owned(),
            (Lang::En, _) => format!("You have {count} recovery codes left."),
        }
    }
}

const ES: Texts = Texts {
    title: "Segundo factor",
    on: "Activo",
    off: "Inactivo",
    lead: "Además de su contraseña se pide un código de su teléfono. Quien robe la contraseña no puede ingresar.",
    turn_on: "Activar",
    turn_off: "Desactivar",
    is_off: "El segundo factor está desactivado.",
    new_codes: "Códigos de recuperación nuevos",
    enrol_title: "Activar el segundo factor",
    scan: "Abra su aplicación de códigos y lea este QR.",
    type_it: "O escriba en ella esta clave:",
    first_code: "El código de 6 dígitos que muestra",
    wrong_first: "Ese código no es correcto. Revise la hora de su teléfono y escriba el que muestra ahora.",
    codes_title: "Sus códigos de recuperación",
    codes_lead: "Si pierde el teléfono, cada uno sirve una vez en lugar del código. Guárdelos ahora: no se muestran de nuevo.",
    kept: "Los guardé",
    code_title: "Su código",
    code_lead: "Escriba el código que muestra su aplicación.",
    code: "Código",
    code_hint: "¿Sin el teléfono? Escriba uno de sus códigos de recuperación.",
    go_on: "Continuar",
    back: "Volver a ingresar",
    wrong: "Ese código no es correcto, o ya se usó. Espere el siguiente.",
    lang: Lang::Es,
};

const EN: Texts = Texts {
    title: "Second factor",
    on: "On",
    off: "Off",
    lead: "Beside your password a code of your phone is asked for. Who steals the password can’t sign in.",
    turn_on: "Turn on",
    turn_off: "Turn off",
    is_off: "The second factor is off.",
    new_codes: "New recovery codes",
    enrol_title: "Turn the second factor on",
    scan: "Open your authenticator and scan this QR.",
    type_it: "Or type this key into it:",
    first_code: "The 6-digit code that it shows",
    wrong_first: "That code is not right. Check your phone’s clock and type the one that it shows now.",
    codes_title: "Your recovery codes",
    codes_lead: "If you lose the phone, each of them works once in place of the code. Keep them now: they are not shown again.",
    kept: "I kept them",
    code_title: "Your code",
    code_lead: "Type the code that your authenticator shows.",
    code: "Code",
    code_hint: "Without the phone? Type one of your recovery codes.",
    go_on: "Go on",
    back: "Back to the sign-in",
    wrong: "That code is not right, or was used already. Wait for the next one.",
    lang: Lang::En,
};
