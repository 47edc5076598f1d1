//! The pages of consent: what is asked, what was found, what was decided.

use ayni_connectors::data::declaration::Declaration;
use ayni_domain::lang::Lang;
use ayni_domain::operation::code::Code;

use crate::consents::refusals::Message;

/// Everything that stands on these pages.
pub struct Texts {
    /// First link of the page, for keyboards.
    pub skip: &'static str,
    /// Names the header's link in the other language, in that language.
    pub other_language: &'static str,
    /// In the footer.
    pub promise: &'static str,
    /// On a button that was pressed.
    pub busy: &'static str,
    /// Heads what is wrong in a form.
    pub problems: &'static str,
    /// After a time of day.
    pub chile_time: &'static str,
    /// After the client's name.
    pub asks: &'static str,
    /// Heads the choice of an institution.
    pub choose: &'static str,
    /// Under it.
    pub choose_hint: &'static str,
    /// Names the choices.
    pub institutions: &'static str,
    /// Sends a choice.
    pub go_on: &'static str,
    /// Before the institution's name.
    pub log_in_at: &'static str,
    /// Under it.
    pub login_hint: &'static str,
    /// The same, to see one's own consents.
    pub own_login_hint: &'static str,
    /// Sends the login.
    pub log_in: &'static str,
    /// Names the institution.
    pub institution: &'static str,
    /// Names the data.
    pub data: &'static str,
    /// Names the end.
    pub until: &'static str,
    /// Names the beginning.
    pub given: &'static str,
    /// When it was last used.
    pub used: &'static str,
    /// It was not yet.
    pub never_used: &'static str,
    /// Heads the second factor.
    pub code_heading: &'static str,
    /// Its label.
    pub code: &'static str,
    /// Sends it.
    pub send_code: &'static str,
    /// Back to the login.
    pub start_over: &'static str,
    /// Heads the decision.
    pub consent_heading: &'static str,
    /// Heads what the institution shows.
    pub found: &'static str,
    /// Where it shows nothing.
    pub found_none: &'static str,
    /// What yes means.
    pub consent_hint: &'static str,
    /// Yes.
    pub consent: &'static str,
    /// No.
    pub refuse: &'static str,
    /// Back to the login, for somebody else.
    pub other_person: &'static str,
    /// Heads the end after yes.
    pub consented: &'static str,
    /// Under it.
    pub consented_hint: &'static str,
    /// Heads the end after no.
    pub refused: &'static str,
    /// Under it.
    pub refused_hint: &'static str,
    /// Heads the link to the consent.
    pub link_heading: &'static str,
    /// Heads the public token.
    pub token_heading: &'static str,
    /// What to do with it.
    pub token_hint: &'static str,
    /// Before the client's name.
    pub back_to: &'static str,
    /// In a widget's window.
    pub close_window: &'static str,
    /// Heads a person's own consents.
    pub own: &'static str,
    /// Under it.
    pub own_hint: &'static str,
    /// Where there is none.
    pub none: &'static str,
    /// Takes one back.
    pub withdraw: &'static str,
    /// One that was taken back.
    pub withdrawn: &'static str,
    /// One whose time has passed.
    pub expired: &'static str,
}

/// What is said in place of a page.
pub struct Told {
    /// Heads the page.
    pub heading: &'static str,
    /// What to do.
    pub advice: &'static str,
}

impl Texts {
    /// In this language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }
}

/// What an institution's operations read, in a person's words; an operation of a connector that we don't know is shown by
/// its own name by nobody: it is «other data».
pub fn data_of(declaration: &Declaration, lang: Lang) -> Vec<&'static str> {
    let mut data: Vec<&'static str> = Vec::new();
    for operation in &declaration.operations {
        let (es, en) = match operation.name.as_str() {
            "token" => continue,
            "consult-debt" => (
                "Deudas con sus empresas de servicios",
                "Debts with your service companies",
            ),
            "service-accounts" => (
                "Sus cuentas de servicios registradas",
                "Your registered service accounts",
            ),
            "accounts" => (
                "Sus cuentas: número, tipo y moneda",
                "Your accounts: number, kind and currency",
            ),
            "balances" => ("Los saldos de sus cuentas", "Your accounts’ balances"),
            "transactions" | "range/transactions" => {
                ("Los movimientos de sus cuentas", "Your accounts’ transactions")
            }
            _ => (
                "Otros datos que esta institución muestra de usted",
                "Other data that this institution shows of you",
            ),
        };
        let text = lang.pick(es, en);
        if !data.contains(&text) {
            data.push(text);
        }
    }
    data
}

