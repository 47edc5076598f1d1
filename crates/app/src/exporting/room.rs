//! The room that spans have while they wait, and the count of those left out: a collector that is away or slow costs spans,
//! and never a payment. The bound is ours and not that of OpenTelemetry's queue, which does not tell how many it dropped.

use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::Context;
use opentelemetry_otlp::SpanExporter as Otlp;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor,
};

/// How many spans wait, and what became of those that could not.
pub struct Room {
    waiting_max: usize,
    waiting: AtomicUsize,
    /// Since the log was told last.
    left_out: AtomicU64,
    told: Mutex<Line>,
}

/// The last line of the log about it.
#[derive(Default)]
struct Line {
    at: Option<Instant>,
    /// Why the last try failed.
    reason: String,
}

impl Room {
    /// For so many spans.
    pub fn of(waiting_max: usize) -> Room {
        Room {
            waiting_max,
            waiting: AtomicUsize::new(0),
            left_out: AtomicU64::new(0),
            told: Mutex::default(),
        }
    }

    /// Why a try to send failed, for the next line in the log.
    pub fn failed(&self, reason: String) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).reason = reason;
    }

    /// Tells the log what it was not told yet.
    pub fn tell_all(&self) {
        self.tell(Duration::ZERO);
    }

    /// Takes a place, or counts the span as left out.
    fn take(&self) -> bool {
        let took = self.waiting.fetch_add(1, Ordering::AcqRel) < self.waiting_max;
        if !took {
            self.give_back(1);
            self.leave_out(1);
        }
        took
    }

    fn give_back(&self, spans: usize) {
        self.waiting.fetch_sub(spans, Ordering::AcqRel);
    }

    fn leave_out(&self, spans: usize) {
        self.left_out
            .fetch_add(u64::try_from(spans).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// One line where spans were left out, and none where there was one within `pause`.
    fn tell(&self, pause: Duration) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.at.is_some_and(|at| at.elapsed() < pause) {
            return;
        }
        let spans = self.left_out.swap(0, Ordering::Relaxed);
        if spans > 0 {
            told.at = Some(Instant::now());
            let reason = match told.reason.as_str() {
                "" => "they came faster than the collector took them",
                reason => reason,
            };
            tracing::warn!(
                spans,
                reason,
                "spans were left out of the traces; nothing else is affected"
            );
            told.reason.clear();
        }
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room").finish_non_exhaustive()
    }
}

/// Gives spans to the batches while there is room.
#[derive(Debug)]
pub struct Bounded {
    batches: BatchSpanProcessor,
    room: Arc<Room>,
}

impl Bounded {
    /// In front of this exporter.
    pub fn new(exporter: Otlp, room: Arc<Room>) -> Bounded {
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(room.waiting_max)
            .build();
        let batches = BatchSpanProcessor::builder(Counted {
            exporter,
            room: room.clone(),
        });
        Bounded {
            batches: batches.with_batch_config(config).build(),
            room,
        }
    }
}

impl SpanProcessor for Bounded {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.batches.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        if self.room.take() {
            self.batches.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.batches.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.batches.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.batches.set_resource(resource);
    }
}

/// Sends batches, and counts those that were not taken.
#[derive(Debug)]
struct Counted {
    exporter: Otlp,
    room: Arc<Room>,
}

impl SpanExporter for Counted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        self.room.give_back(spans);
        let sent = self.exporter.export(batch).await;
        if sent.is_err() {
            self.room.leave_out(spans);
        }
        self.room.tell(TELL_PAUSE);
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// How often the log is told of spans that were left out.
const TELL_PAUSE: Duration = Duration::from_secs(300);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_room_is_left_out_and_counted_until_the_log_was_told() {
        let room = Room::of(2);
        assert_eq!(
            [room.take(), room.take(), room.take(), room.take()],
            [true, true, false, false]
        );
        assert_eq!(room.left_out.load(Ordering::Relaxed), 2);
        room.give_back(2);
        assert!(room.take());
        room.tell(TELL_PAUSE);
        assert_eq!(room.left_out.load(Ordering::Relaxed), 0);
        room.leave_out(3);
        room.tell(TELL_PAUSE);
        assert_eq!(room.left_out.load(Ordering::Relaxed), 3);
        room.tell_all();
        assert_eq!(room.left_out.load(Ordering::Relaxed), 0);
    }
}
