//! The authorization server and the link flow, described for machines: part of `/openapi/data.json`. What a standard lays
//! down is named by it and not told again.

use serde_json::{Map, Value, json};

use super::{AUTHORIZE, INTROSPECT, JWKS, PUSHED, REVOKE, TOKEN};

/// Their paths; `envelope` describes an answer of the data side.
pub(crate) fn paths(envelope: &dyn Fn(&str) -> Value) -> Map<String, Value> {
    let metadata = read(
        "getOAuthMetadata",
        "Where everything is (RFC 8414)",
        "The metadata",
    );
    let keys = read(
        "getOAuthKeys",
        "The keys that tokens are signed with (RFC 7517)",
        "The current one and the next one",
    );
    let all = [
        (
            "/.well-known/oauth-authorization-server",
            json!({ "get": metadata }),
        ),
        (JWKS, json!({ "get": keys })),
        (TOKEN, json!({ "post": token() })),
        (AUTHORIZE, json!({ "get": authorize() })),
        (PUSHED, json!({ "post": pushed() })),
        (REVOKE, json!({ "post": revoke() })),
        (INTROSPECT, json!({ "post": introspect() })),
        (
            "/link/token/create",
            json!({ "post": link("createLinkToken", "A token for a person to link an account at an institution",
                ("InstitutionId", "The institution's scope: com_services_servipag"),
                &envelope("Data.LinkToken: the person opens /link/{LinkToken} within half an hour"), envelope) }),
        ),
        (
            "/public/token/exchange",
            json!({ "post": link("exchangePublicToken", "What a person's consent gave, as an access token",
                ("PublicToken", "What the person came back with, once and within 30 minutes"),
                &envelope("Data.AccessToken, which lasts as long as the consent"), envelope) }),
        ),
    ];
    all.into_iter()
        .map(|(path, described)| (path.to_owned(), described))
        .collect()
}

