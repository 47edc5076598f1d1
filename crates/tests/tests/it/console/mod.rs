//! The merchant's console.

mod seat;
