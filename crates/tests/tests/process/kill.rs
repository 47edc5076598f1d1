//! SIGKILL, twenty times, at random, under load: nothing that was acknowledged is lost and nobody is debited twice.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use ayni_testkit::engine::Engine;

use crate::house::House;
use crate::load::{self, Dice};
use crate::shop::Shop;
use crate::{returned, verdict, wait};

#[test]
fn what_was_acknowledged_survives_twenty_kills_on_sqlite() {
    wait::run(survives_kills(Engine::Sqlite, 900));
}

#[test]
fn what_was_acknowledged_survives_twenty_kills_on_postgresql() {
    wait::run(survives_kills(Engine::Postgres, 500));
}

async fn survives_kills(engine: Engine, life_ms: u64) -> Result<()> {
    let seed = wait::seed()?;
    let begun = Instant::now();
    let mut house = House::open(engine).await?;
    let shop = Shop::open(seed).await?;
    let (load, mut clients) = load::start(&house, shop, seed, PAYER_PAUSE_MS).await?;
    let (db, dice) = (house.db()?, Dice::of(seed, 1000));
    let mut killed = [0, 0];
    for _ in 0..KILLS {
        load.pause(dice.about_ms(life_ms)).await;
        let victims = match dice.below(10) {
            0..6 => (true, false),
            6..9 => (false, true),
            _ => (true, true),
        };
        kill(&mut house, victims).await?;
        returned::ledger_is_clean(&db).await?;
        killed[0] += u32::from(victims.0);
        killed[1] += u32::from(victims.1);
    }
    wait::until(
        "a payment that is paid under this load",
        PAID_DEADLINE,
        async || {
            Ok(match load.shop.deliveries().is_empty() {
                true => wait::Looked::NotYet("none was told of".to_owned()),
                false => wait::Looked::There(()),
            })
        },
    )
    .await?;
    load.stop.cancel();
    while let Some(ended) = clients.join_next().await {
        ended??;
    }
    println!(
        "killed: gateway {}, bank {}; load ended after {:?}",
        killed[0],
        killed[1],
        begun.elapsed()
    );
    ensure!(killed[0] + killed[1] >= KILLS, "too few kills");
    verdict::after(&house, &load).await?;
    println!("judged after {:?}", begun.elapsed());
    Ok(())
}

/// Kills the gateway, the bank or both, and starts them again; the bank is not always back first.
async fn kill(house: &mut House, (gateway, bank): (bool, bool)) -> Result<()> {
    if gateway {
        house.gateway.kill()?;
    }
    if bank {
        house.bank.kill()?;
    }
    if gateway {
        house.gateway.start().await?;
    }
    if bank {
        house.bank.start().await?;
    }
    Ok(())
}

const KILLS: u32 = 20;
/// A machine may be so busy that no payer comes to an end between two kills: without one the test would prove little.
const PAID_DEADLINE: Duration = Duration::from_secs(120);
const PAYER_PAUSE_MS: u64 = 30;
