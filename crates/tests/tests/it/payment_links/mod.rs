//! Reusable payment links: the payer's page, and what comes of it.

mod house;
mod ordering;
mod races;
mod standing;
