//! Spans for OpenTelemetry: what a request, a job, a visit to a bank or a delivery took, and of which payment.
//!
//! They have a target of their own ([`TARGET`]), which the log never takes, and where nobody exports them none is made:
//! each place costs one look. Whoever exports them says how they are joined ([`join_by`]), so that this crate knows nothing
//! of the exporter. A payment has a trace of its own whose id is derived from the payment's, so that no row has to carry it:
//! whatever is done about it, whenever and on whichever node, is found together. A caller's `traceparent` comes first; then
//! the request belongs to its caller's trace and is linked with the payment's.
//!
//! Spans tell methods, routes, statuses, names of hosts and sites, and identifiers of ours; never a path, a RUT, an amount, a
//! token or a text that somebody wrote.

use std::sync::OnceLock;

use axum::http::{HeaderMap, Method, StatusCode};
use ayni_crypto::digest::sha256;
use ayni_domain::ids::PaymentId;
use tracing::field::{Empty, display};
use tracing::{Span, info_span};
use url::Url;
use uuid::Uuid;

use crate::signals::JobKind;

/// The target of every span here, and of nothing else.
pub const TARGET: &str = "ayni_traces";

/// A trace's identifier.
pub type TraceId = [u8; TRACE_ID_BYTES];

/// How spans are joined to traces, by whoever exports them.
#[derive(Clone, Copy)]
pub struct Joins {
    /// Continues the trace that a request's headers name (W3C Trace Context); false where they name none.
    pub continue_caller: fn(&Span, &HeaderMap) -> bool,
    /// Makes a span one of this trace, before it is entered.
    pub join: fn(&Span, TraceId),
    /// Links a span to this trace.
    pub link: fn(&Span, TraceId),
    /// Links the first span to the second.
    pub link_span: fn(&Span, &Span),
}

static JOINS: OnceLock<Joins> = OnceLock::new();

/// Has spans be made and joined so, once and for the rest of the process.
pub fn join_by(joins: Joins) {
    let _ = JOINS.set(joins);
}

/// Whether anybody exports spans.
pub(crate) fn is_on() -> bool {
    JOINS.get().is_some()
}

/// The span in which something happens, for what goes on in a task of its own.
pub(crate) fn here() -> Span {
    match is_on() {
        true => Span::current(),
        false => Span::none(),
    }
}

/// The trace of a payment: the first half of the SHA-256 of `ayni-trace:` and its id.
pub fn trace_of(payment: PaymentId) -> TraceId {
    let digest = sha256(format!("ayni-trace:{payment}").as_bytes());
    let mut id = TraceId::default();
    id.copy_from_slice(&digest[..TRACE_ID_BYTES]);
    id
}

/// A request that came, by OpenTelemetry's semantic conventions for HTTP servers. Probes have none.
pub(crate) fn request(
    method: &Method,
    (route, path): (&str, &str),
    headers: &HeaderMap,
    request_id: &str,
) -> Span {
    let Some(joins) = JOINS.get().filter(|_| !PROBES.contains(&path)) else {
        return Span::none();
    };
    let span = info_span!(
        target: TARGET, parent: None, "request", "otel.name" = known(method), "otel.kind" = "server",
        "otel.status_code" = Empty, "http.request.method" = known(method), "http.route" = Empty,
        "http.response.status_code" = Empty, "error.type" = Empty, "ayni.request_id" = Empty, "ayni.payment_id" = Empty,
    );
    if route != UNMATCHED {
        span.record("otel.name", display(format_args!("{} {route}", known(method))));
        span.record("http.route", route);
    }
    // A caller may write anything into it; the log has it all.
    if Uuid::parse_str(request_id).is_ok() {
        span.record("ayni.request_id", request_id);
    }
    let is_callers = (joins.continue_caller)(&span, headers);
    if let Some(payment) = payment_of(path) {
        let with_payment = if is_callers { joins.link } else { joins.join };
        with_payment(&span, trace_of(payment));
    }
    span
}

/// What is known of a request when its answer leaves.
pub(crate) fn answered(span: &Span, path: &str, status: StatusCode) {
    if span.is_none() {
        return;
    }
    span.record("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        failed(span);
        span.record("error.type", status.as_str());
    }
    // Where there is no such payment, the path holds somebody's text.
    let is_there = !matches!(
        status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND
    );
    if is_there && let Some(payment) = payment_of(path) {
        span.record("ayni.payment_id", payment.as_str());
    }
}

/// A payment that is being stored by the request at work: in its own trace, and each linked with the other.
pub(crate) fn creation(payment: PaymentId) -> Span {
    let Some(joins) = JOINS.get() else {
        return Span::none();
    };
    let request = Span::current();
    let span = info_span!(
        target: TARGET, parent: None, "payment created", "otel.kind" = "internal", "ayni.payment_id" = Empty,
    );
    let span = of_payment(span, payment);
    request.record("ayni.payment_id", payment.as_str());
    (joins.link)(&request, trace_of(payment));
    (joins.link_span)(&span, &request);
    span
}

/// A job that is run.
pub(crate) fn job(kind: &str, key: &str) -> Span {
    if !is_on() {
        return Span::none();
    }
    let span = info_span!(
        target: TARGET, parent: None, "job", "otel.name" = display(format_args!("job {kind}")), "otel.kind" = "consumer",
        "otel.status_code" = Empty, "ayni.job.kind" = kind, "ayni.job.key" = key, "ayni.payment_id" = Empty,
    );
    let is_of_payment = KINDS_OF_PAYMENTS.iter().any(|one| one.as_str() == kind);
    match PaymentId::parse(key) {
        Ok(payment) if is_of_payment => of_payment(span, payment),
        _ => span,
    }
}

