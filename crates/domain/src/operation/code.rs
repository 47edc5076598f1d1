//! What may have gone wrong with an operation, and what its caller should do about it: one table, one `match` a column.
//! The families, `A000`, `E201` and the four treatments are Khipu's; the numbers inside a family are ours.

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// How to treat an error: `Error.Type` of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Treatment {
    /// The same call will fail again.
    DoNotRetry,
    /// It may succeed at once.
    RetryImmediately,
    /// The site is down; people repair it in hours.
    #[serde(rename = "WAIT_4_HOURS_BEFORE_RETRY")]
    WaitFourHours,
    /// The operator has to mend something and will tell.
    RetryAfterNotification,
}

/// `Error.Code` of the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Code {
    /// The token is expired, revoked or invalid, or the API key is no good.
    #[serde(rename = "A000")]
    NoCredential,
    /// The token lacks the scope or the institution.
    #[serde(rename = "A001")]
    OutOfScope,
    /// The site refused the login.
    #[serde(rename = "E101")]
    LoginRefused,
    /// The account at the site is blocked.
    #[serde(rename = "E102")]
    AccountBlocked,
    /// The site wants a second factor that this call can't give.
    #[serde(rename = "E103")]
    SecondFactorNeeded,
    /// The site can't be reached or is in maintenance.
    #[serde(rename = "E201")]
    SiteUnreachable,
    /// The site showed a page that the connector does not know.
    #[serde(rename = "E202")]
    UnknownPage,
    /// It ran, but the data is not published yet.
    #[serde(rename = "E301")]
    NotPublished,
    /// No company of that name.
    #[serde(rename = "E401")]
    UnknownCompany,
    /// The company knows no such client.
    #[serde(rename = "E402")]
    UnknownClient,
    /// The identifier is not of the company's format.
    #[serde(rename = "E403")]
    BadIdentifier,
    /// The site's own message.
    #[serde(rename = "E999")]
    SiteMessage,
    /// Information that is needed to finish is missing.
    #[serde(rename = "D000")]
    DataMissing,
    /// What was read did not fit its schema.
    #[serde(rename = "F000")]
    DataUnfit,
    /// Out of time.
    #[serde(rename = "T000")]
    OutOfTime,
    /// A component that is needed is missing.
    #[serde(rename = "I001")]
    ComponentMissing,
    /// A component gave an invalid answer.
    #[serde(rename = "I002")]
    ComponentAnswerInvalid,
    /// Our own fault.
    #[serde(rename = "I003")]
    Internal,
    /// More calls than permitted.
    #[serde(rename = "I004")]
    TooMany,
    /// A parameter is missing.
    #[serde(rename = "P001")]
    ParameterMissing,
    /// A parameter is of the wrong type or format.
    #[serde(rename = "P002")]
    ParameterUnfit,
    /// A parameter is too long or not allowed; also a body over the limit.
    #[serde(rename = "P003")]
    ParameterNotAllowed,
    /// No such path or method.
    #[serde(rename = "P004")]
    NoSuchPath,
}

impl Code {
    /// Every code, in the order of the specification's table.
    pub const ALL: [Code; 23] = [
        Code::NoCredential,
        Code::OutOfScope,
        Code::LoginRefused,
        Code::AccountBlocked,
        Code::SecondFactorNeeded,
        Code::SiteUnreachable,
        Code::UnknownPage,
        Code::NotPublished,
        Code::UnknownCompany,
        Code::UnknownClient,
        Code::BadIdentifier,
        Code::SiteMessage,
        Code::DataMissing,
        Code::DataUnfit,
        Code::OutOfTime,
        Code::ComponentMissing,
        Code::ComponentAnswerInvalid,
        Code::Internal,
        Code::TooMany,
        Code::ParameterMissing,
        Code::ParameterUnfit,
        Code::ParameterNotAllowed,
        Code::NoSuchPath,
    ];

