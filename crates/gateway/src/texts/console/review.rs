//! Money that waits for a person.

use ayni_domain::lang::Lang;
use ayni_domain::matching::reason::Reason;
use ayni_domain::order::State as OrderState;

use crate::ledger::correct::CorrectionError;
use crate::reconciliation::review::ReviewError;

/// The pages' texts.
pub struct Texts {
    /// Heads the list.
    pub title: &'static str,
    /// Under it.
    pub lead: &'static str,
    /// The list is empty.
    pub none: &'static str,
    /// The list is not whole.
    pub cut: &'static str,
    /// Titles a movement.
    pub one: &'static str,
    /// A column.
    pub amount: &'static str,
    /// A column.
    pub why: &'static str,
    /// A column.
    pub payer: &'static str,
    /// A fact.
    pub rut: &'static str,
    /// A column.
    pub reference: &'static str,
    /// A column.
    pub booked: &'static str,
    /// A fact.
    pub from_account: &'static str,
    /// A fact.
    pub operation: &'static str,
    /// A fact.
    pub movement: &'static str,
    /// A fact.
    pub settled: &'static str,
    /// Marks money that left.
    pub debit: &'static str,
    /// Heads the facts.
    pub known: &'static str,
    /// Heads the orders back.
    pub returns: &'static str,
    /// Heads the candidates.
    pub pays: &'static str,
    /// There are none.
    pub no_candidates: &'static str,
    /// A column.
    pub payment: &'static str,
    /// A column.
    pub sign: &'static str,
    /// Why it is offered.
    pub is_named: &'static str,
    /// Why it is offered.
    pub is_payers: &'static str,
    /// Why it is offered.
    pub is_amount: &'static str,
    /// Labels the field.
    pub other_payment: &'static str,
    /// Settles a payment.
    pub assign: &'static str,
    /// Settles a payment with a part.
    pub accept: &'static str,
    /// Heads the return, before an amount.
    pub give_back: &'static str,
    /// What follows from it.
    pub ordered_meaning: &'static str,
    /// What follows from it.
    pub by_hand_meaning: &'static str,
    /// Does it.
    pub order_back: &'static str,
    /// Notes it.
    pub note_return: &'static str,
    /// Heads and sends the form.
    pub acknowledge: &'static str,
    /// What follows from it.
    pub acknowledge_meaning: &'static str,
    /// Names the choice.
    pub whose: &'static str,
    /// A choice.
    pub own: &'static str,
    /// A choice.
    pub collected: &'static str,
    /// A choice.
    pub wallet: &'static str,
    /// A choice.
    pub nothing: &'static str,
    /// Labels the field.
    pub reason: &'static str,
    /// For others than owners.
    pub owners_decide: &'static str,
    /// It was done.
    pub assigned: &'static str,
    /// It was done.
    pub accepted: &'static str,
    /// It was done.
    pub returned: &'static str,
    /// It was done.
    pub noted: &'static str,
    /// It was done.
    pub acknowledged: &'static str,
    /// It was not done.
    pub no_payment: &'static str,
    lang: Lang,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// Why a movement waits, or what a person said of it.
    pub fn why_it_waits(&self, reason: &str) -> String {
        if let Some(known) = Reason::parse(reason) {
            return known.text(self.lang).to_owned();
        }
        let (word, rest) = reason.split_once(": ").unwrap_or((reason, ""));
        let (es, en) = match word {
            "debit-of-several-orders" => (
                "Salió dinero y la glosa nombra varias órdenes.",
                "Money left, and its reference names several orders.",
            ),
            "debit-differs-from-order" => (
                "Salió dinero por una orden, pero no es el monto ordenado.",
                "Money left for an order, but not the amount that was ordered.",
            ),
            "order-debited-twice" => ("La misma orden salió dos veces.", "The same order left twice."),
            "debit-of-ended-order" => (
                "Salió dinero por una orden que ya se había dado por terminada.",
                "Money left for an order that had been ended.",
            ),
            "acknowledged" => return rest.to_owned(),
            "assigned-by-operator" => (
                "Una persona lo asignó a un cobro.",
                "A person gave it to a payment.",
            ),
            "returned-by-operator" => (
                "Una persona anotó que lo devolvió en el banco.",
                "A person noted that it was returned at the bank.",
            ),
            "return-ordered" => ("Se ordenó su devolución.", "Its return was ordered."),
            _ => return reason.to_owned(),
        };
        self.lang.pick(es, en).to_owned()
    }

