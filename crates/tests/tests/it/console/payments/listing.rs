//! Pages of the list, and its filters.

use anyhow::Result;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::on_both_engines;
use serde_json::json;

use super::{follow, ids, list};
use crate::bodies::payment;

on_both_engines!(
    pages_stay_where_they_are_while_payments_are_made,
    amounts_and_days_bound_a_list,
    a_list_says_how_far_it_looked,
    a_filter_that_can_not_be_read_is_told,
    a_payment_that_can_not_be_read_is_listed_as_such_among_the_rest,
);

async fn make(gateway: &TestGateway, count: usize, subject: &str) -> Result<Vec<String>> {
    let mut made = Vec::new();
    for number in 0..count {
        let body = json!({"subject": format!("{subject} {number}"), "amount": 1000 + number});
        made.push(gateway.create(payment(&body)).await?);
        gateway.clock.advance_ms(1);
    }
    made.reverse();
    Ok(made)
}

async fn pages_stay_where_they_are_while_payments_are_made(gateway: &TestGateway) -> Result<()> {
    let newest_first = make(gateway, 60, "Cuota").await?;
    gateway.work().await?;
    let mut person = gateway.console().await?;
    for query in ["", "q=cuota", "state=pending"] {
        let mut pages = vec![list(&mut person, query).await?];
        assert_eq!(person.attribute("#newer", "href"), None);
        while follow(&mut person, "#older").await? {
            make(gateway, 1, "Después").await?;
            pages.push(ids(&person));
        }
        assert_eq!(
            pages.iter().map(Vec::len).collect::<Vec<_>>(),
            [25, 25, 10],
            "{query}"
        );
        assert_eq!(pages.concat(), newest_first, "{query}");
        // Back to where the second page was, although the list has grown.
        assert!(follow(&mut person, "#newer").await?);
        assert_eq!(ids(&person), pages[1], "{query}");
    }
    Ok(())
}

async fn amounts_and_days_bound_a_list(gateway: &TestGateway) -> Result<()> {
    let first_day = make(gateway, 3, "Lunes").await?;
    gateway.advance(jiff::SignedDuration::from_hours(24)).await?;
    let second_day = make(gateway, 2, "Martes").await?;
    gateway.work().await?;
    let mut person = gateway.console().await?;
    assert_eq!(list(&mut person, "from=2026-03-03").await?, second_day);
    assert_eq!(list(&mut person, "to=2026-03-02").await?, first_day);
    assert_eq!(
        list(&mut person, "from=2026-03-02&to=2026-03-02&q=martes").await?,
        Vec::<String>::new()
    );
    assert_eq!(list(&mut person, "least=1.001&most=1.001").await?.len(), 2);
    assert_eq!(
        list(&mut person, "least=1.001&most=1.002&to=2026-03-02").await?,
        first_day[..2]
    );
    assert_eq!(list(&mut person, "most=999,5").await?, Vec::<String>::new());
    Ok(())
}

async fn a_list_says_how_far_it_looked(gateway: &TestGateway) -> Result<()> {
    let rare = make(gateway, 1, "Raro").await?;
    gateway.clock.advance_ms(1);
    for _ in 0..1_010 {
        gateway.create(payment(&json!({"subject": "Común"}))).await?;
    }
    gateway.work().await?;
    let mut person = gateway.console().await?;
    // A range of amounts is all that is asked for: nothing to walk along but the whole list.
    assert!(list(&mut person, "least=1000&most=1000,5&q=").await?.len() == 25);
    let body = json!({"subject": "Grande", "amount": 900_000});
    let large = gateway.create(payment(&body)).await?;
    assert_eq!(list(&mut person, "least=800000").await?, [large]);
    assert!(person.attribute("#look-on", "href").is_some());
    assert!(follow(&mut person, "#look-on").await?);
    assert!(ids(&person).is_empty());
    assert_eq!(person.attribute("#look-on", "href"), None, "the list is over");
    assert_eq!(
        list(&mut person, "q=raro").await?,
        rare,
        "a rare word is found wherever it is"
    );
    Ok(())
}

async fn a_filter_that_can_not_be_read_is_told(gateway: &TestGateway) -> Result<()> {
    let made = make(gateway, 1, "Uno").await?;
    let mut person = gateway.console().await?;
    assert_eq!(list(&mut person, "least=mucho&from=ayer").await?, made);
    assert!(person.text("#least-unread").is_some() && person.text("#from-unread").is_some());
    assert_eq!(person.text("#most-unread"), None);
    Ok(())
}

async fn a_payment_that_can_not_be_read_is_listed_as_such_among_the_rest(
    gateway: &TestGateway,
) -> Result<()> {
    let made = make(gateway, 3, "Cuota").await?;
    gateway.work().await?;
    let damaged = made[1].clone();
    let work = move |tx: &mut Tx<'_>| {
        tx.exec(
            "UPDATE payments SET details = '{' WHERE id = $1",
            &[damaged.as_str().into()],
        )
    };
    let written: Result<u64, StoreError> = gateway.app.db.write("test.damage", work).await;
    assert_eq!(written?, 1);
    let mut person = gateway.console().await?;
    for query in ["", "q=cuota", "state=pending"] {
        assert_eq!(
            list(&mut person, query).await?,
            [made[0].clone(), made[2].clone()]
        );
        assert_eq!(person.status(), 200);
        assert_eq!(person.texts(".unreadable code"), [made[1].clone()], "{query}");
    }
    person.open("/console/payments").await?;
    person
        .submit("form[action='/console/payments/exports']", &[])
        .await?;
    gateway.work().await?;
    person.open("/console/payments/exports").await?;
    let file = person.attribute(".exports a", "href").unwrap_or_default();
    person.open(&file).await?;
    let lines = person.html();
    assert!(made.iter().all(|id| lines.contains(id.as_str())), "{lines}");
    Ok(())
}
