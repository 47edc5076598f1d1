//! The page of a reusable payment link.

use ayni_domain::lang::Lang;
use ayni_domain::money::Amount;
use ayni_domain::payment_link::Standing;
use ayni_domain::payment_link::order::Objection;

/// Texts of `/payment/process/{code}`.
pub struct Ask {
    lang: Lang,
    /// After the price of one.
    pub each: &'static str,
    /// Asks how much.
    pub amount: &'static str,
    /// Asks how many.
    pub quantity: &'static str,
    /// Before the most that may be taken.
    pub at_most: &'static str,
    /// Asks for the name.
    pub name: &'static str,
    /// Asks for the address.
    pub email: &'static str,
    /// What the address is for.
    pub email_hint: &'static str,
    /// Beside a field that may be left out.
    pub optional: &'static str,
    /// Makes the payment.
    pub go_on: &'static str,
    /// What comes next.
    pub go_on_hint: &'static str,
    /// Before the link's last day.
    pub until: &'static str,
    /// The link changed while it was filled in.
    pub changed: &'static str,
    /// The form came from nowhere that we know.
    pub stale: &'static str,
    /// The address makes too many payments.
    pub too_many: &'static str,
}

impl Ask {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Ask {
        lang.pick(&ES, &EN)
    }

    /// What a free amount must be.
    pub fn range(&self, minimum: &str, maximum: &str) -> String {
        match self.lang {
            Lang::Es => format!("Entre {minimum} y {maximum}."),
            Lang::En => format!("Between {minimum} and {maximum}."),
        }
    }

    /// What is wrong with a field, and what to do.
    pub fn objection(&self, objection: Objection, money: &dyn Fn(Amount) -> String) -> String {
        let pick = |es: &str, en: &str| self.lang.pick(es, en).to_owned();
        match objection {
            Objection::AmountMissing => pick("Escriba cuánto quiere pagar.", "Say how much you want to pay."),
            Objection::AmountUnreadable => pick(
                "Escriba el monto solo con números, por ejemplo 15.000.",
                "Write the amount in digits only, for example 15,000.",
            ),
            Objection::AmountDecimals => pick(
                "El monto tiene más decimales que su moneda.",
                "The amount has more decimals than its currency.",
            ),
            Objection::AmountTooSmall(least) => {
                format!(
                    "{} {}.",
                    pick("El monto mínimo es", "The least you can pay is"),
                    money(least)
                )
            }
            Objection::AmountTooLarge(most) => {
                format!(
                    "{} {}.",
                    pick("El monto máximo es", "The most you can pay is"),
                    money(most)
                )
            }
            Objection::Quantity(most) => format!(
                "{} {most}.",
                pick(
                    "La cantidad debe ser un número entero entre 1 y",
                    "The quantity must be a whole number from 1 to"
                )
            ),
            Objection::Name => pick("El nombre es demasiado largo.", "The name is too long."),
            Objection::Email => pick(
                "Revise el correo: debe ser como nombre@ejemplo.cl.",
                "Check the e-mail address: it should look like name@example.com.",
            ),
        }
    }
}

static ES: Ask = Ask {
    lang: Lang::Es,
    each: "cada uno",
    amount: "¿Cuánto quiere pagar?",
    quantity: "¿Cuántos?",
    at_most: "Como máximo",
    name: "Su nombre",
    email: "Su correo electrónico",
    email_hint: "Le enviaremos ahí el comprobante.",
    optional: "opcional",
    go_on: "Continuar",
    go_on_hint: "En la página siguiente elige su banco. Todavía no se paga nada.",
    until: "Disponible hasta el",
    changed: "El comercio cambió este cobro mientras usted llenaba el formulario. Revíselo y continúe.",
    stale: "Esta página llevaba mucho tiempo abierta. Revise los datos y presione Continuar otra vez.",
    too_many: "Se han hecho demasiados cobros desde su conexión. Espere unos minutos y presione Continuar otra vez.",
};

static EN: Ask = Ask {
    lang: Lang::En,
    each: "each",
    amount: "How much do you want to pay?",
    quantity: "How many?",
    at_most: "At most",
    name: "Your name",
    email: "Your e-mail",
    email_hint: "We will send the receipt there.",
    optional: "optional",
    go_on: "Continue",
    go_on_hint: "You choose your bank on the next page. Nothing is paid yet.",
    until: "Open until",
    changed: "The merchant changed this while you filled in the form. Please check it and go on.",
    stale: "This page was open for long. Please check what you filled in and press Continue again.",
    too_many: "Too many payments were begun from your connection. Wait some minutes and press Continue again.",
};

/// Texts of a link that can't be used.
pub struct Closed {
    /// The page's name for tests and scripts.
    pub page: &'static str,
    /// Heads the page.
    pub heading: &'static str,
    /// What to do, before the merchant's name where it is known.
    pub advice: &'static str,
}

impl Closed {
    /// Why it can't be used.
    pub fn of(standing: Standing, lang: Lang) -> &'static Closed {
        match standing {
            Standing::Expired => lang.pick(&EXPIRED_ES, &EXPIRED_EN),
            Standing::Exhausted => lang.pick(&EXHAUSTED_ES, &EXHAUSTED_EN),
            Standing::Open | Standing::Inactive => lang.pick(&INACTIVE_ES, &INACTIVE_EN),
        }
    }

    /// There is none.
    pub fn missing(lang: Lang) -> &'static Closed {
        lang.pick(&MISSING_ES, &MISSING_EN)
    }
}

static EXPIRED_ES: Closed = Closed {
    page: "payment-link-expired",
    heading: "Este link de pago venció",
    advice: "Si todavía quiere pagar, pídale uno nuevo a",
};
static EXPIRED_EN: Closed = Closed {
    page: "payment-link-expired",
    heading: "This payment link has expired",
    advice: "If you still want to pay, ask for a new one from",
};
static EXHAUSTED_ES: Closed = Closed {
    page: "payment-link-exhausted",
    heading: "Ya no quedan cupos en este link de pago",
    advice: "Se usó todas las veces que se podía. Si quiere pagar, consulte a",
};
static EXHAUSTED_EN: Closed = Closed {
    page: "payment-link-exhausted",
    heading: "This payment link is used up",
    advice: "It was used as often as it may be. If you want to pay, ask",
};
static INACTIVE_ES: Closed = Closed {
    page: "payment-link-inactive",
    heading: "Este link de pago no está disponible",
    advice: "El comercio lo desactivó. Si quiere pagar, consulte a",
};
static INACTIVE_EN: Closed = Closed {
    page: "payment-link-inactive",
    heading: "This payment link is not available",
    advice: "The merchant has switched it off. If you want to pay, ask",
};
static MISSING_ES: Closed = Closed {
    page: "payment-link-missing",
    heading: "Este link de pago no existe",
    advice: "Revise que la dirección esté completa, o escanee otra vez el código QR.",
};
static MISSING_EN: Closed = Closed {
    page: "payment-link-missing",
    heading: "There is no such payment link",
    advice: "Check that the address is complete, or scan the QR code again.",
};
