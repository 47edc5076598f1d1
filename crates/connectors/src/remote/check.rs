//! Whether a connector keeps to the protocol: every operation is called with the samples that it declares and with
//! what no gateway would send. Each finding is a sentence that holds or does not, for the person who writes it.

use std::collections::BTreeMap;

use ayni_domain::operation::code::Code;
use ayni_outbound::error::SendError;
use ayni_outbound::site::SiteClient;
use serde_json::{Value, json};

use super::declared::{self, Declared, Sample};
use super::wire::{LoginAnswer, RunAnswer, VERSION};
use super::{BRIEF_TIMEOUT, Place, RemoteError, TIMEOUT, kept_session};
use crate::data::declaration::{OperationSpec, ParameterKind};
use crate::data::login::Login;
use crate::data::{Failed, Reply};

/// Something that a connector must do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What holds of a connector that keeps to the protocol.
    pub sentence: String,
    /// What was seen instead; nothing where it holds.
    pub problem: Option<String>,
}

/// Calls the connector in every way that the protocol knows, and in some that it does not.
///
/// # Errors
/// When no client can be made.
pub async fn check(place: &Place) -> Result<Vec<Finding>, RemoteError> {
    let mut checking = Checking {
        place: place.clone(),
        brief: place.client(BRIEF_TIMEOUT)?,
        patient: place.client(TIMEOUT)?,
        findings: Vec::new(),
    };
    let health = checking.health().await;
    checking.find("GET /health answers 200", health);
    let declared = place.get(&checking.brief, "/declaration").await;
    let declared = declared
        .map_err(|error| error.to_string())
        .and_then(|answer| declared::read(&answer));
    match declared {
        Err(problem) => checking.find("GET /declaration is an institution's", Err(problem)),
        Ok(declared) => {
            checking.find("GET /declaration is an institution's", Ok(()));
            checking.declared(&declared).await;
        }
    }
    Ok(checking.findings)
}

struct Checking {
    place: Place,
    brief: SiteClient,
    patient: SiteClient,
    findings: Vec<Finding>,
}

impl Checking {
    fn find(&mut self, sentence: impl Into<String>, held: Result<(), String>) {
        self.findings.push(Finding {
            sentence: sentence.into(),
            problem: held.err(),
        });
    }

