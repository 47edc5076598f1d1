//! The load: merchants' programs that create and delete, payers that pay, strangers that transfer without a reason.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use ayni_crypto::entropy::Entropy;
use ayni_domain::currency::Currency;
use ayni_domain::money::Amount;
use ayni_domain::rut::Rut;
use ayni_sandbox::account::AccountNumber;
use ayni_sandbox::bank::DemoBank;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::api::Api;
use crate::house::{House, now};
use crate::ledger::{Ledger, Order};
use crate::payers;
use crate::refunders;
use crate::shop::Shop;

/// What the clients share.
pub struct Load {
    /// The merchant's way in.
    pub api: Api,
    /// What was acknowledged.
    pub ledger: Ledger,
    /// The merchant's server.
    pub shop: Shop,
    /// Ends the load.
    pub stop: CancellationToken,
    /// How long a payer rests: a gateway that is not restarted lets one address log in only so often.
    pub payer_pause_ms: u64,
    seed: u64,
}

/// Seeded chance, one for each client.
pub struct Dice(Entropy);

impl Dice {
    /// The same throws for the same seed and client.
    pub fn of(seed: u64, client: u64) -> Dice {
        Dice(Entropy::seeded(seed.wrapping_mul(1_000_003).wrapping_add(client)))
    }

    /// A number below the limit; 0 if there is none.
    pub fn below(&self, limit: u64) -> u64 {
        self.0.u64().checked_rem(limit).unwrap_or(0)
    }

    /// True once in so many times.
    pub fn one_in(&self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// So many milliseconds and up to as many again.
    pub fn about_ms(&self, ms: u64) -> Duration {
        Duration::from_millis(ms + self.below(ms))
    }
}

/// Starts all clients; they go on until [`Load::stop`].
pub async fn start(
    house: &House,
    shop: Shop,
    seed: u64,
    payer_pause_ms: u64,
) -> Result<(Arc<Load>, JoinSet<Result<()>>)> {
    let load = Arc::new(Load {
        api: house.api()?,
        ledger: Ledger::default(),
        shop,
        stop: CancellationToken::new(),
        payer_pause_ms,
        seed,
    });
    let mut clients = JoinSet::new();
    for number in 0..CREATORS {
        clients.spawn(create(load.clone(), number));
    }
    for number in 0..PAYERS {
        clients.spawn(payers::pay(load.clone(), 100 + number));
    }
    clients.spawn(delete(load.clone(), 200));
    let bank = DemoBank::open(&house.bank_file(), Arc::new(now), Some(seed))?;
    let account = merchants_account(house)?;
    refunders::top_up(&load, &bank, &account).await?;
    for number in 0..REFUNDERS {
        clients.spawn(refunders::refund(load.clone(), 400 + number));
    }
    clients.spawn(transfer_without_reason(load.clone(), bank, account, 300));
    Ok((load, clients))
}

impl Load {
    /// The client's chance.
    pub fn dice(&self, client: u64) -> Dice {
        Dice::of(self.seed, client)
    }

    /// Pauses, as long as the load goes on.
    pub async fn pause(&self, pause: Duration) {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = self.stop.cancelled() => {}
        }
    }
}

async fn create(load: Arc<Load>, number: u64) -> Result<()> {
    let dice = load.dice(number);
    for turn in 0u64.. {
        if load.stop.is_cancelled() {
            break;
        }
        let order = Order::random(&dice, format!("t-{number}-{turn}"), &load.shop.notify_url());
        load.ledger.lock().sent += 1;
        if order.key.is_some() && dice.one_in(4) {
            // Cut off before, amidst or after its work; the same request follows.
            let share = if dice.one_in(2) {
                100
            } else {
                dice.below(100) as usize
            };
            let _ = load
                .api
                .send_and_hang_up(&order.body, order.key.as_deref(), share, dice.about_ms(5))
                .await;
        }
        send(&load, &order).await;
        load.pause(dice.about_ms(CREATE_PAUSE_MS)).await;
    }
    Ok(())
}

