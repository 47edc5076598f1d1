//! The kinds of data that are kept, and how long each of them is.

/// What a table's rows are kept for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Who paid, or was to pay: `retain_payers_days`.
    Payers,
    /// What merchants were told, and what they answered: `retain_payers_days`, answers `retain_answers_days`.
    Notices,
    /// To whom mails went: `retain_mails_days`.
    Mails,
    /// What was asked of institutions: `retain_operations_days`; what they answered goes within a day.
    Operations,
    /// What people consented to: `retain_consents_days` after its end.
    Consents,
    /// Who did what in the console: `retain_audit_days`.
    Audit,
    /// Who signs in to the console: until the person is taken out of the last account.
    SignIn,
    /// Gone within a day.
    Day,
    /// Gone within an hour.
    Hour,
    /// The documents that were accepted, and by whom: kept as evidence; the identifier becomes a keyed digest.
    Contracts,
    /// The books: kept; their notes lose what tells of a person.
    Ledger,
    /// The merchants themselves, who are the operator's customers: kept while they are.
    Merchants,
    /// About nobody.
    Nobody,
}

impl Kind {
    /// Why it is kept, in English, for the inventory of `docs/personal-data.md`.
    pub fn why(self) -> &'static str {
        match self {
            Kind::Payers => "to carry out the payment, and to prove it as long as it can be claimed",
            Kind::Notices => "to tell the merchant, and to show that it was told",
            Kind::Mails => "to ask for the payment and to send its receipt",
            Kind::Operations => "to answer the caller, and to find faults of a site",
            Kind::Consents => "to prove what a person agreed to",
            Kind::Audit => "to know who did what",
            Kind::SignIn => "to let people of the merchant in, and nobody else",
            Kind::Day | Kind::Hour => "to finish what was begun",
            Kind::Contracts => "evidence of what was agreed",
            Kind::Ledger => "the books, which the law demands",
            Kind::Merchants => "the contract with the merchant",
            Kind::Nobody => "it is about nobody",
        }
    }
}
