//! Everybody's bills and services without a database: numbers that follow from a text and stay the same for ever, on
//! every machine and in every version.

use aws_lc_rs::digest::{SHA256, digest};

/// A sequence of numbers that follows from its seed (SplitMix64).
pub struct Derived(u64);

impl Derived {
    /// The sequence of these texts.
    pub fn of(texts: &[&str]) -> Derived {
        let hash = digest(&SHA256, texts.join("\n").as_bytes());
        Derived(
            hash.as_ref()
                .iter()
                .take(8)
                .fold(0, |seed, byte| seed << 8 | u64::from(*byte)),
        )
    }

    /// The next number, from 0 up to but not including `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }
}
