//! What the bank asks, in our words: login, account, coordinates.

use ayni_connectors::prompt::Problem;
use ayni_domain::lang::Lang;

use super::contract::Contract;

/// Texts of `/payment/simplified/{id}`.
pub struct Bank {
    /// Heads the page on which a bank is chosen.
    pub begin: &'static str,
    /// Heads the login.
    pub login: &'static str,
    /// Under it.
    pub login_hint: &'static str,
    /// Heads the choice of the account.
    pub account: &'static str,
    /// Under it.
    pub account_hint: &'static str,
    /// Names the choices.
    pub accounts: &'static str,
    /// Heads the coordinates.
    pub coordinates: &'static str,
    /// Under it.
    pub coordinates_hint: &'static str,
    /// Label of a coordinate, before its position.
    pub coordinate: &'static str,
    /// Label of the RUT.
    pub rut: &'static str,
    /// How to write it.
    pub rut_hint: &'static str,
    /// Label of the bank's password.
    pub password: &'static str,
    /// Sends the login.
    pub log_in: &'static str,
    /// Sends the account.
    pub choose_account: &'static str,
    /// Moves the money; the amount follows.
    pub authorise: &'static str,
    /// Ends the attempt.
    pub stop: &'static str,
    /// Names the steps for screen readers.
    pub steps: &'static str,
    /// The three steps.
    pub step_names: [&'static str; 3],
    /// Where money will come from.
    pub from_account: &'static str,
    /// Before the attempt's deadline.
    pub until: &'static str,
}

impl Bank {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Bank {
        lang.pick(&ES, &EN)
    }
}

/// Why the same step is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The bank says so.
    Bank(Problem),
    /// The RUT's check digit is wrong, so that the bank was not even asked.
    NotARut,
    /// The payment may be paid by another person only.
    OtherPerson,
    /// The document that is accepted by paying was not.
    ContractNotAccepted,
}

/// What to do about it.
pub fn trouble(trouble: Trouble, lang: Lang) -> &'static str {
    match trouble {
        Trouble::Bank(Problem::WrongLogin) => lang.pick(
            "El banco no reconoció ese RUT con esa clave. Revíselos e ingréselos otra vez.",
            "The bank did not recognise that RUT with that password. Check them and enter them again.",
        ),
        Trouble::Bank(Problem::LoginExpired) => lang.pick(
            "El banco cerró su sesión por inactividad. Ingrese de nuevo; nada se ha transferido.",
            "The bank closed your session. Log in again; nothing has been transferred.",
        ),
        Trouble::Bank(Problem::AnswerMissing) => {
            lang.pick("Complete todos los campos.", "Fill in all the fields.")
        }
        Trouble::Bank(Problem::NotOffered) => lang.pick(
            "Elija una de las cuentas de la lista.",
            "Choose one of the accounts listed.",
        ),
        Trouble::Bank(Problem::CoordinateMalformed) => lang.pick(
            "Cada coordenada tiene dos dígitos.",
            "Each coordinate has two digits.",
        ),
        Trouble::NotARut => lang.pick(
            "El RUT no es válido: revise sus números y el dígito verificador.",
            "The RUT is not valid: check its numbers and the check digit.",
        ),
        Trouble::ContractNotAccepted => Contract::of(lang).problem,
        Trouble::OtherPerson => lang.pick(
            "Este cobro solo puede pagarlo la persona que indicó el comercio, y no es este RUT.",
            "Only the person named by the shop can pay this, and this is not that person’s RUT.",
        ),
    }
}

static ES: Bank = Bank {
    begin: "Pague con su banco",
    login: "Ingrese a su banco",
    login_hint: "Use el mismo RUT y la misma clave con los que entra al sitio de su banco.",
    account: "Elija la cuenta",
    account_hint: "La transferencia saldrá de la cuenta que elija.",
    accounts: "Sus cuentas",
    coordinates: "Autorice la transferencia",
    coordinates_hint: "Busque en su tarjeta de coordenadas las posiciones que pide el banco. Al continuar se hará la transferencia.",
    coordinate: "Coordenada",
    rut: "RUT",
    rut_hint: "Por ejemplo 12.345.678-5",
    password: "Clave del banco",
    log_in: "Ingresar",
    choose_account: "Usar esta cuenta",
    authorise: "Transferir",
    stop: "Dejar este intento",
    steps: "Pasos",
    step_names: ["Ingreso", "Cuenta", "Autorizar"],
    from_account: "Desde la cuenta",
    until: "Este intento termina el",
};

static EN: Bank = Bank {
    begin: "Pay with your bank",
    login: "Log in to your bank",
    login_hint: "Use the same RUT and password you use on your bank’s site.",
    account: "Choose the account",
    account_hint: "The transfer will be made from the account you choose.",
    accounts: "Your accounts",
    coordinates: "Authorise the transfer",
    coordinates_hint: "Look up on your coordinate card the positions the bank asks for. Continuing makes the transfer.",
    coordinate: "Coordinate",
    rut: "RUT",
    rut_hint: "For example 12.345.678-5",
    password: "Bank password",
    log_in: "Log in",
    choose_account: "Use this account",
    authorise: "Transfer",
    stop: "Leave this attempt",
    steps: "Steps",
    step_names: ["Login", "Account", "Authorise"],
    from_account: "From account",
    until: "This attempt ends on",
};
