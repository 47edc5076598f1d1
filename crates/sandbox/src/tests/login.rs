//! Who gets in, and for how long.

use axum::http::{StatusCode, header};

use super::browser::{PAYER, PAYER_ACCOUNT, TestBank};

#[tokio::test]
async fn a_wrong_password_or_rut_is_refused_in_the_same_words() {
    let test = TestBank::open();
    for (rut, password) in [(PAYER, "4321"), ("11.111.111-2", "1234"), ("", "")] {
        let answer = test.browser().log_in(rut, password).await;
        assert_eq!(
            (answer.status, answer.page()),
            (StatusCode::UNAUTHORIZED, "login")
        );
        assert_eq!(
            answer.after("data-problem>"),
            "El RUT o la clave no son correctos."
        );
    }
}

#[tokio::test]
async fn a_login_form_of_another_browser_is_refused() {
    let test = TestBank::open();
    let form = test.browser().get("/login").await;
    let fields = [("csrf", form.csrf()), ("rut", PAYER), ("password", "1234")];
    for mut other in [test.browser(), {
        let mut visited = test.browser();
        visited.get("/login").await;
        visited
    }] {
        let answer = other.post("/login", &fields).await;
        assert_eq!(
            (answer.status, answer.page()),
            (StatusCode::FORBIDDEN, "forbidden")
        );
    }
}

#[tokio::test]
async fn a_form_without_the_sessions_own_field_changes_nothing() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    let stranger = test.logged_in("44.444.444-4").await.get("/transfer").await;
    for forged in ["", "0", stranger.csrf()] {
        let answer = payer.order(&[("csrf", forged)]).await;
        assert_eq!(
            (answer.status, answer.page()),
            (StatusCode::FORBIDDEN, "forbidden")
        );
        assert_eq!(
            payer.post("/logout", &[("csrf", forged)]).await.status,
            StatusCode::FORBIDDEN
        );
    }
    let card = payer.order(&[]).await;
    let path = format!("/transfer/{}", card.after("data-draft=\""));
    let typed = [
        ("coordinate_1", "11"),
        ("coordinate_2", "22"),
        ("coordinate_3", "33"),
    ];
    assert_eq!(payer.post(&path, &typed).await.status, StatusCode::FORBIDDEN);
    assert_eq!(crate::book::read(&test.path()).unwrap(), []);
}

#[tokio::test]
async fn a_session_unused_for_fifteen_minutes_ends_with_a_message() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    test.move_clock_minutes(15);
    assert_eq!(payer.get("/accounts").await.page(), "accounts");
    test.move_clock_minutes(16);
    let answer = payer.get("/accounts").await;
    assert_eq!(answer.page(), "login");
    assert_eq!(
        answer.after("data-notice>"),
        "Tu sesión terminó por inactividad. Ingresa de nuevo."
    );
}

#[tokio::test]
async fn nothing_is_executed_in_a_session_that_has_ended() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    let card = payer.order(&[]).await;
    test.move_clock_minutes(16);
    assert_eq!(payer.confirm(&card, "11 22 33").await.page(), "login");
    assert_eq!(crate::book::read(&test.path()).unwrap(), []);
}

#[tokio::test]
async fn leaving_ends_the_session_at_the_bank_too() {
    let test = TestBank::open();
    let mut payer = test.logged_in(PAYER).await;
    let mut stolen = payer.clone();
    let csrf = payer.get("/accounts").await.csrf().to_owned();
    assert_eq!(payer.post("/logout", &[("csrf", &csrf)]).await.page(), "login");
    assert_eq!(stolen.get("/accounts").await.page(), "login");
}

#[tokio::test]
async fn every_page_needs_a_login_and_shows_only_ones_own() {
    let test = TestBank::open();
    let paths = [
        "/accounts",
        "/accounts/000000000000111111111",
        "/transfer",
        "/transfer/x",
        "/receipt/1",
    ];
    for path in paths {
        assert_eq!(test.browser().get(path).await.page(), "login", "{path}");
    }
    let mut stranger = test.logged_in("44.444.444-4").await;
    for path in [
        &format!("/accounts/{PAYER_ACCOUNT}"),
        &format!("/accounts/{PAYER_ACCOUNT}/statement.csv"),
        "/nada",
    ] {
        let answer = stranger.get(path).await;
        assert_eq!(
            (answer.status, answer.page()),
            (StatusCode::NOT_FOUND, "not-found"),
            "{path}"
        );
    }
    let mut payer = test.logged_in(PAYER).await;
    let card = payer.order(&[]).await;
    let draft = format!("/transfer/{}", card.after("data-draft=\""));
    assert_eq!(stranger.get(&draft).await.page(), "not-found");
    assert_eq!(payer.confirm(&card, "11 22 33").await.page(), "receipt");
    let mut third = test.logged_in("22.222.222-2").await;
    assert_eq!(third.get("/receipt/1000000001").await.page(), "not-found");
}

#[tokio::test]
async fn pages_allow_no_script_and_are_not_kept() {
    let test = TestBank::open();
    for path in ["/", "/login", "/accounts", "/nada"] {
        let answer = test.browser().get(path).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        assert!(
            !answer.html.contains("<script") && !answer.html.contains(" style="),
            "{path}"
        );
    }
    let wrong = test.browser().post("/accounts", &[]).await;
    assert_eq!(
        (wrong.status, wrong.page()),
        (StatusCode::METHOD_NOT_ALLOWED, "not-allowed")
    );
    assert!(wrong.headers.contains_key(header::ALLOW));
    let large = test
        .browser()
        .post("/login", &[("rut", &"1".repeat(20_000))])
        .await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
}
