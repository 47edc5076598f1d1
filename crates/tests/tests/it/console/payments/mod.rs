//! `/console/payments`: finding, listing and exporting payments, and one payment's page.

mod exporting;
mod finding;
mod forgetting;
mod listing;
mod one;
mod walking;

use anyhow::Result;
use ayni_testkit::person::Person;

/// The payments of the list that is open, in its order.
fn ids(person: &Person) -> Vec<String> {
    let html = person.html();
    let rows = html
        .split("<th scope=\"row\"><a href=\"/console/payments/")
        .skip(1);
    rows.filter_map(|row| row.get(..12)).map(str::to_owned).collect()
}

/// What is found for what somebody types.
async fn find(person: &mut Person, typed: &str) -> Result<Vec<String>> {
    person.open("/console/payments").await?;
    person.submit("#find-payments", &[("q", typed)]).await?;
    Ok(ids(person))
}

/// The list of this query.
async fn list(person: &mut Person, query: &str) -> Result<Vec<String>> {
    person.open(&format!("/console/payments?{query}")).await?;
    Ok(ids(person))
}

/// Follows a link of the open page; false where there is none.
async fn follow(person: &mut Person, selector: &str) -> Result<bool> {
    match person.attribute(selector, "href") {
        Some(href) => {
            person.open(&href).await?;
            Ok(true)
        }
        None => Ok(false),
    }
}
