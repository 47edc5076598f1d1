//! What may be wrong with the fields of an operation's request. All of it is told in one answer, so that an integrator
//! mends a request once.

use crate::lang::Lang;
use crate::operation::code::Code;

/// One rule that a request breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a path of names, e.g. `RequestData.EnterpriseName`.
    pub field: String,
    /// What is wrong there.
    pub what: What,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is not there, null or empty.
    Missing,
    /// It is no text.
    NotText,
    /// It is no JSON object.
    NotObject,
    /// It is no day, `YYYY-MM-DD`.
    NotDate,
    /// It is no currency code.
    NotCurrency,
    /// It has more characters than that.
    TooLong(usize),
    /// No such field belongs here.
    Unknown,
    /// This call takes none.
    NotAllowed,
    /// It is no absolute URL of http or https.
    NotUrl,
    /// It is a URL to which this gateway does not send.
    ForbiddenUrl,
    /// It is neither `{AccountLink}` nor `{Username, Password}`.
    NotCredential,
    /// It is no link of this account and institution, or it has expired or was revoked.
    BadLink,
    /// The token already says whose data is read.
    BesideToken,
    /// It came together with `Authorization`.
    BesideAuthorization,
}

impl Problem {
    /// The problem of a field.
    pub fn new(field: impl Into<String>, what: What) -> Problem {
        Problem {
            field: field.into(),
            what,
        }
    }

    /// The field and what is wrong with it.
    pub fn text(&self, lang: Lang) -> String {
        format!("{} {}", self.field, self.what.text(lang))
    }
}

impl What {
    /// Its code.
    pub fn code(&self) -> Code {
        match self {
            What::Missing => Code::ParameterMissing,
            What::NotText
            | What::NotObject
            | What::NotDate
            | What::NotCurrency
            | What::NotUrl
            | What::NotCredential
            | What::BadLink => Code::ParameterUnfit,
            What::TooLong(_)
            | What::Unknown
            | What::NotAllowed
            | What::ForbiddenUrl
            | What::BesideToken
            | What::BesideAuthorization => Code::ParameterNotAllowed,
        }
    }

    fn text(&self, lang: Lang) -> String {
        let (es, en) = match self {
            What::Missing => ("falta", "is missing"),
            What::NotText => ("debe ser un texto", "must be a text"),
            What::NotObject => ("debe ser un objeto JSON", "must be a JSON object"),
            What::NotDate => ("debe ser una fecha AAAA-MM-DD", "must be a date, YYYY-MM-DD"),
            What::NotCurrency => (
                "debe ser un código de moneda de tres letras mayúsculas",
                "must be a currency code of three capital letters",
            ),
            What::TooLong(most) => {
                return lang.pick(
                    format!("tiene más de {most} caracteres"),
                    format!("has more than {most} characters"),
                );
            }
            What::Unknown => (
                "no es un parámetro de esta operación",
                "is no parameter of this operation",
            ),
            What::NotAllowed => (
                "no se permite en esta operación",
                "is not allowed in this operation",
            ),
            What::NotUrl => (
                "debe ser una URL http(s) absoluta",
                "must be an absolute http(s) URL",
            ),
            What::ForbiddenUrl => (
                "es una dirección a la que no enviamos: use una pública con https",
                "is an address to which we do not send: use a public one with https",
            ),
            What::NotCredential => (
                "debe ser {\"AccountLink\"} o {\"Username\",\"Password\"}",
                "must be {\"AccountLink\"} or {\"Username\",\"Password\"}",
            ),
            What::BadLink => (
                "no es un enlace vigente de esta cuenta e institución",
                "is no live link of this account and institution",
            ),
            What::BesideToken => (
                "no se permite junto a un token que ya indica la cuenta del usuario",
                "is not allowed beside a token that already names the user's account",
            ),
            What::BesideAuthorization => (
                "no se permite junto a Authorization: envíe una sola credencial",
                "is not allowed beside Authorization: send one credential",
            ),
        };
        lang.pick(es, en).to_owned()
    }
}

/// The code that an answer to all of these carries: what is missing comes first, then what is unfit.
pub fn code_of(problems: &[Problem]) -> Code {
    let codes: Vec<Code> = problems.iter().map(|problem| problem.what.code()).collect();
    [Code::ParameterMissing, Code::ParameterUnfit]
        .into_iter()
        .find(|code| codes.contains(code))
        .unwrap_or(Code::ParameterNotAllowed)
}

/// All of them as one sentence, each with its field.
pub fn texts(problems: &[Problem], lang: Lang) -> String {
    let texts: Vec<String> = problems.iter().map(|problem| problem.text(lang)).collect();
    texts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_told_and_the_gravest_gives_the_code() {
        let long = Problem::new("CallbackUrl", What::TooLong(255));
        let missing = Problem::new("RequestData.EnterpriseName", What::Missing);
        let unfit = Problem::new("RequestData.ClientIdentifier", What::NotText);
        for (problems, code) in [
            (vec![long.clone()], Code::ParameterNotAllowed),
            (vec![long.clone(), unfit.clone()], Code::ParameterUnfit),
            (
                vec![long.clone(), unfit.clone(), missing.clone()],
                Code::ParameterMissing,
            ),
        ] {
            assert_eq!(code_of(&problems), code);
        }
        assert_eq!(
            texts(&[missing, long], Lang::Es),
            "RequestData.EnterpriseName falta; CallbackUrl tiene más de 255 caracteres"
        );
    }
}
