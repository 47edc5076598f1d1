//! `/console/privacy`: one person's data, looked for, told and erased by an owner.

use anyhow::{Context as _, Result};
use ayni_domain::role::Role;
use ayni_gateway::background;
use ayni_testkit::console::{OWNER, PASSWORD};
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::person::Person;
use ayni_testkit::truth::rows;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::house::{acts, csrf, said, stranger};
use super::second::{code_now, enrol};
use crate::privacy::{EMAIL, NEEDLES, RUT, paid, told_of};

on_both_engines!(
    an_owner_sees_what_is_kept_takes_the_file_and_erases_the_person,
    a_file_of_many_payments_is_whole_although_its_writer_dies,
    whoever_has_a_second_factor_gives_it_again_and_once,
    nothing_is_erased_while_money_is_on_its_way_and_the_page_says_what,
    a_case_is_its_askers_alone_and_forgotten_within_the_hour,
    who_is_meant_must_be_said_and_stands_in_no_address,
);

/// Looks for a person, to the page that says what is kept.
async fn look(gateway: &TestGateway, owner: &mut Person, rut: &str, email: &str) -> Result<()> {
    assert_eq!(owner.open("/console/privacy").await?, "privacy");
    let page = owner.submit("#look", &[("rut", rut), ("email", email)]).await?;
    assert_eq!(page, "privacy-case", "{}", owner.html());
    assert!(
        owner.html().contains("http-equiv=\"refresh\""),
        "it is looked for"
    );
    again(gateway, owner).await
}

/// What is under way is done, and the page opened again.
async fn again(gateway: &TestGateway, owner: &mut Person) -> Result<()> {
    gateway.work().await?;
    let path = owner.path().to_owned();
    assert_eq!(owner.open(&path).await?, "privacy-case");
    assert!(
        !owner.html().contains("http-equiv=\"refresh\""),
        "{}",
        owner.html()
    );
    Ok(())
}

async fn file(owner: &mut Person) -> Result<Value> {
    let href = owner.attribute("#download", "href").context("no file")?;
    owner.open(&href).await?;
    assert_eq!(owner.header("content-type"), Some("application/json"));
    assert_eq!(owner.header("cache-control"), Some("no-store"));
    Ok(serde_json::from_str(&owner.html())?)
}

async fn an_owner_sees_what_is_kept_takes_the_file_and_erases_the_person(
    gateway: &TestGateway,
) -> Result<()> {
    let id = paid(gateway, "").await?;
    let mut owner = gateway.console().await?;
    look(gateway, &mut owner, RUT, EMAIL).await?;
    let case = owner.path().to_owned();
    assert!(owner.texts("#counts dt").iter().any(|kind| kind == "Cobros"));
    assert_eq!(owner.text("#counts dd"), Some("1".to_owned()));

    assert_eq!(owner.submit("#prepare", &[]).await?, "privacy-case");
    gateway.clock.advance_ms(1);
    again(gateway, &mut owner).await?;
    let told = file(&mut owner).await?;
    assert_eq!(told["format"], "ayni-person-1");
    assert_eq!(told["payments"][0]["payment"]["payment_id"], id.as_str());
    assert_eq!(
        told["payments"][0]["stored"]["attempts.payer_identifier"],
        json!(["111111111"])
    );

    owner.open(&case).await?;
    assert_eq!(owner.submit("#erase", &[]).await?, "step-up");
    assert_eq!(
        owner.submit("#step-up", &[("proof", "no es esta clave")]).await?,
        "step-up"
    );
    assert_eq!(owner.status(), 422);
    assert!(owner.text("#problem").is_some());
    assert!(!told_of(gateway, &NEEDLES).await?.is_empty());
    assert_eq!(owner.confirm().await?, "privacy-case");
    again(gateway, &mut owner).await?;
    assert!(owner.text("#erased").is_some(), "{}", owner.html());
    let left = told_of(gateway, &NEEDLES).await?;
    assert!(left.is_empty(), "{left:?}");
    owner.open(&format!("{case}/person.json")).await?;
    assert_eq!(owner.status(), 404, "the file is gone with the person");

    let noted = acts(gateway).await?;
    let digest = noted[0].1.clone();
    assert_eq!(digest.len(), 24);
    assert_eq!(
        noted,
        [
            ("person.export".to_owned(), digest.clone()),
            ("person.erase".to_owned(), format!("{digest} begun")),
            ("person.erase".to_owned(), format!("{digest} payments 1")),
        ]
    );
    look(gateway, &mut owner, RUT, EMAIL).await?;
    assert!(owner.text("#nothing").is_some(), "{}", owner.html());
    Ok(())
}

