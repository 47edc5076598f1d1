//! The console's page of one payment.

use ayni_domain::lang::Lang;

/// Texts of `/console/payments/{id}`.
pub struct One {
    /// Before the identifier.
    pub title: &'static str,
    /// Heads what was asked for.
    pub about: &'static str,
    /// The identifier.
    pub id: &'static str,
    /// The merchant's reference.
    pub reference: &'static str,
    /// When it expires.
    pub expires: &'static str,
    /// It has.
    pub expired: &'static str,
    /// What it says beside its subject.
    pub body: &'static str,
    /// The merchant's `custom`.
    pub custom: &'static str,
    /// Where the merchant is notified.
    pub notify_url: &'static str,
    /// Whom it collects for.
    pub responsible: &'static str,
    /// The payer's page.
    pub link: &'static str,
    /// Heads what is known of the payer.
    pub payer: &'static str,
    /// Nothing is.
    pub no_payer: &'static str,
    /// A name.
    pub name: &'static str,
    /// An address.
    pub email: &'static str,
    /// A RUT.
    pub rut: &'static str,
    /// A bank account.
    pub account: &'static str,
    /// The bank's number.
    pub operation: &'static str,
    /// When the money was seen.
    pub seen: &'static str,
    /// What came in.
    pub paid: &'static str,
    /// The operator's part.
    pub fee: &'static str,
    /// What was given back.
    pub refunded: &'static str,
    /// The PDF.
    pub receipt: &'static str,
    /// The contract.
    pub contract: &'static str,
    /// Where it was accepted by somebody.
    pub accepted: &'static str,
    /// It was not.
    pub not_accepted: &'static str,
    /// Where it is settled.
    pub settlement: &'static str,
    /// It will be.
    pub releases: &'static str,
    /// Heads the timeline.
    pub timeline: &'static str,
    /// Heads the ledger.
    pub ledger: &'static str,
    /// Chile's clock.
    pub clock: &'static str,
    /// The ledger's column of accounts.
    pub ledger_account: &'static str,
    /// Debits.
    pub debit: &'static str,
    /// Credits.
    pub credit: &'static str,
    /// Names the list of what may be done.
    pub acts: &'static str,
    /// Heads what is to be done.
    pub now: &'static str,
    /// The state's next step, by the state's kind.
    pub next: [&'static str; 6],
    /// Made.
    pub made: &'static str,
    /// An attempt began.
    pub attempt: &'static str,
    /// A line of the statement.
    pub movement: &'static str,
    /// A notification was made.
    pub notice: &'static str,
    /// One try of it.
    pub notice_try: &'static str,
    /// A mail was made.
    pub mail: &'static str,
    /// One try of it.
    pub mail_try: &'static str,
    /// A refund was accepted.
    pub refund: &'static str,
    /// There was no answer.
    pub no_answer: &'static str,
    /// The next try.
    pub next_try: &'static str,
    /// The server took a mail.
    pub taken: &'static str,
    /// More was left out.
    pub left_out: &'static str,
    words: &'static [(&'static str, &'static str)],
}

impl One {
    /// In this language.
    pub fn of(lang: Lang) -> &'static One {
        lang.pick(&ES, &EN)
    }

    /// What a word of a row means: an event, a state of an attempt, a notice, a mail, a refund. One that is not known
    /// stands for itself.
    pub fn word<'a>(&self, word: &'a str) -> &'a str
    where
        'static: 'a,
    {
        let known = self.words.iter().find(|(known, _)| *known == word);
        known.map_or(word, |(_, means)| means)
    }
}

