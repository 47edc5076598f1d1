//! A list as a file: exact, safe in a spreadsheet, its account's own, gone after a day.

use anyhow::Result;
use ayni_domain::role::Role;
use ayni_testkit::account;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::payer::Payer;
use ayni_testkit::person::Person;
use jiff::SignedDuration;
use serde_json::json;

use crate::bodies::payment;
use crate::console::house::{act, acts};

on_both_engines!(
    a_file_tells_each_payment_exactly,
    who_takes_payers_data_away_in_a_file_is_noted,
    a_large_file_has_every_payment_once,
    a_file_is_its_accounts_own_and_gone_after_a_day,
    no_more_than_three_files_are_written_at_once,
);

/// Asks for the list that is open as a file.
async fn export(person: &mut Person) -> Result<String> {
    person
        .submit("form[action='/console/payments/exports']", &[])
        .await
}

async fn download(person: &mut Person) -> Result<String> {
    person.open("/console/payments/exports").await?;
    let href = person.attribute(".exports a", "href").unwrap_or_default();
    person.open(&href).await?;
    assert_eq!(person.header("content-type"), Some("text/csv; charset=utf-8"));
    Ok(person.html())
}

async fn who_takes_payers_data_away_in_a_file_is_noted(gateway: &TestGateway) -> Result<()> {
    gateway.create(payment(&json!({}))).await?;
    let mut reader = gateway.console_as(Role::ReadOnly).await?;
    reader.open("/console/payments").await?;
    export(&mut reader).await?;
    gateway.work().await?;
    download(&mut reader).await?;
    let id = reader.path().rsplit('/').next().unwrap_or_default().to_owned();
    assert_eq!(acts(gateway).await?, [act("payment.export", &id)]);
    Ok(())
}

async fn a_file_tells_each_payment_exactly(gateway: &TestGateway) -> Result<()> {
    let body = json!({
        "amount": 15_340, "subject": "=SUM(A1), \"dos\"", "transaction_id": "@T-1", "payer_name": "-Ana",
        "payer_email": "ana@example.com", "fixed_payer_personal_identifier": "123456785",
    });
    let first = gateway.create(payment(&body)).await?;
    gateway.clock.advance_ms(60_000);
    let paid = gateway.create(payment(&json!({"subject": "Pagado"}))).await?;
    Payer::at(gateway)?.pay(&paid, "11.111.111-1", "11 22 33").await?;
    gateway.work().await?;
    let told = gateway.payment(&paid).await?;
    let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
    let mut person = gateway.console().await?;
    person.open("/console/payments").await?;
    assert_eq!(export(&mut person).await?, "payment-exports");
    assert!(
        person.html().contains("http-equiv=\"refresh\""),
        "it is being written"
    );
    gateway.work().await?;
    let file = download(&mut person).await?;
    let lines: Vec<&str> = file.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].starts_with("\u{feff}Cobro,Creado,Vence,Estado,"),
        "{}",
        lines[0]
    );
    let expected = format!(
        "{paid},2026-03-02 12:01:00,2026-03-03 12:01:00,Pagado,done/normal,1000,CLP,Pagado,,{},{},11.111.111-1,{},{},\
         2026-03-02 12:01:00",
        text("payer_name"),
        text("payer_email"),
        text("bank"),
        lines[1].rsplit(',').nth(1).unwrap_or_default(),
    );
    assert_eq!(lines[1], expected);
    let expected = format!(
        "{first},2026-03-02 12:00:00,2026-03-03 12:00:00,Pendiente,pending,15340,CLP,\"'=SUM(A1), \"\"dos\"\"\",'@T-1,\
         '-Ana,ana@example.com,12.345.678-5,,,"
    );
    assert_eq!(lines[2], expected);
    Ok(())
}

async fn a_large_file_has_every_payment_once(gateway: &TestGateway) -> Result<()> {
    let mut made = Vec::new();
    for number in 0..620 {
        let subject = if number % 2 == 0 { "Par" } else { "Impar" };
        made.push((
            gateway.create(payment(&json!({"subject": subject}))).await?,
            subject,
        ));
    }
    gateway.work().await?;
    let mut person = gateway.console().await?;
    for (query, wanted) in [("", vec!["Par", "Impar"]), ("?q=impar", vec!["Impar"])] {
        person.open(&format!("/console/payments{query}")).await?;
        export(&mut person).await?;
        gateway.clock.advance_ms(1);
        gateway
            .create(payment(&json!({"subject": "Después, impar"})))
            .await?;
        gateway.work().await?;
        let file = download(&mut person).await?;
        let mut told: Vec<&str> = file
            .split_terminator("\r\n")
            .skip(1)
            .map(|line| &line[..12])
            .collect();
        told.sort_unstable();
        let mut expected: Vec<&str> = made
            .iter()
            .filter(|(_, subject)| wanted.contains(subject))
            .map(|(id, _)| id.as_str())
            .collect();
        expected.sort_unstable();
        if query.is_empty() {
            assert_eq!(told, expected);
        } else {
            assert!(expected.iter().all(|id| told.contains(id)));
        }
        gateway.clock.advance_ms(1);
    }
    Ok(())
}

async fn a_file_is_its_accounts_own_and_gone_after_a_day(gateway: &TestGateway) -> Result<()> {
    gateway.create(payment(&json!({}))).await?;
    let mut person = gateway.console().await?;
    person.open("/console/payments").await?;
    export(&mut person).await?;
    gateway.work().await?;
    person.open("/console/payments/exports").await?;
    let href = person.attribute(".exports a", "href").unwrap_or_default();
    let other = account::open(&gateway.app, "96.806.980-2", None).await?;
    let mut stranger = gateway
        .console_of(other.receiver_id, "otra@example.com", Role::Owner)
        .await?;
    stranger.open(&href).await?;
    assert_eq!(stranger.status(), 404);
    person.open(&href).await?;
    assert_eq!(person.status(), 200);
    gateway.advance(SignedDuration::from_hours(25)).await?;
    let mut person = gateway.console().await?;
    person.open(&href).await?;
    assert_eq!(person.status(), 404);
    Ok(())
}

async fn no_more_than_three_files_are_written_at_once(gateway: &TestGateway) -> Result<()> {
    gateway.create(payment(&json!({}))).await?;
    let mut person = gateway.console().await?;
    for _ in 0..3 {
        person.open("/console/payments").await?;
        export(&mut person).await?;
        assert_eq!(person.text("#flash"), None);
    }
    person.open("/console/payments").await?;
    export(&mut person).await?;
    assert!(person.text("#flash").is_some());
    Ok(())
}