async fn a_file_of_many_payments_is_whole_although_its_writer_dies(gateway: &TestGateway) -> Result<()> {
    let mut made = Vec::new();
    for _ in 0..130 {
        let body = json!({ "amount": 1, "currency": "CLP", "subject": "x", "payer_email": EMAIL });
        made.push(gateway.create(body).await?);
    }
    made.sort();
    let mut owner = gateway.console().await?;
    look(gateway, &mut owner, "", EMAIL).await?;
    owner.submit("#prepare", &[]).await?;
    for steps in 0..15 {
        let app = gateway.app.clone();
        let working = tokio::spawn(async move { background::drain_due(&app).await });
        for _ in 0..steps * 30 {
            tokio::task::yield_now().await;
        }
        working.abort();
        // However it ended: its lease ends too, and the next one begins where the rows say.
        let _ = working.await;
        gateway.clock.advance_ms(20_000);
    }
    again(gateway, &mut owner).await?;
    let told = file(&mut owner).await?;
    let payments = told["payments"].as_array().context("no payments")?;
    let ids: Vec<_> = payments
        .iter()
        .filter_map(|one| one["payment"]["payment_id"].as_str())
        .collect();
    assert_eq!(ids, made);
    assert!(told["console"].is_object());
    Ok(())
}

async fn whoever_has_a_second_factor_gives_it_again_and_once(gateway: &TestGateway) -> Result<()> {
    paid(gateway, "").await?;
    let mut owner = gateway.console().await?;
    let (secret, codes) = enrol(gateway, &mut owner).await?;
    look(gateway, &mut owner, RUT, "").await?;
    let case = owner.path().to_owned();
    let used = code_now(gateway, &secret);
    for wrong in [used.as_str(), "000000", PASSWORD, "AAAA-AAAA-AAAA"] {
        owner.open(&case).await?;
        owner.submit("#erase", &[]).await?;
        assert_eq!(
            owner.submit("#step-up", &[("proof", wrong)]).await?,
            "step-up",
            "{wrong}"
        );
        assert_eq!(owner.status(), 422, "{wrong}");
    }
    owner.open(&case).await?;
    owner.submit("#erase", &[]).await?;
    assert_eq!(
        owner.submit("#step-up", &[("proof", &codes[0])]).await?,
        "privacy-case"
    );
    again(gateway, &mut owner).await?;
    assert!(owner.text("#erased").is_some(), "{}", owner.html());
    let used = acts(gateway).await?;
    assert_eq!(
        used.iter().filter(|(act, _)| act == "recovery-code.use").count(),
        1
    );
    // The same one proves nothing a second time.
    look(gateway, &mut owner, "", OWNER).await?;
    let case = owner.path().to_owned();
    owner.open(&case).await?;
    owner.submit("#erase", &[]).await?;
    assert_eq!(
        owner.submit("#step-up", &[("proof", &codes[0])]).await?,
        "step-up"
    );
    gateway.clock.advance_ms(30_000);
    let code = code_now(gateway, &secret);
    assert_eq!(
        owner.submit("#step-up", &[("proof", &code)]).await?,
        "privacy-case"
    );
    again(gateway, &mut owner).await?;
    let refused = owner.text("#refused").unwrap_or_default();
    assert!(refused.contains("usa esta cuenta"), "{refused}");
    Ok(())
}

async fn nothing_is_erased_while_money_is_on_its_way_and_the_page_says_what(
    gateway: &TestGateway,
) -> Result<()> {
    let going = gateway
        .create(json!({ "amount": 2000, "currency": "CLP", "subject": "x" }))
        .await?;
    let mut payer = Payer::at(gateway)?;
    payer.begin_by_hand(&going, RUT, EMAIL).await?;
    payer.declare().await?;
    let mut owner = gateway.console().await?;
    look(gateway, &mut owner, RUT, "").await?;
    owner.submit("#erase", &[]).await?;
    owner.confirm().await?;
    again(gateway, &mut owner).await?;
    let refused = owner.text("#refused").unwrap_or_default();
    assert!(refused.contains(&going) && refused.contains("está"), "{refused}");
    assert!(!told_of(gateway, &NEEDLES).await?.is_empty());
    // Nobody pays: after a while it may be erased.
    gateway.advance(SignedDuration::from_mins(30)).await?;
    gateway.clock.advance_ms(6 * 3_600_000);
    gateway.work().await?;
    look(gateway, &mut owner, RUT, "").await?;
    owner.submit("#erase", &[]).await?;
    owner.confirm().await?;
    again(gateway, &mut owner).await?;
    assert!(owner.text("#erased").is_some(), "{}", owner.html());
    Ok(())
}