/// Why the institution did not let the person in, and what to do.
pub fn problem_of(code: Code, lang: Lang) -> &'static str {
    match code {
        Code::ParameterMissing => lang.pick(
            "Complete su usuario y su clave.",
            "Fill in your user name and your password.",
        ),
        Code::LoginRefused => lang.pick(
            "La institución no reconoce este usuario con esta clave. Revíselos: tras tres rechazos en una hora dejamos de intentar.",
            "The institution doesn’t know this user with this password. Check both: after three refusals within an hour we stop trying.",
        ),
        Code::AccountBlocked => lang.pick(
            "Este usuario está bloqueado, o fue rechazado tres veces en una hora. Espere una hora o consulte a la institución.",
            "This user is blocked, or was refused three times within an hour. Wait an hour or ask the institution.",
        ),
        Code::SecondFactorNeeded => lang.pick(
            "La institución pide un segundo factor que no podemos entregar aquí.",
            "The institution asks for a second factor that can’t be given here.",
        ),
        Code::SiteUnreachable | Code::OutOfTime => lang.pick(
            "La institución no responde en este momento. Intente más tarde: su clave no fue rechazada.",
            "The institution does not answer at the moment. Try later: your password was not refused.",
        ),
        _ => lang.pick(
            "No pudimos entender lo que la institución respondió. Ya avisamos a quien opera este servicio.",
            "We could not understand what the institution answered. Whoever runs this service has been told.",
        ),
    }
}

/// What is said in place of a page.
pub(crate) fn told(message: Message, lang: Lang) -> &'static Told {
    let (es, en) = match message {
        Message::BadRequest => (&BAD_REQUEST_ES, &BAD_REQUEST_EN),
        Message::Gone => (&GONE_ES, &GONE_EN),
        Message::NotThisPage => (&NOT_THIS_PAGE_ES, &NOT_THIS_PAGE_EN),
        Message::OtherBrowser => (&OTHER_BROWSER_ES, &OTHER_BROWSER_EN),
        Message::TooMany => (&TOO_MANY_ES, &TOO_MANY_EN),
        Message::TooLarge => (&TOO_LARGE_ES, &TOO_LARGE_EN),
        Message::Unavailable => (&UNAVAILABLE_ES, &UNAVAILABLE_EN),
        Message::Internal => (&INTERNAL_ES, &INTERNAL_EN),
    };
    lang.pick(es, en)
}

static ES: Texts = Texts {
    skip: "Ir al contenido",
    other_language: "English",
    promise: "Su clave viaja cifrada a la institución. Solo si usted acepta la guardamos, cifrada, y la borramos cuando usted lo pida.",
    busy: "Un momento…",
    problems: "Revise lo siguiente",
    chile_time: "hora de Chile",
    asks: "quiere leer datos suyos.",
    choose: "¿De qué institución?",
    choose_hint: "Elija dónde tiene sus datos. Puede compartir una institución a la vez.",
    institutions: "Instituciones",
    go_on: "Continuar",
    log_in_at: "Entre a",
    login_hint: "Use el usuario y la clave que usa en el sitio de la institución. Antes de compartir nada verá qué hay y podrá decir que no.",
    own_login_hint: "Use el usuario y la clave que usa en el sitio de la institución, para mostrarle solo lo suyo.",
    log_in: "Entrar",
    institution: "Institución",
    data: "Datos",
    until: "Hasta el",
    given: "Desde el",
    used: "Último uso",
    never_used: "Aún no se usa",
    code_heading: "Confirme que es usted",
    code: "Código",
    send_code: "Confirmar",
    start_over: "Volver a empezar",
    consent_heading: "¿Comparte estos datos?",
    found: "Lo que encontramos",
    found_none: "La institución no muestra cuentas en este momento.",
    consent_hint: "Si acepta, podrá leer estos datos hasta esa fecha sin volver a pedirle la clave. Puede retirar su permiso cuando quiera.",
    consent: "Sí, compartir",
    refuse: "No compartir",
    other_person: "Entrar con otro usuario",
    consented: "Permiso otorgado",
    consented_hint: "Puede ver y retirar este permiso en cualquier momento.",
    refused: "No se compartió nada",
    refused_hint: "No guardamos su usuario ni su clave.",
    link_heading: "Guarde este enlace: se muestra solo ahora",
    token_heading: "Código para la aplicación",
    token_hint: "La aplicación que abrió esta ventana lo recibe sola. Si no fue así, cópielo en ella.",
    back_to: "Volver a",
    close_window: "Ya puede cerrar esta ventana.",
    own: "Sus permisos",
    own_hint: "Para ver quién puede leer sus datos de una institución, entre a ella.",
    none: "No ha dado permiso a nadie para leer sus datos de esta institución.",
    withdraw: "Retirar este permiso",
    withdrawn: "Usted retiró este permiso. Ya no sirve y borramos la clave guardada.",
    expired: "Este permiso ya venció.",
};

