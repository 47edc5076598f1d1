//! What a data connector can do, as data: from it come the routes, the checks of a request's fields, the list of
//! institutions and the login form.

use serde::{Deserialize, Serialize};

/// An institution and its operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// The host in the path, e.g. `servipag.com`: its name towards callers.
    pub institution: String,
    /// The path between `/v1/` and the operation, e.g. `com/services/servipag.com`.
    pub path: String,
    /// Its OAuth scope, e.g. `com_services_servipag`.
    pub scope: String,
    /// Its name for people, e.g. `Servipag`.
    pub name: String,
    /// What can be asked.
    pub operations: Vec<OperationSpec>,
    /// What a person's login consists of; none where no operation needs one.
    #[serde(default)]
    pub login_fields: Vec<LoginField>,
    /// How gently the site is to be treated.
    #[serde(default)]
    pub limits: VisitLimits,
}

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperationSpec {
    /// The last segment of the path, e.g. `consult-debt` or `range/transactions`.
    pub name: String,
    /// Whether it needs a person's login. One without may be shared by callers who ask the same at once.
    #[serde(default)]
    pub needs_login: bool,
    /// The fields of `RequestData`.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

/// One field of `RequestData`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name on the wire, e.g. `EnterpriseName`.
    pub name: String,
    /// What it may be.
    pub kind: ParameterKind,
    /// Whether it must be there.
    #[serde(default)]
    pub required: bool,
}

/// What a field may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterKind {
    /// Text of 1 to that many characters.
    Text {
        /// The limit, in characters.
        max_chars: usize,
    },
    /// A day, `YYYY-MM-DD`.
    Date,
    /// A currency, `^[A-Z]{3}$`.
    Currency,
}

/// One field of a person's login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginField {
    /// `Username` or `Password`.
    pub name: String,
    /// Its label for people.
    pub label: String,
    /// Whether it is not to be shown while it is typed.
    #[serde(default)]
    pub secret: bool,
}

/// How gently a site is to be treated, by each process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VisitLimits {
    /// Visits at once.
    pub concurrency: usize,
    /// Visits begun per minute.
    pub visits_per_minute: u32,
    /// For how long an answer without login may be given again; 0: never.
    pub cache_s: u64,
    /// Site's failures in a row after which it is left alone for a while.
    pub failures_to_open: u32,
    /// How long it is left alone.
    pub open_s: u64,
}

impl Default for VisitLimits {
    fn default() -> VisitLimits {
        VisitLimits {
            concurrency: 16,
            visits_per_minute: 6_000,
            cache_s: 0,
            failures_to_open: 20,
            open_s: 30,
        }
    }
}

impl Declaration {
    /// The operation of that name.
    pub fn operation(&self, name: &str) -> Option<&OperationSpec> {
        self.operations.iter().find(|operation| operation.name == name)
    }
}
