//! The authorization server, as clients, people and attackers meet it.

mod access;
mod client;
mod credentials;
