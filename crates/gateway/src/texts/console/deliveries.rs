//! Notifications, mails and jobs, as the account's people see them.

use ayni_domain::lang::Lang;

use crate::console::deliveries::narrowed::Choice;
use crate::notices::log::Topic;

/// The pages' texts.
pub struct Texts {
    /// Heads the list.
    pub title: &'static str,
    /// Under it.
    pub lead: &'static str,
    /// The list of notifications.
    pub notices: &'static str,
    /// The list of mails.
    pub mails: &'static str,
    /// Under it.
    pub mails_lead: &'static str,
    /// The list of jobs that were given up.
    pub failed: &'static str,
    /// Under it.
    pub failed_lead: &'static str,
    /// Heads a notification.
    pub one: &'static str,
    /// Heads a mail that has no subject.
    pub mail: &'static str,
    /// A column.
    pub state_heading: &'static str,
    /// A column.
    pub topic_heading: &'static str,
    /// A column.
    pub about: &'static str,
    /// A column.
    pub tries_heading: &'static str,
    /// A column.
    pub made: &'static str,
    /// A column.
    pub destination: &'static str,
    /// A column.
    pub payment: &'static str,
    /// A column.
    pub to: &'static str,
    /// A column.
    pub why: &'static str,
    /// A column.
    pub given_up: &'static str,
    /// A filter.
    pub from: &'static str,
    /// A filter.
    pub until: &'static str,
    /// A filter that narrows nothing.
    pub every: &'static str,
    /// Applies the filters.
    pub show: &'static str,
    /// Takes them away.
    pub all: &'static str,
    /// The list is empty.
    pub none: &'static str,
    /// The list is empty.
    pub no_mails: &'static str,
    /// The list is empty.
    pub no_jobs: &'static str,
    /// Before the time of the next try.
    pub next: &'static str,
    /// Nothing was tried.
    pub no_tries: &'static str,
    /// Heads the request.
    pub request: &'static str,
    /// Instead of a sealed body.
    pub sealed: &'static str,
    /// Opens an answer.
    pub answer: &'static str,
    /// Nobody answered.
    pub no_answer: &'static str,
    /// The mail server took it.
    pub taken: &'static str,
    /// Sends one again.
    pub resend: &'static str,
    /// It was done.
    pub resent: &'static str,
    /// Gives one up.
    pub stop: &'static str,
    /// It was done.
    pub stopped: &'static str,
    /// It was not done.
    pub over_already: &'static str,
    /// Sends many again.
    pub resend_failed: &'static str,
    /// The same, narrowed.
    pub resend_failed_here: &'static str,
    /// It was done, after a number.
    pub resent_many: &'static str,
    /// It was done in part, after a number.
    pub resent_and_more: &'static str,
    /// It was done before.
    pub resent_before: &'static str,
    /// There was nothing to do.
    pub none_failed: &'static str,
    /// Digs a job up.
    pub retry: &'static str,
    /// It was done.
    pub retried: &'static str,
    /// Opens the form of a test notification.
    pub trial: &'static str,
    /// Under its address.
    pub trial_hint: &'static str,
    /// Sends it.
    pub trial_send: &'static str,
    /// It was done.
    pub trial_sent: &'static str,
    /// It was not: no address was named.
    pub trial_no_url: &'static str,
    /// Shows the page again.
    pub look_again: &'static str,
    /// It was not done.
    pub not_buried: &'static str,
    lang: Lang,
}

/// The states of mails.
pub const MAIL_STATES: [&str; 5] = ["pending", "sent", "failed", "dropped", "held"];