/// The schemas that these paths name.
pub(crate) fn schemas() -> Map<String, Value> {
    let text = json!({ "type": "string" });
    let described = json!({
        "OAuthToken": { "type": "object", "required": ["access_token", "token_type", "expires_in", "scope"], "properties": {
            "access_token": text, "token_type": { "type": "string", "enum": ["Bearer"] },
            "expires_in": { "type": "integer", "description": "Seconds" },
            "scope": { "type": "string", "description": "Institutions, with blanks between" },
            "refresh_token": { "type": "string", "description": "Works once; the answer to it holds the next one" },
        } },
        "OAuthError": { "type": "object", "required": ["error", "error_description"], "properties": {
            "error": { "type": "string", "description": "Of the standard: invalid_grant, invalid_client, …" },
            "error_description": text,
        } },
    });
    match described {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

fn read(id: &str, summary: &str, answers: &str) -> Value {
    json!({ "tags": ["oauth"], "operationId": id, "summary": summary, "security": [],
        "responses": { "200": answer(answers, &json!({ "type": "object" })) } })
}

fn token() -> Value {
    let fields = [
        (
            "grant_type",
            "client_credentials, authorization_code or refresh_token",
        ),
        (
            "scope",
            "Institutions, with blanks between; all of the client's where absent",
        ),
        ("code", "Of the authorization, within 60 seconds"),
        ("redirect_uri", "The same as in the authorization, if it is given"),
        ("code_verifier", "Whose S256 was in the authorization (RFC 7636)"),
        ("refresh_token", "Of an earlier answer; it works once"),
        ("resource", "The gateway's address, if it is given (RFC 8707)"),
    ];
    let found = answer("Tokens", &reference("OAuthToken"));
    call(
        "getToken",
        "Get tokens (RFC 6749)",
        &form(&fields, &["grant_type"]),
        ("200", found),
    )
}

fn authorize() -> Value {
    let parameter = |name: &str, is_required: bool, what: &str| json!({ "name": name, "in": "query", "required": is_required, "description": what, "schema": { "type": "string" } });
    json!({
        "tags": ["oauth"], "operationId": "authorize", "security": [],
        "summary": "A person's browser is sent here, to log in to the institution and consent (RFC 6749, 4.1)",
        "parameters": [
            parameter("client_id", true, "Who asks"),
            parameter("response_type", false, "code"),
            parameter("redirect_uri", false, "Where the person goes back to: one of the client's, letter by letter"),
            parameter("scope", false, "Institutions, with blanks between: the person chooses one of them"),
            parameter("state", false, "Given back as it is"),
            parameter("code_challenge", false, "S256 of the verifier (RFC 7636); every client must have one"),
            parameter("code_challenge_method", false, "S256"),
            parameter("request_uri", false, "A request that was pushed, in place of all but client_id (RFC 9126)"),
        ],
        "responses": {
            "303": { "description": "To the page where the person logs in, or back to the client with error, state and iss" },
            "400": { "description": "A page that says what is wrong: the client or its address is not certain" },
        },
    })
}

fn pushed() -> Value {
    let fields = [
        ("response_type", "code"),
        ("redirect_uri", "Where the person goes back to"),
        ("scope", "Institutions, with blanks between"),
        ("state", "Given back as it is"),
        ("code_challenge", "S256 of the verifier"),
        ("code_challenge_method", "S256"),
    ];
    let schema = json!({ "type": "object", "required": ["request_uri", "expires_in"], "properties": {
        "request_uri": { "type": "string" }, "expires_in": { "type": "integer", "description": "Seconds" } } });
    let kept = answer("It is kept for 90 seconds", &schema);
    call(
        "pushAuthorization",
        "Say ahead what will be asked of a person (RFC 9126)",
        &form(&fields, &[]),
        ("201", kept),
    )
}

fn revoke() -> Value {
    let fields = [
        ("token", "An access or refresh token of the client's"),
        ("token_type_hint", "Ignored"),
    ];
    let over = json!({ "description": "It is over, or never was" });
    call(
        "revokeToken",
        "End a token, and all that came of the same consent (RFC 7009)",
        &form(&fields, &["token"]),
        ("200", over),
    )
}

fn introspect() -> Value {
    let fields = [
        ("token", "An access or refresh token of the account's"),
        ("token_type_hint", "Ignored"),
    ];
    let schema = json!({ "type": "object", "required": ["active"], "properties": {
        "active": { "type": "boolean" }, "scope": { "type": "string" }, "client_id": { "type": "string" },
        "exp": { "type": "integer", "description": "Unix seconds" } } });
    let told = answer("What it opens, or that it opens nothing", &schema);
    call(
        "introspectToken",
        "Ask what a token opens (RFC 7662)",
        &form(&fields, &["token"]),
        ("200", told),
    )
}

/// A client's call: who calls is told by HTTP Basic, or in the form by `client_id` and `client_secret`.
fn call(id: &str, summary: &str, body: &Value, (status, done): (&str, Value)) -> Value {
    let error = reference("OAuthError");
    let mut described = json!({
        "tags": ["oauth"], "operationId": id, "summary": summary, "security": [{ "client": [] }, {}],
        "requestBody": { "required": true, "content": { "application/x-www-form-urlencoded": { "schema": body } } },
        "responses": {
            "400": answer("What is wrong", &error), "401": answer("The client's credentials were refused", &error),
            "429": answer("Too many requests; see Retry-After", &error), "500": answer("Our own fault", &error),
            "503": answer("Not available now", &error),
        },
    });
    described["responses"][status] = done;
    described
}

fn form(fields: &[(&str, &str)], required: &[&str]) -> Value {
    let own = [
        ("client_id", "Who calls, where not by HTTP Basic"),
        ("client_secret", "Likewise"),
    ];
    let properties: Map<String, Value> = fields
        .iter()
        .chain(&own)
        .map(|(name, what)| {
            (
                (*name).to_owned(),
                json!({ "type": "string", "description": what }),
            )
        })
        .collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn link(
    id: &str,
    summary: &str,
    (field, what): (&str, &str),
    done: &Value,
    envelope: &dyn Fn(&str) -> Value,
) -> Value {
    let schema = json!({ "type": "object", "required": [field], "properties": {
        field: { "type": "string", "description": what } } });
    json!({
        "tags": ["links"], "operationId": id, "summary": summary, "security": [{ "x-api-key": [] }, { "oauth": [] }],
        "requestBody": { "required": true, "content": { "application/json": { "schema": schema } } },
        "responses": {
            "200": done, "400": envelope("The field is not there or does not fit (P001, P002)"),
            "401": envelope("No valid credential (A000)"),
            "403": envelope("A person's own token, or one without the institution (A001)"),
            "429": envelope("Over the rate limit (I004); see Retry-After"), "500": envelope("Our own fault (I003)"),
            "503": envelope("The database does not answer (I001, I002)"),
        },
    })
}

fn answer(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
