//! The console's pages of payments.

mod one;

use ayni_domain::lang::Lang;
use ayni_domain::payment::state::{Detail, State};

pub use one::One;

/// Texts of the list and of its files.
pub struct Payments {
    /// Heads the list.
    pub title: &'static str,
    /// To the form of a new one.
    pub new: &'static str,
    /// The field in which one types.
    pub search: &'static str,
    /// What can be typed.
    pub search_hint: &'static str,
    /// The button.
    pub find: &'static str,
    /// Opens the filters.
    pub filters: &'static str,
    /// Takes all filters away.
    pub clear: &'static str,
    /// Above the filter of states.
    pub state: &'static str,
    /// Above the filter of currencies.
    pub currency: &'static str,
    /// Above the least amount.
    pub least: &'static str,
    /// Above the largest amount.
    pub most: &'static str,
    /// Above the first day.
    pub from: &'static str,
    /// Above the last day.
    pub to: &'static str,
    /// Above the filter of methods.
    pub method: &'static str,
    /// Above the filter of banks.
    pub bank: &'static str,
    /// No filter.
    pub any: &'static str,
    /// Beside a filter that could not be read.
    pub unread: &'static str,
    /// Heads the column of days.
    pub made: &'static str,
    /// Heads the column of subjects.
    pub subject: &'static str,
    /// Heads the column of payers.
    pub payer: &'static str,
    /// Heads the column of amounts.
    pub amount: &'static str,
    /// Said to whoever has no payments.
    pub none_yet: &'static str,
    /// What to do then.
    pub none_yet_now: &'static str,
    /// Said where nothing was found.
    pub none_found: &'static str,
    /// What to do then.
    pub none_found_now: &'static str,
    /// To newer ones.
    pub newer: &'static str,
    /// To older ones.
    pub older: &'static str,
    /// Names the links between pages.
    pub pages: &'static str,
    /// Before the instant to which was looked.
    pub looked_to: &'static str,
    /// Goes on looking.
    pub look_on: &'static str,
    /// More words begin with what was typed than were looked for.
    pub narrowed: &'static str,
    /// New payments wait to be found.
    pub behind: &'static str,
    /// Writes the list as a file.
    pub export: &'static str,
    /// Heads the files.
    pub exports: &'static str,
    /// To the files.
    pub to_exports: &'static str,
    /// Said where there are no files.
    pub no_exports: &'static str,
    /// What files are for, and how long they are kept.
    pub exports_hint: &'static str,
    /// Too many are written.
    pub too_many_exports: &'static str,
    /// A file is being written.
    pub export_running: &'static str,
    /// A file is there.
    pub export_ready: &'static str,
    /// It has the most payments that one may have.
    pub export_cut: &'static str,
    /// To the file.
    pub download: &'static str,
    /// After the count of payments.
    pub payments: &'static str,
    /// Until when a file is there.
    pub kept_until: &'static str,
    /// All payments, without filters.
    pub everything: &'static str,
    /// Back to the list.
    pub back: &'static str,
    /// What stands for a RUT that was looked for.
    pub sealed_rut: &'static str,
    /// What stands for an address that was looked for.
    pub sealed_email: &'static str,
    /// Asked for by a person's own data.
    pub person: &'static str,
    /// Marks a payment whose row can't be read.
    pub unreadable: &'static str,
    /// What to do then.
    pub unreadable_now: &'static str,
    /// A file's head.
    pub csv_head: [&'static str; 15],
    methods: [&'static str; 2],
    states: [&'static str; 10],
}

impl Payments {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Payments {
        lang.pick(&ES, &EN)
    }

    /// A state in words.
    pub fn state(&self, state: State) -> &'static str {
        let index = match state {
            State::Pending => 0,
            State::Verifying => 1,
            State::Deleted => 2,
            State::Done(Detail::Normal) => 3,
            State::Done(Detail::MarkedPaidByReceiver) => 4,
            State::Done(Detail::RejectedByPayer) => 5,
            State::Done(Detail::MarkedAsAbuse) => 6,
            State::Done(Detail::Reversed) => 7,
            State::Done(Detail::PartiallyRefunded) => 8,
            State::Done(Detail::FullyRefunded) => 9,
        };
        self.states[index]
    }

    /// A field of the filters in words.
    pub fn field(&self, name: &str) -> &'static str {
        match name {
            "q" => self.search,
            "state" => self.state,
            "currency" => self.currency,
            "least" => self.least,
            "most" => self.most,
            "from" => self.from,
            "to" => self.to,
            "method" => self.method,
            _ => self.bank,
        }
    }

    /// A way of paying in words; empty for none.
    pub fn method(&self, word: &str) -> &'static str {
        match word {
            "simplified_transfer" => self.methods[0],
            "regular_transfer" => self.methods[1],
            _ => "",
        }
    }
}

