//! `ayni listen`, beside a gateway that runs, and beside one that is killed and comes back.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use ayni_crypto::sign::verify_notification;
use serde_json::Value;

use crate::shop::Shop;
use crate::support::{House, Serving, ayni};

/// `ayni listen --json`, line by line.
struct Listening {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Listening {
    fn start(directory: &Path, arguments: &[&str]) -> Listening {
        let mut command = ayni(directory, &[&["--json", "listen"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut listening = Listening { child, lines };
        assert!(listening.next()["listening"].is_string());
        listening
    }

    /// The next line.
    fn next(&mut self) -> Value {
        let mut line = String::new();
        assert_ne!(self.lines.read_line(&mut line).unwrap(), 0, "it ended");
        serde_json::from_str(&line).unwrap()
    }

    /// The next event.
    fn event(&mut self) -> Value {
        loop {
            let line = self.next();
            if line["event"].is_string() {
                return line;
            }
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pay(house: &House) -> String {
    let id = house.payment();
    house.json(&["payment", "pay", &id]);
    id
}

#[test]
fn a_paid_payment_is_handed_to_a_local_server_signed_as_the_gateway_signs_and_once_more_when_asked() {
    let (house, shop) = (House::open(), Shop::open());
    let mut listening = Listening::start(&house.directory(), &["--forward-to", &shop.url]);
    let id = pay(&house);
    let event = listening.event();
    assert_eq!(
        (&event["event"], &event["subject"]),
        (&"payment.done".into(), &id.as_str().into())
    );
    assert_eq!(event["forwarded"]["status"], 200);
    let received = shop.received();
    assert_eq!(received.len(), 1);
    let secret = house.serving.ready["secret"].as_str().unwrap();
    let verify = |received: &crate::shop::Received| {
        let signature = received.header("x-khipu-signature");
        let t: i64 = signature
            .trim_start_matches("t=")
            .split(',')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        verify_notification(secret, signature, received.body.as_bytes(), t, Duration::ZERO).unwrap();
    };
    verify(&received[0]);
    assert_eq!(received[0].header("content-type"), "application/json");
    let body: Value = serde_json::from_str(&received[0].body).unwrap();
    assert_eq!(body["payment_id"], id.as_str());

    let again = [
        "listen",
        "--forward-to",
        &shop.url,
        "--resend",
        event["id"].as_str().unwrap(),
    ];
    let said = house.run(&again);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("payment.done") && said.out.contains("→ 200"),
        "{}",
        said.out
    );
    let received = shop.received();
    verify(&received[1]);
    assert_eq!(received[0].body, received[1].body);
}

#[test]
fn a_gateway_that_is_killed_and_comes_back_loses_and_doubles_nothing() {
    let (mut house, shop) = (House::open(), Shop::open());
    let port = house.serving.ready["gateway_url"]
        .as_str()
        .unwrap()
        .rsplit_once(':')
        .unwrap()
        .1
        .to_owned();
    let mut listening = Listening::start(&house.directory(), &["--forward-to", &shop.url]);
    let before = pay(&house);
    assert_eq!(listening.event()["subject"], before.as_str());
    house.serving.signal("KILL");
    // Paid while nobody can tell of it: by a gateway that listens elsewhere.
    let elsewhere = Serving::start(&house.directory(), &["dev", "--port", "0"]);
    let meanwhile = house.payment();
    let url = elsewhere.ready["gateway_url"].as_str().unwrap();
    house.json(&["payment", "pay", &meanwhile, "--gateway-url", url]);
    let mut is_done = false;
    for _ in 0..600 {
        is_done = is_done || house.json(&["payment", "show", &meanwhile])["status"] == "done";
    }
    assert!(is_done);
    elsewhere.stop();
    house.serving = Serving::start(&house.directory(), &["dev", "--port", &port]);
    assert_eq!(listening.event()["subject"], meanwhile.as_str());
    let after = pay(&house);
    assert_eq!(listening.event()["subject"], after.as_str());
    let told: Vec<String> = shop
        .received()
        .iter()
        .map(|received| serde_json::from_str::<Value>(&received.body).unwrap()["payment_id"].to_string())
        .collect();
    assert_eq!(told, [before, meanwhile, after].map(|id| format!("\"{id}\"")));
}

#[test]
fn what_can_not_be_listened_to_is_told_with_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let nowhere = crate::support::run(empty.path(), &["listen"]);
    assert!(
        nowhere.code == 1 && nowhere.err.contains("--url"),
        "{}",
        nowhere.err
    );
    let house = House::open();
    let stranger = house.run(&["listen", "--key", "nonsense"]);
    assert!(
        stranger.code == 1 && stranger.err.contains("ayni key create"),
        "{}",
        stranger.err
    );
    let refused = house.run(&["listen", "--forward-to", "http://192.0.2.1/x"]);
    assert!(
        refused.code == 1 && refused.err.contains("can't be called"),
        "{}",
        refused.err
    );
    let shop = Shop::answering("500 Internal Server Error");
    let unknown = house.run(&["listen", "--forward-to", &shop.url, "--resend", "nonsense"]);
    assert!(
        unknown.code == 1 && unknown.err.contains("404"),
        "{}",
        unknown.err
    );
    let mut listening = Listening::start(&house.directory(), &["--forward-to", &shop.url, "--count", "1"]);
    pay(&house);
    let event = listening.event();
    assert_eq!(event["forwarded"]["status"], 500);
    assert!(listening.child.wait().unwrap().success());
    let again = house.run(&[
        "listen",
        "--forward-to",
        &shop.url,
        "--resend",
        event["id"].as_str().unwrap(),
    ]);
    assert!(
        again.code == 1 && again.err.contains("did not acknowledge"),
        "{}",
        again.err
    );
}

/// The environment's key goes with an address that is named.
#[test]
fn another_gateways_address_is_not_given_the_key_of_ayni_dev() {
    let house = House::open();
    let said = house.run(&["listen", "--url", "http://127.0.0.1:9"]);
    assert!(said.code == 1 && said.err.contains("which key"), "{}", said.err);
    let key = house.serving.ready["api_key"].as_str().unwrap();
    let url = house.serving.ready["gateway_url"].as_str().unwrap();
    let empty = tempfile::tempdir().unwrap();
    let mut command: Command = ayni(empty.path(), &["--json", "listen", "--url", url]);
    let mut child = command
        .env("AYNI_API_KEY", key)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.contains("listening"), "{line}");
}
