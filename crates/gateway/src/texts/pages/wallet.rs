//! How money is added to a refund wallet.

use ayni_domain::lang::Lang;

/// Texts of `/refund-wallet/{reference}`.
pub struct TopUp {
    /// Heads the page.
    pub heading: &'static str,
    /// What to do, before the merchant's name.
    pub hint: &'static str,
    /// Rows of the destination.
    pub bank: &'static str,
    /// The account's number.
    pub account: &'static str,
    /// The holder's name.
    pub holder: &'static str,
    /// The holder's RUT.
    pub holder_rut: &'static str,
    /// The holder's e-mail.
    pub holder_email: &'static str,
    /// The account's currency.
    pub currency: &'static str,
    /// The wallet's reference.
    pub reference: &'static str,
    /// Where to write it, and why.
    pub reference_hint: &'static str,
    /// Copies a row.
    pub copy: &'static str,
    /// After copying.
    pub copied: &'static str,
    /// How much may be transferred.
    pub amount: &'static str,
    /// When it is there.
    pub when: &'static str,
    /// Heads the page where there is no such wallet.
    pub missing: &'static str,
    /// What to do then.
    pub missing_hint: &'static str,
    /// In the footer.
    pub promise: &'static str,
}

impl TopUp {
    /// In this language.
    pub fn of(lang: Lang) -> &'static TopUp {
        lang.pick(&ES, &EN)
    }
}

static ES: TopUp = TopUp {
    heading: "Agregue fondos a la billetera",
    hint: "Transfiera desde cualquier banco con estos datos. El dinero quedará disponible para los reembolsos de",
    bank: "Banco",
    account: "Número de cuenta",
    holder: "Nombre",
    holder_rut: "RUT",
    holder_email: "Correo electrónico",
    currency: "Moneda",
    reference: "Código de referencia",
    reference_hint: "Escríbalo en el mensaje o comentario de la transferencia: solo por él sabemos que el dinero es de esta billetera.",
    copy: "Copiar",
    copied: "Copiado",
    amount: "Puede transferir el monto que quiera, las veces que quiera, siempre con el mismo código.",
    when: "El saldo aumenta cuando la transferencia aparece en la cartola del banco.",
    missing: "Esta billetera no existe",
    missing_hint: "Revise la dirección: es la que entrega add_funds_url al consultar el saldo de la billetera.",
    promise: "Esta página nunca le pide claves.",
};

static EN: TopUp = TopUp {
    heading: "Add funds to the wallet",
    hint: "Transfer from any bank with these details. The money will be there for the refunds of",
    bank: "Bank",
    account: "Account number",
    holder: "Name",
    holder_rut: "RUT",
    holder_email: "E-mail",
    currency: "Currency",
    reference: "Reference code",
    reference_hint: "Write it in the transfer’s message or comment: only by it do we know that the money is this wallet’s.",
    copy: "Copy",
    copied: "Copied",
    amount: "Transfer any amount, as often as you like, always with the same code.",
    when: "The balance grows when the transfer shows on the bank’s statement.",
    missing: "There is no such wallet",
    missing_hint: "Check the address: it is the add_funds_url told with the wallet’s balance.",
    promise: "This page never asks for passwords.",
};
