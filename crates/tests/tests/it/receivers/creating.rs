//! `POST /v3/receivers`: what it makes, what it refuses, and that it is done once.

use std::time::Duration;

use anyhow::Result;
use ayni_crypto::sign::verify_notification;
use ayni_domain::ids::AccountId;
use ayni_domain::privilege::{Mode, Privilege, Privileges};
use ayni_gateway::merchants::accounts::{self, NewAccount};
use ayni_gateway::merchants::{keys, payout_accounts};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::merchant::Merchant;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::run::all_at_once;
use ayni_testkit::truth::rows;
use serde_json::{Value, json};

use super::family::{self, Receiver, make_integrator, post, receiver, request};
use crate::bodies::payment;

on_both_engines!(
    a_receiver_collects_on_its_integrators_account_and_is_notified_with_its_own_secret,
    what_was_said_of_the_business_is_kept,
    every_violation_is_named_at_once,
    only_an_integrator_makes_receivers,
    an_idempotency_key_makes_one_receiver_and_its_answer_is_sealed,
    a_live_integrator_makes_live_receivers,
);

async fn a_receiver_collects_on_its_integrators_account_and_is_notified_with_its_own_secret(
    gateway: &TestGateway,
) -> Result<()> {
    let merchant = Merchant::start().await?;
    make_integrator(gateway).await?;
    let body = request(&json!({"notify_url": merchant.url("/webhook")}));
    let answer = post(gateway, body).await?;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = answer.json();
    assert_eq!(told.as_object().unwrap().len(), 3, "{told}");
    let text = |key: &str| told[key].as_str().unwrap().to_owned();
    let made = Receiver {
        id: text("receiver_id").parse()?,
        secret: text("secret"),
        api_key: text("api_key"),
    };
    assert!(made.secret.len() == 40 && made.secret.chars().all(|c| c.is_ascii_hexdigit()));
    let parts: Vec<usize> = made.api_key.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12]);

    let id = family::create(gateway, &made, payment(&json!({}))).await?;
    let mut payer = Payer::at(gateway)?;
    assert_eq!(payer.pay(&id, "11.111.111-1", "11 22 33").await?, "authorised");
    gateway.work().await?;
    let path = format!("/v3/payments/{id}");
    let paid = family::call(gateway, &made, "GET", &path, None).await?.json();
    assert_eq!(
        (
            &paid["status"],
            &paid["receiver_id"],
            &paid["responsible_user_email"]
        ),
        (&json!("done"), &json!(made.id), &json!("Ana@panaderia.example"))
    );
    assert_eq!(
        gateway.call("GET", &path, None).await?.status,
        404,
        "not the integrator's"
    );
    let received = merchant.received();
    assert_eq!(received[0].json()["receiver_id"], json!(made.id));
    let now_ms = gateway.clock.now().as_millisecond();
    let (signature, body) = (received[0].signature(), &received[0].body);
    verify_notification(&made.secret, signature, body, now_ms, Duration::ZERO)?;
    Ok(())
}

async fn what_was_said_of_the_business_is_kept(gateway: &TestGateway) -> Result<()> {
    make_integrator(gateway).await?;
    let more = json!({
        "bank_account_bank_id": "Bawdf", "bank_account_type": "VISTA", "bank_account_identifier": "77.777.777-7",
        "bank_account_name": "Panadería Sol", "bank_account_number": "00-123",
        "rendition_url": "http://127.0.0.1:9/rendition",
    });
    let answer = post(gateway, request(&more)).await?.json();
    let id = AccountId(answer["receiver_id"].as_str().unwrap().parse()?);
    let kept = rows(
        &gateway.app.db,
        "SELECT account_id, identifier, address_line_3, admin_last_name, contact_job_title FROM businesses",
    )
    .await?;
    let texts: Vec<&str> = (1..5).map(|column| kept[0].str(column).unwrap()).collect();
    assert_eq!(
        (kept[0].int(0)?, texts),
        (id.0, vec!["777777777", "Ñuñoa", "Soto", "Dueño"])
    );
    let payouts = gateway
        .app
        .db
        .read("test.payouts", move |tx| payout_accounts::list(tx, id))
        .await?;
    let payout = &payouts[0];
    assert_eq!(
        (
            payout.bank_id.as_str(),
            payout.account_type.as_str(),
            payout.number.as_str()
        ),
        ("Bawdf", "sight", "00-123")
    );
    assert_eq!(
        (payout.currency.code(), payout.holder_identifier.as_str()),
        ("CLP", "777777777")
    );
    let account = accounts::find(&gateway.app.db, id).await?;
    assert_eq!(
        (account.mode, account.integrator),
        (Mode::Developer, Some(AccountId(gateway.receiver_id)))
    );
    assert_eq!(account.privileges, Privileges::of_a_developer());
    let url = gateway
        .app
        .db
        .read("test.rendition-url", move |tx| accounts::rendition_url(tx, id))
        .await?;
    assert_eq!(url.as_deref(), Some("http://127.0.0.1:9/rendition"));
    Ok(())
}

