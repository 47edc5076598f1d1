//! The answer of every open-data call. A caller handles one shape whatever happened: the site's data, the site's
//! refusal, our own fault, or "accepted, the answer comes later" (`spec/open-data.md`, section 1; Khipu's open data API v1).
//!
//! [`Envelope`] is that shape, [`code::Code`] what may have gone wrong and how to treat it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::lang::Lang;
use code::{Code, Treatment};

pub mod code;
pub mod note;
pub mod problem;
pub mod retry;
#[cfg(test)]
mod tests;

/// The whole answer: always all six keys, nulls explicit.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Envelope {
    /// Which operation this is the answer of.
    pub operation_id: Uuid,
    /// Whether it ran.
    pub status: Status,
    /// What was asked for, byte for byte as it was first written; null where there is none.
    pub data: Option<Box<RawValue>>,
    /// A sentence for people, for instance that `Data` is incomplete.
    pub additional_information: Option<String>,
    /// What went wrong; null unless `Status` is `ERROR`.
    pub error: Option<WireError>,
    /// For an accepted operation: until when its callback comes, RFC 3339.
    pub life_span: Option<String>,
}

/// Whether the operation ran, with or without data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// It ran.
    Ok,
    /// It did not.
    Error,
}

/// The `Error` of an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct WireError {
    /// Which of the listed things happened.
    pub code: Code,
    /// How to treat it; follows from the code.
    #[serde(rename = "Type")]
    pub treatment: Treatment,
    /// What happened, in the caller's language.
    pub description: String,
}

/// What went wrong, before it is put in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .code.as_str())]
pub struct Fault {
    /// Which of the listed things happened.
    pub code: Code,
    /// What is added to the code's own sentence: the parameter's name, near company names, the site's own message.
    /// Never a credential or an identifier.
    pub detail: Option<String>,
}

impl Fault {
    /// A fault that its code tells whole.
    pub fn new(code: Code) -> Fault {
        Fault { code, detail: None }
    }

    /// A fault with what makes it clear.
    pub fn with_detail(code: Code, detail: impl Into<String>) -> Fault {
        Fault {
            code,
            detail: Some(detail.into()),
        }
    }

    /// The `Description` of the wire. For [`Code::SiteMessage`] it is the site's own message alone.
    pub fn description(&self, lang: Lang) -> String {
        match (&self.detail, self.code) {
            (Some(message), Code::SiteMessage) => message.clone(),
            (Some(detail), code) => format!("{}: {detail}", code.text(lang)),
            (None, code) => code.text(lang).to_owned(),
        }
    }
}

impl From<Code> for Fault {
    fn from(code: Code) -> Fault {
        Fault::new(code)
    }
}

impl Envelope {
    /// It ran: with data or, where there is none to have, a note that says so.
    pub fn ran(operation_id: Uuid, data: Option<Box<RawValue>>, note: Option<String>) -> Envelope {
        Envelope {
            operation_id,
            status: Status::Ok,
            data,
            additional_information: note,
            error: None,
            life_span: None,
        }
    }

    /// It is accepted or still running; its answer comes until `life_span` (RFC 3339).
    pub fn accepted(operation_id: Uuid, note: String, life_span: String) -> Envelope {
        Envelope {
            life_span: Some(life_span),
            ..Envelope::ran(operation_id, None, Some(note))
        }
    }

    /// It did not run, or was not even begun.
    pub fn failed(operation_id: Uuid, fault: &Fault, lang: Lang) -> Envelope {
        Envelope {
            status: Status::Error,
            error: Some(WireError {
                code: fault.code,
                treatment: fault.code.treatment(),
                description: fault.description(lang),
            }),
            ..Envelope::ran(operation_id, None, None)
        }
    }
}