static ES: Payments = Payments {
    title: "Cobros",
    new: "Nuevo cobro",
    search: "Buscar un cobro",
    search_hint: "Por identificador, referencia, palabras del motivo, nombre, correo o RUT de quien paga, monto o número \
                  de operación del banco.",
    find: "Buscar",
    filters: "Filtros",
    clear: "Quitar filtros",
    state: "Estado",
    currency: "Moneda",
    least: "Monto desde",
    most: "Monto hasta",
    from: "Creado desde",
    to: "Creado hasta",
    method: "Forma de pago",
    bank: "Banco de quien paga",
    any: "Cualquiera",
    unread: "No se entendió, y no se usó para filtrar.",
    made: "Creado",
    subject: "Motivo",
    payer: "Quien paga",
    amount: "Monto",
    none_yet: "Todavía no hay cobros",
    none_yet_now: "Aquí aparecerá cada cobro que cree con la API o desde esta consola.",
    none_found: "Ningún cobro coincide",
    none_found_now: "Revise lo que escribió o quite algún filtro. De una palabra basta el comienzo; un RUT o un correo se \
                     buscan completos.",
    newer: "Más nuevos",
    older: "Más antiguos",
    pages: "Páginas de la lista",
    looked_to: "Se buscó hasta los cobros del",
    look_on: "Seguir buscando hacia atrás",
    narrowed: "Hay más palabras que comienzan así de las que se buscan a la vez: escriba más letras para verlas todas.",
    behind: "Hay cobros recientes que todavía se están preparando para la búsqueda; sin filtros se ven todos.",
    export: "Exportar a CSV",
    exports: "Archivos exportados",
    to_exports: "Ver archivos exportados",
    no_exports: "No hay archivos del último día",
    exports_hint: "Un archivo tiene los cobros que había cuando se pidió, con los filtros de la lista, hasta 200.000. Se \
                   guarda un día.",
    too_many_exports: "Ya se están escribiendo tres archivos: espere a que alguno termine.",
    export_running: "Escribiendo",
    export_ready: "Listo",
    export_cut: "El archivo llegó a 200.000 cobros, los más nuevos. Para los demás, exporte con un «hasta» anterior.",
    download: "Descargar",
    payments: "cobros",
    kept_until: "Disponible hasta el",
    everything: "Todos los cobros",
    back: "Volver a la lista",
    sealed_rut: "un RUT",
    sealed_email: "un correo",
    person: "La búsqueda es por un dato personal, que no se muestra en la dirección de la página:",
    unreadable: "No se puede leer",
    unreadable_now: "La fila de este cobro está dañada en la base. Avise a quien opera la pasarela, con este identificador: un respaldo la tiene.",
    csv_head: [
        "Cobro",
        "Creado",
        "Vence",
        "Estado",
        "Código de estado",
        "Monto",
        "Moneda",
        "Motivo",
        "Referencia",
        "Nombre de quien paga",
        "Correo de quien paga",
        "RUT de quien paga",
        "Banco",
        "Número de operación",
        "Conciliado",
    ],
    methods: ["Transferencia simplificada", "Transferencia manual"],
    states: [
        "Pendiente",
        "En verificación",
        "Eliminado",
        "Pagado",
        "Marcado como pagado",
        "Rechazado por quien paga",
        "Reportado como abuso",
        "Reversado",
        "Reembolsado en parte",
        "Reembolsado",
    ],
};

static EN: Payments = Payments {
    title: "Payments",
    new: "New payment",
    search: "Find a payment",
    search_hint: "By identifier, reference, words of the subject, the payer's name, e-mail or RUT, amount or the bank's \
                  operation number.",
    find: "Find",
    filters: "Filters",
    clear: "Clear filters",
    state: "State",
    currency: "Currency",
    least: "Amount from",
    most: "Amount to",
    from: "Created from",
    to: "Created to",
    method: "Method",
    bank: "Payer's bank",
    any: "Any",
    unread: "This was not understood, and was not used as a filter.",
    made: "Created",
    subject: "Subject",
    payer: "Payer",
    amount: "Amount",
    none_yet: "No payments yet",
    none_yet_now: "Every payment that you make with the API or from this console will appear here.",
    none_found: "No payment matches",
    none_found_now: "Check what you typed or clear a filter. The beginning of a word is enough; a RUT or an e-mail address \
                     is looked for whole.",
    newer: "Newer",
    older: "Older",
    pages: "Pages of the list",
    looked_to: "Looked as far back as payments of",
    look_on: "Look further back",
    narrowed: "More words begin like this than are looked for at once: type more letters to see them all.",
    behind: "Some recent payments are still being made findable; without filters you see them all.",
    export: "Export as CSV",
    exports: "Exported files",
    to_exports: "See exported files",
    no_exports: "There are no files of the last day",
    exports_hint: "A file has the payments that were there when it was asked for, with the list's filters, up to 200,000. \
                   It is kept for a day.",
    too_many_exports: "Three files are being written already: wait for one of them to end.",
    export_running: "Being written",
    export_ready: "Ready",
    export_cut: "The file reached 200,000 payments, the newest ones. For the others, export with an earlier “to”.",
    download: "Download",
    payments: "payments",
    kept_until: "Available until",
    everything: "All payments",
    back: "Back to the list",
    sealed_rut: "a RUT",
    sealed_email: "an e-mail address",
    person: "This search is by personal data, which the page's address does not show:",
    unreadable: "Can’t be read",
    unreadable_now: "This payment’s row is damaged in the database. Tell whoever operates the gateway, with this identifier: a backup has it.",
    csv_head: [
        "Payment",
        "Created",
        "Expires",
        "State",
        "State code",
        "Amount",
        "Currency",
        "Subject",
        "Reference",
        "Payer's name",
        "Payer's e-mail",
        "Payer's RUT",
        "Bank",
        "Operation number",
        "Conciliated",
    ],
    methods: ["Simplified transfer", "Manual transfer"],
    states: [
        "Pending",
        "Being verified",
        "Deleted",
        "Paid",
        "Marked as paid",
        "Rejected by the payer",
        "Reported as abuse",
        "Reversed",
        "Partly refunded",
        "Refunded",
    ],
};
