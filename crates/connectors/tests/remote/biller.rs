//! `examples/connectors/biller.py`, in a process of its own.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ayni_connectors::data::login::{LoggedIn, Login, LoginStep};
use ayni_connectors::data::{Connector, Failed, Reply, Visit};
use ayni_connectors::remote::check::check;
use ayni_connectors::remote::{Place, RemoteConnector, RemoteError};
use ayni_domain::operation::note::Note;

const SECRET: &str = "un-secreto";

struct Biller {
    process: Child,
    url: String,
}

impl Biller {
    fn start() -> Biller {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/connectors/biller.py");
        let mut process = Command::new("python3")
            .arg(script)
            .arg("0")
            .env("BILLER_SECRET", SECRET)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example needs python3");
        let mut url = String::new();
        let output = process.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut url).unwrap();
        Biller {
            process,
            url: url.trim().to_owned(),
        }
    }

    fn place(&self, secret: &str) -> Place {
        Place::new(&self.url, Some(secret.to_owned())).unwrap()
    }
}

impl Drop for Biller {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

async fn consult(connector: &RemoteConnector, client: &str) -> Result<Reply, Failed> {
    let arguments = BTreeMap::from([("ClientIdentifier".to_owned(), client.to_owned())]);
    let visit = Visit {
        operation: "consult-debt",
        arguments: &arguments,
        login: None,
    };
    connector.run(visit).await
}

#[tokio::test]
async fn a_biller_in_python_is_an_institution_like_any_other() {
    let biller = Biller::start();
    let connector = RemoteConnector::connect(biller.place(SECRET)).await.unwrap();
    assert_eq!(connector.declaration().path, "cl/services/biller.example");
    connector.probe().await.unwrap();
    let reply = consult(&connector, "70002").await.unwrap();
    assert_eq!(
        reply.data.unwrap().get(),
        r#"{"Debt": {"DueDate": "2025-05-10", "PendingDebt": 9000}}"#
    );
    assert_eq!(reply.note, Some(Note::Told("Suma de 2 cuentas.".to_owned())));
    let nothing = consult(&connector, "70003").await.unwrap();
    assert!(nothing.data.is_none() && nothing.note.is_some());
    assert_eq!(
        consult(&connector, "1").await.unwrap_err().fault.code.as_str(),
        "E402"
    );
    let mut login = Login {
        username: "11.111.111-1".to_owned(),
        password: "clave-de-prueba".to_owned(),
        device: None,
    };
    let LoggedIn::Done { accounts, .. } = connector
        .log_in(LoginStep::Credentials(login.clone()))
        .await
        .unwrap()
    else {
        panic!("a code was wanted")
    };
    assert_eq!(accounts.len(), 2);
    login.password = "otra".to_owned();
    let refused = connector.log_in(LoginStep::Credentials(login)).await;
    assert_eq!(refused.err().unwrap().fault.code.as_str(), "E101");
}

#[tokio::test]
async fn the_example_passes_its_own_conformance_check() {
    let biller = Biller::start();
    let findings = check(&biller.place(SECRET)).await.unwrap();
    let failed: Vec<_> = findings
        .iter()
        .filter(|finding| finding.problem.is_some())
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert!(findings.len() >= 20, "{findings:#?}");
}

#[tokio::test]
async fn a_wrong_secret_or_a_biller_that_is_gone_is_told() {
    let biller = Biller::start();
    let refused = RemoteConnector::connect(biller.place("otro")).await;
    assert!(matches!(refused, Err(RemoteError::Declaration { reason }) if reason == "status 401"));
    let place = biller.place(SECRET);
    let connector = RemoteConnector::connect(place.clone()).await.unwrap();
    drop(biller);
    assert_eq!(
        consult(&connector, "70001")
            .await
            .unwrap_err()
            .fault
            .code
            .as_str(),
        "I001"
    );
    assert_eq!(connector.probe().await.unwrap_err().fault.code.as_str(), "I001");
    assert!(matches!(
        RemoteConnector::connect(place).await,
        Err(RemoteError::NoAnswer(_))
    ));
}
