mod attempts;
mod browser;
mod house;
mod live;
mod pages;
mod walk;

use ayni_domain::ids::PaymentId;

use self::browser::{Page, TestBrowser};

/// From the payment's page to the bank's login.
async fn choose_bank(browser: &mut TestBrowser, id: PaymentId) -> Page {
    let info = browser.get(&format!("/payment/info/{id}")).await;
    let method = [("bank", "Bawdf"), ("method", "simplified_transfer")];
    browser.submit(&info, "choose", &method).await
}

/// From the login to the choice of the account, for this RUT.
async fn log_in(browser: &mut TestBrowser, page: &Page, rut: &str) -> Page {
    browser
        .submit(page, "answer", &[("rut", rut), ("password", "1234")])
        .await
}

/// From the payment's page to the coordinates.
async fn reach_coordinates(browser: &mut TestBrowser, id: PaymentId, rut: &str) -> Page {
    let login = choose_bank(browser, id).await;
    let accounts = log_in(browser, &login, rut).await;
    assert_eq!(accounts.name(), "account", "{}", accounts.html);
    let (field, value) = (
        accounts.attribute("input[type=radio]", "name"),
        accounts.attribute("input[type=radio]", "value"),
    );
    browser
        .submit(&accounts, "answer", &[(field.as_str(), value.as_str())])
        .await
}

/// From the coordinates to the result.
async fn give_coordinates(browser: &mut TestBrowser, page: &Page, values: [&str; 3]) -> Page {
    let [one, two, three] = values;
    let fields = [
        ("coordinate_1", one),
        ("coordinate_2", two),
        ("coordinate_3", three),
    ];
    browser.submit(page, "answer", &fields).await
}

const PAYER: &str = "44.444.444-4";
const RIGHT: [&str; 3] = ["11", "22", "33"];
const REFUSED: [&str; 3] = ["99", "99", "99"];
const UNCLEAR: [&str; 3] = ["66", "66", "66"];
