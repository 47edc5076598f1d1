//! The payer's pages: what stands on all of them, and one file for each.

pub mod bank;
pub mod consents;
pub mod contract;
pub mod decline;
pub mod given_back;
pub mod info;
pub mod manual;
pub mod payment_link;
pub mod refusals;
pub mod status;
pub mod verify;
pub mod wallet;

use ayni_domain::lang::Lang;

/// What stands on every page.
pub struct Common {
    /// First link of the page, for keyboards.
    pub skip: &'static str,
    /// Names the header's link in the other language, in that language.
    pub other_language: &'static str,
    /// Above the amount, while it is to be paid.
    pub amount: &'static str,
    /// Above the amount, once there is nothing to pay.
    pub amount_of_old: &'static str,
    /// Before the payee's name.
    pub payee: &'static str,
    /// Before the payment service providers through which the payee collects.
    pub through: &'static str,
    /// Before the subject.
    pub subject: &'static str,
    /// Before the merchant's description.
    pub detail: &'static str,
    /// Before the expiry's date.
    pub expires: &'static str,
    /// Before the date on which it expired.
    pub expired: &'static str,
    /// After a time of day.
    pub chile_time: &'static str,
    /// Before the payment's id.
    pub code: &'static str,
    /// Before pesos, for a payment in UF.
    pub in_pesos: &'static str,
    /// After pesos that no attempt has fixed yet.
    pub at_todays_uf: &'static str,
    /// Names the summary for screen readers.
    pub summary: &'static str,
    /// Alternative text of the merchant's picture.
    pub picture: &'static str,
    /// In the footer.
    pub promise: &'static str,
    /// On a button that was pressed.
    pub busy: &'static str,
    /// Heads the list of what is wrong in a form.
    pub problems: &'static str,
    /// Back to the payment's first page.
    pub back_to_payment: &'static str,
    /// To the shop, after paying.
    pub back_to_shop: &'static str,
    /// To the shop, without paying.
    pub cancel: &'static str,
}

impl Common {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Common {
        lang.pick(&ES, &EN)
    }
}

static ES: Common = Common {
    skip: "Ir al contenido",
    other_language: "English",
    amount: "Monto a pagar",
    amount_of_old: "Monto",
    payee: "Paga a",
    through: "A través de",
    subject: "Motivo",
    detail: "Detalle",
    expires: "Vence el",
    expired: "Venció el",
    chile_time: "hora de Chile",
    code: "Código",
    in_pesos: "En pesos",
    at_todays_uf: "al valor de la UF de hoy",
    summary: "Resumen del pago",
    picture: "Imagen del cobro",
    promise: "Sus claves viajan cifradas a su banco. Ayni no las guarda.",
    busy: "Un momento…",
    problems: "Revise lo siguiente",
    back_to_payment: "Volver al pago",
    back_to_shop: "Volver al comercio",
    cancel: "Volver al comercio sin pagar",
};

static EN: Common = Common {
    skip: "Skip to content",
    other_language: "Español",
    amount: "Amount to pay",
    amount_of_old: "Amount",
    payee: "Pay to",
    through: "Through",
    subject: "For",
    detail: "Details",
    expires: "Expires",
    expired: "Expired",
    chile_time: "Chile time",
    code: "Code",
    in_pesos: "In pesos",
    at_todays_uf: "at today’s UF value",
    summary: "Payment summary",
    picture: "Picture of what is being paid",
    promise: "Your passwords travel encrypted to your bank. Ayni does not keep them.",
    busy: "One moment…",
    problems: "Please check the following",
    back_to_payment: "Back to the payment",
    back_to_shop: "Back to the shop",
    cancel: "Back to the shop without paying",
};
