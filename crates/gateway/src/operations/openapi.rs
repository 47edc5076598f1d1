//! The data side described for machines (`/openapi/data.json`): one path for each operation of each institution, from
//! what its connector declares, so that a connector that is added is documented by itself.

use ayni_connectors::data::declaration::{Declaration, OperationSpec, Parameter, ParameterKind};
use ayni_domain::operation::code::Code;
use serde_json::{Map, Value, json};

use super::TOKEN;
use crate::oauth;

/// The document of these institutions as text: pretty-printed, with a newline at its end.
pub fn data_json<'a>(
    institutions: impl IntoIterator<Item = &'a Declaration>,
) -> Result<String, serde_json::Error> {
    let mut paths = own_paths();
    paths.extend(oauth::openapi::paths(&answer));
    let mut schemas = schemas();
    schemas.extend(oauth::openapi::schemas());
    for institution in institutions {
        for spec in institution.operations.iter().filter(|spec| spec.name != TOKEN) {
            let path = format!("/v1/{}/{}", institution.path, spec.name);
            paths.insert(path, json!({ "post": operation(institution, spec) }));
        }
        if !institution.login_fields.is_empty() {
            let path = format!("/v1/{}/{TOKEN}", institution.path);
            paths.insert(path, json!({ "post": token(institution) }));
        }
    }
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Ayni open data", "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0 OR MIT" }, "description": ABOUT,
        },
        "paths": paths,
        "components": { "schemas": schemas, "securitySchemes": {
            "client": { "type": "http", "scheme": "basic", "description": "An OAuth client's id and secret" },
            "x-api-key": { "type": "apiKey", "in": "header", "name": "x-api-key", "description": "The account's API key, a UUID" },
            "oauth": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "An access token; /.well-known/oauth-authorization-server says where to get one. Scopes are institutions." },
        }},
    });
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

fn own_paths() -> Map<String, Value> {
    let id = |what: &str| {
        json!([{ "name": "id", "in": "path", "required": true, "description": what,
        "schema": { "type": "string", "format": "uuid" } }])
    };
    let mut operation = read(
        "getOperation",
        "An operation's envelope again, as long as it is kept",
    );
    operation["parameters"] = id("OperationId");
    operation["responses"]["202"] = answer("It runs; the callback comes");
    operation["responses"]["404"] = answer("The account has no such operation");
    let mut revoke = read("revokeLink", "End an account link");
    revoke["parameters"] = id("LinkId");
    revoke["responses"]["404"] = answer("The account has no such link");
    let institutions = read(
        "listInstitutions",
        "Institutions, their operations and login fields, and how their sites do",
    );
    let links = read("listLinks", "The account's links, never the logins in them");
    let paths = json!({
        "/v1/institutions": { "get": institutions },
        "/v1/operations/{id}": { "get": operation },
        "/v1/links": { "get": links },
        "/v1/links/{id}": { "delete": revoke },
    });
    match paths {
        Value::Object(paths) => paths,
        _ => Map::new(),
    }
}

fn read(id: &str, summary: &str) -> Value {
    json!({ "tags": ["account"], "operationId": id, "summary": summary, "security": security(""),
        "responses": responses("What was asked for, in Data") })
}

fn operation(institution: &Declaration, spec: &OperationSpec) -> Value {
    let mut fields: Map<String, Value> = spec.parameters.iter().map(property).collect();
    let required: Vec<&str> = spec
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .map(|parameter| parameter.name.as_str())
        .collect();
    if spec.needs_login {
        fields.insert("AccountCredential".to_owned(), reference("AccountCredential"));
    }
    let request = json!({ "type": "object", "additionalProperties": false, "required": ["RequestData"], "properties": {
        "RequestData": { "type": "object", "additionalProperties": false, "required": required, "properties": fields },
        "CallbackUrl": { "type": "string", "format": "uri", "maxLength": 255,
            "description": "Where the answer goes, if it is not waited for; signed with x-khipu-signature" },
    }});
    let mut described = json!({
        "tags": [institution.name], "operationId": format!("{}_{}", institution.scope, spec.name.replace('/', "-")),
        "summary": format!("{} at {}", spec.name, institution.name), "security": security(&institution.scope),
        "parameters": [{ "name": "Idempotency-Key", "in": "header", "schema": { "type": "string", "maxLength": 255 },
            "description": "With CallbackUrl: the same key and body within 24 hours are accepted once" }],
        "requestBody": body(&request),
        "responses": responses("It ran, or an ERROR of the E, D, F, T or I family"),
    });
    described["responses"]["202"] = answer("Accepted: the callback comes by LifeSpan");
    described
}