async fn every_violation_is_named_at_once(gateway: &TestGateway) -> Result<()> {
    make_integrator(gateway).await?;
    let empty = gateway.call("POST", "/v3/receivers", None).await?;
    assert_eq!(
        (empty.status.as_u16(), empty.fields().len()),
        (400, 15),
        "{}",
        empty.text()
    );
    let body = request(&json!({
        "admin_email": "ana", "business_identifier": "77.777.777-8", "business_phone": 7, "contact_email": null,
        "bank_account_bank_id": "SDdGj", "notify_url": "ftp://x", "rendition_url": "https://10.0.0.1/",
    }));
    let answer = post(gateway, body).await?;
    let expected = [
        ("admin_email", "No es un correo electrónico válido"),
        (
            "business_identifier",
            "No es un RUT válido: revise sus dígitos y su dígito verificador",
        ),
        ("business_phone", "Debe ser un texto (string JSON)"),
        ("contact_email", "Este campo es obligatorio"),
        (
            "bank_account_bank_id",
            "El banco no existe: use un bank_id de GET /v3/banks",
        ),
        ("bank_account_type", NEEDED),
        ("bank_account_identifier", NEEDED),
        ("bank_account_name", NEEDED),
        ("bank_account_number", NEEDED),
        ("notify_url", "La URL ftp://x no es válida"),
        (
            "rendition_url",
            "La URL https://10.0.0.1/ no es válida: debe ser https y apuntar a una dirección pública",
        ),
    ];
    let expected: Vec<Value> = expected
        .iter()
        .map(|(field, message)| json!({"field": field, "message": message}))
        .collect();
    assert_eq!(answer.json()["errors"], json!(expected));
    assert!(
        rows(&gateway.app.db, "SELECT account_id FROM businesses")
            .await?
            .is_empty()
    );
    Ok(())
}

const NEEDED: &str = "Este campo es obligatorio cuando se usa bank_account_bank_id";

async fn only_an_integrator_makes_receivers(gateway: &TestGateway) -> Result<()> {
    let refused = json!({"status": 403, "message": "La cuenta no tiene este privilegio"});
    for body in [request(&json!({})), json!({}), json!([])] {
        let answer = post(gateway, body).await?;
        assert_eq!((answer.status.as_u16(), answer.json()), (403, refused.clone()));
    }
    let made = receiver(gateway).await?;
    let grandchild = family::call(gateway, &made, "POST", "/v3/receivers", Some(request(&json!({})))).await?;
    assert_eq!(grandchild.status, 403, "a receiver is no integrator");
    let nobody = gateway.call_as("POST", "/v3/receivers", &[]).await?;
    assert_eq!(nobody.status, 401);
    Ok(())
}

async fn an_idempotency_key_makes_one_receiver_and_its_answer_is_sealed(gateway: &TestGateway) -> Result<()> {
    make_integrator(gateway).await?;
    let headers = [("idempotency-key", "k")];
    let send = || gateway.call_with("POST", "/v3/receivers", Some(request(&json!({}))), &headers);
    let at_once = all_at_once((0..5).map(|_| send())).await;
    let mut first = None;
    for answer in at_once {
        let answer = answer?;
        match answer.status.as_u16() {
            200 => first = Some(answer.body),
            status => assert_eq!(status, 409),
        }
    }
    let again = send().await?;
    assert_eq!(Some(&again.body), first.as_ref());
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let made = rows(&gateway.app.db, "SELECT account_id FROM businesses").await?;
    assert_eq!(made.len(), 1);
    let secret = again.json()["secret"].as_str().unwrap().to_owned();
    let kept = rows(&gateway.app.db, "SELECT answer_sealed FROM idempotent_answers").await?;
    let sealed = kept[0].bytes(0)?;
    assert!(
        !sealed
            .windows(secret.len())
            .any(|bytes| bytes == secret.as_bytes())
    );
    Ok(())
}

async fn a_live_integrator_makes_live_receivers(gateway: &TestGateway) -> Result<()> {
    let new = NewAccount {
        name: Some("Plataforma".to_owned()),
        email: "plataforma@ejemplo.example".to_owned(),
        mode: Mode::Live,
        privileges: Privileges::default().with(Privilege::Integrator),
        notify_url: None,
        integrator: None,
    };
    let live = accounts::create(&gateway.app, new).await?.account;
    let key = keys::create(&gateway.app, live.id, "test", None).await?;
    let mut body = request(&json!({"bank_account_bank_id": "Bawdf"}));
    let post = |body: Value| gateway.call_by(key.as_str(), "POST", "/v3/receivers", Some(body), &[]);
    let refused = post(body.clone()).await?;
    assert!(
        refused.fields().contains(&"bank_account_bank_id".to_owned()),
        "live accounts don't see DemoBank"
    );
    body["bank_account_bank_id"] = Value::Null;
    let made = post(body).await?.json();
    let id = AccountId(made["receiver_id"].as_str().unwrap().parse()?);
    let account = accounts::find(&gateway.app.db, id).await?;
    assert_eq!(
        (account.mode, account.privileges, account.integrator),
        (Mode::Live, Privileges::default(), Some(live.id))
    );
    Ok(())
}
