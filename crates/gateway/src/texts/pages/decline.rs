//! The two ways of saying no, each with a page that asks again: neither can be taken back.

use ayni_domain::lang::Lang;

/// Texts of one of the two confirmations.
pub struct Decline {
    /// Heads the page.
    pub heading: &'static str,
    /// What will happen.
    pub what_happens: &'static str,
    /// When to choose the other one, or none.
    pub advice: &'static str,
    /// Does it.
    pub confirm: &'static str,
}

/// «No voy a pagar este cobro».
pub fn reject(lang: Lang) -> &'static Decline {
    lang.pick(&REJECT_ES, &REJECT_EN)
}

/// «Denunciar un abuso».
pub fn abuse(lang: Lang) -> &'static Decline {
    lang.pick(&ABUSE_ES, &ABUSE_EN)
}

static REJECT_ES: Decline = Decline {
    heading: "¿Declara que no pagará este cobro?",
    what_happens: "El cobro quedará cerrado y el comercio lo verá como rechazado por usted. Después no podrá pagarse.",
    advice: "Si solo quiere pagar más tarde, vuelva al pago: este enlace sigue sirviendo hasta su vencimiento.",
    confirm: "No voy a pagar",
};

static REJECT_EN: Decline = Decline {
    heading: "Do you declare that you will not pay this?",
    what_happens: "The request will be closed and the shop will see that you rejected it. It can’t be paid afterwards.",
    advice: "If you just want to pay later, go back to the payment: this link works until it expires.",
    confirm: "I will not pay",
};

static ABUSE_ES: Decline = Decline {
    heading: "¿Quiere denunciar este cobro como un abuso?",
    what_happens: "El cobro quedará cerrado y marcado como abuso, para que se revise a quien lo envió. Después no podrá pagarse.",
    advice: "Úselo si no conoce a quien le cobra o cree que intentan engañarlo. Si conoce el cobro y no quiere pagarlo, basta con declarar que no pagará.",
    confirm: "Denunciar el abuso",
};

static ABUSE_EN: Decline = Decline {
    heading: "Do you want to report this as abuse?",
    what_happens: "The request will be closed and marked as abuse, so that whoever sent it is reviewed. It can’t be paid afterwards.",
    advice: "Use it if you don’t know who is charging you or believe you are being deceived. If you know the request and don’t want to pay it, declaring that you won’t is enough.",
    confirm: "Report the abuse",
};
