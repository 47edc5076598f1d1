//! What the command line promises, on the built binary.

#[cfg(test)]
mod commands;
#[cfg(test)]
mod config;
#[cfg(test)]
mod connector;
#[cfg(test)]
mod copying;
#[cfg(test)]
mod dev;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod listen;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod observing;
#[cfg(test)]
mod package;
#[cfg(test)]
mod pay;
#[cfg(test)]
mod payment_links;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod receivers;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod settlement;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod trigger;
