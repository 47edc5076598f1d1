//! The protocol's requests and answers, read strictly: an unknown field is an answer of another protocol.

use std::collections::BTreeMap;

use ayni_domain::operation::Fault;
use ayni_domain::operation::code::Code;
use ayni_domain::operation::note::Note;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::data::login::{AccountFound, LoggedIn, Login, LoginSession};
use crate::data::{Failed, Reply};

/// The protocol's version, in every request and answer.
pub(super) const VERSION: u32 = 1;

/// Longest sentence of a connector's, in characters: a note, a fault's detail, a prompt.
const SENTENCE_CHARS_MAX: usize = 300;

/// Accounts that a login may tell.
const ACCOUNTS_MAX: usize = 1_000;

#[derive(Serialize)]
pub(super) struct RunRequest<'a> {
    pub(super) version: u32,
    pub(super) operation: &'a str,
    pub(super) arguments: &'a BTreeMap<String, String>,
    pub(super) login: Option<Credentials<'a>>,
}

#[derive(Serialize)]
pub(super) struct Credentials<'a> {
    username: &'a str,
    password: &'a str,
    device: Option<&'a str>,
}

impl<'a> Credentials<'a> {
    pub(super) fn of(login: &'a Login) -> Credentials<'a> {
        Credentials {
            username: &login.username,
            password: &login.password,
            device: login.device.as_deref(),
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum LoginRequest<'a> {
    Credentials {
        version: u32,
        login: Credentials<'a>,
    },
    Code {
        version: u32,
        session: &'a str,
        code: &'a str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunAnswer {
    version: u32,
    #[serde(default)]
    data: Option<Box<RawValue>>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    fault: Option<SaidFault>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginAnswer {
    version: u32,
    #[serde(default)]
    done: Option<Done>,
    #[serde(default)]
    code_wanted: Option<CodeWanted>,
    #[serde(default)]
    fault: Option<SaidFault>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaidFault {
    code: Code,
    #[serde(default)]
    detail: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Done {
    #[serde(default)]
    device: Option<String>,
    accounts: Vec<AccountFound>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeWanted {
    prompt: String,
    session: String,
}

impl RunAnswer {
    /// What it says: data, or a note why there is none, or a fault, and never two of them.
    pub(super) fn reply(self) -> Result<Reply, Failed> {
        let data = self.data.filter(|data| data.get() != "null");
        let is_object = data.as_ref().is_none_or(|data| data.get().starts_with('{'));
        let note = self.note.as_deref().map(sentence).transpose()?;
        match self.fault {
            _ if self.version != VERSION || !is_object => Err(Code::ComponentAnswerInvalid.into()),
            Some(fault) if data.is_none() && note.is_none() => Err(fault.failed()),
            None if data.is_some() || note.is_some() => Ok(Reply {
                data,
                note: note.map(Note::Told),
            }),
            _ => Err(Code::ComponentAnswerInvalid.into()),
        }
    }
}

impl LoginAnswer {
    /// What it says; `kept` makes a session to be sealed of the connector's own.
    pub(super) fn logged_in(
        self,
        mut login: Login,
        kept: impl Fn(&str, Login) -> Option<LoginSession>,
    ) -> Result<LoggedIn, Failed> {
        let invalid = || Failed::from(Code::ComponentAnswerInvalid);
        match (self.version, self.done, self.code_wanted, self.fault) {
            (VERSION, Some(done), None, None) if done.accounts.len() <= ACCOUNTS_MAX => {
                login.device = done.device.or(login.device.take());
                Ok(LoggedIn::Done {
                    login,
                    accounts: done.accounts,
                })
            }
            (VERSION, None, Some(wanted), None) => Ok(LoggedIn::CodeWanted {
                prompt: sentence(&wanted.prompt)?,
                session: kept(&wanted.session, login).ok_or_else(invalid)?,
            }),
            (VERSION, None, None, Some(fault)) => Err(fault.failed()),
            _ => Err(invalid()),
        }
    }
}

impl SaidFault {
    /// Whose credential is no good and what happens inside the gateway is not a connector's to say.
    fn failed(self) -> Failed {
        let is_theirs = matches!(
            self.code.as_str().as_bytes(),
            [b'E' | b'D' | b'F' | b'T' | b'P', ..]
        );
        let detail = self.detail.as_deref().map(sentence).transpose();
        match detail {
            Ok(detail) if is_theirs => Fault {
                code: self.code,
                detail,
            }
            .into(),
            _ => Code::ComponentAnswerInvalid.into(),
        }
    }
}

fn sentence(text: &str) -> Result<String, Failed> {
    let fits = !text.trim().is_empty() && text.chars().count() <= SENTENCE_CHARS_MAX;
    fits.then(|| text.to_owned())
        .ok_or(Code::ComponentAnswerInvalid.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(answer: &str) -> String {
        let read: Result<RunAnswer, _> = serde_json::from_str(answer);
        match read
            .map_err(|_| Code::ComponentAnswerInvalid.into())
            .and_then(RunAnswer::reply)
        {
            Err(failed) => failed.fault.code.as_str().to_owned(),
            Ok(reply) => format!(
                "{} {:?}",
                reply.data.map_or("-".into(), |d| d.get().to_owned()),
                reply.note
            ),
        }
    }

    #[test]
    fn an_answer_is_data_or_a_note_or_a_fault_and_everything_else_is_invalid() {
        for (answer, expected) in [
            (r#"{"version":1,"data":{"A":1}}"#, r#"{"A":1} None"#),
            (
                r#"{"version":1,"data":{"A":1},"note":"n"}"#,
                r#"{"A":1} Some(Told("n"))"#,
            ),
            (r#"{"version":1,"data":null,"note":"n"}"#, r#"- Some(Told("n"))"#),
            (r#"{"version":1,"fault":{"code":"E402"}}"#, "E402"),
            (r#"{"version":1,"fault":{"code":"E999","detail":"d"}}"#, "E999"),
            (r#"{"version":1}"#, "I002"),
            (r#"{"version":1,"data":null}"#, "I002"),
            (r#"{"version":1,"data":[1]}"#, "I002"),
            (r#"{"version":1,"data":15340}"#, "I002"),
            (r#"{"version":2,"data":{}}"#, "I002"),
            (r#"{"data":{}}"#, "I002"),
            (r#"{"version":1,"data":{},"more":1}"#, "I002"),
            (r#"{"version":1,"data":{},"fault":{"code":"E402"}}"#, "I002"),
            (r#"{"version":1,"fault":{"code":"A000"}}"#, "I002"),
            (r#"{"version":1,"fault":{"code":"I003"}}"#, "I002"),
            (r#"{"version":1,"fault":{"code":"X1"}}"#, "I002"),
            (r#"{"version":1,"data":null,"note":" "}"#, "I002"),
            ("[]", "I002"),
            ("", "I002"),
        ] {
            assert_eq!(outcome(answer), expected, "{answer}");
        }
        let long = format!(
            r#"{{"version":1,"note":"{}"}}"#,
            "n".repeat(SENTENCE_CHARS_MAX + 1)
        );
        assert_eq!(outcome(&long), "I002");
    }
}
