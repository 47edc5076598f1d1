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

    /// The answer to one line; a notification has none.
    pub(super) async fn answer(&self, line: &str) -> Option<Value> {
        if line.trim().is_empty() {
            return None;
        }
        let message: Value = match serde_json::from_str(line) {
            Ok(message) => message,
            Err(error) => return Some(refusal(&Value::Null, &Refused::new(PARSE_ERROR, &error))),
        };
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
