//! What became of a payment, told to whoever looks at it.

use ayni_domain::lang::Lang;

/// A result: its heading and what it means.
pub struct Status {
    /// Heads the page.
    pub heading: &'static str,
    /// What it means and what to do.
    pub meaning: &'static str,
}

/// Everything a result's page can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody paid in time.
    Expired,
    /// The operator lets the merchant collect no more.
    MerchantDisabled,
    /// The merchant withdrew it.
    Deleted,
    /// The payer declared not to pay.
    Rejected,
    /// The payer reported it.
    Abuse,
    /// The merchant was paid in another way.
    MarkedPaid,
    /// Its money was seen.
    Done,
    /// A part was given back.
    PartiallyRefunded,
    /// All was given back.
    Refunded,
    /// The payment was undone.
    Reversed,
    /// Somebody transferred, money not seen yet.
    Verifying,
    /// This browser's transfer: the bank has not answered yet.
    Authorising,
    /// This browser's transfer: the bank gave its receipt.
    Authorised,
    /// This browser's transfer: nobody knows.
    Uncertain,
    /// This browser's payer says that a transfer was made by hand.
    Declared,
    /// The bank did not do it.
    Failed,
    /// The bank could not be reached or understood.
    BankUnavailable,
    /// The three hours passed.
    Lapsed,
    /// The payer left the attempt.
    Left,
    /// The payer took back having transferred by hand.
    Withdrawn,
    /// A transfer was made or declared, and its money never came.
    NotSeen,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 21] = [
        Outcome::Expired,
        Outcome::MerchantDisabled,
        Outcome::Deleted,
        Outcome::Rejected,
        Outcome::Abuse,
        Outcome::MarkedPaid,
        Outcome::Done,
        Outcome::PartiallyRefunded,
        Outcome::Refunded,
        Outcome::Reversed,
        Outcome::Verifying,
        Outcome::Authorising,
        Outcome::Authorised,
        Outcome::Uncertain,
        Outcome::Declared,
        Outcome::Failed,
        Outcome::BankUnavailable,
        Outcome::Lapsed,
        Outcome::Left,
        Outcome::Withdrawn,
        Outcome::NotSeen,
    ];

    /// In this language.
    pub fn text(self, lang: Lang) -> &'static Status {
        let Both { es, en } = self.both();
        lang.pick(es, en)
    }

    fn both(self) -> &'static Both {
        match self {
            Outcome::Expired => &EXPIRED,
            Outcome::MerchantDisabled => &MERCHANT_DISABLED,
            Outcome::Deleted => &DELETED,
            Outcome::Rejected => &REJECTED,
            Outcome::Abuse => &ABUSE,
            Outcome::MarkedPaid => &MARKED_PAID,
            Outcome::Done => &DONE,
            Outcome::PartiallyRefunded => &PARTIALLY_REFUNDED,
            Outcome::Refunded => &REFUNDED,
            Outcome::Reversed => &REVERSED,
            Outcome::Verifying => &VERIFYING,
            Outcome::Authorising => &AUTHORISING,
            Outcome::Authorised => &AUTHORISED,
            Outcome::Uncertain => &UNCERTAIN,
            Outcome::Declared => &DECLARED,
            Outcome::Failed => &FAILED,
            Outcome::BankUnavailable => &BANK_UNAVAILABLE,
            Outcome::Lapsed => &LAPSED,
            Outcome::Left => &LEFT,
            Outcome::Withdrawn => &WITHDRAWN,
            Outcome::NotSeen => &NOT_SEEN,
        }
    }
}

/// A result in both languages.
struct Both {
    es: Status,
    en: Status,
}

/// Why the bank did not make the transfer, by the word that the attempt keeps; `None` for a word without more to say.
pub fn why(reason: &str, lang: Lang) -> Option<&'static str> {
    let (es, en) = match reason {
        "wrong-login" => (
            "El banco rechazó el ingreso varias veces.",
            "The bank refused the login several times.",
        ),
        "no-account" => (
            "No tiene en este banco una cuenta en la moneda del pago.",
            "You have no account in the payment’s currency at this bank.",
        ),
        "insufficient-funds" => (
            "El saldo de la cuenta no alcanza.",
            "The account’s balance does not cover it.",
        ),
        "wrong-coordinates" => (
            "Las coordenadas no eran las de su tarjeta.",
            "The coordinates were not those of your card.",
        ),
        "refused-by-bank" => (
            "El banco rechazó la transferencia.",
            "The bank refused the transfer.",
        ),
        "session-expired" => (
            "El banco cerró su sesión antes de transferir.",
            "The bank closed your session before the transfer.",
        ),
        "other-person" => (
            "El RUT no es el de la persona que puede pagar este cobro.",
            "The RUT is not that of the person who can pay this.",
        ),
        _ => return None,
    };
    Some(lang.pick(es, en))
}

