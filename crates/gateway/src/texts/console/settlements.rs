//! The console's pages of settlements.

use ayni_domain::lang::Lang;
use ayni_domain::ledger::purpose::Kind;
use ayni_domain::order::State;
use ayni_domain::payout_account::AccountType;

texts! {
    "/console/settlements";
    /// Heads the page.
    title: &'static str = ("Rendiciones", "Settlements");
    /// Below it.
    lead: &'static str = (
        "Lo que se cobró por usted, cuándo se le paga y lo que ya se pagó.",
        "What was collected for you, when it is paid out and what was paid."
    );
    /// Heads the balances.
    balances: &'static str = ("Su dinero", "Your money");
    /// Where nothing is set to pay to.
    no_payout_account: fn(&str) -> String = (
        |code| format!("Lo cobrado en {code} espera: falta la cuenta en que se le paga. Agréguela más abajo."),
        |code| format!("What was collected in {code} waits: the account where you are paid is missing. Add it below.")
    );
    /// When the next settlements are made.
    next_run: fn(&str) -> String = (
        |at| format!("Las próximas rendiciones se hacen el {at}, con lo que esté liberado a esa hora."),
        |at| format!("The next settlements are made on {at}, of what is released by then.")
    );
    /// Heads what is held.
    held: &'static str = ("Retenidos hasta que los confirme", "Held until you confirm them");
    /// What that is.
    held_hint: &'static str = (
        "Se cobraron con confirm_timeout_date: se rinden el día hábil siguiente a que los confirme, o en esa fecha. Hasta entonces los puede reembolsar.",
        "Collected with confirm_timeout_date: settled on the business day after you confirm them, or on that date. Until then you can refund them."
    );
    /// Columns.
    payment: &'static str = ("Pago", "Payment");
    /// What it was for.
    subject: &'static str = ("Motivo", "For");
    /// How much.
    amount: &'static str = ("Monto", "Amount");
    /// Until when it is held.
    until: &'static str = ("Retenido hasta", "Held until");
    /// Releases it.
    confirm: &'static str = ("Confirmar", "Confirm");
    /// It was released.
    confirmed: &'static str = (
        "El pago fue confirmado y se rendirá el próximo día hábil.",
        "The payment was confirmed and will be settled on the next business day."
    );
    /// The account may not.
    may_not_confirm: &'static str = (
        "Esta cuenta no está habilitada para confirmar pagos: pídalo a quien opera la pasarela.",
        "This account may not confirm payments: ask whoever operates the gateway."
    );
    /// The person may not.
    only_reads: &'static str = (
        "Su rol permite ver, no confirmar.",
        "Your role lets you look, not confirm."
    );
    /// Heads the list.
    list: &'static str = ("Rendiciones hechas", "Settlements made");
    /// Where there is none.
    none: &'static str = ("Aún no se ha rendido nada.", "Nothing has been settled yet.");
    /// Where no older one is.
    no_more: &'static str = ("No hay rendiciones anteriores.", "There are no earlier settlements.");
    /// A settlement by its day and number.
    of_day: fn(&str, i64) -> String = (
        |day, number| match number { 1 => day.to_owned(), number => format!("{day}, n.º {number}") },
        |day, number| match number { 1 => day.to_owned(), number => format!("{day}, no. {number}") }
    );
    /// Columns of the list.
    day: &'static str = ("Día", "Day");
    /// How many payments.
    payments: &'static str = ("Pagos", "Payments");
    /// What was kept.
    fee: &'static str = ("Comisión", "Fee");
    /// What is transferred.
    paid_out: &'static str = ("A pagar", "Paid out");
    /// Where it stands.
    state: &'static str = ("Estado", "State");
    /// The transfer is ordered.
    ordered: &'static str = ("Por transferir", "Ordered");
    /// It left.
    paid: &'static str = ("Pagada", "Paid");
    /// It did not.
    failed: &'static str = ("No se pudo pagar", "Failed");
    /// To the older ones.
    older: &'static str = ("Anteriores", "Older");
    /// To the newest.
    newest: &'static str = ("Más recientes", "Newest");
    /// Heads the accounts.
    payout_accounts: &'static str = ("Dónde se le paga", "Where you are paid");
    /// Where there is none.
    no_payout_accounts: &'static str = (
        "No hay cuenta bancaria para pagarle: lo cobrado espera.",
        "There is no bank account to pay you: what was collected waits."
    );
    /// Opens the form.
    change_account: &'static str = ("Agregar o cambiar una cuenta", "Add or change an account");
    /// What the form does.
    change_hint: &'static str = (
        "Vale desde la próxima rendición. Reemplaza la cuenta de la misma moneda y queda en la auditoría.",
        "Holds from the next settlement on. It replaces the account of the same currency and is written into the audit log."
    );
    /// Fields.
    currency: &'static str = ("Moneda", "Currency");
    /// The bank.
    bank: &'static str = ("Banco", "Bank");
    /// The kind of account.
    kind: &'static str = ("Tipo de cuenta", "Type of account");
    /// Its number.
    number: &'static str = ("Número de cuenta", "Account number");
    /// The holder's name.
    holder: &'static str = ("Titular", "Holder");
    /// The holder's RUT.
    identifier: &'static str = ("RUT del titular", "Holder’s RUT");
    /// The holder's e-mail.
    email: &'static str = ("Correo del titular", "Holder’s e-mail");
    /// What may be wrong with them.
    number_wrong: &'static str = (
        "Escriba solo dígitos y guiones, a lo más 34.",
        "Write digits and hyphens only, at most 34."
    );
    /// The name.
    holder_wrong: &'static str = (
        "Escriba el nombre del titular, de 1 a 255 caracteres.",
        "Write the holder’s name, of 1 to 255 characters."
    );
    /// The RUT.
    identifier_wrong: &'static str = (
        "No es un RUT: revise el dígito verificador.",
        "That is no RUT: check its last digit."
    );
    /// The address.
    email_wrong: &'static str = ("No es un correo.", "That is no e-mail address.");
    /// Keeps it.
    save: &'static str = ("Guardar", "Save");
    /// What the person is about to do; bank and account.
    payout_act: fn(&str, &str) -> String = (
        |bank, account| format!("Desde la próxima rendición se le paga en otra cuenta: {bank}, {account}."),
        |bank, account| format!("From the next settlement on you are paid to another account: {bank}, {account}.")
    );
    /// It was kept.
    payout_set: &'static str = (
        "Desde la próxima rendición se le paga en esa cuenta.",
        "You are paid to that account from the next settlement on."
    );
    /// Heads the address.
    rendition: &'static str = ("Aviso de rendición", "Settlement notices");
    /// Names it.
    rendition_url: &'static str = ("URL (rendition_url)", "URL (rendition_url)");
    /// What it is for.
    rendition_hint: &'static str = (
        "Recibe cada rendición con sus pagos, firmada como las notificaciones. Vacía: no se avisa.",
        "Gets each settlement with its payments, signed as notifications are. Empty: nothing is sent."
    );
    /// It was kept.
    url_set: &'static str = ("Se guardó la dirección de los avisos.", "The address of the notices is set.");
    /// When it was made.
    made: &'static str = ("Hecha el", "Made on");
    /// Heads the sums.
    sums: &'static str = ("De lo cobrado a lo pagado", "From collected to paid");
    /// What payers transferred, in so many payments.
    collected: fn(i64) -> String = (
        |many| match many { 1 => "Cobrado en 1 pago".to_owned(), many => format!("Cobrado en {many} pagos") },
        |many| match many { 1 => "Collected in 1 payment".to_owned(), many => format!("Collected in {many} payments") }
    );
    /// The integrator's part.
    integrator_fee: &'static str = ("Del integrador", "Integrator’s share");
    /// What was given back.
    refunded: &'static str = ("Reembolsado", "Refunded");
    /// What came from before.
    carried: &'static str = ("De rendiciones anteriores", "Carried over");
    /// Heads the transfer.
    transfer: &'static str = ("La transferencia", "The transfer");
    /// Its state.
    order_state: &'static str = ("Estado", "State");
    /// To where.
    paid_to: &'static str = ("A la cuenta", "To the account");
    /// When.
    order_at: &'static str = ("Último movimiento", "Last change");
    /// The bank's number.
    operation: &'static str = ("Operación del banco", "Bank’s operation");
    /// What stands in it.
    comment: &'static str = ("Código en el comentario", "Code in its comment");
    /// Heads the integrators' parts.
    shares: &'static str = ("Parte de los integradores", "Integrators’ shares");
    /// Heads the payments.
    lines: &'static str = ("Pagos rendidos", "Payments settled");
    /// The merchant's reference.
    transaction: &'static str = ("Su referencia", "Your reference");
    /// What is left.
    net: &'static str = ("Neto", "Net");
    /// How many more are in the file.
    lines_left: fn(i64, i64) -> String = (
        |shown, all| format!("Se muestran {shown} de {all}: todos están en el archivo CSV."),
        |shown, all| format!("{shown} of {all} are shown: all of them are in the CSV file.")
    );
    /// The files.
    csv: &'static str = ("Descargar CSV", "Download CSV");
    /// What was sent.
    json: &'static str = ("Descargar JSON", "Download JSON");
    /// Back to the list.
    back: &'static str = ("Todas las rendiciones", "All settlements");
}

