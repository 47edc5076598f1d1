//! What a statement shows, page by page and as a file.

use rusqlite::params;

use super::browser::{Answer, PAYEE, PAYEE_ACCOUNT, PAYER, PAYER_ACCOUNT, TestBank};

fn movements(page: &Answer) -> Vec<i64> {
    let rows = page.html.split("data-movement=\"").skip(1);
    rows.map(|row| row.split('"').next().unwrap().parse().unwrap())
        .collect()
}

/// So many credits on the payee's account, written straight into the file.
fn fill(test: &TestBank, rows: i64) {
    let mut connection = rusqlite::Connection::open(test.path()).unwrap();
    let transaction = connection.transaction().unwrap();
    for number in 1..=rows {
        let operation =
            "INSERT INTO operations VALUES (?1, ?2, ?3, ?4, 'Holder', 10000, 'comment', 'completed')";
        transaction
            .prepare_cached(operation)
            .unwrap()
            .execute(params![number, number, PAYER_ACCOUNT, PAYEE_ACCOUNT])
            .unwrap();
        let movement = "INSERT INTO movements VALUES (?1, ?2, ?2, 10000, ?2)";
        transaction
            .prepare_cached(movement)
            .unwrap()
            .execute(params![PAYEE_ACCOUNT, number])
            .unwrap();
    }
    let account = "INSERT INTO accounts VALUES (?1, ?2, ?3)";
    transaction
        .execute(
            account,
            params![PAYEE_ACCOUNT, 50_000_000_000_000 + rows * 10_000, rows],
        )
        .unwrap();
    transaction.commit().unwrap();
}

#[tokio::test]
async fn a_transfer_stands_on_both_statements_under_ids_of_their_own() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    payer
        .transfer(
            &[("number", "000000000000222222222"), ("rut", "22.222.222-2")],
            "11 22 33",
        )
        .await;
    payer.transfer(&[("amount", "25000")], "11 22 33").await;
    let debit = payer.get(&format!("/accounts/{PAYER_ACCOUNT}")).await;
    assert_eq!(movements(&debit), [2, 1]);
    assert_eq!(debit.after("data-name=\"debit\"><data value=\""), "25000.0000");
    assert_eq!(
        debit.after("data-name=\"counterpart\">"),
        "Cobrador de desarrollo #990.939"
    );
    let credit = test
        .logged_in(PAYEE)
        .await
        .get(&format!("/accounts/{PAYEE_ACCOUNT}"))
        .await;
    assert_eq!(movements(&credit), [1]);
    for (before, expected) in [
        ("<time datetime=\"", "2026-09-21T14:13:20.123Z"),
        ("data-name=\"comment\">", "gqzdy6chjne9-1"),
        ("data-name=\"rut\">", PAYER),
        ("data-name=\"account\">", PAYER_ACCOUNT),
        ("data-name=\"operation\">", "1000000002"),
        ("data-name=\"credit\"><data value=\"", "25000.0000"),
        ("data-name=\"balance\"><data value=\"", "5000025000.0000"),
        ("data-opening>", "$5.000.000.000"),
    ] {
        assert_eq!(credit.after(before), expected, "{before}");
    }
}

#[tokio::test]
async fn a_hundred_thousand_movements_are_paged_without_gap_or_repetition() {
    let test = TestBank::open();
    fill(&test, 100_020);
    let mut payee = test.logged_in(PAYEE).await;
    for (page, newest, oldest) in [
        (1, 100_020, 99_971),
        (2, 99_970, 99_921),
        (2000, 70, 21),
        (2001, 20, 1),
    ] {
        let answer = payee.get(&format!("/accounts/{PAYEE_ACCOUNT}?page={page}")).await;
        assert_eq!(
            movements(&answer),
            (oldest..=newest).rev().collect::<Vec<i64>>(),
            "{page}"
        );
        assert_eq!(answer.html.contains("rel=\"next\""), page < 2001);
        assert_eq!(answer.after("data-pages=\""), "2001");
    }
    for page in ["0", "-1", "2002", "x", "99999999999999999999"] {
        assert_eq!(
            payee
                .get(&format!("/accounts/{PAYEE_ACCOUNT}?page={page}"))
                .await
                .page(),
            "not-found"
        );
    }
}

#[tokio::test]
async fn the_file_has_every_movement_of_a_long_statement() {
    let test = TestBank::open();
    fill(&test, 1_234);
    let mut payee = test.logged_in(PAYEE).await;
    let file = payee
        .get(&format!("/accounts/{PAYEE_ACCOUNT}/statement.csv"))
        .await;
    let mut lines = csv::Reader::from_reader(file.html.as_bytes());
    let columns = lines.headers().unwrap().iter().collect::<Vec<_>>().join(" ");
    assert_eq!(
        columns,
        "movimiento fecha descripcion contraparte rut cuenta operacion cargo abono saldo moneda"
    );
    let numbers: Vec<i64> = lines
        .records()
        .map(|line| line.unwrap()[0].parse().unwrap())
        .collect();
    assert_eq!(numbers, (1..=1_234).rev().collect::<Vec<i64>>());
}

#[tokio::test]
async fn the_file_says_the_same_as_the_page() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    payer.transfer(&[("comment", "uno, \"dos\"")], "11 22 33").await;
    let file = payer
        .get(&format!("/accounts/{PAYER_ACCOUNT}/statement.csv"))
        .await;
    let line = file.html.lines().nth(1).unwrap();
    let expected = "1,2026-09-21T14:13:20.123Z,\"uno, \"\"dos\"\"\",Cobrador de desarrollo #990.939,44.444.444-4,\
        000000000000444444444,1000000001,1000,,4999999000,CLP";
    assert_eq!(line, expected);
}

#[tokio::test]
async fn an_account_never_used_shows_its_opening_balance() {
    let test = TestBank::open();
    let mut payee = test.logged_in(PAYEE).await;
    let accounts = payee.get("/accounts").await;
    assert_eq!(accounts.html.matches("data-account=").count(), 8);
    let statement = payee.get("/accounts/400000000000444444444").await;
    assert_eq!(
        (statement.page(), statement.after("data-opening>")),
        ("statement", "US$ 5.000.000.000,00")
    );
    assert_eq!(movements(&statement), Vec::<i64>::new());
}