/// Labels of a result's page.
pub struct Labels {
    /// Heads the operation's data.
    pub operation: &'static str,
    /// The bank's number.
    pub operation_number: &'static str,
    /// The payer's bank.
    pub bank: &'static str,
    /// The account that paid.
    pub account: &'static str,
    /// When.
    pub date: &'static str,
    /// Begins another attempt.
    pub try_again: &'static str,
    /// Takes a declared transfer back.
    pub withdraw: &'static str,
    /// To the receipt.
    pub receipt: &'static str,
    /// While the page waits.
    pub live: &'static str,
}

impl Labels {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Labels {
        lang.pick(&ES, &EN)
    }
}

static ES: Labels = Labels {
    operation: "Datos de la operación",
    operation_number: "Número de operación",
    bank: "Banco",
    account: "Cuenta de origen",
    date: "Fecha",
    try_again: "Intentar de nuevo",
    withdraw: "No hice la transferencia",
    receipt: "Ver el comprobante (PDF)",
    live: "Esta página se actualiza sola.",
};

static EN: Labels = Labels {
    operation: "Operation details",
    operation_number: "Operation number",
    bank: "Bank",
    account: "From account",
    date: "Date",
    try_again: "Try again",
    withdraw: "I did not make the transfer",
    receipt: "See the receipt (PDF)",
    live: "This page updates by itself.",
};

static EXPIRED: Both = Both {
    es: Status {
        heading: "Este cobro venció",
        meaning: "Ya no se puede pagar. Si todavía quiere hacerlo, pida al comercio un cobro nuevo. Si ya transfirió, no pague otra vez: cuando el dinero llegue, este cobro quedará pagado.",
    },
    en: Status {
        heading: "This payment expired",
        meaning: "It can no longer be paid. If you still want to, ask the shop for a new one. If you already transferred, don’t pay again: when the money arrives this will be paid.",
    },
};

static MERCHANT_DISABLED: Both = Both {
    es: Status {
        heading: "Este comercio no está cobrando",
        meaning: "Su cuenta está deshabilitada, así que este cobro no se puede pagar: no transfiera. Si ya transfirió, el dinero queda registrado; consulte al comercio o a su banco.",
    },
    en: Status {
        heading: "This shop is not collecting",
        meaning: "Its account is disabled, so this can’t be paid: don’t transfer. If you already did, the money is on record; ask the shop or your bank.",
    },
};

static DELETED: Both = Both {
    es: Status {
        heading: "Este cobro fue eliminado",
        meaning: "El comercio lo retiró y no se puede pagar. Si ya transfirió, su dinero no se pierde: una persona lo revisa y lo devuelve a la cuenta desde la que salió.",
    },
    en: Status {
        heading: "This payment was deleted",
        meaning: "The shop withdrew it and it can’t be paid. If you already transferred, your money is not lost: a person reviews it and sends it back to the account it came from.",
    },
};

static REJECTED: Both = Both {
    es: Status {
        heading: "Cobro rechazado",
        meaning: "Se declaró que este cobro no se pagará, y el comercio ya lo ve así. Si alguien transfirió de todos modos, una persona revisa ese dinero y lo devuelve.",
    },
    en: Status {
        heading: "Payment rejected",
        meaning: "It was declared that this will not be paid, and the shop sees it so. If somebody transferred all the same, a person reviews that money and sends it back.",
    },
};

static ABUSE: Both = Both {
    es: Status {
        heading: "Cobro denunciado como abuso",
        meaning: "Gracias por avisar. El cobro quedó cerrado y se revisará a quien lo envió. Si ya transfirió, una persona revisa ese dinero y lo devuelve a la cuenta desde la que salió.",
    },
    en: Status {
        heading: "Reported as abuse",
        meaning: "Thank you for telling us. The request is closed and whoever sent it will be reviewed. If you already transferred, a person reviews that money and sends it back to the account it came from.",
    },
};

static MARKED_PAID: Both = Both {
    es: Status {
        heading: "Este cobro ya está pagado",
        meaning: "El comercio indicó que recibió el pago por otro medio. No necesita hacer nada más. Si también transfirió, una persona revisa ese dinero y lo devuelve.",
    },
    en: Status {
        heading: "This is already paid",
        meaning: "The shop says it was paid in another way. There is nothing more for you to do. If you transferred too, a person reviews that money and sends it back.",
    },
};

static DONE: Both = Both {
    es: Status {
        heading: "Pago recibido",
        meaning: "El dinero llegó a la cuenta del comercio. No necesita hacer nada más. Si transfirió de más o dos veces, lo que sobra se revisa y se devuelve.",
    },
    en: Status {
        heading: "Payment received",
        meaning: "The money reached the shop’s account. There is nothing more for you to do. If you transferred too much or twice, what is over is reviewed and sent back.",
    },
};

static PARTIALLY_REFUNDED: Both = Both {
    es: Status {
        heading: "Pago devuelto en parte",
        meaning: "El comercio recibió el pago y devolvió una parte.",
    },
    en: Status {
        heading: "Payment partly refunded",
        meaning: "The shop received the payment and returned a part of it.",
    },
};

