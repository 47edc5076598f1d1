//! A connector's declaration, believed only where it is an institution's: from it come routes, scopes and limits.

use std::collections::{BTreeMap, BTreeSet};

use ayni_outbound::site::SiteAnswer;
use serde::Deserialize;

use super::wire::VERSION;
use crate::data::declaration::{Declaration, OperationSpec, Parameter, ParameterKind};

/// Operations of one connector, parameters of one operation, and samples.
const LISTED_MAX: usize = 50;

/// Longest name of anything, in characters.
const NAME_CHARS_MAX: usize = 100;

/// Longest text parameter that can be declared, in characters.
const TEXT_CHARS_MAX: usize = 1_000;

/// Most visits at once that a connector may ask for.
const CONCURRENCY_MAX: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Declared {
    version: u32,
    pub(super) declaration: Declaration,
    /// Calls that the connector answers without troubling anybody, for its check.
    #[serde(default)]
    pub(super) samples: Vec<Sample>,
}

/// A call that the connector answers.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sample {
    pub(super) operation: String,
    #[serde(default)]
    pub(super) arguments: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) login: Option<SampleLogin>,
}

/// A login that exists for samples only.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleLogin {
    pub(super) username: String,
    pub(super) password: String,
}

/// Reads it, or says what is wrong with it.
pub(super) fn read(answer: &SiteAnswer) -> Result<Declared, String> {
    if answer.status != 200 {
        return Err(format!("status {}", answer.status));
    }
    let declared: Declared = serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
    if declared.version != VERSION {
        return Err(format!(
            "version {}, but this gateway speaks version {VERSION}",
            declared.version
        ));
    }
    check(&declared.declaration)?;
    let is_declared = |sample: &Sample| declared.declaration.operation(&sample.operation).is_some();
    if declared.samples.len() > LISTED_MAX || !declared.samples.iter().all(is_declared) {
        return Err("a sample of an operation that is not declared, or too many samples".to_owned());
    }
    Ok(declared)
}

fn check(declaration: &Declaration) -> Result<(), String> {
    let holds = |holds: bool, what: &str| if holds { Ok(()) } else { Err(what.to_owned()) };
    let operations = &declaration.operations;
    let names: BTreeSet<&str> = operations
        .iter()
        .map(|operation| operation.name.as_str())
        .collect();
    let limits = declaration.limits;
    holds(
        is_path(declaration),
        "path must be {cl|ar|com}/services/{institution} or banking/{kind}/{institution}",
    )?;
    holds(
        is_of(&declaration.scope, |b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'
        }),
        "scope must be lower-case letters, digits and _",
    )?;
    holds(is_short(&declaration.name), "name must have 1 to 100 characters")?;
    holds(
        (1..=LISTED_MAX).contains(&operations.len()) && names.len() == operations.len(),
        "there must be 1 to 50 operations of different names",
    )?;
    for operation in operations {
        check_operation(operation).map_err(|what| format!("{}: {what}", operation.name))?;
    }
    let fields = &declaration.login_fields;
    let needs_login = operations.iter().any(|operation| operation.needs_login);
    let is_field = |name: &str| matches!(name, "Username" | "Password");
    holds(
        fields
            .iter()
            .all(|field| is_field(&field.name) && is_short(&field.label))
            && fields.len() <= 2,
        "login_fields are Username and Password, each with a label",
    )?;
    holds(
        !needs_login || !fields.is_empty(),
        "an operation needs a login, but there are no login_fields",
    )?;
    holds(
        (1..=CONCURRENCY_MAX).contains(&limits.concurrency)
            && limits.visits_per_minute > 0
            && limits.failures_to_open > 0,
        "limits must let at least one visit through",
    )
}

