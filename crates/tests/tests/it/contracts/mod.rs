//! Contracts that are accepted by paying: fetched, kept, shown, accepted, proved.

mod fetching;
mod serving;
mod shop;
mod signing;
