//! The page that a receipt's QR leads to.

use ayni_domain::lang::Lang;

/// Texts of `/payment/receipt/{token}/verify`.
pub struct Verify {
    /// The money is with the payee.
    pub paid: Told,
    /// A part of it was given back.
    pub partially_refunded: Told,
    /// All of it was.
    pub refunded: Told,
    /// The address names no receipt.
    pub unknown: Told,
    /// Before the instant of which it is true.
    pub asked: &'static str,
    /// What to do with the paper.
    pub compare: &'static str,
    /// To the PDF.
    pub receipt: &'static str,
    /// To the document that was accepted.
    pub contract: &'static str,
}

/// What the page says first.
pub struct Told {
    /// Heads it.
    pub heading: &'static str,
    /// What that means.
    pub meaning: &'static str,
}

impl Verify {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Verify {
        lang.pick(&ES, &EN)
    }
}

static ES: Verify = Verify {
    paid: Told {
        heading: "El pago se recibió",
        meaning: "El dinero se vio en la cuenta de quien cobra y no se ha devuelto.",
    },
    partially_refunded: Told {
        heading: "El pago se recibió y se devolvió en parte",
        meaning: "El dinero se vio en la cuenta de quien cobra; después se aceptó devolver una parte.",
    },
    refunded: Told {
        heading: "El pago se devolvió",
        meaning: "El dinero se vio en la cuenta de quien cobra, pero después se aceptó devolverlo completo.",
    },
    unknown: Told {
        heading: "No conocemos este comprobante",
        meaning: "Ningún pago recibido tiene esta dirección. Si la leyó de un comprobante, ese comprobante no lo emitió \
                  esta pasarela: no lo acepte como prueba de pago.",
    },
    asked: "Consultado el",
    compare: "Compare estos datos con los del comprobante que tiene: si alguno es distinto, ese comprobante es falso.",
    receipt: "Ver el comprobante original",
    contract: "Descargar el documento aceptado",
};

static EN: Verify = Verify {
    paid: Told {
        heading: "The payment was received",
        meaning: "The money was seen on the payee’s account and has not been given back.",
    },
    partially_refunded: Told {
        heading: "The payment was received and given back in part",
        meaning: "The money was seen on the payee’s account; later it was agreed to give a part of it back.",
    },
    refunded: Told {
        heading: "The payment was given back",
        meaning: "The money was seen on the payee’s account, but later it was agreed to give all of it back.",
    },
    unknown: Told {
        heading: "We don’t know this receipt",
        meaning: "No received payment has this address. If you read it from a receipt, that receipt was not issued by \
                  this gateway: don’t accept it as proof of payment.",
    },
    asked: "Asked on",
    compare: "Compare these data with those of the receipt you have: if any differs, that receipt is false.",
    receipt: "See the original receipt",
    contract: "Download the accepted document",
};
