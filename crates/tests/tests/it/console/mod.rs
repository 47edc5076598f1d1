//! The merchant's console.

mod acts;
mod audit;
mod deliveries;
mod forgotten;
mod house;
mod links;
mod payments;
mod people;
mod privacy;
mod review;
mod seat;
pub(crate) mod second;
mod sessions;
mod settings;
mod step_up;
mod trials;
