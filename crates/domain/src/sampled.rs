//! How property tests draw: the same cases at every run, and nothing written to the source tree.

use proptest::test_runner::{Config, RngSeed};

/// So many cases from a fixed seed.
pub(crate) fn cases(count: u32) -> Config {
    Config {
        cases: count,
        rng_seed: RngSeed::Fixed(990_939),
        failure_persistence: None,
        ..Config::default()
    }
}
