//! Accepted operations survive: SIGKILL at random, a node that dies for good, and every callback comes, with its answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use ayni_testkit::engine::Engine;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::api::Api;
use crate::house::{House, Node};
use crate::load::Dice;
use crate::shop::Shop;
use crate::wait::{self, Looked, until};

#[test]
fn accepted_operations_are_told_though_the_process_is_killed_ten_times_on_sqlite() {
    wait::run(survives_kills(Engine::Sqlite));
}

#[test]
fn accepted_operations_are_told_though_nodes_are_killed_and_one_dies_on_postgresql() {
    wait::run(survives_kills(Engine::Postgres));
}

async fn survives_kills(engine: Engine) -> Result<()> {
    let seed = wait::seed()?;
    let dice = Dice::of(seed, 2000);
    let mut house = House::open(engine).await?;
    let shop = Shop::open(seed).await?;
    let mut second = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(second_node(&house).await?),
    };
    let api = house.api()?;
    let mut apis = vec![api.clone()];
    apis.extend(second.as_ref().map(|node| Api {
        address: node.address(),
        key: api.key.clone(),
    }));
    let owed = what_is_owed(&api).await?;
    let accepted = Arc::new(Accepted::default());
    let mut callers = JoinSet::new();
    for number in 0..CALLERS {
        let call = call(number, apis.clone(), shop.notify_url(), accepted.clone());
        callers.spawn(call);
    }
    for _ in 0..KILLS {
        tokio::time::sleep(dice.about_ms(LIFE_MS)).await;
        let victim = match &mut second {
            Some(node) if dice.one_in(2) => node,
            _ => &mut house.gateway,
        };
        victim.kill()?;
        victim.start().await?;
    }
    while let Some(ended) = callers.join_next().await {
        ended??;
    }
    if let Some(node) = &mut second {
        node.kill()?;
    }
    judge(&shop, &accepted.take(), &owed).await
}

/// Another gateway on the house's database, with its master key.
async fn second_node(house: &House) -> Result<Node> {
    let (folder, url) = (house.folder.path(), &house.database_url);
    let mut other = Node::gateway("other", folder, url, &house.bank, &house.portal)?;
    let key = std::fs::read_to_string(folder.join("gateway/master.key")).context("master.key")?;
    let invocation = other.invocation();
    invocation
        .environment
        .push(("AYNI_MASTER_KEY", key.trim().to_owned()));
    other.start().await?;
    Ok(other)
}

/// What was answered with 202: the client by the operation's id.
#[derive(Default)]
struct Accepted(Mutex<HashMap<String, String>>);

impl Accepted {
    fn note(&self, id: &str, client: String) {
        let mut accepted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.insert(id.to_owned(), client);
    }

    fn take(&self) -> HashMap<String, String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What each client owes, as the portal answers when one waits for it.
async fn what_is_owed(api: &Api) -> Result<HashMap<String, Value>> {
    let mut owed = HashMap::new();
    for number in 0..CLIENTS {
        let client = client(number);
        let answer = api.call("POST", DEBT, Some(&body(&client, None)), None).await?;
        let envelope = answer.json();
        ensure!(envelope["Status"] == "OK", "{envelope}");
        owed.insert(client, envelope["Data"].clone());
    }
    ensure!(owed["25252525"]["Debt"]["PendingDebt"] == 15340);
    Ok(owed)
}

/// One caller: each operation is sent, to one node or the other, until it is answered with 202.
async fn call(number: usize, apis: Vec<Api>, url: String, accepted: Arc<Accepted>) -> Result<()> {
    for turn in 0..OPERATIONS / CALLERS {
        let client = client(number * 7 + turn);
        let (body, key) = (body(&client, Some(&url)), format!("{number}-{turn}"));
        let id = accept(&apis, turn, &body, &key).await?;
        accepted.note(&id, client);
        tokio::time::sleep(CALLER_PAUSE).await;
    }
    Ok(())
}

/// Sends it until it is answered with 202, and gives its id.
async fn accept(apis: &[Api], first: usize, body: &Value, key: &str) -> Result<String> {
    let begun = Instant::now();
    let mut tries = first;
    loop {
        let api = &apis[tries % apis.len()];
        tries += 1;
        let last = match api.call("POST", DEBT, Some(body), Some(key)).await {
            Ok(answer) if answer.status == 202 => {
                let id = answer.json()["OperationId"].as_str().map(str::to_owned);
                return id.context("no OperationId");
            }
            other => format!("{other:?}"),
        };
        ensure!(begun.elapsed() < ACCEPT_DEADLINE, "not accepted: {last}");
        tokio::time::sleep(CALLER_PAUSE).await;
    }
}

async fn judge(shop: &Shop, accepted: &HashMap<String, String>, owed: &HashMap<String, Value>) -> Result<()> {
    ensure!(accepted.len() == OPERATIONS, "{} were accepted", accepted.len());
    let deliveries = until("every callback to be acknowledged", TOLD_DEADLINE, async || {
        let deliveries = shop.deliveries();
        let is_told = |id: &&String| {
            let of_operation = deliveries.get(*id).map(Vec::as_slice).unwrap_or_default();
            of_operation.iter().any(|delivery| delivery.status == 200)
        };
        let told = accepted.keys().filter(is_told).count();
        Ok(match told == accepted.len() {
            true => Looked::There(deliveries),
            false => Looked::NotYet(format!("{told} of {}", accepted.len())),
        })
    })
    .await?;
    let mut tries = 0;
    for (id, of_operation) in &deliveries {
        let client = accepted
            .get(id)
            .with_context(|| format!("{id} was never accepted"))?;
        for delivery in of_operation {
            let told: Value = serde_json::from_slice(&delivery.body)?;
            ensure!(
                told["OperationId"] == id.as_str() && told["Status"] == "OK",
                "{told}"
            );
            ensure!(told["Data"] == owed[client], "{client}: {told}");
            ensure!(delivery.body == of_operation[0].body, "two answers of {id}");
            ensure!(!delivery.signature.is_empty());
            tries += 1;
        }
    }
    println!("{} operations were told with {tries} callbacks", accepted.len());
    Ok(())
}

fn body(client: &str, callback_url: Option<&str>) -> Value {
    let mut body = json!({"RequestData": {"EnterpriseName": "Aguas Andinas", "ClientIdentifier": client}});
    if let Some(url) = callback_url {
        body["CallbackUrl"] = url.into();
    }
    body
}

fn client(number: usize) -> String {
    (25_252_525 + number % CLIENTS).to_string()
}

const DEBT: &str = "/v1/com/services/servipag.com/consult-debt";
const OPERATIONS: usize = 500;
const CALLERS: usize = 5;
const CLIENTS: usize = 25;
const KILLS: u32 = 10;
const LIFE_MS: u64 = 700;
/// The load lasts about as long as the killing.
const CALLER_PAUSE: Duration = Duration::from_millis(60);
const ACCEPT_DEADLINE: Duration = Duration::from_secs(60);
/// A killed node's jobs wait for the end of their leases, refused callbacks for their next tries.
const TOLD_DEADLINE: Duration = Duration::from_secs(180);
