//! The guide's functions that verify a notification, each run by its own language: on the published vectors, on a
//! notification that the gateway has just sent, and on everything that must be refused.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use crate::blocks::repository;
use crate::house::House;

#[derive(Clone, Copy)]
struct Case<'a> {
    header: &'a str,
    body: &'a [u8],
    secret: &'a str,
    now_ms: i64,
    genuine: bool,
}

#[test]
fn each_language_accepts_the_published_vectors_and_refuses_what_was_changed() {
    let file = repository().join("crates/crypto/fixtures/webhook-signature.json");
    let vectors: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    for vector in vectors["vectors"].as_array().unwrap() {
        check_vector(vector);
    }
}

fn check_vector(vector: &Value) {
    let text = |key: &str| vector[key].as_str().unwrap();
    let (header, body, secret) = (text("header"), text("body").as_bytes(), text("secret"));
    let t: i64 = text("t").parse().unwrap();
    let genuine = Case {
        header,
        body,
        secret,
        now_ms: t,
        genuine: true,
    };
    let swapped = header.replace("t=", "x=");
    let signature = header.split_once(",s=").unwrap().1;
    let (other_time, blank) = (
        format!("t={},s={signature}", t + 1),
        format!("t={t}, s={signature}"),
    );
    let changed = [body, b" "].concat();
    let late = t + TOLERANCE_MS;
    let with_header = |header| Case {
        header,
        genuine: false,
        ..genuine
    };
    check(&[
        genuine,
        Case {
            now_ms: late,
            ..genuine
        },
        Case {
            now_ms: late + 1,
            genuine: false,
            ..genuine
        },
        Case {
            body: &changed,
            genuine: false,
            ..genuine
        },
        Case {
            secret: "another",
            genuine: false,
            ..genuine
        },
        with_header(""),
        with_header("t=,s="),
        with_header(&swapped),
        with_header(&other_time),
        with_header(&blank),
    ]);
}

#[test]
fn each_language_accepts_a_notification_that_was_just_sent() {
    let house = House::with_dev();
    let shop = TcpListener::bind("127.0.0.1:0").unwrap();
    let create = format!(
        "ayni --json payment create --amount 1000 --subject 'Ñandú' --notify-url http://{} | jq -r .payment_id",
        shop.local_addr().unwrap()
    );
    let id = house.say(&create);
    house.say(&format!("ayni payment pay {id}"));
    let (header, body) = one_request(&shop);
    let secret = house.say("jq -r .secret ayni-data/dev.json");
    let sent_at: i64 = header
        .strip_prefix("t=")
        .unwrap()
        .split(',')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(
        serde_json::from_slice::<Value>(&body).unwrap()["payment_id"],
        id.as_str()
    );
    check(&[Case {
        header: &header,
        body: &body,
        secret: &secret,
        now_ms: sent_at + 1_000,
        genuine: true,
    }]);
}

/// The signature and the body of the first request that comes, which is answered with 200.
fn one_request(shop: &TcpListener) -> (String, Vec<u8>) {
    let (stream, _) = shop.accept().unwrap();
    let mut reading = BufReader::new(&stream);
    let (mut header, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reading.read_line(&mut line).unwrap();
        match line.trim().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("x-khipu-signature") => {
                value.clone_into(&mut header);
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().unwrap();
            }
            Some(_) => {}
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    reading.read_exact(&mut body).unwrap();
    (&stream)
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        .unwrap();
    (header, body)
}

/// One process of each language judges all cases, one a line.
fn check(cases: &[Case<'_>]) {
    let lines: String = cases
        .iter()
        .map(|case| {
            let body = BASE64.encode(case.body);
            format!("{}\t{}\t{}\t{body}\n", case.header, case.secret, case.now_ms)
        })
        .collect();
    for language in LANGUAGES {
        let said = run(language, &lines);
        let verdicts: Vec<&str> = said.lines().collect();
        assert_eq!(verdicts.len(), cases.len(), "{}: {said}", language.program);
        for (verdict, case) in verdicts.iter().zip(cases) {
            assert_eq!(
                *verdict,
                case.genuine.to_string(),
                "{} on {:?}",
                language.program,
                case.header
            );
        }
    }
}

fn run(language: &Language, lines: &str) -> String {
    let mut child = Command::new(language.program)
        .args(language.arguments())
        .arg(snippets())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "{} can't be started ({error}); `cargo xtask test` installs it",
                language.program
            )
        });
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// What runs a snippet: a program of the language and the test's few lines around the function.
struct Language {
    program: &'static str,
    file: &'static str,
}

impl Language {
    fn arguments(&self) -> Vec<String> {
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/guide/programs")
            .join(self.file);
        match self.program {
            "java" => vec!["-cp".into(), java_classes().display().to_string(), "Run".into()],
            _ => vec![file.display().to_string()],
        }
    }
}

/// Compiled once for the process.
fn java_classes() -> &'static PathBuf {
    static CLASSES: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    CLASSES.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("guide-java");
        let ours = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/guide/programs/Run.java");
        let done = Command::new("javac")
            .arg("-d")
            .arg(&folder)
            .args([snippets().join("Verify.java"), ours])
            .status()
            .expect("javac can't be started; `cargo xtask test` installs it");
        assert!(done.success());
        folder
    })
}

fn snippets() -> PathBuf {
    repository().join("docs/guide/snippets")
}

const LANGUAGES: &[Language] = &[
    Language {
        program: "node",
        file: "run.mjs",
    },
    Language {
        program: "python3",
        file: "run.py",
    },
    Language {
        program: "php",
        file: "run.php",
    },
    Language {
        program: "ruby",
        file: "run.rb",
    },
    Language {
        program: "java",
        file: "Run.java",
    },
];
const TOLERANCE_MS: i64 = 5 * 60 * 1000;
