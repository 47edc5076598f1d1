//! The console's first page.

use ayni_domain::lang::Lang;

/// Texts of `/console`.
pub struct Texts {
    /// Heads the page.
    pub title: &'static str,
    /// Below it: which days these are.
    pub span: &'static str,
    /// Until when the figures are; before an instant.
    pub until: &'static str,
    /// Heads what waits for somebody.
    pub attention: &'static str,
    /// Where nothing waits.
    pub all_well: &'static str,
    /// Notifications that were given up; their number.
    pub spent: fn(&str) -> String,
    /// Notifications that are tried again; their number.
    pub failing: fn(&str) -> String,
    /// Money that waits for a person; how many movements.
    pub review: fn(&str) -> String,
    /// Mails that failed or are held; their number.
    pub mails: fn(&str) -> String,
    /// API keys that end soon; their number.
    pub keys: fn(&str) -> String,
    /// Names the figures for screen readers.
    pub figures: &'static str,
    /// What was paid, in the currency of that code.
    pub volume_in: fn(&str) -> String,
    /// So many payments: the number, and as it is shown.
    pub payments: fn(i64, &str) -> String,
    /// What was paid, and in how many payments.
    pub volume_summary: fn(&str, &str) -> String,
    /// How many of those who began to pay did.
    pub success: &'static str,
    /// So many paid of so many begun.
    pub of_begun: fn(&str, &str) -> String,
    /// How long until the money was seen.
    pub took: &'static str,
    /// Nineteen of twenty: within that.
    pub took_95: fn(&str) -> String,
    /// The half and nineteen of twenty.
    pub took_summary: fn(&str, &str) -> String,
    /// What is counted as that time.
    pub took_hint: &'static str,
    /// Where there is no figure yet.
    pub nothing_yet: &'static str,
    /// Within a span of time.
    pub at_most: fn(&str) -> String,
    /// Beyond the longest span.
    pub longer: &'static str,
    /// Units of spans.
    pub seconds: &'static str,
    /// Minutes.
    pub minutes: &'static str,
    /// Hours.
    pub hours: &'static str,
    /// The last bar.
    pub today: &'static str,
    /// Opens a plot's table.
    pub table: &'static str,
    /// Columns of the tables.
    pub day: &'static str,
    /// Payments whose money was seen.
    pub paid: &'static str,
    /// What they brought.
    pub amount: &'static str,
    /// Payments that were begun.
    pub begun: &'static str,
    /// The part of them that was paid.
    pub rate: &'static str,
    /// How long it took.
    pub within: &'static str,
    /// Heads the sites.
    pub sites: &'static str,
    /// What the sites are.
    pub sites_hint: &'static str,
    /// A site that answers.
    pub site_well: &'static str,
    /// One that failed now and then.
    pub site_shaky: &'static str,
    /// One that is left alone for a while.
    pub site_down: &'static str,
    /// One that nobody visited in the last hour.
    pub site_unvisited: &'static str,
    /// Of the last hour: answered, visits, and within how many milliseconds the half of them.
    pub site_hour: fn(&str, &str, u64) -> String,
    /// Visits of the last hour, none of them answered.
    pub site_silent: fn(&str) -> String,
    /// Where the account has no payments yet.
    pub empty: &'static str,
    /// What to do then.
    pub empty_hint: &'static str,
    /// Names the link to the payments.
    pub empty_link: &'static str,
}

impl Texts {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }
}

