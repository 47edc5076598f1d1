//! Who gets in, with and without a second factor.

use axum::http::StatusCode;

use super::{TestPortal, cells, log_in, log_in_with, token};
use crate::portal::magic::{PASSWORD, SECOND_FACTOR_CODE};

const WITH_CODE: &str = "10.001.030-5";

#[tokio::test]
async fn the_example_person_has_one_service() {
    let test = TestPortal::open();
    let page = log_in(&mut test.browser(), "11.111.111-1").await;
    assert_eq!(page.page(), "services");
    assert_eq!(cells(&page, "empresa"), ["Entel PCS Movil"]);
    assert_eq!(cells(&page, "tipo"), ["Telefonía Celular"]);
    assert_eq!(cells(&page, "identificador"), ["221100111"]);
}

#[tokio::test]
async fn a_wrong_password_and_a_blocked_account_are_said() {
    let test = TestPortal::open();
    for (rut, password, said) in [
        ("11.111.111-1", "1234", "El RUT o la clave no son correctos."),
        ("11.111.111-2", PASSWORD, "El RUT o la clave no son correctos."),
        (
            "10.001.020-8",
            PASSWORD,
            "Su cuenta está bloqueada. Llame al servicio al cliente.",
        ),
        ("10.001.020-8", "1234", "El RUT o la clave no son correctos."),
    ] {
        let page = log_in_with(&mut test.browser(), rut, password).await;
        assert_eq!((page.status, page.page()), (StatusCode::OK, "login"));
        assert_eq!(page.after("role=\"alert\">"), said, "{rut}");
    }
}

#[tokio::test]
async fn a_person_with_a_second_factor_gives_the_code_each_time() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let page = log_in(&mut person, WITH_CODE).await;
    assert_eq!(page.page(), "code");
    assert_eq!(person.get("/mis-servicios").await.page(), "login");
    let wrong = person
        .post(
            "/ingresar/codigo",
            &[("_token", token(&page)), ("codigo", "654321")],
        )
        .await;
    assert_eq!(
        (wrong.page(), wrong.after("role=\"alert\">")),
        ("code", "El código no es correcto.")
    );
    let forged = person
        .post("/ingresar/codigo", &[("codigo", SECOND_FACTOR_CODE)])
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let fields = [("_token", token(&wrong)), ("codigo", SECOND_FACTOR_CODE)];
    assert_eq!(person.post("/ingresar/codigo", &fields).await.page(), "services");
    assert_eq!(person.post("/ingresar/codigo", &fields).await.page(), "expired");
    assert_eq!(log_in(&mut person, WITH_CODE).await.page(), "code");
}

#[tokio::test]
async fn the_third_wrong_code_ends_the_login() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let page = log_in(&mut person, WITH_CODE).await;
    let fields = [("_token", token(&page)), ("codigo", "1")];
    for shown in ["code", "code", "expired", "expired"] {
        assert_eq!(person.post("/ingresar/codigo", &fields).await.page(), shown);
    }
}

#[tokio::test]
async fn a_remembered_device_needs_no_code_even_after_a_restart_but_another_person_does() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let page = log_in(&mut person, WITH_CODE).await;
    let fields = [
        ("_token", token(&page)),
        ("codigo", SECOND_FACTOR_CODE),
        ("recordar", "1"),
    ];
    assert_eq!(person.post("/ingresar/codigo", &fields).await.page(), "services");
    assert_eq!(log_in(&mut person, WITH_CODE).await.page(), "services");
    assert_eq!(log_in(&mut test.browser(), WITH_CODE).await.page(), "code");
    let restarted = TestPortal::open();
    person.visit(restarted.portal.router());
    assert_eq!(log_in(&mut person, WITH_CODE).await.page(), "services");
}

#[tokio::test]
async fn leaving_ends_the_session_and_so_does_time() {
    let test = TestPortal::open();
    let mut person = test.browser();
    let page = log_in(&mut person, "11.111.111-1").await;
    let mut stolen = person.clone();
    let forged = person.post("/salir", &[("_token", "0")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(
        person.post("/salir", &[("_token", token(&page))]).await.page(),
        "login"
    );
    assert_eq!(stolen.get("/mis-servicios").await.page(), "login");
    log_in(&mut person, "11.111.111-1").await;
    test.move_clock_minutes(16);
    let ended = person.get("/mis-servicios").await;
    assert_eq!(
        ended.after("role=\"status\">"),
        "Su sesión ha expirado. Ingrese otra vez."
    );
}