fn token(institution: &Declaration) -> Value {
    let text = |most: u32| json!({ "type": "string", "minLength": 1, "maxLength": most });
    let request = json!({ "type": "object", "additionalProperties": false, "required": ["Username", "Password"],
        "properties": { "Username": text(100), "Password": text(200) } });
    json!({
        "tags": [institution.name], "operationId": format!("{}_token", institution.scope), "deprecated": true,
        "summary": format!("A login at {} as an account link", institution.name),
        "security": security(&institution.scope), "requestBody": body(&request),
        "responses": responses("Data.AccountLink, or E101 for a refused login"),
    })
}

fn property(parameter: &Parameter) -> (String, Value) {
    let schema = match parameter.kind {
        ParameterKind::Text { max_chars } => {
            json!({ "type": "string", "minLength": 1, "maxLength": max_chars })
        }
        ParameterKind::Date => json!({ "type": "string", "format": "date" }),
        ParameterKind::Currency => json!({ "type": "string", "pattern": "^[A-Z]{3}$" }),
    };
    (parameter.name.clone(), schema)
}

fn security(scope: &str) -> Value {
    let scopes: Vec<&str> = [scope].into_iter().filter(|scope| !scope.is_empty()).collect();
    json!([{ "x-api-key": [] }, { "oauth": scopes }])
}

fn body(schema: &Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn responses(ran: &str) -> Value {
    json!({
        "200": answer(ran),
        "400": answer("Every parameter that breaks a rule (P001, P002, P003)"),
        "401": answer("No valid credential (A000)"),
        "403": answer("The token does not cover the institution (A001)"),
        "413": answer("The body is over the limit (P003)"),
        "429": answer("Over the rate limit (I004); see Retry-After"),
        "500": answer("Our own fault (I003)"),
        "503": answer("The database does not answer (I001, I002)"),
    })
}

fn answer(description: &str) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": reference("Envelope") } } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn schemas() -> Map<String, Value> {
    let codes: Vec<&str> = Code::ALL.into_iter().map(Code::as_str).collect();
    let text_or_null = json!({ "type": ["string", "null"] });
    let described = json!({
        "Envelope": { "type": "object", "additionalProperties": false,
            "required": ["OperationId", "Status", "Data", "AdditionalInformation", "Error", "LifeSpan"],
            "properties": {
                "OperationId": { "type": "string", "format": "uuid" },
                "Status": { "type": "string", "enum": ["OK", "ERROR"] },
                "Data": { "type": ["object", "null"] },
                "AdditionalInformation": text_or_null,
                "Error": { "oneOf": [reference("Error"), { "type": "null" }] },
                "LifeSpan": { "type": ["string", "null"], "format": "date-time" },
            },
            "examples": [{
                "OperationId": "6baf6c19-e485-463b-ae24-a821b025c8a4", "Status": "OK",
                "Data": { "Debt": { "DueDate": "2025-05-31", "PendingDebt": 15340 } },
                "AdditionalInformation": null, "Error": null, "LifeSpan": null,
            }],
        },
        "Error": { "type": "object", "additionalProperties": false, "required": ["Code", "Type", "Description"],
            "properties": {
                "Code": { "type": "string", "enum": codes },
                "Type": { "type": "string", "enum": ["DO_NOT_RETRY", "RETRY_IMMEDIATELY",
                    "WAIT_4_HOURS_BEFORE_RETRY", "RETRY_AFTER_NOTIFICATION"] },
                "Description": { "type": "string" },
            },
        },
        "AccountCredential": {
            "description": "Whose data is read, where the token does not say it",
            "oneOf": [
                { "type": "object", "additionalProperties": false, "required": ["AccountLink"],
                    "properties": { "AccountLink": { "type": "string" } } },
                { "type": "object", "additionalProperties": false, "required": ["Username", "Password"],
                    "properties": { "Username": { "type": "string" }, "Password": { "type": "string" } } },
            ],
        },
    });
    match described {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

const ABOUT: &str = "Debts, registered services and bank movements, compatible with Khipu's open data API v1. Every \
    answer, also every refusal, is the envelope with its six keys. With CallbackUrl an operation is accepted with 202 \
    and its envelope is posted there, signed, until any 2xx answers or two days are over. `Accept-Language: en` asks \
    for messages in English.";
