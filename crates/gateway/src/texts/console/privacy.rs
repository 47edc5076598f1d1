//! Personal data: what is kept about one person, told and erased.

use ayni_domain::lang::Lang;
use ayni_domain::personal::NobodyMeant;

use crate::privacy::cases::State;

texts! {
    "/console/privacy";
    /// Heads the pages.
    title: &'static str = ("Datos personales", "Personal data");
    /// Under it.
    lead: &'static str = (
        "Lo que su cuenta guarda de una persona: véalo, entrégueselo y bórrelo cuando ella lo pida.",
        "What your account keeps about one person: see it, hand it over and erase it when they ask for it."
    );
    /// Heads the form.
    look: &'static str = ("Buscar a una persona", "Look for a person");
    /// A field.
    rut: &'static str = ("RUT", "RUT");
    /// A field.
    email: &'static str = ("Correo", "E-mail address");
    /// Under the form's fields.
    look_hint: &'static str = (
        "Escriba los dos si los conoce: un cobro puede nombrar solo uno. Se busca en los cobros, correos, abonos y consentimientos de esta cuenta.",
        "Type both if you know them: a payment may name only one. This account’s payments, mails, statement lines and consents are looked through."
    );
    /// Sends it.
    find: &'static str = ("Buscar", "Look");
    /// Heads the list of the asker's cases.
    open: &'static str = ("Sus búsquedas de la última hora", "Your searches of the last hour");
    /// A column.
    begun: &'static str = ("Comenzó", "Begun");
    /// A column.
    where_it_stands: &'static str = ("Estado", "State");
    /// To one.
    see: &'static str = ("Ver", "See");
    /// Too many are open.
    too_many_open: &'static str = (
        "Ya hizo muchas búsquedas en la última hora. Espere un poco.",
        "You made many searches within the last hour. Wait a little."
    );
    /// Heads what the law gives.
    law: &'static str = ("Qué da la ley", "What the law gives");
    /// The law, in short.
    law_points: [&'static str; 3] = (
        [
            "Quien paga puede pedir que le diga qué datos suyos tiene, que se los entregue en un archivo y que los corrija o borre (Ley 21.719, acceso, portabilidad, rectificación y supresión).",
            "Responda dentro de 30 días corridos y asegúrese antes de que quien pide es esa persona.",
            "Usted responde por los cobros de su cuenta; otros comercios, por los suyos.",
        ],
        [
            "Whoever pays may ask what you hold about them, have it handed over as a file, and have it corrected or erased (Chile’s Ley 21.719: access, portability, rectification, erasure).",
            "Answer within 30 days, and make sure first that who asks is that person.",
            "You answer for your account’s payments; other merchants for theirs.",
        ]
    );
    /// Heads what stays.
    stays: &'static str = ("Qué queda, y por qué", "What stays, and why");
    /// What stays.
    stays_points: [&'static str; 4] = (
        [
            "Los montos, fechas y estados de los cobros y el libro contable: lo exige la ley tributaria.",
            "Los contratos que firmó y la constancia de haberlos aceptado: son la prueba de lo acordado. Su RUT queda ahí como una huella que no se puede leer.",
            "El registro de auditoría: dice quién hizo qué en su cuenta.",
            "Los permisos que dio para leer sus cuentas: los termina la misma persona en /consents.",
        ],
        [
            "Amounts, dates and states of payments, and the ledger: tax law demands them.",
            "Contracts that were signed and the record of their acceptance: they prove what was agreed. The RUT stays there as a digest that can’t be read.",
            "The audit log: it says who did what in your account.",
            "Consents to read their accounts: the person ends those on /consents.",
        ]
    );
    /// Heads a case.
    of_a_person: &'static str = ("Datos de una persona", "One person’s data");
    /// The person is looked for.
    looking: &'static str = ("Se está buscando en los cobros de la cuenta…", "The account’s payments are being looked through…");
    /// Heads the counts.
    kept: &'static str = ("Qué se guarda", "What is kept");
    /// Nothing is there.
    nothing: &'static str = ("No se guarda nada de esta persona en la cuenta.", "Nothing is kept about this person in the account.");
    /// What to do then.
    nothing_now: &'static str = (
        "Revise el RUT y el correo, o busque con el otro.",
        "Check the RUT and the e-mail address, or look with the other one."
    );
    /// Heads the file.
    file: &'static str = ("Entregar sus datos", "Hand the data over");
    /// Under it.
    file_lead: &'static str = (
        "Un archivo JSON con todo lo que se guarda de la persona. Se prepara aquí y se puede descargar por una hora.",
        "A JSON file with everything that is kept about the person. It is made here and can be downloaded for an hour."
    );
    /// Has it written.
    prepare: &'static str = ("Preparar el archivo", "Make the file");
    /// It is being written.
    writing: &'static str = ("Se está escribiendo el archivo…", "The file is being written…");
    /// Of so many.
    of_payments: &'static str = ("cobros de", "payments of");
    /// To the file.
    download: &'static str = ("Descargar el archivo", "Download the file");
    /// Before an instant.
    until: &'static str = ("Se puede descargar hasta", "It can be downloaded until");
    /// Heads the erasure.
    erase: &'static str = ("Borrar a la persona", "Erase the person");
    /// Under it.
    erase_lead: &'static str = (
        "Sus nombres, correos y cuentas se van de todo lo anterior, y su RUT queda como una huella. No se puede deshacer.",
        "Names, addresses and account numbers leave all of the above, and the RUT becomes a digest. It can’t be undone."
    );
    /// To the confirmation.
    erase_go: &'static str = ("Borrar…", "Erase…");
    /// What is about to be done, before who asks proves who sits there.
    erase_act: &'static str = (
        "Se va a borrar a esta persona de su cuenta: lo que se borra no vuelve. Si pidió también sus datos, prepare y entregue el archivo antes.",
        "This person is about to be erased from your account: what is erased does not come back. If they asked for their data too, make the file and hand it over first."
    );
    /// It is being done.
    erasing: &'static str = ("Se está borrando…", "It is being erased…");
    /// It was done.
    erased: &'static str = ("La persona fue borrada de esta cuenta.", "The person was erased from this account.");
    /// After it.
    erased_lead: &'static str = (
        "Quedó anotado en la auditoría. Las copias que usted tenga fuera de la pasarela debe borrarlas usted.",
        "It is in the audit log. Copies that you have outside of the gateway are yours to erase."
    );
    /// It could not be done.
    refused: &'static str = ("No se pudo hacer", "It could not be done");
    /// Money is on its way.
    in_flight: &'static str = (
        "Hay dinero de esta persona en camino, así que no se borró nada todavía. Inténtelo cuando haya llegado o vencido:",
        "Money of this person is on its way, so nothing was erased yet. Try again when it has arrived or lapsed:"
    );
    /// Some can't be read.
    unreadable: &'static str = (
        "Se borró todo menos estos cobros, cuya fila está dañada. Avise a quien opera la pasarela:",
        "Everything was erased but these payments, whose rows are damaged. Tell whoever operates the gateway:"
    );
    /// The person is a user.
    is_user: &'static str = (
        "El correo es de alguien que usa esta cuenta. Quítelo antes en «Personas».",
        "The address is of somebody who uses this account. Take them out under “People” first."
    );
    /// Too many payments.
    too_many: &'static str = (
        "La persona tiene más cobros de los que se tratan de una vez. Pídaselo a quien opera la pasarela.",
        "The person has more payments than are handled at once. Ask whoever operates the gateway."
    );
    /// Tries again.
    again: &'static str = ("Intentar de nuevo", "Try again");
    /// Back to the first page.
    back: &'static str = ("Buscar a otra persona", "Look for another person");
    /// When a case is forgotten.
    forgotten: &'static str = ("Esta búsqueda se olvida el", "This search is forgotten on");
    /// It was carried on elsewhere.
    gone: &'static str = ("Esta búsqueda ya avanzó en otra ventana.", "This search was carried on in another window.");
    /// Where a case stands, in the order of [`State::ALL`].
    states: [&'static str; 7] = (
        ["Buscando", "Encontrado", "Escribiendo", "Archivo listo", "Borrando", "Borrado", "No se pudo"],
        ["Looking", "Found", "Writing", "File ready", "Erasing", "Erased", "Not done"]
    );
    /// Why money is on its way.
    ways: [(&'static str, &'static str); 6] = (
        [
            ("verifying", "se está verificando"),
            ("attempt", "alguien lo está pagando"),
            ("refund", "se está devolviendo"),
            ("notification", "falta avisarle a su sistema"),
            ("review", "espera que alguien decida"),
            ("return", "se está devolviendo"),
        ],
        [
            ("verifying", "it is being verified"),
            ("attempt", "somebody is paying it"),
            ("refund", "it is being refunded"),
            ("notification", "your system is still to be told"),
            ("review", "it waits for somebody’s decision"),
            ("return", "it is being sent back"),
        ]
    );
    /// What is counted.
    kinds: [(&'static str, &'static str); 14] = (
        [
            ("payments", "Cobros"),
            ("lines", "Abonos y cargos que no son de un cobro"),
            ("attempts", "Intentos de pago"),
            ("movements", "Abonos de cobros"),
            ("refunds", "Devoluciones"),
            ("acceptances", "Contratos aceptados"),
            ("mails", "Correos"),
            ("notices", "Notificaciones"),
            ("consents", "Permisos para leer cuentas"),
            ("user", "Acceso a esta consola"),
            ("sessions", "Sesiones en la consola"),
            ("invitations", "Invitaciones a la consola"),
            ("audit", "Líneas de la auditoría"),
            ("reminders", "Avisos de recordatorios"),
        ],
        [
            ("payments", "Payments"),
            ("lines", "Credits and debits that are no payment’s"),
            ("attempts", "Attempts to pay"),
            ("movements", "Credits of payments"),
            ("refunds", "Refunds"),
            ("acceptances", "Contracts accepted"),
            ("mails", "Mails"),
            ("notices", "Notifications"),
            ("consents", "Consents to read accounts"),
            ("user", "Access to this console"),
            ("sessions", "Sessions in the console"),
            ("invitations", "Invitations to the console"),
            ("audit", "Lines of the audit log"),
            ("reminders", "Address for reminders"),
        ]
    );
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// Where a case stands.
    pub fn state(&self, state: State) -> &'static str {
        let index = State::ALL.iter().position(|one| *one == state);
        self.states[index.unwrap_or_default()]
    }

    /// A kind of rows.
    pub fn kind_of(&self, kind: &str) -> &'static str {
        let known = self.kinds.iter().find(|(name, _)| *name == kind);
        known.map_or("", |(_, shown)| shown)
    }

    /// What is under way.
    pub fn way(&self, why: &str) -> &'static str {
        let known = self.ways.iter().find(|(name, _)| *name == why);
        known.map_or("", |(_, shown)| shown)
    }

    /// Why nobody is meant.
    pub fn problem(&self, problem: NobodyMeant) -> &'static str {
        match problem {
            NobodyMeant::Nothing => self
                .lang
                .pick("Escriba un RUT o un correo.", "Type a RUT or an e-mail address."),
            NobodyMeant::NotARut => self.lang.pick(
                "Ese RUT no es válido: revise sus dígitos y el verificador.",
                "This is no RUT: check its digits and its check digit.",
            ),
            NobodyMeant::NotAnEmail => self.lang.pick(
                "Ese correo no es una dirección válida.",
                "This is no e-mail address.",
            ),
        }
    }
}
