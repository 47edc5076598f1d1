//! Why a page or a form could not be done, and what to do now.

use ayni_domain::lang::Lang;

/// A request of the payer's that ends with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such payment.
    NotFound,
    /// The form did not come from a page of this browser: no cookie, or no token.
    NotThisPage,
    /// The attempt was begun by another browser.
    OtherBrowser,
    /// The logins of this payment, or of this address, are used up.
    TooManyLogins,
    /// The attempts of this payment are used up.
    TooManyAttempts,
    /// The payment asks for the other method, or the bank is not offered.
    NotOffered,
    /// The form is longer than any of ours.
    TooLarge,
    /// Our own database does not answer.
    Unavailable,
    /// Our own fault.
    Internal,
}

/// What is said of a refusal.
pub struct Message {
    /// Heads the page.
    pub heading: &'static str,
    /// What to do.
    pub advice: &'static str,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Refusal; 9] = [
        Refusal::NotFound,
        Refusal::NotThisPage,
        Refusal::OtherBrowser,
        Refusal::TooManyLogins,
        Refusal::TooManyAttempts,
        Refusal::NotOffered,
        Refusal::TooLarge,
        Refusal::Unavailable,
        Refusal::Internal,
    ];

    /// In this language.
    pub fn message(self, lang: Lang) -> Message {
        let (es, en) = match self {
            Refusal::NotFound => (
                (
                    "No encontramos este pago",
                    "Revise que la dirección esté completa o pida de nuevo el enlace al comercio.",
                ),
                (
                    "We can’t find this payment",
                    "Check that the address is complete or ask the shop for the link again.",
                ),
            ),
            Refusal::NotThisPage => (
                (
                    "Vuelva a abrir el pago",
                    "No pudimos comprobar que el formulario salió de este navegador. Ábralo de nuevo y permita las cookies de este sitio. Nada se envió a su banco.",
                ),
                (
                    "Open the payment again",
                    "We could not check that the form came from this browser. Open it again and allow this site’s cookies. Nothing was sent to your bank.",
                ),
            ),
            Refusal::OtherBrowser => (
                (
                    "Este intento empezó en otro navegador",
                    "Por seguridad, solo puede terminarse donde empezó. Aquí puede empezar otro.",
                ),
                (
                    "This attempt began in another browser",
                    "For your safety it can only be finished where it began. You can begin another one here.",
                ),
            ),
            Refusal::TooManyLogins => (
                (
                    "Demasiados ingresos fallidos",
                    "Para proteger su cuenta no enviaremos más claves a su banco para este pago. Puede transferir por su cuenta o pedir otro cobro al comercio.",
                ),
                (
                    "Too many failed logins",
                    "To protect your account we will send no more passwords to your bank for this payment. You can make the transfer yourself or ask the shop for a new payment.",
                ),
            ),
            Refusal::TooManyAttempts => (
                (
                    "Demasiados intentos",
                    "Este cobro ya no admite más intentos. Pida al comercio uno nuevo.",
                ),
                (
                    "Too many attempts",
                    "This payment allows no more attempts. Ask the shop for a new one.",
                ),
            ),
            Refusal::NotOffered => (
                (
                    "Esa forma de pago no está disponible",
                    "Este cobro se paga con otra forma o con otro banco. Vuelva al pago para elegir.",
                ),
                (
                    "That way to pay is not available",
                    "This is paid in another way or with another bank. Go back to the payment to choose.",
                ),
            ),
            Refusal::TooLarge => (
                (
                    "El formulario es demasiado largo",
                    "Vuelva al pago e ingrese los datos otra vez.",
                ),
                (
                    "The form is too long",
                    "Go back to the payment and enter the details again.",
                ),
            ),
            Refusal::Unavailable => (
                (
                    "No podemos atenderle en este momento",
                    "No se hizo ningún cambio. Espere unos segundos y vuelva a cargar la página.",
                ),
                (
                    "We can’t serve you right now",
                    "Nothing was changed. Wait a few seconds and reload the page.",
                ),
            ),
            Refusal::Internal => (
                (
                    "Algo falló de nuestro lado",
                    "Vuelva a cargar la página. Si estaba autorizando una transferencia, no la haga otra vez: revise primero el estado del pago.",
                ),
                (
                    "Something failed on our side",
                    "Reload the page. If you were authorising a transfer, don’t make it again: check the payment’s status first.",
                ),
            ),
        };
        let (heading, advice) = lang.pick(es, en);
        Message { heading, advice }
    }

    /// Its name in `data-page`.
    pub fn name(self) -> &'static str {
        match self {
            Refusal::NotFound => "not-found",
            Refusal::NotThisPage => "not-this-page",
            Refusal::OtherBrowser => "other-browser",
            Refusal::TooManyLogins => "too-many-logins",
            Refusal::TooManyAttempts => "too-many-attempts",
            Refusal::NotOffered => "not-offered",
            Refusal::TooLarge => "too-large",
            Refusal::Unavailable => "unavailable",
            Refusal::Internal => "internal",
        }
    }
}