static ES: One = One {
    title: "Cobro",
    about: "El cobro",
    id: "Identificador",
    reference: "Referencia",
    expires: "Vence",
    expired: "Vencido",
    body: "Descripción",
    custom: "Datos propios",
    notify_url: "Se notifica a",
    responsible: "Responsable",
    link: "Página de pago",
    payer: "Quien paga",
    no_payer: "Todavía no se sabe quién paga.",
    name: "Nombre",
    email: "Correo",
    rut: "RUT",
    account: "Cuenta",
    operation: "Número de operación",
    seen: "Dinero visto",
    paid: "Recibido",
    fee: "Comisión",
    refunded: "Reembolsado",
    receipt: "Comprobante (PDF)",
    contract: "Contrato",
    accepted: "Aceptado el",
    not_accepted: "Sin aceptación registrada",
    settlement: "Liquidación",
    releases: "Se liquida desde el",
    timeline: "Qué ha pasado",
    ledger: "Asientos contables",
    clock: "Las horas son las de Chile continental.",
    ledger_account: "Cuenta",
    debit: "Debe",
    credit: "Haber",
    acts: "Qué se puede hacer",
    now: "Qué sigue",
    next: [
        "Comparta la página de pago. Cuando el dinero se vea en su cuenta, el cobro quedará pagado.",
        "El plazo pasó y no se puede comenzar a pagar. Si el dinero llega igual, el cobro quedará pagado, fuera de plazo.",
        "El banco aceptó la transferencia o quien paga dice que la hizo. Espere a que el dinero se vea en su cuenta; no \
         entregue antes.",
        "El dinero está en su cuenta: puede entregar.",
        "Se aceptó devolver dinero. Más abajo se ve si el reembolso ya salió.",
        "El cobro terminó sin pago en su cuenta. Si llega dinero, queda por revisar y se devuelve.",
    ],
    made: "Se creó el cobro",
    attempt: "Comenzó un intento de pago",
    movement: "El dinero se vio en la cartola",
    notice: "Notificación",
    notice_try: "Envío de la notificación",
    mail: "Correo",
    mail_try: "Envío del correo",
    refund: "Reembolso",
    no_answer: "Sin respuesta",
    next_try: "Próximo intento:",
    taken: "El servidor de correo lo recibió",
    left_out: "Hay más hechos de los que caben en esta página: se muestran los más nuevos.",
    words: &[
        ("attempt-authorising", "Se pidió al banco la transferencia"),
        ("transfer-declared", "Quien paga declaró que transfirió"),
        ("declaration-withdrawn", "Quien paga retiró su declaración"),
        ("attempt-failed", "La transferencia no se hizo"),
        (
            "verification-lapsed",
            "El dinero no llegó a tiempo: el cobro vuelve a estar pendiente",
        ),
        ("money-seen", "El cobro quedó pagado"),
        ("deleted", "Se eliminó el cobro"),
        ("rejected-by-payer", "Quien paga declaró que no pagará"),
        (
            "reported-as-abuse",
            "Quien recibió el cobro lo reportó como abuso",
        ),
        ("marked-paid-by-receiver", "Se marcó como pagado por otro medio"),
        ("reversed", "Se aceptó reembolsar todo"),
        ("partially-refunded", "Se aceptó reembolsar una parte"),
        ("fully-refunded", "Se aceptó reembolsar lo que quedaba"),
        (
            "refund-expired",
            "El reembolso no se pudo hacer y el dinero volvió a la cuenta",
        ),
        ("asking", "El banco está preguntando"),
        ("authorising", "Pidiendo la transferencia"),
        ("authorised", "El banco la aceptó"),
        ("uncertain", "El banco no respondió claro"),
        ("declared", "Declarada por quien paga"),
        ("failed", "No se hizo"),
        ("lapsed", "Venció"),
        ("settled", "Su dinero llegó"),
        ("pending", "pendiente"),
        ("delivered", "entregada"),
        ("spent", "sin entrega después de dos días"),
        ("sent", "enviado"),
        ("dropped", "ya no hizo falta"),
        ("held", "retenido: no hay servidor de correo"),
        ("request", "solicitud de pago"),
        ("reminder-1", "primer recordatorio"),
        ("reminder-2", "segundo recordatorio"),
        ("receipt", "comprobante"),
        ("authorized", "en camino"),
        ("paid", "pagado"),
        ("expired", "no se pudo hacer"),
        ("bank", "Cuenta bancaria"),
        ("own", "Propio"),
        ("collected", "Cobrado"),
        ("wallet", "Billetera de reembolsos"),
        ("transit", "En camino"),
        ("fees", "Comisiones"),
        ("integrator", "Integrador"),
        ("suspense", "Por revisar"),
        ("payouts", "Pagos al comercio"),
    ],
};

