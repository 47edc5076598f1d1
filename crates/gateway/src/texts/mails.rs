//! What mails say, and the page on which reminders are ended. `{payee}` stands for the merchant's name.

use ayni_domain::lang::Lang;

/// Texts that stand in every mail.
pub struct Common {
    /// Before the payer's name.
    pub greeting: &'static str,
    /// Before the amount.
    pub amount: &'static str,
    /// Before the payee.
    pub payee: &'static str,
    /// Before the subject.
    pub subject: &'static str,
    /// Before the merchant's description.
    pub detail: &'static str,
    /// Before the expiry's date.
    pub expires: &'static str,
    /// Before the date on which the money was seen.
    pub paid: &'static str,
    /// Before the payer's bank.
    pub bank: &'static str,
    /// Before the bank's number of the transfer.
    pub operation: &'static str,
    /// Before the payment's id.
    pub code: &'static str,
    /// After a time of day.
    pub chile_time: &'static str,
    /// What a stranger's mail would ask for.
    pub never: &'static str,
    /// Ends every mail.
    pub footer: &'static str,
    /// The link that ends reminders.
    pub unsubscribe: &'static str,
}

/// Texts of one kind of mail.
pub struct Told {
    /// The mail's subject, before the payment's own.
    pub subject: &'static str,
    /// Its first line.
    pub heading: &'static str,
    /// What it is about.
    pub intro: &'static str,
    /// On the button.
    pub button: &'static str,
    /// After the button.
    pub note: &'static str,
}

/// Texts of the page on which a reader ends reminders, or takes that back.
pub struct Unsubscribe {
    /// Heads the page that asks.
    pub asks: &'static str,
    /// What will happen; `{address}` stands for the reader's.
    pub what_happens: &'static str,
    /// What goes on.
    pub what_stays: &'static str,
    /// Ends them.
    pub stop: &'static str,
    /// Heads the page afterwards.
    pub stopped: &'static str,
    /// What that means.
    pub stopped_means: &'static str,
    /// Takes it back.
    pub resume: &'static str,
    /// Heads the page after that.
    pub resumed: &'static str,
    /// Heads the page of an address that is none of ours.
    pub unknown: &'static str,
    /// What to do about it.
    pub unknown_means: &'static str,
    /// In the footer.
    pub promise: &'static str,
}

impl Common {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Common {
        lang.pick(&COMMON_ES, &COMMON_EN)
    }
}

impl Unsubscribe {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Unsubscribe {
        lang.pick(&UNSUBSCRIBE_ES, &UNSUBSCRIBE_EN)
    }
}

/// A payment is asked for.
pub fn request(lang: Lang) -> &'static Told {
    lang.pick(&REQUEST_ES, &REQUEST_EN)
}

/// It is asked for again.
pub fn reminder(lang: Lang) -> &'static Told {
    lang.pick(&REMINDER_ES, &REMINDER_EN)
}

/// It is asked for the last time.
pub fn last_reminder(lang: Lang) -> &'static Told {
    lang.pick(&LAST_REMINDER_ES, &LAST_REMINDER_EN)
}

/// Its money was seen.
pub fn receipt(lang: Lang) -> &'static Told {
    lang.pick(&RECEIPT_ES, &RECEIPT_EN)
}

static COMMON_ES: Common = Common {
    greeting: "Hola,",
    amount: "Monto",
    payee: "Paga a",
    subject: "Motivo",
    detail: "Detalle",
    expires: "Vence el",
    paid: "Pagado el",
    bank: "Banco",
    operation: "Operación",
    code: "Código",
    chile_time: "hora de Chile",
    never: "Nadie le pedirá por correo la clave de su banco: escríbala solo en la página del pago.",
    footer: "Ayni envió este correo por encargo de {payee}. No se leen las respuestas.",
    unsubscribe: "No quiero más recordatorios de {payee}",
};

static COMMON_EN: Common = Common {
    greeting: "Hello",
    amount: "Amount",
    payee: "Pay to",
    subject: "For",
    detail: "Details",
    expires: "Expires",
    paid: "Paid",
    bank: "Bank",
    operation: "Operation",
    code: "Code",
    chile_time: "Chile time",
    never: "Nobody will ask for your bank password by mail: type it on the payment’s page only.",
    footer: "Ayni sent this mail on behalf of {payee}. Replies are not read.",
    unsubscribe: "I don’t want more reminders from {payee}",
};

static REQUEST_ES: Told = Told {
    subject: "Solicitud de pago de {payee}",
    heading: "{payee} le solicita un pago",
    intro: "Puede pagarlo con una transferencia desde su banco, en la página del pago.",
    button: "Ver y pagar",
    note: "Si no conoce a quien le cobra, no pague: puede rechazar o denunciar el cobro en la misma página.",
};

