//! The ledger: what each thing that happens posts, and that it always holds.

mod books;
mod check;
mod correcting;
mod fees;
mod posting;
mod reading;
