//! The document that is accepted by paying.

use ayni_domain::lang::Lang;

/// Texts of the contract's part of a page.
pub struct Contract {
    /// Heads it.
    pub heading: &'static str,
    /// On the payment's first page: what it is, and what will be asked.
    pub before: &'static str,
    /// Right before the money may move.
    pub now: &'static str,
    /// The document's name.
    pub name: &'static str,
    /// How long it is.
    pub size: &'static str,
    /// Its digest.
    pub sha256: &'static str,
    /// Opens it.
    pub open: &'static str,
    /// Beside the box to be ticked.
    pub accept: &'static str,
    /// It was not ticked.
    pub problem: &'static str,
}

impl Contract {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Contract {
        lang.pick(&ES, &EN)
    }
}

static ES: Contract = Contract {
    heading: "Con este pago acepta un documento",
    before: "Léalo antes de pagar. Le pediremos que lo acepte antes de transferir, y el comprobante lo dirá.",
    now: "Al continuar queda constancia de que usted lo aceptó: su RUT, la fecha y la huella del documento.",
    name: "Documento",
    size: "Tamaño",
    sha256: "Huella SHA-256",
    open: "Abrir el documento (PDF)",
    accept: "Leí el documento y lo acepto",
    problem: "Para pagar debe leer el documento y aceptarlo.",
};

static EN: Contract = Contract {
    heading: "By paying you accept a document",
    before: "Read it before paying. You will be asked to accept it before the transfer, and the receipt will say so.",
    now: "By continuing it is recorded that you accepted it: your RUT, the date and the document’s digest.",
    name: "Document",
    size: "Size",
    sha256: "SHA-256 digest",
    open: "Open the document (PDF)",
    accept: "I have read the document and accept it",
    problem: "To pay you must read the document and accept it.",
};
