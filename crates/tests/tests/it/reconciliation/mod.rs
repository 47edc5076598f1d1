//! Money on the collecting account's statement, and what becomes of it.

mod after_sale;
mod by_hand;
mod conversion;
mod matching;
pub mod movements;
mod review;
mod statement;
