//! Notifications a second, each try durably recorded, against a bare HTTP client loop to the same receiver.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use ayni_outbound::policy::Policy;
use ayni_outbound::{CallerRequest, Outbound};
use ayni_store::db::Db;
use ayni_store::error::StoreError;
use ayni_store::tx::Tx;
use tokio::net::TcpListener;

use super::Plan;
use crate::process::Gateway;
use crate::table::{Pairs, Table};
use crate::{now_ms, rows};

/// Lays so many notices before a gateway, measures until all have come, then sends as many by a bare loop.
pub async fn notifications(ayni: &Path, plan: Plan, table: &mut Table) -> Result<()> {
    let receiver = Receiver::start().await?;
    let (mut pairs, mut costs_us) = (Pairs::default(), Vec::new());
    let gateway = Gateway::start(ayni, None)?;
    let db = rows::open(&gateway.database)?;
    for round in 0..plan.rounds {
        let start_count = receiver.count();
        lay_notices(&db, gateway.receiver_id, &receiver.url, round).await?;
        let (start, before) = (Instant::now(), gateway.process.cpu()?);
        receiver.wait_for(start_count + NOTICES).await?;
        let used = gateway.process.cpu()?.since(before).all;
        costs_us.push(used.as_secs_f64() * 1e6 / NOTICES as f64);
        let ours = NOTICES as f64 / start.elapsed().as_secs_f64();
        pairs.add(ours, bare_loop(&receiver.url).await?);
    }
    table.ratio("notifications : bare client loop", &pairs, Some(0.40));
    table.value(
        "processor time of a notification in the gateway",
        &costs_us,
        "µs",
        None,
    );
    Ok(())
}

/// The same client, the same body and as many at once as one destination gets, without rows.
async fn bare_loop(url: &str) -> Result<f64> {
    let outbound = Arc::new(Outbound::new(Policy {
        allow: vec!["127.0.0.0/8".parse()?],
    })?);
    let left = Arc::new(AtomicU64::new(NOTICES));
    let start = Instant::now();
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (outbound, left, url) = (outbound.clone(), left.clone(), url.to_owned());
        senders.spawn(async move {
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_ok()
            {
                let request = CallerRequest {
                    url: &url,
                    content_type: "application/json",
                    headers: vec![(
                        "x-khipu-signature",
                        "t=1711965600393,s=GYzpjnXlTKQ+BJY7pZJmrM6D".to_owned(),
                    )],
                    body: BODY.into(),
                    max_answer_bytes: 2048,
                    timeout: Duration::from_secs(10),
                };
                outbound.post(request).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = senders.join_next().await {
        done??;
    }
    Ok(NOTICES as f64 / start.elapsed().as_secs_f64())
}

const INSERT_NOTICE: &str = "\
    INSERT INTO notices (id, account_id, payment_id, url, version, body, state, tries, created_at, next_at) \
    VALUES ($1, $2, $1, $3, '3.0', $4, 'pending', 0, $5, $5)";

const INSERT_JOB: &str = "\
    INSERT INTO jobs (kind, key, lane, due_at, version, tries, payload, created_at) \
    VALUES ('notice', $1, $2, $3, 1, 0, '', $3)";

async fn lay_notices(db: &Db, account: i64, url: &str, round: usize) -> Result<()> {
    let lane = url.trim_end_matches("/notify").to_owned();
    let (url, now) = (url.to_owned(), now_ms());
    db.append("bench.notices", move |tx: &mut Tx<'_>| {
        for number in 0..NOTICES {
            let id = format!("bench-{round}-{number}");
            tx.exec(
                INSERT_NOTICE,
                &[
                    (&id).into(),
                    account.into(),
                    (&url).into(),
                    BODY.into(),
                    now.into(),
                ],
            )?;
            tx.exec(INSERT_JOB, &[(&id).into(), (&lane).into(), now.into()])?;
        }
        Ok::<_, StoreError>(())
    })
    .await?;
    Ok(())
}

/// A merchant that counts.
pub struct Receiver {
    /// Where notifications go.
    pub url: String,
    count: Arc<AtomicU64>,
}

impl Receiver {
    /// Starts on a free loopback port.
    pub async fn start() -> Result<Receiver> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/notify", listener.local_addr()?);
        let count = Arc::new(AtomicU64::new(0));
        let router = Router::new()
            .route("/notify", post(take))
            .with_state(count.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Receiver { url, count })
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    async fn wait_for(&self, count: u64) -> Result<()> {
        let start = Instant::now();
        while self.count() < count {
            if start.elapsed() > PATIENCE {
                bail!("only {} of {count} notifications came", self.count());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }
}

async fn take(State(count): State<Arc<AtomicU64>>, body: axum::body::Bytes) -> &'static str {
    drop(body);
    count.fetch_add(1, Ordering::Relaxed);
    ""
}

const NOTICES: u64 = 20_000;
const AT_ONCE: usize = 8;
const PATIENCE: Duration = Duration::from_secs(120);
const BODY: &str = r#"{"payment_id":"zfxnocsow6mz","receiver_id":990939,"subject":"TEST_COBRO","amount":"1000.0000","discount":"0.0000","currency":"CLP","receipt_url":"http://127.0.0.1:8080/payment/end/zfxnocsow6mz","bank":"DemoBank","bank_id":"Bawdf","payer_name":"Cobrador de desarrollo #990.939","payer_email":"test@khipu.com","personal_identifier":"44.444.444-4","bank_account_number":"000000000000444444444","out_of_date_conciliation":false,"transaction_id":"","authorizer_operation_code":"1234567890","responsible_user_email":"test@khipu.com","custom":"","body":"","payment_method":"simplified_transfer","conciliation_date":"2024-04-18T13:56:54.859Z"}"#;
