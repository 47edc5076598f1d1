//! What tools take, as JSON Schema.

use serde_json::{Map, Value, json};

/// One argument.
#[derive(Clone, Copy)]
pub(super) struct Argument {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) is_required: bool,
}

/// An argument that must be given.
pub(super) const fn needed(name: &'static str, what: &'static str) -> Argument {
    Argument {
        name,
        what,
        is_required: true,
    }
}

/// An argument that may be left out.
pub(super) const fn optional(name: &'static str, what: &'static str) -> Argument {
    Argument {
        name,
        what,
        is_required: false,
    }
}

/// The schema of an object of texts; amounts are texts too, so that they are exact.
pub(super) fn of(arguments: &[Argument]) -> Value {
    let properties: Map<String, Value> = arguments
        .iter()
        .map(|one| {
            (
                one.name.to_owned(),
                json!({ "type": "string", "description": one.what }),
            )
        })
        .collect();
    let required: Vec<&str> = arguments
        .iter()
        .filter(|one| one.is_required)
        .map(|one| one.name)
        .collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// What is wrong with the arguments of a call, if anything.
pub(super) fn problem(arguments: &[Argument], given: &Value) -> Option<String> {
    let empty = Map::new();
    let given = match given {
        Value::Null => &empty,
        Value::Object(given) => given,
        _ => return Some("the arguments are no object".to_owned()),
    };
    let missing = arguments
        .iter()
        .find(|one| one.is_required && !given.contains_key(one.name));
    if let Some(missing) = missing {
        return Some(format!("«{}» is missing: {}", missing.name, missing.what));
    }
    given.iter().find_map(|(name, value)| {
        let is_known = arguments.iter().any(|one| one.name == name);
        match (is_known, value) {
            (false, _) => Some(format!("there is no argument «{name}»")),
            (true, Value::String(_)) => None,
            (true, _) => Some(format!("«{name}» must be a text")),
        }
    })
}
