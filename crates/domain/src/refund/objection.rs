//! What is against a refund, in the words that Khipu's clients know.

use crate::ids::AccountId;
use crate::lang::Lang;
use crate::money::Amount;

/// What is against a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// The payment's money can't be given back, or not any more.
    NotRefundable(String),
    /// It is more than what is left of the payment.
    AboveRefundable(Amount),
    /// The account may not make refunds.
    NotRefunding(AccountId),
    /// The wallet holds less.
    WalletTooSmall,
    /// An amount was sent for a refund of all that is left.
    AmountOfFull,
}

impl Objection {
    /// For the developer who reads the answer (seen in Khipu's answers, but for the last).
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Objection::NotRefundable(id) => lang.pick(
                format!("El pago con ID {id} no es reembolsable"),
                format!("The payment with ID {id} can't be refunded"),
            ),
            Objection::AboveRefundable(amount) => lang.pick(
                format!(
                    "El monto {} excede el saldo reembolsable del pago",
                    amount.plain()
                ),
                format!(
                    "The amount {} is above what can be refunded of the payment",
                    amount.plain()
                ),
            ),
            Objection::NotRefunding(account) => lang.pick(
                format!("La cuenta de cobro con ID {account} no está habilitada para hacer devoluciones."),
                format!("The account with ID {account} may not make refunds."),
            ),
            Objection::WalletTooSmall => lang
                .pick(
                    "Saldo de la billetera insuficiente",
                    "The wallet holds less than that",
                )
                .into(),
            Objection::AmountOfFull => lang
                .pick(
                    "Este campo no se permite con type full: se devuelve todo lo que queda",
                    "This field is not allowed with type full: all that is left is given back",
                )
                .into(),
        }
    }
}
