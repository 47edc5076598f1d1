//! What says that two tables hold the same: how many rows, the sum of every integer column, and a digest of the rows
//! that does not depend on their order, since the two engines sort texts differently.

use aws_lc_rs::digest::{SHA256, digest};

use crate::copy::error::CopyError;
use crate::copy::shape::Shape;
use crate::row::Row;
use crate::value::Value;

/// Counted over rows in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub rows: u64,
    /// Of each column; 0 for those that hold no integers.
    pub sums: Vec<i128>,
    /// The rows' SHA-256 digests, added up.
    digest: [u64; 4],
    /// A row's bytes, kept for their room.
    encoded: Vec<u8>,
}

impl Tally {
    pub fn new(columns: usize) -> Tally {
        Tally {
            rows: 0,
            sums: vec![0; columns],
            digest: [0; 4],
            encoded: Vec::new(),
        }
    }

    /// Counts a row; answers how many bytes it has.
    pub fn add(&mut self, row: &Row) -> usize {
        self.encoded.clear();
        for (value, sum) in row.values().zip(&mut self.sums) {
            if let Value::Int(value) = value {
                *sum += i128::from(value);
            }
            encode(&mut self.encoded, value);
        }
        self.rows += 1;
        let digest = digest(&SHA256, &self.encoded);
        for (lane, bytes) in self.digest.iter_mut().zip(digest.as_ref().chunks_exact(8)) {
            let mut eight = [0; 8];
            eight.copy_from_slice(bytes);
            *lane = lane.wrapping_add(u64::from_le_bytes(eight));
        }
        self.encoded.len()
    }

    /// In hexadecimal digits.
    pub fn digest(&self) -> String {
        let lanes = self
            .digest
            .iter()
            .map(|lane| format!("{:016x}", lane.swap_bytes()));
        lanes.collect()
    }

    /// Says what differs, if anything does.
    pub fn expect(&self, shape: &Shape, rows: u64, sums: &[i128], digest: &str) -> Result<(), CopyError> {
        let differs = |what: String| CopyError::Differs {
            table: shape.table.clone(),
            what,
        };
        if self.rows != rows {
            return Err(differs(format!(
                "the number of rows, {} instead of {rows},",
                self.rows
            )));
        }
        for ((column, sum), expected) in shape.columns.iter().zip(&self.sums).zip(sums) {
            if sum != expected {
                return Err(differs(format!("the sum of column {}", column.name)));
            }
        }
        if self.digest() != digest {
            return Err(differs("the digest of its rows".to_owned()));
        }
        Ok(())
    }
}

/// So that no two rows have the same bytes: each value with its kind and length.
fn encode(out: &mut Vec<u8>, value: Value<'_>) {
    let mut long = |kind: u8, bytes: &[u8]| {
        out.push(kind);
        out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        out.extend_from_slice(bytes);
    };
    match value {
        Value::Null => out.push(0),
        Value::Int(value) => {
            out.push(1);
            out.extend_from_slice(&value.to_le_bytes());
        }
        Value::Text(value) => long(2, value.as_bytes()),
        Value::Bytes(value) => long(3, value),
    }
}
