//! Payers at the payment's pages, who go on where they were when the gateway comes back.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use ayni_domain::rut::Rut;
use ayni_testkit::payer::Payer;

use crate::house::now;
use crate::load::{Dice, Load};

/// Pays what is there to be paid, with success, refusals and no clear answers, until the load ends.
pub async fn pay(load: Arc<Load>, client: u64) -> Result<()> {
    let dice = load.dice(client);
    while !load.stop.is_cancelled() {
        let next = load.ledger.lock().payable.pop();
        if let Some(id) = next {
            let coordinates = match dice.below(5) {
                0 => "99 99 99",
                1 => "66 66 66",
                _ => "11 22 33",
            };
            let mut payer = Payer::of(&load.api.address, Arc::new(now))?;
            let ended = walk(&load, &mut payer, &id, &rut(&dice)?.formatted(), coordinates).await;
            *load.ledger.lock().walks.entry(ended).or_default() += 1;
        }
        load.pause(dice.about_ms(load.payer_pause_ms)).await;
    }
    Ok(())
}

/// Any customer of DemoBank.
pub fn rut(dice: &Dice) -> Result<Rut> {
    Rut::from_body(u32::try_from(5_000_000 + dice.below(15_000_000))?).context("no RUT")
}

/// Walks the pages to an end; when the gateway does not answer, waits a little and opens the page again where it was.
/// Whoever gave the coordinates and saw no answer looks at the result, and gives them again only if asked again.
async fn walk(load: &Load, payer: &mut Payer, id: &str, rut: &str, coordinates: &str) -> String {
    let (mut path, mut authorised) = (format!("/payment/info/{id}"), false);
    for _ in 0..OPENED_MAX {
        match go_on(payer, &path, rut, coordinates, &mut authorised).await {
            Ok(page) => return page,
            Err(_) if load.stop.is_cancelled() => return "given up".to_owned(),
            Err(_) => tokio::time::sleep(OPEN_AGAIN_AFTER).await,
        }
        path = format!("/payment/{}/{id}", if authorised { "end" } else { "simplified" });
    }
    "given up".to_owned()
}

async fn go_on(
    payer: &mut Payer,
    path: &str,
    rut: &str,
    coordinates: &str,
    authorised: &mut bool,
) -> Result<String> {
    let mut page = payer.open(path).await?;
    for _ in 0..PAGES_MAX {
        page = match page.as_str() {
            "info" => {
                let fields = [("bank", "Bawdf"), ("method", "simplified_transfer")];
                payer.submit("#choose", &fields).await?
            }
            "simplified-begin" => payer.submit("#begin", &[("bank", "Bawdf")]).await?,
            "login" => {
                payer
                    .submit("#answer", &[("rut", rut), ("password", "1234")])
                    .await?
            }
            "account" => payer.choose_account().await?,
            "coordinates" => {
                *authorised = true;
                payer.authorise(coordinates).await?
            }
            _ => return ended(payer, page),
        };
    }
    Ok(page)
}

/// A page that asks nothing more is the end, unless it says that we can't serve it now.
fn ended(payer: &Payer, page: String) -> Result<String> {
    ensure!(payer.status() < 500, "{page}: {}", payer.status());
    Ok(page)
}

const OPENED_MAX: u32 = 40;
const OPEN_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// More pages than an attempt has, with the bank's outages.
const PAGES_MAX: u32 = 12;
