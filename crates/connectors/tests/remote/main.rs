//! Connectors of other processes: the example in Python, run as it stands, and processes that answer nonsense.

#[cfg(test)]
mod biller;
#[cfg(test)]
mod nonsense;
