//! The protocol's few messages over JSON-RPC 2.0 (modelcontextprotocol.io, revisions that begin with `initialize`). A
//! client that first asks for a later one gets «method not found» and then begins with `initialize`, as it must.

use serde_json::{Value, json};

use super::tools::Tools;

/// Answers one client.
pub(super) struct Server {
    tools: Tools,
}

/// Why a message is not answered with a result.
struct Refused {
    code: i64,
    message: String,
}

impl Server {
    pub(super) fn of(tools: Tools) -> Server {
        Server { tools }
    }

    /// The answer to one line: to a message, or to several in one array, which revision 2025-03-26 lets clients send. A
    /// notification has none.
    pub(super) async fn answer(&self, line: &str) -> Option<Value> {
        if line.trim().is_empty() {
            return None;
        }
        let message: Value = match serde_json::from_str(line) {
            Ok(message) => message,
            Err(error) => return Some(refusal(&Value::Null, &Refused::new(PARSE_ERROR, &error))),
        };
        match &message {
            Value::Array(messages) if !messages.is_empty() => {
                let mut answers = Vec::new();
                for message in messages {
                    answers.extend(self.answer_one(message).await);
                }
                (!answers.is_empty()).then_some(Value::Array(answers))
            }
            message => self.answer_one(message).await,
        }
    }

    async fn answer_one(&self, message: &Value) -> Option<Value> {
        if !message.is_object() {
            let refused = Refused::new(INVALID_REQUEST, &"a message is a JSON object");
            return Some(refusal(&Value::Null, &refused));
        }
        let id = message.get("id")?.clone();
        let Some(method) = message["method"].as_str() else {
            // An answer to something that was never asked.
            return message
                .get("result")
                .is_none()
                .then(|| refusal(&id, &Refused::new(INVALID_REQUEST, &"there is no method")));
        };
        Some(match self.done(method, &message["params"]).await {
            Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
            Err(refused) => refusal(&id, &refused),
        })
    }

    async fn done(&self, method: &str, params: &Value) -> Result<Value, Refused> {
        match method {
            "initialize" => Ok(self.initialized(params)),
            "ping" => Ok(json!({})),
            "tools/list" => Ok(json!({ "tools": self.tools.listed() })),
            "tools/call" => {
                let name = params["name"].as_str().unwrap_or_default();
                let called = self.tools.call(name, &params["arguments"]).await;
                called.ok_or_else(|| Refused::new(INVALID_PARAMS, &format!("there is no tool «{name}»")))
            }
            other => Err(Refused::new(
                METHOD_NOT_FOUND,
                &format!("there is no method «{other}»"),
            )),
        }
    }

    /// The version that the client asked for if it is known here, else the newest of these.
    fn initialized(&self, params: &Value) -> Value {
        let asked = params["protocolVersion"].as_str().unwrap_or_default();
        let version = VERSIONS
            .iter()
            .find(|known| **known == asked)
            .unwrap_or(&VERSIONS[0]);
        json!({
            "protocolVersion": version,
            "capabilities": { "tools": { "listChanged": false } },
            "serverInfo": { "name": "ayni", "version": env!("CARGO_PKG_VERSION") },
            "instructions": self.tools.instructions(),
        })
    }
}

impl Refused {
    fn new(code: i64, message: &impl ToString) -> Refused {
        Refused {
            code,
            message: message.to_string(),
        }
    }
}

fn refusal(id: &Value, refused: &Refused) -> Value {
    let error = json!({ "code": refused.code, "message": refused.message });
    json!({ "jsonrpc": "2.0", "id": id, "error": error })
}

/// Known revisions, the newest first.
const VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;
const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;

#[cfg(test)]
mod tests {
    use ayni_client::Client;

    use super::*;

    async fn answer(line: &str) -> Option<Value> {
        let client = Client::new("http://127.0.0.1:9", "key").unwrap();
        Server::of(Tools::new(client, false)).answer(line).await
    }

    #[tokio::test]
    async fn messages_that_come_together_are_answered_together() {
        let line = r#"[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},
            {"jsonrpc":"2.0","id":2,"method":"nonsense"}]"#;
        let answers = answer(line).await.unwrap();
        let ids: Vec<_> = answers
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["id"].clone())
            .collect();
        assert_eq!(ids, [json!(1), json!(2)]);
        assert_eq!(answers[1]["error"]["code"], METHOD_NOT_FOUND);
        let notice = r#"[{"jsonrpc":"2.0","method":"notifications/initialized"}]"#;
        assert_eq!(answer(notice).await, None, "notifications have no answer");
    }

    #[tokio::test]
    async fn what_is_no_message_is_refused_and_not_left_without_an_answer() {
        for line in ["17", "[]", "[17]", "\"ping\""] {
            let answered = answer(line).await.unwrap();
            let one = answered.as_array().map_or(&answered, |all| &all[0]);
            assert_eq!(one["error"]["code"], INVALID_REQUEST, "{line}");
        }
    }
}
