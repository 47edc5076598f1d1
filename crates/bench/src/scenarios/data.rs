//! The data side: debts a second and what one costs against a bare client that visits and parses the same pages, and
//! accepted operations a second against creations of payments.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, SET_COOKIE};
use axum::http::{Request, Response};
use ayni_testkit::merchant::Merchant;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use scraper::{Html, Selector};
use tokio::net::TcpStream;

use super::Plan;
use crate::load::{Requests, drive};
use crate::process::cpu::Cpu;
use crate::process::{Gateway, portal};
use crate::table::{Pairs, Table};
use crate::wire;

/// Debts a second over HTTP, and processor time for each against a bare client's, at the same portal.
pub async fn debts(ayni: &Path, plan: Plan, table: &mut Table) -> Result<()> {
    let portal = portal(ayni)?;
    let gateway = Gateway::start_at(ayni, portal.address)?;
    let (mut rates, mut costs) = (Pairs::default(), Pairs::default());
    let mut cpu_ms = Vec::new();
    for round in 0..plan.rounds {
        let requests = asks(&gateway, None, round as u64);
        let before = Cpu::of(gateway.process.id())?;
        let ours = drive(gateway.process.address, PLACES, plan.time, requests).await?;
        let spent = Cpu::of(gateway.process.id())?.saturating_sub(before);
        let done = ours.per_s * ours.took_s;
        let own = Cpu::of(std::process::id())?;
        let (bare, took) = bare(portal.address, plan.time).await?;
        let bare_spent = Cpu::of(std::process::id())?.saturating_sub(own);
        rates.add(ours.per_s, bare / took.as_secs_f64());
        costs.add(done / spent.as_secs_f64(), bare / bare_spent.as_secs_f64());
        cpu_ms.push(spent.as_secs_f64() * 1000.0 / done);
    }
    table.ratio("consult-debt a second : bare client", &rates, None);
    table.ratio(
        "consult-debt for a second of processor time : bare client",
        &costs,
        Some(0.50),
    );
    table.value(
        "processor time of a consult-debt, recorded and answered",
        &cpu_ms,
        "ms",
        None,
    );
    Ok(())
}

/// Operations accepted a second against payments created, while the site answers nothing and while it answers.
pub async fn accepted(ayni: &Path, plan: Plan, table: &mut Table) -> Result<()> {
    let merchant = Merchant::start().await?;
    let url = merchant.url("/callback");
    for (what, client, target) in [
        (
            "accepted operations : creations, the site being slow",
            Some(STALLED),
            Some(0.60),
        ),
        (
            "accepted operations : creations, the site being visited meanwhile",
            None,
            None,
        ),
    ] {
        let portal = portal(ayni)?;
        let mut pairs = Pairs::default();
        for round in 0..plan.rounds {
            let gateway = Gateway::start_at(ayni, portal.address)?;
            let address = gateway.process.address;
            let creations = wire::posts(address, "/v3/payments", &gateway.api_key, wire::CREATION);
            let created = drive(address, plan.connections, plan.time, creations).await?;
            let requests = match client {
                Some(client) => wire::posts(address, DEBT, &gateway.api_key, &body(client, Some(&url))),
                None => asks(&gateway, Some(&url), round as u64),
            };
            let accepted = drive(address, plan.connections, plan.time, requests).await?;
            pairs.add(accepted.per_s, created.per_s);
        }
        table.ratio(what, &pairs, target);
    }
    Ok(())
}