    async fn health(&self) -> Result<(), String> {
        match self.place.get(&self.brief, "/health").await {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(format!("status {}", answer.status)),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn declared(&mut self, declared: &Declared) {
        for operation in &declared.declaration.operations {
            let samples = declared
                .samples
                .iter()
                .filter(|sample| sample.operation == operation.name);
            let samples: Vec<&Sample> = samples.collect();
            let has_one = (!samples.is_empty())
                .then_some(())
                .ok_or_else(|| "none is declared".to_owned());
            self.find(format!("{} has a sample", operation.name), has_one);
            for sample in samples {
                self.sample(sample).await;
                self.malformed(operation, sample).await;
            }
        }
        let unknown = self
            .run(&request("no-such-operation", &BTreeMap::new(), None))
            .await;
        self.find(
            "an operation that is not declared is P004",
            is_fault(unknown, &[Code::NoSuchPath]),
        );
        self.bodies().await;
        if !declared.declaration.login_fields.is_empty() {
            self.logins(declared).await;
        }
        if self.place.secret.is_some() {
            self.unknown_callers().await;
        }
    }

    /// The sample's own answer, twice.
    async fn sample(&mut self, sample: &Sample) {
        let request = request(&sample.operation, &sample.arguments, login(sample).as_ref());
        let name = &sample.operation;
        let (first, second) = (self.run(&request).await, self.run(&request).await);
        let told = |answer: &Result<Reply, String>| {
            answer
                .clone()
                .map(|reply| (reply.data.map(|data| data.get().to_owned()), reply.note))
        };
        let same = match (told(&first), told(&second)) {
            (Ok(first), Ok(second)) if first != second => Err("the second answer is another one".to_owned()),
            (_, Err(problem)) => Err(problem),
            _ => Ok(()),
        };
        self.find(
            format!("{name} answers its sample with data or a note"),
            first.map(drop),
        );
        self.find(format!("{name} answers the same question the same"), same);
    }

    async fn malformed(&mut self, operation: &OperationSpec, sample: &Sample) {
        let name = &operation.name;
        for parameter in &operation.parameters {
            let mut without = sample.arguments.clone();
            without.remove(&parameter.name);
            if parameter.required {
                let answer = self.run(&request(name, &without, login(sample).as_ref())).await;
                let held = is_fault(answer, &[Code::ParameterMissing]);
                self.find(format!("{name} without {} is P001", parameter.name), held);
            }
            let unfit = match parameter.kind {
                ParameterKind::Text { max_chars } => "x".repeat(max_chars + 1),
                ParameterKind::Date => "31/05/2025".to_owned(),
                ParameterKind::Currency => "pesos".to_owned(),
            };
            without.insert(parameter.name.clone(), unfit);
            let answer = self.run(&request(name, &without, login(sample).as_ref())).await;
            let held = is_fault(answer, &[Code::ParameterUnfit, Code::ParameterNotAllowed]);
            self.find(
                format!("{name} with a {} that can't be is P002 or P003", parameter.name),
                held,
            );
        }
        if operation.needs_login {
            let answer = self.run(&request(name, &sample.arguments, None)).await;
            self.find(
                format!("{name} without a login is P001"),
                is_fault(answer, &[Code::ParameterMissing]),
            );
        }
    }

    /// Bodies that are no request.
    async fn bodies(&mut self) {
        for (what, body) in [
            ("a body that is no JSON", "{\"version\":1,".to_owned()),
            ("a body that is no object", "[1]".to_owned()),
            ("a request of version 99", json!({ "version": 99 }).to_string()),
        ] {
            let answer = self.post("/run", body).await;
            let held = match answer {
                Ok((400, _)) => Ok(()),
                Ok((200, body)) => is_fault(read_run(&body), &[Code::ParameterUnfit]),
                Ok((status, _)) => Err(format!("status {status}")),
                Err(problem) => Err(problem),
            };
            self.find(format!("{what} is P002, or status 400"), held);
        }
    }

    async fn logins(&mut self, declared: &Declared) {
        let wrong = json!({ "username": "nobody", "password": "wrong", "device": null });
        let refused = self.log_in(wrong).await;
        self.find(
            "a login that nobody has is E101",
            match refused {
                Err(problem) if problem == Code::LoginRefused.as_str() => Ok(()),
                Err(problem) => Err(problem),
                Ok(()) => Err("it was let in".to_owned()),
            },
        );
        let known = declared.samples.iter().find_map(login);
        if let Some(known) = known {
            let entered = self.log_in(known).await;
            self.find("the sample's login is let in, or asked for a code", entered);
        }
    }

    async fn unknown_callers(&mut self) {
        let stranger = Place {
            base: self.place.base.clone(),
            secret: None,
        };
        let answer = stranger.get(&self.brief, "/declaration").await;
        let held = match answer {
            Ok(answer) if answer.status == 401 => Ok(()),
            Ok(answer) => Err(format!("status {}", answer.status)),
            Err(error) => Err(error.to_string()),
        };
        self.find("a caller without the secret gets status 401", held);
    }

    async fn log_in(&self, login: Value) -> Result<(), String> {
        let body = json!({ "version": VERSION, "login": login }).to_string();
        let (status, body) = self.post("/log-in", body).await?;
        if status != 200 {
            return Err(format!("status {status}"));
        }
        let answer: LoginAnswer = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
        let nobody = Login {
            username: String::new(),
            password: String::new(),
            device: None,
        };
        answer
            .logged_in(nobody, kept_session)
            .map(drop)
            .map_err(|failed| said(&failed))
    }

    async fn run(&self, request: &Value) -> Result<Reply, String> {
        match self.post("/run", request.to_string()).await? {
            (200, body) => read_run(&body),
            (status, _) => Err(format!("status {status}")),
        }
    }

    async fn post(&self, path: &str, body: String) -> Result<(u16, Vec<u8>), String> {
        let answer = self.place.post(&self.patient, path, body.into_bytes()).await;
        let answer = answer.map_err(|error: SendError| error.to_string())?;
        Ok((answer.status, answer.body.to_vec()))
    }
}

fn request(operation: &str, arguments: &BTreeMap<String, String>, login: Option<&Value>) -> Value {
    json!({ "version": VERSION, "operation": operation, "arguments": arguments, "login": login })
}

fn login(sample: &Sample) -> Option<Value> {
    let login = sample.login.as_ref()?;
    Some(json!({ "username": login.username, "password": login.password, "device": null }))
}

fn read_run(body: &[u8]) -> Result<Reply, String> {
    let answer: RunAnswer = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    answer.reply().map_err(|failed| said(&failed))
}

fn said(failed: &Failed) -> String {
    failed.fault.code.as_str().to_owned()
}

fn is_fault(answer: Result<Reply, String>, codes: &[Code]) -> Result<(), String> {
    match answer {
        Ok(_) => Err("it answered as if nothing were wrong".to_owned()),
        Err(problem) if codes.iter().any(|code| code.as_str() == problem) => Ok(()),
        Err(problem) => Err(problem),
    }
}
