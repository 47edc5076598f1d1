//! Money that went back, on a payment's page and on its receipt's.

use ayni_domain::lang::Lang;
use ayni_domain::refund::State;

/// Texts of the section that lists it.
pub struct GivenBack {
    /// Heads it.
    pub heading: &'static str,
    /// Before the sum of all refunds.
    pub total: &'static str,
    /// A part of what was paid.
    pub refund: &'static str,
    /// What was transferred beyond the payment's amount.
    pub surplus: &'static str,
    /// Accepted, and still here.
    pub pending: &'static str,
    /// With the bank.
    pub authorized: &'static str,
    /// Seen leaving.
    pub paid: &'static str,
    /// It could not be executed.
    pub expired: &'static str,
    /// After a time of day.
    pub chile_time: &'static str,
}

impl GivenBack {
    /// In this language.
    pub fn of(lang: Lang) -> &'static GivenBack {
        lang.pick(&ES, &EN)
    }

    /// What became of it.
    pub fn state(&self, state: State) -> &'static str {
        match state {
            State::Pending => self.pending,
            State::Authorized => self.authorized,
            State::Paid => self.paid,
            State::Expired => self.expired,
        }
    }
}

static ES: GivenBack = GivenBack {
    heading: "Dinero devuelto",
    total: "Devuelto en total",
    refund: "Devolución",
    surplus: "Excedente de la transferencia",
    pending: "Aceptada: saldrá hacia la cuenta de origen",
    authorized: "Entregada al banco: va en camino a la cuenta de origen",
    paid: "Transferida a la cuenta de origen",
    expired: "No se pudo transferir, y quedó sin efecto",
    chile_time: "hora de Chile",
};

static EN: GivenBack = GivenBack {
    heading: "Money given back",
    total: "Given back in all",
    refund: "Refund",
    surplus: "Surplus of the transfer",
    pending: "Accepted: it will leave for the account that paid",
    authorized: "With the bank: on its way to the account that paid",
    paid: "Transferred to the account that paid",
    expired: "It could not be transferred, and does not count",
    chile_time: "time in Chile",
};
