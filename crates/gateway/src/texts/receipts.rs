//! The receipt, as a PDF and as the page that verifies it.

use ayni_domain::lang::Lang;
use ayni_domain::rut::dotted;

/// Texts of a receipt.
pub struct Texts {
    /// Heads it.
    pub title: &'static str,
    /// Before the instant at which the money was seen.
    pub paid: &'static str,
    /// Before pesos, for a payment in UF.
    pub in_pesos: &'static str,
    /// Who collected.
    pub payee: &'static str,
    /// Through whom.
    pub providers: &'static str,
    /// What for.
    pub subject: &'static str,
    /// Who paid.
    pub payer: &'static str,
    /// The payer's RUT.
    pub payer_identifier: &'static str,
    /// The payer's bank.
    pub bank: &'static str,
    /// The payer's account.
    pub account: &'static str,
    /// The bank's number of the transfer.
    pub operation: &'static str,
    /// How it was paid.
    pub method: &'static str,
    /// Through our pages.
    pub simplified: &'static str,
    /// At the bank's own.
    pub regular: &'static str,
    /// The payment's id.
    pub payment_id: &'static str,
    /// After a time of day.
    pub chile_time: &'static str,
    /// Heads the contract.
    pub contract: &'static str,
    /// What it is called.
    pub contract_name: &'static str,
    /// How long it is.
    pub contract_size: &'static str,
    /// Its digest.
    pub contract_sha256: &'static str,
    /// Who accepted it.
    pub contract_by: &'static str,
    /// When.
    pub contract_at: &'static str,
    /// In which attempt.
    pub contract_attempt: &'static str,
    /// Where nobody did: the money came past our pages.
    pub not_accepted: &'static str,
    /// Heads the QR.
    pub verify: &'static str,
    /// What it is for.
    pub verify_hint: &'static str,
    /// Before the address that the QR must lead to.
    pub verify_at: &'static str,
}

impl Texts {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// A number of bytes: «12.345 bytes».
    pub fn bytes(&self, count: i64, lang: Lang) -> String {
        let digits = dotted(u64::try_from(count).unwrap_or_default());
        format!("{} bytes", lang.pick(digits.clone(), digits.replace('.', ",")))
    }
}

static ES: Texts = Texts {
    title: "Comprobante de pago",
    paid: "Pagado el",
    in_pesos: "En pesos:",
    payee: "Pagado a",
    providers: "A través de",
    subject: "Motivo",
    payer: "Pagador",
    payer_identifier: "RUT del pagador",
    bank: "Banco de origen",
    account: "Cuenta de origen",
    operation: "Número de operación",
    method: "Forma de pago",
    simplified: "Transferencia simplificada",
    regular: "Transferencia manual",
    payment_id: "Código del pago",
    chile_time: "hora de Chile",
    contract: "Documento aceptado con este pago",
    contract_name: "Documento",
    contract_size: "Tamaño",
    contract_sha256: "SHA-256",
    contract_by: "Aceptado por",
    contract_at: "Aceptado el",
    contract_attempt: "Intento de pago",
    not_accepted: "Sin aceptación registrada: el dinero llegó por otra vía",
    verify: "Compruebe este pago",
    verify_hint: "El código abre la página que dice lo que se sabe hoy de este pago: que se recibió, y si después se \
                  devolvió. Si sus datos no coinciden con los de este documento, el documento es falso.",
    verify_at: "La dirección debe comenzar con",
};

static EN: Texts = Texts {
    title: "Payment receipt",
    paid: "Paid on",
    in_pesos: "In pesos:",
    payee: "Paid to",
    providers: "Through",
    subject: "For",
    payer: "Payer",
    payer_identifier: "Payer’s RUT",
    bank: "From bank",
    account: "From account",
    operation: "Operation number",
    method: "Paid by",
    simplified: "Simplified transfer",
    regular: "Manual transfer",
    payment_id: "Payment code",
    chile_time: "Chile time",
    contract: "Document accepted with this payment",
    contract_name: "Document",
    contract_size: "Size",
    contract_sha256: "SHA-256",
    contract_by: "Accepted by",
    contract_at: "Accepted on",
    contract_attempt: "Payment attempt",
    not_accepted: "No acceptance recorded: the money came another way",
    verify: "Verify this payment",
    verify_hint: "The code opens the page that tells what is known of this payment today: that it was received, and \
                  whether it was given back since. If its data differ from this document’s, the document is false.",
    verify_at: "The address must begin with",
};