    /// The text of the wire, e.g. `E201`.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::NoCredential => "A000",
            Code::OutOfScope => "A001",
            Code::LoginRefused => "E101",
            Code::AccountBlocked => "E102",
            Code::SecondFactorNeeded => "E103",
            Code::SiteUnreachable => "E201",
            Code::UnknownPage => "E202",
            Code::NotPublished => "E301",
            Code::UnknownCompany => "E401",
            Code::UnknownClient => "E402",
            Code::BadIdentifier => "E403",
            Code::SiteMessage => "E999",
            Code::DataMissing => "D000",
            Code::DataUnfit => "F000",
            Code::OutOfTime => "T000",
            Code::ComponentMissing => "I001",
            Code::ComponentAnswerInvalid => "I002",
            Code::Internal => "I003",
            Code::TooMany => "I004",
            Code::ParameterMissing => "P001",
            Code::ParameterUnfit => "P002",
            Code::ParameterNotAllowed => "P003",
            Code::NoSuchPath => "P004",
        }
    }

    /// The code of that text.
    pub fn parse(text: &str) -> Option<Code> {
        Code::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// What the caller should do.
    pub fn treatment(self) -> Treatment {
        match self {
            Code::SiteUnreachable => Treatment::WaitFourHours,
            Code::DataMissing | Code::OutOfTime | Code::TooMany => Treatment::RetryImmediately,
            Code::UnknownPage
            | Code::DataUnfit
            | Code::ComponentMissing
            | Code::ComponentAnswerInvalid
            | Code::Internal => Treatment::RetryAfterNotification,
            _ => Treatment::DoNotRetry,
        }
    }

    /// Whether an accepted operation is visited again for it before its callback says `ERROR` (section 2: `E201`,
    /// `T000` and the `I` family).
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Code::SiteUnreachable
                | Code::OutOfTime
                | Code::ComponentMissing
                | Code::ComponentAnswerInvalid
                | Code::Internal
                | Code::TooMany
        )
    }

    /// The HTTP status of an answer whose operation was begun, and of a request that was not let in. An edge that
    /// refuses a body (413), a path (404) or a method (405) says its own status.
    pub fn http_status(self) -> u16 {
        match self {
            Code::NoCredential => 401,
            Code::OutOfScope => 403,
            Code::ParameterMissing | Code::ParameterUnfit | Code::ParameterNotAllowed => 400,
            Code::NoSuchPath => 404,
            Code::TooMany => 429,
            _ => 200,
        }
    }

    /// What happened, as a sentence without its full stop, so that a detail can follow.
    pub fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Es => self.spanish(),
            Lang::En => self.english(),
        }
    }

    fn spanish(self) -> &'static str {
        match self {
            Code::NoCredential => "La credencial falta, no es válida, expiró o fue revocada",
            Code::OutOfScope => "El token no incluye esta institución u operación",
            Code::LoginRefused => "El sitio rechazó las credenciales del usuario",
            Code::AccountBlocked => "La cuenta del usuario está bloqueada",
            Code::SecondFactorNeeded => "El sitio pide un segundo factor que esta llamada no puede entregar",
            Code::SiteUnreachable => "El sitio no está disponible o está en mantención",
            Code::UnknownPage => "El sitio mostró una página desconocida",
            Code::NotPublished => "Los datos aún no están publicados",
            Code::UnknownCompany => "Empresa desconocida",
            Code::UnknownClient => "La empresa no conoce ese identificador de cliente",
            Code::BadIdentifier => "El identificador no tiene el formato de la empresa",
            Code::SiteMessage => "El sitio entregó un mensaje",
            Code::DataMissing => "Falta información para terminar la operación",
            Code::DataUnfit => "Los datos extraídos no tienen la forma esperada",
            Code::OutOfTime => "Se acabó el tiempo de la operación",
            Code::ComponentMissing => "Falta un componente necesario",
            Code::ComponentAnswerInvalid => "Un componente entregó una respuesta inválida",
            Code::Internal => "Ocurrió una falla interna",
            Code::TooMany => "Se alcanzó el límite de solicitudes",
            Code::ParameterMissing => "Falta un parámetro",
            Code::ParameterUnfit => "Un parámetro es de otro tipo o formato",
            Code::ParameterNotAllowed => "Un parámetro es muy largo o no está permitido",
            Code::NoSuchPath => "No existe esa ruta o método",
        }
    }

    fn english(self) -> &'static str {
        match self {
            Code::NoCredential => "The credential is missing, invalid, expired or revoked",
            Code::OutOfScope => "The token does not cover this institution or operation",
            Code::LoginRefused => "The site refused the user's credentials",
            Code::AccountBlocked => "The user's account is blocked",
            Code::SecondFactorNeeded => "The site asks for a second factor that this call can't give",
            Code::SiteUnreachable => "The site is not available or in maintenance",
            Code::UnknownPage => "The site showed an unknown page",
            Code::NotPublished => "The data is not published yet",
            Code::UnknownCompany => "Unknown company",
            Code::UnknownClient => "The company knows no such client identifier",
            Code::BadIdentifier => "The identifier is not of the company's format",
            Code::SiteMessage => "The site gave a message",
            Code::DataMissing => "Information needed to finish the operation is missing",
            Code::DataUnfit => "The extracted data is not of the expected shape",
            Code::OutOfTime => "The operation ran out of time",
            Code::ComponentMissing => "A needed component is missing",
            Code::ComponentAnswerInvalid => "A component gave an invalid answer",
            Code::Internal => "An internal fault occurred",
            Code::TooMany => "The request limit was reached",
            Code::ParameterMissing => "A parameter is missing",
            Code::ParameterUnfit => "A parameter is of the wrong type or format",
            Code::ParameterNotAllowed => "A parameter is too long or not allowed",
            Code::NoSuchPath => "There is no such path or method",
        }
    }
}
