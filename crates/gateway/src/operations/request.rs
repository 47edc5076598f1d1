//! Reading an operation's request by what its connector declares. Everything that is wrong with it is told at once.

use std::collections::BTreeMap;

use ayni_connectors::data::declaration::{OperationSpec, Parameter, ParameterKind};
use ayni_connectors::data::login::Login;
use ayni_domain::fields::NotJson;
use ayni_domain::operation::problem::{Problem, What};
use ayni_outbound::policy::UrlRefused;
use bytes::Bytes;
use jiff::civil::Date;
use serde_json::{Map, Value};
use zeroize::{Zeroize as _, Zeroizing};

use crate::http::error::ApiError;

/// What a request asks for, with what is wrong with it.
pub(crate) struct Asked {
    /// The checked parameters.
    pub arguments: BTreeMap<String, String>,
    /// `AccountCredential`.
    pub credential: Option<Credential>,
    /// Where the answer goes, if it is not waited for.
    pub callback_url: Option<String>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Whose data is read, as the request says it.
pub(crate) enum Credential {
    /// An account link.
    Link(Zeroizing<String>),
    /// A person's own login.
    Login(Login),
}

/// What the caller may say in a request.
pub(crate) struct Rules<'a> {
    /// `AccountCredential` is read past: the account refuses API keys.
    pub ignores_credential: bool,
    /// The token already names a person.
    pub has_person: bool,
    /// Whether an answer may be sent to a URL.
    pub may_call: &'a dyn Fn(&str) -> Result<(), UrlRefused>,
}

/// Reads a request. The body is wiped as far as it is ours alone.
pub(crate) fn read(body: Bytes, spec: &OperationSpec, rules: &Rules<'_>) -> Result<Asked, ApiError> {
    let mut fields = object(body)?;
    let mut asked = Asked {
        arguments: BTreeMap::new(),
        credential: None,
        callback_url: None,
        problems: Vec::new(),
    };
    match set(&mut fields, REQUEST_DATA) {
        Some(Value::Object(data)) => asked.read_data(data, spec, rules),
        Some(other) => asked.wrong(REQUEST_DATA, wiped(other, What::NotObject)),
        None => asked.wrong(REQUEST_DATA, What::Missing),
    }
    if let Some(url) = set(&mut fields, CALLBACK_URL) {
        asked.read_callback(url, rules);
    }
    asked.unknown("", fields);
    Ok(asked)
}

/// Reads the flat `{"Username","Password"}` of `…/token`.
pub(crate) fn read_login(body: Bytes) -> Result<Login, ApiError> {
    let mut fields = object(body)?;
    let mut problems = Vec::new();
    let login = login_in(&mut fields, "", &mut problems);
    if set(&mut fields, CALLBACK_URL).is_some() {
        problems.push(Problem::new(CALLBACK_URL, What::NotAllowed));
    }
    problems.extend(unknown("", fields));
    if problems.is_empty() {
        Ok(login)
    } else {
        Err(ApiError::Parameters(problems))
    }
}

impl Asked {
    fn wrong(&mut self, field: impl Into<String>, what: What) {
        self.problems.push(Problem::new(field, what));
    }

    fn unknown(&mut self, within: &str, left: Map<String, Value>) {
        self.problems.extend(unknown(within, left));
    }

    fn read_data(&mut self, mut data: Map<String, Value>, spec: &OperationSpec, rules: &Rules<'_>) {
        for parameter in &spec.parameters {
            let field = format!("{REQUEST_DATA}.{}", parameter.name);
            match set(&mut data, &parameter.name) {
                Some(value) => match text_of(value, parameter) {
                    Ok(text) => drop(self.arguments.insert(parameter.name.clone(), text)),
                    Err(what) => self.wrong(field, what),
                },
                None if parameter.required => self.wrong(field, What::Missing),
                None => {}
            }
        }
        if spec.needs_login {
            let credential = set(&mut data, ACCOUNT_CREDENTIAL);
            self.read_credential(credential, rules);
        }
        self.unknown(REQUEST_DATA, data);
    }

    fn read_credential(&mut self, credential: Option<Value>, rules: &Rules<'_>) {
        let field = format!("{REQUEST_DATA}.{ACCOUNT_CREDENTIAL}");
        let mut given = match credential {
            Some(value) if rules.ignores_credential => {
                wiped(value, ());
                None
            }
            other => other,
        };
        match given.take() {
            Some(value) if rules.has_person => self.wrong(field, wiped(value, What::BesideToken)),
            None if rules.has_person => {}
            None => self.wrong(field, What::Missing),
            Some(Value::Object(mut fields)) => match set(&mut fields, ACCOUNT_LINK) {
                Some(Value::String(link)) if fields.is_empty() && link.len() <= LINK_BYTES_MAX => {
                    self.credential = Some(Credential::Link(Zeroizing::new(link)));
                }
                Some(other) => self.wrong(field, wiped((other, fields), What::NotCredential)),
                None if fields.is_empty() => self.wrong(field, What::NotCredential),
                None => {
                    let login = login_in(&mut fields, &field, &mut self.problems);
                    self.unknown(&field, fields);
                    self.credential = Some(Credential::Login(login));
                }
            },
            Some(other) => self.wrong(field, wiped(other, What::NotCredential)),
        }
    }

