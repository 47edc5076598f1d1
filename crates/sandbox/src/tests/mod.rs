//! The sites as a visitor's browser meets them, on a clock that we move.

mod browser;
mod login;
mod portal;
mod statements;
mod transfers;
