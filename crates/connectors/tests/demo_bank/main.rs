//! The connector against the real DemoBank, served in this process on loopback: nothing of the bank is imitated, but a
//! layer before it counts what is sent and, where a test asks for it, spoils what is answered.

#[cfg(test)]
mod data;
#[cfg(test)]
mod disturbance;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod statement;
#[cfg(test)]
mod test_bank;
#[cfg(test)]
mod transfer;
