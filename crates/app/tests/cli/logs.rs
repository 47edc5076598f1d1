//! `ayni logs`, beside a gateway that runs, and beside one that is killed and comes back.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::support::{House, Serving, ayni, run};

/// `ayni logs --json`, line by line.
struct Tailing {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Tailing {
    fn start(directory: &Path, arguments: &[&str]) -> Tailing {
        let mut command = ayni(directory, &[&["--json", "logs"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut tailing = Tailing { child, lines };
        assert!(tailing.next()["tailing"].is_string());
        tailing
    }

    /// The next line.
    fn next(&mut self) -> Value {
        let mut line = String::new();
        assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "it ended");
        serde_json::from_str(&line).unwrap()
    }

    /// The next request, in one line.
    fn request(&mut self) -> String {
        loop {
            let line = self.next();
            if line["method"].is_string() {
                let [method, path] = ["method", "path"].map(|name| line[name].as_str().unwrap());
                return format!("{method} {path} {}", line["status"]);
            }
        }
    }
}

impl Drop for Tailing {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request with the key of `ayni dev`; its status.
fn ask(house: &House, method: &str, path: &str, body: &str) -> String {
    let ready = &house.serving.ready;
    let url = ready["gateway_url"].as_str().unwrap();
    let address = url.strip_prefix("http://").unwrap().trim_end_matches('/');
    let (key, length) = (ready["api_key"].as_str().unwrap(), body.len());
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nx-api-key: {key}\r\nx-request-id: of-this-test\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn a_tail_shows_what_is_asked_and_why_it_was_refused_until_it_is_interrupted() {
    let house = House::open();
    let mut all = Tailing::start(&house.directory(), &[]);
    let wrong = ["--status", "4xx", "--method", "post", "--path", "/v3/pay"];
    let mut refused = Tailing::start(&house.directory(), &wrong);
    assert_eq!(ask(&house, "POST", "/v3/payments", r#"{"subject":"Té"}"#), "400");
    assert_eq!(ask(&house, "POST", "/v3/refunds", "{}"), "400");
    assert_eq!(
        ask(
            &house,
            "POST",
            "/v3/payments",
            r#"{"amount":1,"currency":"CLP","subject":"x"}"#
        ),
        "200"
    );
    assert_eq!(ask(&house, "POST", "/v3/payments", "[]"), "400");
    assert_eq!(all.request(), "POST /v3/payments 400");
    assert_eq!(all.request(), "POST /v3/refunds 400");
    assert_eq!(all.request(), "POST /v3/payments 200");
    let first = refused.next();
    assert_eq!(first["request_id"], "of-this-test");
    assert!(
        first["key"].is_string() && first["duration_us"].is_u64(),
        "{first}"
    );
    let fields = first["refusal"]["fields"].as_array().unwrap();
    assert!(
        fields.contains(&serde_json::json!({ "field": "amount", "code": "required" })),
        "{first}"
    );
    assert_eq!(refused.next()["refusal"]["code"], "not-json");
    let interrupt = Command::new("sh")
        .args(["-c", r#"kill -s INT -- "$0""#, &all.child.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());
    assert!(all.child.wait().unwrap().success());
}

#[test]
fn a_person_is_shown_a_line_for_each_request_of_the_last_day() {
    let house = House::open();
    drop(Tailing::start(&house.directory(), &[]));
    assert_eq!(
        ask(
            &house,
            "POST",
            "/v3/payments",
            r#"{"subject":"Té","currency":"CLP"}"#
        ),
        "400"
    );
    assert_eq!(ask(&house, "DELETE", "/v3/payments/aaaaaaaaaaaa", ""), "404");
    let said = house.run(&["logs", "--since", "1h", "--count", "2"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(lines[0].contains("400  POST   /v3/payments "), "{}", said.out);
    assert_eq!(lines[1].trim(), "invalid: amount required");
    assert!(
        lines[2].contains("404  DELETE /v3/payments/aaaaaaaaaaaa") && lines[2].ends_with("of-this-test"),
        "{}",
        said.out
    );
    assert_eq!(lines[3].trim(), "not-found");
    assert!(
        said.err.contains("not kept"),
        "an hour ago nobody tailed: {}",
        said.err
    );
}

#[test]
fn a_gateway_that_stops_and_comes_back_loses_no_request() {
    let mut house = House::open();
    let url = house.serving.ready["gateway_url"].as_str().unwrap().to_owned();
    let port = url.rsplit_once(':').unwrap().1.to_owned();
    let mut tailing = Tailing::start(&house.directory(), &[]);
    assert_eq!(ask(&house, "GET", "/v3/banks", ""), "200");
    assert_eq!(tailing.request(), "GET /v3/banks 200");
    // Answered just before it stops, so that its line is in memory still.
    assert_eq!(ask(&house, "GET", "/v3/payments", ""), "200");
    house.serving.signal("TERM");
    house.serving = Serving::start(&house.directory(), &["dev", "--port", &port]);
    assert_eq!(tailing.request(), "GET /v3/payments 200");
    assert_eq!(ask(&house, "GET", "/v3/banks", ""), "200");
    assert_eq!(tailing.request(), "GET /v3/banks 200");
}

#[test]
fn what_can_not_be_tailed_is_told_with_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let nowhere = run(empty.path(), &["logs"]);
    assert!(
        nowhere.code == 1 && nowhere.err.contains("--url"),
        "{}",
        nowhere.err
    );
    let house = House::open();
    let stranger = house.run(&["logs", "--key", "nonsense"]);
    assert!(
        stranger.code == 1 && stranger.err.contains("ayni key create"),
        "{}",
        stranger.err
    );
    let long_ago = house.run(&["logs", "--since", "72h"]);
    assert!(
        long_ago.code == 1 && long_ago.err.contains("24h"),
        "{}",
        long_ago.err
    );
    let status = house.run(&["logs", "--status", "9xx"]);
    assert!(status.code == 2 && status.err.contains("4xx"), "{}", status.err);
}
