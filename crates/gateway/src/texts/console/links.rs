//! Reusable payment links in the console.

use ayni_domain::lang::Lang;

/// The form's groups, their fields in order and how each is asked.
pub const GROUPS: &[(&str, &[(&str, &str)])] = &[
    ("what", &[("subject", "text"), ("body", "area")]),
    (
        "price",
        &[
            ("currency", "currency"),
            ("amount", "amount"),
            ("quantity_max", "number"),
            ("minimum_amount", "amount"),
            ("maximum_amount", "amount"),
        ],
    ),
    (
        "payer",
        &[("asks_payer_name", "check"), ("asks_payer_email", "check")],
    ),
    (
        "limits",
        &[("expires_date", "datetime-local"), ("uses_max", "number")],
    ),
    (
        "after",
        &[
            ("return_url", "url"),
            ("cancel_url", "url"),
            ("notify_url", "url"),
            ("psp_client_merchant_name", "text"),
        ],
    ),
];

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $es:literal, $en:literal;)+) => {
        /// The pages' texts.
        pub struct Texts { lang: Lang, $($(#[$doc])* pub $name: &'static str,)+ }
        static ES: Texts = Texts { lang: Lang::Es, $($name: $es,)+ };
        static EN: Texts = Texts { lang: Lang::En, $($name: $en,)+ };
    };
}

texts! {
    /// Heads the list.
    title: "Links de pago", "Payment links";
    /// Under it.
    lead: "Una dirección, o un QR impreso, en que muchas personas pagan: una entrada, una cuota, un aporte.",
        "One address, or a printed QR, at which many people pay: a ticket, a fee, a contribution.";
    /// There is none.
    none: "Todavía no hay links de pago.", "There are no payment links yet.";
    /// Makes one.
    new: "Nuevo link de pago", "New payment link";
    /// Sends the form of a new one.
    make: "Crear el link", "Create the link";
    /// Changes one.
    edit: "Editar", "Edit";
    /// Sends that form.
    save: "Guardar los cambios", "Save changes";
    /// Leaves a form.
    cancel: "Cancelar", "Cancel";
    /// Above what is wrong.
    problems: "Revise lo siguiente", "Please check the following";
    /// A column and a fact.
    subject: "Motivo", "Subject";
    /// A fact.
    body: "Detalle", "Details";
    /// A column and a fact.
    price: "Precio", "Price";
    /// Before a range of amounts.
    free: "Monto libre", "Free amount";
    /// Between a price and the most of it.
    up_to: "× hasta", "× up to";
    /// A column and a fact.
    uses: "Usos", "Uses";
    /// Between the uses and the most of them.
    of_uses: "de", "of";
    /// A column.
    state: "Estado", "State";
    /// A column.
    made_at: "Creado", "Created";
    /// A fact.
    expires: "Vence", "Expires";
    /// A fact.
    code: "Código", "Code";
    /// A fact.
    return_url: "Vuelve a", "Returns to";
    /// A fact.
    notify_url: "Notifica a", "Notifies";
    /// States of a link.
    active: "Activo", "Active";
    /// Switched off.
    inactive: "Desactivado", "Inactive";
    /// Its last day is over.
    expired: "Vencido", "Expired";
    /// Used up.
    exhausted: "Agotado", "Used up";
    /// Switches it off.
    switch_off: "Desactivar", "Deactivate";
    /// Switches it on.
    switch_on: "Activar", "Activate";
    /// Heads the address.
    address: "Dirección del link", "The link’s address";
    /// Copies it.
    copy: "Copiar", "Copy";
    /// After copying.
    copied: "Copiado", "Copied";
    /// Names the QR for screen readers.
    qr: "Código QR del link de pago", "QR code of the payment link";
    /// Leads to the sheet, before its size.
    print: "Imprimir", "Print";
    /// Above the sheet.
    print_hint: "Imprima esta página con su navegador: saldrá solo la hoja.",
        "Print this page with your browser: only the sheet comes out.";
    /// On the sheet.
    scan: "Escanee con la cámara de su teléfono para pagar", "Scan with your phone’s camera to pay";
    /// Back to the link.
    back: "Volver al link", "Back to the link";
    /// Heads what came of it.
    payments: "Pagos hechos con este link", "Payments made through this link";
    /// Nothing came of it yet.
    no_uses: "Nadie lo ha usado todavía.", "Nobody has used it yet.";
    /// A column.
    payment: "Pago", "Payment";
    /// A column.
    quantity: "Cantidad", "Quantity";
    /// A column.
    amount: "Monto", "Amount";
    /// The next page.
    more: "Ver más", "Show more";
    /// States of a payment.
    pending: "Pendiente", "Pending";
    /// The money is looked for.
    verifying: "En verificación", "Being verified";
    /// The money is there.
    paid: "Pagado", "Paid";
    /// It went back.
    refunded: "Devuelto", "Refunded";
    /// It can't be paid.
    closed: "Cerrado", "Closed";
    /// It was done.
    made: "Se creó el link de pago.", "The payment link was created.";
    /// It was done.
    changed: "Se guardaron los cambios. Quien tenía el link abierto verá lo nuevo antes de pagar.",
        "The changes were saved. Whoever had the link open sees them before paying.";
    /// It was not done.
    raced: "Otra persona cambió este link al mismo tiempo. Revíselo y vuelva a editarlo.",
        "Somebody else changed this link at the same time. Look at it and edit it again.";
    /// It was done.
    switched_off: "El link quedó desactivado: nadie puede usarlo.", "The link is inactive: nobody can use it.";
    /// It was done.
    switched_on: "El link quedó activo.", "The link is active.";
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// A group's legend, and what is said under it.
    pub fn group(&self, name: &str) -> (&'static str, &'static str) {
        match name {
            "what" => (self.lang.pick("Qué se paga", "What is paid"), ""),
            "price" => (
                self.lang.pick("Cuánto", "How much"),
                self.lang.pick(
                    "Con un precio todos pagan lo mismo. Sin precio, cada persona dice cuánto.",
                    "With a price everybody pays the same. Without one, each person says how much.",
                ),
            ),
            "payer" => (self.lang.pick("Qué se pregunta", "What is asked"), ""),
            "limits" => (self.lang.pick("Hasta cuándo", "Until when"), ""),
            _ => (self.lang.pick("Después del pago", "After the payment"), ""),
        }
    }

    /// A field's label and hint.
    pub fn field(&self, name: &str) -> (&'static str, &'static str) {
        let found = FIELDS.iter().find(|(field, _, _)| *field == name);
        found.map_or(("", ""), |(_, es, en)| self.lang.pick(*es, *en))
    }
}

type Field = (
    &'static str,
    (&'static str, &'static str),
    (&'static str, &'static str),
);

/// Each field's label and hint, in Spanish and in English.
const FIELDS: &[Field] = &[
    (
        "subject",
        ("Motivo", "Lo que ve quien paga, por ejemplo «Entrada general»."),
        ("Subject", "What the payer sees, such as “General admission”."),
    ),
    ("body", ("Detalle", "Opcional."), ("Details", "Optional.")),
    ("currency", ("Moneda", ""), ("Currency", "")),
    (
        "amount",
        ("Precio", "Déjelo vacío para un monto libre."),
        ("Price", "Leave it empty for a free amount."),
    ),
    (
        "quantity_max",
        ("Cantidad máxima por pago", "Vacío: una sola unidad."),
        ("Most at once", "Empty: one only."),
    ),
    (
        "minimum_amount",
        ("Monto mínimo", "Solo con monto libre."),
        ("Least amount", "With a free amount only."),
    ),
    (
        "maximum_amount",
        ("Monto máximo", "Solo con monto libre."),
        ("Greatest amount", "With a free amount only."),
    ),
    (
        "asks_payer_name",
        ("Nombre", "Quien paga puede no darlo."),
        ("Name", "Payers may leave it out."),
    ),
    (
        "asks_payer_email",
        (
            "Correo electrónico",
            "Para enviar el comprobante; quien paga puede no darlo.",
        ),
        ("E-mail", "For the receipt; payers may leave it out."),
    ),
    (
        "expires_date",
        ("Vence", "Hora de Chile. Vacío: no vence."),
        ("Expires", "Chile time. Empty: never."),
    ),
    (
        "uses_max",
        (
            "Pagos como máximo",
            "Cuenta cada pago que se crea. Vacío: sin límite.",
        ),
        (
            "Payments at most",
            "Counts every payment that is begun. Empty: no limit.",
        ),
    ),
    (
        "return_url",
        ("Dirección de retorno", "A dónde vuelve quien pagó. Opcional."),
        ("Return address", "Where payers go back to. Optional."),
    ),
    (
        "cancel_url",
        ("Dirección si no quiere pagar", "Opcional."),
        ("Address if they don’t want to pay", "Optional."),
    ),
    (
        "notify_url",
        ("Dirección de notificación", "Vacío: la de la cuenta de cobro."),
        ("Notification address", "Empty: the account’s own."),
    ),
    (
        "psp_client_merchant_name",
        ("Comercio final", "Para quien se procesa el pago."),
        ("End merchant", "For whom the payment is processed."),
    ),
];
