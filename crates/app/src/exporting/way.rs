//! The exporter's requests by `outbound`, in our runtime: the thread that makes the batches has none.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ayni_outbound::collector::Collector;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::runtime::Handle;
use url::Url;

use super::room::Room;

/// Sends to one collector.
#[derive(Debug)]
pub struct ByOutbound {
    collector: Collector,
    runtime: Handle,
    room: Arc<Room>,
}

impl ByOutbound {
    /// In the runtime in which this is called.
    pub fn new(endpoint: &Url, room: Arc<Room>) -> anyhow::Result<ByOutbound> {
        Ok(ByOutbound {
            collector: Collector::new(endpoint.clone())?,
            runtime: Handle::current(),
            room,
        })
    }
}

impl HttpClient for ByOutbound {
    // As `async_trait` writes it.
    fn send_bytes<'life0, 'async_trait>(
        &'life0 self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        let (parts, body) = request.into_parts();
        let collector = self.collector.clone();
        let sending = self
            .runtime
            .spawn(async move { collector.post(parts.headers, body).await });
        Box::pin(async move {
            let answer = match sending.await? {
                Ok(answer) => answer,
                Err(error) => {
                    self.room.failed(error.to_string());
                    return Err(error.into());
                }
            };
            if !(200..300).contains(&answer.status) {
                self.room
                    .failed(format!("the collector answered {}", answer.status));
            }
            Ok(Response::builder().status(answer.status).body(answer.body)?)
        })
    }
}