async fn a_case_is_its_askers_alone_and_forgotten_within_the_hour(gateway: &TestGateway) -> Result<()> {
    paid(gateway, "").await?;
    let mut owner = gateway.console().await?;
    look(gateway, &mut owner, RUT, "").await?;
    let case = owner.path().to_owned();
    let token = csrf(&owner);
    for role in [Role::Collector, Role::ReadOnly] {
        let mut other = gateway.console_as(role).await?;
        for path in ["/console/privacy", case.as_str()] {
            other.open(path).await?;
            assert_eq!(other.status(), 403, "{path}");
        }
        other.open("/console").await?;
        assert!(
            !other.html().contains("href=\"/console/privacy\""),
            "it is in no menu of theirs"
        );
    }
    let colleague = gateway.console_of(gateway.receiver_id, "otra@comercio.example", Role::Owner);
    for mut other in [colleague.await?, stranger(gateway).await?] {
        for path in [case.clone(), format!("{case}/person.json")] {
            other.open(&path).await?;
            assert_eq!(other.status(), 404, "{path}");
        }
        let own = csrf(&other);
        other.open("/console/privacy").await?;
        let token = if own.is_empty() { csrf(&other) } else { own };
        other.post(&format!("{case}/file"), &[("csrf", &token)]).await?;
        assert_eq!(other.status(), 404);
    }
    owner.post(&format!("{case}/file"), &[("csrf", "x")]).await?;
    assert_eq!(owner.status(), 403, "a form of no page of ours");
    owner.post(&format!("{case}/file"), &[("csrf", &token)]).await?;
    gateway.work().await?;
    owner.post(&format!("{case}/file"), &[("csrf", &token)]).await?;
    assert!(said(&owner).contains("otra ventana"), "{}", owner.html());

    let sealed = rows(&gateway.app.db, "SELECT person_sealed FROM person_cases").await?;
    assert!(
        sealed
            .iter()
            .all(|row| row.bytes(0).is_ok_and(|bytes| !bytes.is_empty()))
    );
    gateway.advance(SignedDuration::from_mins(61)).await?;
    owner.open(&case).await?;
    assert_eq!(owner.status(), 404);
    for table in ["person_cases", "person_case_chunks"] {
        let text: &'static str = format!("SELECT 1 FROM {table}").leak();
        assert!(rows(&gateway.app.db, text).await?.is_empty(), "{table}");
    }
    Ok(())
}

async fn who_is_meant_must_be_said_and_stands_in_no_address(gateway: &TestGateway) -> Result<()> {
    let mut owner = gateway.console().await?;
    for (rut, email, said) in [
        ("", "", "Escriba un RUT o un correo"),
        ("11.111.111-2", "", "RUT no es válido"),
        ("", "ana", "no es una dirección"),
    ] {
        owner.open("/console/privacy").await?;
        assert_eq!(
            owner.submit("#look", &[("rut", rut), ("email", email)]).await?,
            "privacy"
        );
        assert_eq!(owner.status(), 422);
        assert!(
            owner.text("#problem").unwrap_or_default().contains(said),
            "{}",
            owner.html()
        );
    }
    look(gateway, &mut owner, RUT, EMAIL).await?;
    let path = owner.path().to_owned();
    assert!(!path.contains("1111") && !path.contains('@'), "{path}");
    assert!(owner.text("#who").unwrap_or_default().contains(RUT));
    assert!(owner.text("#nothing").is_some(), "{}", owner.html());
    assert!(
        owner.attribute("#erase", "action").is_none(),
        "there is nothing to erase"
    );
    for _ in 0..19 {
        owner.open("/console/privacy").await?;
        owner.submit("#look", &[("rut", RUT)]).await?;
    }
    owner.open("/console/privacy").await?;
    assert_eq!(
        owner.submit("#look", &[("rut", RUT)]).await?,
        "privacy",
        "twenty in an hour"
    );
    assert_eq!(owner.status(), 422);
    Ok(())
}
