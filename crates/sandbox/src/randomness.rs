//! Where unguessable values come from; a test gives a seed and gets the same ones again.

use std::sync::{Mutex, PoisonError};

use rand::rngs::{OsRng, StdRng};
use rand::{RngCore, SeedableRng, TryRngCore};

use crate::error::SandboxError;

/// A source of random bytes.
pub struct Randomness(Mutex<StdRng>);

impl Randomness {
    /// Seeded by the operating system, or by the number given.
    pub fn new(seed: Option<u64>) -> Result<Randomness, SandboxError> {
        let generator = match seed {
            Some(seed) => StdRng::seed_from_u64(seed),
            None => {
                let mut seed = <StdRng as SeedableRng>::Seed::default();
                OsRng.try_fill_bytes(&mut seed).map_err(std::io::Error::other)?;
                StdRng::from_seed(seed)
            }
        };
        Ok(Randomness(Mutex::new(generator)))
    }

    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut bytes);
        bytes
    }

    /// So many random bytes in hexadecimal.
    pub fn hex<const N: usize>(&self) -> String {
        hex(&self.bytes::<N>())
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
