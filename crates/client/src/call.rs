//! One call: its tries, its answer, its refusal.

use std::sync::Arc;
use std::time::Duration;

use ayni_crypto::entropy::Entropy;
use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::{Host, Url};

use crate::error::{Error, FieldProblem, Refusal};
use crate::{Limits, backoff};

/// The way to one gateway.
#[derive(Clone)]
pub(crate) struct Way {
    http: reqwest::Client,
    base: Url,
    headers: HeaderMap,
    limits: Limits,
    entropy: Arc<Entropy>,
}

/// What is called.
pub(crate) struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    headers: HeaderMap,
    body: Option<Bytes>,
    /// Whether it may be sent again after it may have been done.
    may_repeat: bool,
}

impl Way {
    pub(crate) fn new(gateway_url: &str, limits: Limits) -> Result<Way, Error> {
        let base = Url::parse(gateway_url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && !url.cannot_be_a_base())
            .ok_or_else(|| Error::Setup(format!("«{gateway_url}» is no http(s) address")))?;
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("ayni-client/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true);
        if is_loopback(&base) {
            // The environment's proxy does not reach this machine's own addresses.
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| Error::Setup(error.to_string()))?;
        Ok(Way {
            http,
            base,
            headers: HeaderMap::new(),
            limits,
            entropy: Arc::new(Entropy::system()),
        })
    }

    /// The same with a header that every call carries and no log shows.
    pub(crate) fn opened_by(mut self, name: &'static str, value: &str) -> Result<Way, Error> {
        let mut value = HeaderValue::from_str(value)
            .map_err(|_| Error::Setup(format!("the {name} has letters that no header may have")))?;
        value.set_sensitive(true);
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// Makes the call and reads its answer.
    pub(crate) async fn answer<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let bytes = self.bytes(call).await?.1;
        serde_json::from_slice(&bytes).map_err(|error| Error::NotUnderstood(error.to_string()))
    }

    /// Makes the call; its status and body where it succeeded.
    pub(crate) async fn bytes(&self, call: Call) -> Result<(StatusCode, Bytes), Error> {
        let mut number = 1;
        loop {
            let failed = match self.try_once(&call).await {
                Ok(answered) => return Ok(answered),
                Err(failed) => failed,
            };
            if number >= self.limits.tries_max || !may_try_again(&failed, call.may_repeat) {
                return Err(failed);
            }
            number += 1;
            let asked = failed.refusal().and_then(|refusal| refusal.retry_after);
            tokio::time::sleep(self.pause(number, asked)).await;
        }
    }

    /// The pause before the try of this number.
    pub(crate) fn pause(&self, number: u32, asked: Option<Duration>) -> Duration {
        backoff::pause(&self.entropy, number, asked)
    }

    /// Makes a POST under a key that is drawn for it, so that it counts once however often it is sent.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: impl Into<String>,
        body: &impl serde::Serialize,
    ) -> Result<T, Error> {
        let key = self.entropy.uuid().to_string();
        self.answer(Call::post(path, body)?.with_key(&key)?).await
    }

    async fn try_once(&self, call: &Call) -> Result<(StatusCode, Bytes), Error> {
        let request = self.request(call)?.timeout(self.limits.timeout);
        let response = request.send().await.map_err(told)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = whole_body(response).await?;
        match status.is_success() {
            true => Ok((status, body)),
            false => Err(refused(status, &headers, &body).into()),
        }
    }

    /// Opens an answer that does not end by itself; it is not sent again.
    pub(crate) async fn open(&self, call: Call) -> Result<Response, Error> {
        let response = self.request(&call)?.send().await.map_err(told)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let (status, headers) = (response.status(), response.headers().clone());
        Err(refused(status, &headers, &whole_body(response).await?).into())
    }

    fn request(&self, call: &Call) -> Result<RequestBuilder, Error> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| Error::Setup("the address can't have a path".to_owned()))?
            .pop_if_empty()
            .extend(call.path.split('/').filter(|part| !part.is_empty()));
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let request = self.http.request(call.method.clone(), url);
        let request = request
            .headers(self.headers.clone())
            .headers(call.headers.clone());
        Ok(match &call.body {
            Some(body) => request.body(body.clone()),
            None => request,
        })
    }
}