impl Texts {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// What a balance is called; nothing for those that are not a merchant's.
    pub fn balance(&self, kind: Kind) -> Option<(&'static str, &'static str)> {
        let (id, es, en) = match kind {
            Kind::Collected => ("collected", "Por rendir", "To be settled"),
            Kind::Payouts => ("payouts", "En camino a su banco", "On its way to your bank"),
            Kind::Wallet => ("wallet", "Billetera de reembolsos", "Refund wallet"),
            Kind::Transit => ("transit", "Reembolsos en camino", "Refunds on their way"),
            Kind::Integrator => (
                "integrator",
                "Su parte como integrador",
                "Your share as integrator",
            ),
            Kind::Own => (
                "own",
                "Recibido en su propia cuenta",
                "Received on your own account",
            ),
            Kind::Bank | Kind::Fees | Kind::Suspense => return None,
        };
        Some((id, self.lang.pick(es, en)))
    }

    /// What a type of account is called.
    pub fn account_type(&self, kind: AccountType) -> &'static str {
        let (es, en) = match kind {
            AccountType::Checking => ("Cuenta corriente", "Checking account"),
            AccountType::Sight => ("Cuenta vista", "Sight account"),
            AccountType::Savings => ("Cuenta de ahorro", "Savings account"),
        };
        self.lang.pick(es, en)
    }

    /// Where a transfer stands.
    pub fn order(&self, state: State) -> &'static str {
        let (es, en) = match state {
            State::Ready => ("En cola para el banco", "Queued for the bank"),
            State::Sending => ("Enviándose al banco", "Being sent to the bank"),
            State::Authorised => ("El banco la tomó", "The bank took it"),
            State::Uncertain => (
                "El banco no respondió con claridad: la cartola dirá",
                "The bank gave no clear answer: the statement will tell",
            ),
            State::Refused => (
                "El banco la rechazó; se reintenta",
                "The bank refused it; it is tried again",
            ),
            State::Paid => ("Vista en la cartola", "Seen on the statement"),
            State::Failed => (
                "No se pudo hacer; el dinero pasa a su próxima rendición",
                "It could not be made; the money goes into your next settlement",
            ),
            State::Expired => (
                "No apareció en la cartola; el dinero pasa a su próxima rendición",
                "It never showed on the statement; the money goes into your next settlement",
            ),
        };
        self.lang.pick(es, en)
    }
}
