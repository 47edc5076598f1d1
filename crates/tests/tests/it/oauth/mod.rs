//! The authorization server, as clients, people and attackers meet it.

mod access;
mod code;
mod consents;
mod credentials;
mod link_flow;
mod pages;
mod rates;
mod refresh;
mod rotation;
mod told;