    /// Where a movement stands.
    pub fn state(&self, word: &str) -> &'static str {
        let (es, en) = match word {
            "review" => ("Espera una decisión", "Waits for a decision"),
            "matched" => ("Conciliado", "Matched"),
            "assigned" => ("Asignado", "Assigned"),
            "returned" => ("Devuelto", "Given back"),
            "debit" => ("Explicado", "Explained"),
            "top-up" => ("Fondos de la billetera", "Wallet funds"),
            _ => ("Otro", "Other"),
        };
        self.lang.pick(es, en)
    }

    /// Where an order back stands.
    pub fn order(&self, state: OrderState) -> &'static str {
        let (es, en) = match state {
            OrderState::Ready | OrderState::Refused => ("espera salir", "waits to be sent"),
            OrderState::Sending | OrderState::Authorised => ("en el banco", "with the bank"),
            OrderState::Uncertain => (
                "sin respuesta clara del banco",
                "without a clear answer of the bank",
            ),
            OrderState::Paid => ("transferida", "transferred"),
            OrderState::Failed | OrderState::Expired => ("no salió", "did not leave"),
        };
        self.lang.pick(es, en)
    }

    /// Why a decision was not taken; `None` where it is our own fault.
    pub(crate) fn refusal(&self, error: &ReviewError) -> Option<&'static str> {
        let (es, en) = match error {
            ReviewError::NotWaiting { .. } | ReviewError::NoMovement { .. } => (
                "Otra persona ya decidió sobre este movimiento.",
                "Somebody else has decided about this movement.",
            ),
            ReviewError::NoPayment(_) => ("Ese cobro no existe.", "There is no such payment."),
            ReviewError::Closed { .. } => (
                "Ese cobro está cerrado: solo puede recibir dinero uno pendiente.",
                "That payment is closed: only a pending one can take money.",
            ),
            ReviewError::DoesNotFit(_) => (
                "El movimiento no corresponde a ese cobro: deben coincidir cuenta, moneda y monto.",
                "The movement does not fit that payment: account, currency and amount must be the same.",
            ),
            ReviewError::NotTooMuch(_) => (
                "El movimiento no es de más para ese cobro.",
                "The movement is not too much for that payment.",
            ),
            ReviewError::NothingToReturn(_) => {
                ("No hay nada que devolver.", "There is nothing to give back.")
            }
            ReviewError::OwnAccount(_) => (
                "La cuenta es suya: devuelva el dinero en su banco y anótelo aquí.",
                "The bank account is yours: return the money there, and note it here.",
            ),
            ReviewError::UnknownPayer(_) => (
                "El banco no dice de qué cuenta vino: pida la devolución a quien opera la pasarela.",
                "The bank does not say from which account it came: ask whoever runs the gateway.",
            ),
            ReviewError::NotADebit(_) => (
                "Es un abono: asígnelo o devuélvalo.",
                "It is a credit: assign it or give it back.",
            ),
            ReviewError::Correction(CorrectionError::Reason) => (
                "Escriba el motivo, de 500 caracteres a lo más.",
                "Write the reason, of 500 characters at most.",
            ),
            ReviewError::Correction(CorrectionError::TooLittle { .. }) => (
                "Allí no hay tanto dinero: elija otro origen o no mueva nada.",
                "There is not so much money there: choose another source, or move nothing.",
            ),
            _ => return None,
        };
        Some(self.lang.pick(es, en))
    }
}