static REFUNDED: Both = Both {
    es: Status {
        heading: "Pago devuelto",
        meaning: "El comercio recibió el pago y lo devolvió completo.",
    },
    en: Status {
        heading: "Payment refunded",
        meaning: "The shop received the payment and returned all of it.",
    },
};

static REVERSED: Both = Both {
    es: Status {
        heading: "Pago anulado",
        meaning: "El pago se recibió y después se anuló: el dinero vuelve a la cuenta desde la que salió.",
    },
    en: Status {
        heading: "Payment reversed",
        meaning: "The payment was received and then reversed: the money goes back to the account it came from.",
    },
};

static VERIFYING: Both = Both {
    es: Status {
        heading: "Pago en verificación",
        meaning: "Ya se hizo o declaró una transferencia y estamos esperando verla en la cuenta del comercio. No hace falta pagar otra vez.",
    },
    en: Status {
        heading: "Payment being verified",
        meaning: "A transfer was made or declared and we are waiting to see it in the shop’s account. There is no need to pay again.",
    },
};

static AUTHORISING: Both = Both {
    es: Status {
        heading: "Su banco está haciendo la transferencia",
        meaning: "Estamos esperando su respuesta. No la haga otra vez: esta página cambiará sola.",
    },
    en: Status {
        heading: "Your bank is making the transfer",
        meaning: "We are waiting for its answer. Don’t make it again: this page will change by itself.",
    },
};

static AUTHORISED: Both = Both {
    es: Status {
        heading: "Transferencia hecha",
        meaning: "Su banco la aceptó. Estamos esperando verla en la cuenta del comercio; suele tardar unos segundos.",
    },
    en: Status {
        heading: "Transfer made",
        meaning: "Your bank accepted it. We are waiting to see it in the shop’s account; it usually takes a few seconds.",
    },
};

static UNCERTAIN: Both = Both {
    es: Status {
        heading: "Su banco no respondió con claridad",
        meaning: "No sabemos si la transferencia se hizo, y lo estamos revisando en la cuenta del comercio. No pague otra vez: si el dinero no llega, este cobro podrá pagarse de nuevo.",
    },
    en: Status {
        heading: "Your bank gave no clear answer",
        meaning: "We don’t know whether the transfer was made, and we are checking the shop’s account. Don’t pay again: if the money does not come, this can be paid again.",
    },
};

static DECLARED: Both = Both {
    es: Status {
        heading: "Esperando su transferencia",
        meaning: "Revisamos la cuenta del comercio hasta ver el dinero. Puede cerrar esta página: el comercio recibirá el aviso igual.",
    },
    en: Status {
        heading: "Waiting for your transfer",
        meaning: "We watch the shop’s account until the money is seen. You may close this page: the shop will be told anyway.",
    },
};

static FAILED: Both = Both {
    es: Status {
        heading: "La transferencia no se hizo",
        meaning: "No salió dinero de su cuenta. Puede intentarlo de nuevo.",
    },
    en: Status {
        heading: "The transfer was not made",
        meaning: "No money left your account. You can try again.",
    },
};

static BANK_UNAVAILABLE: Both = Both {
    es: Status {
        heading: "Su banco no está disponible",
        meaning: "No pudimos entendernos con el sitio del banco y no salió dinero de su cuenta. Pruebe de nuevo en unos minutos o transfiera por su cuenta.",
    },
    en: Status {
        heading: "Your bank is not available",
        meaning: "We could not work with the bank’s site, and no money left your account. Try again in a few minutes or make the transfer yourself.",
    },
};

static LAPSED: Both = Both {
    es: Status {
        heading: "El intento de pago terminó",
        meaning: "Pasó su plazo sin que se autorizara una transferencia. Puede empezar otro.",
    },
    en: Status {
        heading: "The attempt ended",
        meaning: "Its time passed without an authorised transfer. You can begin another one.",
    },
};

static LEFT: Both = Both {
    es: Status {
        heading: "Dejó el intento de pago",
        meaning: "No salió dinero de su cuenta y borramos lo que escribió. Puede empezar otro cuando quiera.",
    },
    en: Status {
        heading: "You left the attempt",
        meaning: "No money left your account and what you typed was erased. You can begin another one whenever you like.",
    },
};

static WITHDRAWN: Both = Both {
    es: Status {
        heading: "Quedó en que no transfirió",
        meaning: "El cobro se puede pagar de nuevo. Si de todos modos transfirió, no pague otra vez: reconoceremos el dinero cuando llegue.",
    },
    en: Status {
        heading: "You said that you did not transfer",
        meaning: "This can be paid again. If you did transfer after all, don’t pay again: we will recognise the money when it arrives.",
    },
};

static NOT_SEEN: Both = Both {
    es: Status {
        heading: "No vimos su dinero",
        meaning: "Pasó el plazo y la transferencia no llegó a la cuenta del comercio. Si su banco se la descontó, consulte primero con él; si no, puede pagar de nuevo.",
    },
    en: Status {
        heading: "We did not see your money",
        meaning: "Time passed and the transfer did not reach the shop’s account. If your bank charged you, ask it first; if not, you can pay again.",
    },
};
