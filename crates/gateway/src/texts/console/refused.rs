//! What the console does not do.

use ayni_domain::lang::Lang;

use crate::console::refused::Refused;

/// The refusals, each with a page's name, a heading and what to do now.
pub struct Texts {
    /// To the console's first page.
    pub home: &'static str,
    lang: Lang,
}

impl Texts {
    /// In a language.
    pub fn of(lang: Lang) -> &'static Texts {
        lang.pick(&ES, &EN)
    }

    /// A refusal's page.
    pub(crate) fn say(&self, refused: &Refused) -> (&'static str, &'static str, &'static str) {
        let (page, es, en) = *text(refused);
        let (heading, what_now) = self.lang.pick(es, en);
        (page, heading, what_now)
    }
}

const ES: Texts = Texts {
    home: "Ir al inicio",
    lang: Lang::Es,
};
const EN: Texts = Texts {
    home: "Go to the first page",
    lang: Lang::En,
};

type Said = (&'static str, &'static str);

/// The page's name, and the words in both languages.
type Page = (&'static str, Said, Said);

fn text(refused: &Refused) -> &'static Page {
    match refused {
        Refused::SignIn(_) => &SIGNED_OUT,
        Refused::Forbidden => &FORBIDDEN,
        Refused::AccountDisabled => &ACCOUNT_DISABLED,
        Refused::NotThisPage => &NOT_THIS_PAGE,
        Refused::NotFound => &NOT_FOUND,
        Refused::TooLarge => &TOO_LARGE,
        Refused::Busy | Refused::Unavailable => &UNAVAILABLE,
        Refused::OutcomeUnknown => &OUTCOME_UNKNOWN,
        Refused::Internal(_) => &INTERNAL,
    }
}

const SIGNED_OUT: Page = (
    "signed-out",
    ("Su sesión terminó", "Ingrese de nuevo para seguir."),
    ("Your session has ended", "Sign in again to go on."),
);

const FORBIDDEN: Page = (
    "forbidden",
    (
        "Su rol no permite esto",
        "Un dueño de la cuenta puede hacerlo, o darle a usted otro rol en «Personas».",
    ),
    (
        "Your role does not permit this",
        "An owner of the account can do it, or give you another role under “People”.",
    ),
);

const ACCOUNT_DISABLED: Page = (
    "account-disabled",
    (
        "Esta cuenta está deshabilitada",
        "El operador de la pasarela la deshabilitó: pregúntele por qué. El dinero que llegue se sigue registrando.",
    ),
    (
        "This account is disabled",
        "The gateway’s operator disabled it: ask them why. Money that comes is still recorded.",
    ),
);

const NOT_THIS_PAGE: Page = (
    "not-this-page",
    (
        "No se hizo nada",
        "El formulario era de otra sesión o de otra cuenta. Vuelva a abrir la página y envíelo de nuevo.",
    ),
    (
        "Nothing was done",
        "The form was of another session or another account. Open the page anew and send it again.",
    ),
);

const NOT_FOUND: Page = (
    "not-found",
    (
        "Aquí no hay nada",
        "La dirección está mal escrita, o lo que había no es de esta cuenta.",
    ),
    (
        "There is nothing here",
        "The address is mistyped, or what was here is not this account’s.",
    ),
);

const TOO_LARGE: Page = (
    "too-large",
    (
        "El formulario es demasiado largo",
        "Acorte lo que escribió y envíelo de nuevo.",
    ),
    (
        "The form is too long",
        "Shorten what you typed and send it again.",
    ),
);

const UNAVAILABLE: Page = (
    "unavailable",
    (
        "En este momento no se puede",
        "No se hizo nada. Intente de nuevo en un minuto.",
    ),
    (
        "This is not possible now",
        "Nothing was done. Try again in a minute.",
    ),
);

const OUTCOME_UNKNOWN: Page = (
    "outcome-unknown",
    (
        "No sabemos si se hizo",
        "Se perdió la conexión con la base de datos mientras guardaba. Mire si el cambio está antes de repetirlo.",
    ),
    (
        "We don’t know whether it was done",
        "The connection to the database was lost while it saved. Look whether the change is there before you repeat it.",
    ),
);

const INTERNAL: Page = (
    "internal",
    (
        "Algo falló de nuestro lado",
        "Quedó anotado. Intente de nuevo; si vuelve a pasar, avise al operador.",
    ),
    (
        "Something failed on our side",
        "It was noted. Try again; if it happens again, tell the operator.",
    ),
);
