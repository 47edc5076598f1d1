//! Randomness is a value that is passed in, so that a test can repeat a run byte for byte.
//!
//! One ChaCha12 generator, seeded by the operating system (or by a number, in tests), shared by its clones. Identifiers,
//! secrets, nonces and jitter all come from it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use uuid::Uuid;

/// A cryptographically secure source of random bytes; clones share one generator.
#[derive(Clone)]
pub struct Entropy {
    generator: Arc<Mutex<StdRng>>,
}

impl Entropy {
    /// Seeded by the operating system; what runs outside tests.
    #[must_use]
    pub fn system() -> Entropy {
        Entropy::over(StdRng::from_os_rng())
    }

    /// Seeded by a number: the same bytes in every run. For tests and for data that must be reproducible.
    #[must_use]
    pub fn seeded(seed: u64) -> Entropy {
        Entropy::over(StdRng::seed_from_u64(seed))
    }

    /// Fills `bytes` with random ones.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.generator
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(bytes);
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A random 64-bit number.
    #[must_use]
    pub fn u64(&self) -> u64 {
        u64::from_le_bytes(self.bytes())
    }

    /// A random 16-bit number, as jitter takes it.
    #[must_use]
    pub fn u16(&self) -> u16 {
        u16::from_le_bytes(self.bytes())
    }

    /// A random UUID (version 4).
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    fn over(generator: StdRng) -> Entropy {
        Entropy {
            generator: Arc::new(Mutex::new(generator)),
        }
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
        assert_eq!(Entropy::seeded(7).bytes::<32>(), Entropy::seeded(7).bytes::<32>());
        assert_ne!(Entropy::seeded(7).bytes::<32>(), Entropy::seeded(8).bytes::<32>());
    }

    #[test]
    fn clones_share_one_generator_and_never_repeat_each_other() {
        let one = Entropy::seeded(7);
        let other = one.clone();
        assert_ne!(one.bytes::<16>(), other.bytes::<16>());
    }

    #[test]
    fn the_system_seeds_each_source_anew() {
        assert_ne!(Entropy::system().bytes::<32>(), Entropy::system().bytes::<32>());
    }

    #[test]
    fn a_uuid_is_of_version_4_and_carries_its_variant() {
        let uuid = Entropy::seeded(1).uuid();
        assert_eq!(uuid.get_version_num(), 4);
        assert_eq!(uuid.get_variant(), uuid::Variant::RFC4122);
    }

    #[test]
    fn debug_text_shows_no_state() {
        assert_eq!(format!("{:?}", Entropy::seeded(1)), "Entropy(…)");
    }
}
