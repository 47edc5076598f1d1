//! What a bank asks the payer, as data. The bank's page decides what is asked and the payer's page shows it, and
//! neither knows the other: this is the form between them. Texts for people are the pages' business, so a field
//! says what it is, never how it is worded.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// The payer's answers: field name to what was typed.
pub type Answers = BTreeMap<String, String>;

/// One form of the bank's, to be shown to the payer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// In the order of the bank's own page.
    pub fields: Vec<Field>,
    /// Why the bank asks again, if it does.
    pub problem: Option<Problem>,
}

/// One thing to be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The key of its answer, e.g. `coordinate_1`.
    pub name: String,
    /// What is asked.
    pub kind: FieldKind,
}

/// What a field asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldKind {
    /// The payer's national identifier.
    Rut,
    /// The bank's password; never shown again.
    Password,
    /// One of several.
    Choice(Vec<Choice>),
    /// Two digits of the matrix card.
    Coordinate {
        /// Where they stand on the card, e.g. `B4`.
        position: String,
    },
}

/// One possible answer of a [`FieldKind::Choice`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
pub struct Choice {
    /// What is answered.
    pub value: String,
    /// The bank's own words for it.
    pub label: String,
}

/// Why the same step is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// The bank does not know this RUT with this password.
    WrongLogin,
    /// The bank ended the session while the payer was thinking; log in again.
    LoginExpired,
    /// A field was left empty.
    AnswerMissing,
    /// The chosen value was not among those offered.
    NotOffered,
    /// Coordinates are two digits each.
    CoordinateMalformed,
}

impl Problem {
    /// The name in events and texts, e.g. `wrong-login`.
    pub fn as_str(self) -> &'static str {
        match self {
            Problem::WrongLogin => "wrong-login",
            Problem::LoginExpired => "login-expired",
            Problem::AnswerMissing => "answer-missing",
            Problem::NotOffered => "not-offered",
            Problem::CoordinateMalformed => "coordinate-malformed",
        }
    }
}
