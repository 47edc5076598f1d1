//! What people do with payments.

use ayni_domain::lang::Lang;

/// The forms' texts.
pub struct Texts {
    /// Back to where one came from.
    pub back: &'static str,
    /// Making a payment.
    pub creating: Creating,
    /// Deleting one.
    pub cancel: Closing,
    /// Marking one as paid.
    pub mark_paid: Closing,
    /// Refunding one.
    pub refunding: Refunding,
}

/// Making a payment.
#[expect(
    missing_docs,
    reason = "each is the label or the hint of the field of the same name"
)]
pub struct Creating {
    /// Heads the page.
    pub title: &'static str,
    /// Under it.
    pub lead: &'static str,
    /// Before what is wrong.
    pub problems: &'static str,
    /// After a label.
    pub optional: &'static str,
    /// Sends it.
    pub button: &'static str,
    /// It was done.
    pub done: &'static str,
    pub amount: &'static str,
    pub amount_hint: &'static str,
    pub currency: &'static str,
    pub subject: &'static str,
    pub subject_hint: &'static str,
    pub body: &'static str,
    pub body_hint: &'static str,
    pub transaction_id: &'static str,
    pub transaction_id_hint: &'static str,
    pub expires: &'static str,
    pub expires_hint: &'static str,
    pub payer_name: &'static str,
    pub payer_email: &'static str,
    pub payer_email_hint: &'static str,
    pub send_email: &'static str,
    pub send_email_hint: &'static str,
    pub send_reminders: &'static str,
    pub send_reminders_hint: &'static str,
    pub fixed_payer: &'static str,
    pub fixed_payer_hint: &'static str,
    pub notify_url: &'static str,
    pub notify_url_hint: &'static str,
    pub return_url: &'static str,
    pub return_url_hint: &'static str,
}

/// An end of a payment that can't be undone.
pub struct Closing {
    /// The last part of its address.
    pub path: &'static str,
    /// Heads the page.
    pub title: &'static str,
    /// What follows from it.
    pub meaning: &'static str,
    /// Does it.
    pub button: &'static str,
    /// It was done.
    pub done: &'static str,
    /// It can't be done.
    pub impossible: &'static str,
}

/// Giving money back.
pub struct Refunding {
    /// Heads the page.
    pub title: &'static str,
    /// Before what is left.
    pub left: &'static str,
    /// What follows from it.
    pub meaning: &'static str,
    /// Names the choice.
    pub how: &'static str,
    /// All that is left.
    pub all: &'static str,
    /// A part of it.
    pub part: &'static str,
    /// How much.
    pub amount: &'static str,
    /// Does it.
    pub button: &'static str,
    /// Nothing is left, or it was not paid.
    pub impossible: &'static str,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }
}