/// The kinds of mails.
pub const KINDS: [&str; 4] = ["request", "reminder-1", "reminder-2", "receipt"];

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// Where a notification or a mail stands.
    pub fn state(&self, word: &str) -> &'static str {
        let (es, en) = match word {
            "pending" => ("Pendiente", "Pending"),
            "delivered" => ("Entregada", "Delivered"),
            "spent" => ("Fallida", "Failed"),
            "sent" => ("Enviado", "Sent"),
            "failed" => ("Fallido", "Failed"),
            "dropped" => ("Descartado", "Dropped"),
            "held" => ("Retenido", "Held"),
            _ => ("Otro", "Other"),
        };
        self.lang.pick(es, en)
    }

    /// The tone of a state's badge.
    pub fn tone(word: &str) -> &'static str {
        match word {
            "delivered" | "sent" => "good",
            "pending" => "wait",
            "spent" | "failed" => "bad",
            _ => "off",
        }
    }

    /// What a mail is for.
    pub fn kind(&self, word: &str) -> &'static str {
        let (es, en) = match word {
            "request" => ("Solicitud de pago", "Request"),
            "reminder-1" => ("Recordatorio", "Reminder"),
            "reminder-2" => ("Último recordatorio", "Last reminder"),
            "receipt" => ("Comprobante", "Receipt"),
            _ => ("Otro", "Other"),
        };
        self.lang.pick(es, en)
    }

    /// Why a mail failed or was dropped.
    pub fn reason(&self, word: &str) -> &'static str {
        let (es, en) = match word {
            "refused" => ("El servidor de correo lo rechazó", "The mail server refused it"),
            "two-days-over" => (
                "No se pudo enviar en dos días",
                "It could not be sent within two days",
            ),
            "expired" => ("El cobro venció", "The payment expired"),
            "being-paid" => ("El cobro se estaba pagando", "The payment was being paid"),
            "deleted" => ("El cobro fue eliminado", "The payment was deleted"),
            "rejected" => ("Quien paga rechazó el cobro", "The payer rejected the payment"),
            "paid" => ("El cobro ya estaba pagado", "The payment was paid already"),
            "not-paid" => ("El cobro no se ha pagado", "The payment was not paid"),
            "declined" => (
                "Quien paga no quiere recordatorios",
                "The payer wants no reminders",
            ),
            "account-disabled" => ("La cuenta está deshabilitada", "The account is disabled"),
            _ => ("Otro motivo", "Another reason"),
        };
        self.lang.pick(es, en)
    }

    /// What a job was to do.
    pub fn job(&self, word: &str) -> &'static str {
        match word {
            "picture" => self.lang.pick("Descargar la imagen", "Fetch the picture"),
            _ => self.lang.pick("Otra", "Other"),
        }
    }

    /// What a notification tells of.
    pub(crate) fn topic(&self, topic: Topic) -> &'static str {
        match topic {
            Topic::Payment => self.lang.pick("Pago", "Payment"),
            Topic::Operation => self.lang.pick("Operación", "Operation"),
            Topic::Settlement => self.lang.pick("Rendición", "Settlement"),
            Topic::Trial => self.lang.pick("Prueba", "Test"),
        }
    }

    /// The states of notifications, to choose from.
    pub(crate) fn states(&self, chosen: Option<&str>) -> Vec<Choice> {
        choices(&["pending", "delivered", "spent"], chosen, &|word| {
            self.state(word)
        })
    }

    /// Those of mails.
    pub(crate) fn mail_states(&self, chosen: Option<&str>) -> Vec<Choice> {
        choices(&MAIL_STATES, chosen, &|word| self.state(word))
    }

    /// The kinds of mails, to choose from.
    pub(crate) fn kinds(&self, chosen: Option<&str>) -> Vec<Choice> {
        choices(&KINDS, chosen, &|word| self.kind(word))
    }
}

fn choices(
    words: &[&'static str],
    chosen: Option<&str>,
    label: &dyn Fn(&str) -> &'static str,
) -> Vec<Choice> {
    let choice = |word: &&'static str| Choice {
        value: word,
        label: label(word),
        is_chosen: chosen == Some(*word),
    };
    words.iter().map(choice).collect()
}

