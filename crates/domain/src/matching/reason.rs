//! Why a movement waits for a person.

use crate::lang::Lang;

/// Why a movement was not matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nothing in it names a payment.
    NoPayment,
    /// Its text has the ids of several payments.
    SeveralIds,
    /// Several payments have the same operation number, or the same payer and amount.
    SeveralPayments,
    /// The payment collects on another account.
    OtherAccount,
    /// The payment is in another currency.
    OtherCurrency,
    /// The payment asks for another amount.
    OtherAmount,
    /// It was booked before the payment was created.
    OlderThanPayment,
    /// The payment may be paid by somebody else only, or the payer is not known.
    OtherPayer,
    /// The merchant deleted the payment.
    PaymentDeleted,
    /// The payer had declared not to pay.
    PaymentRejected,
    /// The payer had reported the payment as abuse.
    PaymentReportedAsAbuse,
    /// The merchant had marked the payment as paid.
    PaymentMarkedPaid,
    /// Another movement settled the payment: an overpayment.
    AlreadySettled,
    /// It was to be sent back, or what was left of it, and that failed; the reason follows in the row.
    ReturnFailed,
    /// It matched, but what that causes could not be recorded; the error follows in the row.
    NotSettled,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 15] = [
        Reason::NoPayment,
        Reason::SeveralIds,
        Reason::SeveralPayments,
        Reason::OtherAccount,
        Reason::OtherCurrency,
        Reason::OtherAmount,
        Reason::OlderThanPayment,
        Reason::OtherPayer,
        Reason::PaymentDeleted,
        Reason::PaymentRejected,
        Reason::PaymentReportedAsAbuse,
        Reason::PaymentMarkedPaid,
        Reason::AlreadySettled,
        Reason::ReturnFailed,
        Reason::NotSettled,
    ];

    /// As in rows.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::NoPayment => "no-payment",
            Reason::SeveralIds => "several-ids",
            Reason::SeveralPayments => "several-payments",
            Reason::OtherAccount => "other-account",
            Reason::OtherCurrency => "other-currency",
            Reason::OtherAmount => "other-amount",
            Reason::OlderThanPayment => "older-than-payment",
            Reason::OtherPayer => "other-payer",
            Reason::PaymentDeleted => "payment-deleted",
            Reason::PaymentRejected => "payment-rejected",
            Reason::PaymentReportedAsAbuse => "payment-reported-as-abuse",
            Reason::PaymentMarkedPaid => "payment-marked-paid",
            Reason::AlreadySettled => "already-settled",
            Reason::ReturnFailed => "return-failed",
            Reason::NotSettled => "not-settled",
        }
    }

    /// Reads the text of a row; what follows a colon is for people.
    pub fn parse(text: &str) -> Option<Reason> {
        let word = text.split(':').next().unwrap_or(text);
        Reason::ALL.into_iter().find(|reason| reason.as_str() == word)
    }

    /// For the person who decides.
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Reason::NoPayment => lang.pick(
                "El movimiento no corresponde a ningún cobro conocido.",
                "Nothing in the movement names a payment.",
            ),
            Reason::SeveralIds => lang.pick(
                "La glosa menciona más de un cobro.",
                "The reference names more than one payment.",
            ),
            Reason::SeveralPayments => lang.pick(
                "El movimiento podría corresponder a más de un cobro.",
                "The movement could be for more than one payment.",
            ),
            Reason::OtherAccount => lang.pick(
                "El cobro mencionado se paga en otra cuenta.",
                "The payment it names collects on another account.",
            ),
            Reason::OtherCurrency => lang.pick(
                "El cobro es en otra moneda.",
                "The payment is in another currency.",
            ),
            Reason::OtherAmount => lang.pick(
                "El monto no es el del cobro.",
                "The amount is not that of the payment.",
            ),
            Reason::OlderThanPayment => lang.pick(
                "El movimiento es anterior a la creación del cobro.",
                "The movement is older than the payment.",
            ),
            Reason::OtherPayer => lang.pick(
                "El cobro solo puede pagarlo una persona determinada, y no consta que haya sido ella.",
                "Only one person may pay the payment, and this is not known to be that person.",
            ),
            Reason::PaymentDeleted => lang.pick("El cobro fue eliminado.", "The payment was deleted."),
            Reason::PaymentRejected => lang.pick(
                "El pagador declaró que no pagaría este cobro.",
                "The payer declared not to pay this payment.",
            ),
            Reason::PaymentReportedAsAbuse => lang.pick(
                "El pagador denunció el cobro como abuso.",
                "The payer reported the payment as abuse.",
            ),
            Reason::PaymentMarkedPaid => lang.pick(
                "El cobrador ya había marcado el cobro como pagado.",
                "The merchant had already marked the payment as paid.",
            ),
            Reason::AlreadySettled => lang.pick(
                "El cobro ya estaba pagado: es un pago repetido.",
                "The payment was already paid: this one is in excess.",
            ),
            Reason::ReturnFailed => lang.pick(
                "El dinero debía devolverse, y la transferencia no se hizo.",
                "The money was to be sent back, and the transfer was not made.",
            ),
            Reason::NotSettled => lang.pick(
                "El movimiento corresponde a un cobro, pero no se pudo registrar.",
                "The movement is for a payment, but that could not be recorded.",
            ),
        }
    }
}
