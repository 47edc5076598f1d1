//! Open data: what institutions know, asked for by operation.

use ayni_domain::operation::{Envelope, Status};
use serde_json::{Map, Value, json};

use crate::Client;
use crate::call::Call;
use crate::error::Error;

/// An operation to be run at an institution.
#[derive(Clone, Debug)]
pub struct Errand<'a> {
    /// The institution's path: `com/services/servipag.com`.
    pub institution: &'a str,
    /// The operation: `consult-debt`.
    pub operation: &'a str,
    /// `RequestData`.
    pub request_data: Value,
    /// Where the answer goes; without it the call waits for it.
    pub callback_url: Option<&'a str>,
}

impl Client {
    /// Runs an operation. An envelope whose status is `ERROR` is an answer like any other, not an error of the call;
    /// [`is_ok`] tells. With a `callback_url` it is the envelope of an accepted operation.
    ///
    /// # Errors
    /// A refusal carries the envelope's code and description.
    pub async fn run_operation(&self, errand: &Errand<'_>) -> Result<Envelope, Error> {
        let mut body = Map::from_iter([("RequestData".to_owned(), errand.request_data.clone())]);
        let path = format!("/v1/{}/{}", errand.institution, errand.operation);
        match errand.callback_url {
            Some(url) => {
                body.insert("CallbackUrl".to_owned(), json!(url));
                self.way.post(path, &body).await
            }
            None => self.way.answer(Call::post(path, &body)?).await,
        }
    }

    /// The envelope of an earlier operation again; its `LifeSpan` is there while it runs.
    ///
    /// # Errors
    /// 404 where the account has no such operation.
    pub async fn operation(&self, id: &str) -> Result<Envelope, Error> {
        self.way.answer(Call::get(format!("/v1/operations/{id}"))).await
    }
}

/// Whether the operation ran.
pub fn is_ok(envelope: &Envelope) -> bool {
    envelope.status == Status::Ok
}