static ES: Texts = Texts {
    lang: Lang::Es,
    title: "Entregas",
    lead: "Lo que se le notificó a su servidor y cómo resultó cada intento.",
    notices: "Notificaciones",
    mails: "Correos",
    mails_lead: "Lo que se le escribió a quienes pagan.",
    failed: "Tareas fallidas",
    failed_lead: "Trabajo que se abandonó después de varios intentos, con su motivo.",
    one: "Notificación",
    mail: "Correo",
    state_heading: "Estado",
    topic_heading: "Tipo",
    about: "Sobre",
    tries_heading: "Intentos",
    made: "Fecha",
    destination: "Destino",
    payment: "Cobro",
    to: "Para",
    why: "Motivo",
    given_up: "Abandonada",
    from: "Desde",
    until: "Hasta",
    every: "Todos",
    show: "Filtrar",
    all: "Quitar filtros",
    none: "No hay notificaciones que mostrar.",
    no_mails: "No hay correos que mostrar.",
    no_jobs: "No hay tareas fallidas.",
    next: "Próximo intento",
    no_tries: "Todavía no se ha intentado.",
    request: "Lo que se envía",
    sealed: "El contenido está sellado: se abre solo para enviarlo.",
    answer: "Respuesta",
    no_answer: "sin respuesta",
    taken: "aceptado",
    resend: "Reenviar ahora",
    resent: "Se enviará de inmediato: el intento aparecerá en esta página.",
    stop: "Dejar de intentar",
    stopped: "No se volverá a intentar.",
    over_already: "Ya no estaba pendiente: no había nada que detener.",
    resend_failed: "Reenviar todas las fallidas",
    resend_failed_here: "Reenviar las fallidas de este filtro",
    resent_many: "notificaciones se enviarán de nuevo.",
    resent_and_more: "notificaciones se enviarán de nuevo; si quedan más, presione otra vez.",
    resent_before: "Este envío ya se había pedido: no se repitió.",
    none_failed: "No hay notificaciones fallidas que reenviar.",
    retry: "Reintentar",
    retried: "La tarea se intentará de nuevo.",
    trial: "Enviar una notificación de prueba",
    trial_hint: "Se firma y se entrega como las otras, una sola vez. No nombra ningún pago ni monto: dice «test». Solo en cuentas de desarrollo.",
    trial_send: "Enviar la prueba",
    trial_sent: "La prueba va en camino: aquí se ve lo que se envió y lo que contestó su servidor.",
    trial_no_url: "Escriba a qué dirección enviar la prueba.",
    look_again: "Mirar de nuevo",
    not_buried: "La tarea ya no estaba abandonada.",
};

static EN: Texts = Texts {
    lang: Lang::En,
    title: "Deliveries",
    lead: "What your server was told, and how each try went.",
    notices: "Notifications",
    mails: "E-mails",
    mails_lead: "What payers were written.",
    failed: "Failed tasks",
    failed_lead: "Work that was given up after several tries, with the reason.",
    one: "Notification",
    mail: "E-mail",
    state_heading: "State",
    topic_heading: "Kind",
    about: "About",
    tries_heading: "Tries",
    made: "Date",
    destination: "Destination",
    payment: "Payment",
    to: "To",
    why: "Reason",
    given_up: "Given up",
    from: "From",
    until: "Until",
    every: "All",
    show: "Filter",
    all: "Remove filters",
    none: "There are no notifications to show.",
    no_mails: "There are no e-mails to show.",
    no_jobs: "There are no failed tasks.",
    next: "Next try",
    no_tries: "Not tried yet.",
    request: "What is sent",
    sealed: "The content lies sealed: it is opened only to be sent.",
    answer: "Answer",
    no_answer: "no answer",
    taken: "taken",
    resend: "Send again now",
    resent: "It is being sent: the try will appear on this page.",
    stop: "Stop trying",
    stopped: "It will not be tried again.",
    over_already: "It was not pending any more: there was nothing to stop.",
    resend_failed: "Send all failed ones again",
    resend_failed_here: "Send the failed ones of this filter again",
    resent_many: "notifications are being sent again.",
    resent_and_more: "notifications are being sent again; press again if more are left.",
    resent_before: "This was asked for before: it was not repeated.",
    none_failed: "There are no failed notifications to send again.",
    retry: "Try again",
    retried: "The task will be tried again.",
    trial: "Send a test notification",
    trial_hint: "Signed and delivered as the others are, once. It names no payment and no amount: it says “test”. For developer accounts only.",
    trial_send: "Send the test",
    trial_sent: "The test is on its way: here is what was sent and what your server answers.",
    trial_no_url: "Write the address to send the test to.",
    look_again: "Look again",
    not_buried: "The task was not given up any more.",
};