/// Asks for another client's debt each time: callers who ask the same would share a visit.
fn asks(gateway: &Gateway, callback_url: Option<&str>, round: u64) -> Arc<dyn Requests> {
    let (address, key) = (gateway.process.address, gateway.api_key.clone());
    let url = callback_url.map(str::to_owned);
    Arc::new(move |number: u64, into: &mut Vec<u8>| {
        let client = (20_000_000 + round * 1_000_000 + number % 1_000_000).to_string();
        let body = body(&client, url.as_deref());
        let head = format!(
            "POST {DEBT} HTTP/1.1\r\nhost: {address}\r\nx-api-key: {key}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        into.extend_from_slice(head.as_bytes());
    })
}

fn body(client: &str, callback_url: Option<&str>) -> String {
    let callback = callback_url.map_or(String::new(), |url| format!(r#","CallbackUrl":"{url}""#));
    format!(
        r#"{{"RequestData":{{"EnterpriseName":"Aguas Andinas","ClientIdentifier":"{client}"}}{callback}}}"#
    )
}

/// Visits and parses as the connector does, without a gateway; how many debts, in what time.
async fn bare(address: std::net::SocketAddr, time: Duration) -> Result<(f64, Duration)> {
    let begun = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for place in 0..PLACES {
        clients.spawn(async move {
            let stream = TcpStream::connect(address).await?;
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
            let driving = tokio::spawn(connection);
            let mut done = 0_u32;
            while begun.elapsed() < time {
                let client = 30_000_000 + place * 100_000 + usize::try_from(done)?;
                bare_visit(&mut sender, &address.to_string(), &client.to_string()).await?;
                done += 1;
            }
            driving.abort();
            anyhow::Ok(done)
        });
    }
    let mut total = 0.0;
    while let Some(done) = clients.join_next().await {
        total += f64::from(done??);
    }
    Ok((total, begun.elapsed()))
}

async fn bare_visit(sender: &mut SendRequest<Full<Bytes>>, host: &str, client: &str) -> Result<()> {
    let page = send(
        sender,
        Request::get(COMPANY).header(HOST, host).body(Full::default())?,
    )
    .await?;
    let cookies: Vec<String> = page
        .headers()
        .get_all(SET_COOKIE)
        .iter()
        .filter_map(|cookie| Some(cookie.to_str().ok()?.split(';').next()?.to_owned()))
        .collect();
    let (action, form) = filled(page.body(), client)?;
    let request = Request::post(action)
        .header(HOST, host)
        .header(COOKIE, cookies.join("; "))
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::from(form))?;
    let mut answer = send(sender, request).await?;
    if let Some(next) = answer.headers().get("location") {
        let next = next.to_str()?.to_owned();
        let request = Request::get(next)
            .header(HOST, host)
            .header(COOKIE, cookies.join("; "));
        answer = send(sender, request.body(Full::default())?).await?;
    }
    let html = Html::parse_document(&String::from_utf8_lossy(answer.body()));
    let shown = selector("#total, main")?;
    ensure!(html.select(&shown).next().is_some(), "no debt page");
    Ok(())
}

/// The form's address and its fields with the client's identifier.
fn filled(page: &[u8], client: &str) -> Result<(String, String)> {
    let html = Html::parse_document(&String::from_utf8_lossy(page));
    let form = html
        .select(&selector("form#consulta")?)
        .next()
        .context("no form")?;
    let action = form.value().attr("action").unwrap_or(COMPANY).to_owned();
    let mut fields = Vec::new();
    for input in form.select(&selector("input[name]")?) {
        let name = input.value().attr("name").unwrap_or_default();
        let value = input.value().attr("value").unwrap_or_default();
        let value = if name == "identificador" { client } else { value };
        fields.push(format!("{name}={value}"));
    }
    Ok((action, fields.join("&")))
}

async fn send(
    sender: &mut SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Result<Response<Bytes>> {
    sender.ready().await?;
    let (parts, body) = sender.send_request(request).await?.into_parts();
    Ok(Response::from_parts(parts, body.collect().await?.to_bytes()))
}

fn selector(css: &str) -> Result<Selector> {
    Selector::parse(css).map_err(|error| anyhow::anyhow!("{css}: {error}"))
}

const DEBT: &str = "/v1/com/services/servipag.com/consult-debt";
const COMPANY: &str = "/pagar/aguas-andinas";
/// The portal answers this client after a long time.
const STALLED: &str = "90008001";
/// Visits at once: as many as the site's limit, so that none waits for a place.
const PLACES: usize = 16;