    fn read_callback(&mut self, url: Value, rules: &Rules<'_>) {
        let Value::String(url) = url else {
            return self.wrong(CALLBACK_URL, What::NotText);
        };
        if url.chars().count() > CALLBACK_URL_CHARS_MAX {
            return self.wrong(CALLBACK_URL, What::TooLong(CALLBACK_URL_CHARS_MAX));
        }
        // A parser's leniency would let these pass, and not every database keeps a NUL.
        let is_plain = !url
            .chars()
            .any(|letter| letter.is_whitespace() || letter.is_control() || letter == '\\');
        if !is_plain {
            return self.wrong(CALLBACK_URL, What::NotUrl);
        }
        match (rules.may_call)(&url) {
            Ok(()) => self.callback_url = Some(url),
            Err(UrlRefused::Malformed) => self.wrong(CALLBACK_URL, What::NotUrl),
            Err(_) => self.wrong(CALLBACK_URL, What::ForbiddenUrl),
        }
    }
}

fn login_in(fields: &mut Map<String, Value>, within: &str, problems: &mut Vec<Problem>) -> Login {
    let mut take = |name: &str, chars_max: usize| match set(fields, name) {
        Some(Value::String(text)) if text.chars().count() <= chars_max => text,
        Some(Value::String(mut text)) => {
            text.zeroize();
            problems.push(Problem::new(path(within, name), What::TooLong(chars_max)));
            String::new()
        }
        Some(_) => {
            problems.push(Problem::new(path(within, name), What::NotText));
            String::new()
        }
        None => {
            problems.push(Problem::new(path(within, name), What::Missing));
            String::new()
        }
    };
    Login {
        username: take("Username", USERNAME_CHARS_MAX),
        password: take("Password", PASSWORD_CHARS_MAX),
        device: None,
    }
}

fn text_of(value: Value, parameter: &Parameter) -> Result<String, What> {
    let Value::String(text) = value else {
        return Err(What::NotText);
    };
    match parameter.kind {
        ParameterKind::Text { max_chars } if text.chars().count() > max_chars => {
            Err(What::TooLong(max_chars))
        }
        ParameterKind::Text { .. } => Ok(text),
        ParameterKind::Date => match text.parse::<Date>() {
            Ok(date) if date.to_string() == text => Ok(text),
            _ => Err(What::NotDate),
        },
        ParameterKind::Currency => {
            let is_code = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
            is_code.then_some(text).ok_or(What::NotCurrency)
        }
    }
}

/// A field that is there and says something: `null` and `""` say nothing.
fn set(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    fields.remove(name).filter(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        _ => true,
    })
}

/// What is left was not asked for; its values may be secrets in a wrong place.
fn unknown(within: &str, left: Map<String, Value>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in left.into_iter().take(UNKNOWN_TOLD_MAX) {
        let name: String = name.chars().take(NAME_CHARS_TOLD).collect();
        problems.push(Problem::new(path(within, &name), wiped(value, What::Unknown)));
    }
    problems
}

fn path(within: &str, name: &str) -> String {
    match within {
        "" => name.to_owned(),
        within => format!("{within}.{name}"),
    }
}

fn object(body: Bytes) -> Result<Map<String, Value>, ApiError> {
    let parsed = serde_json::from_slice::<Value>(&body);
    if let Ok(mut own) = body.try_into_mut() {
        own.zeroize();
    }
    match parsed {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(ApiError::NotJson(NotJson::NotAnObject)),
        Err(error) => Err(ApiError::NotJson(NotJson::Syntax {
            line: error.line(),
            column: error.column(),
        })),
    }
}

/// Wipes texts that are not needed any more.
trait Wipe {
    fn wipe(&mut self);
}

impl Wipe for Value {
    fn wipe(&mut self) {
        match self {
            Value::String(text) => text.zeroize(),
            Value::Array(values) => values.iter_mut().for_each(Wipe::wipe),
            Value::Object(fields) => fields.wipe(),
            _ => {}
        }
    }
}

impl Wipe for Map<String, Value> {
    fn wipe(&mut self) {
        self.values_mut().for_each(Wipe::wipe);
    }
}

impl<A: Wipe, B: Wipe> Wipe for (A, B) {
    fn wipe(&mut self) {
        self.0.wipe();
        self.1.wipe();
    }
}

fn wiped<T>(mut value: impl Wipe, result: T) -> T {
    value.wipe();
    result
}

const REQUEST_DATA: &str = "RequestData";
const CALLBACK_URL: &str = "CallbackUrl";
const ACCOUNT_CREDENTIAL: &str = "AccountCredential";
const ACCOUNT_LINK: &str = "AccountLink";
/// (spec, section 2)
const CALLBACK_URL_CHARS_MAX: usize = 255;
const USERNAME_CHARS_MAX: usize = 100;
const PASSWORD_CHARS_MAX: usize = 200;
/// Ours have a few hundred.
const LINK_BYTES_MAX: usize = 4096;
/// Unknown fields that are named, and how much of their names.
const UNKNOWN_TOLD_MAX: usize = 20;
const NAME_CHARS_TOLD: usize = 60;

#[cfg(test)]
mod tests;
