//! The protocol against the other end of two pipes, which the test holds.

use serde_json::json;
use tokio::io::{DuplexStream, duplex};

use super::*;

struct Other {
    commands: DuplexStream,
    answers: DuplexStream,
}

fn pipes() -> (Wire, Other) {
    let (input, commands) = duplex(64 * 1024);
    let (output, answers) = duplex(64 * 1024);
    (Wire::over(input, output), Other { commands, answers })
}

impl Other {
    async fn read(&mut self) -> String {
        let mut text = Vec::new();
        loop {
            match self.commands.read_u8().await.unwrap() {
                0 => return String::from_utf8(text).unwrap(),
                byte => text.push(byte),
            }
        }
    }

    async fn say(&mut self, message: &str) {
        self.answers.write_all(message.as_bytes()).await.unwrap();
        self.answers.write_all(&[0]).await.unwrap();
    }
}

#[tokio::test]
async fn answers_find_their_commands_in_any_order() {
    let (wire, mut other) = pipes();
    let first = wire.send(None, "A.a", json!({})).unwrap();
    let second = wire.send(Some("s"), "B.b", json!({"x": 1})).unwrap();
    assert_eq!(other.read().await, r#"{"id":1,"method":"A.a","params":{}}"#);
    assert_eq!(
        other.read().await,
        r#"{"id":2,"method":"B.b","params":{"x":1},"sessionId":"s"}"#
    );
    other.say(r#"{"id":2,"result":"two"}"#).await;
    other.say("no JSON").await;
    other.say(r#"{"id":9,"result":{}}"#).await;
    other
        .say(r#"{"id":1,"error":{"code":-32000,"message":"of 11.111.111-1"}}"#)
        .await;
    assert_eq!(second.answer::<String>().await, Ok("two".to_owned()));
    let error = first.answer::<String>().await.unwrap_err().to_string();
    assert!(error.contains("-32000") && !error.contains("11.111"), "{error}");
}

#[tokio::test]
async fn events_go_to_their_session_and_a_page_that_makes_too_many_is_given_up() {
    let (wire, mut other) = pipes();
    let (mut one, mut flooded) = (wire.listen("one"), wire.listen("flooded"));
    let crashed =
        |session: &str| format!(r#"{{"method":"Inspector.detached","params":{{}},"sessionId":"{session}"}}"#);
    other.say(&crashed("nobody")).await;
    other.say(&crashed("one")).await;
    for _ in 0..=EVENTS_MAX {
        other.say(&crashed("flooded")).await;
    }
    let all_before = wire.send(None, "A.a", json!({})).unwrap();
    other.say(r#"{"id":1,"result":"seen"}"#).await;
    assert_eq!(all_before.answer::<String>().await, Ok("seen".to_owned()));
    assert!(matches!(one.recv().await, Some(Event::Crashed)));
    let mut seen = 0;
    while flooded.recv().await.is_some() {
        seen += 1;
    }
    assert_eq!(seen, EVENTS_MAX);
}

#[tokio::test]
async fn nobody_waits_for_a_chromium_that_hung_up() {
    let (wire, mut other) = pipes();
    let mut events = wire.listen("s");
    let pending = wire.send(None, "A.a", json!({})).unwrap();
    other.read().await;
    drop(other);
    assert!(matches!(
        pending.answer::<String>().await,
        Err(BrowserError::Failed { .. })
    ));
    assert!(events.recv().await.is_none());
    assert!(!wire.is_open());
    assert!(wire.send(None, "A.a", json!({})).is_err());
}

#[tokio::test]
async fn a_message_without_end_ends_the_line() {
    let (wire, mut other) = pipes();
    let pending = wire.send(None, "A.a", json!({})).unwrap();
    let chunk = vec![b'x'; CHUNK_BYTES];
    while other.answers.write_all(&chunk).await.is_ok() {}
    assert!(pending.answer::<String>().await.is_err());
    assert!(!wire.is_open());
}
