//! Spans on their way to the operator's collector: OTLP over HTTP with protobuf, in batches, behind the requests' backs.
//!
//! Nothing here is waited for by a payment. What waits to be sent is bounded (`room`), what finds no place is left out and
//! counted, and the log says so at most every five minutes. OpenTelemetry's own thread makes the batches; its requests are
//! sent in our runtime and through `outbound`, as all others (`way`).

mod room;
mod settings;
mod way;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ayni_gateway::traces::{self, Joins, TARGET, TraceId};
use http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, TraceContextExt as _, TraceFlags, TraceState, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SdkTracerProvider, ShouldSample as _};
use tracing::level_filters::LevelFilter;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use crate::config::Config;
use crate::config::traces::variable;
use crate::told::Told;
use room::{Bounded, Room};
use settings::Settings;
use way::ByOutbound;

/// What exports, until it is closed.
pub struct Exporting {
    provider: SdkTracerProvider,
    room: Arc<Room>,
}

/// The layer that takes the spans, and what exports them; nothing where no setting asks for it.
pub fn start<S>(config: &Config) -> anyhow::Result<Option<(impl Layer<S> + use<S>, Exporting)>>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let Some(settings) = Settings::of(config)? else {
        return Ok(None);
    };
    let room = Arc::new(Room::of(settings.waiting_max));
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(ByOutbound::new(&settings.endpoint, room.clone())?)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(settings.endpoint.as_str())
        .build()
        .map_err(|error| Told::new("traces can't be exported so", SETTINGS_HINT).because(error))?;
    let part = Sampler::TraceIdRatioBased(settings.ratio);
    let provider = SdkTracerProvider::builder()
        .with_span_processor(Bounded::new(exporter, room.clone()))
        .with_resource(resource())
        .with_sampler(match settings.follows_callers {
            true => Sampler::ParentBased(Box::new(part.clone())),
            false => part.clone(),
        })
        .build();
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer("ayni"))
        .with_context_activation(false)
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_target(false)
        .with_level(false)
        .with_filter(
            filter_fn(|metadata| metadata.is_span() && metadata.target() == TARGET)
                .with_max_level_hint(LevelFilter::INFO),
        );
    PART.get_or_init(|| part);
    traces::join_by(Joins {
        continue_caller,
        join: |span, id| set_parent(span, Context::new().with_remote_span_context(context(id))),
        link: |span, id| span.add_link(context(id)),
        link_span: |span, other| span.add_link(other.context().span().span_context().clone()),
    });
    Ok(Some((layer, Exporting { provider, room })))
}

impl Exporting {
    /// Sends what waits, for [`CLOSE_MAX`] at most, and ends.
    pub async fn close(self) {
        let Exporting { provider, room } = self;
        let closed = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(CLOSE_MAX)).await;
        room.tell_all();
        if let Ok(Err(error)) = closed {
            tracing::warn!(%error, "the last spans were not exported");
        }
    }
}

/// Who we are: what the variables say, or our name, and our version.
fn resource() -> Resource {
    let resource =
        Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    let is_named = variable("OTEL_SERVICE_NAME").is_some()
        || variable("OTEL_RESOURCE_ATTRIBUTES").is_some_and(|text| text.contains("service.name="));
    match is_named {
        true => resource.build(),
        false => resource.with_service_name("ayni").build(),
    }
}

/// Of what a caller says only the `traceparent` is taken: its `tracestate` is a text that somebody wrote.
fn continue_caller(span: &Span, headers: &HeaderMap) -> bool {
    let parent = TraceContextPropagator::new().extract_with_context(&Context::new(), &Traceparent(headers));
    let is_one = parent.span().span_context().is_valid();
    if is_one {
        set_parent(span, parent);
    }
    is_one
}

fn set_parent(span: &Span, parent: Context) {
    // A span that is begun keeps its trace; here none is.
    let _ = span.set_parent(parent);
}

/// The trace of a payment as a parent: nobody began it, so its first span's id is made of the trace's. It is sampled as
/// any trace of this id is, on every node alike.
fn context(id: TraceId) -> SpanContext {
    let trace = opentelemetry::TraceId::from_bytes(id);
    let [.., a, b, c, d, e, f, g, h] = id;
    let first = u64::from_be_bytes([a, b, c, d, e, f, g, h]) | 1;
    let is_sampled = PART.get().is_none_or(|part| {
        let sampled = part.should_sample(None, trace, "", &SpanKind::Internal, &[], &[]);
        sampled.decision == SamplingDecision::RecordAndSample
    });
    let flags = match is_sampled {
        true => TraceFlags::SAMPLED,
        false => TraceFlags::NOT_SAMPLED,
    };
    SpanContext::new(
        trace,
        SpanId::from_bytes(first.to_be_bytes()),
        flags,
        true,
        TraceState::default(),
    )
}

struct Traceparent<'a>(&'a HeaderMap);

impl Extractor for Traceparent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).filter(|_| key == TRACEPARENT)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

/// The part of all traces that is exported.
static PART: OnceLock<Sampler> = OnceLock::new();
const TRACEPARENT: &str = "traceparent";
const SETTINGS_HINT: &str = "mend the variable OTEL_… that is named, or unset it";
/// How long the last spans may take when the process ends.
const CLOSE_MAX: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_caller_the_trace_is_continued_and_nothing_else_is_read() {
        let headers = HeaderMap::from_iter(
            [
                (
                    "traceparent",
                    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                ),
                ("tracestate", "rut=11111111-1"),
            ]
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())),
        );
        let parent =
            TraceContextPropagator::new().extract_with_context(&Context::new(), &Traceparent(&headers));
        let context = parent.span().span_context().clone();
        assert_eq!(context.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(context.is_sampled() && context.is_remote());
        assert_eq!(context.trace_state().header(), "");
    }

    #[test]
    fn what_is_no_traceparent_continues_nothing() {
        for text in [
            "",
            "00-0-0-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "nonsense",
        ] {
            let headers = HeaderMap::from_iter([(TRACEPARENT.parse().unwrap(), text.parse().unwrap())]);
            assert!(!continue_caller(&Span::none(), &headers), "{text}");
        }
    }

    #[test]
    fn a_payments_trace_has_its_own_id_and_a_first_span() {
        let context = context([7; 16]);
        assert!(context.is_valid() && context.is_sampled());
        assert_eq!(context.trace_id().to_bytes(), [7; 16]);
    }
}
