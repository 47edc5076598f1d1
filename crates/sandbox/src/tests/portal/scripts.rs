//! The same site drawn in the browser.

use super::{TestPortal, ask, cells};

#[tokio::test]
async fn without_its_script_the_page_shows_no_amount_but_carries_the_data() {
    let test = TestPortal::open();
    let mut person = test.browser();
    assert!(
        person
            .get("/app/")
            .await
            .html
            .contains("href=\"/app/categorias/agua\"")
    );
    let page = ask(&mut person, "/app/pagar/aguas-andinas", "25252525").await;
    assert_eq!(page.page(), "debt");
    assert!(cells(&page, "monto").is_empty() && page.after("id=\"total\">").is_empty());
    let data = page.html.split("id=\"datos-deuda\">").nth(1).unwrap();
    let data: serde_json::Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    assert_eq!(data["cuentas"][0]["monto"], "$15.340");
    assert!(page.html.contains("src=\"/estaticos/deuda.js\""));
    assert!(
        person
            .get("/estaticos/deuda.js")
            .await
            .html
            .contains("tabla-deuda")
    );
}
