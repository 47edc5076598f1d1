//! The payment's first page: what is to be paid, and how.

use ayni_domain::lang::Lang;

/// Texts of `/payment/info/{id}`.
pub struct Info {
    /// Heads the page.
    pub heading: &'static str,
    /// Asks for the bank.
    pub which_bank: &'static str,
    /// Where only one bank is offered.
    pub your_bank: &'static str,
    /// Beside a bank that is not driven.
    pub by_hand_only: &'static str,
    /// Goes on with the chosen bank.
    pub go_on: &'static str,
    /// What going on means.
    pub go_on_hint: &'static str,
    /// Between the two methods.
    pub or: &'static str,
    /// Chooses the manual transfer.
    pub by_hand: &'static str,
    /// What that means.
    pub by_hand_hint: &'static str,
    /// Where no bank transfers this amount.
    pub no_bank: &'static str,
    /// Over the QR.
    pub qr_heading: &'static str,
    /// Under the QR.
    pub qr_hint: &'static str,
    /// To the page on which the payer declines.
    pub reject: &'static str,
    /// To the page on which the payer reports abuse.
    pub report: &'static str,
    /// Names the list of both.
    pub more: &'static str,
    /// Where the payment asks for a bank that is not offered.
    pub preset_not_offered: &'static str,
    /// No bank was chosen.
    pub choose_one: &'static str,
    /// Where this browser's attempt goes on.
    pub resume: &'static str,
    /// Before that link.
    pub resume_hint: &'static str,
}

impl Info {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Info {
        lang.pick(&ES, &EN)
    }
}

static ES: Info = Info {
    heading: "Elija cómo pagar",
    resume: "Seguir con el intento",
    resume_hint: "Ya empezó a pagar en este navegador. Si elige otra vez, ese intento se borra.",
    which_bank: "¿Desde qué banco paga?",
    your_bank: "Su banco",
    by_hand_only: "solo transferencia manual",
    go_on: "Continuar con este banco",
    go_on_hint: "Ingresa a su banco desde aquí y la transferencia queda preparada. Usted la autoriza.",
    or: "o",
    by_hand: "Prefiero transferir por mi cuenta",
    by_hand_hint: "Le damos los datos y usted hace la transferencia en el sitio o la aplicación de su banco.",
    no_bank: "Ningún banco de los disponibles transfiere este monto.",
    qr_heading: "Pague desde otro dispositivo",
    qr_hint: "Apunte la cámara de su teléfono a este código para abrir este mismo pago.",
    reject: "No voy a pagar este cobro",
    report: "Denunciar un abuso",
    more: "Otras opciones",
    preset_not_offered: "El banco que eligió el comercio no está disponible para este monto. Puede usar otro.",
    choose_one: "Elija un banco de la lista",
};

static EN: Info = Info {
    heading: "Choose how to pay",
    resume: "Go on with the attempt",
    resume_hint: "You already began to pay in this browser. If you choose again, that attempt is erased.",
    which_bank: "Which bank are you paying from?",
    your_bank: "Your bank",
    by_hand_only: "manual transfer only",
    go_on: "Continue with this bank",
    go_on_hint: "You log in to your bank from here and the transfer is filled in. You authorise it.",
    or: "or",
    by_hand: "I’d rather make the transfer myself",
    by_hand_hint: "We give you the details and you make the transfer on your bank’s site or app.",
    no_bank: "None of the available banks transfers this amount.",
    qr_heading: "Pay from another device",
    qr_hint: "Point your phone’s camera at this code to open this same payment.",
    reject: "I am not going to pay this",
    report: "Report abuse",
    more: "Other options",
    preset_not_offered: "The bank chosen by the shop is not available for this amount. You can use another one.",
    choose_one: "Choose a bank from the list",
};
