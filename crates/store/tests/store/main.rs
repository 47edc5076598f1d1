//! What the store promises, on both engines.

#[cfg(test)]
mod bed;
#[cfg(test)]
mod copy;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod queue;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod trouble;
#[cfg(test)]
mod units;
