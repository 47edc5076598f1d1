//! Links, and forms of their pages.

use anyhow::{Context as _, Result};
use ayni_domain::ids::{AccountId, LinkCode};
use ayni_domain::lang::Lang;
use ayni_domain::payment_link::PaymentLink;
use ayni_gateway::merchants::accounts;
use ayni_gateway::payment_links::commands;
use ayni_gateway::witness::Witness;
use ayni_testkit::client;
use ayni_testkit::gateway::TestGateway;
use ayni_testkit::http::Answer;
use serde_json::{Value, json};

/// A link in pesos for «Entrada», with what is said besides.
pub async fn link(gateway: &TestGateway, more: Value) -> Result<PaymentLink> {
    let account = accounts::find(&gateway.app.db, AccountId(gateway.receiver_id)).await?;
    let mut body = json!({ "currency": "CLP", "subject": "Entrada" });
    let fields = body.as_object_mut().context("no object")?;
    fields.extend(more.as_object().cloned().unwrap_or_default());
    let body = body.to_string();
    let made = commands::create(
        &gateway.app,
        &account,
        (commands::new_code(&gateway.app), body.as_bytes()),
        Lang::Es,
        Witness::nobody(),
    );
    Ok(made.await?)
}

/// Its page's path.
pub fn path(code: LinkCode) -> String {
    format!("/payment/process/{code}")
}

/// The hidden fields of a page that was just opened.
pub async fn form(gateway: &TestGateway, code: LinkCode) -> Result<Vec<(&'static str, String)>> {
    let page = gateway.call_as("GET", &path(code), &[]).await?.text();
    let hidden = |name: &'static str| -> Result<(&'static str, String)> {
        let after = page
            .split_once(&format!("name=\"{name}\" value=\""))
            .with_context(|| format!("no {name} in {page}"))?
            .1;
        Ok((name, after.split('"').next().unwrap_or_default().to_owned()))
    };
    Ok(vec![hidden("mark")?, hidden("version")?])
}

/// Sends a form with what a payer fills in.
pub async fn send(
    gateway: &TestGateway,
    code: LinkCode,
    hidden: &[(&'static str, String)],
    filled: &[(&str, &str)],
) -> Result<Answer> {
    let hidden = hidden.iter().map(|(name, value)| (*name, value.as_str()));
    let pairs: Vec<(&str, &str)> = hidden.chain(filled.iter().copied()).collect();
    client::post(gateway, &path(code), &pairs, &[]).await
}

/// The payment that an answer leads to.
pub fn payment_of(answer: &Answer) -> Option<String> {
    let location = answer.header("location")?;
    Some(location.strip_prefix("/payment/info/")?.to_owned())
}

/// The name of the page that was answered.
pub fn page_of(answer: &Answer) -> String {
    let text = answer.text();
    let name = text.split_once("data-page=\"").map_or("", |(_, after)| after);
    name.split('"').next().unwrap_or_default().to_owned()
}

/// How often the link was used.
pub async fn uses(gateway: &TestGateway, code: LinkCode) -> Result<(i64, usize)> {
    let link = commands::find_of(&gateway.app, AccountId(gateway.receiver_id), code).await?;
    let listed = commands::uses(&gateway.app, code, None, 100).await?;
    Ok((link.uses, listed.len()))
}
