//! Attempts to pay, as payers and their browsers make them.

mod browsers;
mod lapses;
mod outcomes;
mod races;
