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
    /// This payment was declared as transferred too often, or this address declares or declines too much.
    TooManyClaims,
    /// Somebody else is paying at this moment.
    BeingPaid,
    /// The payment asks for the other method, or the bank is not offered.
    NotOffered,
    /// The document that is accepted by paying was not.
    ContractNotAccepted,
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
    pub const ALL: [Refusal; 12] = [
        Refusal::NotFound,
        Refusal::NotThisPage,
        Refusal::OtherBrowser,
        Refusal::TooManyLogins,
        Refusal::TooManyAttempts,
        Refusal::TooManyClaims,
        Refusal::BeingPaid,
        Refusal::NotOffered,
        Refusal::ContractNotAccepted,
        Refusal::TooLarge,
        Refusal::Unavailable,
        Refusal::Internal,
    ];

    /// In this language.
    pub fn message(self, lang: Lang) -> &'static Message {
        let Both { es, en } = match self {
            Refusal::NotFound => &NOT_FOUND,
            Refusal::NotThisPage => &NOT_THIS_PAGE,
            Refusal::OtherBrowser => &OTHER_BROWSER,
            Refusal::TooManyLogins => &TOO_MANY_LOGINS,
            Refusal::TooManyAttempts => &TOO_MANY_ATTEMPTS,
            Refusal::TooManyClaims => &TOO_MANY_CLAIMS,
            Refusal::BeingPaid => &BEING_PAID,
            Refusal::NotOffered => &NOT_OFFERED,
            Refusal::ContractNotAccepted => &CONTRACT_NOT_ACCEPTED,
            Refusal::TooLarge => &TOO_LARGE,
            Refusal::Unavailable => &UNAVAILABLE,
            Refusal::Internal => &INTERNAL,
        };
        lang.pick(es, en)
    }

    /// Its name in `data-page`.
    pub fn name(self) -> &'static str {
        match self {
            Refusal::NotFound => "not-found",
            Refusal::NotThisPage => "not-this-page",
            Refusal::OtherBrowser => "other-browser",
            Refusal::TooManyLogins => "too-many-logins",
            Refusal::TooManyAttempts => "too-many-attempts",
            Refusal::TooManyClaims => "too-many-claims",
            Refusal::BeingPaid => "being-paid",
            Refusal::NotOffered => "not-offered",
            Refusal::ContractNotAccepted => "contract-not-accepted",
            Refusal::TooLarge => "too-large",
            Refusal::Unavailable => "unavailable",
            Refusal::Internal => "internal",
        }
    }
}

/// A message in both languages.
struct Both {
    es: Message,
    en: Message,
}

static NOT_FOUND: Both = Both {
    es: Message {
        heading: "No encontramos este pago",
        advice: "Revise que la dirección esté completa o pida de nuevo el enlace al comercio.",
    },
    en: Message {
        heading: "We can’t find this payment",
        advice: "Check that the address is complete or ask the shop for the link again.",
    },
};

static NOT_THIS_PAGE: Both = Both {
    es: Message {
        heading: "Vuelva a abrir el pago",
        advice: "No pudimos comprobar que el formulario salió de este navegador. Ábralo de nuevo y permita las cookies de este sitio. Nada se envió a su banco.",
    },
    en: Message {
        heading: "Open the payment again",
        advice: "We could not check that the form came from this browser. Open it again and allow this site’s cookies. Nothing was sent to your bank.",
    },
};

static OTHER_BROWSER: Both = Both {
    es: Message {
        heading: "Este intento empezó en otro navegador",
        advice: "Por seguridad, solo puede terminarse donde empezó. Aquí puede empezar otro.",
    },
    en: Message {
        heading: "This attempt began in another browser",
        advice: "For your safety it can only be finished where it began. You can begin another one here.",
    },
};

static TOO_MANY_LOGINS: Both = Both {
    es: Message {
        heading: "Demasiados ingresos fallidos",
        advice: "Para proteger su cuenta no enviaremos más claves a su banco por ahora. Puede transferir por su cuenta o intentarlo en unas horas.",
    },
    en: Message {
        heading: "Too many failed logins",
        advice: "To protect your account we will send no more passwords to your bank for now. You can make the transfer yourself or try again in a few hours.",
    },
};

static TOO_MANY_ATTEMPTS: Both = Both {
    es: Message {
        heading: "Demasiados intentos",
        advice: "Se empezó a pagar este cobro demasiadas veces. Intente de nuevo en unas horas o pida al comercio uno nuevo.",
    },
    en: Message {
        heading: "Too many attempts",
        advice: "Paying this was begun too many times. Try again in a few hours or ask the shop for a new payment.",
    },
};

static TOO_MANY_CLAIMS: Both = Both {
    es: Message {
        heading: "No hace falta avisar otra vez",
        advice: "Desde aquí ya se declaró demasiadas veces. Si hizo la transferencia, la reconoceremos cuando llegue a la cuenta del comercio.",
    },
    en: Message {
        heading: "There is no need to tell us again",
        advice: "Too much was declared from here already. If you made the transfer, we will recognise it when it reaches the shop’s account.",
    },
};

static BEING_PAID: Both = Both {
    es: Message {
        heading: "Otra persona está pagando este cobro",
        advice: "Mientras lo hace en otro navegador no se puede rechazar. Espere a que termine.",
    },
    en: Message {
        heading: "Somebody else is paying this",
        advice: "While it is being paid in another browser it can’t be declined. Wait until that ends.",
    },
};

static NOT_OFFERED: Both = Both {
    es: Message {
        heading: "Esa forma de pago no está disponible",
        advice: "Este cobro se paga con otra forma o con otro banco. Vuelva al pago para elegir.",
    },
    en: Message {
        heading: "That way to pay is not available",
        advice: "This is paid in another way or with another bank. Go back to the payment to choose.",
    },
};

static CONTRACT_NOT_ACCEPTED: Both = Both {
    es: Message {
        heading: "Falta aceptar el documento",
        advice: "Este pago acepta un documento del comercio. No se transfirió dinero: vuelva al pago, léalo y acéptelo.",
    },
    en: Message {
        heading: "The document has not been accepted",
        advice: "By paying, a document of the shop is accepted. No money was moved: go back to the payment, read it and accept it.",
    },
};

static TOO_LARGE: Both = Both {
    es: Message {
        heading: "El formulario es demasiado largo",
        advice: "Vuelva al pago e ingrese los datos otra vez.",
    },
    en: Message {
        heading: "The form is too long",
        advice: "Go back to the payment and enter the details again.",
    },
};

static UNAVAILABLE: Both = Both {
    es: Message {
        heading: "No podemos atenderle en este momento",
        advice: "No se hizo ningún cambio. Espere unos segundos y vuelva a cargar la página.",
    },
    en: Message {
        heading: "We can’t serve you right now",
        advice: "Nothing was changed. Wait a few seconds and reload the page.",
    },
};

static INTERNAL: Both = Both {
    es: Message {
        heading: "Algo falló de nuestro lado",
        advice: "Vuelva a cargar la página. Si estaba autorizando una transferencia, no la haga otra vez: revise primero el estado del pago.",
    },
    en: Message {
        heading: "Something failed on our side",
        advice: "Reload the page. If you were authorising a transfer, don’t make it again: check the payment’s status first.",
    },
};
