//! Money that waits for a person, decided in the console.

use anyhow::Result;
use ayni_domain::role::Role;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use ayni_testkit::person::Person;
use serde_json::json;

use super::house::{ONCE, act, acts, csrf, said, stranger};
use crate::bodies::{payment, state};
use crate::reconciliation::movements::{account_in_pesos, all, arrives};
use crate::refunds::house::{PAYER, Shop, owed, read_statement};

on_both_engines!(
    a_person_assigns_a_movement_to_the_best_candidate,
    too_much_is_accepted_and_the_rest_goes_back,
    of_two_presses_and_two_people_one_decides,
    an_odd_debit_is_cleared_with_a_reason,
    only_owners_of_the_account_decide,
);

async fn a_person_assigns_a_movement_to_the_best_candidate(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    arrives(gateway, PAYER, 1000, "sin código").await?;
    let mut owner = gateway.console().await?;
    let page = waiting(&mut owner).await?;
    assert_eq!(page, "movement");
    assert!(owner.text("#candidates").unwrap_or_default().contains(&id));
    owner
        .submit(
            "#candidates form[action=\"/console/review/assign\"]",
            &[("payment", id.as_str())],
        )
        .await?;
    assert_eq!(said(&owner), "El cobro quedó pagado con este movimiento.");
    assert_eq!(owner.text("#state").as_deref(), Some("Asignado"));
    assert_eq!(state(gateway, &id).await?, "done/normal");
    let movement = all(gateway).await?[0].id.clone();
    assert_eq!(acts(gateway).await?, [act("review.assign", &movement)]);
    Ok(())
}

async fn too_much_is_accepted_and_the_rest_goes_back(gateway: &TestGateway) -> Result<()> {
    let id = gateway.create(payment(&json!({}))).await?;
    arrives(gateway, PAYER, 1300, &id).await?;
    let mut owner = gateway.console().await?;
    waiting(&mut owner).await?;
    let nonsense = [("payment", "no")];
    owner.submit("#assign", &nonsense).await?;
    assert!(said(&owner).contains("12 letras"), "{}", said(&owner));
    owner.submit("#assign", &[("payment", id.as_str())]).await?;
    assert!(said(&owner).contains("no corresponde"), "{}", said(&owner));
    owner
        .submit(
            "#candidates form[action=\"/console/review/accept\"]",
            &[("payment", id.as_str())],
        )
        .await?;
    assert_eq!(said(&owner), "El cobro quedó pagado y el resto se devuelve.");
    assert_eq!(state(gateway, &id).await?, "done/normal");
    gateway.work().await?;
    assert_eq!(gateway.bank.book()?.last().unwrap().amount.plain(), "300");
    assert_eq!(acts(gateway).await?.len(), 1, "what was refused is no act");
    Ok(())
}

async fn of_two_presses_and_two_people_one_decides(gateway: &TestGateway) -> Result<()> {
    arrives(gateway, PAYER, 1000, "hola").await?;
    let mut owner = gateway.console().await?;
    waiting(&mut owner).await?;
    let mut colleague = gateway
        .console_of(gateway.receiver_id, "socia@example.com", Role::Owner)
        .await?;
    waiting(&mut colleague).await?;
    let (mut first, mut second) = (owner.clone(), owner.clone());
    let sent = tokio::join!(
        first.submit("#return", &[]),
        second.submit("#return", &[]),
        colleague.submit("#return", &[])
    );
    sent.0?;
    sent.1?;
    sent.2?;
    gateway.work().await?;
    assert_eq!(gateway.bank.book()?.len(), 2, "it went back once");
    let noted = acts(gateway).await?;
    let returned = noted
        .iter()
        .filter(|(action, _)| action == "review.return")
        .count();
    assert_eq!(returned, 1, "{noted:?}");
    Ok(())
}

async fn an_odd_debit_is_cleared_with_a_reason(gateway: &TestGateway) -> Result<()> {
    let shop = Shop::of(gateway);
    let id = shop.paid(gateway, 1000).await?;
    shop.refund(gateway, &id, Some(400)).await?;
    gateway.work().await?;
    read_statement(gateway).await?;
    let order = gateway.payment(&id).await?["refunds"][0]["id"].clone();
    let comment = format!("{} again", order.as_str().unwrap_or_default());
    gateway.bank.transfer(&shop.rut, PAYER, 400, &comment).await?;
    read_statement(gateway).await?;
    let collected = owed(gateway, "collected").await?;
    let mut owner = gateway.console().await?;
    waiting(&mut owner).await?;
    owner.submit("#acknowledge", &[("reason", " ")]).await?;
    assert!(said(&owner).contains("motivo"), "{}", said(&owner));
    let from = format!("collected:{}", gateway.receiver_id);
    let fields = [("from", from.as_str()), ("reason", "se pagó dos veces")];
    owner.submit("#acknowledge", &fields).await?;
    assert_eq!(owner.text("#state").as_deref(), Some("Explicado"));
    assert_eq!(owner.text("#why").as_deref(), Some("se pagó dos veces"));
    assert_eq!(owed(gateway, "collected").await?, collected - 400);
    assert_eq!(acts(gateway).await?[0].0, "review.acknowledge");
    Ok(())
}

async fn only_owners_of_the_account_decide(gateway: &TestGateway) -> Result<()> {
    let movement = arrives(gateway, PAYER, 1000, "hola").await?.id;
    let uuid = account_in_pesos(gateway).await?;
    let acts_on_it =
        ["assign", "accept", "return", "acknowledge"].map(|act| format!("/console/review/{act}"));
    let fields = |token: &str| {
        [
            ("csrf", token.to_owned()),
            ("once", ONCE.to_owned()),
            ("account", uuid.clone()),
        ]
        .into_iter()
        .chain([
            ("movement", movement.clone()),
            ("payment", "aaaaaaaaaaaa".to_owned()),
        ])
        .collect::<Vec<_>>()
    };
    for role in [Role::Collector, Role::ReadOnly] {
        let mut person = gateway.console_as(role).await?;
        waiting(&mut person).await?;
        assert!(person.text("#not-yours").is_some() && person.text("#return").is_none());
        let all = fields(&csrf(&person));
        let all: Vec<(&str, &str)> = all.iter().map(|(name, text)| (*name, text.as_str())).collect();
        for path in &acts_on_it {
            assert_eq!(person.post(path, &all).await?, "forbidden", "{role:?} {path}");
        }
    }
    let mut other = stranger(gateway).await?;
    other.open("/console/review").await?;
    assert!(other.text("#none").is_some());
    let page = format!("/console/review/movement?account={uuid}&movement={movement}");
    assert_eq!(other.open(&page).await?, "not-found");
    other.open("/console").await?;
    let all = fields(&csrf(&other));
    let all: Vec<(&str, &str)> = all.iter().map(|(name, text)| (*name, text.as_str())).collect();
    for path in &acts_on_it {
        assert_eq!(other.post(path, &all).await?, "not-found", "{path}");
    }
    assert!(acts(gateway).await?.is_empty());
    Ok(())
}

/// Opens the first movement of the queue.
async fn waiting(person: &mut Person) -> Result<String> {
    assert_eq!(person.open("/console/review").await?, "review");
    let href = person.attribute(".list a", "href").unwrap_or_default();
    person.open(&href).await
}
