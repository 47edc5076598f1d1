//! The merchant's console.

mod audit;
mod people;
mod seat;
mod second;
mod sessions;
