//! How much one key may ask of us.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::{Quota, RateLimiter, state::keyed::DefaultKeyedStateStore};
use std::num::NonZeroU32;

use super::error::ApiError;
use crate::merchants::keys::KeyHash;
use crate::requests::tail::Opened;

type Limiter =
    RateLimiter<KeyHash, DefaultKeyedStateStore<KeyHash>, DefaultClock, StateInformationMiddleware>;

/// A token bucket for each key that opened a request; its size is one second's worth.
pub struct Limits {
    limiter: Limiter,
    per_s: u32,
}

/// What a key has left of its rate.
pub struct Allowance {
    limit_per_s: u32,
    remaining: u32,
    retry_after: Option<Duration>,
    opened: Option<Opened>,
}

impl Limits {
    /// Limits of `per_s` requests a second; 0 is taken as 1.
    pub fn per_second(per_s: u32) -> Limits {
        let rate = NonZeroU32::new(per_s).unwrap_or(NonZeroU32::MIN);
        let limiter =
            RateLimiter::keyed(Quota::per_second(rate)).with_middleware::<StateInformationMiddleware>();
        Limits {
            limiter,
            per_s: rate.get(),
        }
    }

    /// Takes one request from the key's allowance.
    pub fn take(&self, key: KeyHash) -> Allowance {
        match self.limiter.check_key(&key) {
            Ok(left) => Allowance {
                limit_per_s: self.per_s,
                remaining: left.remaining_burst_capacity(),
                retry_after: None,
                opened: None,
            },
            Err(refused) => Allowance {
                limit_per_s: self.per_s,
                remaining: 0,
                retry_after: Some(refused.wait_time_from(DefaultClock::default().now())),
                opened: None,
            },
        }
    }

    /// Forgets whoever has its whole allowance again, so that strangers' addresses do not pile up.
    pub fn forget_idle(&self) {
        self.limiter.retain_recent();
    }
}

impl Allowance {
    /// The same, of a request that somebody tails.
    pub(crate) fn opened(mut self, opened: Option<Opened>) -> Allowance {
        self.opened = opened;
        self
    }

    /// The refusal, if the key has nothing left; whole seconds, at least one.
    pub fn refused(&self) -> Option<ApiError> {
        let wait = self.retry_after?;
        let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Some(ApiError::TooMany {
            retry_after_s: whole.max(1),
        })
    }

    /// The `RateLimit-*` headers.
    pub(super) fn headers(&self) -> [(HeaderName, u32); 3] {
        [
            (RATE_LIMIT, self.limit_per_s),
            (RATE_REMAINING, self.remaining),
            (RATE_RESET, RESET_S),
        ]
    }
}

/// Adds the `RateLimit-*` headers, and whose request it was where somebody tails it.
pub fn tell(response: &mut Response, allowance: &Allowance) {
    for (name, value) in allowance.headers() {
        response.headers_mut().insert(name, HeaderValue::from(value));
    }
    if let Some(opened) = &allowance.opened {
        response.extensions_mut().insert(opened.clone());
    }
}

/// An empty bucket is full again after this.
const RESET_S: u32 = 1;
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const RATE_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RATE_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");