static EN: One = One {
    title: "Payment",
    about: "The payment",
    id: "Identifier",
    reference: "Reference",
    expires: "Expires",
    expired: "Expired",
    body: "Description",
    custom: "Custom data",
    notify_url: "Notified at",
    responsible: "Responsible",
    link: "Payer's page",
    payer: "Payer",
    no_payer: "Nobody knows yet who pays.",
    name: "Name",
    email: "E-mail",
    rut: "RUT",
    account: "Account",
    operation: "Operation number",
    seen: "Money seen",
    paid: "Received",
    fee: "Fee",
    refunded: "Refunded",
    receipt: "Receipt (PDF)",
    contract: "Contract",
    accepted: "Accepted on",
    not_accepted: "No acceptance recorded",
    settlement: "Settlement",
    releases: "Settled from",
    timeline: "What has happened",
    ledger: "Ledger entries",
    clock: "Times are those of continental Chile.",
    ledger_account: "Account",
    debit: "Debit",
    credit: "Credit",
    acts: "What can be done",
    now: "What is next",
    next: [
        "Share the payer's page. Once the money is seen on your account, the payment is paid.",
        "Its time is over and nobody can begin to pay. Should money come all the same, it will be paid, out of date.",
        "The bank took the transfer, or the payer says that it was made. Wait until the money is seen on your account; do \
         not deliver before.",
        "The money is on your account: you can deliver.",
        "Money is being given back. Below you see whether the refund has left.",
        "It ended without money on your account. Should money come, it waits for review and goes back.",
    ],
    made: "The payment was made",
    attempt: "An attempt to pay began",
    movement: "The money was seen on the statement",
    notice: "Notification",
    notice_try: "Notification sent",
    mail: "Mail",
    mail_try: "Mail sent",
    refund: "Refund",
    no_answer: "No answer",
    next_try: "Next try:",
    taken: "The mail server took it",
    left_out: "There is more than this page can show: these are the newest.",
    words: &[
        ("attempt-authorising", "The bank was asked for the transfer"),
        ("transfer-declared", "The payer declared a transfer"),
        ("declaration-withdrawn", "The payer withdrew the declaration"),
        ("attempt-failed", "The transfer was not made"),
        (
            "verification-lapsed",
            "The money did not come in time: the payment is pending again",
        ),
        ("money-seen", "The payment is paid"),
        ("deleted", "The payment was deleted"),
        ("rejected-by-payer", "The payer declared not to pay"),
        ("reported-as-abuse", "Who received it reported it as abuse"),
        ("marked-paid-by-receiver", "It was marked as paid in another way"),
        ("reversed", "Refunding all of it was accepted"),
        ("partially-refunded", "Refunding a part was accepted"),
        ("fully-refunded", "Refunding the rest was accepted"),
        (
            "refund-expired",
            "The refund could not be made and the money is back on the account",
        ),
        ("asking", "The bank is asking"),
        ("authorising", "Asking for the transfer"),
        ("authorised", "The bank took it"),
        ("uncertain", "The bank gave no clear answer"),
        ("declared", "Declared by the payer"),
        ("failed", "Not made"),
        ("lapsed", "Its time passed"),
        ("settled", "Its money came"),
        ("pending", "pending"),
        ("delivered", "delivered"),
        ("spent", "not delivered within two days"),
        ("sent", "sent"),
        ("dropped", "no longer needed"),
        ("held", "held: there is no mail server"),
        ("request", "request for payment"),
        ("reminder-1", "first reminder"),
        ("reminder-2", "second reminder"),
        ("receipt", "receipt"),
        ("authorized", "on its way"),
        ("paid", "paid"),
        ("expired", "could not be made"),
        ("bank", "Bank account"),
        ("own", "Own"),
        ("collected", "Collected"),
        ("wallet", "Refund wallet"),
        ("transit", "On its way"),
        ("fees", "Fees"),
        ("integrator", "Integrator"),
        ("suspense", "To be reviewed"),
        ("payouts", "Payouts"),
    ],
};
