//! The console's home, keys, clients and settlements.

mod access;
mod clients;
mod home;
mod keys;
mod settlements;