static EN: Texts = Texts {
    skip: "Skip to content",
    other_language: "Español",
    promise: "Your password travels encrypted to the institution. We keep it, encrypted, only if you agree, and erase it when you ask us to.",
    busy: "One moment…",
    problems: "Please check the following",
    chile_time: "Chile time",
    asks: "wants to read data of yours.",
    choose: "Of which institution?",
    choose_hint: "Choose where your data is. You can share one institution at a time.",
    institutions: "Institutions",
    go_on: "Continue",
    log_in_at: "Log in to",
    login_hint: "Use the user name and password of the institution’s own site. Before anything is shared you see what is there and can say no.",
    own_login_hint: "Use the user name and password of the institution’s own site, so that you are shown only what is yours.",
    log_in: "Log in",
    institution: "Institution",
    data: "Data",
    until: "Until",
    given: "Since",
    used: "Last used",
    never_used: "Not used yet",
    code_heading: "Confirm that it is you",
    code: "Code",
    send_code: "Confirm",
    start_over: "Start over",
    consent_heading: "Do you share this data?",
    found: "What we found",
    found_none: "The institution shows no accounts at the moment.",
    consent_hint: "If you agree, this data can be read until that date without asking you for your password again. You can withdraw your permission at any time.",
    consent: "Yes, share",
    refuse: "Don’t share",
    other_person: "Log in as somebody else",
    consented: "Permission given",
    consented_hint: "You can see and withdraw this permission at any time.",
    refused: "Nothing was shared",
    refused_hint: "We kept neither your user name nor your password.",
    link_heading: "Keep this link: it is shown only now",
    token_heading: "Code for the application",
    token_hint: "The application that opened this window gets it by itself. If it did not, copy it there.",
    back_to: "Back to",
    close_window: "You may close this window now.",
    own: "Your permissions",
    own_hint: "To see who can read your data of an institution, log in to it.",
    none: "You have not permitted anybody to read your data of this institution.",
    withdraw: "Withdraw this permission",
    withdrawn: "You withdrew this permission. It no longer works and the stored password was erased.",
    expired: "This permission has expired.",
};

static BAD_REQUEST_ES: Told = Told {
    heading: "La aplicación hizo mal su solicitud",
    advice: "No se compartió nada. Vuelva a la aplicación y avise a quienes la hacen.",
};
static BAD_REQUEST_EN: Told = Told {
    heading: "The application’s request is wrong",
    advice: "Nothing was shared. Go back to the application and tell those who make it.",
};
static GONE_ES: Told = Told {
    heading: "Esta página ya no está",
    advice: "El enlace no existe o su tiempo pasó. Vuelva a empezar desde la aplicación.",
};
static GONE_EN: Told = Told {
    heading: "This page is no longer there",
    advice: "The link does not exist or its time has passed. Begin again from the application.",
};
static NOT_THIS_PAGE_ES: Told = Told {
    heading: "No reconocemos este formulario",
    advice: "Su navegador debe aceptar cookies de este sitio. Vuelva atrás, recargue la página e inténtelo de nuevo.",
};
static NOT_THIS_PAGE_EN: Told = Told {
    heading: "We don’t recognise this form",
    advice: "Your browser must accept this site’s cookies. Go back, reload the page and try again.",
};
static OTHER_BROWSER_ES: Told = Told {
    heading: "Esto se empezó en otro navegador",
    advice: "Siga en el navegador donde empezó, o vuelva a empezar aquí desde la aplicación.",
};
static OTHER_BROWSER_EN: Told = Told {
    heading: "This was begun in another browser",
    advice: "Go on in the browser in which you began, or begin again here from the application.",
};
static TOO_MANY_ES: Told = Told {
    heading: "Demasiados intentos",
    advice: "Espere diez minutos e inténtelo de nuevo.",
};
static TOO_MANY_EN: Told = Told {
    heading: "Too many attempts",
    advice: "Wait ten minutes and try again.",
};
static TOO_LARGE_ES: Told = Told {
    heading: "El formulario es demasiado largo",
    advice: "Vuelva atrás y revise lo que escribió.",
};
static TOO_LARGE_EN: Told = Told {
    heading: "The form is too long",
    advice: "Go back and check what you typed.",
};
static UNAVAILABLE_ES: Told = Told {
    heading: "No podemos seguir en este momento",
    advice: "Recargue la página en unos segundos.",
};
static UNAVAILABLE_EN: Told = Told {
    heading: "We can’t go on at the moment",
    advice: "Reload the page in a few seconds.",
};
static INTERNAL_ES: Told = Told {
    heading: "Algo falló de nuestro lado",
    advice: "No se compartió nada. Inténtelo de nuevo desde la aplicación.",
};
static INTERNAL_EN: Told = Told {
    heading: "Something failed on our side",
    advice: "Nothing was shared. Try again from the application.",
};