fn check_operation(operation: &OperationSpec) -> Result<(), &'static str> {
    let is_name = |name: &str| {
        is_of(name, |byte| {
            byte.is_ascii_lowercase() || byte == b'-' || byte == b'/'
        })
    };
    let is_parameter = |parameter: &Parameter| {
        let fits = match parameter.kind {
            ParameterKind::Text { max_chars } => (1..=TEXT_CHARS_MAX).contains(&max_chars),
            ParameterKind::Date | ParameterKind::Currency => true,
        };
        fits && is_of(&parameter.name, |byte| byte.is_ascii_alphanumeric())
    };
    match operation {
        operation if !is_name(&operation.name) => Err("an operation's name is lower-case letters, - and /"),
        operation if operation.name == "token" => Err("the gateway has that operation already"),
        operation if operation.parameters.len() > LISTED_MAX => Err("it has too many parameters"),
        operation if !operation.parameters.iter().all(is_parameter) => {
            Err("a parameter has a name of letters and digits, and a text 1 to 1000 characters")
        }
        _ => Ok(()),
    }
}

fn is_path(declaration: &Declaration) -> bool {
    let host = &declaration.institution;
    let is_host = is_of(host, |byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
    });
    let before = declaration.path.strip_suffix(host.as_str());
    let kinds = [
        "services/",
        "banking/personal/",
        "banking/business/",
        "banking/entrepreneur/",
    ];
    let known = |before: &str| {
        let rest = ["cl/", "ar/", "com/"]
            .iter()
            .find_map(|country| before.strip_prefix(country));
        rest.is_some_and(|rest| kinds.contains(&rest))
    };
    is_host && before.is_some_and(known)
}

fn is_of(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    (1..=NAME_CHARS_MAX).contains(&text.len()) && text.bytes().all(fits)
}

fn is_short(text: &str) -> bool {
    (1..=NAME_CHARS_MAX).contains(&text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn declared() -> Value {
        json!({"version": 1, "declaration": {"institution": "biller.example", "path": "cl/services/biller.example",
            "scope": "cl_services_biller", "name": "Biller", "operations": [{"name": "consult-debt",
            "parameters": [{"name": "ClientIdentifier", "kind": {"text": {"max_chars": 20}}, "required": true}]}]},
            "samples": [{"operation": "consult-debt", "arguments": {"ClientIdentifier": "1"}}]})
    }

    fn verdict(value: &Value) -> Result<(), String> {
        let answer = SiteAnswer {
            status: 200,
            location: None,
            set_cookies: Vec::new(),
            content_type: None,
            body: value.to_string().into(),
        };
        read(&answer).map(drop)
    }

    #[test]
    fn a_declaration_that_is_no_institutions_is_refused() {
        verdict(&declared()).unwrap();
        for (pointer, wrong) in [
            ("/version", json!(2)),
            ("/declaration/path", json!("cl/services/other.example")),
            ("/declaration/path", json!("../services/biller.example")),
            ("/declaration/institution", json!("Biller")),
            ("/declaration/scope", json!("cl services")),
            ("/declaration/name", json!("")),
            ("/declaration/operations", json!([])),
            ("/declaration/operations/0/name", json!("token")),
            ("/declaration/operations/0/name", json!("a b")),
            ("/declaration/operations/0/parameters/0/name", json!("a-b")),
            ("/declaration/operations/0/parameters/0/kind", json!("number")),
            (
                "/declaration/operations/0/parameters/0/kind",
                json!({"text": {"max_chars": 0}}),
            ),
            ("/samples/0/operation", json!("other")),
        ] {
            let mut value = declared();
            *value.pointer_mut(pointer).unwrap() = wrong.clone();
            assert!(verdict(&value).is_err(), "{pointer} {wrong}");
        }
        let mut value = declared();
        value["declaration"]["operations"][0]["needs_login"] = json!(true);
        assert!(verdict(&value).unwrap_err().contains("login_fields"));
        value["declaration"]["login_fields"] = json!([{"name": "Username", "label": "RUT"}]);
        verdict(&value).unwrap();
        value["more"] = json!(1);
        assert!(verdict(&value).is_err());
    }
}