/// A visit to a bank's or another site.
pub(crate) fn visit(site: &str, errand: &str) -> Span {
    if !is_on() {
        return Span::none();
    }
    info_span!(
        target: TARGET, "visit", "otel.name" = display(format_args!("visit {site} {errand}")), "otel.kind" = "client",
        "otel.status_code" = Empty, "ayni.site" = site, "ayni.errand" = errand, "ayni.payment_id" = Empty,
    )
}

/// A payment whose money was seen, after that is durable.
pub(crate) fn settled(payment: PaymentId) {
    if !is_on() {
        return;
    }
    let span = info_span!(
        target: TARGET, parent: None, "payment settled", "otel.kind" = "internal", "ayni.payment_id" = Empty,
    );
    drop(of_payment(span, payment).entered());
}

/// A try to deliver a notification.
pub(crate) fn delivery(url: &str, notice: &str, payment: Option<PaymentId>) -> Span {
    if !is_on() {
        return Span::none();
    }
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let span = info_span!(
        target: TARGET, parent: None, "deliver", "otel.name" = "POST notification", "otel.kind" = "client",
        "otel.status_code" = Empty, "http.request.method" = "POST", "http.response.status_code" = Empty,
        "server.address" = host, "ayni.notice_id" = notice, "ayni.payment_id" = Empty,
    );
    match payment {
        Some(payment) => of_payment(span, payment),
        None => span,
    }
}

/// What a receiver answered, if it did.
pub(crate) fn delivered(span: &Span, status: Option<u16>) {
    match status {
        Some(status) => {
            span.record("http.response.status_code", i64::from(status));
        }
        None => failed(span),
    }
}

/// Says that it went wrong, and not how: the reason is in the log and in the rows.
pub(crate) fn failed(span: &Span) {
    span.record("otel.status_code", "ERROR");
}

/// The same span in its payment's trace.
pub(crate) fn of_payment(span: Span, payment: PaymentId) -> Span {
    if let Some(joins) = JOINS.get() {
        span.record("ayni.payment_id", payment.as_str());
        (joins.join)(&span, trace_of(payment));
    }
    span
}

/// The payment that a path names where our routes have one. What has no letter is no identifier that we made: it may be a
/// RUT.
fn payment_of(path: &str) -> Option<PaymentId> {
    let named = PATHS_OF_PAYMENTS
        .iter()
        .find_map(|start| path.strip_prefix(start));
    let id = match named {
        Some(rest) => rest,
        None => path.strip_prefix(PAYERS_PAGES)?.split_once('/')?.1,
    };
    let id = id.split('/').next()?;
    let is_lettered = id.bytes().any(|byte| byte.is_ascii_lowercase());
    PaymentId::parse(id).ok().filter(|_| is_lettered)
}

/// The method's name; what is no method of HTTP is all one, as the conventions want it.
fn known(method: &Method) -> &str {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::POST,
        Method::DELETE,
        Method::HEAD,
        Method::PUT,
        Method::PATCH,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    match KNOWN.contains(method) {
        true => method.as_str(),
        false => "_OTHER",
    }
}

/// What stands for the route of a path that has none.
pub(crate) const UNMATCHED: &str = "unmatched";
/// Bytes of a trace's identifier (W3C Trace Context).
pub const TRACE_ID_BYTES: usize = 16;
/// Asked every few seconds by whatever watches the process.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];
/// Under these a payment's identifier follows.
const PATHS_OF_PAYMENTS: [&str; 2] = ["/v3/payments/", "/console/payments/"];
/// Under this a page's name and then a payment's identifier follow.
const PAYERS_PAGES: &str = "/payment/";
/// The kinds of jobs whose key is a payment's id.
const KINDS_OF_PAYMENTS: [JobKind; 3] = [JobKind::VerifyingLapse, JobKind::Picture, JobKind::Reminder];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_nobody_exporting_there_are_no_spans() {
        assert!(
            request(
                &Method::GET,
                ("/v3/payments", "/v3/payments"),
                &HeaderMap::new(),
                "one"
            )
            .is_none()
        );
        assert!(job("statement", "1").is_none());
        assert!(visit("demo-bank", "statement").is_none());
        assert!(delivery("https://shop.example/x", "one", None).is_none());
        assert!(creation(PaymentId::parse("abcdefghijk1").unwrap()).is_none());
        assert!(here().is_none());
    }

    #[test]
    fn a_payment_has_one_trace_of_its_own_which_anybody_can_derive() {
        let [one, other] = ["abcdefghijk1", "abcdefghijk2"].map(|id| PaymentId::parse(id).unwrap());
        assert_ne!(trace_of(one), trace_of(other));
        let hex: String = trace_of(one).iter().map(|byte| format!("{byte:02x}")).collect();
        // printf 'ayni-trace:%s' abcdefghijk1 | sha256sum | cut -c1-32
        assert_eq!(hex, "5b2530b09cebc766a9a9a97017fcd14a");
    }

    #[test]
    fn a_path_names_a_payment_only_where_one_of_our_routes_does() {
        for (path, is_named) in [
            ("/v3/payments/abcdefghijk1", true),
            ("/v3/payments/abcdefghijk1/refunds", true),
            ("/payment/info/abcdefghijk1", true),
            ("/console/payments/abcdefghijk1", true),
            ("/v3/payments/000011111111", false),
            ("/v3/payments/11.111.111-1", false),
            ("/v3/payments", false),
            ("/console/invited/abcdefghijk1", false),
            ("/payment/", false),
        ] {
            assert_eq!(payment_of(path).is_some(), is_named, "{path}");
        }
    }

    #[test]
    fn callers_can_not_invent_methods() {
        assert_eq!(known(&Method::PATCH), "PATCH");
        assert_eq!(known(&Method::from_bytes(b"RUT111111111").unwrap()), "_OTHER");
    }
}