impl Call {
    pub(crate) fn get(path: impl Into<String>) -> Call {
        Call::of(Method::GET, path, true)
    }

    /// Of a payment that is deleted already the answer is a refusal, so it is not sent twice by itself.
    pub(crate) fn delete(path: impl Into<String>) -> Call {
        Call::of(Method::DELETE, path, false)
    }

    /// Without a key: not sent again once it may have been done.
    pub(crate) fn post<T: serde::Serialize>(path: impl Into<String>, body: &T) -> Result<Call, Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::Setup(error.to_string()))?;
        let mut call = Call::of(Method::POST, path, false).with_header("content-type", "application/json")?;
        call.body = Some(body.into());
        Ok(call)
    }

    /// A form, as the token endpoint takes it.
    pub(crate) fn form(path: impl Into<String>, pairs: &[(&str, &str)]) -> Result<Call, Error> {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let mut call = Call::of(Method::POST, path, false)
            .with_header("content-type", "application/x-www-form-urlencoded")?;
        call.body = Some(form.into());
        Ok(call)
    }

    pub(crate) fn with_key(mut self, key: &str) -> Result<Call, Error> {
        self.may_repeat = true;
        self.with_header("idempotency-key", key)
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Result<Call, Error> {
        let value = HeaderValue::from_str(value)
            .map_err(|_| Error::Setup(format!("the {name} has letters that no header may have")))?;
        self.headers.insert(HeaderName::from_static(name), value);
        Ok(self)
    }

    pub(crate) fn with_query(mut self, name: &'static str, value: Option<impl ToString>) -> Call {
        self.query.extend(value.map(|value| (name, value.to_string())));
        self
    }

    fn of(method: Method, path: impl Into<String>, may_repeat: bool) -> Call {
        Call {
            method,
            path: path.into(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: None,
            may_repeat,
        }
    }
}

/// What was not sent may be sent again in any case; what may have been done only where that is safe.
fn may_try_again(failed: &Error, may_repeat: bool) -> bool {
    match failed {
        Error::Unreachable(_) => true,
        Error::NoAnswer(_) => may_repeat,
        Error::Refused(refusal) => match refusal.status {
            429 => true,
            // 409: the first sending of the same key is still at work.
            409 | 502 | 503 | 504 => may_repeat,
            _ => false,
        },
        _ => false,
    }
}

fn told(error: reqwest::Error) -> Error {
    let error = error.without_url();
    match error.is_connect() || error.is_builder() {
        true => Error::Unreachable(error),
        false => Error::NoAnswer(error),
    }
}

async fn whole_body(mut response: Response) -> Result<Bytes, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(told)? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(Error::TooLarge {
                limit_bytes: ANSWER_BYTES_MAX,
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

fn refused(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Refusal {
    /// The bodies of the payments side, of the data side and of the token endpoint.
    #[derive(Default, Deserialize)]
    struct Said {
        #[serde(default)]
        message: Option<String>,
        #[serde(default)]
        errors: Vec<FieldProblem>,
        #[serde(default, rename = "Error")]
        fault: Option<Fault>,
        #[serde(default)]
        error_description: Option<String>,
    }
    #[derive(Deserialize)]
    struct Fault {
        #[serde(rename = "Code")]
        code: String,
        #[serde(rename = "Description")]
        description: String,
    }
    let said: Said = serde_json::from_slice(body).unwrap_or_default();
    let fault = said
        .fault
        .map(|fault| format!("{} {}", fault.code, fault.description));
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let message = said.message.or(fault).or(said.error_description);
    Refusal {
        status: status.as_u16(),
        message: message.unwrap_or_else(|| status.canonical_reason().unwrap_or_default().to_owned()),
        fields: said.errors,
        request_id: text("x-request-id").unwrap_or_default().to_owned(),
        retry_after: text("retry-after")
            .and_then(|seconds| seconds.parse().ok())
            .map(Duration::from_secs),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A payment may carry two mebibytes of `custom`, and a list of operations' data some more.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;