static REQUEST_EN: Told = Told {
    subject: "Payment request from {payee}",
    heading: "{payee} asks you for a payment",
    intro: "You can pay it with a transfer from your bank, on the payment’s page.",
    button: "See and pay",
    note: "If you don’t know who is asking, don’t pay: you can reject or report the request on the same page.",
};

static REMINDER_ES: Told = Told {
    subject: "Recordatorio de pago a {payee}",
    heading: "Le recordamos un pago pendiente",
    intro: "{payee} aún espera este pago. Si acaba de hacerlo, no tome en cuenta este correo.",
    button: "Ver y pagar",
    note: "Si no conoce a quien le cobra, no pague: puede rechazar o denunciar el cobro en la misma página.",
};

static REMINDER_EN: Told = Told {
    subject: "Reminder of your payment to {payee}",
    heading: "A payment is waiting for you",
    intro: "{payee} is still waiting for this payment. If you have just made it, please ignore this mail.",
    button: "See and pay",
    note: "If you don’t know who is asking, don’t pay: you can reject or report the request on the same page.",
};

static LAST_REMINDER_ES: Told = Told {
    subject: "Último recordatorio de pago a {payee}",
    heading: "Último recordatorio de un pago pendiente",
    intro: "{payee} aún espera este pago. Si acaba de hacerlo, no tome en cuenta este correo: no le escribiremos más por él.",
    button: "Ver y pagar",
    note: "Si no conoce a quien le cobra, no pague: puede rechazar o denunciar el cobro en la misma página.",
};

static LAST_REMINDER_EN: Told = Told {
    subject: "Last reminder of your payment to {payee}",
    heading: "Last reminder of a payment that is waiting for you",
    intro: "{payee} is still waiting for this payment. If you have just made it, please ignore this mail: we won’t write about it again.",
    button: "See and pay",
    note: "If you don’t know who is asking, don’t pay: you can reject or report the request on the same page.",
};

static RECEIPT_ES: Told = Told {
    subject: "Comprobante de su pago a {payee}",
    heading: "Su pago fue recibido",
    intro: "{payee} recibió su pago. Guarde este correo como respaldo.",
    button: "Ver el comprobante",
    note: "Si no hizo este pago, avise a su banco.",
};

static RECEIPT_EN: Told = Told {
    subject: "Receipt of your payment to {payee}",
    heading: "Your payment was received",
    intro: "{payee} received your payment. Keep this mail for your records.",
    button: "See the receipt",
    note: "If you did not make this payment, tell your bank.",
};

static UNSUBSCRIBE_ES: Unsubscribe = Unsubscribe {
    asks: "¿No quiere más recordatorios de {payee}?",
    what_happens: "{payee} no enviará más recordatorios de pago a {address}.",
    what_stays: "Las solicitudes de pago y los comprobantes seguirán llegando.",
    stop: "No quiero más recordatorios",
    stopped: "No recibirá más recordatorios de {payee}",
    stopped_means: "Vale para {address}. Las solicitudes de pago y los comprobantes seguirán llegando.",
    resume: "Quiero recibirlos de nuevo",
    resumed: "Recibirá los recordatorios de {payee}",
    unknown: "Este enlace no es válido",
    unknown_means: "Ábralo de nuevo desde el correo, completo. Si lo copió, puede que falte una parte.",
    promise: "Esta página no muestra su correo a nadie ni pide ninguna clave.",
};

static UNSUBSCRIBE_EN: Unsubscribe = Unsubscribe {
    asks: "Don’t want more reminders from {payee}?",
    what_happens: "{payee} won’t send more payment reminders to {address}.",
    what_stays: "Payment requests and receipts will still come.",
    stop: "I don’t want more reminders",
    stopped: "You won’t get more reminders from {payee}",
    stopped_means: "This holds for {address}. Payment requests and receipts will still come.",
    resume: "I want them again",
    resumed: "You will get reminders from {payee}",
    unknown: "This link is not valid",
    unknown_means: "Open it again from the mail, all of it. If you copied it, a part may be missing.",
    promise: "This page shows your address to nobody and asks for no password.",
};

/// A text with its merchant's name, and its reader's address.
pub fn filled(text: &str, payee: &str, address: &str) -> String {
    // The address first: a merchant may be called anything.
    let mut out = String::with_capacity(text.len() + payee.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        out.push_str(if name == "payee" { payee } else { address });
        rest = after;
    }
    out.push_str(rest);
    out
}