static ES: Texts = Texts {
    title: "Inicio",
    span: "Últimos 30 días, hora de Chile",
    until: "Cifras hasta el",
    attention: "Por atender",
    all_well: "Nada espera por usted: todo está al día.",
    spent: |many| match many {
        "1" => "1 notificación no se pudo entregar en dos días".to_owned(),
        many => format!("{many} notificaciones no se pudieron entregar en dos días"),
    },
    failing: |many| match many {
        "1" => "1 notificación falló y se reintenta".to_owned(),
        many => format!("{many} notificaciones fallaron y se reintentan"),
    },
    review: |many| match many {
        "1" => "1 movimiento espera que alguien lo revise".to_owned(),
        many => format!("{many} movimientos esperan que alguien los revise"),
    },
    mails: |many| match many {
        "1" => "1 correo no salió o está retenido".to_owned(),
        many => format!("{many} correos no salieron o están retenidos"),
    },
    keys: |many| match many {
        "1" => "1 llave de API vence antes de dos semanas".to_owned(),
        many => format!("{many} llaves de API vencen antes de dos semanas"),
    },
    figures: "Cifras",
    volume_in: |code| format!("Pagado en {code}"),
    payments: |many, shown| match many {
        1 => "1 pago".to_owned(),
        _ => format!("{shown} pagos"),
    },
    volume_summary: |amount, many| format!("{amount} en {many} pagos conciliados, por día."),
    success: "Tasa de éxito",
    of_begun: |paid, begun| format!("{paid} pagados de {begun} iniciados"),
    took: "Tiempo de conciliación",
    took_95: |most| format!("95 de cada 100: {most}"),
    took_summary: |half, most| format!("La mitad: {half}. 95 de cada 100: {most}."),
    took_hint: "Desde que el pagador autoriza en su banco hasta que el dinero se ve en la cartola.",
    nothing_yet: "Sin datos",
    at_most: |span| format!("hasta {span}"),
    longer: "más de 48 h",
    seconds: "s",
    minutes: "min",
    hours: "h",
    today: "Hoy",
    table: "Ver como tabla",
    day: "Día",
    paid: "Pagados",
    amount: "Monto",
    begun: "Iniciados",
    rate: "Éxito",
    within: "Tiempo",
    sites: "Sitios",
    sites_hint: "Cómo responden los sitios que se visitan por usted, en la última hora.",
    site_well: "Responde",
    site_shaky: "Falla a ratos",
    site_down: "No responde",
    site_unvisited: "Sin visitas",
    site_hour: |answered, visits, half_ms| {
        format!("{answered} de {visits} visitas respondidas; la mitad en menos de {half_ms} ms")
    },
    site_silent: |visits| format!("{visits} visitas, ninguna respondida"),
    empty: "Aún no hay pagos",
    empty_hint: "Cuando alguien empiece a pagar, aquí verá cuánto, cuántos y qué tan rápido.",
    empty_link: "Crear un cobro",
};

static EN: Texts = Texts {
    title: "Home",
    span: "The last 30 days, Chile time",
    until: "Figures until",
    attention: "Needs attention",
    all_well: "Nothing waits for you: all is up to date.",
    spent: |many| match many {
        "1" => "1 notification could not be delivered in two days".to_owned(),
        many => format!("{many} notifications could not be delivered in two days"),
    },
    failing: |many| match many {
        "1" => "1 notification failed and is tried again".to_owned(),
        many => format!("{many} notifications failed and are tried again"),
    },
    review: |many| match many {
        "1" => "1 movement waits for somebody to review it".to_owned(),
        many => format!("{many} movements wait for somebody to review them"),
    },
    mails: |many| match many {
        "1" => "1 mail failed or is held".to_owned(),
        many => format!("{many} mails failed or are held"),
    },
    keys: |many| match many {
        "1" => "1 API key expires within two weeks".to_owned(),
        many => format!("{many} API keys expire within two weeks"),
    },
    figures: "Figures",
    volume_in: |code| format!("Paid in {code}"),
    payments: |many, shown| match many {
        1 => "1 payment".to_owned(),
        _ => format!("{shown} payments"),
    },
    volume_summary: |amount, many| format!("{amount} in {many} reconciled payments, by day."),
    success: "Success rate",
    of_begun: |paid, begun| format!("{paid} paid of {begun} begun"),
    took: "Time to reconcile",
    took_95: |most| format!("95 of 100: {most}"),
    took_summary: |half, most| format!("Half: {half}. 95 of 100: {most}."),
    took_hint: "From the payer’s authorisation at the bank until the money is seen on the statement.",
    nothing_yet: "No data",
    at_most: |span| format!("within {span}"),
    longer: "over 48 h",
    seconds: "s",
    minutes: "min",
    hours: "h",
    today: "Today",
    table: "Show as a table",
    day: "Day",
    paid: "Paid",
    amount: "Amount",
    begun: "Begun",
    rate: "Success",
    within: "Time",
    sites: "Sites",
    sites_hint: "How the sites that are visited for you answered in the last hour.",
    site_well: "Answers",
    site_shaky: "Fails at times",
    site_down: "Does not answer",
    site_unvisited: "No visits",
    site_hour: |answered, visits, half_ms| {
        format!("{answered} of {visits} visits answered; half of them within {half_ms} ms")
    },
    site_silent: |visits| format!("{visits} visits, none answered"),
    empty: "No payments yet",
    empty_hint: "When somebody begins to pay, you will see here how much, how many and how fast.",
    empty_link: "Create a charge",
};