/// An order with a key is sent until it is acknowledged, also after the load was ended; one without is sent once.
async fn send(load: &Load, order: &Order) {
    for _ in 0..SENDS_MAX {
        let sent = load
            .api
            .call("POST", "/v3/payments", Some(&order.body), order.key.as_deref())
            .await;
        let status = sent.as_ref().map_or(0, |answer| answer.status.as_u16());
        load.ledger.answered(status);
        match sent {
            Ok(answer) if status == 200 => {
                let id = answer.json()["payment_id"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned();
                return load.ledger.created(&id, order);
            }
            Ok(answer) if !matches!(status, 409 | 503) => {
                load.ledger
                    .lock()
                    .surprises
                    .push(format!("creation: {status} {}", answer.text()));
            }
            Ok(_) | Err(_) => {}
        }
        if order.key.is_none() {
            return;
        }
        tokio::time::sleep(RETRY_PAUSE).await;
    }
    load.ledger
        .lock()
        .surprises
        .push(format!("{} was never acknowledged", order.transaction));
}

async fn delete(load: Arc<Load>, client: u64) -> Result<()> {
    let dice = load.dice(client);
    while !load.stop.is_cancelled() {
        if let Some(id) = load.ledger.any_created(&dice) {
            let answer = load.api.delete(&id).await;
            let status = answer.as_ref().map_or(0, |answer| answer.status.as_u16());
            load.ledger.answered(status);
            match status {
                200 => drop(load.ledger.lock().deleted.insert(id)),
                0 | 400 | 503 => {}
                other => load
                    .ledger
                    .lock()
                    .surprises
                    .push(format!("deletion of {id}: {other}")),
            }
        }
        load.pause(dice.about_ms(DELETE_PAUSE_MS)).await;
    }
    Ok(())
}

/// Money that is nobody's: another amount than any payment's, with or without a payment's id in its comment.
async fn transfer_without_reason(
    load: Arc<Load>,
    bank: DemoBank,
    account: String,
    client: u64,
) -> Result<()> {
    let dice = load.dice(client);
    while !load.stop.is_cancelled() {
        let comment = if dice.one_in(2) {
            load.ledger.any_created(&dice)
        } else {
            None
        };
        let amount = Amount::from_units(100 + i64::try_from(dice.below(100))?);
        let comment = comment.unwrap_or_default();
        let moved = bank
            .transfer_by_hand(payers::rut(&dice)?, &account, amount, Currency::Clp, &comment)
            .await?;
        moved.map_err(|refusal| anyhow!("DemoBank refused a stranger's transfer: {refusal}"))?;
        load.pause(dice.about_ms(STRANGER_PAUSE_MS)).await;
    }
    Ok(())
}

/// Where pesos for the developer account arrive.
fn merchants_account(house: &House) -> Result<String> {
    let receiver = house
        .told("receiver_id")?
        .as_u64()
        .and_then(|id| u32::try_from(id).ok());
    let rut = receiver.and_then(|id| Rut::from_body(DEVELOPERS_FIRST_RUT + id));
    let account = rut.and_then(|rut| AccountNumber::of(rut, Currency::Clp));
    Ok(account.map(|account| account.to_string()).unwrap_or_default())
}

const CREATORS: u64 = 4;
const PAYERS: u64 = 4;
const REFUNDERS: u64 = 2;
const CREATE_PAUSE_MS: u64 = 40;
const DELETE_PAUSE_MS: u64 = 150;
const STRANGER_PAUSE_MS: u64 = 400;
const RETRY_PAUSE: Duration = Duration::from_millis(100);
/// Longer than any restart.
const SENDS_MAX: u32 = 400;
/// `ayni dev` gives each developer account a RUT of its own from here.
const DEVELOPERS_FIRST_RUT: u32 = 76_000_000;
