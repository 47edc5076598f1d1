//! How long a call waits before it is sent again: longer each time, and drawn, so that a thousand clients that lost the
//! same gateway do not come back in the same instant.

use std::time::Duration;

use ayni_crypto::entropy::Entropy;

/// The pause before the try of this number (2, 3, …): between half and the whole of a time that doubles. What the
/// gateway asked for (`Retry-After`) is waited for at least, up to [`ASKED_MAX`].
pub(crate) fn pause(entropy: &Entropy, try_number: u32, asked: Option<Duration>) -> Duration {
    let doubled = FIRST.saturating_mul(1_u32 << try_number.saturating_sub(2).min(DOUBLINGS_MAX));
    let longest = u64::try_from(doubled.min(LONGEST).as_millis()).unwrap_or(u64::MAX);
    let drawn = Duration::from_millis(longest / 2 + entropy.u64() % (longest / 2 + 1));
    drawn.max(asked.unwrap_or_default().min(ASKED_MAX))
}

const FIRST: Duration = Duration::from_millis(200);
/// Of the pauses that nobody asked for.
const LONGEST: Duration = Duration::from_secs(5);
/// A gateway that asks for more is not waited for longer.
const ASKED_MAX: Duration = Duration::from_secs(30);
const DOUBLINGS_MAX: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_limit_and_are_never_shorter_than_what_was_asked_for() {
        let entropy = Entropy::seeded(7);
        for (number, least_ms, most_ms) in [(2, 100, 200), (3, 200, 400), (4, 400, 800), (40, 2500, 5000)] {
            let drawn = pause(&entropy, number, None).as_millis();
            assert!((least_ms..=most_ms).contains(&drawn), "try {number}: {drawn} ms");
        }
        assert_eq!(
            pause(&entropy, 2, Some(Duration::from_secs(7))),
            Duration::from_secs(7)
        );
        assert_eq!(pause(&entropy, 2, Some(Duration::from_secs(3600))), ASKED_MAX);
    }
}