static ES: Texts = Texts {
    back: "Volver",
    creating: Creating {
        title: "Nuevo cobro",
        lead: "Al crearlo recibirá un enlace para compartir con quien paga.",
        problems: "El cobro no se creó. Revise:",
        optional: "opcional",
        button: "Crear cobro",
        done: "El cobro se creó: comparta su enlace con quien paga.",
        amount: "Monto",
        amount_hint: "Por ejemplo 15.000 o, en dólares, 15,50.",
        currency: "Moneda",
        subject: "Motivo",
        subject_hint: "Lo primero que lee quien paga.",
        body: "Descripción",
        body_hint: "El detalle del cobro, en varias líneas si hace falta.",
        transaction_id: "Su referencia",
        transaction_id_hint: "Número de factura u orden de compra.",
        expires: "Vence",
        expires_hint: "Fecha y hora de Chile hasta la que se puede pagar.",
        payer_name: "Nombre de quien paga",
        payer_email: "Correo de quien paga",
        payer_email_hint: "Allí llegan la solicitud, los recordatorios y el comprobante.",
        send_email: "Enviar la solicitud por correo",
        send_email_hint: "Necesita el nombre y el correo de quien paga.",
        send_reminders: "Enviar recordatorios",
        send_reminders_hint: "Dos a lo más, antes de que venza.",
        fixed_payer: "Solo puede pagarlo el RUT",
        fixed_payer_hint: "Si lo indica, nadie más podrá pagar.",
        notify_url: "Avisar a",
        notify_url_hint: "URL de su servicio al que se notifica el pago; si no, la de la cuenta.",
        return_url: "Volver a",
        return_url_hint: "URL a la que vuelve quien paga.",
    },
    cancel: Closing {
        path: "cancel",
        title: "Eliminar el cobro",
        meaning: "Nadie podrá pagarlo y su página dirá que fue eliminado. No se puede deshacer. Si llega dinero de todos \
                  modos, quedará en revisión.",
        button: "Eliminar",
        done: "El cobro fue eliminado.",
        impossible: "Solo se puede eliminar un cobro pendiente, y este ya no lo está.",
    },
    mark_paid: Closing {
        path: "paid",
        title: "Marcar como pagado",
        meaning: "Úselo si le pagaron de otra manera, como efectivo. El cobro se cierra sin notificación y no se puede \
                  deshacer. Si llega una transferencia de todos modos, quedará en revisión.",
        button: "Marcar como pagado",
        done: "El cobro quedó marcado como pagado.",
        impossible: "Solo se puede marcar como pagado un cobro pendiente, y este ya no lo está.",
    },
    refunding: Refunding {
        title: "Devolver dinero",
        left: "Queda por devolver",
        meaning: "El dinero vuelve a la cuenta desde la que se pagó. Una devolución aceptada no se puede deshacer.",
        how: "Cuánto",
        all: "Todo lo que queda",
        part: "Una parte",
        amount: "Monto de la parte",
        button: "Devolver",
        impossible: "No hay nada que devolver: el cobro no se ha pagado, o ya se devolvió completo.",
    },
};

static EN: Texts = Texts {
    back: "Back",
    creating: Creating {
        title: "New payment",
        lead: "You will get a link to share with whoever pays.",
        problems: "The payment was not created. Check:",
        optional: "optional",
        button: "Create payment",
        done: "The payment was created: share its link with whoever pays.",
        amount: "Amount",
        amount_hint: "For example 15.000 pesos or, in dollars, 15,50.",
        currency: "Currency",
        subject: "Subject",
        subject_hint: "What the payer reads first.",
        body: "Description",
        body_hint: "The details, on several lines if you like.",
        transaction_id: "Your reference",
        transaction_id_hint: "Number of an invoice or an order.",
        expires: "Expires",
        expires_hint: "Date and time in Chile until which it can be paid.",
        payer_name: "Payer’s name",
        payer_email: "Payer’s e-mail",
        payer_email_hint: "Where the request, reminders and the receipt go.",
        send_email: "Send the request by e-mail",
        send_email_hint: "Needs the payer’s name and e-mail.",
        send_reminders: "Send reminders",
        send_reminders_hint: "Two at most, before it expires.",
        fixed_payer: "Only this RUT may pay",
        fixed_payer_hint: "If you say it, nobody else can pay.",
        notify_url: "Notify",
        notify_url_hint: "URL of your service that is told of the payment; else the account’s.",
        return_url: "Return to",
        return_url_hint: "URL to which the payer returns.",
    },
    cancel: Closing {
        path: "cancel",
        title: "Delete the payment",
        meaning: "Nobody will be able to pay it, and its page will say that it was deleted. It can’t be undone. Money \
                  that comes all the same will wait for review.",
        button: "Delete",
        done: "The payment was deleted.",
        impossible: "Only a pending payment can be deleted, and this one is not any more.",
    },
    mark_paid: Closing {
        path: "paid",
        title: "Mark as paid",
        meaning: "Use it if you were paid in another way, as in cash. The payment is closed without a notification, and \
                  that can’t be undone. A transfer that comes all the same will wait for review.",
        button: "Mark as paid",
        done: "The payment is marked as paid.",
        impossible: "Only a pending payment can be marked as paid, and this one is not any more.",
    },
    refunding: Refunding {
        title: "Give money back",
        left: "Left to be given back",
        meaning: "The money goes back to the account that paid. A refund that was accepted can’t be undone.",
        how: "How much",
        all: "All that is left",
        part: "A part",
        amount: "Amount of the part",
        button: "Give back",
        impossible: "There is nothing to give back: the payment was not paid, or was given back whole.",
    },
};
