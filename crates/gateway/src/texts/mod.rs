//! What people read, in Spanish and English, as typed values: a text that lacks a language does not compile.
//!
//! Spanish is Chile's, and says «usted». A text has no markup; what varies in it comes in as an argument.

pub mod api;
pub mod console;
pub mod dates;
pub mod mails;
pub mod operations;
pub mod pages;
pub mod receipts;
pub mod refunds;