static ES: Texts = Texts {
    lang: Lang::Es,
    title: "Revisión",
    lead: "Dinero que se movió en sus cuentas y que ninguna regla pudo explicar: decida qué es.",
    none: "No hay nada que revisar.",
    cut: "Hay más: aparecen al resolver estos.",
    one: "Movimiento",
    amount: "Monto",
    why: "Por qué espera",
    payer: "De",
    rut: "RUT",
    reference: "Glosa",
    booked: "Fecha",
    from_account: "Cuenta de origen",
    operation: "Número de operación",
    movement: "Movimiento del banco",
    settled: "Pagó el cobro",
    debit: "Cargo",
    known: "Lo que se sabe",
    returns: "Devoluciones ordenadas",
    pays: "¿Qué cobro paga?",
    no_candidates: "Ningún cobro pendiente coincide.",
    payment: "Cobro",
    sign: "Señal",
    is_named: "La glosa lo nombra",
    is_payers: "Quien pagó lo había empezado",
    is_amount: "Mismo monto",
    other_payment: "Código de otro cobro",
    assign: "Asignar",
    accept: "Aceptar y devolver el resto",
    give_back: "Devolver",
    ordered_meaning: "Se ordena una transferencia a la cuenta de origen. Para devolver a otra cuenta, pídalo a quien opera la pasarela.",
    by_hand_meaning: "La cuenta es suya: devuelva usted el dinero en su banco. Aquí solo queda anotado.",
    order_back: "Devolver a la cuenta de origen",
    note_return: "Ya lo devolví en el banco",
    acknowledge: "Dar por explicado",
    acknowledge_meaning: "Salió dinero que ninguna orden explica. Diga de quién era, para que el libro mayor lo registre.",
    whose: "De dónde salió",
    own: "De su propio dinero en la cuenta",
    collected: "De lo cobrado y aún no rendido",
    wallet: "De su billetera de devoluciones",
    nothing: "No mover nada: queda en suspenso",
    reason: "Motivo",
    owners_decide: "Solo una persona con el rol de dueño puede decidir.",
    assigned: "El cobro quedó pagado con este movimiento.",
    accepted: "El cobro quedó pagado y el resto se devuelve.",
    returned: "Se ordenó la devolución.",
    noted: "La devolución quedó anotada.",
    acknowledged: "El movimiento quedó explicado.",
    no_payment: "Ese no es el código de un cobro: tiene 12 letras y números.",
};

static EN: Texts = Texts {
    lang: Lang::En,
    title: "Review",
    lead: "Money that moved on your accounts and that no rule could explain: decide what it is.",
    none: "There is nothing to review.",
    cut: "There are more: they appear as these are decided.",
    one: "Movement",
    amount: "Amount",
    why: "Why it waits",
    payer: "From",
    rut: "RUT",
    reference: "Reference",
    booked: "Date",
    from_account: "From account",
    operation: "Operation number",
    movement: "Movement of the bank",
    settled: "Settled the payment",
    debit: "Debit",
    known: "What is known",
    returns: "Ordered returns",
    pays: "Which payment does it pay?",
    no_candidates: "No pending payment fits.",
    payment: "Payment",
    sign: "Sign",
    is_named: "The reference names it",
    is_payers: "Its payer had begun it",
    is_amount: "Same amount",
    other_payment: "Code of another payment",
    assign: "Assign",
    accept: "Accept, and return the rest",
    give_back: "Give back",
    ordered_meaning: "A transfer to the account that it came from is ordered. To send it elsewhere, ask whoever runs the gateway.",
    by_hand_meaning: "The bank account is yours: return the money there yourself. Here it is only noted.",
    order_back: "Send back where it came from",
    note_return: "I returned it at the bank",
    acknowledge: "Clear it",
    acknowledge_meaning: "Money left that no order explains. Say whose it was, so that the ledger records it.",
    whose: "Whose it was",
    own: "Your own money on the account",
    collected: "What was collected and is not settled",
    wallet: "Your refund wallet",
    nothing: "Move nothing: it stays in suspense",
    reason: "Reason",
    owners_decide: "Only an owner of the account can decide.",
    assigned: "The payment is paid with this movement.",
    accepted: "The payment is paid, and the rest goes back.",
    returned: "The return was ordered.",
    noted: "The return was noted.",
    acknowledged: "The movement was cleared.",
    no_payment: "That is no payment’s code: it has 12 letters and digits.",
};
